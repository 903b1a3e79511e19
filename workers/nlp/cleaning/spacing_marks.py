"""Spaces beside marks: none before a stop or a closing mark, one after it; none inside brackets."""

import re
from collections import deque

from workers.nlp.alignment import Edit

_CLOSING = "،؛:.!؟»)]…"
_OPENING = "«(["
_PERSIAN = r"\u0621-\u063a\u0641-\u064a\u064b-\u0655\u066e-\u06d3\u06d5\u06ee\u06ef\u06fa-\u06ff"

_MARKS = frozenset(_CLOSING + _OPENING + " ")
_SUSPECT = re.compile(  # begins with the marks, which are few: what is beside them is looked at only there
    rf"[{re.escape(_CLOSING + _OPENING)}](?:(?<= [{re.escape(_CLOSING)}])|(?<=[{re.escape(_OPENING)}])(?= )"
    rf"|(?<=[{re.escape(_CLOSING)}])(?=[{_PERSIAN}])|(?<=[\w،؛:.!؟»][{re.escape(_OPENING)}])"
    r"|(?<=[»)\]])(?=\d))"
)
_REST = re.compile(rf"[ {re.escape(_CLOSING + _OPENING)}]*")
_MASK = re.compile(
    r"(?:https?://|www\.)[^\s«»،؛]+|[A-Za-z0-9._%+-]{1,64}@[A-Za-z0-9.-]{1,255}"
    r"|[A-Za-z0-9]+(?:[.:/_-][A-Za-z0-9]+)+|\d+(?:[.,٫٬/:]\d+)+"
    rf"|(?<![{_PERSIAN}.])[{_PERSIAN}]{{1,3}}(?:\.[{_PERSIAN}]{{1,3}}){{2,}}(?![{_PERSIAN}])"  # «سی.ان.ان»
)


def mark_edits(text: str) -> list[Edit]:
    """The edits that put spaces right beside marks; addresses, decimals, dates and times are left alone.

    A run of marks and spaces that touches one of these is left alone as a whole.
    """
    edits: list[Edit] = []
    masks = _Masks(text)
    end = 0  # of the run last looked at
    left_alone = False
    for found in _SUSPECT.finditer(text):
        at = found.start()
        if at >= end:
            start = at
            while start > end and text[start - 1] in _MARKS:
                start -= 1
            rest = _REST.match(text, at)
            end = rest.end() if rest else at + 1
            left_alone = _in_abbreviation(text, start, end) or masks.touch(start, end)
        if not left_alone:
            _edits_beside(text, at, edits)
    return edits


class _Masks:
    """The stretches of a text that keep their marks as they are; looked for only where it is asked."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.found: deque[tuple[int, int]] = deque()
        self.read = 0  # they are found up to here

    def touch(self, start: int, end: int) -> bool:
        """Whether one lies in [start, end); asked from left to right."""
        text, found = self.text, self.found
        if end > self.read:  # none holds a space: what is between two spaces tells all
            begin = max(self.read, text.rfind(" ", self.read, start) + 1)
            stop = text.find(" ", end)
            self.read = stop if stop >= 0 else len(text)
            found += [m.span() for m in _MASK.finditer(text, begin, self.read)]
        while found and found[0][1] <= start:
            found.popleft()
        return bool(found) and found[0][0] < end


def _in_abbreviation(text: str, start: int, end: int) -> bool:
    """Whether [start, end) is the stop between the letters of an abbreviation: «پ.ک.ک»."""
    return (
        end - start == 1
        and text[start] == "."
        and text[start - 1 : start].isalpha()
        and not text[max(0, start - 2)].isalpha()
    )


def _edits_beside(text: str, at: int, edits: list[Edit]) -> None:
    """The edits of the spaces before and after the mark at `at`."""
    mark, after = text[at], text[at + 1 : at + 2]
    if mark in _OPENING:
        before = text[at - 1] if at else " "
        if before.isdigit() or _is_persian(before) or before in "،؛:.!؟»":
            edits.append((at, at, " "))
        if after == " ":
            end = at + 1
            while text[end : end + 1] == " ":
                end += 1
            if end < len(text) and text[end] not in _CLOSING:
                edits.append((at + 1, end, ""))
        return
    start = at
    while start and text[start - 1] == " ":
        start -= 1
    if 0 < start < at and not text[start - 1].isspace():
        # « .NET», «10 : 12»
        stays = mark in ".:،" and after.isalnum() and not _is_persian(after) and text[start - 1] not in _MARKS
        if not stays:
            edits.append((start, at, ""))
    if after and (_is_persian(after) or (mark in "»)]" and after.isdigit())):
        edits.append((at + 1, at + 1, " "))


def _is_persian(letter: str) -> bool:
    return "\u0621" <= letter <= "\u06ff" and letter.isalpha()
