"""Each named rule of the statements is reached by a sentence of its own, without the shipped weights."""

import re
from dataclasses import replace
from importlib.util import find_spec

import pytest

from schemas.article import RawArticle
from schemas.enriched import ResolvedBy
from workers.nlp.document import Document, Range, TextMention, TextSpeaker, TextStatement
from workers.nlp.pipeline import Pipeline
from workers.nlp.statements import SpeakerResolver
from workers.nlp.statements.cues import find_cues
from workers.nlp.statements.extract import StatementExtractor
from workers.nlp.statements.frames import FRAMES, build, without
from workers.nlp.statements.narrator import Reader
from workers.nlp.statements.rules import RULES
from workers.nlp.statements.speakers.sieves import SIEVES
from workers.nlp.statements.tokens import Reading, read
from workers.nlp.statements.values import Speech
from workers.training.measure.rules import ledger
from workers.training.shipped import knowledge, linker, resolver, segmented

CUES = knowledge().cues

FRAME_SENTENCES = {
    "marker": "به گفته شهردار، کار تمام شده است.",
    "opener": "شهردار با بیان اینکه کار تمام شده است، رفت.",
    "inner": "شهردار تهدید به قطع آب محله کرد.",
    "pointing": "«کار این خیابان دیگر تمام شده است.» این را شهردار گفت.",
    "infix": "شهردار خواستار آزادی همه زندانیان شد.",
    "nominal": "شهردار بر لزوم اصلاح قانون تأکید کرد.",
    "passive": "افزایش بهای آب از سوی شهرداری اعلام شد.",
    "before": "«کار این خیابان تمام شده است»، شهردار گفت.",
    "after": "شهردار گفت: کار تمام شده است.",
}
REFUSED = {
    "unquoted": "شهردار لبخند زد که کار تمام شده است.",
    "court": "قاضی امروز متهمان این پرونده را به دو سال حبس محکوم کرد.",
    "addition": "آنها به سرمایه خود افزودند تا کار تمام شود.",
    "clauseless": "مردم شهر تجلیل کردند که کار تمام شد.",
    "unmarked": "شهردار به تهران آمد خانه مردم را دید.",
}


def document(body: str, *people: str) -> Document:
    raw = {"id": "1", "body": body}
    found = segmented(Document(article=RawArticle(**raw), raw=raw))
    spans = sorted(m.span() for name in people for m in re.finditer(name, found.text))
    return linker().cluster(replace(found, mentions=tuple(TextMention(*span, "PER") for span in spans)))


def proposals(body: str, frames=FRAMES) -> list[str]:
    """The rules that propose a content for the cues of a sentence."""
    reading = read(document(body), CUES)
    _, _, first, last = reading.sentences[-1]
    cues = find_cues(reading.keys, first, last, CUES)
    found = (build(reading, CUES, cue, first, last, frames=frames) for cue in cues)
    return [candidate.rule for candidate in found if candidate is not None]


def test_every_rule_has_a_sentence_and_an_example() -> None:
    assert set(FRAME_SENTENCES) | set(REFUSED) == {frame.id for frame in FRAMES}
    assert set(SIEVE_STORIES) | set(EXPRESSIONS) == {sieve.id for sieve in SIEVES}
    assert all(rule.example for rule in (*FRAMES, *SIEVES))


@pytest.mark.parametrize("rule", FRAME_SENTENCES)
def test_a_frame_proposes_the_content_of_its_sentence(rule: str) -> None:
    assert rule in proposals(FRAME_SENTENCES[rule])
    assert rule not in proposals(FRAME_SENTENCES[rule], without(rule))


@pytest.mark.parametrize("rule", REFUSED)
def test_a_refusal_refuses_its_sentence(rule: str) -> None:
    assert proposals(REFUSED[rule]) == []
    assert proposals(REFUSED[rule], without(rule)) != []


