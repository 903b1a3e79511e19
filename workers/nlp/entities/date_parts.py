"""Reads the words of a date expression: its classes, the era, the years written or meant.

`dates.py` makes the date of them.
"""

from datetime import date
from typing import Any

from workers.nlp.calendars import Calendar, from_gregorian
from workers.nlp.entities.lexemes import CLASS, Lexemes

_C = CLASS
MONTHS = frozenset((_C["MON"], _C["AMON"], _C["VMON"], _C["DMON"]))
_HIJRI = "هجری"  # of itself lunar for old years, and Jalali for those of our times
_MIDDLE = 6  # months of a year
YEARS = frozenset((_C["YYYY"], _C["YY"]))


class DateParts:
    """The lexemes of one date expression, without the gloss that says the same again."""

    def __init__(
        self, part: Lexemes, base: date | None, halves: frozenset[str], to_come: bool | None = None
    ) -> None:
        self.base, self.halves, self.to_come = base, halves, to_come
        classes, values = part.classes, part.values
        if _C["OPEN"] in classes:  # the gloss says the same again
            cut = classes.index(_C["OPEN"])
            gloss, main = classes[cut:], classes[:cut]
            if _C["ERA"] not in gloss:
                if _C["WEEKDAY"] in main and not set(main) & MONTHS and _C["TODAY"] in gloss:
                    classes, values = gloss, values[cut:]
                elif not set(main) & MONTHS and set(gloss) & MONTHS:
                    classes, values = main + gloss, values
                else:
                    classes, values = main, values[:cut]
        self.classes, self.values = classes, values

    def first(self, name: str) -> Any:
        """The value of the first lexeme of a class; None without one."""
        at = self.classes.find(_C[name])
        return self.values[at] if at >= 0 else None

    def has(self, *names: str) -> bool:
        """Whether a lexeme of one of some classes is there."""
        return any(_C[n] in self.classes for n in names)

    def published(self) -> date:
        """The day of publication. Raises `ValueError` where it is not known."""
        if self.base is None:
            raise ValueError("a relative date without a day of publication")
        return self.base

    def era(self) -> Calendar | None:
        """The calendar that the expression names («میلادی», «قمری», «شمسی»)."""
        era = self.first("ERA") or ""
        if era.endswith(" م") or " از " in era:
            raise ValueError("a year before Christ")
        if "میلاد" in era:
            return "gregorian"
        if "قمر" in era or "ق" in era.split() or era == "هق":
            return "lunar"
        return "jalali" if era else None

    def years(self) -> list[tuple[Calendar, int]]:
        """The years that the expression names in figures. Raises `ValueError` for years before Christ."""
        self.era()
        found: list[tuple[Calendar, int]] = []
        after_year = False
        counted = f"{_C['YY']}{_C['YEAR']}{_C['PAST']}", f"{_C['YY']}{_C['YEAR']}{_C['ELSE']}"
        if self.classes.endswith(counted):  # «۸۰ سال قبل»
            return []
        for c, v in zip(self.classes, self.values, strict=True):
            if c in YEARS or (c == _C["DAY"] and after_year):
                found.append(self.year(int(v.value)))
            after_year = c in (_C["YEAR"], _C["YEARS"], _C["STUDY"]) or (
                after_year
                and c in (_C["PLURAL"], _C["ERA"], _C["AND"], _C["TO"], _C["COMMA"], _C["DASH"], _C["DAY"])
            )
        return found

    def year(self, year: int) -> tuple[Calendar, int]:
        """The calendar of a year in figures, and the year whole: «۹۷» is 1397."""
        era = self.era()
        if year >= 1700:
            return "gregorian", year
        if year >= 1200:
            return "lunar" if era == "lunar" else "jalali", year
        if era == "lunar" or self.first("ERA") == _HIJRI:  # «سال ۶۱ هجری»
            return "lunar", year
        if era == "gregorian":
            return "gregorian", year + (1900 if year > 50 else 2000)
        return "jalali", year + (1300 if year >= 20 or self.jalali_now() < 1400 else 1400)

    def jalali_now(self) -> int:
        """The Jalali year of publication, 1400 where it is not known."""
        return from_gregorian("jalali", self.base)[0] if self.base else 1400

    def relative_year(self, calendar: Calendar = "jalali") -> int | None:
        """The year that «امسال», «سال گذشته», «سال جاری» … stand for, in a calendar.

        «سال جدید» is the one that has begun, or from the middle of a year on the one that comes.
        """
        step: int | None
        if self.has("YEARREL", "THISYEAR"):
            value = self.first("YEARREL")
            step = value if isinstance(value, int) else 0
        elif self.has("YEAR") and self.has("PAST"):
            step = -1
        elif self.has("YEAR") and self.has("NEXT"):
            step = 1
        elif self.has("YEAR") and self.has("NEW"):
            step = None
        elif self.has("YEAR") and self.has("CURRENT", "THIS", "SAME"):
            step = 0
        else:
            return None
        if self.era() == "gregorian":
            calendar = "gregorian"
        year, month, _ = from_gregorian(calendar, self.published())
        return year + (int(month > _MIDDLE) if step is None else step)

    def years_after(self, start: int) -> list[tuple[Calendar, int]]:
        """The years in the lexemes from `start`: what follows a month or season."""
        classes, values = self.classes[start:], self.values[start:]
        return [
            self.year(int(v.value))
            for at, (c, v) in enumerate(zip(classes, values, strict=True))
            if c in YEARS
            or (at == 0 and c == _C["NUM"])
            or (c == _C["DAY"] and (_C["YEAR"] in classes or at == 0))
        ]
