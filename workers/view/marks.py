"""Turns an event's spans, which may nest and cross, into runs of text that nest properly.

Each block's text is cut at every border of a span. A run carries the marks that cover it, outermost
first; marks that cross each other go on in the next run, so that an output with strict nesting
(HTML) closes and reopens them.
"""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise
from typing import Literal, NamedTuple

from schemas.enriched import EnrichedArticle, Entity

Role = Literal["content", "occasion", "speaker", "entity", "cue"]
_OUTERMOST_FIRST: dict[Role, int] = {"content": 0, "occasion": 1, "speaker": 2, "entity": 3, "cue": 4}


@dataclass(frozen=True, slots=True, eq=False)
class Mark:
    """A span with what it stands for: a statement's number, or an entity. Compared by identity."""

    role: Role
    start: int
    end: int
    statement: int = -1
    entity: Entity | None = None
    kind: str = ""


class Run(NamedTuple):
    """A part of the text under the same marks, outermost first; positions are code points of the text."""

    start: int
    end: int
    marks: tuple[Mark, ...]


def marks_of(event: EnrichedArticle) -> list[Mark]:
    """Every span of the event that is shown, by start."""
    found: list[Mark] = []
    for number, statement in enumerate(event.statements):
        found += [Mark("content", s.start, s.end, number) for s in statement.content]
        if statement.cue:
            found.append(Mark("cue", statement.cue.start, statement.cue.end, number))
        if statement.speaker and (mention := statement.speaker.mention):
            found.append(Mark("speaker", mention.start, mention.end, number))
        if statement.occasion:
            found.append(Mark("occasion", statement.occasion.span.start, statement.occasion.span.end, number))
    found += [
        Mark("entity", m.start, m.end, entity=entity, kind=m.kind)
        for entity in event.entities
        for m in entity.mentions
    ]
    return sorted((m for m in found if m.start < m.end), key=lambda m: (m.start, -m.end))


def runs(marks: list[Mark], start: int, end: int) -> Iterator[Run]:
    """The runs of [start, end) of the text. `marks` may hold others: they are clipped or left out."""
    opening: defaultdict[int, list[Mark]] = defaultdict(list)
    closing: defaultdict[int, list[Mark]] = defaultdict(list)
    for mark in marks:
        if mark.start < end and start < mark.end:
            opening[max(start, mark.start)].append(mark)
            closing[min(end, mark.end)].append(mark)
    borders = sorted({start, end, *opening, *closing})
    active: dict[Mark, None] = {}
    for here, there in pairwise(borders):
        for mark in closing[here]:
            active.pop(mark, None)
        active.update(dict.fromkeys(opening[here]))
        yield Run(here, there, tuple(sorted(active, key=_outermost_first)))


def _outermost_first(mark: Mark) -> tuple[int, int, int]:
    return _OUTERMOST_FIRST[mark.role], mark.start, -mark.end
