"""Training a classifier on labelled articles: read, normalize, segment, train."""

from collections.abc import Sequence
from pathlib import Path

from textpipe.classify.context import make_batch
from textpipe.classify.examples import Example, Examples, Pair
from textpipe.classify.labelled import Labelled, read_labelled, shipped_labelled
from textpipe.classify.model import Model
from textpipe.classify.signals import load_signals
from textpipe.classify.train import train as train_model
from textpipe.lexicon import load_lexicon
from textpipe.normalization import normalize
from textpipe.records import Document
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


def nearest_examples(
    document: Document, settings: Settings | None = None
) -> dict[int, dict[Pair, Example]]:
    """For each sentence of a coded document and each of its labels, the most similar labelled
    sentence that holds the label; {} where no model knows the codebook."""
    settings = settings or Settings()
    model = settings.classify.loaded_model()
    if model is None:
        return {}
    codebook = settings.classify.loaded_codebook()
    examples = Examples(labelled_articles(settings), codebook, model, load_lexicon())
    batch = make_batch([document], load_signals(codebook))
    pairs = [[(x.axis, x.id) for x in document.sentences[u.place].labels] for u in batch.units]
    found = examples.nearest(batch, pairs)
    return {unit.place: own for unit, own in zip(batch.units, found, strict=True)}


def train(settings: Settings | None = None, paths: Sequence[Path] = ()) -> Model:
    """A model of the labelled articles of some files (default: those that ship with textpipe)."""
    settings = settings or Settings()
    codebook = settings.classify.loaded_codebook()
    return train_model(labelled_articles(settings, paths), codebook, load_lexicon())
