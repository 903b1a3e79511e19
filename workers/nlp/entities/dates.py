"""Gives a date expression its value: ISO 8601 and its precision.

A day is `YYYY-MM-DD`, a lunar one that no weekday tells an interval of the days that it may be; a
Gregorian month or year is `YYYY-MM` or `YYYY`. What no single ISO value can hold (a Jalali or lunar
month or year, a week from Saturday to Friday, a season, a range) is an interval of two days
`YYYY-MM-DD/YYYY-MM-DD`, of two years or months where both ends are Gregorian.
«اوایل», «پایان» and the like do not narrow the period.

Where the year is left out, the nearest one to the publication counts, on the side of it that the verb
tells; a weekday alone is the last one up to the publication day, or the next before such a verb.
"""

from datetime import date, timedelta
from itertools import pairwise
from typing import Any

from schemas.enriched import Precision
from workers.nlp.calendars import Calendar, days_of, from_gregorian, span_of_month, span_of_year, to_gregorian
from workers.nlp.document import Quantity
from workers.nlp.entities.date_parts import MONTHS, YEARS, DateParts
from workers.nlp.entities.lexemes import CLASS, Lexemes, Month, Number

_NOTHING = Quantity()
_C = CLASS
_PAST, _NEXT, _CURRENT = _C["PAST"], _C["NEXT"], _C["CURRENT"]
_UNITS: dict[str, str] = {
    _C["DAYW"]: "day",
    _C["DAYS"]: "day",
    _C["WEEK"]: "week",
    _C["MONTH"]: "month",
    _C["MONTHLY"]: "month",
    _C["YEAR"]: "year",
    _C["YEARS"]: "year",
    _C["DECADE"]: "decade",
    _C["CENTURY"]: "century",
}


def date_value(
    part: Lexemes, base: date | None, halves: frozenset[str], to_come: bool | None = None
) -> Quantity:
    """The value of a date expression's lexemes.

    `base` is the day of publication, if known; `halves` are the words that halve a year; `to_come` tells
    whether the sentence speaks of what is to come.
    """
    try:
        return _Reading(part, base, halves, to_come).value()
    except (ValueError, OverflowError):
        return _NOTHING


