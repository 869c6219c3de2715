"""Bringing a store up to date: read what is new or changed, code what is new or coded otherwise."""

from textpipe.coding.order import Order
from textpipe.coding.update import Coding

__all__ = ["Coding", "Order"]
