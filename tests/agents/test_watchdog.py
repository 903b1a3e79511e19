"""The watchdog judges the brokers' answers and the ledger."""

from typing import NamedTuple

import pytest

from workers.stream.consumer.ledger import Ledger
from workers.stream.metrics import Metrics
from workers.stream.progress import Progress
from workers.stream.watchdog import _observe


class Partition(NamedTuple):
    topic: str
    partition: int


TP = Partition("raw", 3)


class Consumer:
    """Answers as Faust's consumer does, for one partition."""

    def __init__(self, committed: int | None, end: int) -> None:
        self._committed_offset = {TP: committed}
        self._end = end

    def assignment(self) -> set[Partition]:
        return {TP}

    async def highwaters(self, *_: Partition) -> dict[Partition, int]:
        return {TP: self._end}


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
    progress, metrics, ledger = Progress(60), Metrics(), Ledger()
    progress.assigned = True
    ledger.start(TP, position)
    await _observe(Consumer(committed, end), ledger, progress, metrics)
    assert metrics.lag == {3: lag}


@pytest.mark.parametrize(
    ("committed", "handed_out", "done", "end", "live"),
    [
        pytest.param(7, [], [], 7, True, id="nothing to do"),
        pytest.param(4, [4, 5, 6], [4, 5, 6], 7, False, id="done, and the commit stands still"),
        pytest.param(7, [7], [], 8, False, id="handed out and never done"),
        pytest.param(7, [], [], 9, False, id="never fetched"),
    ],
)
async def test_work_without_a_commit_is_no_progress(
    committed: int, handed_out: list[int], done: list[int], end: int, live: bool
) -> None:
    now = [0.0]
    progress, ledger = Progress(60, clock=lambda: now[0]), Ledger()
    progress.assigned = True
    ledger.start(TP, committed)
    ledger.hand_out(TP, handed_out, max([committed, *(o + 1 for o in handed_out)]))
    for offset in done:
        ledger.done(TP, offset)
    consumer = Consumer(committed, end)
    await _observe(consumer, ledger, progress, Metrics())
    now[0] = 61.0
    await _observe(consumer, ledger, progress, Metrics())
    assert progress.live is live
