"""Moments as people write them on a command line."""

import re
from datetime import UTC, datetime, tzinfo
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from workers.failures import UsageFailed

TEHRAN = "Asia/Tehran"
_ZONE_NAME = re.compile(r"[ \[]\[?(?P<zone>[A-Za-z]+(?:/[A-Za-z_+\-0-9]+)+|UTC)\]?$")


def parse_moment(text: str) -> int:
    """Unix milliseconds of an ISO 8601 date or date and time, or of Unix seconds or milliseconds.

    A zone may follow: `Z`, `+03:30`, or a name (`2026-01-31T09:00 Asia/Tehran`). Without one the moment
    is in UTC, whatever zone this machine keeps: the same command means the same everywhere. A bare
    number is Unix time, in milliseconds from 12 digits on. Raises `UsageFailed`.
    """
    text = text.strip()
    if re.fullmatch(r"\d{9,14}", text):
        return int(text) if len(text) >= 12 else int(text) * 1000
    named = _ZONE_NAME.search(text)
    zone: tzinfo = UTC
    if named:
        try:
            zone = ZoneInfo(named["zone"])
        except (ZoneInfoNotFoundError, ValueError) as error:
            raise UsageFailed(f"unknown time zone {named['zone']!r} in {text!r}") from error
        text = text[: named.start()].strip()
    try:
        moment = datetime.fromisoformat(text)
    except ValueError as error:
        example = "2026-01-31, 2026-01-31T09:00+03:30 or '2026-01-31 09:00 Asia/Tehran'"
        raise UsageFailed(f"cannot read {text!r} as a date or a moment; write {example}") from error
    if moment.tzinfo is not None and named:
        raise UsageFailed(f"{text!r} has two time zones")
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=zone)
    return round(moment.timestamp() * 1000)


def show_moment(milliseconds: int | None) -> str:
    """A moment in UTC, `2026-01-31T05:30:00.000Z`; `–` where there is none."""
    if milliseconds is None or milliseconds < 0:
        return "–"
    seconds, rest = divmod(milliseconds, 1000)
    try:
        moment = datetime.fromtimestamp(seconds, UTC)
    except (OverflowError, ValueError, OSError):
        return f"{milliseconds} ms"
    return f"{moment:%Y-%m-%dT%H:%M:%S}.{rest:03d}Z"


def show_moment_twice(milliseconds: int) -> str:
    """A moment in UTC and as Tehran's clocks show it."""
    try:
        tehran = datetime.fromtimestamp(milliseconds / 1000, ZoneInfo(TEHRAN))
    except (ZoneInfoNotFoundError, OverflowError, ValueError, OSError):
        return show_moment(milliseconds)
    return f"{show_moment(milliseconds)} ({tehran:%Y-%m-%d %H:%M:%S} in Tehran)"
