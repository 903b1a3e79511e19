"""Lexemes of dates, times, sums and percentages: the text as a string of word classes.

Each word that matters becomes one character of `Lexemes.classes`, every other word «x», a line end «#»;
`quantities` runs its grammar over that string. Numbers in digits and words are joined first
(«بیست و سه میلیون», «دو هزار و ۵۰۰ میلیارد», «۱۲/۵»), so are clocks, numeric dates and words of two parts.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from itertools import accumulate
from typing import Any, NamedTuple

from workers.nlp.calendars import Calendar
from workers.nlp.knowledge.affixes import NUMBER_PLURALS, ORDINALS, ORDINALS_OF_WORDS
from workers.nlp.knowledge.folding import FIGURES, fold_figures, without_marks
from workers.nlp.knowledge.lexicon import Lexicon
from workers.nlp.knowledge.sources import LexiconError
from workers.nlp.knowledge.words import CalendarNames, QuantityWords

NAMES = """
AND OR TO FEW SOME EVERY PLURAL FROM DAYW DAYS WEEK MONTH YEAR YEARS SEASONW DECADE CENTURY PERIOD
DYNASTY MONTHLY THIS SAME AFTERWARDS PAST NEXT ELSE ONE CURRENT NEW THISYEAR EDGE LAST PART NIGHT HOUR
MINUTE MOMENTS ERA HOLY STUDY NOWRUZ EID PERCENT CENT OPEN CLOSE COMMA DASH DOT COLON TODAY YEARREL
WEEKDAY SEASON MON AMON VMON DMON INT CARD MULT MULTS FRACTION ORD NUM DAY YY YYYY CLOCK NUMDATE CURRENCY
SUFFIX MINUS TOWER OFDATE FUNC AGE
""".split()  # noqa: SIM905 - a table
CLASS = {name: chr(0x41 + i) if i < 26 else chr(0xC0 + i) for i, name in enumerate(NAMES)}
"""Name of a class to its character; «x» and «#» are taken."""

_WORD = re.compile(
    "([0-9۰-۹٠-٩]+|[\u0621-\u065f\u0670-\u06d3\u06d5-\u06efA-Za-z]+|[^\\s\\w\u200b-\u200f\u202a-\u202e\u2066-\u2069]|\n)"
)
_MARKS = re.compile("[\u0640\u064b-\u065f\u0670]")
_ARABIC = re.compile("[يىكةۀإٱ]")  # letters that cleaned text does not hold
_DIGITS = frozenset("0123456789۰۱۲۳۴۵۶۷۸۹٠١٢٣٤٥٦٧٨٩")
_SIGNS = frozenset("-−")
_INDENT = 8  # letters before a dash in which the line may begin
_ZERO = frozenset("0۰٠")
_CALENDARS: dict[str, Calendar] = {
    "jalali": "jalali",
    "dari": "jalali",
    "gregorian": "gregorian",
    "lunar": "lunar",
}
_OTHER: tuple[str, Any] = ("x", None)


class Number(NamedTuple):
    """A number: its value, None where it is ambiguous or a guess, and whether it is written in digits.

    `unit` is the power of ten that its last word tells («سه میلیون»: a million); `ends` are those of a guess.
    """

    value: float | None
    digits: bool
    unit: float = 1.0
    ends: tuple[float, float] | None = None


class Month(NamedTuple):
    """A month of a calendar."""

    calendar: Calendar
    number: int


@dataclass(frozen=True, slots=True)
class Lexemes:
    """Parallel lists: class, start, end (code points of the text) and value of each lexeme."""

    classes: str
    starts: list[int]
    ends: list[int]
    values: list[Any]


