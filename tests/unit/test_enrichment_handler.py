"""Codec, dead letters and derived events: pure functions over one record."""

import contextlib
import json
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from schemas.enriched import EnrichedArticle
from schemas.reasons import Reason
from workers.enrichment import events, handler
from workers.enrichment.codec import decode
from workers.enrichment.dead_letters import dead_letter
from workers.enrichment.derive import entity_events, statement_events
from workers.enrichment.handler import handle
from workers.enrichment.records import Limits, Output, RawRecord
from workers.nlp.document import Document, Rejected
from workers.nlp.pipeline import Pipeline, Step, build_pipeline
from workers.record_batches.fault import Fault

LIMITS = Limits(raw=100_000, enriched=100_000, statements=100_000, entities=100_000)
NAMED_BODY = "علی رضایی، وزیر نیرو، در تهران گفت: ذخیره سدهای اصفهان کافی است. وی افزود: برق هم هست."
BODY = "وزیر نیرو گفت: ذخیره سدها کافی است. وی افزود: برق هم هست."


@pytest.fixture(scope="module")
def pipeline() -> Pipeline:
    return build_pipeline()


def raw(value: bytes | None, **fields: Any) -> RawRecord:
    return RawRecord(
        **{"topic": "raw", "partition": 1, "offset": 7, "timestamp": 0, "key": b"k", "value": value} | fields
    )


def encoded(value: Any) -> bytes:
    return json.dumps(value, ensure_ascii=False).encode()


@pytest.mark.parametrize(
    ("value", "reason"),
    [
        (None, Reason.EMPTY),
        (b"", Reason.EMPTY),
        (b" \n", Reason.EMPTY),
        (b"\xff\xfe{\x00}\x00", Reason.UNDECODABLE),
        ('{"body": "آب"}'.encode("cp1256"), Reason.UNDECODABLE),
        (b'{"body": "\xed\xa0\xbd"}', Reason.UNDECODABLE),  # a surrogate in UTF-8
        (b'{"body": "\xc0\x80"}', Reason.UNDECODABLE),  # an overlong NUL
        (b"{", Reason.MALFORMED_JSON),
        (b'{"body": "a"} x', Reason.MALFORMED_JSON),
        (b'{"body": NaN}', Reason.MALFORMED_JSON),
        (b'{"body": "\\ud800"}', Reason.MALFORMED_JSON),
        (b'{"body": "a\x00"}', Reason.MALFORMED_JSON),
        (b"[" * 100_000, Reason.MALFORMED_JSON),
        (b"null", Reason.SCHEMA),
        (b'"text"', Reason.SCHEMA),
    ],
)
def test_what_is_no_json_object(value: bytes | None, reason: Reason) -> None:
    with pytest.raises(Rejected) as caught:
        decode(value)
    assert caught.value.reason == reason


@pytest.mark.parametrize(
    ("omitted", "told"),
    [((), True), ((("header x", 13_000_000),), True), ((("key", 13_000_000),), False)],
)
def test_that_there_was_neither_key_nor_value_is_told_whatever_else_is_wrong(
    omitted: tuple[tuple[str, int], ...], told: bool
) -> None:
    record = raw(None, key=None, fault=Fault(Reason.UNDECODABLE, "a header's name", omitted))
    (letter,) = dead_letter(record, Reason.UNDECODABLE, "fetch", "").outputs
    assert (letter.key, letter.value) == (None, b"")
    assert ("__streams.errors.null" in dict(letter.headers)) is told


def test_a_byte_order_mark_is_no_fault() -> None:
    assert decode(b"\xef\xbb\xbf" + encoded({"id": "۱"})) == {"id": "۱"}


@given(st.binary(max_size=300))
def test_no_bytes_raise_anything_else(value: bytes) -> None:
    with contextlib.suppress(Rejected):
        assert isinstance(decode(value), dict)


def test_unknown_fields_pass_through_unchanged(pipeline: Pipeline) -> None:
    deep: Any = "ته"
    for _ in range(400):
        deep = [deep]
    article = {
        "id": "1",
        "body": BODY,
        "deep": deep,
        "big": 2**63,
        "nul": "a\u0000b",
        "tags": {"ب": [1.5, None]},
    }
    outcome = handle(raw(encoded(article)), pipeline, LIMITS)
    assert outcome.reason is None
    event = msgspec.json.decode(outcome.outputs[0].value or b"", type=EnrichedArticle)
    assert event.article == article


def test_the_handler_is_a_function(pipeline: Pipeline) -> None:
    record = raw(encoded({"id": "1", "title": "خبر", "body": BODY}))
    assert handle(record, pipeline, LIMITS) == handle(record, build_pipeline(), LIMITS)


