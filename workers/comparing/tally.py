"""Counts of a comparison, and some examples of each kind."""

import heapq
import zlib
from collections import Counter
from collections.abc import Collection, Sequence

from schemas.enriched import EnrichedArticle
from workers.comparing.changes import KINDS, Change, Kind


class Tally:
    """Counts changes of the wanted kinds, and keeps `examples` of each kind, each from another article.

    The ids alone decide which articles are taken, spread over all of them.
    """

    def __init__(self, examples: int, kinds: Collection[Kind] = KINDS) -> None:
        self._most = examples
        self._kinds = frozenset(kinds)
        self._heaps: dict[Kind, list[tuple[int, int, Change]]] = {kind: [] for kind in KINDS}
        self._order = 0
        self.changes: Counter[Kind] = Counter()
        self.articles: Counter[Kind] = Counter()
        self.equal = self.different = self.only_a = self.only_b = 0
        self.statements = [0, 0]
        self.entities = [0, 0]

    def add(
        self, a: EnrichedArticle | None, b: EnrichedArticle | None, changes: Sequence[Change]
    ) -> list[Change]:
        """Count one article; returns its changes of the wanted kinds."""
        for side, event in enumerate((a, b)):
            if event is not None:
                self.statements[side] += len(event.statements)
                self.entities[side] += len(event.entities)
        wanted = [change for change in changes if change.kind in self._kinds]
        if a is None or b is None:
            self.only_a += b is None
            self.only_b += a is None
        elif wanted:
            self.different += 1
        else:
            self.equal += 1
        self.changes.update(change.kind for change in wanted)
        self.articles.update({change.kind for change in wanted})
        firsts = {change.kind: change for change in reversed(wanted)}
        for kind, change in firsts.items():
            self._keep(kind, change)
        return wanted

    def _keep(self, kind: Kind, change: Change) -> None:
        self._order += 1
        heap = self._heaps[kind]
        heapq.heappush(heap, (-zlib.crc32(change.article.encode()), self._order, change))
        if len(heap) > self._most:
            heapq.heappop(heap)

    def examples(self, kind: Kind) -> list[Change]:
        """The examples of one kind, by article."""
        return sorted((change for _, _, change in self._heaps[kind]), key=lambda change: change.article)
