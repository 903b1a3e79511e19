"""Makes dead letters: the raw record untouched, and after its own headers those that say what went wrong."""

import traceback
from typing import Any

from msgspec.structs import replace

from schemas import headers
from schemas.reasons import Reason
from workers import __version__
from workers.enrichment.records import Headers, Outcome, Output, RawRecord

_MESSAGE_CHARACTERS = 1000
_STACKTRACE_CHARACTERS = 4000
_SHORT_BYTES = 1024  # of a key, or of a header's name and value
_MOST_HEADERS = 20
_OMITTED_HEADERS = {"key": headers.ERROR_KEY_OMITTED, "value": headers.ERROR_VALUE_OMITTED}


def dead_letter(
    record: RawRecord, reason: Reason, step: str, detail: str, error: BaseException | None = None
) -> Outcome:
    """The outcome of a record that could not be enriched.

    `detail` is for humans. `error` is an unexpected exception; the letter has its class and stack trace.
    """
    texts: list[tuple[str, str | None]] = [
        (headers.ERROR_REASON, reason.value),
        (headers.ERROR_STEP, step),
        (headers.ERROR_EXCEPTION, _class_name(error) if error else None),
        (headers.ERROR_MESSAGE, _cut(detail, _MESSAGE_CHARACTERS)),
        (headers.ERROR_STACKTRACE, _stack_trace(error) if error else None),
        (headers.ERROR_TOPIC, record.topic),
        (headers.ERROR_PARTITION, str(record.partition)),
        (headers.ERROR_OFFSET, str(record.offset)),
        (headers.ERROR_TIMESTAMP, str(record.timestamp) if record.timestamp is not None else None),
        (headers.ERROR_ATTEMPT, str(1 + _attempts(record.headers))),
        (headers.ERROR_VERSION, __version__),
    ]
    omitted = record.fault.omitted if record.fault else ()
    for part, size in omitted:
        name = _OMITTED_HEADERS.get(part)
        which = "" if name else f" ({part})"
        texts.append((name or headers.ERROR_HEADERS_OMITTED, f"{size} bytes{which}"))
    whole = not any(part in _OMITTED_HEADERS for part, _ in omitted)
    if record.key is None and record.value is None and whole:
        texts.append((headers.ERROR_NULL, "key and value"))
    own = tuple((n, v) for n, v in record.headers if not headers.is_error_header(n))
    added = tuple((n, v.encode("utf-8", "backslashreplace")) for n, v in texts if v is not None)
    output = _sendable(Output("dead", record.key, record.value, own + added))
    return Outcome((output,), reason, step, _cut(detail, _MESSAGE_CHARACTERS))


def smaller(outcome: Outcome) -> Outcome:
    """A smaller copy of a dead letter: without its value, else its key, else its long headers.

    A header gives the size of what is left out; the raw topic still holds it. Returns the outcome itself
    where nothing can be left out.
    """
    return replace(outcome, outputs=tuple(_smaller(o) if o.role == "dead" else o for o in outcome.outputs))


def _smaller(output: Output) -> Output:
    if output.value:
        return _without(output, headers.ERROR_VALUE_OMITTED, len(output.value), value=None)
    if output.key is not None and len(output.key) > _SHORT_BYTES:
        return _without(output, headers.ERROR_KEY_OMITTED, len(output.key), key=None)
    own = [pair for pair in output.headers if not headers.is_error_header(pair[0])]
    kept = [pair for pair in own if _bytes(pair) <= _SHORT_BYTES][:_MOST_HEADERS]
    if len(kept) == len(own):
        return output
    ours = [pair for pair in output.headers if headers.is_error_header(pair[0])]
    gone = sum(map(_bytes, own)) - sum(map(_bytes, kept))
    return _without(output, headers.ERROR_HEADERS_OMITTED, gone, headers=(*kept, *ours))


def _without(output: Output, name: str, size: int, **changes: Any) -> Output:
    rest = replace(output, **changes)
    reduced = replace(rest, headers=(*rest.headers, (name, f"{size} bytes".encode())))
    return _sendable(reduced)


def _bytes(header: tuple[str, bytes | None]) -> int:
    return len(header[0].encode()) + len(header[1] or b"")


def _sendable(output: Output) -> Output:
    """The record with an empty value where it has neither key nor value, as clients refuse to send it so."""
    empty = output.key is None and output.value is None
    return replace(output, value=b"") if empty else output


def _attempts(carried: Headers) -> int:
    """How often the record failed before, by the header of a dead letter that was sent back."""
    for name, value in carried:
        if name == headers.ERROR_ATTEMPT and value is not None and value.isdigit():
            return int(value[:9])
    return 0


def _class_name(error: BaseException) -> str:
    kind = type(error)
    return kind.__qualname__ if kind.__module__ == "builtins" else f"{kind.__module__}.{kind.__qualname__}"


def _stack_trace(error: BaseException) -> str:
    return "".join(traceback.format_exception(error, limit=-8))[-_STACKTRACE_CHARACTERS:]


def _cut(text: str, characters: int) -> str:
    return text if len(text) <= characters else text[: characters - 1] + "…"
