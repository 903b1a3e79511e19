"""Cleaning: from the fields of a raw article to clean text, blocks and dateline."""

from workers.nlp.cleaning.clean import Cleaner

__all__ = ["Cleaner"]
