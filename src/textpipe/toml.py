"""Reading TOML with errors that name the file, the place and the mend."""

import tomllib
from importlib.resources.abc import Traversable
from pathlib import Path
from typing import Any

from textpipe.errors import UsageError


def read_toml(
    source: Path | Traversable, name: str, error: type[UsageError]
) -> tuple[dict[str, Any], bytes]:
    """The tables of a TOML file, and its bytes; raises `error` where it cannot be read."""
    try:
        data = source.read_bytes()
        return tomllib.loads(data.decode("utf-8-sig")), data
    except OSError as cause:
        raise error(f"{name}: the file cannot be read ({cause.strerror}).") from cause
    except UnicodeDecodeError as cause:
        raise error(f"{name}: not UTF-8 at byte {cause.start}. Save it as UTF-8.") from cause
    except tomllib.TOMLDecodeError as cause:
        raise error(f"{name}: not valid TOML: {cause}. Mend the line named.") from cause
