"""Commands write results to standard output, and everything about the results to standard error."""

import re
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Protocol

SHOWN_FAULTS = 100
"""Most faults that are shown one by one; further ones are counted."""

_COMMANDS = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]")
"""What a terminal may obey: C0 without tab and newline, C1, and marks that turn the direction of text."""


def say(message: str) -> None:
    """Print a line for the person at the keyboard, on standard error."""
    columns = (one_line(part, None) for part in message.split("\t"))
    print("\t".join(columns), file=sys.stderr, flush=True)


def put(value: bytes) -> None:
    """Print one line of results on standard output, at once, for whoever reads the pipe.

    Bytes go down a pipe and into a file untouched; a terminal gets them disarmed.
    """
    sys.stdout.flush()
    if sys.stdout.isatty():
        value = disarmed(value)
    sys.stdout.buffer.write(value + b"\n")
    sys.stdout.buffer.flush()


class Progress(Protocol):
    """A progress line."""

    def __call__(self, done: int, text: str) -> None:
        """Show `done` of the total, with `text` beside the bar."""


@contextmanager
def progress(total: int | None, *, wanted: bool = True) -> Iterator[tuple[Progress, Callable[[str], None]]]:
    """Show a progress bar where standard error is a terminal; gives (update, say).

    `say` prints a line above the bar. `total` None is a bar of unknown length.
    """
    if not wanted or not sys.stderr.isatty():
        yield (lambda _done, _text: None), say
        return
    from rich.console import Console
    from rich.progress import (
        BarColumn,
        TaskProgressColumn,
        TextColumn,
        TimeElapsedColumn,
        TimeRemainingColumn,
    )
    from rich.progress import Progress as Bar
    from rich.text import Text

    console = Console(stderr=True)
    columns = (
        BarColumn(30),
        TaskProgressColumn(),
        TextColumn("{task.description}"),
        TimeElapsedColumn(),
        TextColumn("left"),
        TimeRemainingColumn(),
    )
    with Bar(*columns, console=console, transient=True, redirect_stdout=False) as bar:
        task = bar.add_task("", total=total)

        def update(done: int, text: str) -> None:
            bar.update(task, completed=done, description=text)

        yield update, lambda message: console.print(Text(one_line(message, None)), soft_wrap=True)


class Faults:
    """Shows the first faults one by one, and counts all of them by reason."""

    def __init__(self, tell: Callable[[str], None], shown: int = SHOWN_FAULTS) -> None:
        self._tell = tell
        self._shown = shown
        self.by_reason: dict[str, int] = {}

    @property
    def count(self) -> int:
        """The number of faults."""
        return sum(self.by_reason.values())

    def add(self, place: object, reason: str, detail: str) -> None:
        """Count a fault, and show it if it is among the first."""
        self.by_reason[reason] = self.by_reason.get(reason, 0) + 1
        if self.count <= self._shown:
            self._tell(f"{place}: {reason}: {one_line(detail)}")
        elif self.count == self._shown + 1:
            self._tell("… more of them are counted, but not shown")

    def summary(self) -> str:
        """The counts by reason: `3 empty, 1 schema`."""
        ordered = sorted(self.by_reason.items(), key=lambda pair: (-pair[1], pair[0]))
        return ", ".join(f"{count:,} {reason}" for reason, count in ordered)


def one_line(text: str, limit: int | None = 300) -> str:
    """A text for one line of a terminal: without control characters, cut at `limit` (None: whole)."""
    text = "".join(c if c.isprintable() or c == "\u200c" else " " for c in text)
    return text if limit is None or len(text) <= limit else text[: limit - 1] + "…"


def disarmed(value: bytes) -> bytes:
    r"""Bytes that are safe for a terminal: what it could take for a command becomes `\uXXXX`.

    JSON keeps its meaning: such characters stand only in its strings.
    """
    text = value.decode("utf-8", "backslashreplace")
    return _COMMANDS.sub(lambda found: f"\\u{ord(found[0]):04x}", text).encode()


def counted(number: int, noun: str) -> str:
    """A number with its noun: `1 article`, `2 articles`."""
    return f"{number:,} {noun}" + ("" if number == 1 else "s")
