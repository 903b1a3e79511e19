"""Calendars of Persian news: Jalali (solar), Gregorian and lunar dates, and `published` in its many forms.

persiantools converts Jalali dates, hijridate lunar ones (Umm al-Qura, 1343-1500 AH); older lunar years are
those of the tabular calendar. In Iran a lunar month begins when the moon is seen: the same day or the next.
Instants are ISO 8601 with an offset; a local time without one is taken as Tehran's.
"""

import re
from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta, timezone
from email.utils import parsedate_to_datetime
from functools import lru_cache
from typing import Literal, NamedTuple
from zoneinfo import ZoneInfo

from hijridate import Gregorian, Hijri
from persiantools.jdatetime import JalaliDate

from workers.nlp.knowledge.folding import fold
from workers.nlp.knowledge.words import CalendarNames

Calendar = Literal["jalali", "gregorian", "lunar"]

_HIJRA = date(622, 7, 19).toordinal()  # 1 Muharram 1, 16 July of the Julian calendar
TEHRAN = ZoneInfo("Asia/Tehran")
_YEARS: dict[Calendar, range] = {
    "jalali": range(1280, 1500),
    "gregorian": range(1901, 2200),  # crawls write 1899-12-31 or 1900-01-01 for «unknown»
    "lunar": range(1343, 1501),
}


class Months(NamedTuple):
    """Folded name of a month to its calendar and number (1-12)."""

    standard: dict[str, tuple[Calendar, int]]
    dari: dict[str, tuple[Calendar, int]]  # ambiguous words and Latin ones: months only beside day and year

    @classmethod
    def of(cls, names: CalendarNames) -> "Months":
        """The months by all their names."""
        standard: dict[str, tuple[Calendar, int]] = {}
        for calendar in _YEARS:
            for number, forms in names.months[calendar].items():
                standard.update({fold(form): (calendar, number) for form in forms})
        dari: dict[str, tuple[Calendar, int]] = {
            fold(form): ("jalali", number)
            for kind in ("dari", "transliterated")
            for number, forms in names.months[kind].items()
            for form in forms
        }
        return cls(standard, dari)


@lru_cache(maxsize=4096)
def to_gregorian(calendar: Calendar, year: int, month: int, day: int) -> date:
    """The Gregorian date of a day in a calendar; raises `ValueError` where there is no such day."""
    if calendar == "jalali":
        return JalaliDate(year, month, day).to_gregorian()  # type: ignore[no-untyped-call]  # persiantools has types, but not for these
    if calendar == "lunar":
        if year < _YEARS["lunar"].start:
            return _tabular(year, month, day)
        try:
            found = Hijri(year, month, day).to_gregorian()
        except OverflowError as error:
            raise ValueError(str(error)) from error
        return date(found.year, found.month, found.day)
    return date(year, month, day)


def _tabular(year: int, month: int, day: int) -> date:
    """A day of the tabular lunar calendar with leap years 2, 5, 7, 10, 13, 16, 18, 21, 24, 26, 29 of thirty.

    After Dershowitz and Reingold, Calendrical Calculations, chapter 7; within two days of what was seen.
    """
    if not (year >= 1 and 1 <= month <= 12 and 1 <= day <= 30):
        raise ValueError("no such lunar day")
    days = (year - 1) * 354 + (3 + 11 * year) // 30 + 29 * (month - 1) + month // 2 + day
    return date.fromordinal(_HIJRA + days - 1)


def days_of(calendar: Calendar, year: int, month: int, day: int) -> tuple[date, date]:
    """The first and the last Gregorian day that a day may be, a lunar one above all. Raises `ValueError`."""
    found = to_gregorian(calendar, year, month, day)
    if calendar != "lunar":
        return found, found
    old = year < _YEARS["lunar"].start
    return found - timedelta(int(old)), found + timedelta(1)


@lru_cache(maxsize=4096)
def from_gregorian(calendar: Calendar, day: date) -> tuple[int, int, int]:
    """Year, month and day of a date in a calendar; raises `ValueError` outside the calendar's tables."""
    if calendar == "jalali":
        found = JalaliDate(day)  # type: ignore[no-untyped-call]  # persiantools has types, but not for these
        return found.year, found.month, found.day
    if calendar == "lunar":
        try:
            hijri = Gregorian(day.year, day.month, day.day).to_hijri()
        except OverflowError as error:
            raise ValueError(str(error)) from error
        return hijri.year, hijri.month, hijri.day
    return day.year, day.month, day.day


def span_of_year(calendar: Calendar, year: int) -> tuple[date, date]:
    """First and last Gregorian day of a year; raises `ValueError`."""
    return to_gregorian(calendar, year, 1, 1), to_gregorian(calendar, year + 1, 1, 1) - timedelta(1)


def span_of_month(calendar: Calendar, year: int, month: int) -> tuple[date, date]:
    """First and last Gregorian day of a month; raises `ValueError`."""
    following = (year, month + 1) if month < 12 else (year + 1, 1)
    return to_gregorian(calendar, year, month, 1), to_gregorian(calendar, *following, 1) - timedelta(1)


