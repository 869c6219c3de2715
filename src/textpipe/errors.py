"""What can go wrong, as a user meets it.

TextpipeError                 anything textpipe itself reports; its text names the place and the mend
├── UsageError                the command, a setting or a path is wrong: nothing was run (exit code 2)
│   ├── SettingsError         textpipe.toml or an option
│   ├── CodebookError         a codebook file
│   └── LexiconError          a lexicon file
├── StoreError                the store cannot be read or written; what was stored is kept (exit code 3)
│   └── StoreBusyError        another run holds the store (exit code 75)
└── DocumentError             one document cannot be read or processed: the others go on (exit code 1)
    └── UnreachableError      a file cannot be opened now; a later run tries again
"""


class TextpipeError(Exception):
    """The root of all errors that textpipe raises on purpose."""


class UsageError(TextpipeError):
    """The command, a setting or a path is wrong; nothing was run."""


class SettingsError(UsageError):
    """A settings file or an option is wrong."""


class CodebookError(UsageError):
    """A codebook file is wrong."""


class LexiconError(UsageError):
    """A lexicon file is wrong."""


class DocumentError(TextpipeError):
    """One document cannot be read or processed; the others go on."""


class UnreachableError(DocumentError):
    """A file cannot be opened now; a later run tries again."""


class StoreError(TextpipeError):
    """The store cannot be read or written; what was stored before is kept."""


class StoreBusyError(StoreError):
    """Another run holds the store."""
