"""What is measured, one definition of each figure: whole events, entities, statements, rules.

`events.py` defines them all, over events and gold rows as JSON; the others count by it.
"""
