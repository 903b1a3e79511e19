"""Dead letters chosen, listed, counted and sent again: what is decided without a broker."""

import pytest

from schemas import headers
from workers.failures import UsageFailed
from workers.operations.dead_choice import Choice, Source, parse_source
from workers.operations.dead_letters import DeadLetter
from workers.operations.dead_listing import counted_by, newest, parse_fields
from workers.operations.dead_marks import MarkMove
from workers.operations.resend import plan_resending

T0 = 1_769_817_600_000  # 2026-01-31T00:00Z


def letter(
    place: int,
    timestamp: int = T0,
    reason: str = "empty",
    /,
    *,
    value: bytes | None = b"x" * 1000,
    **told: str,
) -> DeadLetter:
    carried = {headers.ERROR_REASON: reason, **{f"{headers.ERROR_PREFIX}{n}": v for n, v in told.items()}}
    rows = tuple((name, text.encode()) for name, text in carried.items())
    return DeadLetter(0, place, timestamp, None, value, rows, len(value or b""))


def test_the_newest_are_listed_without_their_values() -> None:
    letters = [letter(0, 30), letter(1, 10, "schema"), letter(2, 20)]
    found = newest(letters, Choice(), 2)
    assert [(f.offset, f.value, f.value_bytes) for f in found.letters] == [(2, None, 1000), (0, None, 1000)]
    assert (found.by_reason, found.fitting) == ({"empty": 2, "schema": 1}, 3)
    schema = newest(letters, Choice(reasons=frozenset({"schema"})), None)
    assert ([f.offset for f in schema.letters], schema.fitting) == ([1], 1)
    assert schema.by_reason == {"empty": 2, "schema": 1}


LETTER = letter(
    7,
    T0,
    "timeout",
    value='{"agency": "ایسنا", "body": 1}'.encode(),
    topic="news.raw",
    partition="3",
    offset="17",
)


@pytest.mark.parametrize(
    ("choice", "matches"),
    [
        (Choice(), True),
        (Choice(places=frozenset({(0, 7)})), True),
        (Choice(places=frozenset({(1, 7)})), False),
        (Choice(reasons=frozenset({"timeout", "schema"})), True),
        (Choice(since=T0), True),
        (Choice(since=T0 + 1), False),
        (Choice(until=T0 + 1), True),
        (Choice(until=T0), False),
        (Choice(source=Source("news.raw")), True),
        (Choice(source=Source("news.raw", 3)), True),
        (Choice(source=Source("news.raw", 3, 17)), True),
        (Choice(source=Source("news.raw", 3, 18)), False),
        (Choice(source=Source("news.raw", 4)), False),
        (Choice(source=Source("news")), False),
        (Choice(agencies=frozenset({"ایسنا"})), True),
        (Choice(agencies=frozenset({"ایرنا"})), False),
        (Choice(since=T0, reasons=frozenset({"empty"})), False),
    ],
)
def test_a_letter_must_fit_all(choice: Choice, matches: bool) -> None:
    assert choice.matches(LETTER) is matches


@pytest.mark.parametrize(
    "value", [None, b"", b"\xff", b"[1]", b'{"agency": 5}', b'{"agency"', b'{"agency": "\xff"}']
)
def test_an_agency_that_cannot_be_read_is_empty(value: bytes | None) -> None:
    assert letter(0, value=value).agency == ""


def test_sources() -> None:
    assert parse_source("news.raw") == Source("news.raw")
    assert parse_source("news.raw:3") == Source("news.raw", 3)
    assert parse_source(" news.raw:3:17 ") == Source("news.raw", 3, 17)
    for wrong in ("", ":3", "news.raw:", "news.raw:x", "news.raw:3:17:1", "a b"):
        with pytest.raises(UsageFailed, match="is not TOPIC"):
            parse_source(wrong)


def test_letters_are_counted_by_what_they_have_in_common() -> None:
    isna, irna = b'{"agency": "isna"}', b'{"agency": "irna"}'
    letters = [
        letter(0, T0 + 5, "empty", value=isna),
        letter(1, T0 + 3, "empty", value=isna),
        letter(2, T0 + 4, "empty", value=irna),
        letter(3, T0 + 86_400_000, "schema", value=b"{"),
    ]
    groups = counted_by(letters, Choice(), ("reason", "agency"))
    assert [(values, c.number, c.first - T0, c.last - T0) for values, c in groups] == [
        (("empty", "isna"), 2, 3, 5),
        (("empty", "irna"), 1, 4, 4),
        (("schema", ""), 1, 86_400_000, 86_400_000),
    ]
    days = counted_by(letters, Choice(reasons=frozenset({"empty", "schema"})), ("day",))
    assert [(values, c.number) for values, c in days] == [(("2026-01-31",), 3), (("2026-02-01",), 1)]
    assert sum(c.number for _, c in counted_by(letters, Choice(until=T0 + 5), ("step",))) == 2


def test_fields_to_count_by() -> None:
    assert parse_fields("reason, agency") == ("reason", "agency")
    with pytest.raises(UsageFailed, match="'mood' is nothing to count by; there are reason, step"):
        parse_fields("reason,mood")


@pytest.mark.parametrize(
    ("max_attempts", "offsets", "worn"), [(3, {0, 4}, 1), (2, {0}, 2), (1, set(), 3), (None, {0, 3, 4}, 0)]
)
def test_what_died_too_often_is_left_out(max_attempts: int | None, offsets: set[int], worn: int) -> None:
    letters = [
        letter(0, value=b"once"),
        letter(1, value=b"often", attempt="1"),
        letter(2, value=b"often", attempt="3"),
        letter(3, value=b"often", attempt="2"),  # read last, as partitions come in any order
        letter(4, value=b"twice", attempt="2"),
    ]
    plan = plan_resending(letters, Choice(), max_attempts)
    assert {offset for _, offset in plan.places} == offsets
    assert (plan.worn, plan.repeated) == (worn, 2)
    assert sum(plan.by_attempts.values()) == len(offsets)


@pytest.mark.parametrize(("told", "attempts"), [({}, 1), ({"attempt": "4"}, 4), ({"attempt": "odd"}, 1)])
def test_attempts(told: dict[str, str], attempts: int) -> None:
    assert letter(0, **told).attempts == attempts


@pytest.mark.parametrize(
    ("move", "dropped", "back"),
    [
        (MarkMove(0, 0, 10, None, 4), 4, 0),
        (MarkMove(0, 0, 10, 4, 10), 6, 0),
        (MarkMove(0, 0, 10, 4, 1), 0, 3),
        (MarkMove(0, 0, 10, 4, 4), 0, 0),
        (MarkMove(0, 6, 10, 4, 7), 1, 0),  # the topic forgot some by age
        (MarkMove(0, 6, 10, 8, 2), 0, 2),
        (MarkMove(0, 0, 3, 9, 3), 3, 0),  # the topic was made anew
    ],
)
def test_what_a_mark_drops_and_brings_back(move: MarkMove, dropped: int, back: int) -> None:
    assert (move.dropped, move.brought_back) == (dropped, back)
