"""Text to sentences: lines and their kinds, sentence ends, repetitions."""

from textpipe.sentences.stage import Sentences

__all__ = ["Sentences"]
