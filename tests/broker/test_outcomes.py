"""Every outcome of a raw record, through one worker: what comes out, and with which headers."""

import json
from collections.abc import Callable
from typing import Any, NamedTuple

import msgspec
import pytest

from schemas.derived import EntityEvent, StatementEvent
from schemas.enriched import EnrichedArticle
from schemas.reasons import Reason
from tests.broker.articles import article, encoded
from tests.broker.cluster import Scenario, Worker, headers, wait_for
from tests.broker.pipelines import HANG, HUGE, KILL, RAISE
from workers import __version__

TRACE = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"
GOOD = 6
MAX_BYTES = 200_000


class Bad(NamedTuple):
    name: str
    value: bytes | None
    reason: Reason
    step: str


def titled(title: str) -> bytes:
    return encoded({**article(900), "id": title, "title": title})


BAD = (
    Bad("not-utf8", b'{"id": "a", "body": "\xff\xfe"}', Reason.UNDECODABLE, "decode"),
    Bad("truncated", encoded(article(901))[:-20], Reason.MALFORMED_JSON, "decode"),
    Bad("lone-surrogate", b'{"id": "b", "body": "\\ud83d"}', Reason.MALFORMED_JSON, "decode"),
    Bad("list", b"[1, 2]", Reason.SCHEMA, "decode"),
    Bad("number-body", b'{"id": "c", "body": 7}', Reason.SCHEMA, "decode"),
    Bad("no-id", encoded({"body": "متن"}), Reason.SCHEMA, "decode"),
    Bad("no-value", b"", Reason.EMPTY, "decode"),
    Bad("no-text", encoded({"id": "d", "body": " <p> </p> "}), Reason.EMPTY, "clean"),
    Bad(
        "english",
        encoded({"id": "e", "body": "The minister said that water is scarce. " * 5}),
        Reason.NOT_PERSIAN,
        "clean",
    ),
    Bad("large", encoded({"id": "f", "body": "آب " * MAX_BYTES}), Reason.TOO_LARGE, "decode"),
    Bad("large-event", titled(HUGE), Reason.TOO_LARGE, "encode"),
    Bad("raises", titled(RAISE), Reason.INTERNAL, "poison"),
    Bad("hangs", titled(HANG), Reason.TIMEOUT, "process"),
    Bad("kills", titled(KILL), Reason.CRASHED, "process"),
)


class Run(NamedTuple):
    scenario: Scenario
    worker: Worker
    records: dict[str, list[Any]]

    def dead(self, name: str) -> Any:
        return next(r for r in self.records["dead"] if r.key == name.encode())


@pytest.fixture(scope="module")
def run(new_scenario: Callable[..., Scenario]) -> Run:
    scenario = new_scenario(partitions=2)
    scenario.create_topics()
    # Good articles stand before, between and after the bad ones, and share their batches.
    raw: list[tuple[bytes | None, bytes | None, list[tuple[str, bytes]]]] = []
    own = [("traceparent", TRACE.encode()), ("crawler", b"c-7"), ("crawler", "دو".encode())]
    for number in range(GOOD):
        raw.append((f"article-{number}".encode(), encoded(article(number)), own))
        raw += [(b.name.encode(), b.value, own) for b in BAD[number * 3 : number * 3 + 3]]
    count = scenario.produce(raw)
    worker = scenario.start_worker(
        KHABAR_PIPELINE_FACTORY="tests.broker.pipelines:poisoned",
        KHABAR_ARTICLE_SECONDS="2",
        KHABAR_MAX_BYTES=str(MAX_BYTES),
    )
    scenario.wait_for_sources(count)
    records = scenario.collect("enriched", "statements", "entities", "dead")
    return Run(scenario, worker, records)


def test_each_good_article_is_enriched_once(run: Run) -> None:
    keys = [r.key.decode() for r in run.records["enriched"]]
    assert sorted(keys) == [f"article-{n}" for n in range(GOOD)]


