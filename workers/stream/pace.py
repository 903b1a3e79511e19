"""Limits how fast records are taken."""

import math
from collections.abc import Callable
from time import monotonic


class Pace:
    """A ceiling in articles a second, from the start of a batch to the start of the next.

    Lost time is not made up for: the ceiling holds at every moment. `per_second` None is no ceiling.
    """

    def __init__(self, per_second: float | None, clock: Callable[[], float] = monotonic) -> None:
        self._per_second = per_second
        self._clock = clock
        self._due = -math.inf

    def batch(self, most: int) -> int:
        """Articles to take at once: `most`, or what one second allows, so that a low rate is even."""
        return most if self._per_second is None else max(1, min(most, int(self._per_second)))

    def took(self, articles: int) -> None:
        """Note that a batch of this many articles begins now."""
        if self._per_second is not None:
            self._due = self._clock() + articles / self._per_second

    @property
    def delay(self) -> float:
        """Seconds until the next batch may begin."""
        return max(0.0, self._due - self._clock())
