"""Replay plans, topic differences, lags: the arithmetic, without a broker."""

from types import SimpleNamespace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from kafka import TopicPartition

from schemas.topics import TOPICS
from workers.commands.replay import _target
from workers.commands.watching import describe
from workers.failures import UsageFailed
from workers.moments import now_milliseconds
from workers.operations.groups import Group, look_at_group
from workers.operations.lag import PartitionLag, Standing
from workers.operations.plans import PlanFile, PlanSpan
from workers.operations.replay import Move, Plan
from workers.operations.tail import parse_place, parse_start
from workers.operations.targets import Kind, Target, limited, resolved
from workers.operations.topics import Difference, Found, differences
from workers.operations.watching import Pace, Progress, Way
from workers.settings import Settings


@pytest.mark.parametrize(
    ("move", "again", "skipped"),
    [
        (Move(0, begin=0, end=100, current=80, target=30), 50, 0),
        (Move(0, begin=0, end=100, current=80, target=80), 0, 0),
        (Move(0, begin=0, end=100, current=80, target=95), 0, 15),
        (Move(0, begin=0, end=100, current=None, target=0), 0, 0),
        (Move(0, begin=0, end=100, current=None, target=10), 0, 10),
        (Move(0, begin=50, end=100, current=20, target=50), 0, 0),  # what was not read is gone
        (Move(0, begin=50, end=100, current=None, target=70), 0, 20),
        (Move(0, begin=0, end=100, current=120, target=40), 60, 0),  # the topic was made anew
        (Move(0, begin=0, end=0, current=None, target=0), 0, 0),
    ],
)
def test_what_comes_again_and_what_is_skipped(move: Move, again: int, skipped: int) -> None:
    assert (move.again, move.skipped) == (again, skipped)


def test_a_plan_adds_up() -> None:
    moves = (Move(0, 0, 10, 10, 4), Move(1, 0, 10, 2, 5))
    plan = Plan(Group("g", "Empty"), "t", moves)
    assert (plan.again, plan.skipped) == (6, 3)


@pytest.mark.parametrize(
    ("group", "live"),
    [
        (Group("g", None), None),
        (Group("g", "Empty"), False),
        (Group("g", "Dead"), False),
        (Group("g", "Stable", ("a@1.2.3.4",)), True),
        (Group("g", "PreparingRebalance"), True),
    ],
)
def test_when_a_group_is_live(group: Group, live: bool | None) -> None:
    assert group.is_live is live


def test_members_are_told_and_odd_answers_are_not_believed() -> None:
    members = [{"client_id": "khabar", "client_host": "/10.0.0.7"}]
    told = {"g": {"error": None, "group_state": "Stable", "members": members}}
    admin: Any = SimpleNamespace(describe_groups=lambda _: told)
    assert look_at_group(admin, "g") == Group("g", "Stable", ("khabar@10.0.0.7",))

    missing = "[Error 69] GroupIdNotFoundError: Group g not found."
    told = {"g": {"error": missing, "group_state": "Dead", "members": []}}
    admin = SimpleNamespace(describe_groups=lambda _: told)
    assert look_at_group(admin, "g") == Group("g", "Dead")
    told = {"g": {"error": "[Error 30] GroupAuthorizationFailedError", "group_state": "", "members": []}}
    assert look_at_group(SimpleNamespace(describe_groups=lambda _: told), "g").state is None

    def odd(_: object) -> object:
        raise ValueError("15 is not a valid ACLOperation")

    assert look_at_group(SimpleNamespace(describe_groups=odd), "g") == Group("g", None)


def as_declared() -> dict[str, Found]:
    return {t.name: Found(t.partitions, 3, dict(t.config)) for t in TOPICS}


def settings(**options: Any) -> Settings:
    return Settings(_env_file=None, **options)


def test_topics_as_declared_do_not_differ() -> None:
    assert differences(settings(), as_declared()) == []
    assert differences(settings(replication_factor=3), as_declared()) == []


@pytest.mark.parametrize(
    ("found", "difference"),
    [
        (None, Difference("news.dead", "topic", "there", "missing")),
        (Found(4, 3, None), Difference("news.dead", "partitions", "8", "4")),
        (Found(8, 1, None), Difference("news.dead", "replication.factor", "3", "1")),
        (
            Found(8, 3, {**TOPICS[4].config, "retention.ms": "1"}),
            Difference("news.dead", "retention.ms", TOPICS[4].config["retention.ms"], "1"),
        ),
        (
            Found(8, 3, {k: v for k, v in TOPICS[4].config.items() if k != "max.message.bytes"}),
            Difference("news.dead", "max.message.bytes", TOPICS[4].config["max.message.bytes"], "not set"),
        ),
    ],
)
def test_each_difference_is_told(found: Found | None, difference: Difference) -> None:
    topics = as_declared()
    del topics["news.dead"]
    if found:
        topics["news.dead"] = found
    assert differences(settings(replication_factor=3), topics) == [difference]