@dataclass(slots=True)
class _Table:
    """The lexer's tables while they are put together."""

    words: dict[str, tuple[str, Any]] = field(default_factory=dict)
    phrases: dict[str, list[tuple[tuple[str, ...], str, Any]]] = field(default_factory=dict)

    def add(self, form: str, name: str, value: Any) -> None:
        """A form of a class, in all its spellings."""
        parts = fold_figures(form).replace("\u200c", " ").split()
        if len(parts) > 1:
            spelled = form.replace("\u200c", " ").split()
            if spelled != parts:
                self.phrases.setdefault(spelled[0], []).append((tuple(spelled[1:]), CLASS[name], value))
            self.phrases.setdefault(parts[0], []).append((tuple(parts[1:]), CLASS[name], value))
        if len(parts) == 1 or "\u200c" in form:
            for spelling in (
                "".join(parts),
                form.replace("\u200c", ""),
                form.replace("ئ", "ی").replace("\u200c", ""),
            ):
                self.words.setdefault(spelling, (CLASS[name], value))

    def ignore(self, known: QuantityWords) -> None:
        """Phrases whose words mean no date, and marks."""
        for phrase in known.ignored:
            for spelling in {phrase, fold_figures(phrase)}:
                words_of = tuple(spelling.replace("\u200c", " ").split())
                self.phrases.setdefault(words_of[0], []).append((words_of[1:], "x", None))
        self.words["ـ"] = (CLASS["DASH"], None)
        self.words["\n"] = ("#", None)

    def numbers(self, known: QuantityWords) -> None:
        """Numbers in words."""
        for form, value in known.cardinals.items():
            self.add(form, "CARD", value)
            for ending in ORDINALS_OF_WORDS if form not in known.no_ordinals else ():
                self.add(form + ending, "ORD", value)
        for form, value in known.ordinals.items():
            self.add(form, "ORD", value)
        for form, value in known.multipliers.items():
            self.add(form, "MULT", value)
            for plural in NUMBER_PLURALS:
                self.add(form + plural, "MULTS", value)
        for form, value in known.fractions.items():
            self.add(form, "FRACTION", value)

    def days(self, known: QuantityWords) -> None:
        """Days, nights and years from the day of publication."""
        for form, value in known.days.items():
            self.add(form, "TODAY", value)
        for form, value in known.nights.items():
            self.add(form, "NIGHT", value)
        for form, value in known.years.items():
            self.add(form, "YEARREL", value)

    def calendar(self, names: CalendarNames, known: QuantityWords) -> None:
        """Weekdays, seasons and months."""
        for day, forms in enumerate(names.weekdays.values()):
            for form in forms:
                self.add(form, "WEEKDAY", day)
        for season, forms in enumerate(names.seasons.values()):
            for form in forms:
                self.add(form, "SEASON", season)
        kinds = dict.fromkeys(known.ambiguous_months, "AMON")
        kinds |= dict.fromkeys(known.verb_months, "VMON")
        kinds = {fold_figures(k): v for k, v in kinds.items()}
        for calendar, months in names.months.items():
            if calendar not in _CALENDARS:
                continue
            default = "DMON" if calendar == "dari" else "MON"
            for number, forms in months.items():
                for form in forms:
                    kind = kinds.get(fold_figures(form), default)
                    self.month(form, Month(_CALENDARS[calendar], number), kind, dari=calendar == "dari")

    def month(self, form: str, month: Month, kind: str, *, dari: bool) -> None:
        """A name of a month."""
        if form.isascii() and len(form) < 6:
            return
        self.add(form.replace(" ", "\u200c"), kind, month)
        if not dari and " " not in form and "\u200c" not in form:
            for spelling in {form, fold_figures(form)}:
                self.words[spelling + "ماه"] = (CLASS["MON"] + CLASS["MONTH"], (month, None))

    def classes(self, known: QuantityWords) -> None:
        """Words by class."""
        self.add(":", "COLON", None)
        for form in ORDINALS:
            self.add(form, "SUFFIX", None)
        for name, forms in known.classes.items():
            for form in forms:
                self.add(form, name, fold_figures(form))

    def currencies(self, lexicon: Lexicon) -> None:
        """Currencies, with and without «ی»."""
        for entry in lexicon.category("currencies"):
            for form in entry.forms:
                self.add(form, "CURRENCY", entry.attributes.get("code"))
                if " " not in form:
                    self.add(
                        form + ("یی" if form.endswith("و") else "ی"), "CURRENCY", entry.attributes.get("code")
                    )


