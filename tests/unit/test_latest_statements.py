"""Statements of a topic as a consumer takes them: each once, of each article the newest enrichment."""

from types import SimpleNamespace
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from schemas import headers
from schemas.derived import ArticleRef, StatementEvent
from schemas.described import WITHDRAWN
from schemas.enriched import Provenance, Statement
from workers.operations.latest_statements import (
    Newest,
    NewIds,
    Said,
    Unreadable,
    Withdrawn,
    read_statement,
)


def event(article: str, name: str, pipeline: str = "1", offset: int = 0) -> StatementEvent:
    statement = Statement(
        id=name, kind="direct", stance="say", speaker=None, cue=None, content=[], text=name, confidence=1
    )
    return StatementEvent(
        id=name,
        article=ArticleRef(id=article),
        statement=statement,
        speaker_entity=None,
        entities=[],
        before="",
        after="",
        provenance=Provenance(pipeline=pipeline, topic="news.raw", partition=0, offset=offset),
    )


def record(value: bytes | None, time: int = 0, **told: str) -> Any:
    carried = [(name, text.encode()) for name, text in told.items()]
    return SimpleNamespace(topic="t", partition=1, offset=7, timestamp=time, value=value, headers=carried)


def said(time: int, *arguments: Any) -> Said:
    value = msgspec.json.encode(event(*arguments))
    found = read_statement(record(value, time))
    assert isinstance(found, Said)
    return found


def shown(records: list[Said | Withdrawn]) -> list[str]:
    with Newest() as newest:
        newest.learn(records)
        return [e.id for e in newest.select(records)]


@pytest.mark.parametrize(
    ("records", "ids"),
    [
        ([said(1, "a", "x"), said(1, "a", "y"), said(2, "a", "x"), said(2, "a", "y")], ["x", "y"]),
        ([said(1, "a", "x"), said(1, "b", "z"), said(2, "a", "y", "2")], ["z", "y"]),  # a later version
        ([said(2, "a", "y", "2"), said(1, "a", "x")], ["y"]),  # read from another partition first
        ([said(1, "a", "x"), said(5, "a", "y", "1", 9)], ["y"]),  # the article was sent anew
        ([said(1, "a", "x"), said(1, "a", "y", "1", 9)], ["y"]),  # at the same time
        ([said(1, "a", "x"), said(2, "a", "y", "2"), said(3, "a", "x")], ["x"]),  # and back
        ([said(1, "a", "x"), said(1, "b", "z"), Withdrawn(b"w", "a", 2)], ["z"]),
        ([Withdrawn(b"w", "a", 1), said(1, "a", "x")], []),  # of one batch, read from two partitions
        ([Withdrawn(b"w", "a", 1), said(2, "a", "x")], ["x"]),  # published again
        ([said(1, "a", "x"), Withdrawn(b"w", "a", 2), said(3, "a", "y")], ["y"]),
        ([said(3, "a", "y"), said(1, "a", "x"), Withdrawn(b"w", "a", 2), Withdrawn(b"w", "a", 0)], ["y"]),
        ([Withdrawn(b"w", "nobody's", 1)], []),
        ([], []),
    ],
)
def test_the_newest_enrichment_counts_and_each_event_once(
    records: list[Said | Withdrawn], ids: list[str]
) -> None:
    assert shown(records) == ids


@given(st.data())
def test_repetitions_in_any_order_change_nothing(data: st.DataObject) -> None:
    """A crash loop: what was sent before comes again in part, until the newest enrichment was sent whole."""
    old = [said(1, article, f"{article}{n}") for article in "ab" for n in range(3)]
    new = [said(2, "a", f"n{n}", "2") for n in range(2)]
    again = data.draw(st.lists(st.sampled_from(old + new), max_size=12))
    records = data.draw(st.permutations(old + new + again))
    assert sorted(shown(records)) == ["b0", "b1", "b2", "n0", "n1"]


def test_what_records_say() -> None:
    value = msgspec.json.encode(event("a", "x"))
    found = read_statement(record(value, 5, ce_id="one"))
    assert isinstance(found, Said)
    assert (found.id, found.time, found.event.id) == (b"one", 5, "x")
    again, other = (read_statement(record(v, 5)) for v in (value, msgspec.json.encode(event("a", "y"))))
    assert isinstance(again, Said)
    assert isinstance(other, Said)
    assert again.enrichment == other.enrichment == found.enrichment
    assert again.id != other.id  # told by the value where there is no ce_id
    gone = {headers.CE_ID: "w", headers.CE_TYPE: WITHDRAWN, headers.CE_SUBJECT: "مقاله ۱"}
    assert read_statement(record(None, 6, **gone)) == Withdrawn(b"w", "مقاله ۱", 6)
    assert read_statement(record(None)) is None
    assert read_statement(record(None, ce_type="another")) is None


@pytest.mark.parametrize(
    ("value", "reason"),
    [
        (b"", "malformed_json"),
        (b"{", "malformed_json"),
        (b"\xff", "malformed_json"),
        (b"{}", "schema"),
        (b"1", "schema"),
    ],
)
def test_what_is_no_statement_is_told_with_its_place(value: bytes, reason: str) -> None:
    found = read_statement(record(value))
    assert isinstance(found, Unreadable)
    assert (found.place, found.reason) == ("t[1]@7", reason)
    assert found.detail


def test_so_many_ids_are_remembered() -> None:
    ids = NewIds(2)
    assert [ids.add(known) for known in (b"a", b"b", b"a", b"c", b"a", b"b")] == [
        True,
        True,
        False,
        True,
        False,
        True,
    ]
