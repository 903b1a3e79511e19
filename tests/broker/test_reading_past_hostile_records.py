"""Commands report records that no well-behaved client sends, and read all others."""

import json
import os
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

from deploy.kafka.run import Kafka
from schemas import headers
from tests.broker.articles import article, encoded
from tests.broker.cluster import Khabar, Scenario
from tests.broker.conftest import run_command
from tests.broker.raw_batches import BatchSender, Record
from tests.broker.raw_topic import T0, commit_all, committed
from workers.operations.fetching import WHOLE_BYTES

ODD = ((b"caf\xe9", b"1"),)
SECOND = 1000
LATIN = "undecodable: the name of a header is not UTF-8 (escaped here)"


@pytest.fixture(scope="module")
def hostile(new_scenario: Callable[..., Scenario]) -> Scenario:
    """On the raw topic: at 0:0 a name in Latin-1, then good ones; at 1:1 a value of 65 MiB between good ones.

    The same name at 0:0 of the dead letters and of the statements.
    """
    scenario = new_scenario(partitions=2)
    scenario.create_topics()
    good = [Record(b"good", encoded(article(n)), (), T0 + n * SECOND) for n in range(1, 5)]
    with closing(BatchSender(scenario.brokers, scenario.settings.topic_name("raw"))) as sender:
        sender.send(0, [Record(b"latin", encoded(article(0)), ODD, T0), good[0]])
        sender.send(0, good[1:])
        large = Record(b"large", b"\0" * (WHOLE_BYTES + 1), (), T0 + SECOND)
        sender.send(1, [good[0], large, good[1]], "zstd")
    letter = ((headers.ERROR_REASON.encode(), b"internal"), (headers.ERROR_MESSAGE.encode(), b"why"))
    with closing(BatchSender(scenario.brokers, scenario.settings.topic_name("dead"))) as sender:
        sender.send(0, [Record(b"latin", b"{}", (*ODD, *letter), T0), Record(b"k", b"{}", letter, T0 + 1)])
    with closing(BatchSender(scenario.brokers, scenario.settings.topic_name("statements"))) as sender:
        sender.send(0, [Record(b"latin", b"{}", ODD, T0)])
    return scenario