def jalali(iso: str) -> str | None:
    """An ISO 8601 day, month, year or interval as Jalali days: `YYYY-MM-DD`, or the first and the last.

    Of a moment its day; None for a time without a day, and before the first year of the calendar.
    """
    ends = iso.split("/")
    try:
        days = [*_days_of_iso(ends[0]), *_days_of_iso(ends[-1])]
        first, last = ("{:04}-{:02}-{:02}".format(*from_gregorian("jalali", d)) for d in (days[0], days[-1]))
    except ValueError:
        return None
    return first if first == last else f"{first}/{last}"


def _days_of_iso(iso: str) -> tuple[date, date]:
    """The first and the last day of a day, month or year. Raises `ValueError`."""
    year, *rest = (int(part) for part in iso.partition("T")[0].split("-"))
    if len(rest) == 2:
        day = date(year, rest[0], rest[1])
        return day, day
    return span_of_month("gregorian", year, rest[0]) if rest else span_of_year("gregorian", year)


def local_date(published_at: str | None) -> date | None:
    """The day in Tehran on which an article with this `published_at` appeared."""
    if not published_at:
        return None
    try:
        moment = datetime.fromisoformat(published_at)
    except ValueError:
        return None
    return moment.astimezone(TEHRAN).date() if moment.tzinfo else moment.date()


# --- published ---------------------------------------------------------------------------------------------

_DIGITS = str.maketrans("۰۱۲۳۴۵۶۷۸۹٠١٢٣٤٥٦٧٨٩", "01234567890123456789")
_INVISIBLE = re.compile("[\u200b\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff]")
_CLOCK = re.compile(
    r"(?<![\d:])([01]?\d|2[0-4]):([0-5]\d)(?::([0-5]\d)(?:\.\d+)?)?(?![\d:])"
    r"\s*(?:([ap])\.?m\b|(ق|ب)\s*\.?\s*ظ|(صبح|بعد از ظهر|بعدازظهر|عصر|شب))?",
    re.IGNORECASE,
)
_NUMERIC = re.compile(r"(?<![\d/.])(?<!\d-)(\d{1,4})\s?([/.-])\s?(\d{1,2})\s?\2\s?(\d{1,4})(?![\d/-])")
_WORDED = re.compile(
    r"(?<!\d)(\d{1,2})(?:st|nd|rd|th)?\s+(?:of\s+)?([^\W\d_]+(?: [^\W\d_]+)?),?\s+(\d{4}|\d{2})(?!\d)"
)
_AMERICAN = re.compile(r"([^\W\d_]+)\.?\s+(\d{1,2})(?:st|nd|rd|th)?,?\s+(\d{4})(?!\d)")
_OFFSET = re.compile(
    r"^\s*(?:(?:UTC|GMT)?([+-])([01]\d):?([0-5]\d)(?![\d/.-])|Z\b|UTC\b|GMT\b)", re.IGNORECASE
)
_ASP = re.compile(r"/?Date\((\d{9,17})(?:[+-]\d{4})?\)/?")  # what ASP.NET writes into JSON
_RFC2822 = re.compile(
    r"(?:[A-Za-z]{3},? )?\d{1,2} [A-Za-z]{3} \d{4} \d\d?:\d\d(?::\d\d)? (?:[+-]\d{4}|[A-Z]{1,4})\b"
)
_FILLER = re.compile(r"(?:(?<=[^\W\d_])ماه|\b(?:ماه|سال|مورخ))\b")
_COMPACT = re.compile(r"^(\d{4})(\d\d)(\d\d)(?:T?(\d\d)(\d\d)(\d\d)?)?$")
_LONGEST = 200  # characters of `published` that are looked at


def parse_published(value: str | float | None, months: Months) -> str | None:
    """`published` as ISO 8601: `YYYY-MM-DD`, or `YYYY-MM-DDTHH:MM:SS±HH:MM` where a time is given.

    Knows Unix time (s, ms, us), ISO 8601 in Gregorian or Jalali years, RFC 2822, and dates in words or
    digits with text around («تاریخ انتشار: ۲۰:۱۱ - ۲۷ تیر ۱۳۹۷ - 18 July 2018»). Where one date is written
    in two calendars, the first valid one counts. An offset is kept as given; Unix time and local times get
    Tehran's. None where no date can be told.
    """
    if value is None or isinstance(value, bool):
        return None
    if isinstance(value, int | float):
        return _unix(float(value)) if 0 < value < 1e17 else None
    text = _INVISIBLE.sub("", value[:_LONGEST]).translate(_DIGITS).replace("٫", ".")
    text = " ".join(text.replace("\u200c", " ").replace("ـ", "").split())
    if not text:
        return None
    if found := _COMPACT.match(text):
        year, month, day, *clock = (int(g) if g else None for g in found.groups())
        days = list(_days(year or 0, month or 0, day or 0))
        if days:
            hour, minute, second = clock
            return _iso(days[0], (hour, minute or 0, second or 0) if hour is not None else None, None)
    if found := _ASP.fullmatch(text):
        return _unix(float(found[1]))
    if re.fullmatch(r"\d{9,17}(?:\.\d+)?", text):
        return _unix(float(text))
    return _from_iso(text) or _from_rfc2822(text) or _from_words(text, months)


