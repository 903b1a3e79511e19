"""Whose turn it is to send: a worker that may have lost its partitions sends nothing more for them.

Another worker begins at the committed offsets. What the old owner still sent for the batch in hand would come
after the new owner's newer versions of the same articles, and stay on the compacted topic. So partitions are
given up only when sending has ended. A worker that stood still for most of its session ends, as its
partitions may be another's by now. So does one that stood still while partitions were shared out: what
it was given may have been given to another since.
"""

import asyncio
import threading
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager

_TICK_SECONDS = 0.25


class GivenBack(Exception):  # noqa: N818 - names the event
    """The batch in hand was not finished and is another worker's now."""


class StoodStill(Exception):  # noqa: N818 - names the event
    """The process did not run for longer than its session allows."""


def _clock() -> float:
    """Seconds that also count while the machine sleeps, where the system tells them."""
    clock = getattr(time, "CLOCK_BOOTTIME", time.CLOCK_MONOTONIC)
    return time.clock_gettime(clock)


class Turn:
    """`number` counts the rebalances; a batch belongs to the one in which it was taken."""

    def __init__(self, longest_pause_seconds: float, clock: Callable[[], float] = _clock) -> None:
        self._longest_pause = longest_pause_seconds
        self._clock = clock
        self._ticked_at = clock()
        self._pause = 0.0
        self._held = False
        self._sending = asyncio.Lock()
        self.number = 0

    def take(self) -> None:
        """Note that partitions were assigned."""
        self._held = True
        self.tick()

    async def give_up(self) -> None:
        """Give partitions up; returns when nothing more is handed to the producer for them."""
        self._held = False
        self.number += 1
        async with self._sending:
            pass

    def begin(self) -> None:
        """Join the group anew, holding nothing: earlier pauses count no more."""
        self._pause = 0.0
        self._ticked_at = self._clock()

    @asynccontextmanager
    async def sending(self, number: int) -> AsyncIterator[None]:
        """Send in this context. Raises GivenBack or StoodStill where it is not the turn of batch `number`."""
        async with self._sending:
            self.check(number)
            yield

    def check(self, number: int) -> None:
        """Raise GivenBack or StoodStill where it is not the turn of batch `number`."""
        if not self._held or number != self.number:
            raise GivenBack
        self.check_pause()

    def check_pause(self) -> None:
        """Raise StoodStill where the process did since it joined the group."""
        self.tick()
        if self._pause > self._longest_pause:
            raise StoodStill(
                f"this process stood still for {self._pause:.1f} s, which is most of its session: another "
                "worker may have its partitions by now. What was in hand is done again"
            )

    def tick(self) -> None:
        """Note that the process runs."""
        now = self._clock()
        self._pause = max(self._pause, now - self._ticked_at)
        self._ticked_at = now

    def keep_ticking(self) -> None:
        """Tick in a thread of its own until the process ends, as a busy event loop does not stand still."""
        self.begin()
        threading.Thread(target=self._tick_for_ever, name="turn", daemon=True).start()

    def _tick_for_ever(self) -> None:
        while True:
            time.sleep(_TICK_SECONDS)
            self.tick()


class AlwaysOurs(Turn):
    """For a reader whose partitions nobody takes away."""

    def __init__(self) -> None:
        super().__init__(float("inf"))
        self.take()
