"""`khabar dead` on a broker: dead letters listed, shown, sent again."""

import json
import os
import subprocess
import sys

import pytest
from kafka import KafkaProducer

from schemas import headers
from schemas.reasons import Reason
from tests.broker.cluster import ROOT, Khabar, Scenario
from workers.stream.dead_letters import dead_letter, without_value
from workers.stream.records import Outcome, RawRecord

T0 = 1_769_817_600_000  # 2026-01-31T00:00Z


def bury(scenario: Scenario, outcomes: list[Outcome]) -> None:
    """Put dead letters on partition 1, a second between them."""
    producer = KafkaProducer(**scenario.settings.kafka_options())
    for number, outcome in enumerate(outcomes):
        (output,) = outcome.outputs
        producer.send(
            scenario.settings.topic_name("dead"),
            key=output.key,
            value=output.value,
            headers=list(output.headers),
            partition=1,
            timestamp_ms=T0 + 1000 * number,
        ).get(30)
    producer.close()


@pytest.fixture
def buried(scenario: Scenario) -> list[bytes]:
    """Dead letters of five reasons on partition 1; their bytes."""
    values = [b'{"id": "cut', b"\xd3\xe1\x00\xff", b"{}", b'{"id":"4","body":""}', b"x" * 5000]
    reasons = [Reason.MALFORMED_JSON, Reason.UNDECODABLE, Reason.SCHEMA, Reason.EMPTY, Reason.INTERNAL]
    outcomes = []
    for number, (value, reason) in enumerate(zip(values, reasons, strict=True)):
        raw = RawRecord("the.raw", 3, 40 + number, T0, b"key-%d" % number, value, (("traceparent", b"00-1"),))
        error = ValueError("odd") if reason is Reason.INTERNAL else None
        outcomes.append(dead_letter(raw, reason, "decode", f"why {number}", error))
    bury(scenario, outcomes)
    return values


def test_dead_letters_are_listed_and_counted(khabar: Khabar, buried: list[bytes]) -> None:
    code, out, err = khabar("dead", "list")
    assert code == 0
    assert "5 dead letters: 1 empty, 1 internal, 1 malformed_json, 1 schema, 1 undecodable" in err
    rows = [line.split() for line in out.splitlines() if line.strip().startswith("1:")]
    assert [row[0] for row in rows] == ["1:0", "1:1", "1:2", "1:3", "1:4"]
    assert rows[1][2:6] == ["undecodable", "decode", "the.raw[3]@41", "key-1"]
    code, out, err = khabar("dead", "list", "--reason", "schema", "--json")
    assert [json.loads(line)["source"] for line in out.splitlines()] == [
        {"topic": "the.raw", "partition": "3", "offset": "42"}
    ]
    assert "1 shown" in err
    code, out, err = khabar("dead", "list", "-n", 2, "--json")
    assert [json.loads(line)["offset"] for line in out.splitlines()] == [3, 4]


def test_a_dead_letter_is_shown_whole(khabar: Khabar, buried: list[bytes]) -> None:
    code, out, _ = khabar("dead", "show", "1:4")
    assert code == 0
    for part in (
        "the.raw[3]@44",
        "internal",
        "why 4",
        "ValueError",
        "key-4",
        "traceparent: 00-1",
        "5,000 bytes",
    ):
        assert part in out
    code, out, _ = khabar("dead", "show", "1:1", "--json")
    assert json.loads(out)["value_base64"] == "0+EA/w=="
    for wrong in ("1:5", "9:0", "0:0"):
        code, out, err = khabar("dead", "show", wrong)
        assert (code, out) == (1, ""), wrong
        assert "news.dead" in err


def test_the_bytes_of_a_dead_letter_are_untouched(scenario: Scenario, buried: list[bytes]) -> None:
    command = [sys.executable, "-m", "workers", "dead", "show", "1:1", "--raw"]
    done = subprocess.run(
        command, env={**os.environ, **scenario.environment}, cwd=ROOT, capture_output=True, check=True
    )
    assert done.stdout == buried[1]


