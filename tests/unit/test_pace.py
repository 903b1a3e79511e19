"""The pace by a clock that the test sets."""

from hypothesis import given
from hypothesis import strategies as st

from workers.stream.pace import Pace


class Clock:
    now = 1000.0

    def __call__(self) -> float:
        return self.now


def test_without_a_ceiling_there_is_nothing_to_wait_for() -> None:
    pace = Pace(None, Clock())
    pace.took(1000)
    assert (pace.batch(32), pace.delay) == (32, 0.0)


def test_a_batch_is_what_a_second_allows() -> None:
    assert [Pace(rate).batch(32) for rate in (0.1, 1, 5, 5.9, 31, 32, 500)] == [1, 1, 5, 5, 31, 32, 32]


def test_the_next_batch_waits_for_its_time_and_lost_time_is_lost() -> None:
    clock = Clock()
    pace = Pace(10, clock)
    assert pace.delay == 0
    pace.took(5)
    assert pace.delay == 0.5
    clock.now += 0.2  # the work on it
    assert round(pace.delay, 6) == 0.3
    clock.now += 60  # the brokers were away
    assert pace.delay == 0
    pace.took(5)
    assert pace.delay == 0.5


@given(st.floats(0.01, 1000), st.lists(st.tuples(st.integers(1, 32), st.floats(0, 5)), max_size=40))
def test_no_stretch_of_batches_is_faster_than_the_rate(rate: float, rows: list[tuple[int, float]]) -> None:
    clock = Clock()
    pace = Pace(rate, clock)
    starts: list[tuple[float, int]] = []
    for most, work in rows:
        clock.now += pace.delay
        taken = pace.batch(most)
        pace.took(taken)
        starts.append((clock.now, taken))
        clock.now += work
    for first in range(len(starts)):
        done = 0
        for at, taken in starts[first:]:
            assert done <= rate * (at - starts[first][0]) + 1e-6 * (1 + done)
            done += taken
