"""Training a classifier on labelled articles: read, normalize, segment, train."""

from collections.abc import Sequence
from pathlib import Path

from textpipe.classify.labelled import Labelled, read_labelled, shipped_labelled
from textpipe.classify.model import Model
from textpipe.classify.train import train as train_model
from textpipe.lexicon import load_lexicon
from textpipe.normalization import normalize
from textpipe.settings import Settings


def labelled_articles(
    settings: Settings | None = None, paths: Sequence[Path] = ()
) -> list[Labelled]:
    """The labelled articles of some files (default: those that ship with textpipe), normalized and
    cut into words as the settings say."""
    settings = settings or Settings()
    codebook = settings.classify.loaded_codebook()
    articles = read_labelled(
        paths or shipped_labelled(), codebook, lambda text: normalize(text, settings.normalize).text
    )
    documents = settings.segment([article.document for article in articles])
    return [Labelled(d, a.codes) for d, a in zip(documents, articles, strict=True)]


def train(settings: Settings | None = None, paths: Sequence[Path] = ()) -> Model:
    """A model of the labelled articles of some files (default: those that ship with textpipe)."""
    settings = settings or Settings()
    codebook = settings.classify.loaded_codebook()
    return train_model(labelled_articles(settings, paths), codebook, load_lexicon())
