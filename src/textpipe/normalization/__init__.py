"""Raw text to analysis text: cleaned, one script, every change logged and mapped back."""

from textpipe.normalization.stage import Normalize, Normalized, normalize

__all__ = ["Normalize", "Normalized", "normalize"]
