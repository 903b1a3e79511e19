"""What the watchdog makes of the brokers' answers."""

from typing import NamedTuple

import pytest

from workers.stream.metrics import Metrics
from workers.stream.progress import Progress
from workers.stream.watchdog import _observe


class Partition(NamedTuple):
    topic: str
    partition: int


class Consumer:
    """Answers as Faust's consumer does, for one partition."""

    unacked: tuple[()] = ()

    def __init__(self, committed: int | None, position: int, end: int) -> None:
        self._tp = Partition("raw", 3)
        self._committed_offset = {self._tp: committed}
        self._position, self._end = position, end

    def assignment(self) -> set[Partition]:
        return {self._tp}

    async def highwaters(self, *_: Partition) -> dict[Partition, int]:
        return {self._tp: self._end}

    async def position(self, _: Partition) -> int:
        return self._position


@pytest.mark.parametrize(
    ("committed", "position", "end", "lag"),
    [
        (90, 95, 100, 10),
        (100, 100, 100, 0),
        (None, 5000, 5000, 0),  # nothing committed, all older records gone by retention
        (None, 4000, 5000, 1000),
    ],
)
async def test_lag(committed: int | None, position: int, end: int, lag: int) -> None:
    progress, metrics = Progress(60), Metrics()
    progress.assigned = True
    await _observe(Consumer(committed, position, end), progress, metrics)
    assert metrics.lag == {3: lag}
