"""Spaces beside marks: none before a stop or a closing mark, one after it; none inside brackets."""

import re
from collections import deque

from workers.nlp.alignment import Edit

_CLOSING = "،؛:.!؟»)]…"
_OPENING = "«(["
_PERSIAN = r"\u0621-\u063a\u0641-\u064a\u064b-\u0655\u066e-\u06d3\u06d5\u06ee\u06ef\u06fa-\u06ff"

_LETTERS = frozenset(re.findall(f"[{_PERSIAN}]", "".join(map(chr, range(0x600, 0x700)))))
_LETTER = r"[\u0621-\u063a\u0641-\u064a\u0671-\u06d3]"
_MARKS = frozenset(_CLOSING + _OPENING + " ")
_SUSPECT = re.compile(  # begins with the marks, which are few: what is beside them is looked at only there
    rf"[{re.escape(_CLOSING + _OPENING)}](?:(?<= [{re.escape(_CLOSING)}])|(?<=[{re.escape(_OPENING)}])(?= )"
    # behind a stop between the letters of an abbreviation («پ.ک.ک») no space was lost
    rf"|(?<=[{re.escape(_CLOSING)}])(?=[{_PERSIAN}])(?:(?<![\W\d_]{_LETTER}\.)|(?<=[\n\u200c]{_LETTER}\.))"
    rf"|(?<=[\w،؛:.!؟»][{re.escape(_OPENING)}])|(?<=[»)\]])(?=\d))"
)
LINK = re.compile(r"(?:https?://|www\.)[^\s«»،؛]+")
_MASK = re.compile(
    rf"{LINK.pattern}"
    r"|[A-Za-z0-9._%+-]{1,64}@[A-Za-z0-9.-]{1,255}"
    r"|[A-Za-z0-9]+(?:[.:/_-][A-Za-z0-9]+)+|\d+(?:[.,٫٬/:]\d+)+"
    rf"|(?<![{_PERSIAN}.])[{_PERSIAN}]{{1,3}}(?:\.[{_PERSIAN}]{{1,3}}){{2,}}(?![{_PERSIAN}])"  # «سی.ان.ان»
)


def mark_edits(text: str) -> list[Edit]:
    """The edits that put spaces right beside marks; addresses, decimals, dates and times are left alone.

    A run of marks and spaces that touches one of these is left alone as a whole.
    """
    edits: list[Edit] = []
    masks = _Masks(text)
    size = len(text)
    end = 0  # of the run last looked at
    left_alone = False
    for found in _SUSPECT.finditer(text):
        at = found.start()
        if at >= end:
            start = at
            while start > end and text[start - 1] in _MARKS:
                start -= 1
            end = at + 1
            while end < size and text[end] in _MARKS:
                end += 1
            left_alone = masks.touch(start, end) or _in_abbreviation(text, start, end)
        if left_alone:
            continue
        if text[at] in _OPENING:
            _edits_beside_opening(text, at, edits)
            continue
        if at and text[at - 1] == " ":
            _edits_before_closing(text, at, edits)
        if at + 1 < size:
            after = text[at + 1]
            if _is_persian(after) or (text[at] in "»)]" and after.isdigit()):
                edits.append((at + 1, at + 1, " "))
    return edits


class _Masks:
    """The stretches of a text that keep their marks as they are; looked for only where it is asked."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.links = "://" in text or "www." in text
        self.found: deque[tuple[int, int]] = deque()
        self.read = 0  # they are found up to here

    def touch(self, start: int, end: int) -> bool:
        """Whether one lies in the run of marks [start, end); asked from left to right."""
        text, found = self.text, self.found
        if not start or text[start] == " ":
            return False  # none begins with a mark, and none holds a space
        in_word = text[start - 1] in _LETTERS and not self.links
        if in_word and (text[start] != "." or (start > 3 and _LETTERS.issuperset(text[start - 4 : start]))):
            return False  # it could only be an abbreviation's
        if end > self.read:  # what is between two spaces tells all
            begin = max(self.read, text.rfind(" ", self.read, start) + 1)
            stop = text.find(" ", end)
            self.read = stop if stop >= 0 else len(text)
            found += [m.span() for m in _MASK.finditer(text, begin, self.read)]
        while found and found[0][1] <= start:
            found.popleft()
        return bool(found) and found[0][0] < end


def _in_abbreviation(text: str, start: int, end: int) -> bool:
    """Whether [start, end) is the stop between the letters of an abbreviation: «پ.ک.ک».

    A letter at the start of a line is an initial, one behind a half space the end of a word.
    """
    if end - start > 1 or text[start] != "." or start < 2 or not text[start - 1].isalpha():
        return False
    before = text[start - 2]
    return before not in "\n\u200c" and not before.isalpha()


def _edits_beside_opening(text: str, at: int, edits: list[Edit]) -> None:
    """The edits of the spaces before and after the opening mark at `at`."""
    before = text[at - 1] if at else " "
    if before.isdigit() or _is_persian(before) or before in "،؛:.!؟»":
        edits.append((at, at, " "))
    end = at + 1
    while text[end : end + 1] == " ":
        end += 1
    if at + 1 < end < len(text) and text[end] not in _CLOSING:
        edits.append((at + 1, end, ""))


def _edits_before_closing(text: str, at: int, edits: list[Edit]) -> None:
    """The edit of the spaces before the closing mark at `at`."""
    start = at
    while start and text[start - 1] == " ":
        start -= 1
    if start and not text[start - 1].isspace():
        # « .NET», «10 : 12»; but «تهران :12» is a dateline
        before, after = text[start - 1], text[at + 1 : at + 2]
        stays = text[at] in ".:،" and after.isalnum() and not _is_persian(after)
        if not stays or before in _MARKS or (text[at] == ":" and _is_persian(before)):
            edits.append((start, at, ""))


def _is_persian(letter: str) -> bool:
    return "\u0621" <= letter <= "\u06ff" and letter.isalpha()
