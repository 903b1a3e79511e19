"""Makes and evaluates the models that `workers.nlp` ships."""
