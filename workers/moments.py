"""Moments and durations as people write them on a command line."""

import re
import time
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta, tzinfo
from datetime import time as clock
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from workers.failures import UsageFailed

TEHRAN = "Asia/Tehran"
JALALI_YEARS = range(1200, 1501)
"""Years that are Jalali: no record and no article is of the Gregorian years 1200 to 1500."""
YEARS = range(1800, 3000)
"""Gregorian years that a moment may lie in; others are typing errors."""

EXAMPLES = "2026-01-31, 2026-01-31T09:00+03:30, '2026-01-31 09:00 Asia/Tehran', 1404-11-11, '2h ago' or today"

_SECOND, _MINUTE, _HOUR, _DAY = 1000, 60_000, 3_600_000, 86_400_000
_UNITS = {"s": _SECOND, "m": _MINUTE, "h": _HOUR, "d": _DAY, "w": 7 * _DAY}
_DIGITS = str.maketrans("۰۱۲۳۴۵۶۷۸۹٠١٢٣٤٥٦٧٨٩", "01234567890123456789")
_ZONE_NAME = re.compile(r"[ \[]\[?(?P<zone>[A-Za-z]+(?:/[A-Za-z_+\-0-9]+)+|UTC)\]?$")
_UNIX = re.compile(r"\d{9,17}")
_DAY_AND_CLOCK = re.compile(
    r"(?P<day>today|yesterday|(?P<year>\d{4})(?P<mark>[-/.]?)(?P<month>\d{1,2})(?P=mark)(?P<date>\d{1,2}))"
    r"(?:(?:T|\s+)(?P<clock>\d{1,2}:?\d\d.*))?",
    re.IGNORECASE,
)
_DURATION = re.compile(
    r"(\d+(?:\.\d+)?)\s*(seconds?|secs?|s|minutes?|mins?|m|hours?|h|days?|d|weeks?|w)\s*", re.IGNORECASE
)


@dataclass(frozen=True, slots=True)
class Moment:
    """A moment or a whole day: half-open, in Unix milliseconds. `day`: the Gregorian date of a whole day."""

    start: int
    end: int
    day: date | None = None


def parse_moment(text: str, now: int | None = None) -> int:
    """Unix milliseconds of a moment, or of the beginning of a day. Reads and raises as `read_moment`."""
    return read_moment(text, now).start


def read_moment(text: str, now: int | None = None) -> Moment:
    """What a text means, `now` being the clock in Unix milliseconds. Raises `UsageFailed`.

    | written | means |
    |---|---|
    | `2026-01-31`, with a time `2026-01-31T09:00` | ISO 8601, in UTC unless a zone follows |
    | `1404-11-11`, `۱۴۰۴/۱۱/۱۱ ۰۹:۰۰` | Jalali by its year (1200 to 1500), in Tehran's time or a zone's |
    | `today`, `yesterday 14:30` | that day in Tehran unless a zone follows |
    | `now`, `2h ago`, `1h30m ago`, `3d ago` | so long before now |
    | `1769850000`, `1769850000123` | Unix time: seconds; from 12 digits milliseconds, from 15 microseconds |
    | `11 بهمن 1404`, `18 July 2018` | a date in words, in Tehran's time |

    A zone is `Z`, `+03:30`, or a name (`2026-01-31T09:00 Asia/Tehran`). The machine's own zone does not
    matter: the same command means the same everywhere. Digits may be Persian.
    """
    now = now_milliseconds() if now is None else now
    written, text = text, " ".join(text.translate(_DIGITS).split())
    if _UNIX.fullmatch(text):
        return _instant(
            int(text) * 1000 if len(text) < 12 else int(text) // (1000 if len(text) > 14 else 1), written
        )
    if text.lower() == "now":
        return _instant(now, written)
    if text.lower().endswith(" ago"):
        return _instant(now - parse_duration(text[:-4]), written)
    text, zone = _split_zone(text, written)
    try:
        found = _DAY_AND_CLOCK.fullmatch(text)
        if found:
            return _of_day(found, zone, now, written)
        return _in_words(text, zone, written)
    except (ValueError, OverflowError) as error:
        raise UsageFailed(
            f"cannot read {written!r} as a date or a moment ({error}); write {EXAMPLES}"
        ) from error


