"""Makes records of the contract's events: CloudEvents 1.0 in Kafka's binary mode."""

import hashlib
from collections.abc import Iterator
from datetime import UTC, datetime

import msgspec

from schemas import headers
from schemas.described import EVENT_TYPES, WITHDRAWN
from schemas.enriched import EnrichedArticle
from schemas.topics import Role
from workers.enrichment.codec import encode
from workers.enrichment.derive import entity_events, speaker_key, statement_events
from workers.enrichment.records import Headers, Output, RawRecord

# W3C asks to pass on 512 characters of tracestate; each event would repeat longer ones.
_TRACE_BYTES = 1024


def event_outputs(record: RawRecord, enriched: EnrichedArticle) -> Iterator[Output]:
    """The enriched event, then its statements, then its entities. Equal arguments give equal bytes."""
    article = str(enriched.article["id"])
    common = _common(record, article)
    yield _output("enriched", article, enriched, common)
    for statement in statement_events(enriched):
        yield _output("statements", speaker_key(statement), statement, common)
    for entity in entity_events(enriched):
        yield _output("entities", entity.entity.canonical, entity, common)


def withdrawal_outputs(record: RawRecord, article: str) -> tuple[Output, ...]:
    """Records without a value that take an article back: a tombstone on the enriched topic, and one for each
    partition of the derived topics, whose keys do not tell the article.
    """
    place = f"{record.topic}:{record.partition}:{record.offset}:{article}"
    common = (
        *(pair for pair in _common(record, article) if pair[0] != headers.CONTENT_TYPE),
        (headers.CE_TYPE, WITHDRAWN.encode()),
        (headers.CE_ID, hashlib.sha256(place.encode()).hexdigest()[:32].encode()),
        (headers.SOURCE_PARTITION, str(record.partition).encode()),
        (headers.SOURCE_OFFSET, str(record.offset).encode()),
    )
    key = article.encode()
    return (
        Output("enriched", key, None, common),
        Output("statements", key, None, common, every_partition=True),
        Output("entities", key, None, common, every_partition=True),
    )


def _common(record: RawRecord, article: str) -> Headers:
    passed_on = tuple(
        (n, v) for n, v in record.headers if n in headers.TRACE and len(v or b"") <= _TRACE_BYTES
    )
    described: list[tuple[str, bytes]] = [
        (headers.CONTENT_TYPE, headers.JSON.encode()),
        (headers.CE_SPECVERSION, b"1.0"),
        (headers.CE_SOURCE, f"/khabar/{record.topic}".encode()),
        (headers.CE_SUBJECT, article.encode()),
    ]
    if record.timestamp is not None and record.timestamp >= 0:
        described.append((headers.CE_TIME, _rfc3339(record.timestamp).encode()))
    return (*described, *passed_on)


def _output(role: Role, key: str, event: msgspec.Struct, common: Headers) -> Output:
    value = encode(event)
    own: Headers = (
        (headers.CE_TYPE, EVENT_TYPES[role].encode()),
        (headers.CE_ID, hashlib.sha256(value).hexdigest()[:32].encode()),
    )
    return Output(role, key.encode(), value, common + own)


def _rfc3339(milliseconds: int) -> str:
    seconds, rest = divmod(milliseconds, 1000)
    try:
        moment = datetime.fromtimestamp(seconds, UTC)
    except (OverflowError, ValueError, OSError):  # beyond the year 9999: the producer's error
        moment, rest = datetime.max.replace(tzinfo=UTC), 999
    return f"{moment:%Y-%m-%dT%H:%M:%S}.{rest:03d}Z"
