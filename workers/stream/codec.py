"""Between bytes and values, deterministically.

In: strict UTF-8 (a byte order mark is allowed), one JSON object, by orjson. Out: UTF-8 JSON by msgspec, the
fields in the order of the contract and of the article as consumed.
"""

from typing import Any

import msgspec
import orjson

from schemas.reasons import Reason
from workers.nlp.document import Rejected

_BYTE_ORDER_MARK = b"\xef\xbb\xbf"
_encoder = msgspec.json.Encoder()


def decode(value: bytes | None) -> dict[str, Any]:
    """The JSON object in a record's value.

    Raises `Rejected`: `empty` for no value at all, `undecodable` for what is not UTF-8, `malformed_json`
    for what is no JSON (RFC 8259; no NaN, no lone surrogates, nested at most 1,024 deep), `schema` for
    JSON that is no object.
    """
    if value is None or not value.strip():
        raise Rejected(Reason.EMPTY, "the record has no value")
    try:
        decoded = orjson.loads(value.removeprefix(_BYTE_ORDER_MARK))
    except orjson.JSONDecodeError as error:
        try:
            value.decode("utf-8")
        except UnicodeDecodeError as not_utf8:
            raise Rejected(Reason.UNDECODABLE, str(not_utf8)) from not_utf8
        raise Rejected(Reason.MALFORMED_JSON, str(error)) from error
    if not isinstance(decoded, dict):
        raise Rejected(Reason.SCHEMA, f"expected an object, got {type(decoded).__name__}")
    return decoded


def encode(event: msgspec.Struct) -> bytes:
    """The bytes of an event. Raises UnicodeEncodeError for lone surrogates, RecursionError for deep nests."""
    return _encoder.encode(event)
