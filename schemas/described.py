"""Descriptions of the contract's record headers, which `schemas/generate.py` publishes."""

from collections.abc import Mapping
from typing import Any

from msgspec import Struct

from schemas import headers
from schemas.reasons import Reason
from schemas.topics import Role

EVENT_TYPES: Mapping[Role, str] = {
    "enriched": "khabar.article.enriched",
    "statements": "khabar.statement",
    "entities": "khabar.entity",
}
"""Value of `ce_type` on each topic of events."""

WITHDRAWN = "khabar.article.withdrawn"
"""Value of `ce_type` of a record without a value, on each of these topics: its article is taken back."""


class Header(Struct, frozen=True, kw_only=True):
    """One record header. `schema` narrows its UTF-8 value in JSON Schema's terms."""

    name: str
    description: str
    required: bool = True
    schema: Mapping[str, Any] = {}


_TRACE = (
    Header(
        name=headers.TRACEPARENT,
        required=False,
        description="W3C Trace Context of the raw record, passed through as received",
    ),
    Header(
        name=headers.TRACESTATE,
        required=False,
        description="W3C Trace Context of the raw record, passed through as received",
    ),
)

_SPECVERSION = Header(
    name=headers.CE_SPECVERSION, description="CloudEvents, binary mode", schema={"const": "1.0"}
)
_SOURCE = Header(
    name=headers.CE_SOURCE, description="/khabar/ and the raw topic", schema={"pattern": "^/khabar/"}
)

RAW_HEADERS = _TRACE
"""What khabar reads of a raw record's headers; others are allowed, and kept on dead letters."""

_DECIMAL = {"pattern": "^[0-9]+$"}


def event_headers(role: Role) -> tuple[Header, ...]:
    """The headers of the events on one topic."""
    return (
        Header(
            name=headers.CONTENT_TYPE, description="Media type of the value", schema={"const": headers.JSON}
        ),
        _SPECVERSION,
        Header(
            name=headers.CE_ID,
            description="Digest of the value's bytes: equal ids are equal events, so keep one of them",
            schema={"pattern": "^[0-9a-f]{32}$"},
        ),
        _SOURCE,
        Header(name=headers.CE_TYPE, description="Kind of event", schema={"const": EVENT_TYPES[role]}),
        Header(name=headers.CE_SUBJECT, description="Id of the article"),
        Header(
            name=headers.CE_TIME,
            required=False,
            description="Timestamp of the raw record, RFC 3339",
            schema={"format": "date-time"},
        ),
        *_TRACE,
        Header(
            name=headers.PROCESSING_MS,
            required=False,
            description="Milliseconds that enriching took: the one thing that varies between two runs",
            schema={"pattern": "^[0-9]+(\\.[0-9]+)?$"},
        ),
    )


WITHDRAWAL_HEADERS = (
    _SPECVERSION,
    Header(
        name=headers.CE_ID,
        description="Digest of the raw record's place: equal ids are equal withdrawals",
        schema={"pattern": "^[0-9a-f]{32}$"},
    ),
    _SOURCE,
    Header(name=headers.CE_TYPE, description="Kind of event", schema={"const": WITHDRAWN}),
    Header(name=headers.CE_SUBJECT, description="Id of the article that is withdrawn"),
    Header(name=headers.SOURCE_PARTITION, description="Partition of the raw record", schema=_DECIMAL),
    Header(name=headers.SOURCE_OFFSET, description="Offset of the raw record", schema=_DECIMAL),
)
"""Of a record without a value on a topic of events."""

DEAD_LETTER_HEADERS = (
    Header(
        name=headers.ERROR_REASON,
        description="Why the record failed, from a closed list",
        schema={"enum": [r.value for r in Reason]},
    ),
    Header(
        name=headers.ERROR_STEP,
        description="Step that failed: fetch, decode, a step of the pipeline, encode, send, or process",
    ),
    Header(name=headers.ERROR_EXCEPTION, required=False, description="Class of an unexpected exception"),
    Header(name=headers.ERROR_MESSAGE, description="Message for people, at most 1,000 characters"),
    Header(
        name=headers.ERROR_STACKTRACE,
        required=False,
        description="End of an unexpected exception's stack trace, at most 4,000 characters",
    ),
    Header(name=headers.ERROR_TOPIC, description="Topic the record was consumed from"),
    Header(name=headers.ERROR_PARTITION, description="Partition of that topic", schema=_DECIMAL),
    Header(name=headers.ERROR_OFFSET, description="Offset in that partition", schema=_DECIMAL),
    Header(
        name=headers.ERROR_TIMESTAMP,
        required=False,
        description="Timestamp of the record, Unix milliseconds",
        schema={"pattern": "^-?[0-9]+$"},
    ),
    Header(
        name=headers.ERROR_ATTEMPT,
        description="1, and one more each time the dead letter was sent back and failed again",
        schema=_DECIMAL,
    ),
    Header(
        name=headers.ERROR_VALUE_OMITTED,
        required=False,
        description="Size of a value that does not fit (`9000000 bytes`): here it is null, or empty",
        schema={"pattern": "^[0-9]+ bytes$"},
    ),
    Header(
        name=headers.ERROR_KEY_OMITTED,
        required=False,
        description="Size of a key that does not fit: here it is null",
        schema={"pattern": "^[0-9]+ bytes$"},
    ),
    Header(
        name=headers.ERROR_HEADERS_OMITTED,
        required=False,
        description="Size of the record's own headers that do not fit, and which they are; may be repeated",
        schema={"pattern": "^[0-9]+ bytes"},
    ),
    Header(
        name=headers.ERROR_NULL,
        required=False,
        description="The record had neither key nor value: the value is empty here",
        schema={"const": "key and value"},
    ),
    Header(name=headers.ERROR_VERSION, description="Version of the worker that gave it up"),
)
"""Added after the record's own headers, which stay as they were."""