@pytest.fixture
def khabar(hostile: Scenario, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Khabar:
    for name, value in hostile.environment.items():
        monkeypatch.setenv(name, value)
    monkeypatch.chdir(tmp_path)
    return run_command


def test_tail_tells_what_is_wrong_and_reads_on(khabar: Khabar) -> None:
    code, out, err = khabar("tail", "raw", "--from", "0:0")
    assert code == 0, err
    rows = out.splitlines()
    assert [row.split()[0] for row in rows] == ["0:0", "0:1", "0:2", "0:3", "0:4"]
    assert LATIN in rows[0]
    code, out, err = khabar("tail", "raw", "--from", "1:0")
    assert code == 0, err
    assert "too_large: too large to be read whole: value 67,108,865 bytes" in out.splitlines()[1]
    assert len(out.splitlines()) == 3
    code, out, err = khabar("tail", "raw")
    assert (code, len(out.splitlines())) == (0, 8), err


def test_tail_in_json(khabar: Khabar) -> None:
    code, out, err = khabar("tail", "raw", "--from", "beginning", "--json")
    assert code == 0, err
    rows = {(row["partition"], row["offset"]): row for row in map(json.loads, out.splitlines())}
    assert len(rows) == 8
    odd, large = rows[0, 0], rows[1, 1]
    assert odd["headers"] == {"caf\\xe9": "1"}
    assert odd["value"]["id"] == "article-0"
    assert odd["fault"]["reason"] == "undecodable"
    assert large["value"] is None
    assert large["fault"]["omitted"] == {"value": WHOLE_BYTES + 1}
    assert sum("fault" in row for row in rows.values()) == 2


def test_tail_of_bare_values(khabar: Khabar) -> None:
    code, out, err = khabar("tail", "raw", "--from", "beginning", "--value")
    assert code == 0, err
    assert len(out.splitlines()) == 7  # none for the value that was left out
    assert f"khabar: 0:0: {LATIN}" in err
    assert "khabar: 1:1: too_large" in err


@pytest.mark.parametrize(
    ("moment", "targets"),
    [
        ("2026-01-31T00:00:02Z", {0: 2, 1: 2}),
        ("2026-01-30", {0: 0, 1: 0}),
        ("2026-01-31T00:00:01Z", {0: 1, 1: 0}),
    ],
)
def test_a_group_is_set_back_by_time_past_them(
    hostile: Scenario, khabar: Khabar, moment: str, targets: dict[int, int]
) -> None:
    commit_all(hostile)
    code, _, err = khabar("replay", "--to-datetime", moment, "--execute")
    assert code == 0, err
    assert committed(hostile) == targets


def test_status_counts_them(hostile: Scenario, khabar: Khabar) -> None:
    commit_all(hostile)
    assert khabar("replay", "--to-earliest", "--execute")[0] == 0
    code, out, err = khabar("status", "--json")
    assert code == 0, err
    assert json.loads(out)["lag"] == 8


def test_dead_letters_are_listed_shown_and_not_sent_again(khabar: Khabar) -> None:
    code, out, err = khabar("dead", "list", "--json")
    assert code == 0, err
    odd, whole = map(json.loads, out.splitlines())
    assert (odd["offset"], odd["reason"], odd["fault"]) == (0, "internal", LATIN)
    assert "fault" not in whole
    assert "undecodable: the name" in khabar("dead", "list")[1]
    code, out, err = khabar("dead", "show", "0:0")
    assert code == 0, err
    assert f"this letter  {LATIN}" in out
    code, _, err = khabar("dead", "resend", "0:0", "--execute")
    assert code == 3
    assert "the letter itself is not whole" in err


def test_statements_tell_them(khabar: Khabar) -> None:
    code, _, err = khabar("statements")
    assert code == 3, err
    assert "the name of a header is not UTF-8" in err


@pytest.mark.skipif(
    "KHABAR_TEST_BROKERS" not in os.environ, reason="needs Apache Kafka, whose files are spoiled"
)
@pytest.mark.slow
def test_a_broken_batch_is_one_sentence_with_its_place(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    kafka = Kafka(tmp_path / "kafka")
    kafka.start()
    try:
        scenario = Scenario(kafka.address, tmp_path, embedded=False, partitions=1)
        scenario.create_topics()
        topic = scenario.settings.topic_name("raw")
        with closing(BatchSender(kafka.address, topic)) as sender:
            for number in range(4):
                sender.send(0, [Record(b"k", encoded(article(number)), ODD, T0 + number * SECOND)])
        scenario.disconnect()
        kafka.stop()
        (segment,) = (kafka.folder / "data" / f"{topic}-0").glob("*.log")
        held = bytearray(segment.read_bytes())
        second = 12 + int.from_bytes(held[8:12], "big")
        held[second + 70] ^= 0xFF
        segment.write_bytes(held)
        kafka.start()
        scenario.connect()
        for name, value in scenario.environment.items():
            monkeypatch.setenv(name, value)
        damaged = "the batch there is damaged (its checksum (CRC) is wrong)"
        told = f"khabar: {topic} cannot be read on at 0:1: {damaged}"
        for arguments in (["--from", "beginning"], ["--from", "0:1"], ["--from", "0:1", "--follow"]):
            code, out, err = run_command("tail", "raw", *arguments)
            assert code == 1
            assert told in err
            assert f"`khabar tail {topic} --from 0:2` reads behind it" in err
            assert len(out.splitlines()) == (arguments[1] == "beginning")
        code, out, err = run_command("tail", topic, "--from", "0:2")
        assert (code, len(out.splitlines())) == (0, 2), err
        code, out, err = run_command("tail", topic, "--from", "0:0", "-n", "1")
        assert (code, len(out.splitlines())) == (0, 1), err
        code, out, err = run_command("status", "--json")
        assert (code, json.loads(out)["lag"]) == (0, 4), err
        code, _, err = run_command(
            "replay", "--to-datetime", "2026-01-31T00:00:03Z", "--allow-skip", "--execute"
        )
        assert code == 0, err
        assert committed(scenario) == {0: 3}
        scenario.close()
    finally:
        kafka.stop()
