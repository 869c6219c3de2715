"""What is found in a corpus and in a run, as analysis makes it and reports show it."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, overload

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt


@dataclass(frozen=True, slots=True)
class Keyword:
    """A term with its TF-IDF score, its count, the number of documents that hold it, its TextRank."""

    term: str
    score: float
    count: int
    document_count: int
    textrank: float = 0.0


@dataclass(frozen=True, slots=True, eq=False)
class DocumentKeywords(Sequence[tuple[Keyword, ...]]):
    """The keywords of each document, in the documents' order; records are made when they are asked for (a
    document's twenty take 4 KB).

    Of each keyword, document by document, the `numbers` of its term, the `scores` and the `counts`; document i
    has those from `bounds[i]` on, before `bounds[i + 1]`. Of each of the `terms`: `document_counts`, and the
    `textranks`.
    """

    terms: Sequence[str]
    bounds: "npt.NDArray[np.int64]"
    numbers: "npt.NDArray[np.int32]"
    scores: "npt.NDArray[np.float64]"
    counts: "npt.NDArray[np.int32]"
    document_counts: "npt.NDArray[np.int64]"
    textranks: "npt.NDArray[np.float64]"

    def __len__(self) -> int:
        return len(self.bounds) - 1

    @overload
    def __getitem__(self, index: int) -> tuple[Keyword, ...]: ...
    @overload
    def __getitem__(self, index: slice) -> Sequence[tuple[Keyword, ...]]: ...
    def __getitem__(self, index: int | slice) -> "Sequence[Keyword | tuple[Keyword, ...]]":
        if isinstance(index, slice):
            return [self[i] for i in range(*index.indices(len(self)))]
        at = range(len(self))[index]
        own = slice(self.bounds[at], self.bounds[at + 1])
        numbers = self.numbers[own]
        of_terms = (self.document_counts[numbers], self.textranks[numbers])
        columns = (column.tolist() for column in (self.scores[own], self.counts[own], *of_terms))
        return tuple(map(Keyword, map(self.terms.__getitem__, numbers.tolist()), *columns))

    def terms_of(self, place: int) -> list[str]:
        """The terms alone of a document's keywords."""
        own = self.numbers[self.bounds[place] : self.bounds[place + 1]]
        return list(map(self.terms.__getitem__, own.tolist()))

    def __eq__(self, other: object) -> bool:
        return isinstance(other, DocumentKeywords) and list(self) == list(other)


@dataclass(frozen=True, slots=True)
class KeyPhrase:
    """Terms that stand side by side: joined, and each; the score, the count, the documents."""

    phrase: str
    terms: tuple[str, ...]
    score: float
    count: int
    document_count: int


@dataclass(frozen=True, slots=True)
class Keyness:
    """A term that a slice of the corpus uses more or less than the rest, beyond chance.

    `count` of `size` words in the slice, `rest_count` of `rest_size` in the rest; `g2`: log-likelihood;
    `log_ratio`: binary logarithm of the ratio of relative frequencies, positive where the slice uses the
    term more; `q`: p corrected for the terms tested; `document_count`: articles of the slice with it.
    """

    kind: str
    slice: str
    term: str
    count: int
    rest_count: int
    size: int
    rest_size: int
    g2: float
    log_ratio: float
    p: float
    q: float
    document_count: int


@dataclass(frozen=True, slots=True)
class Collocation:
    """Two terms that share sentences beyond chance: together, each, G², logDice, corrected p."""

    term: str
    other: str
    count: int
    term_count: int
    other_count: int
    g2: float
    log_dice: float
    q: float


@dataclass(frozen=True, slots=True)
class Story:
    """Articles of nearly the same text; id, title and date are the earliest article's."""

    id: str
    title: str
    published: str
    documents: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Trend:
    """A label or a term in a period: the share of its coded sentences, and how sure that is.

    `kind`: the axis, or "term"; `period`: its first day, or "YYYY-MM"; `low`, `high`: the 95 % bootstrap
    interval over stories, None where there are fewer than three; `change`: share less that of the
    period before it, None where there is none; `q`: the chance of such a change, corrected for the
    changes tested; `beyond_noise`: q < .05.
    """

    kind: str
    id: str
    period: str
    articles: int
    stories: int
    sentences: int
    count: int
    share: float
    low: float | None
    high: float | None
    change: float | None
    q: float | None
    beyond_noise: bool


@dataclass(frozen=True, slots=True)
class SpeakerCount:
    """Who is quoted or reported: sentences, articles, stories, and sentences by the one-choice axis."""

    speaker: str
    role: str
    sentences: int
    articles: int
    stories: int
    split: dict[str, int]


