"""A record in one line, for reading."""

from typing import Any

import orjson

from schemas import headers
from workers.commands.console import counted, one_line
from workers.moments import show_moment
from workers.record_batches.fault import Fault
from workers.record_batches.fetched import fault_of

LONGEST = 160


def line(record: Any, role: str | None) -> str:
    """Place, time, key, faults, and the gist of the value by the role of its topic."""
    place = f"{record.partition}:{record.offset}"
    key = "–" if record.key is None else record.key.decode("utf-8", "backslashreplace")
    fault = fault_of(record.headers)
    gist = one_line(_gist(record, role) if fault is None else _faulty(fault, record, role), LONGEST)
    return f"{place:<9} {show_moment(record.timestamp)}  {one_line(key, 40)}  {gist}"


def _faulty(fault: Fault, record: Any, role: str | None) -> str:
    text = f"{fault.reason}: {fault.detail}"
    return text if record.value is None else f"{text}; {_gist(record, role)}"


def _gist(record: Any, role: str | None) -> str:
    if role == "dead":
        texts = {name: (value or b"").decode("utf-8", "replace") for name, value in record.headers}
        return f"{texts.get(headers.ERROR_REASON, '?')}: {texts.get(headers.ERROR_MESSAGE, '')}"
    if record.value is None:
        return "no value"
    try:
        value = orjson.loads(record.value)
    except orjson.JSONDecodeError:
        value = None
    if not isinstance(value, dict):
        data: bytes = record.value
        return f"{counted(len(data), 'byte')}: {data[:LONGEST].decode('utf-8', 'backslashreplace')}"
    try:
        return _GISTS.get(role or "", _any)(value)
    except (KeyError, TypeError, AttributeError):  # the topic has that name and carries something else
        return _any(value)


def _enriched(value: dict[str, Any]) -> str:
    counts = (
        counted(len(value["sentences"]), "sentence"),
        f"{len(value['entities'])} entities",
        counted(len(value["statements"]), "statement"),
    )
    title = value["article"].get("title") or value["text"][:80]
    return f"{', '.join(counts)}: {title}"


def _statement(value: dict[str, Any]) -> str:
    statement = value["statement"]
    speaker = (statement["speaker"] or {}).get("name", "?")
    return f"{speaker} [{statement['stance']}]: {statement['text']}"


def _entity(value: dict[str, Any]) -> str:
    entity = value["entity"]
    return f"{entity['type']} {entity['canonical']}, {counted(len(entity['mentions']), 'mention')}"


def _raw(value: dict[str, Any]) -> str:
    return str(value.get("title") or value.get("body") or "")[:LONGEST]


def _any(value: dict[str, Any]) -> str:
    return orjson.dumps(value)[: 4 * LONGEST].decode("utf-8", "replace")


_GISTS = {"enriched": _enriched, "statements": _statement, "entities": _entity, "raw": _raw}
