"""The ledger: what may be committed, whatever holes there are and in whatever order records are done."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workers.stream.consumer.ledger import Ledger

P = ("news.raw", 0)


@pytest.mark.parametrize(
    ("start", "handed_out", "position", "done", "place"),
    [
        pytest.param(0, [], 0, [], 0, id="nothing there"),
        pytest.param(0, [0, 1, 2], 3, [], 0, id="nothing done"),
        pytest.param(0, [0, 1, 2], 3, [0, 1], 2, id="the first not done"),
        pytest.param(0, [0, 1, 2], 3, [1, 2], 0, id="a later one done"),
        pytest.param(0, [0, 1, 2], 3, [2, 1, 0], 3, id="all done"),
        pytest.param(0, [0, 4, 9], 10, [0, 4, 9], 10, id="holes, behind offset 0 too"),
        pytest.param(0, [0, 1], 5, [0, 1], 5, id="marks of transactions at the end"),
        pytest.param(7, [], 12, [], 12, id="marks only"),
        pytest.param(7, [7, 9], 10, [7], 9, id="a hole before the first not done"),
        pytest.param(7, [7], 8, [3, 7], 8, id="done of an earlier time"),
    ],
)
def test_the_place_to_commit(
    start: int, handed_out: list[int], position: int, done: list[int], place: int
) -> None:
    ledger = Ledger()
    ledger.start(P, start)
    ledger.hand_out(P, handed_out, position)
    for offset in done:
        ledger.done(P, offset)
    assert ledger.place(P) == place


@given(
    st.sets(st.integers(0, 60)).map(sorted),
    st.integers(0, 5),
    st.data(),
)
def test_everything_before_the_place_is_done(offsets: list[int], trailing: int, data: st.DataObject) -> None:
    ledger = Ledger()
    ledger.start(P, 0)
    position = (offsets[-1] + 1 if offsets else 0) + trailing
    cut = data.draw(st.integers(0, len(offsets)))
    if offsets[:cut]:
        ledger.hand_out(P, offsets[:cut], offsets[cut - 1] + 1)
    ledger.hand_out(P, offsets[cut:], position)
    done = data.draw(st.lists(st.sampled_from(offsets), unique=True)) if offsets else []
    last = 0
    for offset in done:
        ledger.done(P, offset)
        place = ledger.place(P)
        assert place is not None
        assert place >= last
        last = place
    left = [o for o in offsets if o not in done]
    assert ledger.place(P) == (left[0] if left else position)
    assert ledger.waiting(P) == len(left)


def test_what_is_taken_away_is_not_committed() -> None:
    ledger = Ledger()
    ledger.start(P, 5)
    ledger.hand_out(P, [5, 6], 7)
    ledger.forget([P])
    ledger.done(P, 5)
    ledger.hand_out(P, [7], 8)  # fetched before it was taken away
    assert ledger.place(P) is None
    assert ledger.next_offset(P) is None


def test_a_new_start_counts_anew() -> None:
    ledger = Ledger()
    ledger.start(P, 5)
    ledger.hand_out(P, [5, 6], 7)
    ledger.start(P, 3)
    assert (ledger.place(P), ledger.next_offset(P)) == (3, 3)
    ledger.hand_out(P, [3, 4, 5, 6], 7)
    ledger.done(P, 5)  # of the first time, and as good
    ledger.done(P, 3)
    assert ledger.place(P) == 4