@pytest.fixture
def died(scenario: Scenario) -> None:
    """On partition 1: a record that died, one that died twice, a tombstone, one too large for its letter."""

    def record(number: int, value: bytes | None, *carried: tuple[str, bytes]) -> RawRecord:
        return RawRecord(
            "the.raw", 3, number, T0, b"key-%d" % number, value, (("traceparent", b"00-1"), *carried)
        )

    def timed_out(raw: RawRecord) -> Outcome:
        return dead_letter(raw, Reason.TIMEOUT, "entities", "took long")

    again = (headers.ERROR_ATTEMPT, b"1")
    outcomes = [
        dead_letter(record(0, b"{}"), Reason.SCHEMA, "decode", "no body"),
        timed_out(record(1, b"twice")),
        timed_out(record(1, b"twice", again)),
        timed_out(record(2, None)),
        without_value(timed_out(record(3, b"x" * 100))),
    ]
    bury(scenario, outcomes)


def resent(scenario: Scenario) -> list[tuple[bytes, bytes | None, list[tuple[str, bytes]]]]:
    records = scenario.collect("raw")["raw"]
    return sorted((r.key, r.value, list(r.headers)) for r in records)


@pytest.mark.usefixtures("died")
def test_resend_counts_and_sends_nothing_unasked(scenario: Scenario, khabar: Khabar) -> None:
    code, out, err = khabar("dead", "resend", "--reason", "timeout", "--reason", "schema")
    assert (code, out) == (0, "")
    assert "4 dead letters: 1 schema, 3 timeout; 1 more hold the same records" in err
    assert "nothing was sent" in err
    assert resent(scenario) == []


@pytest.mark.usefixtures("died")
def test_resend_sends_the_records_as_they_were(scenario: Scenario, khabar: Khabar) -> None:
    code, _, err = khabar("dead", "resend", "--reason", "timeout", "--execute")
    assert code == 3
    assert (
        "1:4: value_omitted: the value (100 bytes) was too large for a dead letter; it lies at the.raw[3]@3"
        in err
    )
    assert (
        f"2 records confirmed on {scenario.settings.topic_name('raw')}; 1 not sent (1 value_omitted)" in err
    )
    assert resent(scenario) == [
        (b"key-1", b"twice", [("traceparent", b"00-1"), (headers.ERROR_ATTEMPT, b"2")]),
        (b"key-2", None, [("traceparent", b"00-1"), (headers.ERROR_ATTEMPT, b"1")]),
    ]


@pytest.mark.usefixtures("died")
@pytest.mark.parametrize(
    ("choice", "keys"),
    [
        (["1:0"], [b"key-0"]),
        (["1:0", "1:1"], [b"key-0", b"key-1"]),
        (["1:0", "1:3", "--reason", "schema", "--reason", "timeout"], [b"key-0", b"key-2"]),
        (["--since", str(T0 + 3000), "--reason", "timeout"], [b"key-2"]),
        (["--since", str(T0 + 9000)], []),
    ],
)
def test_resend_chooses(scenario: Scenario, khabar: Khabar, choice: list[str], keys: list[bytes]) -> None:
    code, _, err = khabar("dead", "resend", *choice, "--execute")
    assert code in (0, 3), err
    assert [key for key, *_ in resent(scenario)] == keys


@pytest.mark.usefixtures("died")
@pytest.mark.parametrize(
    ("choice", "code", "told"),
    [
        ([], 2, "say which"),
        (["--reason", "bored"], 2, "'bored' is no reason"),
        (["7"], 2, "7"),
        (["1:0", "1:9", "0:3"], 1, "no dead letter that fits lies at 0:3, 1:9"),
        (["1:0", "--reason", "timeout"], 1, "no dead letter that fits lies at 1:0"),
    ],
)
def test_resend_names_what_is_wrong(
    scenario: Scenario, khabar: Khabar, choice: list[str], code: int, told: str
) -> None:
    found, out, err = khabar("dead", "resend", *choice, "--execute")
    assert (found, out) == (code, "")
    assert told in err
    assert resent(scenario) == []
