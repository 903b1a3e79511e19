"""Finds the time of publication that a page gives."""

import html
import re

_HEAD = 200_000  # characters of a page in which its head ends
_META = re.compile(r"<meta\s([^<>]{1,600})>", re.IGNORECASE)
_TIME = re.compile(r"<time\s([^<>]{1,600})>", re.IGNORECASE)
_NAMES = frozenset(
    ("article:published_time", "datepublished", "og:article:published_time", "dc.date.issued", "pubdate")
)
_ATTRIBUTE = re.compile(r"""([a-zA-Z-]+)\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s"'>]+))""")


def published_time(page: str) -> str | None:
    """The time as the page has it, in a `meta` element or else a `time`; None without."""
    head = page[:_HEAD]
    if "<" not in head:
        return None
    for pattern, value in ((_META, "content"), (_TIME, "datetime")):
        for found in pattern.finditer(head):
            told = {a.lower(): b or c or d for a, b, c, d in _ATTRIBUTE.findall(found[1])}
            names = {told.get(key, "").lower() for key in ("property", "name", "itemprop")}
            if told.get(value) and not _NAMES.isdisjoint(names):
                return html.unescape(told[value])
    return None
