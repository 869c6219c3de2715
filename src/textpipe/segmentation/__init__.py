"""Sentences to tokens: an engine of jieba's algorithm, a compound rule and a phrase layer."""

from textpipe.segmentation.engines import ENGINES
from textpipe.segmentation.segmenter import Segmenter, load_segmenter
from textpipe.segmentation.stage import Segment

__all__ = ["ENGINES", "Segment", "Segmenter", "load_segmenter"]
