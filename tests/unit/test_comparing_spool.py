"""The spool joins two sides by key; the newest value of each counts."""

from hypothesis import given
from hypothesis import strategies as st

from workers.comparing.spool import Spool

keys = st.sampled_from(["a", "ب", "c", "", "\x00"])
puts = st.tuples(st.sampled_from(["a", "b"]), keys, st.one_of(st.none(), st.binary(max_size=40)))


@given(st.lists(puts, max_size=30))
def test_it_holds_what_two_dictionaries_would(rows: list[tuple[str, str, bytes | None]]) -> None:
    sides: dict[str, dict[str, bytes]] = {"a": {}, "b": {}}
    with Spool() as spool:
        for side, key, value in rows:
            spool.put(side, key, value)
            if value is None:
                sides[side].pop(key, None)
            else:
                sides[side][key] = value
        found = list(spool.pairs())
        assert (spool.count("a"), spool.count("b")) == (len(sides["a"]), len(sides["b"]))
    both = sorted(sides["a"].keys() | sides["b"].keys(), key=str.encode)
    assert found == [(key, sides["a"].get(key), sides["b"].get(key)) for key in both]
