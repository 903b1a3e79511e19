"""How fast records may be taken."""

import math
from collections.abc import Callable
from time import monotonic


class Pace:
    """At most so many articles a second, from the start of a batch to the start of the next.

    Time that was lost is not made up for: the rate is a ceiling at every moment. `per_second` None is no
    ceiling.
    """

    def __init__(self, per_second: float | None, clock: Callable[[], float] = monotonic) -> None:
        self._per_second = per_second
        self._clock = clock
        self._due = -math.inf

    def batch(self, most: int) -> int:
        """Articles to take at once: `most`, or what one second allows, so that a low rate comes evenly."""
        return most if self._per_second is None else max(1, min(most, int(self._per_second)))

    def took(self, articles: int) -> None:
        """A batch of so many begins now."""
        if self._per_second is not None:
            self._due = self._clock() + articles / self._per_second

    @property
    def delay(self) -> float:
        """Seconds until the next batch may begin."""
        return max(0.0, self._due - self._clock())
