"""Decisions of small linear models: the records that describe them, and the models that weigh the records."""
