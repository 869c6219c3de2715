"""Documents through the stages; what breaks one fails alone."""

import logging
import traceback
from collections.abc import Sequence

from textpipe.errors import UsageError
from textpipe.findings import Failure
from textpipe.limits import TimeLimitError, time_limit
from textpipe.records import Document
from textpipe.stage import Stage

logger = logging.getLogger("textpipe")


def process(
    documents: list[Document], stages: Sequence[Stage], *, seconds: float = 0
) -> tuple[list[Document], list[Failure]]:
    """Pass a batch through the stages; a document that breaks one becomes a failure, alone.

    `seconds`: how long a stage may take for one document (0: as long as it takes).
    """
    failures: list[Failure] = []
    for stage in stages:
        try:
            with time_limit(seconds):
                documents = stage(documents)
        except UsageError:
            raise
        except (Exception, TimeLimitError):
            documents, failed = _one_by_one(documents, stage, seconds)
            failures += failed
    return documents, failures


def _one_by_one(
    documents: Sequence[Document], stage: Stage, seconds: float
) -> tuple[list[Document], list[Failure]]:
    done: list[Document] = []
    failures: list[Failure] = []
    for document in documents:
        try:
            with time_limit(seconds):
                done += stage([document])
            continue
        except TimeLimitError:
            reason = f"it took more than {seconds:g} seconds. Split the article, or raise [ingest] seconds."
        except Exception as error:
            reason = f"{type(error).__name__}: {error}. Please report this with the file."
        name = type(stage).__name__.lower()
        logger.info("%s: %s failed: %s", document.source, name, reason)
        failures.append(Failure(document.source, name, reason, traceback.format_exc()))
    return done, failures
