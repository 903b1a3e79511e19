"""What the contract promises of an event beyond its schema, on real events of the samples."""

import json
from typing import Any

import msgspec
import pytest
from jsonschema import Draft202012Validator

from schemas.described import event_headers
from schemas.enriched import EnrichedArticle, Span
from schemas.generate import generated
from schemas.reasons import Reason
from workers.enrichment.dead_letters import dead_letter
from workers.enrichment.events import event_outputs
from workers.enrichment.records import Headers, RawRecord


@pytest.fixture(scope="module")
def validator() -> Draft202012Validator:
    return Draft202012Validator(json.loads(generated()["enriched-article.json"]))


def test_events_satisfy_the_schema(
    sample_events: list[EnrichedArticle], validator: Draft202012Validator
) -> None:
    assert len(sample_events) >= 8
    for event in sample_events:
        validator.validate(msgspec.to_builtins(event))


def test_article_comes_back_as_consumed(
    sample_events: list[EnrichedArticle], sample_articles: list[dict[str, Any]]
) -> None:
    for event, article in zip(sample_events, sample_articles, strict=True):
        assert {k: v for k, v in event.article.items() if k in article} == article
        assert set(event.article) - set(article) <= {"id"}
        assert event.article["id"]


def spans(event: EnrichedArticle) -> list[Span]:
    found: list[Span] = [*event.blocks, *event.sentences]
    found += [m for e in event.entities for m in e.mentions]
    for statement in event.statements:
        found += statement.content
        found += [statement.cue] if statement.cue else []
        found += [s.mention for s in (statement.speaker, statement.addressee) if s and s.mention]
        found += [statement.occasion.span] if statement.occasion else []
    return found


def test_positions_lie_in_text_and_field(sample_events: list[EnrichedArticle]) -> None:
    for event in sample_events:
        for span in spans(event):
            assert 0 <= span.start <= span.end <= len(event.text)
            assert 0 <= span.raw_start <= span.raw_end <= len(event.article[span.field])


def test_texts_are_what_their_positions_say(sample_events: list[EnrichedArticle]) -> None:
    for event in sample_events:
        for entity in event.entities:
            for mention in entity.mentions:
                assert event.text[mention.start : mention.end] == mention.text
        for statement in event.statements:
            assert statement.text == " ".join(event.text[s.start : s.end] for s in statement.content)


def test_references_are_to_what_is_there(sample_events: list[EnrichedArticle]) -> None:
    for event in sample_events:
        entities = [e.id for e in event.entities]
        statements = [s.id for s in event.statements]
        assert len(set(entities)) == len(entities)
        assert len(set(statements)) == len(statements)
        for statement in event.statements:
            for named in (statement.speaker, statement.addressee):
                assert named is None or named.entity_id is None or named.entity_id in entities
            assert statement.occasion is None or set(statement.occasion.entity_ids) <= set(entities)


def test_lists_are_in_the_order_of_the_text(sample_events: list[EnrichedArticle]) -> None:
    for event in sample_events:
        assert is_sorted([s.start for s in event.sentences])
        assert is_sorted([b.start for b in event.blocks])
        assert is_sorted([s.content[0].start for s in event.statements])
        assert is_sorted([next(m.start for m in e.mentions if m.kind == "name") for e in event.entities])
        for entity in event.entities:
            assert is_sorted([m.start for m in entity.mentions])


def is_sorted(values: list[int]) -> bool:
    return values == sorted(values)


def test_boilerplate_is_no_part_of_the_text(sample_events: list[EnrichedArticle]) -> None:
    boilerplate = [(e, b) for e in sample_events for b in e.blocks if b.kind == "boilerplate"]
    assert boilerplate
    assert all(b.start == b.end and b.raw_start < b.raw_end for _, b in boilerplate)
    assert not any("انتهای پیام" in e.text for e in sample_events)


def as_text(carried: Headers) -> dict[str, str]:
    return {name: (value or b"").decode() for name, value in carried}


@pytest.mark.parametrize("error", [None, ValueError("x")])
def test_headers_of_dead_letters_satisfy_their_schema(error: Exception | None) -> None:
    record = RawRecord("news.raw", 3, 41, 1562573400000, b"k", b"\xff", (("traceparent", b"00-ab-cd-01"),))
    validator = Draft202012Validator(json.loads(generated()["dead-letter-headers.json"]))
    for reason in Reason:
        (output,) = dead_letter(record, reason, "decode", "what went wrong", error).outputs
        validator.validate(as_text(output.headers))
        assert (output.key, output.value) == (record.key, record.value)


def test_headers_of_events_are_those_described(sample_events: list[EnrichedArticle]) -> None:
    record = RawRecord("news.raw", 3, 41, 1562573400000, None, b"{}", (("traceparent", b"00-ab-cd-01"),))
    roles = set()
    for output in event_outputs(record, sample_events[0]):
        described = {h.name: h for h in event_headers(output.role)}
        told = as_text(output.headers)
        assert set(told) <= set(described)
        assert {n for n, h in described.items() if h.required} <= set(told)
        for name, value in told.items():
            Draft202012Validator({"type": "string", **described[name].schema}).validate(value)
        roles.add(output.role)
    assert roles == {"enriched", "statements", "entities"}
