"""Where commands write: results to standard output, everything about them to standard error."""

import re
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Protocol

SHOWN_FAULTS = 100
"""Faults shown one by one; of more, only the number."""

_COMMANDS = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]")
"""What a terminal may obey: C0 but tab and newline, C1, and what turns the direction of text."""


def say(message: str) -> None:
    """A line for the person at the keyboard, on standard error."""
    columns = (one_line(part, None) for part in message.split("\t"))
    print("\t".join(columns), file=sys.stderr, flush=True)


def put(value: bytes) -> None:
    """One line of results on standard output, at once, so that a reader down the pipe is served.

    Bytes go down a pipe and into a file untouched; a terminal gets them disarmed.
    """
    sys.stdout.flush()
    if sys.stdout.isatty():
        value = disarmed(value)
    sys.stdout.buffer.write(value + b"\n")
    sys.stdout.buffer.flush()


class Progress(Protocol):
    """A progress line that is told how far things are."""

    def __call__(self, done: int, text: str) -> None:
        """`done` of the total; `text` stands beside the bar."""


@contextmanager
def progress(total: int | None, *, wanted: bool = True) -> Iterator[tuple[Progress, Callable[[str], None]]]:
    """A progress bar on standard error where that is a terminal; gives (update, say).

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
    """Faults told as they come, the first of them one by one, all of them counted by reason."""

    def __init__(self, tell: Callable[[str], None], shown: int = SHOWN_FAULTS) -> None:
        self._tell = tell
        self._shown = shown
        self.by_reason: dict[str, int] = {}

    @property
    def count(self) -> int:
        """How many there were."""
        return sum(self.by_reason.values())

    def add(self, place: object, reason: str, detail: str) -> None:
        """Tell one, unless there were too many already."""
        self.by_reason[reason] = self.by_reason.get(reason, 0) + 1
        if self.count <= self._shown:
            self._tell(f"{place}: {reason}: {one_line(detail)}")
        elif self.count == self._shown + 1:
            self._tell("… more of them are counted, but not shown")

    def summary(self) -> str:
        """`3 empty, 1 schema`."""
        ordered = sorted(self.by_reason.items(), key=lambda pair: (-pair[1], pair[0]))
        return ", ".join(f"{count:,} {reason}" for reason, count in ordered)


def one_line(text: str, limit: int | None = 300) -> str:
    """A text made safe for one line of a terminal: no control characters, cut at `limit` (None: whole)."""
    text = "".join(c if c.isprintable() or c == "\u200c" else " " for c in text)
    return text if limit is None or len(text) <= limit else text[: limit - 1] + "…"


def disarmed(value: bytes) -> bytes:
    r"""Bytes made safe for a terminal: what it could take for a command becomes `\uXXXX`.

    JSON stays JSON and means the same: such characters stand in its strings only.
    """
    text = value.decode("utf-8", "backslashreplace")
    return _COMMANDS.sub(lambda found: f"\\u{ord(found[0]):04x}", text).encode()


def counted(number: int, noun: str) -> str:
    """`1 article`, `2 articles`."""
    return f"{number:,} {noun}" + ("" if number == 1 else "s")