@dataclass(frozen=True, slots=True)
class Voices:
    """Who says what, in what way. `speakers`: the most quoted first; `by_split[role][label]`: sentences
    by the one-choice axis; `modality[role][modality]`: sentences, role "" for nobody's words;
    `roles`, `modalities`: ids in order with their names in Chinese and English."""

    speakers: tuple[SpeakerCount, ...]
    by_split: dict[str, dict[str, int]]
    modality: dict[str, dict[str, int]]
    roles: dict[str, tuple[str, str]]
    modalities: dict[str, tuple[str, str]]


@dataclass(frozen=True, slots=True)
class Move:
    """A label or term whose share of sentences differs between new and earlier articles.

    `share` of the new articles' coded sentences, `before` of the earlier ones'; `q`: corrected chance.
    """

    kind: str
    id: str
    count: int
    share: float
    before_count: int
    before: float
    q: float


@dataclass(frozen=True, slots=True)
class Mention:
    """A lexicon entity that no earlier article names: how often, and where first."""

    term: str
    tag: str
    count: int
    document: str
    sentence: int
    text: str


@dataclass(frozen=True, slots=True)
class News:
    """What the newest articles bring. `since`: the time of the run that first saw them; `documents`,
    `stories`: ids of new articles, and of stories none of whose articles is older; `earlier`: how many
    articles there were; `removed`: sources that are gone since the run before.

    Without earlier articles nothing is compared: moves, mentions and words are empty.
    """

    since: str
    documents: tuple[str, ...]
    stories: tuple[str, ...]
    earlier: int
    removed: tuple[str, ...]
    moves: tuple[Move, ...]
    mentions: tuple[Mention, ...]
    words: tuple["NewWord", ...]


@dataclass(frozen=True, slots=True)
class NewWord:
    """A word that the lexicon may lack: how often and where it stands, and a ready lexicon line.

    `cohesion` and `freedom` are in bits; `origin` is "hmm" for a word that only the HMM made, "title"
    or "quoted" for a name in marks (it has neither figure), else the words that it joins.
    """

    word: str
    count: int
    document_count: int
    cohesion: float
    freedom: float
    origin: str
    context: str
    lexicon_line: str


@dataclass(frozen=True, slots=True)
class Scorecard:
    """How well segmentation knew a corpus: Chinese words, how many stood in a dictionary, how many
    different ones only the HMM made, stretches of single characters, and candidates."""

    words: int
    known: int
    hmm_words: int
    suspicious_splits: int
    candidates: tuple[NewWord, ...]


@dataclass(frozen=True, slots=True)
class Overview:
    """What a corpus says, in counts of coded sentences with a certain label (decision yes).

    Axis ids: `rows` (the first axis), `columns` (the axis that the one-choice axis hangs on)
    and `split` (the one-choice axis, such as stance); None where the codebook has none.
    `counts[axis][label]`; `unsure[axis][label]`; `matrix[row label][column label]`;
    `by_split[column label][split label]`; `timeline[month "YYYY-MM"]` holds "articles" and each
    row label; articles without a date stand under "". `articles_with[axis][label]`, `stories_with`:
    how many articles and stories hold the label at least once; `stories`: how many there are.
    """

    rows: str
    columns: str | None
    split: str | None
    articles: int
    sentences: int
    labelled: int
    unsure_sentences: int
    duplicates: int
    counts: dict[str, dict[str, int]]
    unsure: dict[str, dict[str, int]]
    matrix: dict[str, dict[str, int]]
    by_split: dict[str, dict[str, int]]
    timeline: dict[str, dict[str, int]]
    stories: int = 0
    articles_with: dict[str, dict[str, int]] = field(default_factory=dict)
    stories_with: dict[str, dict[str, int]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Failure:
    """A source that could not be processed: at which stage, and why, with the mend; `traceback` where
    the program itself is at fault."""

    source: str
    stage: str
    reason: str
    traceback: str = ""


@dataclass(frozen=True, slots=True)
class RunSummary:
    """What a run read, coded, left unsure and failed, and where the report is.

    `read`: articles of the corpus as it is now, of which `coded` were coded in this run (`recoded` of
    them from the store, because settings changed) and the others taken from the store as they were;
    `removed`: sources that are gone. `failures`: of this run; `quarantined`: of earlier ones, not tried
    again. `run`: its name in `textpipe status` and the log; `reported`: whether the reports were
    written, else `report_from` says when they last were. `stopped`: whether it was asked to stop early.
    """

    read: int
    coded_sentences: int
    unsure_sentences: int
    duplicate_sentences: int
    failures: tuple[Failure, ...]
    out: str
    report: str
    seconds: float
    run: str = ""
    store: str = ""
    coded: int = 0
    recoded: int = 0
    removed: int = 0
    quarantined: tuple[Failure, ...] = ()
    reported: bool = True
    report_from: str = ""
    newer: int = 0
    stopped: bool = False
