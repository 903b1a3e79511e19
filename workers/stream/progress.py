"""Whether the worker makes progress: the probes and the watchdog ask.

Faust's agents and consumers can stall without an error (faust-streaming#175, #523, #532, #629): there is
work, and the committed offsets stand still. Then the process ends itself and is started again.
"""

import asyncio
from collections.abc import Callable, Mapping
from time import monotonic


class Progress:
    """Facts about one worker; times are in seconds of a monotonic clock."""

    def __init__(self, stalled_seconds: float, clock: Callable[[], float] = monotonic) -> None:
        self._stalled_seconds = stalled_seconds
        self._clock = clock
        self._last = clock()
        self._committed: Mapping[object, int | None] = {}
        self._batches_since_commit = 0
        self.pipeline_loaded = False
        self.assigned = False  # partitions, perhaps none, by the group's last rebalance
        self.left_over = False  # no partition is assigned, and some have no reader
        self.in_hand = 0  # records of the batch that is being worked off
        self.hands_free = asyncio.Event()  # no batch in hand
        self.hands_free.set()
        self.stopping = False

    def loaded(self) -> None:
        """Note that the pipeline is loaded: from now on time without progress counts."""
        self.pipeline_loaded = True
        self._last = self._clock()

    def article_done(self) -> None:
        """Note that an article of the batch in hand has its outcome.

        It counts as progress for two batches; by then something must have been committed.
        """
        if self._batches_since_commit < 2:
            self._last = self._clock()

    def batch_taken(self, records: int) -> None:
        """Note that a batch is being worked off."""
        self.in_hand = records
        self.hands_free.clear()

    def batch_done(self) -> None:
        """Note that the batch is done."""
        self._batches_since_commit += 1
        self.batch_given_back()

    def batch_given_back(self) -> None:
        """Note that the batch was not finished and is another worker's now."""
        self.in_hand = 0
        self.hands_free.set()

    def observe(self, committed: Mapping[object, int | None], *, work: bool) -> None:
        """Note the committed offsets of the assigned partitions, and whether there is anything to do."""
        if (not work and not self.left_over) or committed != self._committed:
            self._last = self._clock()
            self._batches_since_commit = 0
        self._committed = dict(committed)

    @property
    def idle_seconds(self) -> float:
        """Seconds since there was progress, or nothing to do."""
        return self._clock() - self._last

    @property
    def live(self) -> bool:
        """Whether there is progress, or nothing to do."""
        return self.idle_seconds < self._stalled_seconds

    @property
    def ready(self) -> bool:
        """Whether it is loaded, in its group with its share of the partitions, and not about to stop."""
        return self.pipeline_loaded and self.assigned and not self.left_over and not self.stopping
