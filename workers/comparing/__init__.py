"""Compares two enrichments of the same articles."""
