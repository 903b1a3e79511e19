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
from workers.enrichment.dead_letters import dead_letter, smaller
from workers.enrichment.records import Outcome, RawRecord

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
    """Put dead letters of five reasons on partition 1; returns their bytes."""
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
    assert rows[1][2:7] == ["undecodable", "decode", "1", "the.raw[3]@41", "key-1"]
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
        smaller(timed_out(record(3, b"x" * 100))),
    ]
    bury(scenario, outcomes)


@pytest.fixture
def told_apart(scenario: Scenario) -> None:
    """On partition 1, a second between them: two agencies, three reasons, a value that is no JSON."""
    rows = [
        (Reason.EMPTY, '{"agency": "ایسنا"}'),
        (Reason.EMPTY, '{"agency": "ایسنا"}'),
        (Reason.TIMEOUT, '{"agency": "ایرنا", "body": "x"}'),
        (Reason.MALFORMED_JSON, "{"),
    ]
    bury(
        scenario,
        [
            dead_letter(RawRecord("the.raw", n % 2, n, T0, b"k", value.encode(), ()), reason, "clean", "why")
            for n, (reason, value) in enumerate(rows)
        ],
    )


@pytest.mark.usefixtures("told_apart")
@pytest.mark.parametrize(
    ("options", "offsets"),
    [
        ((), [0, 1, 2, 3]),
        (("--since", str(T0 + 1000)), [1, 2, 3]),
        (("--until", str(T0 + 1000)), [0, 1]),
        (("--until", "2026-01-31"), [0, 1, 2, 3]),  # to the end of that day
        (("--until", "1404/11/10"), []),
        (("--source", "the.raw"), [0, 1, 2, 3]),
        (("--source", "the.raw:1"), [1, 3]),
        (("--source", "the.raw:1:3"), [3]),
        (("--agency", "ایسنا"), [0, 1]),
        (
            (
                "--agency",
                "ایسنا",
                "--agency",
                "ایرنا",
                "-r",
                "timeout",
                "-r",
                "empty",
                "--since",
                str(T0 + 1),
            ),
            [1, 2],
        ),
    ],
)
def test_dead_letters_are_chosen(khabar: Khabar, options: tuple[str, ...], offsets: list[int]) -> None:
    code, out, err = khabar("dead", "list", "--json", *options)
    assert code == 0, err
    assert [json.loads(line)["offset"] for line in out.splitlines()] == offsets
    assert "khabar: 4 dead letters: 2 empty, 1 malformed_json, 1 timeout" in err
    assert (f"; {len(offsets)} asked for" in err) is (len(offsets) < 4)


@pytest.mark.usefixtures("told_apart")
def test_dead_letters_are_counted_together(khabar: Khabar) -> None:
    code, out, err = khabar("dead", "list", "--by", "reason,agency")
    assert code == 0, err
    rows = [line.split() for line in out.splitlines() if "2026-01-31" in line]
    assert rows[0] == ["empty", "ایسنا", "2", "2026-01-31T00:00:00.000Z", "2026-01-31T00:00:01.000Z"]
    assert [row[:3] for row in rows[1:]] == [["malformed_json", "–", "1"], ["timeout", "ایرنا", "1"]]
    code, out, err = khabar("dead", "list", "--by", "topic,partition", "--json", "-n", 1)
    assert [json.loads(line) for line in out.splitlines()] == [
        {"topic": "the.raw", "partition": "0", "count": 2, "first": T0, "last": T0 + 2000}
    ]
    assert "khabar: 4 dead letters; 1 counts of 2 shown" in err


def listed(khabar: Khabar, *options: object) -> list[int]:
    code, out, err = khabar("dead", "list", "--json", *options)
    assert code == 0, err
    return [json.loads(line)["offset"] for line in out.splitlines()]


