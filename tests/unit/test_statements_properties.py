"""What holds for every text: places, order, determinism, linear work."""

import sys
from collections.abc import Callable
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from schemas.article import RawArticle
from workers.nlp.document import Document, Rejected
from workers.nlp.knowledge.conjugation import Stems, conjugate
from workers.nlp.knowledge.folding import glue
from workers.training import shipped
from workers.training.shipped import resolver, segmented

EXTRACTOR = shipped.extractor()

WORDS = st.sampled_from(
    [
        "وی",
        "او",
        "این",
        "مسئول",
        "وزیر",
        "رئیس",
        "گفت",
        "افزود",
        "تأکید",
        "کرد",
        "اعلام",
        "خواستار",
        "شد",
        "خواند",
        "دانست",
        "را",
        "که",
        "تا",
        "و",
        "اما",
        "از",
        "به",
        "با",
        "در",
        "بر",
        "بیان",
        "اینکه",
        "اشاره",
        "ضمن",
        "انتقاد",
        "از",
        "گفته",
        ":",
        "،",
        "؛",
        ".",
        "«",
        "»",
        '"',
        "؟",
        "\n",
        "ما",
        "باید",
        "کتاب",
        "شهر",
        "آب",
        "مردم",
        "است",
        "نیست",
        "می\u200cشود",
        "می\u200cگوید",
        "خواهد",
        "آمده",
        "گزارش",
        "نقل",
        "تشکر",
        "هشدار",
        "داد",
    ]
)


def article(text: str) -> Document:
    raw = {"id": "1", "url": "https://example.org/1", "title": "خبر", "body": text}
    return segmented(Document(article=RawArticle(**raw), raw=raw))


def extract(text: str) -> Document:
    return resolver().resolve(EXTRACTOR.extract(article(text)))


@given(st.lists(WORDS, min_size=1, max_size=50))
@settings(max_examples=60)
def test_spans_lie_inside_and_contents_do_not_overlap(words: list[str]) -> None:
    try:
        found = extract(" ".join(words))
    except Rejected:
        return
    size = len(found.text)
    spans = []
    for statement in found.statements:
        assert statement.content
        assert 0.0 <= statement.confidence <= 1.0
        for span in (*statement.content, *([statement.cue] if statement.cue else [])):
            assert 0 <= span.start < span.end <= size
        if statement.speaker and statement.speaker.mention:
            assert found.slice(statement.speaker.mention).strip()
        spans += [tuple(c) for c in statement.content]
    spans.sort()
    for (_, end), (start, _) in pairwise(spans):
        assert end <= start, [found.slice(s) for s in spans]


def test_a_cue_inside_a_content_ends_it() -> None:
    spans = sorted(tuple(c) for s in extract("گفت وی گفت وی").statements for c in s.content)
    assert all(a[1] <= b[0] for a, b in pairwise(spans))


@given(st.lists(WORDS, min_size=1, max_size=60))
@settings(max_examples=20)
def test_the_same_text_gives_the_same_statements(words: list[str]) -> None:
    try:
        text = article(" ".join(words))
    except Rejected:
        return
    assert EXTRACTOR.extract(text) == EXTRACTOR.extract(text)


def calls(run: Callable[[], Any]) -> int:
    """How many Python functions `run` calls: work measured without a clock."""
    count = 0

    def profile(_frame: object, event: str, _argument: object) -> None:
        nonlocal count
        count += event == "call"

    sys.setprofile(profile)
    try:
        run()
    finally:
        sys.setprofile(None)
    return count


@pytest.mark.parametrize(
    "unit",
    [
        "گفت: ",
        "وی گفت که ",
        "این را ",
        "«",
        "با بیان اینکه ",
        "خواستار ",
        "از مردم ",
        "به گفته ",
        "وی افزود: آب.\n",
    ],
)
def test_work_is_linear_in_hostile_text(unit: str) -> None:
    small, large = article("آب. " + unit * 60), article("آب. " + unit * 480)
    one = calls(lambda: resolver().resolve(EXTRACTOR.extract(small)))
    eight = calls(lambda: resolver().resolve(EXTRACTOR.extract(large)))
    assert eight < 16 * one + 1000


STEMS = {
    "گفتن": Stems(glue("گفت"), glue("گو")),
    "داشتن": Stems(glue("داشت"), glue("دار"), bare_present=True),
    "فراخواندن": Stems(glue("خواند"), glue("خوان"), prefix=glue("فرا")),
    "بودن": Stems(glue("بود"), glue("باش"), copula=True),
}


@pytest.mark.parametrize(
    ("verb", "written", "tense", "negative", "plural", "passive"),
    [
        ("گفتن", "گفت", "past", False, False, False),
        ("گفتن", "گفتند", "past", False, True, False),
        ("گفتن", "نگفته است", "perfect", True, False, False),
        ("گفتن", "گفته‌اند", "perfect", False, True, False),
        ("گفتن", "گفته بود", "pluperfect", False, False, False),
        ("گفتن", "می‌گفت", "imperfect", False, False, False),
        ("گفتن", "می گوید", "present", False, False, False),
        ("گفتن", "نمی‌گویند", "present", True, True, False),
        ("گفتن", "خواهد گفت", "future", False, False, False),
        ("گفتن", "بگوید", "subjunctive", False, False, False),
        ("گفتن", "گفته می‌شود", "present", False, False, True),
        ("داشتن", "دارد", "present", False, False, False),
        ("فراخواندن", "فرا می‌خواند", "present", False, False, False),
        ("بودن", "است", "present", False, False, False),
    ],
)
def test_forms(verb: str, written: str, tense: str, negative: bool, plural: bool, passive: bool) -> None:
    forms = [f for key, f in conjugate(verb, STEMS[verb]) if key == glue(written)]
    assert any(
        (f.tense, f.negative, f.plural, f.passive, f.person) == (tense, negative, plural, passive, 3)
        for f in forms
    )
