"""Decodes and encodes values, deterministically.

Input is strict UTF-8 (a byte order mark is allowed) of one JSON object, read by orjson. Output is UTF-8 JSON,
written by msgspec, with fields in the order of the contract and of the article as consumed.
"""

from typing import Any

import msgspec

from schemas.reasons import Reason
from workers.json_object import NoObject, json_object
from workers.nlp.document import Rejected

_BYTE_ORDER_MARK = b"\xef\xbb\xbf"
_encoder = msgspec.json.Encoder()


def decode(value: bytes | None) -> dict[str, Any]:
    """The JSON object in a record's value.

    Raises `Rejected`: `empty` for a record without a value, else what `json_object` says.
    """
    if value is None or not value.strip():
        raise Rejected(Reason.EMPTY, "the record has no value")
    try:
        return json_object(value.removeprefix(_BYTE_ORDER_MARK))
    except NoObject as verdict:
        raise Rejected(verdict.reason, verdict.detail) from verdict


def encode(event: msgspec.Struct) -> bytes:
    """The bytes of an event. Raises UnicodeEncodeError for lone surrogates, RecursionError for deep nests."""
    return _encoder.encode(event)
