"""Statements of A and B: paired by id, else by what they share of the article, and compared."""

from collections import defaultdict, deque
from collections.abc import Iterator, Sequence
from typing import Any

import msgspec

from schemas.enriched import Cue, Statement
from workers.comparing.changes import Change
from workers.comparing.pairing import best_pairs, overlaps
from workers.comparing.plain import Place, place, plain, shown

CONFIDENCE_BOUND = 0.1
_TOLD = frozenset({"id", "kind", "stance", "speaker", "cue", "content", "text", "confidence"})


def compare_statements(
    one: Sequence[Statement], other: Sequence[Statement], raw: dict[str, Any], bound: float
) -> Iterator[Change]:
    """The changes; `raw` is the article as consumed, `bound` the difference of confidence that is ignored."""
    pairs = _pairs(one, other)
    common: dict[str, Any] = {"article": str(raw["id"]), "title": raw.get("title")}
    for i, statement in enumerate(one):
        if i in pairs:
            yield from _differences(statement, other[pairs[i]], raw, bound, common)
        else:
            yield Change(kind="statement-lost", before=_brief(statement), **common)
    matched = set(pairs.values())
    for j, statement in enumerate(other):
        if j not in matched:
            yield Change(kind="statement-gained", after=_brief(statement), **common)


def _pairs(one: Sequence[Statement], other: Sequence[Statement]) -> dict[int, int]:
    by_id: dict[str, deque[int]] = defaultdict(deque)
    for j, statement in enumerate(other):
        by_id[statement.id].append(j)
    pairs = {i: by_id[s.id].popleft() for i, s in enumerate(one) if by_id.get(s.id)}
    left = [i for i in range(len(one)) if i not in pairs]
    taken = set(pairs.values())
    right = [j for j in range(len(other)) if j not in taken]
    shared = overlaps([_places(one[i]) for i in left], [_places(other[j]) for j in right])
    names = [[_name(one[i]) for i in left], [_name(other[j]) for j in right]]
    return pairs | {left[i]: right[j] for i, j in best_pairs(shared, *names).items()}


def _places(statement: Statement) -> list[tuple[str, int, int]]:
    return [place(span) for span in statement.content]


def _name(statement: Statement) -> tuple[object, ...]:
    return tuple(_places(statement)), msgspec.json.encode(statement)


def _differences(
    a: Statement, b: Statement, raw: dict[str, Any], bound: float, common: dict[str, Any]
) -> Iterator[Change]:
    common = {**common, "about": b.text}
    if _speaker(a) != _speaker(b):
        yield Change(kind="statement-speaker", before=_speaker(a), after=_speaker(b), **common)
    if _places(a) != _places(b) or a.text != b.text:
        yield Change(kind="statement-content", before=a.text, after=b.text, **common)
    if a.kind != b.kind:
        yield Change(kind="statement-kind", before=a.kind, after=b.kind, **common)
    if a.stance != b.stance:
        yield Change(kind="statement-stance", before=a.stance, after=b.stance, **common)
    if _cue_place(a) != _cue_place(b):
        yield Change(kind="statement-cue", before=_cue(a.cue, raw), after=_cue(b.cue, raw), **common)
    if abs(a.confidence - b.confidence) > bound:
        yield Change(
            kind="statement-confidence", before=f"{a.confidence:.2f}", after=f"{b.confidence:.2f}", **common
        )
    rest = _rest(a), _rest(b)
    if a.cue and b.cue:  # a cue that came or went is reported above
        rest = rest[0] | {"lemma": a.cue.lemma}, rest[1] | {"lemma": b.cue.lemma}
    for field in rest[0]:
        if rest[0][field] != rest[1][field]:
            before, after = (shown({field: r[field]}) for r in rest)
            yield Change(kind="statement-other", before=before, after=after, **common)


def _rest(statement: Statement) -> dict[str, Any]:
    """Changes without a kind of their own: addressee, occasion, how the speaker was found."""
    speaker = plain(statement.speaker, ("name", "entity_id")) if statement.speaker else None
    rest: dict[str, Any] = plain(statement, _TOLD)
    return rest | {"speaker": speaker}


def _speaker(statement: Statement) -> str | None:
    if statement.speaker is None:
        return None
    return statement.speaker.name + ("" if statement.speaker.entity_id else " (no entity)")


def _cue_place(statement: Statement) -> Place | None:
    return place(statement.cue) if statement.cue else None


def _cue(cue: Cue | None, raw: dict[str, Any]) -> str | None:
    if cue is None:
        return None
    return f"{str(raw.get(cue.field) or '')[cue.raw_start : cue.raw_end]} at {cue.field}:{cue.raw_start}"


def _brief(statement: Statement) -> str:
    return f"{_speaker(statement) or '?'} [{statement.stance}]: {statement.text}"
