"""Dead letters: a raw record untouched, with what went wrong in headers after its own."""

import traceback

from schemas import headers
from schemas.reasons import Reason
from workers import __version__
from workers.stream.records import Headers, Outcome, Output, RawRecord

_MESSAGE_CHARACTERS = 1000
_STACKTRACE_CHARACTERS = 4000


def dead_letter(
    record: RawRecord, reason: Reason, step: str, detail: str, error: BaseException | None = None
) -> Outcome:
    """The outcome of a record that could not be enriched.

    `detail` is for humans. `error` is an unexpected exception, whose class and stack trace are told.
    """
    told: list[tuple[str, str | None]] = [
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
    own = tuple((n, v) for n, v in record.headers if not headers.is_error_header(n))
    added = tuple((n, v.encode("utf-8", "backslashreplace")) for n, v in told if v is not None)
    output = Output("dead", record.key, record.value, own + added)
    return Outcome((output,), reason, step, _cut(detail, _MESSAGE_CHARACTERS))


def without_value(outcome: Outcome) -> Outcome:
    """A dead letter that the brokers refuse as too large: without the value, which stays on the raw topic."""
    return Outcome(tuple(_omit(o) for o in outcome.outputs), outcome.reason, outcome.step, outcome.detail)


def _omit(output: Output) -> Output:
    if output.value is None:
        return output
    omitted = (headers.ERROR_VALUE_OMITTED, f"{len(output.value)} bytes".encode())
    return Output(output.role, output.key, None, (*output.headers, omitted))


def _attempts(carried: Headers) -> int:
    """How often the record failed before, by the headers of a dead letter that was sent back."""
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
