"""Half spaces and spacing, restored where a crawl lost them. FIRST SKETCH: changes nothing yet."""

from workers.nlp.alignment import AlignedText


def restore_spacing(block: AlignedText) -> AlignedText:
    """The text of one block with the spacing a careful editor would give it."""
    return block