def _unix(value: float) -> str | None:
    """Seconds, milliseconds or microseconds since 1970, told apart by size; from 1973 to 2128."""
    for scale in (1.0, 1e3, 1e6):
        if 1e8 <= value / scale < 5e9:
            moment = datetime.fromtimestamp(int(value / scale), UTC).astimezone(TEHRAN)
            return _stamp(moment)
    return None


def _from_iso(text: str) -> str | None:
    if not re.match(r"\d{4}-\d\d-\d\d", text):
        return None
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        return None
    if moment.year not in _YEARS["gregorian"]:
        return None  # perhaps a Jalali year in ISO dress: `_from_words` reads it
    if re.fullmatch(r"\d{4}-\d\d-\d\d", text):
        return moment.date().isoformat()
    return _stamp(moment if moment.tzinfo else moment.replace(tzinfo=TEHRAN))


def _from_rfc2822(text: str) -> str | None:
    if not _RFC2822.match(text):
        return None
    try:
        moment = parsedate_to_datetime(text)
    except ValueError:
        return None
    return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).isoformat(timespec="seconds")


def _from_words(text: str, months: Months) -> str | None:
    text = " ".join(_FILLER.sub(" ", re.sub(r"(?<=\d)T(?=\d)|،", " ", text)).split())
    clock = _CLOCK.search(text)
    time_of_day, offset = None, None
    if clock:
        hour, minute, second = int(clock[1]) % 24, int(clock[2]), int(clock[3] or 0)
        late = (clock[4] or "").lower() == "p" or clock[5] == "ب" or (clock[6] or "صبح") != "صبح"
        early = (clock[4] or "").lower() == "a" or clock[5] == "ق"
        hour = hour + 12 if late and hour < 12 else 0 if early and hour == 12 else hour
        time_of_day = (hour, minute, second)
        zone = _OFFSET.match(text[clock.end() :])
        if zone:
            offset = timedelta(hours=int(zone[2]), minutes=int(zone[3])) if zone[1] else timedelta(0)
            offset = -offset if zone[1] == "-" else offset
        text = f"{text[: clock.start()]} | {text[clock.end() :]}"
    candidates = sorted(_written_days(text, months))
    return _iso(candidates[0][1], time_of_day, offset) if candidates else None


def _written_days(text: str, months: Months) -> Iterator[tuple[int, date]]:
    """Dates in a text, each with its place."""
    for m in _NUMERIC.finditer(text):
        first, middle, last = int(m[1]), int(m[3]), int(m[4])
        if max(len(m[1]), len(m[4])) > 2 and max(first, last) < 100:
            continue  # the year one
        orders = [(first, middle, last)] if len(m[1]) > 2 else [(last, middle, first)]
        if len(m[1]) <= 2 and len(m[4]) > 2:
            orders.append((last, first, middle))  # month first, as in America
        if len(m[1]) <= 2 and len(m[4]) <= 2:
            orders = [(first, middle, last), (last, middle, first)]
        for day in (d for order in orders for d in _days(*order)):
            yield m.start(), day
            break
    for m in _WORDED.finditer(text):
        for name in (m[2], m[2].split()[0]):
            yield from ((m.start(), d) for d in _named(int(m[1]), name, int(m[3]), months))
    for m in _AMERICAN.finditer(text):
        yield from ((m.start(), d) for d in _named(int(m[2]), m[1], int(m[3]), months))


def _named(day: int, name: str, year: int, months: Months) -> Iterator[date]:
    key = fold(name).lower()
    month = months.standard.get(key) or months.dari.get(key)
    if month:
        calendar, number = month
        if year < 100:
            year += 1300 if calendar == "jalali" else 2000
        try:
            if year in _YEARS[calendar]:
                yield to_gregorian(calendar, year, number, day)
        except ValueError:
            return


def _days(year: int, month: int, day: int) -> Iterator[date]:
    """The day that three figures mean, the calendar told by the year; two figures are Jalali 1350-1449."""
    if year < 100:
        year += 1300 if year >= 50 else 1400
    for calendar in ("jalali", "gregorian"):
        if year in _YEARS[calendar]:
            try:
                yield to_gregorian(calendar, year, month, day)
            except ValueError:
                continue


def _iso(day: date, clock: tuple[int, int, int] | None, offset: timedelta | None) -> str:
    if clock is None:
        return day.isoformat()
    moment = datetime.combine(day, time(*clock), TEHRAN)
    if offset is not None:
        moment = moment.replace(tzinfo=timezone(offset))
    return _stamp(moment)


def _stamp(moment: datetime) -> str:
    """ISO 8601; the day alone where the offset has seconds (Tehran's before 1946): ISO knows none."""
    if (moment.utcoffset() or timedelta(0)).seconds % 60:
        return moment.date().isoformat()
    return moment.isoformat(timespec="seconds")