def parse_duration(text: str) -> int:
    """Milliseconds of `1h`, `90m`, `1h30m`, `2 days`, or ISO 8601 `P1D`, `PT1H30M`. Raises `UsageFailed`."""
    import msgspec

    text = text.translate(_DIGITS).strip()
    parts = _DURATION.findall(text)
    milliseconds = 0.0
    if parts and not _DURATION.sub("", text):
        milliseconds = sum(float(number) * _UNITS[unit[0].lower()] for number, unit in parts)
    elif text[:1].upper() == "P":
        try:
            milliseconds = msgspec.convert(text.upper(), timedelta).total_seconds() * 1000
        except msgspec.ValidationError:
            milliseconds = 0
    if not 0 < milliseconds < _DAY * 366 * 1000:
        raise UsageFailed(f"{text!r} is no duration; write 90m, 1h30m, 2d, P1D or PT1H30M")
    return round(milliseconds)


def now_milliseconds() -> int:
    """The clock, in Unix milliseconds."""
    return time.time_ns() // 1_000_000


def _split_zone(text: str, written: str) -> tuple[str, tzinfo | None]:
    named = _ZONE_NAME.search(text)
    if not named:
        return text, None
    try:
        return text[: named.start()].strip(), ZoneInfo(named["zone"])
    except (ZoneInfoNotFoundError, ValueError, OSError) as error:
        raise UsageFailed(f"unknown time zone {named['zone']!r} in {written!r}") from error


def _of_day(found: re.Match[str], zone: tzinfo | None, now: int, written: str) -> Moment:
    at = _clock(found["clock"]) if found["clock"] else None
    if at is not None and at.tzinfo is not None:
        if zone is not None:
            raise UsageFailed(f"{written!r} has two time zones")
        zone = at.tzinfo
    if found["year"] is None:
        zone = zone or ZoneInfo(TEHRAN)
        day = datetime.fromtimestamp(now / 1000, zone).date()
        day -= timedelta(days=found["day"].lower() == "yesterday")
    else:
        year, month, number = int(found["year"]), int(found["month"]), int(found["date"])
        if year in JALALI_YEARS:
            from persiantools.jdatetime import JalaliDate

            day = JalaliDate(year, month, number).to_gregorian()  # type: ignore[no-untyped-call]  # it has types, but not for this
            zone = zone or ZoneInfo(TEHRAN)
        else:
            day = date(year, month, number)
            zone = zone or UTC
    if at is None:
        return _whole_day(day, zone, written)
    return _instant(_milliseconds(datetime.combine(day, at.replace(tzinfo=zone)), written), written)


def _clock(text: str) -> clock:
    text = re.sub(r"\s+(?=[+-]|Z$)", "", text)
    return clock.fromisoformat(f"0{text}" if re.match(r"\d:", text) else text)


def _in_words(text: str, zone: tzinfo | None, written: str) -> Moment:
    """ISO 8601 of weeks and the like, else a date in words."""
    from workers.nlp.calendars import Months, parse_published
    from workers.nlp.knowledge.sources import Sources
    from workers.nlp.knowledge.words import CalendarNames

    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        published = parse_published(text, Months.of(CalendarNames.read(Sources.read())))
        if published is None:
            raise UsageFailed(f"cannot read {written!r} as a date or a moment; write {EXAMPLES}") from None
        moment = datetime.fromisoformat(published)
        zone = zone or ZoneInfo(TEHRAN)
        if "T" not in published:
            return _whole_day(moment.date(), zone, written)
    moment = moment.replace(tzinfo=moment.tzinfo or zone or UTC)
    return _instant(_milliseconds(moment, written), written)


def _whole_day(day: date, zone: tzinfo, written: str) -> Moment:
    _check(day.year, written)
    start = _milliseconds(datetime.combine(day, clock(), zone), written)
    return Moment(start, _milliseconds(datetime.combine(day + timedelta(1), clock(), zone), written), day)


def _milliseconds(moment: datetime, written: str) -> int:
    _check(moment.year, written)
    return round(moment.timestamp() * 1000)


def _instant(milliseconds: int, written: str) -> Moment:
    try:
        _check(datetime.fromtimestamp(milliseconds / 1000, UTC).year, written)
    except (OverflowError, ValueError, OSError):
        _check(YEARS.stop, written)
    return Moment(milliseconds, milliseconds + 1)


def _check(year: int, written: str) -> None:
    if year not in YEARS:
        raise UsageFailed(f"{written!r} lies outside the years {YEARS.start} to {YEARS.stop - 1}")


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
