"""Makes any text of a crawl safe to print: markup, controls, surrogates, direction overrides."""

import html
import re

# C0 and C1 controls without tab and line ends, lone surrogates, and characters that reorder what follows
# (embeddings, overrides, isolates): an article must not rearrange the page around it.
_UNSAFE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\u202a-\u202e\u2066-\u2069]")


def printable(text: str) -> str:
    """`text` of the same length, each unsafe character replaced by U+FFFD."""
    return _UNSAFE.sub("\ufffd", text)


def escape(text: str) -> str:
    """`text` for HTML, as content or inside a quoted attribute."""
    return html.escape(printable(text))


def cut(text: str, limit: int) -> str:
    """At most `limit` code points of `text`, cut at a space where one is near, with «…» for the rest."""
    if len(text) <= limit:
        return text
    space = text.rfind(" ", limit * 3 // 4, limit)
    return text[: space if space > 0 else limit].rstrip() + "…"


def value_preview(value: bytes, limit: int = 240) -> str:
    """The beginning of a record's bytes as text; bytes that are not UTF-8 show as `\\xNN`."""
    return cut(value[: limit * 4].decode("utf-8", "backslashreplace"), limit)
