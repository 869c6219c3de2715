"""The command line: a skin over the library, one file a family of commands."""

from textpipe.cli import check, learn, read, run, search, stored
from textpipe.cli.root import cli

__all__ = ["check", "cli", "learn", "main", "read", "run", "search", "stored"]


def main() -> None:
    """The console script."""
    cli(prog_name="textpipe")
