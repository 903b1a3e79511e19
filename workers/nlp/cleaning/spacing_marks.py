"""Spaces beside marks: none before a stop or a closing mark, one after it; none inside brackets."""

import re

from workers.nlp.alignment import Edit

_CLOSING = "،؛:.!؟»)]…"
_OPENING = "«(["
_PERSIAN = r"\u0621-\u063a\u0641-\u064a\u064b-\u0655\u066e-\u06d3\u06d5\u06ee\u06ef\u06fa-\u06ff"

_SUSPECT = re.compile(  # begins with the marks, which are few: what is beside them is looked at only there
    rf"[{re.escape(_CLOSING + _OPENING)}](?:(?<= [{re.escape(_CLOSING)}])|(?<=[{re.escape(_OPENING)}]) "
    rf"|(?<=[{re.escape(_CLOSING)}])[{_PERSIAN}{re.escape(_OPENING)}]|(?<=[\w»)\]][{re.escape(_OPENING)}])"
    r"|(?<=[»)\]])\d)"
)
_CLUSTER = re.compile(rf"(?<! ) *[{re.escape(_CLOSING + _OPENING)}][ {re.escape(_CLOSING + _OPENING)}]*")
_MASK = re.compile(
    r"(?:https?://|www\.)[^\s«»،؛]+|[A-Za-z0-9._%+-]{1,64}@[A-Za-z0-9.-]{1,255}"
    r"|[A-Za-z0-9]+(?:[.:/_-][A-Za-z0-9]+)+|\d+(?:[.,٫٬/:]\d+)+"
    rf"|(?<![{_PERSIAN}.])[{_PERSIAN}]{{1,3}}(?:\.[{_PERSIAN}]{{1,3}}){{2,}}(?![{_PERSIAN}])"  # «سی.ان.ان»
)


def mark_edits(text: str) -> list[Edit]:
    """The edits that put spaces right beside marks; addresses, decimals, dates and times are left alone."""
    if _SUSPECT.search(text) is None:
        return []
    masked = [m.span() for m in _MASK.finditer(text)]
    edits: list[Edit] = []
    at = 0
    for found in _CLUSTER.finditer(text):
        start, end = found.span()
        while at < len(masked) and masked[at][1] <= start:
            at += 1
        if at < len(masked) and masked[at][0] < end:
            continue
        _cluster_edits(text, start, end, edits)
    return edits


def _cluster_edits(text: str, start: int, end: int, edits: list[Edit]) -> None:
    """The edits inside one run of marks and spaces, and at its ends."""
    previous = text[start - 1] if start else ""
    if (
        end - start == 1
        and text[start] == "."
        and previous.isalpha()
        and not text[max(0, start - 2)].isalpha()
    ):
        return  # between the letters of an abbreviation: «پ.ک.ک»
    at = start
    while at <= end:
        gap = at
        while at < end and text[at] == " ":
            at += 1
        following = text[at] if at < len(text) else ""
        wanted = _space(previous, following, text[at + 1] if at + 1 < len(text) else "", at > gap)
        if wanted != (at > gap):
            edits.append((gap, at, " " if wanted else ""))
        previous = following
        at += 1


def _space(left: str, right: str, after: str, present: bool) -> bool:
    """Whether a space stands between two characters of which one at least is a mark."""
    if not left or not right or left.isspace() or right.isspace():
        return present
    if right in _CLOSING:
        if left in _OPENING or left in _CLOSING:
            return False
        if right in ".:،" and after.isalnum() and not _is_persian(after):
            return present  # « .NET», «10 : 12»
        return False
    if left in _OPENING:
        return False
    if right in _OPENING:
        return present or left.isdigit() or _is_persian(left) or left in "،؛:.!؟»"
    if _is_persian(right):
        return True
    return True if left in "»)]" and right.isdigit() else present


def _is_persian(letter: str) -> bool:
    return "\u0621" <= letter <= "\u06ff" and letter.isalpha()