@pytest.mark.usefixtures("told_apart")
def test_dropped_letters_are_left_out_until_they_are_brought_back(scenario: Scenario, khabar: Khabar) -> None:
    code, out, err = khabar("dead", "drop", "--until", T0 + 1000)
    assert code == 0, err
    assert "2 dead letters to be dropped, 0 to be brought back" in err
    assert "nothing was changed" in err
    assert listed(khabar) == [0, 1, 2, 3]
    assert khabar("dead", "drop", "--until", T0 + 1000, "--execute")[0] == 0
    assert listed(khabar) == [2, 3]
    assert listed(khabar, "--dropped") == [0, 1, 2, 3]
    code, out, err = khabar("dead", "list", "--by", "reason", "--json")
    assert [json.loads(line)["reason"] for line in out.splitlines()] == ["malformed_json", "timeout"]
    assert "2 before the mark of `khabar dead drop` left out (--dropped takes them, too)" in err
    code, _, err = khabar("dead", "resend", "--reason", "empty")
    assert "khabar: 0 dead letters; 2 before the mark" in err
    code, _, err = khabar("dead", "resend", "1:0", "--execute")
    assert code == 1
    assert "--dropped takes them, too" in err
    assert resent(scenario) == []
    assert khabar("dead", "resend", "1:0", "--dropped", "--execute")[0] == 0
    assert len(resent(scenario)) == 1
    assert khabar("dead", "show", "1:0")[0] == 0
    code, out, err = khabar("dead", "drop", "1:1", "--execute")
    assert "0 dead letters to be dropped, 1 to be brought back" in err
    assert listed(khabar) == [1, 2, 3]
    assert khabar("dead", "drop", "--all", "--execute")[0] == 0
    assert listed(khabar) == []
    for wrong, told in (("1:5", "partition 1 ends at 4, before 5"), ("9:0", "there is no partition 9")):
        code, _, err = khabar("dead", "drop", wrong)
        assert code == 2
        assert told in err


@pytest.mark.usefixtures("told_apart")
def test_the_mark_is_kept_alive_by_those_who_read_it(
    scenario: Scenario, khabar: Khabar, monkeypatch: pytest.MonkeyPatch
) -> None:
    if scenario.embedded:
        pytest.skip("the embedded broker keeps no note with an offset")

    def committed() -> dict[int, tuple[int, str]]:
        group = f"{scenario.settings.group}.dead"
        found = scenario.admin.list_group_offsets(group)[group]
        return {p.partition: (place.offset, place.metadata) for p, place in found.items()}

    assert khabar("dead", "drop", "1:2", "--execute")[0] == 0
    before = committed()
    assert before[1][0] == 2
    assert listed(khabar) == [2, 3]
    assert committed() == before
    monkeypatch.setattr("workers.operations.dead_marks.RENEW_MILLISECONDS", -1)
    assert listed(khabar) == [2, 3]
    renewed = committed()
    assert renewed[1][0] == 2
    assert renewed[1][1] > before[1][1]


def test_what_died_three_times_is_not_sent_unasked(scenario: Scenario, khabar: Khabar) -> None:
    carried = [(headers.ERROR_ATTEMPT, b"%d" % n) for n in range(1, 4)]
    rows = [RawRecord("the.raw", 0, n, T0, b"k%d" % n, b"%d" % n, (told,)) for n, told in enumerate(carried)]
    bury(scenario, [dead_letter(row, Reason.TIMEOUT, "entities", "took long") for row in rows])
    code, out, err = khabar("dead", "list", "--json")
    assert [json.loads(line)["attempt"] for line in out.splitlines()] == ["2", "3", "4"]
    code, _, err = khabar("dead", "resend", "--reason", "timeout", "--execute")
    assert code == 0
    assert "1 dead letter: 1 timeout; died twice: 1; 2 died 3 times or more (--force sends them, too)" in err
    assert [value for _, value, _ in resent(scenario)] == [b"0"]
    code, _, err = khabar("dead", "resend", "--reason", "timeout", "--max-attempts", 4)
    assert "2 dead letters: 2 timeout; died twice: 1, 3 times: 1; 1 died 4 times or more" in err
    code, _, err = khabar("dead", "resend", "1:2", "--force", "--execute")
    assert code == 0
    assert "1 dead letter: 1 timeout; died 4 times: 1" in err
    assert [value for _, value, _ in resent(scenario)] == [b"0", b"2"]


