"""The index of mentions against the search through all of them."""

from hypothesis import given
from hypothesis import strategies as st

from workers.nlp.document import Range
from workers.nlp.mention_index import MentionIndex

SPAN = st.tuples(st.integers(0, 30), st.integers(0, 8)).map(lambda x: Range(x[0], x[0] + x[1]))


@given(st.lists(st.lists(SPAN, max_size=6), max_size=8), st.lists(SPAN, max_size=4))
def test_finds_what_a_search_through_all_finds(entities: list[list[Range]], spans: list[Range]) -> None:
    expected = [
        place
        for place, mentions in enumerate(entities)
        # an empty stretch holds nothing, an empty mention at a stretch's end is outside
        if any(s.start <= m.start < s.end and m.end <= s.end for m in mentions for s in spans)
    ]
    assert MentionIndex(entities).inside(spans) == expected
