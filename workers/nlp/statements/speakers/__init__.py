"""Who speaks: the phrase in a clause, and the entity it stands for."""