def test_limits_on_the_way_in_and_out(pipeline: Pipeline) -> None:
    record = raw(encoded({"id": "1", "body": BODY}))
    assert record.value is not None
    for limits in (
        Limits(len(record.value) - 1, 100_000, 100_000, 100_000),
        Limits(100_000, 500, 100_000, 100_000),
    ):
        outcome = handle(record, pipeline, limits)
        assert outcome.reason == Reason.TOO_LARGE
        assert [(o.role, o.value) for o in outcome.outputs] == [("dead", record.value)]
    assert handle(record, pipeline, Limits(len(record.value), 100_000, 100_000, 100_000)).reason is None


def test_derived_events_are_made_for_who_wants_them(
    pipeline: Pipeline, monkeypatch: pytest.MonkeyPatch
) -> None:
    record = raw(encoded({"id": "1", "body": NAMED_BODY}))
    whole = handle(record, pipeline, LIMITS)
    assert {o.role for o in whole.outputs} == {"enriched", "statements", "entities"}
    made: list[str] = []
    monkeypatch.setattr(events, "statement_events", lambda _: made.append("statements") or iter(()))
    assert handle(record, pipeline, LIMITS, derived=False).outputs == whole.outputs[:1]
    assert made == []


@pytest.mark.parametrize("most", [500, 1_500, 4_000, 100_000])
@pytest.mark.parametrize("role", ["enriched", "statements", "entities"])
def test_limits_of_derived_events_hold_for_who_wants_none(pipeline: Pipeline, role: str, most: int) -> None:
    record = raw(encoded({"id": "1", "body": NAMED_BODY}))
    limits = msgspec.structs.replace(LIMITS, **{role: most})
    whole, alone = (handle(record, pipeline, limits, derived=derived) for derived in (True, False))
    assert (alone.reason, alone.step, alone.detail) == (whole.reason, whole.step, whole.detail)
    assert (whole.reason is None) == (most == 100_000 or all(o.size <= most for o in of(pipeline, role)))


def of(pipeline: Pipeline, role: str) -> list[Output]:
    outcome = handle(raw(encoded({"id": "1", "body": NAMED_BODY})), pipeline, LIMITS)
    return [o for o in outcome.outputs if o.role == role]


LETTERS = st.text(st.sampled_from('آ" \\\n\x01a'), max_size=400)


@given(LETTERS, LETTERS, LETTERS, st.integers(1, 40))
def test_a_derived_event_is_bounded_by_the_enriched_one(
    name: str, said: str, title: str, mentions: int
) -> None:
    mention = {"start": 0, "end": 1, "raw_start": 0, "raw_end": 1, "text": name}
    entity = {
        "id": "e1",
        "type": "PER",
        "canonical": name,
        "aliases": [name],
        "mentions": [mention] * mentions,
    }
    at = [{"start": 1, "end": 1 + len(said), "raw_start": 1, "raw_end": 1 + len(said)}]
    statement = msgspec.to_builtins(event().statements[0]) | {
        "speaker": {"name": name, "entity_id": "e1"},
        "text": said,
        "content": at,
    }
    made = event(
        article={"id": title, "url": title, "title": title},
        text=f"{said}{said}{said}",
        sentences=[
            {"start": s, "end": s + len(said), "raw_start": s, "raw_end": s + len(said)}
            for s in (0, len(said), 2 * len(said))
        ],
        entities=[entity],
        statements=[statement],
    )
    first, *derived = events.event_outputs(raw(b"{}"), made)
    assert derived
    assert max(o.size for o in derived) <= handler._DERIVED_TO_ENRICHED * first.size


def test_a_fault_in_a_step_is_internal_and_named() -> None:
    def fail(_: Document) -> Document:
        raise RecursionError("too deep")

    outcome = handle(raw(encoded({"id": "1", "body": BODY})), Pipeline((Step("sentences", fail),)), LIMITS)
    told = dict(outcome.outputs[0].headers)
    assert outcome.reason == Reason.INTERNAL
    assert told["__streams.errors.step"] == b"sentences"
    assert told["__streams.errors.exception"] == b"RecursionError"


def test_what_cannot_be_encoded_is_internal() -> None:
    def spoil(document: Document) -> Document:
        return replace(document, raw={**document.raw, "x": "\ud800"})

    outcome = handle(raw(encoded({"id": "1", "body": BODY})), Pipeline((Step("spoil", spoil),)), LIMITS)
    assert (outcome.reason, outcome.step) == (Reason.INTERNAL, "encode")


@pytest.mark.parametrize("timestamp", [None, -1, 0, 1_700_000_000_123, 2**62])
def test_any_timestamp(pipeline: Pipeline, timestamp: int | None) -> None:
    outcome = handle(raw(encoded({"id": "1", "body": BODY}), timestamp=timestamp), pipeline, LIMITS)
    assert outcome.reason is None
    times = [v for n, v in outcome.outputs[0].headers if n == "ce_time"]
    assert len(times) == (timestamp is not None and timestamp >= 0)
    for time in times:
        assert datetime.fromisoformat((time or b"").decode()).tzinfo == UTC


