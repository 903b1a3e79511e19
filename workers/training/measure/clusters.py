"""B-cubed: how well mentions are put together, each by its own cluster on either side."""

from collections import defaultdict
from collections.abc import Hashable, Iterator, Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Shared[M: Hashable]:
    """One mention, with all mentions of its cluster as found and as annotated."""

    mention: M
    found: frozenset[M]
    gold: frozenset[M]

    @property
    def precision(self) -> float:
        """Share of the found cluster that belongs there."""
        return len(self.found & self.gold) / len(self.found)

    @property
    def recall(self) -> float:
        """Share of the annotated cluster that was found with it."""
        return len(self.found & self.gold) / len(self.gold)


def b_cubed[M: Hashable](gold: Mapping[M, str], found: Mapping[M, str]) -> Iterator[Shared[M]]:
    """Each mention of `gold`, which all have a cluster in `found` too."""
    sides: tuple[dict[str, set[M]], ...] = (defaultdict(set), defaultdict(set))
    for side, names in zip(sides, (gold, found), strict=True):
        for mention in gold:
            side[names[mention]].add(mention)
    for mention in gold:
        yield Shared(mention, frozenset(sides[1][found[mention]]), frozenset(sides[0][gold[mention]]))
