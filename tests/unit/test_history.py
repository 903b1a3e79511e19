"""A worker lives long: its output and its memory are no matter of which articles came before."""

import msgspec
import pytest

from workers.nlp.entities import chain, features, student
from workers.nlp.pipeline import build_pipeline
from workers.nlp.statements.decisions import linear

ARTICLES = (
    "مریم آذرگون، شهردار تبریز گفت: بودجه مترو سه برابر شده است. وی افزود که قطارها بیشتر می‌شوند.",
    "به گفته رئیس سازمان آب، «سدها پر است». این مقام مسئول تاکید کرد مردم صرفه‌جویی کنند.",
    "تیم ملی والیبال در شیراز برنده شد. سرمربی تیم با بیان اینکه بازیکنان خسته بودند، از داوران انتقاد کرد.",
    "۱۲۳۴۵",
    "گفت",
    "زلزله ۵ ریشتری بامداد دوشنبه کرمان را لرزاند؛ سخنگوی هلال احمر اعلام کرد کسی آسیب ندید.",
)


@pytest.fixture(scope="module")
def pipeline():
    return build_pipeline()


def event(pipeline, body):
    return msgspec.json.encode(pipeline.enrich({"id": "t", "url": "https://a.example/1", "body": body}))


def test_what_came_before_changes_no_byte(pipeline, monkeypatch):
    for module in (chain, student, features):
        monkeypatch.setattr(module, "_MOST_WORDS", 12)  # tables begin anew again and again
    monkeypatch.setattr(linear, "REMEMBERED", 3)
    for table in tables(pipeline)[3:]:
        table.clear()
    forwards = [event(pipeline, body) for body in ARTICLES]
    backwards = [event(pipeline, body) for body in reversed(ARTICLES)]
    assert backwards[::-1] == forwards


def test_no_word_of_a_hostile_article_stays(pipeline):
    word = "بشنو" * 5000
    event(pipeline, f"علی گفت: آب کم است. {word} گفت {word} آمد. به گفته {word} کم است.")
    kept = [text for table in tables(pipeline) for key in table for text in texts(key)]
    assert len(kept) > 50
    assert max(map(len, kept)) <= features.LONGEST


def tables(pipeline):
    """What a pipeline remembers from article to article."""
    tagger = next(s.run.__self__ for s in pipeline.steps if s.name == "entities")
    extractor = next(s.run.__self__ for s in pipeline.steps if s.name == "statements")
    sums = [look_up.__self__ for model in extractor.models.values() for _, look_up in model._groups]
    return [tagger.chain.table.index, tagger.student.table.index, tagger.chain.sight._glances, *sums]


def texts(key):
    return [value for value in (key if isinstance(key, tuple) else (key,)) if isinstance(value, str)]
