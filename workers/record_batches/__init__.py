"""Reads record batches as bytes, whatever a producer put into them, for the worker and the commands."""
