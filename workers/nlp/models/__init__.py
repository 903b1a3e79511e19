"""Weights that ship, with a card each."""