def test_enriched_events_follow_the_contract(run: Run) -> None:
    for record in run.records["enriched"]:
        event = msgspec.json.decode(record.value, type=EnrichedArticle)
        number = int(event.article["id"].rpartition("-")[2])
        assert event.article == article(number)
        assert event.provenance.topic == run.scenario.settings.topic_name("raw")
        assert event.provenance.pipeline == __version__
        for sentence in event.sentences:
            field = event.article[sentence.field]
            assert field[sentence.raw_start : sentence.raw_end].strip()


def test_headers_are_cloudevents_and_pass_the_trace(run: Run) -> None:
    for role, kind in (("enriched", "khabar.article.enriched"), ("statements", "khabar.statement")):
        assert run.records[role]
        for record in run.records[role]:
            told = headers(record)
            assert told["content-type"] == "application/json"
            assert told["ce_specversion"] == "1.0"
            assert told["ce_type"] == kind
            assert told["ce_source"] == f"/khabar/{run.scenario.settings.topic_name('raw')}"
            assert told["ce_subject"].startswith("article-")
            assert told["ce_time"].endswith("Z")
            assert told["traceparent"] == TRACE
            assert float(told["khabar_processing_ms"]) >= 0
            assert "crawler" not in told


def test_event_ids_are_unique(run: Run) -> None:
    ids = [headers(r)["ce_id"] for role in ("enriched", "statements", "entities") for r in run.records[role]]
    assert len(ids) == len(set(ids))


def test_statements_are_keyed_by_speaker_and_complete(run: Run) -> None:
    texts = {
        json.loads(r.value)["article"]["id"]: json.loads(r.value)["text"] for r in run.records["enriched"]
    }
    for record in run.records["statements"]:
        event = msgspec.json.decode(record.value, type=StatementEvent)
        speaker = (
            event.speaker_entity.canonical
            if event.speaker_entity
            else (event.statement.speaker.name if event.statement.speaker else "")
        )
        assert record.key.decode() == speaker
        for span in event.statement.content:
            assert texts[event.article.id][span.start : span.end] in event.statement.text


def test_entities_are_keyed_by_name(run: Run) -> None:
    for record in run.records["entities"]:
        event = msgspec.json.decode(record.value, type=EntityEvent)
        assert record.key.decode() == event.entity.canonical


@pytest.mark.parametrize("bad", BAD, ids=lambda b: b.name)
def test_bad_records_become_dead_letters(run: Run, bad: Bad) -> None:
    record = run.dead(bad.name)
    told = headers(record)
    assert (told["__streams.errors.reason"], told["__streams.errors.step"]) == (bad.reason, bad.step)
    assert record.value == bad.value
    assert record.headers[:3] == [
        ("traceparent", TRACE.encode()),
        ("crawler", b"c-7"),
        ("crawler", "دو".encode()),
    ]
    assert told["__streams.errors.topic"] == run.scenario.settings.topic_name("raw")
    assert told["__streams.errors.attempt"] == "1"
    assert told["__streams.errors.version"] == __version__


def test_no_dead_letter_more(run: Run) -> None:
    assert len(run.records["dead"]) == len(BAD)


def test_exceptions_are_told(run: Run) -> None:
    told = headers(run.dead("raises"))
    assert told["__streams.errors.exception"] == "ValueError"
    assert "as told by the title" in told["__streams.errors.message"]
    assert "pipelines.py" in told["__streams.errors.stacktrace"]


def test_a_dead_letter_sent_back_counts_its_attempts(run: Run) -> None:
    dead = run.dead("truncated")
    run.scenario.produce([(b"again", dead.value, list(dead.headers))])
    again = wait_for(
        lambda: next((r for r in run.scenario.collect("dead")["dead"] if r.key == b"again"), None),
        "the dead letter of the record sent back",
    )
    told = [value for name, value in again.headers if name == "__streams.errors.attempt"]
    assert told == [b"2"]


def test_everything_is_committed_and_sigterm_ends_it(run: Run) -> None:
    scenario = run.scenario
    expected = GOOD + len(BAD)

    def committed() -> bool:
        offsets = scenario.admin.list_group_offsets([scenario.name])[scenario.name]
        return sum(o.offset for o in offsets.values() if o.offset > 0) >= expected

    wait_for(committed, "all offsets committed")
    assert run.worker.stop() == 0
    assert run.worker.log.count('"outcome": "enriched"') == GOOD
