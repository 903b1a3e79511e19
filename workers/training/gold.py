"""Gold articles as labelled tokens of the pipeline's own text.

Gold spans are raw offsets. They are carried through the cleaning's alignment each time, so a change of
cleaning or segmentation needs a new run of the training and no new annotation.
"""

import re
import sys
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import msgspec
import orjson

from schemas.article import RawArticle
from workers.nlp.document import Document, Rejected
from workers.training.shipped import segmented

TYPES = ("PER", "ORG", "LOC", "FAC", "EVENT", "PRODUCT", "DATE", "TIME", "MONEY", "PERCENT")
NAME_TYPES = TYPES[:6]
LABELS = ("O", *(f"{mark}-{kind}" for kind in TYPES for mark in "BI"))
IGNORED = "-"  # a token without annotation: in the title, or in boilerplate that cleaning kept
_EDGE = re.compile(r"[\w\u200c]")


@dataclass(frozen=True, slots=True)
class Labelled:
    """A segmented document with a BIO label (or `IGNORED`) for each of its tokens."""

    document: Document
    labels: tuple[str, ...]


def prepare(row: Mapping[str, Any]) -> Document:
    """The document of a raw article, cleaned and segmented as the pipeline does it."""
    raw = {k: row[k] for k in ("id", "url", "title", "lead", "body", "published", "agency") if row.get(k)}
    raw.setdefault("id", "x")
    return segmented(Document(article=msgspec.convert(raw, RawArticle), raw=raw))


def read_rows(path: Path) -> list[dict[str, Any]]:
    """The rows of a JSON-lines file."""
    return [orjson.loads(line) for line in path.read_bytes().splitlines() if line.strip()]


def read_gold(path: Path) -> list[Labelled]:
    """All articles of a gold file, labelled."""
    found = []
    for row in read_rows(path):
        try:
            found.append(label(row))
        except Rejected:
            print(f"{row['id']}: the cleaning rejects it", file=sys.stderr)
    return found


def label(row: Mapping[str, Any]) -> Labelled:
    """One gold article, labelled."""
    document = prepare(row)
    spans = sorted(
        (*trim(row["body"], mention), entity["type"])
        for entity in row["entities"]
        for mention in entity["mentions"]
    )
    return Labelled(document, tuple(_labels(document, spans, row.get("boilerplate", ()))))


def trim(body: str, span: Iterable[int]) -> tuple[int, int]:
    """A span without white space and punctuation at its ends."""
    start, end = span
    while start < end and not _EDGE.match(body[start]):
        start += 1
    while end > start and not _EDGE.match(body[end - 1]):
        end -= 1
    return start, end


def _labels(
    document: Document, spans: list[tuple[int, int, str]], junk: Iterable[Iterable[int]]
) -> list[str]:
    owner: dict[int, int] = {}
    for number, (start, end, _) in enumerate(spans):
        owner |= dict.fromkeys(range(start, end), number)
    unseen = {i for start, end in junk for i in range(start, end)}
    labels: list[str] = []
    before = -1
    fields = _fields(document)
    for token in document.tokens:
        if not any(start <= token.start < end for start, end in fields):
            labels.append(IGNORED)
            before = -1
            continue
        start, end = document.aligned.raw_span(token.start, token.end)
        inside = [owner[i] for i in range(start, end) if i in owner]
        if 2 * len(inside) > end - start:
            number = max(set(inside), key=inside.count)
            labels.append(f"{'I' if number == before else 'B'}-{spans[number][2]}")
            before = number
        else:
            labels.append(IGNORED if start in unseen else "O")
            before = -1
    return labels


def _fields(document: Document) -> list[tuple[int, int]]:
    return [(b.start, b.end) for b in document.blocks if b.field == "body" and b.start < b.end]
