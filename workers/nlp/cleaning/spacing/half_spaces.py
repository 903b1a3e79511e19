"""Texts whose spaces have all become half spaces, read as words again.

Some tools replace every space so. No Persian word has five parts, and no line of four words is one word; half
spaces that words need are put back with the others that were lost.
"""

import re

from workers.nlp.alignment import AlignedText

ZWNJ = "\u200c"
_RUN = re.compile(r"(?<![#@\w])[^\s\u200c#@]+(?:\u200c+[^\s\u200c#@]+){4,}")  # of five parts and more
_LINE = re.compile(
    r"(?<![^\n])[^\s\u200c#@]+(?:\u200c+[^\s\u200c#@]+){3}(?![^\n])"
)  # of four, alone in its line


def words_apart(text: AlignedText) -> AlignedText:
    """`text` with a space for each half space of such runs; its length stays."""
    content = text.text
    if content.count(ZWNJ) < _LEAST:
        return text
    for pattern in (_RUN, _LINE):
        content = pattern.sub(lambda m: m[0].replace(ZWNJ, " "), content)
    return text if content == text.text else text.with_text(content)


_LEAST = 3
