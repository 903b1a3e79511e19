"""What makes and evaluates the models that `workers.nlp` ships."""
