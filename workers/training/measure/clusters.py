"""B-cubed: how well mentions are clustered, averaged over mentions."""

from collections import defaultdict
from collections.abc import Hashable, Iterator, Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Shared[M: Hashable]:
    """One mention with its cluster as found and its cluster as annotated."""

    mention: M
    found: frozenset[M]
    gold: frozenset[M]

    @property
    def precision(self) -> float:
        """Share of the found cluster that the annotated cluster holds."""
        return len(self.found & self.gold) / len(self.found)

    @property
    def recall(self) -> float:
        """Share of the annotated cluster that the found cluster holds."""
        return len(self.found & self.gold) / len(self.gold)


def b_cubed[M: Hashable](gold: Mapping[M, str], found: Mapping[M, str]) -> Iterator[Shared[M]]:
    """One entry for each mention of `gold`; each must have a cluster in `found`."""
    sides: tuple[dict[str, set[M]], ...] = (defaultdict(set), defaultdict(set))
    for side, names in zip(sides, (gold, found), strict=True):
        for mention in gold:
            side[names[mention]].add(mention)
    for mention in gold:
        yield Shared(mention, frozenset(sides[1][found[mention]]), frozenset(sides[0][gold[mention]]))
