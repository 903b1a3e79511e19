"""`khabar replay` and `khabar status` on a broker: planned, carried out, refused, watched."""

import json
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from kafka import TopicPartition
from kafka.structs import OffsetAndMetadata

from tests.broker.cluster import Khabar, Scenario
from tests.broker.raw_topic import T0, commit_all, committed, member, publish
from workers.operations.groups import alter_group_offsets
from workers.operations.plans import load_plan


@pytest.fixture
def enriched_once(scenario: Scenario) -> dict[int, int]:
    """Forty records with a second between them, all committed; the ends."""
    publish(scenario, [(n % 3, T0 + n * 1000, b"%d" % n) for n in range(40)])
    return commit_all(scenario)


def plan_of(out: str) -> dict[int, tuple[str, ...]]:
    rows = [line.split() for line in out.splitlines()]
    return {int(row[0]): tuple(row[1:]) for row in rows if len(row) == 7 and row[0].isdigit()}


def test_replay_plans_and_changes_nothing(
    scenario: Scenario, khabar: Khabar, enriched_once: dict[int, int]
) -> None:
    assert enriched_once == {0: 14, 1: 13, 2: 13, 3: 0}
    before = committed(scenario)
    code, out, err = khabar("replay", "--to-earliest")
    assert code == 0
    assert plan_of(out) == {
        0: ("0", "14", "14", "0", "14", "0"),
        1: ("0", "13", "13", "0", "13", "0"),
        2: ("0", "13", "13", "0", "13", "0"),
        3: ("0", "0", "0", "0", "0", "0"),
    }
    assert "40 records to come again, 0 records skipped" in out
    assert "nothing was changed" in err
    assert committed(scenario) == before


@pytest.mark.parametrize(
    ("moment", "targets"),
    [
        ("2026-01-31T00:00:10Z", {0: 4, 1: 3, 2: 3, 3: 0}),
        ("2026-01-31T00:00:10.001Z", {0: 4, 1: 4, 2: 3, 3: 0}),
        ("2026-01-31 03:30:10 Asia/Tehran", {0: 4, 1: 3, 2: 3, 3: 0}),
        ("2026-01-30", {0: 0, 1: 0, 2: 0, 3: 0}),
        ("2026-02-01", {0: 14, 1: 13, 2: 13, 3: 0}),
    ],
)
def test_replay_to_a_moment(
    scenario: Scenario, khabar: Khabar, enriched_once: dict[int, int], moment: str, targets: dict[int, int]
) -> None:
    code, out, err = khabar("replay", "--to-datetime", moment, "--execute")
    assert code == 0, err
    again = sum(enriched_once.values()) - sum(targets.values())
    assert f"{again} records will come again" in err or again == 0
    assert {p: int(row[3]) for p, row in plan_of(out).items()} == targets
    assert committed(scenario) == targets


def test_replay_to_offsets(scenario: Scenario, khabar: Khabar, enriched_once: dict[int, int]) -> None:
    code, _, err = khabar("replay", "--to-offset", "0=5", "--to-offset", "2=0", "--execute")
    assert code == 0, err
    assert committed(scenario) == {0: 5, 1: 13, 2: 0, 3: 0}
    code, _, err = khabar("replay", "--to-offset", "0=15")
    assert code == 2
    assert "offsets 0 to 14, not 15" in err


def test_replay_does_not_skip_unasked(
    scenario: Scenario, khabar: Khabar, enriched_once: dict[int, int]
) -> None:
    assert khabar("replay", "--to-offset", "0=5", "--execute")[0] == 0
    code, _, err = khabar("replay", "--to-offset", "0=9", "--execute")
    assert code == 1
    assert "4 records would be skipped" in err
    assert committed(scenario)[0] == 5
    assert khabar("replay", "--to-offset", "0=9", "--execute", "--allow-skip")[0] == 0
    assert committed(scenario)[0] == 9


@pytest.fixture
def live_member(scenario: Scenario, enriched_once: dict[int, int]) -> Iterator[None]:
    consumer, stop = member(scenario), threading.Event()

    def live() -> None:
        while not stop.is_set():
            consumer.poll(100)

    thread = threading.Thread(target=live)
    thread.start()
    yield
    stop.set()
    thread.join()
    consumer.close(autocommit=False)


