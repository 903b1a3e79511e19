"""What is decided by small linear models: records that describe a decision, the models that weigh them."""
