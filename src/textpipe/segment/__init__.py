"""Sentences to tokens: an engine of jieba's algorithm, a compound rule and a phrase layer."""

from textpipe.segment.engines import ENGINES
from textpipe.segment.segmenter import Segmenter, load_segmenter
from textpipe.segment.stage import Segment

__all__ = ["ENGINES", "Segment", "Segmenter", "load_segmenter"]
