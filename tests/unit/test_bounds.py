"""A plan's span against a topic: every offset is done, gone, to be read, or not there yet."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workers.operations.bounds import Bounds, bounds_of, plan_digest
from workers.operations.plans import PlanFile, PlanSpan


@pytest.mark.parametrize(
    ("span", "begin", "end", "committed", "expected"),
    [
        ((5, 9), 0, 20, None, Bounds(0, 5, 9)),
        ((5, 9), 7, 20, None, Bounds(0, 7, 9, gone=2)),
        ((5, 9), 12, 20, None, Bounds(0, 9, 9, gone=4)),
        ((5, 9), 0, 7, None, Bounds(0, 5, 7, ahead=2)),
        ((5, 9), 0, 3, None, Bounds(0, 5, 5, ahead=4)),
        ((5, 9), 0, 20, 8, Bounds(0, 8, 9, done=3)),
        ((5, 9), 0, 20, 9, Bounds(0, 9, 9, done=4)),
        ((5, 9), 8, 20, 6, Bounds(0, 8, 9, done=1, gone=2)),
        ((5, 5), 0, 20, None, Bounds(0, 5, 5)),
    ],
)
def test_spans(span: tuple[int, int], begin: int, end: int, committed: int | None, expected: Bounds) -> None:
    assert bounds_of(PlanSpan(0, *span), begin, end, committed) == expected


@given(
    st.integers(0, 50),
    st.integers(0, 50),
    st.integers(0, 60),
    st.integers(0, 60),
    st.one_of(st.none(), st.integers(0, 70)),
)
def test_nothing_is_left_out(start: int, length: int, begin: int, more: int, committed: int | None) -> None:
    found = bounds_of(PlanSpan(0, start, start + length), begin, begin + more, committed)
    assert min(found.left, found.done, found.gone, found.ahead) >= 0
    assert found.left + found.done + found.gone + found.ahead == length
    assert not found.left or begin <= found.place < found.end <= begin + more


def test_a_digest_is_of_the_offsets_and_the_suffix() -> None:
    one, other = PlanSpan(0, 1, 2), PlanSpan(1, 0, 9)
    digest = plan_digest(PlanFile("t", (one, other)), None)
    assert len(digest) == 8
    assert plan_digest(PlanFile("t", (other, one)), None) == digest
    others = {
        plan_digest(PlanFile("t", (one,)), None),
        plan_digest(PlanFile("t", (one, other)), "v2"),
        plan_digest(PlanFile("u", (one, other)), None),
    }
    assert len(others | {digest}) == 4
