"""Who says what, and how certain it is held to be: the stage `attribute`."""

from textpipe.attribution.rules import Rules, load_rules
from textpipe.attribution.stage import Attribute

__all__ = ["Attribute", "Rules", "load_rules"]
