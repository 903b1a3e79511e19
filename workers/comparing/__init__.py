"""What two enrichments of the same articles have in common, and what not."""
