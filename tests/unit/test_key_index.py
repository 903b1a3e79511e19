"""Expressions are found at a token however their letters are cut into tokens."""

from hypothesis import given
from hypothesis import strategies as st

from workers.nlp.knowledge.key_index import KeyIndex, first_by_key

INDEX = KeyIndex.build({"بهگفته": 1, "به": 2, "بهگفتهی": 3, "گفت": 4})


def test_all_that_begins_at_a_token_is_found_shortest_first() -> None:
    keys = ["به", "گفته", "ی", "او"]
    assert INDEX.all_at(keys, 0, 4) == [(1, 2), (2, 1), (3, 3)]
    assert INDEX.all_at(keys, 0, 2) == [(1, 2), (2, 1)]
    assert INDEX.longest_at(keys, 0, 4) == (3, 3)
    assert INDEX.longest_at(keys, 1, 4) is None  # «گفته» is no key here, though it begins like one


def test_half_a_key_is_nothing() -> None:
    assert INDEX.all_at(["گف"], 0, 1) == []
    assert INDEX.longest_at(["گف", "تار"], 0, 2) is None
    assert INDEX.longest_at(["گف", "ت"], 0, 2) == (2, 4)


@given(st.lists(st.text("ابپ", min_size=1, max_size=3), min_size=1, max_size=8), st.data())
def test_finds_what_joining_all_stretches_finds(tokens: list[str], data: st.DataObject) -> None:
    keys = data.draw(st.frozensets(st.text("ابپ", min_size=1, max_size=6), max_size=8))
    index = KeyIndex.build({key: key for key in keys})
    for at in range(len(tokens)):
        joined = [(end, "".join(tokens[at:end])) for end in range(at + 1, len(tokens) + 1)]
        assert index.all_at(tokens, at, len(tokens)) == [(end, key) for end, key in joined if key in keys]


def test_the_first_value_of_a_key_stays() -> None:
    assert first_by_key([("a", 1), ("b", 2), ("a", 3)]) == {"a": 1, "b": 2}