SIEVE_STORIES = {
    "name": ("ژاله بهرامی گفت: کار تمام شد.", ("ژاله بهرامی",), "ژاله بهرامی"),
    "anaphor": ("ژاله بهرامی گفت: کار تمام شد.\nوی افزود: همه آمدند.", ("ژاله بهرامی",), "ژاله بهرامی"),
    "linked role": (
        "ژاله بهرامی، شهردار رشت گفت: کار تمام شد.\nشهردار رشت افزود: همه آمدند.",
        ("ژاله بهرامی",),
        "ژاله بهرامی",
    ),
    "repetition": (
        "یک منبع آگاه گفت: کار تمام شد.\nیک منبع آگاه افزود: همه آمدند.",
        (),
        "یک منبع آگاه",
    ),
    "demonstrative": (
        "ژاله بهرامی گفت: کار تمام شد.\nاین نماینده افزود: همه آمدند.",
        ("ژاله بهرامی",),
        "ژاله بهرامی",
    ),
    "number": ("رقبای شرکت می‌گویند: کار تمام شد.", (), "رقبای شرکت"),
    "opening": (
        "مدیرکل هواشناسی گفت: کار تمام شد.\nژاله بهرامی افزود: همه آمدند.",
        ("ژاله بهرامی",),
        "ژاله بهرامی",
    ),
    "role": ("ژاله بهرامی گفت: کار تمام شد.\nشهردار افزود: همه آمدند.", ("ژاله بهرامی",), "ژاله بهرامی"),
    "introduction": (
        "ناصر یگانه گفت: کار تمام شد.\nیک دانشجو گفت: همه آمدند.\nژاله بهرامی افزود: باران آمد.",
        ("ژاله بهرامی", "ناصر یگانه"),
        "ژاله بهرامی",
    ),
    "expression": ("یک منبع آگاه گفت: کار تمام شد.", (), "یک منبع آگاه"),
}


def told(
    body: str,
    people: tuple[str, ...],
    by: SpeakerResolver,
    accept: float = 1.0,
    off: frozenset[str] = frozenset(),
) -> list[TextStatement]:
    """The statements where a model says `accept` of each cue, and of no speech that it goes on."""

    class Told(StatementExtractor):
        def speeches(self, reading: Reading) -> list[Speech]:
            return Reader(reading, CUES, lambda *_: accept, lambda *_: -1.0, lambda *_: 0).read()

    return list(
        replace(by, off=off).resolve(Told(CUES, {}, off=off).extract(document(body, *people))).statements
    )


def resolved(body: str, people: tuple[str, ...], by: SpeakerResolver) -> list[tuple[str, str | None]]:
    """The sieve and the speaker of each cue's statement, whatever a model would say of it."""
    return [(s.sieve, s.speaker.name if s.speaker else None) for s in told(body, people, by)]


@pytest.mark.parametrize("rule", SIEVE_STORIES)
def test_a_sieve_resolves_its_story(rule: str) -> None:
    body, people, speaker = SIEVE_STORIES[rule]
    assert (rule, speaker) in resolved(body, people, resolver())


EXPRESSIONS: dict[str, ResolvedBy] = {"label": "label", "title": "expression"}
"""Sieves for what no cue finds: a label of a headline, a name that the tagger missed in one place."""


@pytest.mark.parametrize("rule", EXPRESSIONS)
def test_an_expression_is_the_entity_that_is_called_so(rule: str) -> None:
    found = document("دیروز ناصر یگانه آمد و رفت.", "ناصر یگانه")
    speaker = TextSpeaker("ناصر یگانه", None, None, EXPRESSIONS[rule])
    statement = TextStatement("direct", "say", speaker, None, (Range(0, 5),), 0.5)
    (told,) = resolver().resolve(replace(found, statements=(statement,))).statements
    assert told.sieve == rule
    assert told.speaker is not None
    assert told.speaker.entity_id == found.entities[0].id


