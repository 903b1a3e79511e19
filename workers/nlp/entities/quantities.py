"""Dates, times, sums and percentages, found by a grammar over word classes and given values.

The rules are written with the class names of `lexemes`; «date» and «time» rules try every alternative at a
place and keep the longest match. Values are worked out by `dates`.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

from schemas.enriched import EntityType
from workers.nlp.calendars import local_date
from workers.nlp.document import Document, Quantity, TextMention
from workers.nlp.entities.dates import date_value, time_value
from workers.nlp.entities.lexemes import CLASS, Lexemes, Lexer, Number
from workers.nlp.lexicon import Lexicon

# Macros of the grammar, each over class names and the macros before it.
_MACROS = {
    "number": "(?:DAY|YY|YYYY|NUM)",
    "count": "(?:FEW|{number}(?:(?:OR|TO)?{number})?|ONE{number})",
    "mon": "(?:MON|AMON|VMON)",
    "between": "(?:COMMA|AND|TO|OR|DASH|COMMA AND)",
    "daynum": "(?:DAY|ORD)",
    "days": "{daynum}(?:{between}{daynum}){0,9}",
    "year": "(?:YYYY|YY)",
    "rel": "(?:PAST|NEXT|CURRENT|NEW)",
    "ofyear": "(?:YEARREL|THISYEAR|THIS?YEAR STUDY?(?:{year}|DAY|{rel})ERA?|THIS YEAR|{year}ERA?|CURRENT|PAST|NEXT|ERA)",
    "month": "(?:MONTH PLURAL?HOLY?{mon}|(?:MON|AMON)MONTH?)",
    "edge": "(?:EDGE ORD?)",
    "dated": "(?:{days}MONTH?(?:(?:MON|AMON)MONTH?{ofyear}?|VMON MONTH?YEAR?YYYY ERA?|DMON YEAR?YYYY ERA?|MONTH HOLY?{mon}{ofyear}?))",
    "gloss": "(?:OPEN(?:TODAY|{dated}|{dated}|WEEKDAY)CLOSE)",
    "week": "(?:THIS?WEEK{rel}|THIS WEEK)",
    "weekday": "(?:WEEKDAY PLURAL?(?:(?:TO|AND|COMMA)WEEKDAY){0,9})",
    "unit": "(?:DAYW|WEEK|MONTH|YEAR|SEASONW|DECADE|CENTURY)",
    "units": "(?:DAYS|YEARS|{unit}PLURAL)",
}
_RULES: dict[EntityType, tuple[str, ...]] = {
    "DATE": (
        "NUMDATE",
        # «روز سه‌شنبه ۲۷ تیرماه ۱۳۹۷», «امروز شنبه», «هشتم و نهم مهر ماه», «۱۲ جولای (۲۱ تیر)»
        "{edge}?(?:DAYW|DAYS)?(?:TODAY(?:COMMA|DASH)?)?(?:{weekday}(?:COMMA|DASH)?)?DAYW?{dated}{gloss}?",
        "(?:DAYW|DAYS)?WEEKDAY COMMA?ORD DAYW FROM?{month}{ofyear}?",
        "(?:DAYW|DAYS)?ORD DAYW FROM?{month}{ofyear}?",
        # «مهر ۱۳۹۵», «پایان شهریور», «ماه رمضان», «تیر و مرداد امسال»
        "{edge}?(?:DAYS)?{month}{ofyear}",
        "{edge}{month}",
        "MONTH PLURAL?HOLY?{mon}(?:AND{mon})?",
        "MON(?:AND MON)?",
        "AMON MONTH",
        "{edge}?MONTH?(?:MON|AMON)MONTH?(?:AND|OR|TO)(?:MON|AMON)MONTH?{ofyear}?",
        "{edge}AMON(?:MONTH)?{ofyear}",
        "DAYS LAST?{month}(?:AND{mon})?{ofyear}?",
        # «سال ۱۳۹۵», «سال‌های ۱۹۹۸ تا ۲۰۰۲», «۱۳۹۴ شمسی»
        "{edge}?(?:YEAR PLURAL?|YEARS)STUDY?ERA?(?:{year}|DAY)(?:(?:{between})(?:YEAR)?(?:{year}|DAY)){0,9}ERA?",
        "{year}(?:{between}{year}){0,9}ERA",
        # «سال گذشته», «دو ماه اخیر», «هفته آینده», «پایان سال جاری»
        "{edge}?(?:{count})?(?:{unit}|{units})STUDY?ERA?{rel}ERA?(?:OPEN ERA CLOSE)?",
        "{edge}?FRACTION{unit}{rel}",
        "{number}{unit}ELSE",
        "{edge}?THIS(?:WEEK|MONTH|YEAR|DECADE|{number}YEAR|SEASON)",
        "{edge}?(?:YEARREL|THISYEAR)",
        "{edge}YEAR ERA?",
        "{number}(?:MONTHLY|MONTH|DAYW)(?:ORD|LAST)?(?:YEARREL|THISYEAR|YEAR(?:{year}|{rel})ERA?)",
        "(?:{edge})?{number}(?:MONTHLY|MONTH)(?:ORD|LAST)(?:YEARREL|THISYEAR|YEAR(?:{year}|{rel})?ERA?)",
        "(?:FEW|{number})MONTHLY{rel}",
        "SOME(?:PAST|NEXT)",
        # «روزهای پایانی هفته», «هفته آخر مرداد ماه», «آخرین جمعه ماه مبارک رمضان»
        "(?:DAYS|WEEK|DAYW)(?:LAST|ORD)(?:{week}|{month}{ofyear}?|YEAR{rel}?|YEARREL|THISYEAR|WEEK|SEASON{ofyear}?)",
        "(?:LAST|ORD)(?:WEEKDAY|DAYW|WEEK)(?:{week}|{month}{ofyear}?|YEAR{rel}?|YEARREL|THISYEAR)",
        # «امروز (چهارشنبه)», «روز دوشنبه», «دوشنبه هفته آینده», «پنجشنبه گذشته (سوم مرداد)»
        "{edge}?TODAY(?:(?:COMMA|DASH)?WEEKDAY)?{gloss}?",
        "EVERY?(?:DAYW|DAYS)?{weekday}(?:{week}|PAST|NEXT|CURRENT)?{gloss}?",
        # «تابستان امسال», «فصل بهار», «بهار و تابستان ۱۳۹۵»
        "{edge}?SEASONW?SEASON(?:AND SEASON)?(?:{ofyear}|EVERY YEAR)?",
        "THIS SEASON",
        "{edge}?NOWRUZ(?:YEARREL|THISYEAR|{year}|YEAR(?:{year}|{rel}))",
        # «دهه ۸۰», «قرن نوزدهم»
        "{edge}?DECADE(?:{year}|DAY)ERA?",
        "{edge}?CENTURY(?:{daynum}|{rel})(?:(?:TO|AND)ORD)?ERA?",
    ),
    "TIME": (
        "{edge}?PART(?:DAYW)?(?:{date})",
        "(?:{date})PART PLURAL?",
        "NIGHT",
        "PART PAST{gloss}?",
        "(?:{date})?{clock}(?:PART)?(?:DAYW)?(?:{date})?PART?",
        "{clock}(?:PART|NIGHT)?",
        "{number}HOUR(?:PAST|NEXT|ELSE)",
        "(?:MOMENTS|FEW HOUR)(?:PAST|NEXT)",
    ),
    "MONEY": (
        "(?:(?:FEW)?MULTS|FEW?{number}(?:(?:TO|AND|OR|COMMA){number}){0,9}|FRACTION)CURRENCY(?:AND?{number}CENT)?",
        "{number}CENT",
    ),
    "PERCENT": (
        "{number}(?:(?:COMMA|AND|TO|OR|COMMA AND){number}){0,9}FRACTION?PERCENT",
        "FRACTION PERCENT",
        "PERCENT{number}",
    ),
}
_CLOCKS = (
    "(?:(?:HOUR PLURAL?(?:CLOCK|DAY|NUM)(?:AND?{number}MINUTE)?MINUTE?|CLOCK)"
    "(?:TO HOUR?(?:CLOCK|DAY|NUM)(?:AND{number}MINUTE)?)?)"
)


def _compile(rule: str, macros: dict[str, str]) -> str:
    """A rule as a regular expression over class characters."""
    while re.search(r"\{[a-z]", rule):
        rule = re.sub(r"\{([a-z]\w*)\}", lambda m: macros[m[1]], rule)
    rule = re.sub(r"[A-Z]{2,}", lambda m: re.escape(CLASS[m[0]]), rule)
    return rule.replace(" ", "")


def _grammar() -> tuple[tuple[EntityType, re.Pattern[str]], ...]:
    macros = dict(_MACROS)
    macros["clock"] = _CLOCKS
    day = [r for r in _RULES["DATE"] if "WEEKDAY" in r or "weekday" in r or "TODAY" in r or "dated" in r]
    macros["date"] = "|".join(sorted(day, key=len, reverse=True))
    return tuple(
        (kind, re.compile(_compile(rule, macros))) for kind, rules in _RULES.items() for rule in rules
    )


_ANCHORS = (
    "DAYW WEEK MONTH YEAR YEARS DAYS SEASONW DECADE CENTURY MONTHLY THISYEAR SOME PART NIGHT HOUR MOMENTS ERA NOWRUZ "
    "PERCENT CENT TODAY YEARREL WEEKDAY SEASON MON AMON VMON DMON CLOCK NUMDATE CURRENCY EDGE"
).split()
_RUN = re.compile("[^x#]+")


@dataclass(frozen=True, slots=True)
class QuantityFinder:
    """Finds dates, times, sums and percentages in a document."""

    lexer: Lexer
    rules: tuple[tuple[EntityType, re.Pattern[str]], ...]
    any_rule: re.Pattern[str]
    anchor: re.Pattern[str]

    @classmethod
    def load(cls, lexicon: Lexicon) -> "QuantityFinder":
        """Compile the grammar; `lexicon` gives the currencies."""
        rules = _grammar()
        return cls(
            Lexer.load(lexicon),
            rules,
            re.compile("|".join(f"(?:{rule.pattern})" for _, rule in rules)),
            re.compile("[" + "".join(re.escape(CLASS[a]) for a in _ANCHORS) + "]"),
        )

    def find(self, document: Document) -> tuple[TextMention, ...]:
        """The mentions of a document, in order and without overlap, each with its value where it can be told.

        Relative dates are reckoned from `published_at`. Linear in the length of the text.
        """
        lexemes = self.lexer.read(document.text)
        base = local_date(document.published_at)
        found = []
        for kind, first, last in self._matches(lexemes):
            start, end = lexemes.starts[first], lexemes.ends[last - 1]
            part = Lexemes(
                lexemes.classes[first:last],
                lexemes.starts[first:last],
                lexemes.ends[first:last],
                lexemes.values[first:last],
            )
            if kind == "DATE":
                value = date_value(part, base)
            elif kind == "TIME":
                value = time_value(part, base)
            else:
                value = _amount(kind, part)
            found.append(TextMention(start, end, kind, "name", value))
        return tuple(found)

    def _matches(self, lexemes: Lexemes) -> Iterator[tuple[EntityType, int, int]]:
        classes = lexemes.classes
        for run in _RUN.finditer(classes):
            if not self.anchor.search(classes, run.start(), run.end()):
                continue
            at = run.start()
            while at < run.end() and (hit := self.any_rule.search(classes, at, run.end())):
                start, end, kind = hit.start(), 0, "DATE"
                for name, rule in self.rules:
                    match = rule.match(classes, start, run.end())
                    if match and match.end() > end:
                        end, kind = match.end(), name
                yield kind, start, end  # type: ignore[misc]
                at = max(end, start + 1)


@cache
def _finder() -> QuantityFinder:
    return QuantityFinder.load(Lexicon.load(categories=["currencies"]))


def find_quantities(document: Document) -> tuple[TextMention, ...]:
    """Dates, times, sums and percentages of a document, by the shipped tables: see `QuantityFinder.find`."""
    return _finder().find(document)


def _amount(kind: EntityType, part: Lexemes) -> Quantity:
    """Value of a sum or percentage; None for ranges, lists and vague numbers."""
    names = part.classes
    numbers = [v for v in part.values if isinstance(v, Number)]
    currency = next((v for c, v in zip(names, part.values, strict=True) if c == CLASS["CURRENCY"]), None)
    cents = CLASS["CENT"] in names
    amount: float | None = None
    vague = any(CLASS[c] in names for c in ("TO", "OR", "FEW", "MULTS", "COMMA"))
    fraction = next((v for c, v in zip(names, part.values, strict=True) if c == CLASS["FRACTION"]), None)
    if not vague and all(n.value is not None for n in numbers):
        values = [n.value or 0.0 for n in numbers]
        if cents and len(values) == 2:
            amount = round(values[0] + values[1] / 100, 4)
        elif cents and len(values) == 1 and currency is None:
            amount, currency = values[0] / 100, "USD"
        elif len(values) == 1:
            amount = round(values[0] * (fraction or 1.0), 9)
        elif not values and fraction is not None:
            amount = fraction
        elif not values and kind == "MONEY":
            amount = None
    return Quantity(amount=amount, currency=currency if kind == "MONEY" else None)
