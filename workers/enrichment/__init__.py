"""One raw article in, its outcome out, in a process of its own: for the Kafka worker and for files alike."""
