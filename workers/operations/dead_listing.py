"""Lists the newest dead letters, or counts them by what they have in common."""

import heapq
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from schemas import headers
from workers.failures import UsageFailed
from workers.moments import show_moment
from workers.operations.dead_choice import Choice
from workers.operations.dead_letters import DeadLetter

LONGEST = 200
"""Most characters of a value by which letters are counted."""


@dataclass(frozen=True, slots=True)
class Listing:
    """Dead letters, the oldest first, without their values, as very many would not fit into memory.

    `by_reason` counts all letters that were looked at; `fitting` those that were asked for.
    """

    letters: Sequence[DeadLetter]
    by_reason: Mapping[str, int]
    fitting: int


@dataclass(slots=True)
class Count:
    """The number of letters that share some values.

    When the first and the last died is in Unix milliseconds.
    """

    number: int
    first: int
    last: int


FIELDS: dict[str, Callable[[DeadLetter], str]] = {
    "reason": lambda letter: letter.reason,
    "step": lambda letter: letter.header(headers.ERROR_STEP),
    "agency": lambda letter: letter.agency,
    "topic": lambda letter: letter.header(headers.ERROR_TOPIC),
    "partition": lambda letter: letter.header(headers.ERROR_PARTITION),
    "version": lambda letter: letter.header(headers.ERROR_VERSION),
    "exception": lambda letter: letter.header(headers.ERROR_EXCEPTION),
    "day": lambda letter: show_moment(letter.timestamp)[:10],
}
"""Fields to count letters by; `topic` and `partition` are those of the source, days are in UTC."""


def newest(letters: Iterable[DeadLetter], choice: Choice, limit: int | None) -> Listing:
    """The newest letters that fit, by time (None: all), and counts of all."""
    by_reason: dict[str, int] = {}
    kept: list[tuple[int, int, int, DeadLetter]] = []  # a heap, the oldest on top
    fitting = 0
    for letter in letters:
        by_reason[letter.reason] = by_reason.get(letter.reason, 0) + 1
        if choice.matches(letter):
            fitting += 1
            row = (letter.timestamp, letter.partition, letter.offset, replace(letter, value=None))
            heapq.heappush(kept, row)
            if limit is not None and len(kept) > limit:
                heapq.heappop(kept)
    return Listing([letter for *_, letter in sorted(kept)], by_reason, fitting)


def parse_fields(text: str) -> tuple[str, ...]:
    """Parse names of `FIELDS`, separated by commas. Raises `UsageFailed`."""
    names = tuple(name.strip() for name in text.split(","))
    for name in names:
        if name not in FIELDS:
            raise UsageFailed(f"{name!r} is nothing to count by; there are {', '.join(FIELDS)}")
    return names


def counted_by(
    letters: Iterable[DeadLetter], choice: Choice, fields: Sequence[str]
) -> list[tuple[tuple[str, ...], Count]]:
    """The letters that fit, by their values of some `FIELDS`; the most frequent first."""
    counts: dict[tuple[str, ...], Count] = {}
    for letter in letters:
        if not choice.matches(letter):
            continue
        values = tuple(FIELDS[field](letter)[:LONGEST] for field in fields)
        count = counts.setdefault(values, Count(0, letter.timestamp, letter.timestamp))
        count.number += 1
        count.first = min(count.first, letter.timestamp)
        count.last = max(count.last, letter.timestamp)
    return sorted(counts.items(), key=lambda pair: (-pair[1].number, pair[0]))
