"""`khabar statements` on the topic: what comes twice, was made anew, was withdrawn, or is no statement."""

import hashlib
import json
import threading
from collections.abc import Iterable
from typing import Any

import msgspec
import pytest
from kafka import KafkaProducer

from schemas import headers
from schemas.derived import ArticleRef, StatementEvent
from schemas.described import WITHDRAWN
from schemas.enriched import Provenance, Statement
from tests.broker.cluster import Khabar, Scenario, wait_for

T0 = 1_769_817_600_000  # 2026-01-31T00:00Z
Row = tuple[int, int, bytes | None, dict[str, str]]
"""Partition, seconds after T0, value, headers."""


def said(partition: int, second: int, article: str, name: str, pipeline: str = "1") -> Row:
    statement = Statement(
        id=name, kind="direct", stance="say", speaker=None, cue=None, content=[], text=name, confidence=1
    )
    event = StatementEvent(
        id=name,
        article=ArticleRef(id=article, published_at=f"2026-01-{10 + second:02}"),
        statement=statement,
        speaker_entity=None,
        entities=[],
        before="",
        after="",
        provenance=Provenance(pipeline=pipeline, topic="news.raw", partition=0, offset=int(article)),
    )
    value = msgspec.json.encode(event)
    return partition, second, value, {headers.CE_ID: hashlib.sha256(value).hexdigest()[:32]}


def publish(scenario: Scenario, rows: Iterable[Row]) -> None:
    producer = KafkaProducer(**scenario.settings.kafka_options())
    topic = scenario.settings.topic_name("statements")
    for partition, second, value, told in rows:
        carried = [(name, text.encode()) for name, text in told.items()]
        producer.send(
            topic, value=value, key=b"", partition=partition, timestamp_ms=T0 + 1000 * second, headers=carried
        ).get(30)
    producer.close()


def shown(khabar: Khabar, *options: object, code: int = 0) -> list[str]:
    found, out, err = khabar("statements", "--json", *options)
    assert found == code, err
    return sorted(json.loads(line)["id"] for line in out.splitlines())


def test_after_a_crash_loop_each_statement_comes_once(scenario: Scenario, khabar: Khabar) -> None:
    once = [said(n % 4, 1, str(n // 3), f"s{n}") for n in range(30)]
    publish(scenario, [*once, *once[:20], *once[5:25]])
    assert shown(khabar) == sorted(f"s{n}" for n in range(30))
    assert len(shown(khabar, "-n", 7)) == 7
    _, _, err = khabar("statements")
    assert "khabar: 30 statements" in err


def test_of_an_article_the_newest_enrichment_counts(scenario: Scenario, khabar: Khabar) -> None:
    rows = [
        *(said(2, 1, "1", "old"), said(3, 1, "1", "kept"), said(1, 1, "2", "other"), said(0, 2, "3", "gone")),
        *(said(0, 5, "1", "new", "2"), said(1, 5, "1", "kept", "2")),
        (3, 6, None, {headers.CE_TYPE: WITHDRAWN, headers.CE_SUBJECT: "3"}),
        (3, 6, None, {}),
    ]
    publish(scenario, rows)
    assert shown(khabar) == ["kept", "new", "other"]
    assert shown(khabar, "--since", "2026-01-15") == ["kept", "new"]
    assert shown(khabar, "--until", "1404/10/24") == ["other"]
    assert shown(khabar, "--from", T0 + 2000) == ["kept", "new"]
    publish(scenario, [said(0, 7, "3", "back")])
    assert shown(khabar) == ["back", "kept", "new", "other"]


def test_what_is_no_statement_is_told_with_its_place(scenario: Scenario, khabar: Khabar) -> None:
    publish(scenario, [said(0, 1, "1", "a"), (0, 1, b"{", {}), (0, 1, b"{}", {}), said(0, 1, "1", "b")])
    assert shown(khabar, code=3) == ["a", "b"]
    _, _, err = khabar("statements")
    topic = scenario.settings.topic_name("statements")
    assert f"{topic}[0]@1: malformed_json: " in err
    assert f"{topic}[0]@2: schema: " in err
    assert "2 statements; left out: 1 malformed_json, 1 schema" in err


def test_followed_statements_come_as_they_are_sent_but_not_twice(scenario: Scenario, khabar: Khabar) -> None:
    rows = [said(0, 1, "1", "a"), said(1, 1, "1", "b")]
    publish(scenario, [*rows, rows[0]])
    told = {headers.CE_TYPE: WITHDRAWN, headers.CE_SUBJECT: "1"}
    done: list[Any] = []

    def follow() -> None:
        done.append(khabar("statements", "--json", "--follow", "-n", 4))

    thread = threading.Thread(target=follow, daemon=True)
    thread.start()
    publish(
        scenario,
        [
            rows[1],
            said(0, 2, "1", "c", "2"),
            *((n, 2, None, {**told, headers.CE_ID: "w"}) for n in range(4)),
            said(0, 3, "2", "d"),
        ],
    )
    wait_for(lambda: done, "four statements")
    ((code, out, err),) = done
    assert code == 0
    assert sorted(json.loads(line)["id"] for line in out.splitlines()) == ["a", "b", "c", "d"]
    assert err.count("khabar: withdrawn: 1\n") == 1


@pytest.mark.parametrize("role", ["raw", "enriched", "statements", "entities", "dead"])
def test_records_without_a_value_do_no_harm(scenario: Scenario, khabar: Khabar, role: Any) -> None:
    producer = KafkaProducer(**scenario.settings.kafka_options())
    producer.send(scenario.settings.topic_name(role), key=b"k", value=None, partition=0).get(30)
    producer.close()
    for options in ((), ("--json",), ("--value",), ("--view",), ("--from", "beginning")):
        code, out, err = khabar("tail", role, *options)
        assert (code, err) == (0, "")
        assert out
