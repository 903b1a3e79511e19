"""Plain bodies to paragraphs: lines that a column's width broke are joined, lost breaks are found again."""

import re
from itertools import pairwise

from workers.nlp.alignment import AlignedText, Edit

_STOPPED = re.compile(r"[.!?؟:؛…»)\"”/*]$")
_LOST = re.compile("(?<=[\u0621-\u06d3][\u0621-\u06d3])[.!؟»]{1,3}(?=[\u0621-\u06d3«][\u0621-\u06d3])")
_NARROW, _WIDE = 40, 140  # characters of a line in a typeset column or a mail
_FEW_LINES = 4


def join_wrapped(text: AlignedText) -> AlignedText:
    """`text` with the line breaks of a fixed width turned into spaces.

    A break was forced where the next word would not have fitted. A body is taken as wrapped when most of
    its lines are so broken without a stop.
    """
    lines = text.text.split("\n")
    if len(lines) < _FEW_LINES:
        return text
    lengths = sorted(len(line) for line in lines)
    width = lengths[-max(1, len(lengths) // 20)] if len(lines) > 20 else lengths[-1]
    if not _NARROW <= width <= _WIDE:
        return text
    edits: list[Edit] = []
    at = 0
    breaks = 0
    for line, following in pairwise(lines):
        at += len(line) + 1
        word = following.split(" ", 1)[0]
        if not line or not word or len(line) + 1 + len(word) <= width or _STOPPED.search(line.rstrip()):
            continue
        breaks += 1
        edits.append((at - 1, at, " "))
    return text.edit(edits) if breaks >= 0.3 * (len(lines) - 1) else text


def find_lost_breaks(text: AlignedText) -> list[AlignedText]:
    """The paragraphs of a one-line body: a stop with no space after it, where others have one."""
    content = text.text
    cuts = [m.end() for m in _LOST.finditer(content)]
    if not cuts:
        return [text]
    pieces, begin = [], 0
    for cut in (*cuts, len(content)):
        pieces.append(text[begin:cut])
        begin = cut
    return pieces