@dataclass(frozen=True, slots=True)
class Lexer:
    """Turns text into lexemes; its tables come from `quantities.toml` and the currencies."""

    words: dict[
        str, tuple[str, Any]
    ]  # a word to class and value; a glued one to several and a tuple of values
    phrases: dict[
        str, tuple[tuple[tuple[str, ...], str, Any], ...]
    ]  # first word to (other words, class, value)

    @classmethod
    def of(cls, known: QuantityWords, calendar_names: CalendarNames, lexicon: Lexicon) -> "Lexer":
        """A lexer of these words; `lexicon` gives the currencies."""
        table = _Table()
        table.ignore(known)
        table.numbers(known)
        table.days(known)
        table.calendar(calendar_names, known)
        table.classes(known)
        table.currencies(lexicon)
        _add_glued(table.words, known.glued_units)
        ordered = {w: tuple(sorted(p, key=lambda x: -len(x[0]))) for w, p in table.phrases.items()}
        return cls(table.words, ordered)

    def read(self, text: str) -> Lexemes:
        """The lexemes of a text; linear in its length."""
        folded = text.translate(FIGURES) if _ARABIC.search(text) else text
        parts = _WORD.split(folded)  # what lies between, a word, what lies between, …
        edges = list(accumulate(map(len, parts)))
        forms, starts, ends = parts[1::2], edges[0:-1:2], edges[1::2]
        lookup = self.words.get
        found = [lookup(form, _OTHER) for form in forms]
        for at in [i for i, form in enumerate(forms) if form[0] in _DIGITS]:
            form = forms[at]
            found[at] = _OTHER if form[0] in _ZERO and len(form) > 3 else (CLASS["INT"], form)
        if _MARKS.search(folded):
            for at in [i for i, form in enumerate(forms) if found[i] is _OTHER and _MARKS.search(form)]:
                found[at] = lookup(without_marks(forms[at]), _OTHER)
        classes = [f[0] for f in found]
        values: list[Any] = [f[1] for f in found]
        for at in [
            i for i, form in enumerate(forms[:-1]) if form in _SIGNS and classes[i + 1] == CLASS["INT"]
        ]:
            if _is_sign(folded, starts[at], ends[at]):
                classes[at], values[at] = CLASS["MINUS"], form
        for at in [i for i, gap in enumerate(parts[2:-1:2]) if gap == "\u200c"]:
            if classes[at] == "x" or classes[at + 1] == "x":  # «هفته‌نامه» is no week
                classes[at] = classes[at + 1] = "x"
        for at in [i for i, form in enumerate(forms) if form in self.phrases]:
            for rest, name, value in self.phrases[forms[at]]:
                if tuple(forms[at + 1 : at + 1 + len(rest)]) == rest and classes[at]:
                    classes[at], values[at], ends[at] = name, value, ends[at + len(rest)]
                    for gone in range(at + 1, at + 1 + len(rest)):
                        classes[gone] = ""
                    break
        joined = "".join(classes)
        if "" in classes or len(joined) != len(classes):  # words of several lexemes, or swallowed by a phrase
            sizes = [(i, len(c)) for i, c in enumerate(classes)]
            values = [v for i, n in sizes for v in (values[i] if n > 1 else (values[i],) * n)]
            starts = [starts[i] for i, n in sizes for _ in range(n)]
            ends = [ends[i] for i, n in sizes for _ in range(n)]
        return _join(folded, Lexemes(joined, starts, ends, values))


def _is_sign(text: str, start: int, end: int) -> bool:
    """Whether a dash is a minus: right before a figure, behind a space, and no bullet that begins a line."""
    return (
        text[end : end + 1].isdigit()
        and text[max(0, start - 1) : start] == " "
        and _opens_no_line(text, start)
    )


def _opens_no_line(text: str, start: int) -> bool:
    return text[max(0, start - _INDENT) : start].rstrip(" ")[-1:] not in ("", "\n")


def _add_glued(words: dict[str, tuple[str, Any]], units: Iterable[str]) -> None:
    """Words written together: «هزارتومان», «هزارو», «پنجهزار»."""
    single = {w: f for w, f in words.items() if len(f[0]) == 1}
    multipliers = {w: f for w, f in single.items() if f[0] == CLASS["MULT"]}
    followers = {w: f for w, f in single.items() if f[0] == CLASS["CURRENCY"]} | {"و": (CLASS["AND"], "و")}
    for unit in units:
        if unit not in single:
            raise LexiconError(f"quantities.toml: `{unit}` in [glued] units is no word of [classes]")
        words.setdefault("یک" + unit, (CLASS["CARD"] + single[unit][0], (1, unit)))
    cardinals = {w: f[1] for w, f in single.items() if f[0] == CLASS["CARD"]}
    for word, value in cardinals.items():
        for after, less in cardinals.items():
            if value >= 20 and value % 10 == 0 and less < (100 if value >= 100 else 10):
                words.setdefault(f"{word}و{after}", (CLASS["CARD"], value + less))  # «صدوهشتاد»
    ordinals = {w: f[1] for w, f in single.items() if f[0] == CLASS["ORD"] and f[1] < 10}
    for after, less in ordinals.items():
        words.setdefault("و" + after, (CLASS["AND"] + CLASS["ORD"], ("و", less)))  # «بیست‌وچهارم»
        for word, value in cardinals.items():
            if value >= 20 and value % 10 == 0:
                words.setdefault(f"{word}و{after}", (CLASS["ORD"], value + less))
    half = single["نیم"]
    words.setdefault("ونیم", (CLASS["AND"] + half[0], ("و", half[1])))
    words.setdefault("صددرصد", (CLASS["CARD"] + CLASS["PERCENT"], (100, "درصد")))
    for word, (name, value) in multipliers.items():
        for after, follower in followers.items():
            words.setdefault(word + after, (name + follower[0], (value, follower[1])))
        for before, cardinal in single.items():
            if cardinal[0] == CLASS["CARD"]:
                words.setdefault("و" + before, (CLASS["AND"] + cardinal[0], ("و", cardinal[1])))
                words.setdefault(before + word, (cardinal[0] + name, (cardinal[1], value)))


