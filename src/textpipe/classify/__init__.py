"""Sentences to labels: codebook terms, a trained model, decisions, evidence."""

from textpipe.classify.stage import Classify

__all__ = ["Classify"]