def test_the_order_of_cleanup_policies_is_no_difference() -> None:
    topics = as_declared()
    enriched = topics["news.enriched"]
    config = {**(enriched.config or {}), "cleanup.policy": "delete, compact"}
    topics["news.enriched"] = Found(enriched.partitions, enriched.replication, config)
    assert differences(settings(), topics) == []


@pytest.mark.parametrize(
    ("begin", "committed", "end", "lag"),
    [(0, None, 7, 7), (0, 3, 7, 4), (5, 3, 7, 2), (0, 9, 7, 0), (5, None, 7, 2)],
)
def test_lag(begin: int, committed: int | None, end: int, lag: int) -> None:
    assert PartitionLag(0, begin, committed, end).lag == lag
    assert PartitionLag(0, begin, committed, end, marks_only=True).lag == 0


@pytest.mark.parametrize(
    ("begin", "committed", "end", "lost", "lag"),
    [(0, 0, 9, 0, 9), (5, 3, 7, 2, 2), (5, None, 7, 0, 2), (5, 5, 7, 0, 2), (9, 3, 9, 6, 0)],
)
def test_what_was_deleted_unread_is_lost_and_does_not_wait(
    begin: int, committed: int | None, end: int, lost: int, lag: int
) -> None:
    row = PartitionLag(4, begin, committed, end)
    assert (row.lost, row.lag) == (lost, lag)
    found = Standing(Group("g", "Empty"), "t", (row,), {}, {})
    told = f"partition 4: offsets {committed} to {begin - 1} were deleted unread"
    assert found.notes == ([told] if lost else [])


def test_places() -> None:
    assert parse_place("3:17") == (3, 17)
    assert parse_place("3=17", "=") == (3, 17)
    assert parse_start(None, 10).newest == 10
    assert parse_start("beginning", 0).kind == "beginning"
    assert parse_start("0:5,2:7", 0).offsets == {0: 5, 2: 7}
    assert parse_start("2026-01-31", 0).moment == 1_769_817_600_000
    for wrong in ("3", "3:", "a:1", "-1:2", "3=17"):
        with pytest.raises(UsageFailed):
            parse_place(wrong)


OPTIONS = settings()


@pytest.mark.parametrize(
    ("option", "value", "target"),
    [
        ("--to-earliest", True, Target(Kind.EARLIEST)),
        ("--to-latest", True, Target(Kind.LATEST)),
        ("--to-current", True, Target(Kind.CURRENT)),
        ("--to-datetime", "2026-01-31", Target(Kind.MOMENT, moment=1_769_817_600_000)),
        ("--to-datetime", "1404/11/11", Target(Kind.MOMENT, moment=1_769_805_000_000)),
        ("--to-offset", ["0=1", "3=4"], Target(Kind.OFFSETS, offsets={0: 1, 3: 4})),
        ("--shift-by", -5, Target(Kind.SHIFT, shift=-5)),
        ("--shift-by", 0, Target(Kind.SHIFT)),
    ],
)
def test_what_an_option_says(option: str, value: object, target: Target) -> None:
    assert _target(OPTIONS, option, value, frozenset()) == target
    assert _target(OPTIONS, option, value, frozenset({3})).partitions == {3}


def test_a_duration_is_before_now() -> None:
    now = now_milliseconds()
    moment = _target(OPTIONS, "--by-duration", "1h", frozenset()).moment
    assert now - 3_600_000 <= moment <= now_milliseconds() - 3_600_000


@pytest.mark.parametrize(
    ("option", "value"),
    [
        ("--to-datetime", ""),
        ("--to-offset", ["0=1", "0=2"]),
        ("--by-duration", "soon"),
        ("--to-offset", ["1"]),
    ],
)
def test_what_an_option_cannot_say(option: str, value: object) -> None:
    with pytest.raises(UsageFailed):
        _target(OPTIONS, option, value, frozenset())


def at(*offsets: int) -> dict[TopicPartition, int]:
    return {TopicPartition("t", number): offset for number, offset in enumerate(offsets)}


