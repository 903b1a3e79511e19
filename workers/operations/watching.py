"""Follows a group on its way to some offsets."""

import time
from collections import deque
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from kafka import KafkaAdminClient, TopicPartition

from workers.operations.groups import committed_offsets
from workers.operations.offsets import without_records

if TYPE_CHECKING:
    from workers.settings import Settings

LOOK_SECONDS = 1.0
RATE_SECONDS = 60.0
"""Seconds over which the rate is taken."""


@dataclass(frozen=True, slots=True)
class Way:
    """The way of a group: half-open offset spans by partition, from where it is to where it goes."""

    topic: str
    spans: Mapping[int, tuple[int, int]]

    @property
    def total(self) -> int:
        """Offsets from all starts to all ends."""
        return sum(max(0, end - start) for start, end in self.spans.values())

    def left(self, committed: Mapping[int, int]) -> dict[int, tuple[int, int]]:
        """The spans that are left, by the group's committed offsets; finished ones are left out."""
        spans = {p: (max(start, committed.get(p, start)), end) for p, (start, end) in self.spans.items()}
        return {p: (start, end) for p, (start, end) in spans.items() if start < end}


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a group is. `rate` is in offsets a second; None until something moves."""

    total: int
    done: int
    seconds: float
    rate: float | None

    @property
    def left(self) -> int:
        """Number of offsets that are left."""
        return self.total - self.done

    @property
    def seconds_left(self) -> float | None:
        """Seconds left at this rate; None without a rate."""
        return self.left / self.rate if self.rate else None


class Pace:
    """Measures the rate of the last minute."""

    def __init__(self, span: float = RATE_SECONDS) -> None:
        self._span = span
        self._seen: deque[tuple[float, int]] = deque()

    def rate(self, at: float, done: int) -> float | None:
        """Offsets a second, `done` being reached at the time `at` (seconds of a monotonic clock)."""
        self._seen.append((at, done))
        while len(self._seen) > 2 and self._seen[1][0] <= at - self._span:
            self._seen.popleft()
        since, before = self._seen[0]
        return (done - before) / (at - since) if at > since and done > before else None


def follow(
    settings: "Settings",
    admin: KafkaAdminClient,
    group: str,
    way: Way,
    wait: Callable[[float], None] = time.sleep,
) -> Iterator[Progress]:
    """Report about once a second how far a group is, until it is through.

    A span whose rest holds no record (marks of transactions) is done: a group may never commit its end.
    """
    begin, pace = time.monotonic(), Pace()
    partitions = [TopicPartition(way.topic, number) for number in way.spans]
    stood: dict[int, tuple[int, int]] = {}
    looked_at: dict[int, tuple[int, int]] = {}
    hollow: set[int] = set()
    while True:
        committed = committed_offsets(admin, group, partitions)
        left = way.left({p.partition: offset for p, offset in committed.items()})
        left = {number: span for number, span in left.items() if number not in hollow}
        standing = {n: span for n, span in left.items() if stood.get(n) == span != looked_at.get(n)}
        spans = {TopicPartition(way.topic, number): span for number, span in standing.items()}
        hollow |= {p.partition for p in without_records(settings, spans)}
        stood, looked_at = left, looked_at | standing
        left = {number: span for number, span in left.items() if number not in hollow}
        done = way.total - sum(end - start for start, end in left.values())
        now = time.monotonic()
        yield Progress(way.total, done, now - begin, pace.rate(now, done))
        if not left:
            return
        wait(LOOK_SECONDS)
