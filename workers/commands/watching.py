"""Reports how far a group is until it is through."""

import sys
import time
from typing import TYPE_CHECKING

import typer

from workers.commands.console import counted, progress, say
from workers.failures import EXIT_INTERRUPTED

if TYPE_CHECKING:
    from kafka import KafkaAdminClient

    from workers.operations.watching import Progress, Way
    from workers.settings import Settings

LINE_SECONDS = 5.0
"""Time between two lines where standard error is no terminal."""


def watch(settings: "Settings", admin: "KafkaAdminClient", way: "Way") -> None:
    """Print progress, rate and time left on standard error, and a summary at the end. Ctrl-C ends it, too."""
    from workers.operations.watching import follow

    bar = sys.stderr.isatty()
    last: Progress | None = None
    printed = 0.0
    try:
        with progress(way.total) as (update, _):
            for last in follow(settings, admin, settings.group, way):
                if bar:
                    update(last.done, describe(last))
                elif last.left and time.monotonic() - printed >= LINE_SECONDS:
                    printed = time.monotonic()
                    say(f"khabar: {last.done:,} of {last.total:,}, {describe(last)}")
    except KeyboardInterrupt:
        left = last.left if last else way.total
        say(f"khabar: no longer watched; {counted(left, 'record')} left, on which workers go on")
        raise typer.Exit(EXIT_INTERRUPTED) from None
    if last is None or not last.total:
        say("khabar: nothing waits")
        return
    rate = last.total / max(last.seconds, 0.001)
    say(f"khabar: through; {counted(last.total, 'record')} in {last.seconds:.1f} s, {rate:,.1f} a second")


def describe(now: "Progress") -> str:
    """Rate and time left, as far as known."""
    if now.rate is None or now.seconds_left is None:
        return f"nothing moves yet: {counted(now.left, 'record')} wait for workers"
    return f"{now.rate:,.1f} a second, {_clock(now.seconds_left)} left"


def _clock(seconds: float) -> str:
    minutes, rest = divmod(round(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02}:{rest:02}" if hours else f"{minutes}:{rest:02}"