def test_dead_letters_keep_headers_in_order_and_replace_error_headers() -> None:
    headers = (
        ("a", b"1"),
        ("__streams.errors.attempt", b"3"),
        ("a", None),
        ("__streams.errors.reason", b"x"),
    )
    outcome = dead_letter(raw(b"{", headers=headers), Reason.MALFORMED_JSON, "decode", "x" * 5000)
    told = outcome.outputs[0].headers
    assert told[:2] == (("a", b"1"), ("a", None))
    assert len(dict(told)) == len(told) - 1
    assert dict(told)["__streams.errors.attempt"] == b"4"
    assert len((dict(told)["__streams.errors.message"] or b"").decode()) == 1000


def event(**fields: Any) -> EnrichedArticle:
    def span(start: int, end: int) -> dict[str, int]:
        return {"start": start, "end": end, "raw_start": start, "raw_end": end}

    text = "الف گفت. ب می‌آید. ج رفت. د ماند."
    entities = [
        {"id": "e1", "type": "PER", "canonical": "الف", "mentions": [span(0, 3) | {"text": "الف"}]},
        {"id": "e2", "type": "ORG", "canonical": "ب", "mentions": [span(9, 10) | {"text": "ب"}]},
        {"id": "e3", "type": "DATE", "canonical": "د", "mentions": [span(26, 27) | {"text": "د"}]},
    ]
    statement = {
        "id": "s1",
        "kind": "indirect",
        "stance": "say",
        "speaker": {"name": "وی", "entity_id": "e1"},
        "cue": None,
        "content": [span(9, 18)],
        "text": "ب می‌آید.",
        "confidence": 1.0,
    }
    plain = {
        "article": {"id": "1", "url": "u", "title": "ت"},
        "text": text,
        "blocks": [],
        "sentences": [span(0, 8), span(9, 18), span(19, 25), span(26, 33)],
        "dateline": {"agency": "نمونه"},
        "language": "fa",
        "published_at": None,
        "entities": entities,
        "statements": [statement, {**statement, "id": "s2", "speaker": None}],
        "fingerprint": "",
        "provenance": {"pipeline": "1"},
    }
    return msgspec.convert(plain | fields, EnrichedArticle)


def test_statement_events_stand_alone() -> None:
    first, second = statement_events(event())
    assert (first.before, first.after) == ("الف گفت.", "ج رفت.")
    assert first.speaker_entity is not None
    assert first.speaker_entity.canonical == "الف"
    assert [e.id for e in first.entities] == ["e2"]
    assert first.article.agency == "نمونه"
    assert second.speaker_entity is None


def test_statement_events_hold_the_mentions_about_the_content() -> None:
    def many(count: int) -> list[dict[str, Any]]:
        return [
            {"start": n, "end": n + 1, "raw_start": n, "raw_end": n + 1, "text": "ا"} for n in range(count)
        ]

    for count, expected in ((32, range(32)), (60, range(32)), (9 + 500, range(32))):
        entity = {"id": "e1", "type": "PER", "canonical": "الف", "mentions": many(count)}
        first, _ = statement_events(event(entities=[entity]))
        assert first.speaker_entity is not None
        assert first.speaker_entity == first.entities[0]
        assert [m.start for m in first.speaker_entity.mentions] == list(expected)
    statement = msgspec.to_builtins(event().statements[0])
    for at, first_kept in ((300, 284), (505, 509 - 32)):
        content = [{"start": at, "end": at + 2, "raw_start": at, "raw_end": at + 2}]
        (about,) = statement_events(event(entities=[entity], statements=[{**statement, "content": content}]))
        assert about.speaker_entity is not None
        assert [m.start for m in about.speaker_entity.mentions] == list(range(first_kept, first_kept + 32))


def test_entity_events_are_of_named_things() -> None:
    found = list(entity_events(event()))
    assert [(e.entity.canonical, e.statement_ids) for e in found] == [("الف", ["s1"]), ("ب", [])]
    assert len({e.id for e in found}) == 2


def test_a_withdrawal_with_a_long_key_is_refused(pipeline: Pipeline) -> None:
    """It would stand in every partition of the derived topics."""
    refused = handle(raw(None, key=b"k" * 5000), pipeline, LIMITS)
    assert (refused.reason, refused.withdraws) == (Reason.TOO_LARGE, False)
    taken = handle(raw(None, key=b"k" * 4000), pipeline, LIMITS)
    assert (taken.name, taken.withdraws) == ("withdrawn", True)


@pytest.mark.parametrize(
    ("length", "passed_on"), [(512, True), (1024, True), (1025, False), (100_000, False)]
)
def test_a_long_trace_is_not_multiplied(pipeline: Pipeline, length: int, passed_on: bool) -> None:
    record = raw(encoded({"id": "۱", "body": BODY}), headers=(("tracestate", b"x" * length),))
    outputs = handle(record, pipeline, LIMITS).outputs
    assert outputs
    assert all(("tracestate" in dict(output.headers)) is passed_on for output in outputs)
