"""What the process does that workers are forked from (`forking`): it loads once what all of them need.

As `multiprocessing` starts such a process, it runs this module by importing it: beside `__main__` the
only one that does something then. Nothing else imports it.
"""

import gc
import os
from contextlib import suppress

from textpipe.forking import LOADED
from textpipe.ingest import Ingest
from textpipe.settings import from_json
from textpipe.work import File, Files, done

_TEXT = "讀入詞典與模型。"


def load(settings: str) -> None:
    """Load what the stages of some settings (JSON) need, by coding a sentence. What fails is left to the
    workers, which tell it where it belongs."""
    with suppress(Exception):
        stages = from_json(settings).stages
        done(Files((File("", _TEXT.encode()),), Ingest(), stages))
    gc.collect()
    gc.freeze()


load(os.environ.get(LOADED, "{}"))