def test_letters_without_key_or_value_do_no_harm(scenario: Scenario, khabar: Khabar) -> None:
    parts: list[tuple[bytes | None, bytes | None]] = [(None, b"x"), (b"k", None), (None, None)]
    rows = [RawRecord("the.raw", 0, n, T0, key, value, ()) for n, (key, value) in enumerate(parts)]
    bury(scenario, [dead_letter(row, Reason.EMPTY, "decode", "nothing") for row in rows])
    assert listed(khabar) == [0, 1, 2]
    for command in (("dead", "list", "--by", "agency"), ("tail", "dead"), ("tail", "dead", "--json")):
        code, out, err = khabar(*command)
        assert code == 0, err
        assert out
    code, out, _ = khabar("dead", "show", "1:1")
    assert (code, out.splitlines()[-1]) == (0, "value        none")
    assert khabar("dead", "show", "1:1", "--raw") == (0, "", "")
    code, _, err = khabar("dead", "resend", "--reason", "empty", "--execute")
    assert code == 3
    assert "1:2: null: the record had neither key nor value, and no client sends such a one" in err
    assert sorted((k or b"", v) for k, v, _ in resent_records(scenario)) == [(b"", b"x"), (b"k", None)]


def test_letters_without_their_key_or_headers_are_not_sent(scenario: Scenario, khabar: Khabar) -> None:
    large = RawRecord("the.raw", 3, 5, T0, b"k" * 2000, b"", (("h", b"x" * 2000),))
    letter = dead_letter(large, Reason.TOO_LARGE, "send", "large")
    bury(scenario, [smaller(letter), smaller(smaller(letter))])
    code, _, err = khabar("dead", "resend", "--reason", "too_large", "--execute")
    assert code == 3
    assert "the key (2000 bytes) and the headers (2001 bytes) did not fit into a dead letter" in err
    assert resent_records(scenario) == []
    code, _, err = khabar("dead", "show", "1:0")
    assert "the key (2000 bytes) was too large for this topic; it lies at the.raw[3]@5" in err


def resent_records(scenario: Scenario) -> list[tuple[bytes | None, bytes | None, list[tuple[str, bytes]]]]:
    return [(r.key, r.value, list(r.headers)) for r in scenario.collect("raw")["raw"]]


def resent(scenario: Scenario) -> list[tuple[bytes | None, bytes | None, list[tuple[str, bytes]]]]:
    return sorted(resent_records(scenario), key=lambda row: (row[0] or b"", row[1] or b""))


@pytest.mark.usefixtures("died")
def test_resend_counts_and_sends_nothing_unasked(scenario: Scenario, khabar: Khabar) -> None:
    code, out, err = khabar("dead", "resend", "--reason", "timeout", "--reason", "schema")
    assert (code, out) == (0, "")
    assert "4 dead letters: 1 schema, 3 timeout; died once: 3, twice: 1; 1 more hold the same records" in err
    assert "nothing was sent" in err
    assert resent(scenario) == []


@pytest.mark.usefixtures("died")
def test_resend_sends_the_records_as_they_were(scenario: Scenario, khabar: Khabar) -> None:
    code, _, err = khabar("dead", "resend", "--reason", "timeout", "--execute")
    assert code == 3
    assert (
        "1:4: omitted: the value (100 bytes) did not fit into a dead letter; it lies at the.raw[3]@3" in err
    )
    assert f"2 records confirmed on {scenario.settings.topic_name('raw')}; 1 not sent (1 omitted)" in err
    assert resent(scenario) == [
        (b"key-1", b"twice", [("traceparent", b"00-1"), (headers.ERROR_ATTEMPT, b"2")]),
        (b"key-2", None, [("traceparent", b"00-1"), (headers.ERROR_ATTEMPT, b"1")]),
    ]


@pytest.mark.usefixtures("died")
@pytest.mark.parametrize(
    ("choice", "keys"),
    [
        (["--source", "the.raw:3:0"], [b"key-0"]),
        (["--source", "the.raw:3", "--until", str(T0 + 1000)], [b"key-0", b"key-1"]),
        (["--source", "another"], []),
        (["--agency", "ایسنا"], []),
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