@pytest.mark.parametrize(
    ("target", "offsets", "notes"),
    [
        (Target(Kind.EARLIEST), (10, 0, 0), []),
        (Target(Kind.LATEST), (100, 50, 0), []),
        (Target(Kind.CURRENT), (80, 0, 0), []),
        (Target(Kind.SHIFT, shift=-30), (50, 0, 0), ["partition 1: -30", "partition 2: -30"]),
        (
            Target(Kind.SHIFT, shift=-75),
            (10, 0, 0),
            ["partition 0: 5 lies before the oldest record: moved to 10"],
        ),
        (Target(Kind.SHIFT, shift=30), (100, 30, 0), ["partition 0: 110 lies behind the end: moved to 100"]),
        (Target(Kind.OFFSETS, offsets={0: 10, 1: 50, 2: 0}), (10, 50, 0), []),
        (Target(Kind.FILE, offsets={0: 3, 1: 60, 2: 0}), (10, 50, 0), ["partition 0: 3", "partition 1: 60"]),
    ],
)
def test_offsets_of_a_target(target: Target, offsets: tuple[int, ...], notes: list[str]) -> None:
    current = {TopicPartition("t", 0): 80}
    found, told = resolved(target, at(10, 0, 0), at(100, 50, 0), current, None)
    assert found == at(*offsets)
    for note in notes:
        assert any(note in line for line in told), told
    assert bool(told) == bool(notes)


@given(
    st.lists(st.tuples(st.integers(0, 50), st.integers(0, 50), st.none() | st.integers(0, 150)), min_size=1),
    st.integers(-200, 200),
)
def test_a_shift_stays_among_the_records(rows: list[tuple[int, int, int | None]], shift: int) -> None:
    begins, ends = at(*(begin for begin, _, _ in rows)), at(*(begin + size for begin, size, _ in rows))
    current = {TopicPartition("t", n): c for n, (_, _, c) in enumerate(rows) if c is not None}
    found, told = resolved(Target(Kind.SHIFT, shift=shift), begins, ends, current, None)
    assert all(begins[p] <= found[p] <= ends[p] for p in begins)
    here, _ = resolved(Target(Kind.CURRENT), begins, ends, current, None)
    assert len(told) == sum(found[p] != here[p] + shift for p in begins)


def test_a_target_names_partitions_that_are_there() -> None:
    partitions = list(at(0, 0, 0))
    assert [p.partition for p in limited(Target(Kind.LATEST), partitions)] == [0, 1, 2]
    assert [p.partition for p in limited(Target(Kind.LATEST, partitions=frozenset({2})), partitions)] == [2]
    offsets = Target(Kind.OFFSETS, offsets={0: 1, 2: 1}, partitions=frozenset({1, 2}))
    assert [p.partition for p in limited(offsets, partitions)] == [2]
    for target in (
        Target(Kind.LATEST, partitions=frozenset({3})),
        Target(Kind.OFFSETS, offsets={9: 1}),
        Target(Kind.FILE, offsets={0: 1}, partitions=frozenset({1})),
    ):
        with pytest.raises(UsageFailed):
            limited(target, partitions)


def test_a_plan_becomes_a_file() -> None:
    plan = Plan(Group("g", "Empty"), "t", (Move(0, 0, 10, 8, 4), Move(3, 0, 10, None, 0)))
    assert plan.file == PlanFile("t", (PlanSpan(0, 4, 10), PlanSpan(3, 0, 10)))


def test_a_group_goes_its_way() -> None:
    way = Way("t", {0: (5, 10), 1: (0, 4), 2: (3, 3)})
    assert way.total == 9
    assert way.left({}) == {0: (5, 10), 1: (0, 4)}
    assert way.left({0: 7, 1: 4, 2: 0}) == {0: (7, 10)}
    assert way.left({0: 2, 1: 9}) == {0: (5, 10)}  # set back further meanwhile
    assert way.left({0: 10, 1: 4}) == {}


def test_the_pace_is_that_of_the_last_seconds() -> None:
    pace = Pace(span=10)
    assert pace.rate(0, 0) is None
    assert pace.rate(1, 100) == 100
    assert pace.rate(2, 200) == 100
    for second in range(3, 30):
        slow = pace.rate(second, 200 + second)
    assert slow == pytest.approx(1)
    assert [pace.rate(second, 229) for second in range(30, 45)][-1] is None  # nothing moves any more


@pytest.mark.parametrize(
    ("now", "told"),
    [
        (Progress(100, 0, 3, None), "nothing moves yet: 100 records wait for workers"),
        (Progress(100, 40, 3, 20), "20.0 a second, 0:03 left"),
        (Progress(10_000, 0, 3, 1), "1.0 a second, 2:46:40 left"),
    ],
)
def test_progress_is_told(now: Progress, told: str) -> None:
    assert describe(now) == told
