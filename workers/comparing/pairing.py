"""Pairs things of A with things of B by what they cover of the article as consumed.

The pairs are the same when A and B change places.
"""

from collections import Counter
from collections.abc import Hashable, Iterable, Mapping, Sequence

from workers.comparing.plain import Place

Pair = tuple[int, int]


def overlaps(one: Sequence[Iterable[Place]], other: Sequence[Iterable[Place]]) -> Counter[Pair]:
    """Raw characters that the spans of `one[i]` and of `other[j]` share, by (i, j), where they share any."""
    found: Counter[Pair] = Counter()
    # One sweep over all starts drops on its way what ended before.
    spans = sorted(
        (*place, side, number)
        for side, things in enumerate((one, other))
        for number, places in enumerate(things)
        for place in places
    )
    open_: tuple[list[tuple[str, int, int]], list[tuple[str, int, int]]] = ([], [])
    for field, start, end, side, number in spans:
        across = open_[1 - side]
        across[:] = [s for s in across if s[0] == field and s[1] > start]
        for _, until, partner in across:
            pair = (number, partner) if side == 0 else (partner, number)
            found[pair] += min(end, until) - start
        open_[side].append((field, end, number))
    return +found


def best_pairs(
    weights: Mapping[Pair, int], one: Sequence[Hashable], other: Sequence[Hashable]
) -> dict[int, int]:
    """Pair each with at most one partner, heaviest pairs first; `one` and `other` break ties by order.

    Their values tell the things of a side apart and can be sorted; the caller treats equal values alike.
    """

    # A pair competes with pairs that share one of its sides; their order is the same from both sides.
    def key(pair: Pair) -> tuple[object, ...]:
        ours, theirs = one[pair[0]], other[pair[1]]
        return -weights[pair], ours != theirs, ours, theirs

    pairs: dict[int, int] = {}
    taken: set[int] = set()
    for i, j in sorted(weights, key=key):
        if i not in pairs and j not in taken:
            pairs[i] = j
            taken.add(j)
    return pairs
