"""Quotation marks and brackets, by what they do."""

OPENING = frozenset("«“„‹")
CLOSING = frozenset("»”›")
STRAIGHT = frozenset("\"'")
OPENING_NAMES = frozenset("«\"“'‘")
"""What may open a quoted name; English single marks are among them."""
CLOSING_NAMES = frozenset("»\"”'’")
