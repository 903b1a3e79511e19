"""Packs sequences into rows of one length, so that a batch has little padding."""

import random
from collections.abc import Sequence


def pack(sizes: Sequence[int], length: int, rng: random.Random) -> list[list[int]]:
    """Numbers of the sequences in each row of at most `length`: best fit, longest first; rows shuffled.

    `sizes` holds the sizes of the sequences, each at most `length`. `rng` orders equal ones.
    """
    order = list(range(len(sizes)))
    rng.shuffle(order)
    by_room: list[list[list[int]]] = [[] for _ in range(length + 1)]
    for number in sorted(order, key=lambda i: -sizes[i]):
        need = sizes[number]
        room = next((r for r in range(need, length + 1) if by_room[r]), None)
        row = by_room[room].pop() if room is not None else []
        row.append(number)
        by_room[(length if room is None else room) - need].append(row)
    rows = [row for rows in by_room for row in rows]
    rng.shuffle(rows)
    return rows