# --- joining numbers, clocks and numeric dates

_C = CLASS
_TRIPLE = re.compile(
    f"{_C['INT']}([{_C['DASH']}{_C['DOT']}])(?:{_C['INT']}|[{_C['MON']}{_C['AMON']}])\\1{_C['INT']}"
)
_CLOCK = re.compile(f"{_C['INT']}{_C['COLON']}{_C['INT']}(?:{_C['COLON']}{_C['INT']})?")
_COUNTED = frozenset((_C["MULT"], _C["CURRENCY"], _C["PERCENT"]))  # behind «… و نیم»
_YEAR = 4  # digits of a whole year
_SHORT_YEARS = frozenset((*range(10), *range(40, 100)))  # years of two figures that are in use
_GROUP = 3  # digits of a group of thousands
_LONGEST = 18  # digits of a number
_GROUPING = frozenset("/. ")  # what parts groups, beside the signs of thousands
_HOME = frozenset(("IRR", "IRT", "AFN"))  # currencies whose sums have no decimals
_NUMBER = re.compile(f"[{_C['INT']}{_C['CARD']}{_C['MULT']}]")


def _join(text: str, lexemes: Lexemes) -> Lexemes:
    classes, starts, ends, values = lexemes.classes, lexemes.starts, lexemes.ends, lexemes.values
    out_classes: list[str] = []
    out_starts: list[int] = []
    out_ends: list[int] = []
    out_values: list[Any] = []
    at, n = 0, len(classes)
    for found in _NUMBER.finditer(classes):
        first = found.start()
        if first < at:
            continue
        out_classes.append(classes[at:first])
        out_starts += starts[at:first]
        out_ends += ends[at:first]
        out_values += values[at:first]
        last, name, value = _number(text, lexemes, first)
        out_classes.append(name)
        out_starts.append(starts[first])
        out_ends.append(ends[last - 1])
        out_values.append(value)
        at = last
    out_classes.append(classes[at:n])
    return Lexemes(
        "".join(out_classes), out_starts + starts[at:], out_ends + ends[at:], out_values + values[at:]
    )