RULE_STORIES: dict[str, tuple[str, tuple[str, ...], float]] = {
    "passing on": (
        "روزنامه پگاه نوشت: ژاله بهرامی اعلام کرد که کار این خیابان تمام شده است.",
        ("ژاله بهرامی",),
        1.0,
    ),
    "firm": ("«کار این خیابان دیگر تمام شده است.» این را شهردار گفت.", (), -1.0),
    "plain": ("ژاله بهرامی گفت که کار این خیابان تمام شده است.", ("ژاله بهرامی",), -1.0),
    "printed": (
        "متن پیام تبریک به شرح زیر است:\nما همه آمدیم. راه باز شد. ما می‌مانیم. ژاله بهرامی، شهردار رشت",
        ("ژاله بهرامی",),
        1.0,
    ),
    "same voice": ("ژاله بهرامی گفت: کار تمام شده است. ما باز می‌سازیم.", ("ژاله بهرامی",), 1.0),
    "going on": ("ژاله بهرامی گفت: کار تمام شده است. راه فردا باز می‌شود.", ("ژاله بهرامی",), 1.0),
    "interview": (
        "ژاله بهرامی، شهردار رشت، در گفت‌وگو با خبرنگاران از کار راه گفت.\n"
        + "\n".join(
            f"س: {what} کی تمام می‌شود؟\nج: ما {what} را تا پایان پاییز تمام می‌کنیم و راه باز می‌شود."
            for what in ("کار این خیابان", "ساختن پل", "بازار نو", "خانه کودک")
        ),
        ("ژاله بهرامی",),
        1.0,
    ),
    "labels": ("شهردار: کار این خیابان تمام شد\nشهرساز: راه این روستا باز شد", (), 1.0),
    "signatures": (
        "«کار این خیابان تمام شده است و راه باز می‌شود.» – ژاله بهرامی، شهردار رشت",
        ("ژاله بهرامی",),
        1.0,
    ),
    "apposition": ("شهردار رشت، ژاله بهرامی، گفت: کار این خیابان تمام شده است.", ("ژاله بهرامی",), 1.0),
    "can speak": ("باران تند گفت: کار این خیابان تمام شده است.", (), 1.0),
    "acting": ("وزیر ورزش دیروز از اردو دیدن کرد.\nوی گفت: کار این خیابان تمام شده است.", (), 1.0),
    "other trade": (
        "شهردار گفت: کار تمام شد.\nژاله بهرامی، کشاورز، افزود: همه آمدند.",
        ("ژاله بهرامی",),
        1.0,
    ),
}
"""A story, its people, and what a model says of its cues."""


def test_every_other_rule_has_a_story_and_an_example() -> None:
    assert list(RULE_STORIES) == [rule.id for rule in RULES]
    assert all(rule.example for rule in RULES)
    assert all(find_spec(f"workers.nlp.statements.{rule.place}") for rule in RULES)


@pytest.mark.parametrize("rule", RULE_STORIES)
def test_a_rule_decides_its_story(rule: str) -> None:
    body, people, accept = RULE_STORIES[rule]
    assert told(body, people, resolver(), accept) != told(
        body, people, resolver(), accept, frozenset((rule,))
    )


def test_the_ledger_counts_what_a_rule_is_worth(pipeline: Pipeline) -> None:
    body = "ژاله بهرامی در این نشست گفت: کار این خیابان تمام شده است."
    start = body.index("کار")
    row = {
        "id": "1",
        "body": body,
        "boilerplate": [],
        "entities": [{"id": "a", "type": "PER", "canonical": "ژاله بهرامی", "mentions": [[0, 11]]}],
        "statements": [
            {
                "speaker": "a",
                "mention": [0, 11],
                "cue": [body.index("گفت"), body.index("گفت") + 3],
                "kind": "direct",
                "stance": "say",
                "content": [[start, len(body) - 1]],
            }
        ],
    }
    entries = {entry.rule: entry for entry in ledger([row], pipeline)}
    assert list(entries) == [
        *(f"frame {f.id}" for f in FRAMES),
        *(f"sieve {s.id}" for s in SIEVES),
        *(f"rule {r.id}" for r in RULES),
    ]
    assert entries["rule can speak"][2:] == (0, 0, 0, 0)
    assert entries["frame after"][2:] == (1, 1, 0, 1)
    assert entries["frame marker"][2:] == (0, 0, 0, 0)
    assert entries["sieve name"][2:5] == (1, 1, 0)