def test_replay_refuses_a_live_group(
    scenario: Scenario, khabar: Khabar, live_member: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = committed(scenario)
    code, out, err = khabar("replay", "--to-earliest", "--execute")
    assert code == 1
    assert f"group {scenario.name} is live" in err
    assert committed(scenario) == before
    if not scenario.embedded:
        assert "the group is live (khabar@" in out
        code, out, _ = khabar("status")
        assert "Stable: khabar@" in out


@pytest.mark.parametrize(
    ("options", "targets"),
    [
        (("--to-latest",), {0: 14, 1: 13, 2: 13, 3: 0}),
        (("--to-current",), {0: 14, 1: 13, 2: 13, 3: 0}),
        (("--shift-by", "-5"), {0: 9, 1: 8, 2: 8, 3: 0}),
        (("--shift-by", "-13"), {0: 1, 1: 0, 2: 0, 3: 0}),
        (("--shift-by", "5"), {0: 14, 1: 13, 2: 13, 3: 0}),
        (("--to-earliest", "--partition", "1"), {0: 14, 1: 0, 2: 13, 3: 0}),
        (("--shift-by", "-2", "-p", "0", "-p", "2"), {0: 12, 1: 13, 2: 11, 3: 0}),
        (("--to-datetime", "۱۴۰۴/۱۱/۱۱ ۰۳:۳۰:۱۰", "-p", "0"), {0: 4, 1: 13, 2: 13, 3: 0}),
        (("--to-datetime", "1821-01-01"), {0: 0, 1: 0, 2: 0, 3: 0}),  # before Unix time began
    ],
)
def test_replay_to_each_target(
    scenario: Scenario,
    khabar: Khabar,
    enriched_once: dict[int, int],
    options: tuple[str, ...],
    targets: dict[int, int],
) -> None:
    code, out, err = khabar("replay", *options, "--execute")
    assert code == 0, err
    assert committed(scenario) == targets
    clamped = options[:2] in (("--shift-by", "-5"), ("--shift-by", "-13"), ("--shift-by", "5"))
    assert ("partition 3: " in out) is clamped, out


def test_replay_by_a_duration(scenario: Scenario, khabar: Khabar, enriched_once: dict[int, int]) -> None:
    now = int(time.time() * 1000)
    publish(scenario, [(0, now - 5_400_000, b"90 minutes old"), (0, now - 60_000, b"a minute old")])
    commit_all(scenario)
    assert khabar("replay", "--by-duration", "1h", "--execute")[0] == 0
    assert committed(scenario) == {0: 15, 1: 13, 2: 13, 3: 0}
    assert khabar("replay", "--by-duration", "PT2H", "-p", "0", "--execute")[0] == 0
    assert committed(scenario)[0] == 14


def test_a_plan_is_exported_and_followed(
    scenario: Scenario, khabar: Khabar, enriched_once: dict[int, int], tmp_path: Path
) -> None:
    before, plan = tmp_path / "before.json", tmp_path / "plan.json"
    code, _, err = khabar("replay", "--to-current", "--export", before)
    assert code == 0
    assert "the plan is in" in err
    assert khabar("replay", "--shift-by", "-4", "-p", "0", "-p", "1", "--export", plan)[0] == 0
    spans = [(span.partition, span.start, span.end) for span in load_plan(plan).partitions]
    assert spans == [(0, 10, 14), (1, 9, 13)]
    assert load_plan(plan).topic == scenario.settings.topic_name("raw")
    assert committed(scenario) == enriched_once
    assert khabar("replay", "--from-file", plan, "--execute")[0] == 0
    assert committed(scenario) == {0: 10, 1: 9, 2: 13, 3: 0}
    code, _, err = khabar("replay", "--from-file", before, "--execute")
    assert code == 1
    assert "8 records would be skipped" in err
    assert khabar("replay", "--from-file", before, "--execute", "--allow-skip")[0] == 0
    assert committed(scenario) == enriched_once


def test_a_file_of_kafkas_own_tool_is_followed(
    scenario: Scenario, khabar: Khabar, enriched_once: dict[int, int], tmp_path: Path
) -> None:
    topic, path = scenario.settings.topic_name("raw"), tmp_path / "reset.csv"
    path.write_text(f'"{topic}",0,5\n"{topic}",2,99\nanother,1,0\n')
    code, out, err = khabar("replay", "--from-file", path, "--execute")
    assert code == 0, err
    assert "partition 2: 99 lies behind the end: moved to 13" in out
    assert committed(scenario) == {0: 5, 1: 13, 2: 13, 3: 0}


def test_replay_names_partitions_that_are_not_there(
    scenario: Scenario, khabar: Khabar, enriched_once: dict[int, int]
) -> None:
    for options in (("--to-earliest", "-p", "9"), ("--to-offset", "9=0")):
        code, _, err = khabar("replay", *options)
        assert code == 2
        assert "there is no partition 9; there are 4, from 0 on" in err


Work = Callable[..., None]


@pytest.fixture
def work(scenario: Scenario, monkeypatch: pytest.MonkeyPatch) -> Work:
    """Commit (partition, offset) one by one, as workers do, slower than the watcher looks."""

    def will_commit(*offsets: tuple[int, int]) -> None:
        left = list(offsets)

        def wait(_: float) -> None:
            number, offset = left.pop(0)
            partition = TopicPartition(scenario.settings.topic_name("raw"), number)
            places = {partition: OffsetAndMetadata(offset, "", -1)}
            alter_group_offsets(scenario.admin, scenario.settings.group, places)

        monkeypatch.setattr("workers.operations.watching.follow.__defaults__", (wait,))

    return will_commit


def test_replay_is_watched_until_it_is_through(
    scenario: Scenario, khabar: Khabar, enriched_once: dict[int, int], work: Work
) -> None:
    work((0, 6), (1, 13), (0, 9), (2, 13), (0, 14))
    code, _, err = khabar("replay", "--to-datetime", "2026-01-31T00:00:10Z", "--execute", "--watch")
    assert code == 0, err
    assert "30 records will come again" in err
    assert "khabar: through; 30 records in " in err
    assert committed(scenario) == enriched_once


def test_what_waits_is_watched(
    scenario: Scenario, khabar: Khabar, enriched_once: dict[int, int], work: Work
) -> None:
    code, _, err = khabar("replay", "--watch")
    assert (code, err) == (0, "khabar: nothing waits\n")
    assert khabar("replay", "--to-offset", "0=4", "--execute")[0] == 0
    work((0, 9), (0, 14))
    code, _, err = khabar("replay", "--watch")
    assert code == 0
    assert "khabar: through; 10 records in " in err


def test_watching_can_be_left(
    scenario: Scenario, khabar: Khabar, enriched_once: dict[int, int], monkeypatch: pytest.MonkeyPatch
) -> None:
    def interrupt(seconds: float) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("workers.commands.watching.LINE_SECONDS", 0.0)
    monkeypatch.setattr("workers.operations.watching.follow.__defaults__", (interrupt,))
    code, _, err = khabar("replay", "--to-offset", "0=4", "--execute", "--watch")
    assert code == 130
    assert "khabar: 0 of 10, nothing moves yet: 10 records wait for workers" in err
    assert "no longer watched; 10 records left" in err
    assert committed(scenario)[0] == 4


def test_status_tells_the_lag(scenario: Scenario, khabar: Khabar, enriched_once: dict[int, int]) -> None:
    publish(scenario, [(0, T0 + n, b"%d" % n) for n in range(7)])
    code, out, err = khabar("status", "--json")
    assert code == 0, err
    row = json.loads(out)
    assert row["lag"] == 7
    assert row["partitions"][0] == {
        "partition": 0,
        "oldest": 0,
        "committed": 14,
        "end": 21,
        "lag": 7,
        "lost": 0,
    }
    assert row["records"] == {t.name: (47 if t.role == "raw" else 0) for t in scenario.settings.topics}
    assert khabar("status", "--max-lag", 7)[0] == 0
    code, out, _ = khabar("status", "--max-lag", 6)
    assert code == 1
    assert "7 records wait" in out


def test_status_before_anything_was_committed(scenario: Scenario, khabar: Khabar) -> None:
    publish(scenario, [(1, T0, b"x")])
    code, out, err = khabar("status")
    assert code == 0, err
    assert "1 record wait" in out


def test_what_was_deleted_unread_is_lost(
    scenario: Scenario, khabar: Khabar, enriched_once: dict[int, int]
) -> None:
    if scenario.embedded:
        pytest.skip("the embedded broker deletes no records")
    publish(scenario, [(0, T0 + n, b"%d" % n) for n in range(7)])
    partition = TopicPartition(scenario.settings.topic_name("raw"), 0)
    scenario.admin.delete_records({partition: 16})
    code, out, err = khabar("status", "--json")
    assert code == 0, err
    row = json.loads(out)
    assert row["partitions"][0] == {
        "partition": 0,
        "oldest": 16,
        "committed": 14,
        "end": 21,
        "lag": 5,
        "lost": 2,
    }
    assert (row["lag"], row["lost"]) == (5, 2)
    assert row["notes"] == ["partition 0: offsets 14 to 15 were deleted unread"]
    code, out, _ = khabar("status", "--max-lag", 5)
    assert code == 0
    assert "5 records wait, 2 records lost" in out
    scenario.admin.delete_records({partition: -1})  # all of it
    code, out, _ = khabar("status", "--json", "--max-lag", 0)
    assert (code, json.loads(out)["lost"]) == (0, 7)
    code, out, _ = khabar("replay", "--shift-by", "-3")
    assert "partition 0: 18 lies before the oldest record: moved to 21" in out