def _number(text: str, lexemes: Lexemes, first: int) -> tuple[int, str, Any]:  # noqa: C901 - a grammar of numbers, one case a kind
    """The number, clock, date, ordinal or weekday that begins at a lexeme: end, class, value."""
    classes, starts, ends, values = lexemes.classes, lexemes.starts, lexemes.ends, lexemes.values
    if classes[first] == _C["INT"]:
        found = _TRIPLE.match(classes, first)
        if found and ends[found.end() - 1] - starts[first] <= 22:
            parts = (values[first], values[first + 2], values[first + 4])
            goes_on = classes[found.end() : found.end() + 2] == classes[first + 1] + _C["INT"]  # 8.8.4.4
            if not goes_on and _may_be_date(parts):
                return found.end(), _C["NUMDATE"], parts
        found = _CLOCK.match(classes, first)
        if found and ends[found.end() - 1] - starts[first] <= 10 and len(values[first + 2]) == 2:
            hour, minute = int(values[first]), int(values[first + 2])
            if 24 < hour < 60 and minute <= 24 and found.end() == first + 3:
                hour, minute = minute, hour  # a crawl that turned it round
            if hour <= 24 and minute < 60:
                return found.end(), _C["CLOCK"], (hour, minute)
    total, bound, at, stop = 0.0, float("inf"), first, first + 1
    exact, digits, multiplied = True, False, False
    while True:
        coefficient, after, is_digits, is_exact = _coefficient(text, lexemes, at)
        half, past = _half(lexemes, after)
        if coefficient is not None and half and classes[past : past + 1] in _COUNTED:
            coefficient, after = coefficient + half, past  # «یک و نیم میلیون», «هشت و نیم درصد»
        multiplier, end = 1.0, after
        while end < len(classes) and classes[end] == _C["MULT"] and multiplier < 1e15:
            multiplier *= values[end]
            end += 1
        if end == at:
            break
        if multiplier < bound:
            total += (1.0 if coefficient is None else coefficient) * multiplier
        elif bound == 1e3 and coefficient is not None and coefficient < 1e3:
            total = (total + coefficient) * multiplier  # «دو هزار و ۵۰۰ میلیارد»
        else:
            break
        exact, digits, multiplied = exact and is_exact, is_digits, multiplied or multiplier > 1
        half, past = _half(lexemes, end)
        if multiplier > 1 and half:
            unit, end = multiplier, past  # «یک میلیون و نیم»
            if classes[past : past + 1] == _C["MULT"]:
                unit, end = values[past], past + 1
            if unit <= multiplier:  # «یک میلیارد و نیم میلیون»
                total += half * unit
            else:  # «شش هزار و نیم میلیارد»
                total = (total + half * multiplier) * unit
                multiplier = unit
        bound, stop = multiplier, end
        at = end
        if multiplier == 1.0 or at + 1 >= len(classes) or classes[at] != _C["AND"]:
            break
        if not _NUMBER.match(classes, at + 1):
            break
        at += 1
    if bound == float("inf"):
        return first + 1, "x", None
    plain = not multiplied and exact and total == int(total)
    if plain and not digits:
        if stop < len(classes) and classes[stop] == _C["SUFFIX"] and total == 30:
            return stop + 1, _C["ORD"], 30
        joined = total >= 20 and classes[stop : stop + 2] == _C["AND"] + _C["ORD"]
        if joined and values[stop + 1] < 10:
            return stop + 2, _C["ORD"], int(total) + values[stop + 1]
        if stop < len(classes) and classes[stop] == _C["WEEKDAY"] and values[stop] == 5 and total <= 5:
            return stop + 1, _C["WEEKDAY"], (5 + int(total)) % 7
    name = "NUM"
    if plain or (not digits and exact):
        name = (
            "DAY" if 1 <= total <= 31 else "YYYY" if 1200 <= total < 1500 or 1700 <= total <= 2100 else "NUM"
        )
        if digits and 32 <= total <= 99:
            name = "YY"
    low = _guess(lexemes, first)
    guess = (low * bound, total) if low and not exact and low * bound < total else None
    return stop, _C[name], Number(total if exact else None, digits, bound, guess)


def _guess(lexemes: Lexemes, at: int) -> float | None:
    """The lower end of a guess in words that begins at a lexeme: 3 of «سه چهار میلیارد»."""
    classes, values = lexemes.classes, lexemes.values
    pair = classes[at : at + 2] == _C["CARD"] * 2 and _are_near(values[at], values[at + 1])
    return float(values[at]) if pair else None


def _may_be_date(parts: tuple[Any, Any, Any]) -> bool:
    """Whether three figures are a date in use: one end a year, the other a day, a month between them.

    Line-ups (4-2-4), versions (2.4.1) and clauses (4-2-7) are none. Where the month has its name, all are.
    """
    one, middle, other = parts
    if not isinstance(middle, str):  # «۱۲-تیر-۹۵»
        return len(one) <= _YEAR and len(other) <= _YEAR
    for year, day in ((one, other), (other, one)):
        if len(day) > 2 or not 1 <= int(day) <= 31 or len(middle) > 2:
            continue
        if len(year) == _YEAR and 1 <= int(middle) <= 31:
            return True
        if len(year) == 2 and 1 <= int(middle) <= 12 and int(year) in _SHORT_YEARS:
            return True
    return False


def _half(lexemes: Lexemes, at: int) -> tuple[float, int]:
    """«و نیم», «و ربع» at a lexeme: its value and end; 0.0 where it does not stand."""
    if lexemes.classes[at : at + 2] == _C["AND"] + _C["FRACTION"] and lexemes.values[at + 1] >= 0.25:
        return lexemes.values[at + 1], at + 2
    return 0.0, at


