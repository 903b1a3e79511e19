"""Measures whole events, entities, statements and rules, with one definition of each figure.

`events.py` defines all figures, over events and gold rows as JSON; the other modules use it.
"""
