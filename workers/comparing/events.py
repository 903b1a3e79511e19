"""Compares two enriched events of one article, or reports an article that only one side has."""

from collections import Counter
from collections.abc import Iterator
from typing import Any

from schemas.enriched import EnrichedArticle
from workers.comparing.changes import Change, Kind
from workers.comparing.entities import compare_entities
from workers.comparing.plain import Place, place, plain, shown
from workers.comparing.statements import CONFIDENCE_BOUND, compare_statements

_POSITIONS_COUNT_IN = ("title", "lead", "body")
# `provenance` says which version made the event, so it always differs.
_TOLD = frozenset({"article", "text", "blocks", "sentences", "entities", "statements", "provenance"})
_AROUND = 60  # characters that are shown of a text that differs


def compare(
    a: EnrichedArticle | None, b: EnrichedArticle | None, bound: float = CONFIDENCE_BOUND
) -> list[Change]:
    """The changes from A to B, one of which may be missing; none where both say the same.

    Confidences may differ by `bound`. Where the article itself differs in a field that positions count in,
    that is the only change, as positions cannot be compared.
    """
    if a is None or b is None:
        there = b if a is None else a
        if there is None:
            return []
        kind: Kind = "article-gained" if a is None else "article-lost"
        return [Change(kind=kind, **_common(there))]
    return list(_changes(a, b, bound))


def _common(event: EnrichedArticle) -> dict[str, Any]:
    return {"article": str(event.article["id"]), "title": event.article.get("title")}


def _changes(a: EnrichedArticle, b: EnrichedArticle, bound: float) -> Iterator[Change]:
    common = _common(b)
    for field in sorted(a.article.keys() | b.article.keys()):
        if a.article.get(field) != b.article.get(field):
            about = {**common, "about": field}
            before, after = _around(shown(a.article.get(field)) or "", shown(b.article.get(field)) or "")
            counts_in = field in _POSITIONS_COUNT_IN
            kind: Kind = "article-raw" if counts_in else "article-other"
            yield Change(kind=kind, before=before, after=after, **about)
    if any(a.article.get(field) != b.article.get(field) for field in _POSITIONS_COUNT_IN):
        return
    rest = plain(a, _TOLD), plain(b, _TOLD)
    for field in rest[0]:
        if rest[0][field] != rest[1][field]:
            before, after = (shown(r[field]) or "" for r in rest)
            yield Change(kind="article-other", about=field, before=before, after=after, **common)
    if a.text != b.text:
        before, after = _around(a.text, b.text)
        yield Change(kind="text", before=before, after=after, **common)
    yield from _blocks(a, b, common)
    yield from _sentences(a, b, common)
    yield from compare_entities(a.entities, b.entities, b.article)
    yield from compare_statements(a.statements, b.statements, b.article, bound)


def _blocks(a: EnrichedArticle, b: EnrichedArticle, common: dict[str, Any]) -> Iterator[Change]:
    ours, theirs = (Counter((place(block), block.kind) for block in event.blocks) for event in (a, b))
    lost, gained = sorted((ours - theirs).elements()), sorted((theirs - ours).elements())
    left: dict[Place, list[str]] = {}
    for at, kind in gained:
        left.setdefault(at, []).append(kind)
    for at, kind in lost:
        text = _slice(b, at)
        if left.get(at):
            yield Change(kind="block-kind", about=text, before=kind, after=left[at].pop(0), **common)
        else:
            yield Change(kind="block-lost", before=f"[{kind}] {text}", **common)
    for at, kinds in left.items():
        for name in kinds:
            yield Change(kind="block-gained", after=f"[{name}] {_slice(b, at)}", **common)


def _sentences(a: EnrichedArticle, b: EnrichedArticle, common: dict[str, Any]) -> Iterator[Change]:
    ours, theirs = (Counter(place(sentence) for sentence in event.sentences) for event in (a, b))
    for at in sorted((ours - theirs).elements()):
        yield Change(kind="sentence-lost", before=_slice(b, at), **common)
    for at in sorted((theirs - ours).elements()):
        yield Change(kind="sentence-gained", after=_slice(b, at), **common)


def _slice(event: EnrichedArticle, at: Place) -> str:
    field, start, end = at
    return str(event.article.get(field) or "")[start:end]


def _around(one: str, other: str) -> tuple[str, str]:
    """Both texts around the first place where they differ."""
    length = min(len(one), len(other))
    at = next((n for n in range(length) if one[n] != other[n]), length)
    first = max(0, at - _AROUND // 2)
    return tuple(("…" if first else "") + t[first : at + _AROUND] for t in (one, other))  # type: ignore[return-value]  # two
