"""Rows of a batch: every sequence in one, none too long."""

import random

from hypothesis import given
from hypothesis import strategies as st

from workers.training.rows import pack


@given(st.lists(st.integers(1, 20), max_size=40), st.integers(0, 9))
def test_each_sequence_is_in_one_row_and_rows_are_well_filled(sizes, seed):
    rows = pack(sizes, 20, random.Random(seed))  # noqa: S311 - no secret
    assert sorted(number for row in rows for number in row) == list(range(len(sizes)))
    filled = [sum(sizes[number] for number in row) for row in rows]
    assert all(f <= 20 for f in filled)
    assert sum(f <= 10 for f in filled) <= 1  # two such would have been one
