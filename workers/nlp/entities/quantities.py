"""Finds dates, times, sums and percentages by a grammar over word classes, and gives them values.

The rules are written with the class names of `lexemes`; «date» and «time» rules try every alternative at a
place and keep the longest match. Values are worked out by `dates`.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from schemas.enriched import EntityType
from workers.nlp.calendars import local_date
from workers.nlp.document import Document, Quantity, TextMention
from workers.nlp.entities.dates import date_value
from workers.nlp.entities.lexemes import CLASS, Lexemes, Lexer, Number
from workers.nlp.entities.times import time_value
from workers.nlp.knowledge import Knowledge
from workers.nlp.knowledge.folding import fold

# Macros of the grammar, each over class names and the macros before it.
_MACROS = {
    "number": "(?:DAY|YY|YYYY|NUM)",
    "count": "(?:FEW|{number}(?:FEW|(?:OR|TO)?{number})?|ONE{number})",
    "mon": "(?:MON|AMON|VMON)",
    "plain": "(?:MON|AMON)",
    "between": "(?:COMMA|AND|TO|OR|DASH|COMMA AND)",
    "daynum": "(?:DAY|ORD)",
    "days": "{daynum}(?:{between}{daynum}){0,9}",
    # a figure is a year only where it counts nothing
    "counts": "(?!CURRENCY|CENT|PERCENT|MON|AMON|MONTHLY|HOUR|DAYW|WEEK)",
    "year": "(?:(?:YYYY|YY){counts})",
    "anyyear": "(?:(?:YYYY|YY|DAY){counts})",
    "rel": "(?:PAST|NEXT|CURRENT|NEW)",
    "this": "(?:THIS|SAME)",
    "wholeyear": "(?:YEARREL|THISYEAR|YEAR(?:{anyyear}|{rel})ERA?)",
    "ofyear": (
        "(?:YEARREL|THISYEAR|{this}?YEAR STUDY?(?:{anyyear}|{rel})ERA?|{this}YEAR"
        "|{year}ERA?|CURRENT|PAST|NEXT|ERA)"
    ),
    "month": "(?:MONTH PLURAL?HOLY?{mon}|{plain}MONTH?)",
    "edge": "(?:EDGE ORD?)",
    "last": "(?:LAST|EDGE|ORD)",
    # «۱۱ می (۲۲ اردیبهشت)»: what no verb follows is no prefix of one
    "aside": "(?=OPEN|CLOSE|COMMA|DOT|TO|AND)",
    "alone": "(?=FUNC|COMMA|DOT|CLOSE)",  # a number that counts nothing
    "dated": (
        "(?:{days}MONTH?(?:{plain}MONTH?(?:{number}{alone}|{ofyear}?)"
        "|VMON MONTH?YEAR?YYYY ERA?|VMON{aside}|MONTH HOLY?{mon}{ofyear}?"
        "|DMON MONTH?(?:(?:YEAR{anyyear}|{year})ERA?|{wholeyear})"
        "|TOWER(?:{mon}|DMON){ofyear}?))"
    ),
    # the names of some Afghan months are common words («میزان»): a weekday, «روز» or brackets tell
    "daridate": "(?:{days}MONTH?DMON)",
    "tens": "(?:{year}|DAY|NUM{counts})",
    "ofdate": "(?:COMMA|DASH|OFDATE)",
    "gloss": "(?:OPEN(?:TODAY|WEEKDAY)CLOSE)",
    "week": "(?:{this}?WEEK{rel}|{this}WEEK)",
    "weekday": "(?:WEEKDAY PLURAL?(?:TO WEEKDAY)?)",
    "weekdays": "(?:WEEKDAY(?:{between}WEEKDAY){0,6})",
    "unit": "(?:DAYW|WEEK|MONTH|YEAR|SEASONW|DECADE|CENTURY)",
    "units": "(?:DAYS|YEARS|{unit}PLURAL)",
    "today": "(?:TODAY(?:(?:COMMA|DASH)?WEEKDAY)?{gloss}?)",
    "clock": (
        "(?:(?:(?<!FRACTION|NUM|DAY)HOUR PLURAL?"
        "(?:CLOCK|DAY|NUM)(?:AND?{number}MINUTE|AND FRACTION)?MINUTE?|CLOCK)"
        "(?:TO HOUR?(?:CLOCK|DAY|NUM)(?:AND{number}MINUTE)?)?)"
    ),
    "whole": (
        "(?:{edge}?(?:DAYW|DAYS)?(?:TODAY{ofdate}?)?(?:{weekday}{ofdate}?)?DAYW?{dated}"
        "|(?:DAYW|DAYS)?{weekday}{ofdate}?DAYW?{daridate}|DAYW{daridate}"
        "|{today}|(?:DAYW|DAYS)?{weekday}(?:{week}|PAST|NEXT|CURRENT)?{gloss}?(?:OPEN{dated}CLOSE)?)"
    ),
}
_RULES: dict[EntityType, tuple[str, ...]] = {
    "DATE": (
        "NUMDATE",
        "DAYW?(?:{weekday}OFDATE?)NUMDATE",
        "(?<=OPEN){daridate}(?=CLOSE)",
        "MONTH DMON{wholeyear}",
        "{edge}?TOWER(?:{mon}|DMON){ofyear}?",
        # «روز سه‌شنبه ۲۷ تیرماه ۱۳۹۷», «امروز شنبه», «هشتم و نهم مهر ماه», «دوشنبه هفته آینده»
        "{whole}",
        "(?:DAYW|DAYS)?(?:WEEKDAY COMMA?)?ORD DAYW FROM?{month}{ofyear}?",
        "(?:EVERY|DAYS){weekdays}",
        # «مهر ۱۳۹۵», «پایان شهریور», «ماه رمضان», «تیر و مرداد امسال»
        "{edge}?DAYS?{month}{ofyear}",
        "{edge}{month}",
        "MONTH PLURAL?HOLY?{mon}(?:AND{mon})?",
        "MON",
        "{plain}MONTH",
        "{edge}?MONTH?{plain}MONTH?(?:AND|OR|TO){plain}MONTH?{ofyear}",
        "DAYS{last}?{month}(?:AND{mon})?{ofyear}?",
        "DAYS EID",
        # «سال ۱۳۹۵», «سال‌های ۱۹۹۸ تا ۲۰۰۲», «۱۳۹۴ شمسی»
        "{edge}?(?:YEAR PLURAL?|YEARS)STUDY?ERA?{anyyear}(?:{between}YEAR?{anyyear}){0,9}ERA?",
        "{edge}YEAR STUDY{anyyear}DASH{anyyear}",
        "SEASONW{year}(?:DASH{year})?",
        "{year}(?:{between}{year}){0,9}ERA",
        # «سال گذشته», «دو ماه اخیر», «هفته آینده», «پایان سال جاری»
        "{edge}?{count}?(?:{unit}|{units})STUDY?ERA?{rel}ERA?(?:OPEN ERA CLOSE)?",
        "{edge}?FRACTION{unit}{rel}",
        "{number}{unit}(?:ELSE|AFTERWARDS)",
        "{edge}?{this}(?:WEEK|SEASON)",
        "(?:{edge}{this}|SAME)(?:MONTH|YEAR|DECADE)",
        "{edge}?(?:YEARREL|THISYEAR)",
        "{edge}YEAR(?!STUDY)ERA?",
        "ORD YEAR(?:{rel}|ERA)",
        "{number}(?:MONTHLY|MONTH|DAYW){last}?{wholeyear}",
        "{edge}?{number}(?:MONTHLY|MONTH){last}(?:{wholeyear}|YEAR)",
        "(?:FEW|{number})MONTHLY{rel}",
        "SOME(?:PAST|NEXT)",
        # «روزهای پایانی هفته», «هفته آخر مرداد ماه», «آخرین جمعه ماه مبارک رمضان»
        "(?:DAYS|WEEK|DAYW){last}(?:{week}|{month}{ofyear}?|YEAR{rel}?|{wholeyear}|WEEK|SEASON{ofyear}?)",
        "{last}(?:WEEKDAY|DAYW|WEEK)(?:{week}|{month}{ofyear}?|YEAR{rel}?|{wholeyear})",
        # «تابستان امسال», «فصل بهار», «بهار و تابستان ۱۳۹۵»
        "{edge}?SEASONW?SEASON(?:{ofyear}|EVERY YEAR)?",
        "SEASON AND SEASON{ofyear}",
        "{edge}?NOWRUZ(?:{wholeyear}|{year})",
        # «دهه ۸۰», «قرن نوزدهم», «دوره قاجار»
        "{edge}?DECADE PLURAL?{tens}(?:{between}{tens}){0,4}(?!AGE)ERA?",
        # «نیمه نخست ۹۷», «سه ماهه دوم ۹۷»
        "EDGE ORD{year}ERA?",
        "{number}(?:MONTHLY|MONTH){last}{year}ERA?",
        "{edge}?CENTURY(?:{daynum}|{rel})(?:(?:TO|AND)ORD)?ERA?",
        "PERIOD DYNASTY",
    ),
    "TIME": (
        "{edge}?PART DAYW?{whole}(?:{clock}PART?)?",
        "{whole}PART PLURAL?",
        "NIGHT",
        "{number}?PART PAST{gloss}?",
        "(?:DAYW?{today}(?:COMMA|DASH)?)?{clock}PART?(?:DAYW?{whole}|DAYW PAST)?PART?",
        "{clock}(?:PART|NIGHT)?",
        "PART TO{clock}",
        "{number}HOUR(?:PAST|NEXT|ELSE)",
        "(?:MOMENTS|FEW HOUR)(?:PAST|NEXT)",
    ),
    "MONEY": (
        "(?:FEW?MULTS{number}?|MINUS?FEW?{number}(?:(?:TO|AND|OR|COMMA|DASH)MINUS?{number}){0,9}|FRACTION{number}?)"
        "CURRENCY(?:AND?{number}CENT)?",
        "{number}CENT",
    ),
    "PERCENT": (
        "MINUS?{number}(?:(?:COMMA|AND|TO|OR|COMMA AND|DASH)MINUS?{number}){0,9}(?:FRACTION|ORD)?PERCENT",
        "MINUS?FRACTION PERCENT",
        "PERCENT{number}",
    ),
}


def _compile(rule: str, macros: dict[str, str]) -> str:
    """A rule as a regular expression over class characters."""
    while re.search(r"\{[a-z]", rule):
        rule = re.sub(r"\{([a-z]\w*)\}", lambda m: macros[m[1]], rule)
    rule = re.sub(r"[A-Z]{2,}", lambda m: re.escape(CLASS[m[0]]), rule)
    return rule.replace(" ", "")


def _grammar() -> tuple[tuple[EntityType, re.Pattern[str]], ...]:
    return tuple(
        (kind, re.compile(_compile(rule, _MACROS))) for kind, rules in _RULES.items() for rule in rules
    )


_ANCHORS = """
DAYW WEEK MONTH YEAR YEARS DAYS SEASONW DECADE CENTURY PERIOD MONTHLY THISYEAR SOME PART NIGHT HOUR MOMENTS
ERA NOWRUZ EID PERCENT CENT TODAY YEARREL WEEKDAY SEASON MON AMON VMON DMON CLOCK NUMDATE CURRENCY EDGE
""".split()  # noqa: SIM905 - a table
_RUN = re.compile("[^x#]+")


@dataclass(frozen=True, slots=True)
class QuantityFinder:
    """Finds dates, times, sums and percentages in a document."""

    lexer: Lexer
    rules: tuple[tuple[EntityType, re.Pattern[str]], ...]
    any_rule: re.Pattern[str]
    anchor: re.Pattern[str]
    tense: re.Pattern[str]  # verbs after a date; the group `future` or `past`
    plan: re.Pattern[str]  # words before a date that tell of what is to come
    term: re.Pattern[str]  # words right before a date that may be past or to come
    weight: re.Pattern[str]  # sums that are weights: a unit, then a word that tells it
    late: frozenset[str]  # parts of the day after noon
    halves: frozenset[str]  # «نیمه», «نیمسال»
    edges: frozenset[
        str
    ]  # folded; of two dates that differ in one of them alone, each is its own: «اوایل مهر»

    @classmethod
    def of(cls, knowledge: Knowledge) -> "QuantityFinder":
        """Compile the grammar over the words that are known."""
        rules, known = _grammar(), knowledge.quantities
        future, past = "|".join(known.future), "|".join(known.past)
        verbs = rf"(?P<stop>[.\n؟!])|\b(?:(?P<future>{future})|(?P<past>{past})\b)"
        units, words = "|".join(known.weights), "|".join(known.weight_words)
        return cls(
            Lexer.of(known, knowledge.calendar, knowledge.lexicon),
            rules,
            re.compile("|".join(f"(?:{rule.pattern})" for _, rule in rules)),
            re.compile("[" + "".join(re.escape(CLASS[a]) for a in _ANCHORS) + "]"),
            re.compile(verbs),
            re.compile(rf"\b(?:{'|'.join(known.plan)})"),
            re.compile(rf"\b(?:{'|'.join(known.term)})\s*$"),
            re.compile(rf"(?:{units})\w*\W+(?:\w+\W+)?(?:{words})\b"),
            known.late,
            known.halves,
            frozenset(map(fold, known.edges)),
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
            if kind == "MONEY" and self.weight.search(document.text, start, end + _BESIDE):
                continue
            if kind == "DATE":
                value = date_value(part, base, self.halves, self._to_come(document.text, start, end))
            elif kind == "TIME":
                value = time_value(part, base, self.late, self.halves)
            else:
                value = _amount(kind, part)
            found.append(TextMention(start, end, kind, "name", value))
        return tuple(found)

    def _to_come(self, text: str, start: int, end: int) -> bool | None:
        """Whether the words around a date speak of what is to come (True), of the past, or do not tell."""
        before = text[max(0, start - _PLAN) : start]
        if self.plan.search(before, max(map(before.rfind, ".\n؟!")) + 1):
            return True
        if self.term.search(before):
            return None
        verb = self.tense.search(text, end, end + _SENTENCE)
        if verb is None or verb["stop"]:
            return None
        return verb["future"] is not None

    def _matches(self, lexemes: Lexemes) -> Iterator[tuple[EntityType, int, int]]:
        classes = lexemes.classes
        for run in _RUN.finditer(classes):
            if not self.anchor.search(classes, run.start(), run.end()):
                continue
            at = run.start()
            while at < run.end() and (hit := self.any_rule.search(classes, at, run.end())):
                start, end = hit.start(), 0
                kind: EntityType = "DATE"
                for name, rule in self.rules:
                    match = rule.match(classes, start, run.end())
                    if match and match.end() > end:
                        end, kind = match.end(), name
                yield kind, start, end
                at = max(end, start + 1)


_SENTENCE = 160  # characters after a date in which its verb is looked for
_PLAN = 60  # letters before a date where a plan can stand
_BESIDE = 20  # letters after a sum that can tell it to be a weight


def _amount(kind: EntityType, part: Lexemes) -> Quantity:
    """Value of a sum or percentage; None for ranges, lists and vague numbers."""
    names = part.classes
    numbers = [v for v in part.values if isinstance(v, Number)]
    currency = next((v for c, v in zip(names, part.values, strict=True) if c == CLASS["CURRENCY"]), None)
    cents = CLASS["CENT"] in names
    amount: float | None = None
    vague = any(CLASS[c] in names for c in ("TO", "OR", "FEW", "MULTS", "COMMA", "DASH"))
    fraction = next((v for c, v in zip(names, part.values, strict=True) if c == CLASS["FRACTION"]), None)
    if CLASS["ORD"] in names:  # «۸ صدم درصد»
        fraction = 1 / part.values[names.index(CLASS["ORD"])]
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
    minus = CLASS["MINUS"] in names
    if amount is not None and minus:
        amount = -amount
    ends = _ends(numbers) if amount is None and not (cents or minus or fraction is not None) else None
    if CLASS["FEW"] in names or CLASS["MULTS"] in names or CLASS["COMMA"] in names:
        ends = None
    return Quantity(amount=amount, currency=currency if kind == "MONEY" else None, ends=ends)


def _ends(numbers: Sequence[Number]) -> tuple[float, float] | None:
    """The ends of a range («۱۰ تا ۱۵», «۲ تا ۳ میلیون») or guess («سه چهار میلیارد»); None where not sure."""
    if len(numbers) == 1:
        return numbers[0].ends
    if len(numbers) != 2 or numbers[0].value is None or numbers[1].value is None:
        return None
    (low, high), (own, unit) = (numbers[0].value, numbers[1].value), (numbers[0].unit, numbers[1].unit)
    if own == 1.0 < unit:
        if low >= high / unit:
            return None  # «۸۰۰ تا یک میلیون»: thousands, most likely
        low *= unit
    return (low, high) if low < high else None
