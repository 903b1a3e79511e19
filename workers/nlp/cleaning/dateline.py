"""The opening that tells of provenance: «به گزارش گروه بین‌الملل باشگاه خبرنگاران جوان؛», «تهران - ایرنا:»."""

import re
import tomllib
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from schemas.enriched import Dateline

_LONGEST = 130  # characters of an opening
_WORD = "[\u0621-\u06d3\u200c\u064b]+"
_PLACE_AFTER = re.compile(rf"\s(?:از|در)\s({_WORD}(?: {_WORD})?)\s*$")


@dataclass(frozen=True, slots=True)
class Opening:
    """Where a dateline stands in a paragraph, and what it tells."""

    start: int
    end: int
    dateline: Dateline


@dataclass(frozen=True, slots=True)
class _Rules:
    names: dict[str, str]
    agency: re.Pattern[str]
    clause: re.Pattern[str]
    place_first: re.Pattern[str]
    agency_first: re.Pattern[str]
    desk_first: re.Pattern[str]
    desk: re.Pattern[str]
    reporter: re.Pattern[str]


def _flat(name: str) -> str:
    return re.sub("[ \u200c]+", "", name)


@cache
def _rules() -> _Rules:
    data = tomllib.loads(files("workers.nlp.lexicons").joinpath("datelines.toml").read_text("utf-8"))
    names = {_flat(form): forms[0] for forms in data["agencies"] for form in forms}
    forms = sorted({form for forms in data["agencies"] for form in forms}, key=len, reverse=True)
    space = "[ \u200c]*"
    agency = (
        "(?:" + "|".join(re.sub("[ \u200c]", space, re.escape(f).replace("\\ ", " ")) for f in forms) + ")"
    )
    desks = "|".join(d.replace("_", space) for d in data["desks"])
    desk_names = "|".join(
        sorted((re.sub("[ \u200c]", space, d) for d in data["desk_names"]), key=len, reverse=True)
    )
    openings = "|".join(o.replace("_", space) for o in data["openings"])
    reporters = "|".join(r.replace("_", space) for r in data["reporters"])
    mark = "[:؛،,]"
    dash = "[-–—_]"
    edge = "(?![\u0621-\u06d3\u200c])"
    until_source = f"(?= (?:خبرگزاری|روزنامه|پایگاه|سایت|به نقل|در|از)(?: |$)|$| {agency}{edge})"
    return _Rules(
        names=names,
        agency=re.compile(f"(?<![\u0621-\u06d3\u200c]){agency}{edge}"),
        clause=re.compile(
            f"(?:(?:{openings}) (?P<body>[^:؛،,.!؟\\n]{{2,{_LONGEST}}}?) ?(?:{mark}| {dash} ))"
        ),
        place_first=re.compile(
            f"(?P<place>{_WORD}(?: {_WORD})?) ?(?:{dash}|،) ?(?P<agency>(?:خبرگزاری )?{agency})"
            f"(?: ?\\([^)]{{1,30}}\\))? ?(?:{dash}|{mark})"
        ),
        agency_first=re.compile(
            f"(?P<agency>{agency}) ?(?:[:؛]|{dash} ?(?P<desk>(?:{desks}) [^:؛.\\n]{{2,50}}?) ?[:؛-]"
            f"|؛ ?(?P<by>{_WORD}(?: {_WORD}){{1,3}}) ?{dash}|{dash} )"
        ),
        desk_first=re.compile(f"(?P<desk>(?:{desks}) (?:{desk_names})) ?(?::|؛|{dash} ?)"),
        desk=re.compile(f"(?:{desks}) (?P<name>{desk_names}|[^،؛:]{{2,30}}?){until_source}"),
        reporter=re.compile(f"(?:{reporters})(?: (?P<name>[^،؛:]{{2,40}}?))?{until_source}"),
    )


def find_opening(paragraph: str) -> Opening | None:
    """The dateline at the start of `paragraph`, or None."""
    rules = _rules()
    head = paragraph[: _LONGEST + 60]
    if m := rules.clause.match(head):
        dateline = _read(m.group("body"))
        return Opening(0, m.end(), dateline) if dateline else None
    if m := rules.place_first.match(head):
        return Opening(0, m.end(), Dateline(agency=_canonical(m.group("agency")), place=m.group("place")))
    if m := rules.agency_first.match(head):
        desk = m.group("desk")
        return Opening(
            0,
            m.end(),
            Dateline(
                agency=_canonical(m.group("agency")),
                desk=_desk(desk) if desk else None,
                reporter=m.group("by"),
            ),
        )
    if m := rules.desk_first.match(head):
        return Opening(0, m.end(), Dateline(desk=_desk(m.group("desk"))))
    return None


def _canonical(name: str) -> str:
    names = _rules().names
    return names.get(_flat(name)) or names.get(_flat(name.removeprefix("خبرگزاری")), name)


def _desk(text: str) -> str:
    return text.split(" ", 1)[1].strip() if " " in text else text


def _read(body: str) -> Dateline | None:
    """Agency, desk, reporter and place of the clause after «به گزارش»."""
    rules = _rules()
    body = body.strip(' «»"')
    if body.startswith(("این ", "همین ")):
        return None
    source = re.split(" (?:به نقل از|به نوشته) ", body, maxsplit=1)[0]
    agency = reporter = desk = place = None
    if m := rules.agency.search(source):
        agency = _canonical(m.group())
    if m := rules.reporter.match(source):
        name = m.group("name")
        desk = name or None
    if m := rules.desk.search(source):
        desk = m.group("name")
    if m := _PLACE_AFTER.search(source):
        place = m.group(1)
    if agency is None:
        rest = re.sub("^(?:خبرنگاران?|گزارشگر) ", "", source)
        rest = _PLACE_AFTER.sub("", rest) if place else rest
        if desk is None and 0 < len(rest.split()) <= 4:
            agency = rest.strip(' «»"')
        elif desk is None:
            return Dateline(agency=None, place=place) if len(rest.split()) <= 12 else None
    return Dateline(agency=agency, desk=desk, place=place, reporter=reporter)
