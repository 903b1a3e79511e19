"""Makes the lexicon of `workers.nlp.cleaning.spacing` by counting, and measures what it restores."""
