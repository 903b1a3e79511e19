"""Markdown that a crawler left: the words of a link stay, its target and images go."""

import re

from workers.nlp.alignment import AlignedText, Edit

# Bounded, so that a text of brackets alone is read in linear time.
_LINK = re.compile(r"(!?)\[([^\[\]]{0,300})\]\(\s*(?:https?:|www\.|/)[^()]{0,1500}\)")


def without_links(text: AlignedText) -> AlignedText:
    """`[words](address)` as its words, `![words](address)` as nothing."""
    if "](" not in text.text:
        return text
    edits: list[Edit] = []
    for match in _LINK.finditer(text.text):
        if match[1]:
            edits.append((match.start(), match.end(), ""))
        else:
            edits.append((match.start(), match.start(2), ""))
            edits.append((match.end(2), match.end(), ""))
    return text.edit(edits)
