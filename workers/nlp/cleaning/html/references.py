"""HTML character references (`&zwnj;`, `&#1740;`, `&amp;zwnj;`) to the characters they stand for."""

import html
import re

from workers.nlp.alignment import AlignedText

_REFERENCE = re.compile(
    r"&(?:amp;|#38;)*(?:#\d{1,7};?|#[xX][0-9a-fA-F]{1,6};?|[a-zA-Z][a-zA-Z0-9]{1,30};"
    r"|(?:nbsp|zwnj|zwj|laquo|raquo|quot|amp|lt|gt|hellip|ndash|mdash|rlm|lrm)(?![a-zA-Z0-9=]))"
)
_REPEATED = re.compile(r"(?:amp;|#38;)*")


def decode_references(text: AlignedText) -> AlignedText:
    """`text` with every character reference decoded, escaped ones (`&amp;nbsp;`) too."""
    content = text.text
    if "&" not in content:
        return text
    edits = []
    for m in _REFERENCE.finditer(content):
        reference = "&" + _REPEATED.sub("", m.group()[1:], count=1)
        new = html.unescape(reference if len(reference) > 1 else "&amp;")
        if new != m.group():
            edits.append((m.start(), m.end(), new))
    return text.edit(edits)