def _coefficient(text: str, lexemes: Lexemes, at: int) -> tuple[float | None, int, bool, bool]:
    """A number below its multiplier: value (None: none there), end, in digits, exact."""
    classes, starts, ends, values = lexemes.classes, lexemes.starts, lexemes.ends, lexemes.values
    n = len(classes)
    if at < n and classes[at] == _C["INT"]:
        whole, end = values[at][:18], at + 1
        while (
            end + 1 < n
            and classes[end] in (_C["COMMA"], "x")
            and text[starts[end]] in ",،٬'"
            and classes[end + 1] == _C["INT"]
            and len(values[end + 1]) == _GROUP
            and ends[end - 1] == starts[end]
            and ends[end] == starts[end + 1]
            and len(whole) < 18
        ):
            whole += values[end + 1]
            end += 2
        grouped = _grouped(text, lexemes, at)
        if grouped is not None:
            return grouped
        if end + 1 < n and classes[end + 1] == _C["INT"] and starts[end + 1] - ends[end - 1] <= 3:
            mark, tail = text[starts[end]], values[end + 1][:9]
            if (
                (mark in ".٫" or (mark == "٬" and len(tail) < _GROUP))
                and ends[end - 1] == starts[end]
                and ends[end] == starts[end + 1]
            ):
                return float(f"{whole}.{tail}"), end + 2, True, True
            if mark == "/":
                # «۱۲/۵» is twelve and a half; «5/12» and «75 /1» may be the same, turned round by a crawl
                close = ends[end - 1] == starts[end] and ends[end] == starts[end + 1]
                sure = close and (len(tail) == 1 or len(whole) >= len(tail))
                return float(f"{whole}.{tail}"), end + 2, True, sure
        return float(whole), end, True, True
    total, bound, end = 0.0, float("inf"), at
    if end + 1 < n and classes[end : end + 2] == _C["CARD"] * 2 and _are_near(values[end], values[end + 1]):
        return float(values[end + 1]), end + 2, False, False  # «سه چهار میلیارد»: no single amount
    if classes[at : at + 2] == _C["CARD"] * 2 and values[at] < 10 and values[at + 1] == 100:
        total, bound, end = 100.0 * values[at], 100, at + 2  # «هفت صد»
        if classes[end : end + 2] == _C["AND"] + _C["CARD"] and values[end + 1] < bound:
            end += 1
    while end < n and classes[end] == _C["CARD"] and values[end] < bound:
        total += values[end]
        bound = 100 if values[end] >= 100 else 10 if values[end] >= 20 else 1
        end += 1
        if (
            end + 1 < n
            and classes[end] == _C["AND"]
            and classes[end + 1] == _C["CARD"]
            and values[end + 1] < bound
        ):
            end += 1
        else:
            break
    return (total if end > at else None), end, False, True


def _grouped(text: str, lexemes: Lexemes, at: int) -> tuple[float | None, int, bool, bool] | None:
    """Figures in groups of three before a currency: «۱۰۰/۰۰۰ تومان», «۲ ۵۰۰ ۰۰۰ ریال»; None for others.

    One group behind a full stop may be decimals where the currency is another country's: no single amount,
    unless cents follow.
    """
    classes, starts, ends, values = lexemes.classes, lexemes.starts, lexemes.ends, lexemes.values
    digits, mark, end = str(values[at]), "", at + 1
    if len(digits) > _GROUP or digits[0] in _ZERO:
        return None
    while end < len(classes) and len(digits) < _LONGEST:
        spaced = classes[end] == _C["INT"] and text[ends[end - 1] : starts[end]] == " "
        place = end if spaced else end + 1
        if classes[place : place + 1] != _C["INT"] or len(values[place]) != _GROUP:
            break
        found = text[ends[end - 1] : starts[place]]
        if found not in _GROUPING or found != (mark or found):
            break
        digits, mark, end = digits + values[place], found, place + 1
    if not mark or classes[end : end + 1] != _C["CURRENCY"] or (mark == " " and int(values[end - 1])):
        return None
    cents = classes[end + 1 : end + 2] == _C["AND"] and _C["CENT"] in classes[end + 2 : end + 4]
    sure = mark != "." or len(digits) > 2 * _GROUP or values[end] in _HOME or cents
    return float(digits), end, True, sure


def _are_near(one: int, other: int) -> bool:
    """Whether two numbers in words, one after the other, are the ends of a guess: «سه چهار», «بیست سی»."""
    return other == one + 1 if one < 10 else one % 5 == 0 and one < other <= 2 * one


def spans(lexemes: Lexemes) -> Iterator[tuple[str, int, int]]:
    """Class, start and end of each lexeme, for reading by people."""
    names = {v: k for k, v in CLASS.items()}
    return (
        (names.get(c, c), s, e) for c, s, e in zip(lexemes.classes, lexemes.starts, lexemes.ends, strict=True)
    )
