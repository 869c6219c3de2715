"""Logs on stderr: for people, or a JSON object a line."""

import json
import logging
import sys
import time

LEVELS = {"quiet": logging.ERROR, "usual": logging.WARNING, "verbose": logging.DEBUG}
_OWN = set(logging.makeLogRecord({}).__dict__) | {"message", "asctime", "taskName"}


class _Run(logging.Filter):
    """Puts the run's name on every line after the one that tells it."""

    name_of_run = ""

    def filter(self, record: logging.LogRecord) -> bool:
        self.name_of_run = getattr(record, "run", self.name_of_run)
        record.run = self.name_of_run
        return True


class _Json(logging.Formatter):
    def format(self, record: logging.LogRecord) -> str:
        line = {
            "time": time.strftime("%Y-%m-%dT%H:%M:%S", time.localtime(record.created))
            + f".{int(record.msecs):03}"
            + time.strftime("%z", time.localtime(record.created)),
            "level": record.levelname.lower(),
            "message": record.getMessage(),
        }
        line |= {k: v for k, v in record.__dict__.items() if k not in _OWN}
        if record.exc_info:
            line["traceback"] = self.formatException(record.exc_info)
        return json.dumps(line, ensure_ascii=False, default=str)


def log_to_stderr(level: str, style: str) -> None:
    """Send textpipe's log to stderr: its warnings, all of it ("verbose", or as JSON), or its errors."""
    handler = logging.StreamHandler(sys.stderr)
    handler.addFilter(_Run())
    if style == "json":
        handler.setFormatter(_Json())
    else:
        handler.setFormatter(logging.Formatter("%(levelname)s %(message)s"))
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(logging.WARNING)
    usual = logging.INFO if style == "json" and level == "usual" else LEVELS[level]
    logging.getLogger("textpipe").setLevel(usual)
