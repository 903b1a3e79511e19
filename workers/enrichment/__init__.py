"""Enriches one raw article in a process of its own, for the Kafka worker and for files alike."""
