"""Where reading begins."""

import pytest

from workers.stream.consumer.starts import Start, start_of


@pytest.mark.parametrize(
    ("committed", "begin", "end", "start"),
    [
        pytest.param(None, 0, 9, Start(0), id="a new group"),
        pytest.param(None, 4, 9, Start(4), id="a new group on an old topic loses nothing"),
        pytest.param(7, 4, 9, Start(7), id="as committed"),
        pytest.param(9, 4, 9, Start(9), id="at the end"),
        pytest.param(7, 7, None, Start(7), id="at the beginning"),
        pytest.param(3, 7, 9, Start(7, lost=4), id="deleted before it was read"),
        pytest.param(12, 7, 9, Start(7, behind_end=True), id="the topic was cut"),
        pytest.param(12, 7, None, Start(12), id="the end is not known"),
    ],
)
def test_start(committed: int | None, begin: int, end: int | None, start: Start) -> None:
    assert start_of(committed, begin, end) == start
