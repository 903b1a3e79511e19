"""The commands on a broker, as their user types them."""

import base64
import json
import random
import threading
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.broker.cluster import Khabar, Scenario, wait_for
from tests.broker.raw_topic import T0, publish
from workers.operations.tail import Start, tail

BODY = "استاندار گفت: پل تازه تا مهر باز می‌شود و ساخت آن دو سال طول کشید."


def test_topics_are_created_and_checked(
    new_scenario: Callable[..., Scenario], khabar: Khabar, monkeypatch: pytest.MonkeyPatch
) -> None:
    bare = new_scenario()
    monkeypatch.setenv("KHABAR_TOPIC_PREFIX", f"{bare.name}.")
    code, out, _ = khabar("topics", "check")
    assert code == 1
    assert out.count("missing") == 5
    code, out, err = khabar("topics", "create")
    assert (code, out.count(": created")) == (0, 5), err
    code, out, _ = khabar("topics", "create")
    assert (code, out.count(": there already")) == (0, 5)
    code, out, err = khabar("topics", "check")
    assert (code, out) == (0, "5 topics, all as declared\n"), err
    code, out, _ = khabar("topics", "describe")
    assert code == 0
    assert f"{bare.name}.news.statements" in out


def test_differences_are_told(scenario: Scenario, khabar: Khabar) -> None:
    code, out, _ = khabar("topics", "check")
    assert code == 1
    rows = [line.split() for line in out.splitlines() if "partitions" in line]
    assert [f"{scenario.name}.news.raw", "partitions", "8", "4"] in rows


def test_produce_publishes_what_is_good_and_names_the_rest(
    scenario: Scenario, khabar: Khabar, tmp_path: Path
) -> None:
    good = [
        '{"id":"a-1",   "body":"\\u0633لام", "odd": [1.50]}'.encode(),
        json.dumps({"url": "https://a.example/2", "body": BODY}).encode(),
        json.dumps({"body": BODY}).encode(),
    ]
    bad = [b'{"id": "x", "body": "cut', b'{"id": [3], "body": "x"}', b"\xd3\xe1", b'{"id": "y"}']
    path = tmp_path / "crawl.jsonl"
    path.write_bytes(b"\n".join([good[0], bad[0], good[1], bad[1], bad[2], good[2], bad[3]]))
    code, out, err = khabar("produce", path)
    assert (code, out) == (3, "")
    assert "3 articles confirmed" in err
    assert "4 left out (2 schema, 1 malformed_json, 1 undecodable)" in err
    for number, reason in ((2, "malformed_json"), (4, "schema"), (5, "undecodable"), (7, "schema")):
        assert f"{path}:{number}: {reason}: " in err
    records = {r.value: r for r in scenario.collect("raw")["raw"]}
    assert records[good[0]].key == b"a-1"
    assert len(records[good[1]].key) == 32
    (third,) = [r for r in records.values() if r.key.startswith(b"crawl.jsonl:6:")]
    assert json.loads(third.value) == {"body": BODY, "id": third.key.decode()}
    assert all(("content-type", b"application/json") in r.headers for r in records.values())


def test_produce_unchecked_sends_everything(scenario: Scenario, khabar: Khabar, tmp_path: Path) -> None:
    rows = [b'{"id": "x", "body": "cut', b"\xd3\xe1\x00", b'{"id": "a", "body": "x"}']
    (tmp_path / "a.jsonl").write_bytes(b"\n".join(rows))
    code, _, err = khabar("produce", "a.jsonl", "--unchecked")
    assert code == 0, err
    assert sorted((r.value, r.key) for r in scenario.collect("raw")["raw"]) == sorted(
        zip(rows, (None, None, b"a"), strict=True), key=lambda pair: pair[0]
    )


def test_produce_from_standard_input(scenario: Scenario, khabar: Khabar) -> None:
    code, _, err = khabar("produce", "-", stdin=json.dumps({"id": "1", "body": BODY}).encode())
    assert code == 0, err
    assert [r.key for r in scenario.collect("raw")["raw"]] == [b"1"]


