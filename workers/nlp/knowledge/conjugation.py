"""Persian verb forms by rule: two stems give every tense, person, negation and passive.

Forms are keys: folded and written together («نمی‌گفته است» → «نمیگفتهاست»), so that one entry stands for every
spelling of spaces and half spaces.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal, NamedTuple

Tense = Literal[
    "past", "imperfect", "perfect", "pluperfect", "present", "future", "subjunctive", "infinitive"
]

_ENDINGS = (("م", 1, False), ("ی", 2, False), ("یم", 1, True), ("ید", 2, True), ("ند", 3, True))
_PERFECT = (
    ("است", 3, False),
    ("ست", 3, False),
    ("اند", 3, True),
    ("ام", 1, False),
    ("ای", 2, False),
    ("ایم", 1, True),
    ("اید", 2, True),
    ("", 3, False),
)


class VerbForm(NamedTuple):
    """The tense, person, number and negation of an inflected form."""

    verb: str
    tense: Tense
    person: int = 3
    plural: bool = False
    negative: bool = False
    passive: bool = False


@dataclass(frozen=True, slots=True)
class Stems:
    """The two stems of a verb, folded."""

    past: str
    present: str
    prefix: str = ""
    copula: bool = False
    bare_present: bool = False
    spoken: str = ""  # the present stem as it is spoken: «می‌گه»


def conjugate(verb: str, stems: Stems) -> Iterator[tuple[str, VerbForm]]:
    """All forms of one verb as (key, form); a key may come with several forms, the likeliest first."""
    past, present, pre = stems.past, stems.present, stems.prefix
    yield pre + past + "ن", VerbForm(verb, "infinitive")
    for negative, no in ((False, ""), (True, _joint("ن", past))):
        yield from _past(verb, pre, no, past, negative)
        yield from _participial(verb, pre, no, past, negative)
        yield from _present(verb, pre, no, stems, negative)
        for ending, person, plural in (*_ENDINGS, ("د", 3, False)):
            yield (
                f"{pre}{'ن' if negative else ''}خواه{ending}{past}",
                VerbForm(verb, "future", person, plural, negative),
            )
    for ending, person, plural in (*_ENDINGS, ("د", 3, False)):
        glide = _glide(present, ending)
        joint = _joint("ب", present)
        yield f"{pre}{joint}{present}{glide}{ending}", VerbForm(verb, "subjunctive", person, plural)
        if not stems.copula and not stems.bare_present:
            yield f"{pre}{present}{glide}{ending}", VerbForm(verb, "subjunctive", person, plural)


def _past(verb: str, pre: str, no: str, past: str, negative: bool) -> Iterator[tuple[str, VerbForm]]:
    for ending, person, plural in (("", 3, False), *_ENDINGS):
        yield pre + no + past + ending, VerbForm(verb, "past", person, plural, negative)
        yield f"{pre}{_aspect(negative)}{past}{ending}", VerbForm(verb, "imperfect", person, plural, negative)


def _participial(verb: str, pre: str, no: str, past: str, negative: bool) -> Iterator[tuple[str, VerbForm]]:
    participle = f"{pre}{no}{past}ه"
    for ending, person, plural in _PERFECT:
        yield participle + ending, VerbForm(verb, "perfect", person, plural, negative)
        if ending:
            yield (
                f"{pre}{_aspect(negative)}{past}ه{ending}",
                VerbForm(verb, "perfect", person, plural, negative),
            )
    for ending, person, plural in (("", 3, False), *_ENDINGS):
        yield f"{participle}بود{ending}", VerbForm(verb, "pluperfect", person, plural, negative)
    if verb in ("شدن", "گردیدن", "بودن"):
        return
    for auxiliary, tense in (
        ("شد", "past"),
        ("شدند", "past"),
        ("شدهاست", "perfect"),
        ("شدهاند", "perfect"),
        ("شده", "perfect"),
        ("شدهبود", "pluperfect"),
        ("میشود", "present"),
        ("میشوند", "present"),
        ("میشد", "imperfect"),
        ("نمیشود", "present"),
        ("نشده", "perfect"),
        ("نشدهاست", "perfect"),
        ("نشد", "past"),
        ("شود", "subjunctive"),
        ("خواهدشد", "future"),
    ):
        plural = auxiliary.endswith("ند")
        yield participle + auxiliary, VerbForm(verb, tense, 3, plural, auxiliary[0] == "ن", True)  # type: ignore[arg-type]  # a tense


def _present(verb: str, pre: str, no: str, stems: Stems, negative: bool) -> Iterator[tuple[str, VerbForm]]:
    if stems.copula:
        for key, plural in (
            ("است", False),
            ("هست", False),
            ("هستند", True),
            ("ند", True),
            ("اند", True),
            ("ست", False),
        ):
            if not negative:
                yield key, VerbForm(verb, "present", 3, plural)
        if negative:
            yield "نیست", VerbForm(verb, "present", 3, False, True)
            yield "نیستند", VerbForm(verb, "present", 3, True, True)
        else:
            for key, person, plural in (("هستم", 1, False), ("هستیم", 1, True), ("ام", 1, False)):
                yield key, VerbForm(verb, "present", person, plural)
        return
    for ending, plural in (("ه", False), ("ن", True)) if stems.spoken else ():
        yield (
            f"{pre}{_aspect(negative)}{stems.spoken}{ending}",
            VerbForm(verb, "present", 3, plural, negative),
        )
    for ending, person, plural in (("د", 3, False), *_ENDINGS):
        glide = _glide(stems.present, ending)
        yield (
            f"{pre}{_aspect(negative)}{stems.present}{glide}{ending}",
            VerbForm(verb, "present", person, plural, negative),
        )
        if stems.bare_present:
            yield (
                f"{pre}{no}{stems.present}{glide}{ending}",
                VerbForm(verb, "present", person, plural, negative),
            )


def _aspect(negative: bool) -> str:
    return "نمی" if negative else "می"


def _joint(prefix: str, stem: str) -> str:
    """A prefix with the «ی» it takes before a vowel («ن‌ی‌امد», «ب‌ی‌اورد»)."""
    return prefix + "ی" if stem[0] == "ا" else prefix


def _glide(stem: str, ending: str) -> str:
    """The «ی» between a stem in a vowel and its ending («می‌گو‌ی‌د», «می‌افزا‌ی‌د»)."""
    return "ی" if stem[-1] in "او" and stem != "شو" and ending else ""
