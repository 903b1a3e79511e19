"""Reads openings that name the source: «به گزارش گروه بین‌الملل باشگاه خبرنگاران جوان؛», «تهران - ایرنا:»."""

import re
from collections.abc import Mapping
from dataclasses import dataclass

from schemas.enriched import Dateline
from workers.nlp.knowledge.agencies import Agencies
from workers.nlp.knowledge.folding import glue
from workers.nlp.knowledge.words import DatelineWords

_LONGEST = 130  # characters of an opening
_WORD = "[\u0621-\u06d3\u200c\u064b]+"
_LONGEST_NAME = 5  # words of an agency that no lexicon knows
_QUOTES = " «»\"'"


@dataclass(frozen=True, slots=True)
class Opening:
    """A dateline in a paragraph: its place, and what it names."""

    start: int
    end: int
    dateline: Dateline


@dataclass(frozen=True, slots=True)
class DatelineFinder:
    """Finds datelines by the words and agencies that are known."""

    names: Mapping[str, str]  # glued form to the name given out
    agency: re.Pattern[str]
    clause: re.Pattern[str]
    unmarked: re.Pattern[str]
    headed: re.Pattern[str]
    place_first: re.Pattern[str]
    agency_first: re.Pattern[str]
    desk_first: re.Pattern[str]
    desk: re.Pattern[str]
    reporter: re.Pattern[str]
    place_after: re.Pattern[str]
    here: re.Pattern[str]
    further: re.Pattern[str]  # before a second source

    @classmethod
    def of(cls, words: DatelineWords, agencies: Agencies) -> "DatelineFinder":
        """Compile the patterns."""
        space = "[ \u200c]*"
        agency = agencies.pattern()
        desks = "|".join(d.replace("_", space) for d in words.desks)
        desk_names = "|".join(
            sorted((re.sub("[ \u200c]", space, d) for d in words.desk_names), key=len, reverse=True)
        )
        openings = "|".join(o.replace("_", space) for o in words.openings)
        heads = "|".join(h.replace(" ", space) for h in words.agency_heads)
        reporters = "|".join(r.replace("_", space) for r in words.reporters)
        no_desk = f"(?:{heads}|{'|'.join(words.own_reporters)}|{agency})"
        mark = "[:؛،,]"
        dash = "[-–—_]"
        edge = "(?![\u0621-\u06d3\u200c])"
        until_source = f"(?= (?:{'|'.join(words.source_heads)})(?: |$)|$| {agency}{edge})"
        place = f"(?:(?:{'|'.join(words.regions)}) ){{0,2}}{_WORD}(?: (?:و )?{_WORD})?"
        return cls(
            names=agencies.names(),
            agency=re.compile(f"(?<![\u0621-\u06d3\u200c]){agency}{edge}"),
            clause=re.compile(
                f"(?:(?:{openings}) (?P<body>[^:؛،,.!؟\\n]{{2,{_LONGEST}}}?) ?(?:{mark}| {dash} ))"
            ),
            unmarked=re.compile(
                f"(?:{openings}) (?P<body>(?:(?:{reporters}) )?(?:(?:{desks}) (?:{desk_names}) )?"
                f"{agency}{edge}(?: از {_WORD}(?=[ ]))?)"
            ),
            headed=re.compile(f"(?:{heads}) .{{2,50}}?{until_source}"),
            place_first=re.compile(
                f"(?P<place>{_WORD}(?: {_WORD})?) ?(?:{dash}|،) ?(?P<agency>(?:خبرگزاری )?{agency})"
                f"(?: ?\\([^)]{{1,30}}\\))? ?(?:{dash}|{mark})"
            ),
            agency_first=re.compile(
                f"(?P<agency>{agency}) ?(?:[؛،] ?(?P<by>{_WORD}(?: {_WORD}){{1,3}}) ?{dash}"
                f"|{dash} ?(?P<desk>(?:{desks}) [^:؛.\\n]{{2,50}}?) ?[:؛-]|[:؛]|{dash} )"
            ),
            desk_first=re.compile(f"(?P<desk>(?:{desks}) (?:{desk_names})) ?(?::|؛|{dash} ?)"),
            desk=re.compile(f"(?:{desks}) (?P<name>{desk_names}|[^،؛:]{{2,30}}?){until_source}"),
            # «خبرنگار سیاسی خبرگزاری X»: a desk, but no desk is «خبرگزاری», an agency's own name, or «ما».
            reporter=re.compile(
                f"(?:{reporters})(?: (?!{no_desk}{edge})(?P<name>[^،؛:]{{2,40}}?))?{until_source}"
            ),
            place_after=re.compile(rf"\s(?:{'|'.join(words.before_place)})\s({place})\s*$"),
            here=re.compile(f"(?:{'|'.join(words.here)}) ?"),
            further=re.compile(f" (?:و )?(?:{'|'.join(words.further)}) "),
        )

    def find(self, paragraph: str) -> Opening | None:
        """The dateline at the start of `paragraph`, or None."""
        head = paragraph[: _LONGEST + 60]
        if m := self.clause.match(head):
            dateline = self._read(m.group("body"))
            if dateline:
                return Opening(0, m.end(), dateline)
        if m := self.unmarked.match(head):
            dateline = self._read(m.group("body"))
            return Opening(0, m.end(), dateline) if dateline else None
        if m := self.place_first.match(head):
            return Opening(
                0, m.end(), Dateline(agency=self._canonical(m.group("agency")), place=m.group("place"))
            )
        if m := self.agency_first.match(head):
            desk = m.group("desk")
            return Opening(
                0,
                m.end(),
                Dateline(
                    agency=self._canonical(m.group("agency")),
                    desk=_desk(desk) if desk else None,
                    reporter=m.group("by"),
                ),
            )
        if m := self.desk_first.match(head):
            return Opening(0, m.end(), Dateline(desk=_desk(m.group("desk"))))
        return None

    def _canonical(self, name: str) -> str:
        short = name.removeprefix("خبرگزاری")
        return self.names.get(glue(name)) or self.names.get(glue(short), name)

    def _read(self, body: str) -> Dateline | None:
        """Agency, desk, reporter and place of the clause after «به گزارش», or None where it names none."""
        body = body.strip(_QUOTES)
        if self.here.match(body):
            return None
        source = self.further.split(body, maxsplit=1)[0]
        agency = reporter = desk = place = None
        if m := self.place_after.search(source):
            place = m.group(1)
        if named := self.agency.search(source):
            agency = self._canonical(named.group())
        elif m := self.headed.search(source):
            agency = m.group().strip(_QUOTES)
        if m := self.reporter.match(source):
            desk = m.group("name") or None
        if (m := self.desk.search(source)) and (named is None or m.start() != named.start()):
            desk = m.group("name")  # but «واحد مرکزی خبر» is an agency
        if agency is None and desk is None and not self.reporter.match(source):
            rest = self.place_after.sub("", source) if place else source
            if len(rest.split()) > _LONGEST_NAME:
                return None
            agency = rest.strip(_QUOTES)
        return Dateline(agency=agency, desk=desk, place=place, reporter=reporter)


def _desk(text: str) -> str:
    return text.split(" ", 1)[1].strip() if " " in text else text