def test_produce_says_what_is_too_large(scenario: Scenario, khabar: Khabar, tmp_path: Path) -> None:
    noise = base64.b64encode(random.Random(1).randbytes(900_000)).decode()  # noqa: S311 - bulk
    path = tmp_path / "a.jsonl"
    rows = [{"id": "1", "body": BODY}, {"id": "2", "body": noise}, {"id": "3", "body": BODY}]
    path.write_text("\n".join(json.dumps(row, ensure_ascii=False) for row in rows))
    code, _, err = khabar("produce", path)
    got = {r.key for r in scenario.collect("raw")["raw"]}
    assert code == 3
    assert f"{path}:2: too_large: 1,2" in err
    assert "an article may have 1,048,576 (KHABAR_MAX_BYTES)" in err
    assert got == {b"1", b"3"}


def test_commands_name_the_topic_that_is_missing(scenario: Scenario, khabar: Khabar, tmp_path: Path) -> None:
    (tmp_path / "a.jsonl").write_text('{"id": "1", "body": ""}')
    for arguments in (("produce", "a.jsonl", "-t", "nowhere"), ("tail", "nowhere")):
        code, out, err = khabar(*arguments)
        assert (code, out) == (1, "")
        assert "no topic nowhere" in err


def test_tail_from_anywhere(scenario: Scenario, khabar: Khabar) -> None:
    publish(
        scenario, [(n % 2, T0 + n * 1000, b'{"id":"%d","title":"t%d","body":""}' % (n, n)) for n in range(20)]
    )

    def ids(*arguments: object) -> list[str]:
        code, out, err = khabar("tail", "raw", "--value", *arguments)
        assert code == 0, err
        return [json.loads(line)["id"] for line in out.splitlines()]

    assert ids() == [str(n) for n in range(10, 20)]
    assert ids("-n", 3) == ["17", "18", "19"]
    assert sorted(ids("--from", "beginning"), key=int) == [str(n) for n in range(20)]
    assert len(ids("--from", "beginning", "-n", 7)) == 7
    assert ids("--from", "1:8") == ["17", "19"]
    assert sorted(ids("--from", "0:9,1:9")) == ["18", "19"]
    assert sorted(ids("--from", "2026-01-31T00:00:15Z")) == ["15", "16", "17", "18", "19"]
    assert sorted(ids("--from", "2026-01-31 03:30:16 Asia/Tehran")) == ["16", "17", "18", "19"]
    assert ids("--from", "2026-02-01") == []
    assert len(ids("--from", "2025-01-01")) == 20
    assert ids("--from", "end") == []
    code, _, err = khabar("tail", "raw", "--from", "9:0")
    assert code == 2
    assert "no partition 9" in err
    code, out, _ = khabar("tail", "raw", "-n", 1)
    assert out == "1:9       2026-01-31T00:00:19.000Z  k1  t19\n"
    code, out, _ = khabar("tail", "raw", "-n", 1, "--json")
    row = json.loads(out)
    assert (row["partition"], row["offset"], row["key"], row["value"]["id"]) == (1, 9, "k1", "19")


def test_tail_follows(scenario: Scenario) -> None:
    publish(scenario, [(0, T0, b"old")])
    seen: list[bytes] = []
    name = scenario.settings.topic_name("raw")

    def follow() -> None:
        for record in tail(scenario.settings, name, Start("newest", newest=5), follow=True):
            seen.append(record.value)
            if record.value == b"last":
                return

    thread = threading.Thread(target=follow, daemon=True)
    thread.start()
    wait_for(lambda: seen == [b"old"], "the record that was there")
    publish(scenario, [(1, T0, b"new"), (0, T0, b"last")])
    thread.join(60)
    assert sorted(seen) in ([b"last", b"new", b"old"], [b"last", b"old"])
    assert not thread.is_alive()
