"""Turns the fields of a raw article into clean text, blocks and dateline."""

from workers.nlp.cleaning.clean import Cleaner

__all__ = ["Cleaner"]
