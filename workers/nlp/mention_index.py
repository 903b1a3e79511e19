"""Finds the entities that a part of the text names, by position."""

from bisect import bisect_left
from collections.abc import Iterable, Sequence
from typing import Protocol


class _Spanned(Protocol):
    @property
    def start(self) -> int: ...
    @property
    def end(self) -> int: ...


class MentionIndex:
    """The mentions of all entities in the order of the text.

    A look-up costs the logarithm of their number, and the mentions it finds.
    """

    def __init__(self, entities: Iterable[Sequence[_Spanned]]) -> None:
        """`entities` gives each entity's mentions; an entity is known by its place there."""
        found = sorted((m.start, m.end, place) for place, mentions in enumerate(entities) for m in mentions)
        self._starts = [start for start, _, _ in found]
        self._ends = [end for _, end, _ in found]
        self._entities = [place for _, _, place in found]

    def inside(self, spans: Iterable[_Spanned]) -> list[int]:
        """The entities with a mention wholly inside one of `spans`, each once, in their order."""
        places: set[int] = set()
        for span in spans:
            first = bisect_left(self._starts, span.start)
            last = bisect_left(self._starts, span.end, first)
            end = span.end
            places.update(self._entities[n] for n in range(first, last) if self._ends[n] <= end)
        return sorted(places)
