"""Replay plans, topic differences, lags: the arithmetic, without a broker."""

from types import SimpleNamespace
from typing import Any

import pytest

from schemas.topics import TOPICS
from workers.commands.replay import _target
from workers.failures import UsageFailed
from workers.operations.groups import Group, look_at_group
from workers.operations.lag import PartitionLag
from workers.operations.replay import Move, Plan
from workers.operations.tail import parse_place, parse_start
from workers.operations.topics import Difference, Found, differences
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

    def odd(_: object) -> object:
        raise ValueError("15 is not a valid ACLOperation")

    assert look_at_group(SimpleNamespace(describe_groups=odd), "g") == Group("g", None)  # type: ignore[arg-type]


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


def test_a_replay_has_one_target() -> None:
    assert _target(True, None, []).earliest
    assert _target(False, "2026-01-31", []).moment == 1_769_817_600_000
    assert _target(False, None, ["0=1", "3=4"]).offsets == {0: 1, 3: 4}
    for arguments in (
        (False, None, []),
        (True, "2026-01-31", []),
        (True, None, ["0=1"]),
        (False, None, ["0=1", "0=2"]),
    ):
        with pytest.raises(UsageFailed):
            _target(*arguments)  # type: ignore[arg-type]
