"""Entities of A and B: paired by the mentions they share, and compared.

Mentions by name identify an entity; a pronoun may move from one entity to another.
"""

from collections.abc import Iterator, Sequence
from typing import Any

import msgspec

from schemas.enriched import Entity
from workers.comparing.changes import Change, Kind
from workers.comparing.pairing import Pair, best_pairs, overlaps
from workers.comparing.plain import Place, place, plain, shown

_TOLD = frozenset({"id", "type", "canonical", "mentions"})


def compare_entities(one: Sequence[Entity], other: Sequence[Entity], raw: dict[str, Any]) -> Iterator[Change]:
    """The changes; `raw` is the article as consumed."""
    common: dict[str, Any] = {"article": str(raw["id"]), "title": raw.get("title")}
    shared = overlaps([_places(e) for e in one], [_places(e) for e in other])
    # Entities of the same type are paired before those that share more.
    weights = {(i, j): 2 * n + _SAME * (one[i].type == other[j].type) for (i, j), n in shared.items()}
    pairs = best_pairs(weights, [_name(e) for e in one], [_name(e) for e in other])
    for i, j in sorted(pairs.items()):
        yield from _differences(one[i], other[j], common)
    for change in _alone(one, other, shared, pairs):
        yield Change(**change, **common)
    back = {j: i for i, j in pairs.items()}
    turned = {(j, i): n for (i, j), n in shared.items()}
    for change in _alone(other, one, turned, back):
        kind: Kind = "entity-split" if change["kind"] == "entity-merged" else "entity-gained"
        yield Change(kind=kind, before=change["after"], after=change["before"], **common)


_SAME = 1 << 32  # more than the characters of any text


def _alone(
    ours: Sequence[Entity], theirs: Sequence[Entity], shared: dict[Pair, int], pairs: dict[int, int]
) -> Iterator[dict[str, Any]]:
    """The change of an entity without a partner: merged into another of the other side, or lost."""
    partners = {j: i for i, j in pairs.items()}
    sharing: dict[int, list[int]] = {}
    for i, j in shared:
        sharing.setdefault(i, []).append(j)
    for i, entity in enumerate(ours):
        if i in pairs:
            continue
        # It has no partner, so every entity that it shares mentions with has another.
        into = [j for j in sharing.get(i, ()) if theirs[j].type == entity.type]
        if into:
            j = max(into, key=lambda j: (shared[i, j], _name(theirs[j])))
            before = " + ".join(_brief(ours[k]) for k in (partners[j], i))
            yield {"kind": "entity-merged", "before": before, "after": _brief(theirs[j])}
        else:
            yield {"kind": "entity-lost", "before": _brief(entity), "after": None}


def _differences(a: Entity, b: Entity, common: dict[str, Any]) -> Iterator[Change]:
    common = {**common, "about": b.canonical}
    if a.type != b.type:
        yield Change(kind="entity-type", before=a.type, after=b.type, **common)
    if a.canonical != b.canonical:
        yield Change(kind="entity-canonical", before=a.canonical, after=b.canonical, **common)
    mentions = [{(place(m), m.text, m.kind) for m in e.mentions} for e in (a, b)]
    if mentions[0] != mentions[1]:
        before, after = (
            ", ".join(f"{text} ({kind}, {at[0]}:{at[1]})" for at, text, kind in sorted(own - both)) or "–"
            for own, both in ((mentions[0], mentions[1]), (mentions[1], mentions[0]))
        )
        yield Change(kind="entity-mentions", before=before, after=after, **common)
    rest = plain(a, _TOLD), plain(b, _TOLD)
    for field in rest[0]:
        if rest[0][field] != rest[1][field]:
            before, after = (shown({field: r[field]}) or "" for r in rest)
            yield Change(kind="entity-other", before=before, after=after, **common)


def _places(entity: Entity) -> list[Place]:
    return [place(m) for m in entity.mentions if m.kind == "name"] or [place(m) for m in entity.mentions]


def _name(entity: Entity) -> tuple[object, ...]:
    return tuple(_places(entity)), msgspec.json.encode(entity)


def _brief(entity: Entity) -> str:
    return f"{entity.canonical} [{entity.type}]"
