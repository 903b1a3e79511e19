"""Dead letters on standard output: one at length, many in a table, counts, JSON."""

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any

from workers.commands.console import counted, one_line, put
from workers.commands.tables import print_table

if TYPE_CHECKING:
    from workers.operations.dead_letters import DeadLetter
    from workers.operations.dead_listing import Count


def print_letters(letters: Iterable["DeadLetter"]) -> None:
    """Print a table, one row a letter."""
    from schemas import headers
    from workers.moments import show_moment

    print_table(
        ("place", "time", "reason", "step", "attempts", "from", "key", "what"),
        [
            (
                letter.place,
                show_moment(letter.timestamp),
                letter.reason,
                letter.header(headers.ERROR_STEP),
                letter.attempts,
                letter.source,
                one_line((letter.key or b"").decode("utf-8", "replace"), 40),
                one_line(letter.fault or letter.header(headers.ERROR_MESSAGE), 120),
            )
            for letter in letters
        ],
    )


def print_counts(
    groups: Iterable[tuple[tuple[str, ...], "Count"]], fields: Sequence[str], *, json: bool
) -> None:
    """Print how many letters each group of values has, and when the first and the last died."""
    from workers.moments import show_moment

    if json:
        for values, count in groups:
            row: dict[str, Any] = dict(zip(fields, values, strict=True))
            print_json(row | {"count": count.number, "first": count.first, "last": count.last})
        return
    print_table(
        (*fields, "letters", "first", "last"),
        [
            (
                *(value or "–" for value in values),
                count.number,
                show_moment(count.first),
                show_moment(count.last),
            )
            for values, count in groups
        ],
    )


def print_letter(letter: "DeadLetter") -> None:
    """Print one letter at length."""
    from schemas import headers
    from workers.moments import show_moment

    names = {
        "reason": headers.ERROR_REASON,
        "step": headers.ERROR_STEP,
        "exception": headers.ERROR_EXCEPTION,
        "message": headers.ERROR_MESSAGE,
        "attempt": headers.ERROR_ATTEMPT,
        "worker": headers.ERROR_VERSION,
    }
    print(f"dead letter  {letter.place}, {show_moment(letter.timestamp)}")
    print(f"came from    {one_line(letter.source) or '–'}")
    for label, name in names.items():
        if text := letter.header(name):
            print(f"{label:<12} {one_line(text, 1000)}")
    if letter.fault:
        print(f"this letter  {one_line(letter.fault)}")
    print(f"key          {one_line(_text(letter.key), 300) or '–'}")
    for name, value in letter.own_headers:
        print(
            f"header       {one_line(name)}: {one_line((value or b'').decode('utf-8', 'backslashreplace'))}"
        )
    if trace := letter.header(headers.ERROR_STACKTRACE):
        print("stack trace")
        print("\n".join("  " + one_line(line, 500) for line in trace.splitlines()))
    if letter.value is None:
        print("value        none")
        return
    value = letter.value
    print(f"value        {counted(len(value), 'byte')}; --raw writes them untouched")
    print(one_line(value[:4000].decode("utf-8", "backslashreplace"), 4000))


def _text(data: bytes | None) -> str:
    return (data or b"").decode("utf-8", "backslashreplace")


def row_of(letter: "DeadLetter", *, whole: bool = False) -> dict[str, Any]:
    """A letter for JSON; `whole` adds its headers and its value in base64."""
    import base64

    from schemas import headers

    row: dict[str, Any] = {
        "partition": letter.partition,
        "offset": letter.offset,
        "timestamp": letter.timestamp,
        "reason": letter.reason,
        "step": letter.header(headers.ERROR_STEP),
        "exception": letter.header(headers.ERROR_EXCEPTION),
        "message": letter.header(headers.ERROR_MESSAGE),
        "source": {
            "topic": letter.header(headers.ERROR_TOPIC),
            "partition": letter.header(headers.ERROR_PARTITION),
            "offset": letter.header(headers.ERROR_OFFSET),
        },
        "attempt": letter.header(headers.ERROR_ATTEMPT),
        "version": letter.header(headers.ERROR_VERSION),
        "key": (letter.key or b"").decode("utf-8", "backslashreplace"),
        "bytes": letter.value_bytes,
    }
    if letter.fault:
        row["fault"] = letter.fault
    if whole:
        row["headers"] = [
            [name, (value or b"").decode("utf-8", "backslashreplace")] for name, value in letter.own_headers
        ]
        row["stacktrace"] = letter.header(headers.ERROR_STACKTRACE)
        row["value_base64"] = base64.b64encode(letter.value or b"").decode("ascii")
    return row


def print_json(row: dict[str, Any]) -> None:
    """Print one line of JSON."""
    import orjson

    put(orjson.dumps(row))
