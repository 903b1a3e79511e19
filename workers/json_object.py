"""Decodes one JSON object, and says what is wrong with other bytes. Files and records are judged alike."""

from typing import Any

import orjson

from schemas.reasons import Reason

_KINDS: dict[type, str] = {list: "a list", str: "a string", type(None): "null"}


class NoObject(Exception):  # noqa: N818 - a verdict on the bytes, not a fault
    """The bytes hold no JSON object; `reason` is one of the contract's closed list."""

    def __init__(self, reason: Reason, detail: str) -> None:
        super().__init__(detail)
        self.reason = reason
        self.detail = detail


def json_object(data: bytes) -> dict[str, Any]:
    """The JSON object in some bytes.

    Raises `NoObject`: `undecodable` for what is not UTF-8, `malformed_json` for what is no JSON (RFC 8259; no
    NaN, no lone surrogates, nested at most 1,024 deep), `schema` for JSON that is no object.
    """
    try:
        decoded = orjson.loads(data)
    except orjson.JSONDecodeError as error:
        try:
            data.decode()
        except UnicodeDecodeError as fault:
            detail = f"not UTF-8: {fault.reason} at byte {fault.start}"
            raise NoObject(Reason.UNDECODABLE, detail) from fault
        raise NoObject(Reason.MALFORMED_JSON, str(error)) from error
    if not isinstance(decoded, dict):
        kind = _KINDS.get(type(decoded), "no object")
        raise NoObject(Reason.SCHEMA, f"{kind} where an article (a JSON object) was expected")
    return decoded
