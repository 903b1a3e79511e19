"""Cleaning: raw fields in, clean text in blocks out, every character traceable.

FIRST SKETCH to connect the other steps; the cleaning issue replaces it.
"""

import html
import re
from dataclasses import replace

from schemas.reasons import Reason
from workers.nlp.alignment import AlignedText, concatenate
from workers.nlp.cleaning.spacing import restore_spacing
from workers.nlp.document import Document, Rejected, TextBlock

_LETTERS = str.maketrans("يكىةۀ", "یکیهه")
_SPACE = re.compile(r"[^\S\n]+")
_ENTITY = re.compile(r"&(?:#\d{1,7}|#x[0-9a-fA-F]{1,6}|[a-zA-Z][a-zA-Z0-9]{1,30});")
_END = re.compile(r"انتهای پیام")


def clean(document: Document) -> Document:
    """Fill `aligned`, `blocks`, `dateline`, `language`, `published_at` and `fingerprint`."""
    parts: list[AlignedText] = []
    blocks: list[TextBlock] = []
    at = 0
    for field in ("title", "lead", "body"):
        raw = getattr(document.article, field)
        if not raw:
            continue
        aligned = AlignedText.identity(raw)
        aligned = aligned.edit(
            [(m.start(), m.end(), html.unescape(m.group())) for m in _ENTITY.finditer(raw)]
        )
        aligned = aligned.with_text(aligned.text.translate(_LETTERS))
        aligned = aligned.edit([(m.start(), m.end(), " ") for m in _SPACE.finditer(aligned.text)])
        end = _END.search(aligned.text) if field == "body" else None
        kept = aligned[: end.start()] if end else aligned
        for line in re.finditer(r"\S(?:[^\n]*\S)?", kept.text):
            part = restore_spacing(kept[line.start() : line.end()])
            kind = {"title": "title", "lead": "lead"}.get(field, "paragraph")
            blocks.append(TextBlock(kind, at, at + len(part), field, *part.raw_span(0, len(part))))  # type: ignore[arg-type]
            parts.append(part)
            at += len(part) + 1
        if end:
            blocks.append(TextBlock("boilerplate", at, at, "body", aligned.starts[end.start()], len(raw)))
    if not any(b.kind == "paragraph" for b in blocks):
        raise Rejected(Reason.EMPTY, "no text is left in `body` once cleaned")
    return replace(
        document, aligned=concatenate(parts, "\n"), blocks=tuple(blocks), language="fa", fingerprint="0" * 16
    )