class _Reading(DateParts):
    """One reading of a date expression: its value, by what it names."""

    def value(self) -> Quantity:
        if self.has("NUMDATE"):
            return _numeric(self.first("NUMDATE"))
        if self.has("EVERY") or (self.has("PLURAL") and self.has("WEEKDAY")):
            return _NOTHING
        if any(c in MONTHS for c in self.classes):
            return self._with_month()
        if self.has("TODAY"):
            return _day(self.published() + timedelta(self.first("TODAY")))
        if self.has("WEEKDAY"):
            return self._weekday()
        if self.has("SEASON"):
            return self._season()
        if self.has("DECADE", "CENTURY"):
            return self._long()
        years = self.years()
        half = self.first("EDGE") in self.halves and self.has("ORD")
        if years and self.has("YEAR", "YEARS", "ERA") and not (half or self.has("MONTHLY", "MONTH")):
            return self._explicit_years(years)
        if self.has("NOWRUZ"):
            year = self.relative_year()
            return _day(to_gregorian("jalali", year, 1, 1)) if year else _NOTHING
        return self._relative()

    def _with_month(self) -> Quantity:
        places = [i for i, c in enumerate(self.classes) if c in MONTHS]
        months: list[Month] = [self.values[i] for i in places]
        month = months[0]
        days = []
        for i in range(places[0]):
            if self.classes[i] in (_C["DAY"], _C["ORD"]):
                days.append(self.values[i] if self.classes[i] == _C["ORD"] else int(self.values[i].value))
        if self.has("LAST") or (
            self.classes[0] in (_C["EDGE"], _C["WEEK"]) and days and _C["ORD"] in self.classes[:2]
        ):
            days = []  # «نیمه دوم آبان», «هفته آخر مرداد»: the month
        year = self._year_of(month, days)
        if year is None:
            return _NOTHING
        if len(months) > 1 and months[1].calendar == month.calendar and not days:
            return _span(
                (
                    span_of_month(month.calendar, year, month.number)[0],
                    span_of_month(month.calendar, year, months[1].number)[1],
                ),
                "month",
            )
        if not days:
            if month.calendar == "gregorian":
                return Quantity(iso=f"{year:04}-{month.number:02}", precision="month")
            return _span(span_of_month(month.calendar, year, month.number), "month")
        if len(days) == 1:
            return self._one_of(*days_of(month.calendar, year, month.number, days[0]))
        follow = all(after == day + 1 for day, after in pairwise(days))  # «۱۲، ۱۳ و ۱۴ آبان»
        if follow or (len(days) == 2 and self.has("TO")):
            first, last = (to_gregorian(month.calendar, year, month.number, d) for d in (days[0], days[-1]))
            if first < last:
                return _span((first, last), "day")
        return _NOTHING

    def _one_of(self, first: date, last: date) -> Quantity:
        """The day of a lunar date that the weekday beside it tells, else both that it may be."""
        if first == last:
            return _day(first)
        weekday = self.first("WEEKDAY")
        for day in (first + timedelta(n) for n in range((last - first).days + 1)):
            if day.weekday() == weekday:
                return _day(day)
        return _span((first, last), "day")

    def _year_of(self, month: Month, days: list[int]) -> int | None:
        """The year of a month: written, relative, or the nearest to the publication."""
        after = max(i for i, c in enumerate(self.classes) if c in MONTHS)
        written = self.years_after(after + 1)
        if written:
            calendar, year = written[0]
            if calendar == month.calendar:
                return year
            if month.calendar == "lunar" and calendar == "jalali":
                return self._lunar_year(month, year)
            return year - 621 if month.calendar == "jalali" and calendar == "gregorian" else None
        relative = self.relative_year(month.calendar)
        if relative is not None and month.calendar != "lunar":
            return relative
        base = self.published()
        year, this_month, _ = from_gregorian(month.calendar, base)
        rest = self.classes[after + 1 :]
        if _PAST in rest:
            return year if month.number < this_month else year - 1
        if _NEXT in rest:
            return year if month.number > this_month else year + 1
        if _CURRENT in rest:
            return year
        candidates = []
        for y in (year - 1, year, year + 1):
            try:
                first = to_gregorian(month.calendar, y, month.number, days[0] if days else 15)
            except ValueError:
                continue
            weekday = self.first("WEEKDAY")
            odd = weekday is not None and len(days) == 1 and first.weekday() != weekday
            late = (first - base).days
            aside = self.to_come is not None and (late < -3 if self.to_come else late > (1 if days else 15))
            candidates.append((odd, aside, abs(late), y))
        return min(candidates)[-1] if candidates else None

    def _lunar_year(self, month: Month, year: int) -> int:
        """The year of a lunar month: a lunar one («۲۱ رمضان ۱۴۳۷»), or a Jalali one («محرم ۹۵»).

        That which is nearer to the publication counts; the lunar one where its day is not known.
        """
        if self.base is None:
            return year
        new_year = to_gregorian("jalali", year, 1, 1)
        meant, begun, _ = from_gregorian("lunar", new_year)
        meant += month.number < begun
        other = to_gregorian("lunar", year, month.number, 1)
        near = abs((new_year - self.base).days) < abs((other - self.base).days)
        return meant if near else year

    def _weekday(self) -> Quantity:
        base, weekday = self.published(), self.first("WEEKDAY")
        if self.classes.count(_C["WEEKDAY"]) > 1:
            return _NOTHING
        if self.has("LAST", "ORD"):
            return _NOTHING
        week = (base.weekday() + 2) % 7  # days since Saturday
        if self.has("WEEK"):
            step = -7 if self.has("PAST") else 7 if self.has("NEXT") else 0
            return _day(base - timedelta(week) + timedelta((weekday + 2) % 7 + step))
        if self.has("PAST"):
            return _day(base - timedelta((base.weekday() - weekday - 1) % 7 + 1))
        if self.has("NEXT"):
            return _day(base + timedelta((weekday - base.weekday() - 1) % 7 + 1))
        if self.to_come:
            return _day(base + timedelta((weekday - base.weekday()) % 7))
        return _day(base - timedelta((base.weekday() - weekday) % 7))

    def _season(self) -> Quantity:
        seasons = [v for c, v in zip(self.classes, self.values, strict=True) if c == _C["SEASON"]]
        written = self.years() or self.years_after(self.classes.rindex(_C["SEASON"]) + 1)
        if written:
            calendar, year = written[0]
            if calendar == "gregorian":
                year -= 621
        else:
            relative = self.relative_year()
            if relative is None:
                base = self.published()
                year, month, _ = from_gregorian("jalali", base)
                now = (month - 1) // 3
                if self.has("PAST"):
                    year -= seasons[0] >= now
                elif self.has("NEXT"):
                    year += seasons[0] <= now
                elif not self.has("CURRENT", "THIS", "SAME"):
                    year += -1 if seasons[0] - now > 2 else 1 if now - seasons[0] > 2 else 0
            else:
                year = relative
        first = span_of_month("jalali", year, seasons[0] * 3 + 1)[0]
        last = span_of_month("jalali", year, seasons[-1] * 3 + 3)[1]
        return _span((first, last), "season")

    def _explicit_years(self, years: list[tuple[Calendar, int]]) -> Quantity:
        calendar = years[0][0]
        if any(c != calendar for c, _ in years):
            return _NOTHING
        numbers = [y for _, y in years]
        follow = all(abs(after - year) == 1 for year, after in pairwise(numbers))
        if not follow and not (len(numbers) == 2 and self.has("TO")):
            return _NOTHING
        first, last = min(numbers), max(numbers)
        if self.has("STUDY") and "تحصیلی" in (self.first("STUDY") or "") and first == last - 1:
            last = first  # «سال تحصیلی ۸۹-۱۳۸۸» begins in 1388
            begin = to_gregorian(calendar, first, 7, 1)
            return _span((begin, to_gregorian(calendar, first + 1, 3, 31)), "year")
        return self._years_span(calendar, first, last, "year")

    def _long(self) -> Quantity:
        if self.has("PAST", "NEXT", "CURRENT", "THIS", "SAME"):
            return self._relative()
        counted = (*YEARS, _C["DAY"], _C["NUM"], _C["ORD"])
        numbers = [v for c, v in zip(self.classes, self.values, strict=True) if c in counted]
        if not numbers:
            return _NOTHING
        number = numbers[0] if isinstance(numbers[0], int) else int(numbers[0].value or 0)
        if self.has("DECADE") and (number % 10 or not (number < 100 or 1200 <= number <= 2100)):
            return _NOTHING
        if self.has("CENTURY"):
            if len(numbers) > 1 or self.era() not in (None, "gregorian") or number < 15:
                return _NOTHING
            return Quantity(iso=f"{number * 100 - 99:04}/{number * 100:04}")
        if isinstance(numbers[0], int):
            return _NOTHING  # «دهه اول انقلاب»
        last = int(numbers[-1].value or 0)
        if last % 10 or not number <= last < number + 100:
            return _NOTHING
        calendar, year = self.year(number)
        return self._years_span(calendar, year, year + last - number + 9, "decade")  # «دهه‌های ۶۰ و ۷۰»

    def _years_span(self, calendar: Calendar, first: int, last: int, precision: Precision) -> Quantity:
        if calendar == "gregorian":
            return Quantity(
                iso=f"{first:04}" if first == last else f"{first:04}/{last:04}", precision=precision
            )
        return _span((span_of_year(calendar, first)[0], span_of_year(calendar, last)[1]), precision)

    def _relative(self) -> Quantity:
        """«سال گذشته», «سه ماه اخیر», «دو هفته پیش», «نیمه اول سال جاری»."""
        calendar: Calendar = "gregorian" if self.era() == "gregorian" else "jalali"
        if self.has("MONTHLY", "ORD", "LAST") or (self.has("YEARREL") and self.has("MONTH")):
            return self._part_of_year(calendar)
        base = self.published()
        if self.has("YEARREL", "THISYEAR"):
            return self._year_span(calendar, self.relative_year(calendar))
        at = next((i for i, c in enumerate(self.classes) if c in _UNITS), None)
        if at is None or self.has(
            "FEW", "SOME", "PLURAL", "DAYS", "YEARS", "STUDY", "FRACTION", "ONE", "SEASONW"
        ):
            return _NOTHING
        unit = _UNITS[self.classes[at]]
        numbers = [v for v in self.values[:at] if isinstance(v, Number)]
        if len(numbers) > 1:
            return _NOTHING
        count = int(numbers[0].value or 0) if numbers else None
        past, future = self.has("PAST"), self.has("NEXT", "ELSE", "NEW")
        word = self.first("PAST") or self.first("NEXT") or self.first("ELSE")
        if count is None and unit == "year" and self.has("NEW"):
            return self._year_span(calendar, self.relative_year(calendar))
        if count is None:
            return self._step(unit, -1 if past else 1 if future else 0, calendar)
        if not (past or future) or count > 2000:
            return _NOTHING
        if word == "بعد" and not self.to_come:
            return _NOTHING  # «دو روز بعد»: after what the article tells of, not after its day
        if word in ("پیش", "قبل", "بعد", "دیگر"):  # a point: that many back or ahead
            return self._step(unit, -count if past else count, calendar)
        end = self._shift(unit, -count if past else count, calendar)
        span = (end, base) if past else (base, end)
        precision: dict[str, Precision] = {
            "day": "day",
            "week": "week",
            "month": "month",
            "year": "year",
            "decade": "decade",
        }
        return _span(span, precision.get(unit))

    def _shift(self, unit: str, count: int, calendar: Calendar) -> date:
        base = self.published()
        if unit in ("day", "week"):
            return base + timedelta(count * (7 if unit == "week" else 1))
        year, month, day = from_gregorian(calendar, base)
        months = (
            year * 12 + month - 1 + count * {"month": 1, "year": 12, "decade": 120, "century": 1200}[unit]
        )
        year, month = divmod(months, 12)
        for d in (day, 30, 29, 28):
            try:
                return to_gregorian(calendar, year, month + 1, min(d, day))
            except ValueError:
                continue
        raise ValueError("no such day")

    def _step(self, unit: str, count: int, calendar: Calendar) -> Quantity:
        base = self.published()
        if unit == "day":
            return _day(base + timedelta(count))
        if unit == "week":
            first = base - timedelta((base.weekday() + 2) % 7) + timedelta(7 * count)
            return _span((first, first + timedelta(6)), "week")
        year, month, _ = from_gregorian(calendar, base)
        if unit == "month":
            year, month = divmod(year * 12 + month - 1 + count, 12)
            if calendar == "gregorian":
                return Quantity(iso=f"{year:04}-{month + 1:02}", precision="month")
            return _span(span_of_month(calendar, year, month + 1), "month")
        if unit == "year":
            return self._year_span(calendar, year + count)
        if unit == "decade":
            if self.has("THIS", "SAME") or abs(count) == 1:
                begin = (year // 10 + (count if abs(count) == 1 else 0)) * 10
                return self._years_span(calendar, begin, begin + 9, "decade")
            return self._year_span(calendar, year + 10 * count)
        if unit == "century" and abs(count) <= 1:
            century = (base.year - 1) // 100 + count
            return Quantity(iso=f"{century * 100 + 1:04}/{century * 100 + 100:04}")
        return _NOTHING

    def _year_span(self, calendar: Calendar, year: int | None) -> Quantity:
        return _NOTHING if year is None else self._years_span(calendar, year, year, "year")

    def _part_of_year(self, calendar: Calendar) -> Quantity:
        """«سه ماهه اول سال جاری», «شش ماه نخست امسال», «نیمه دوم سال گذشته»."""
        written = self.years()
        year = written[0][1] if written else self.relative_year(calendar)
        if year is None and self.has("YEAR"):
            year = from_gregorian(calendar, self.published())[0]
        if year is None:
            return self._relative_months(calendar)
        ordinal = self.first("ORD")
        count = next((int(v.value or 0) for v in self.values if isinstance(v, Number)), None)
        at = self.classes.find(_C["EDGE"])
        if at >= 0 and self.values[at] in self.halves and ordinal in (1, 2):
            first_month, last_month = (1, 6) if ordinal == 1 else (7, 12)
        elif self.has("MONTHLY", "MONTH") and count and 12 % count == 0 and ordinal and count * ordinal <= 12:
            first_month, last_month = count * (ordinal - 1) + 1, count * ordinal
        elif self.has("MONTHLY", "MONTH") and count and count <= 12 and not (ordinal and ordinal > 1):
            late = self.first("LAST") in ("آخر", "پایانی", "آخرین")
            first_month, last_month = (13 - count, 12) if late else (1, count)
        else:
            return _NOTHING
        span = (span_of_month(calendar, year, first_month)[0], span_of_month(calendar, year, last_month)[1])
        return _span(span, "month")

    def _relative_months(self, calendar: Calendar) -> Quantity:
        count = next((int(v.value or 0) for v in self.values if isinstance(v, Number)), None)
        if not count or not self.has("PAST", "NEXT"):
            return _NOTHING
        end = self._shift("month", -count if self.has("PAST") else count, calendar)
        base = self.published()
        return _span((end, base) if end < base else (base, end), "month")


def _day(day: date) -> Quantity:
    return Quantity(iso=day.isoformat(), precision="day")


def _span(span: tuple[date, date], precision: Precision | None) -> Quantity:
    return Quantity(iso=f"{span[0].isoformat()}/{span[1].isoformat()}", precision=precision)


def _numeric(parts: tuple[Any, Any, Any]) -> Quantity:
    """«۱۳۹۷/۹/۱۰», «85/5/14», «30/فروردین/1390»."""
    first, middle, last = parts
    if isinstance(middle, Month):
        day, year = (int(first), int(last)) if len(first) <= 2 else (int(last), int(first))
        if year < 100:
            year += 1300 if middle.calendar == "jalali" else 2000
        return _day(to_gregorian(middle.calendar, year, middle.number, day))
    a, b, c = int(first), int(middle), int(last)
    orders = [(a, b, c), (c, b, a)] if len(first) != 2 or len(last) != 4 else [(c, b, a)]
    if len(first) <= 2 and len(last) == 2 and a <= 31 and c > 31:
        orders = [(c, b, a)]
    for year, month, day in orders:
        if year < 100:
            year += 1300
        calendar: Calendar = "jalali" if year < 1500 else "gregorian"
        try:
            return _day(to_gregorian(calendar, year, month, day))
        except ValueError:
            continue
    return _NOTHING
