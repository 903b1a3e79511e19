"""What is a verb: hazm's answers, held equal to hazm, and the sentences that depended on them."""

import gzip
import re
from importlib import resources
from pathlib import Path
from typing import Any

import msgspec
import pytest

from schemas.enriched import EnrichedArticle, Statement
from workers.nlp.knowledge import Knowledge, hazm_verbs
from workers.nlp.knowledge.folding import glue
from workers.nlp.knowledge.hazm_verbs import HazmVerbs, infinitive
from workers.nlp.knowledge.sources import Source
from workers.nlp.knowledge.verb_table import PARADIGM, VerbTable
from workers.nlp.pipeline import Pipeline, build_pipeline
from workers.training.shipped import knowledge

MORPHOLOGY = knowledge().morphology
COMMITTED = gzip.decompress(
    resources.files("workers.nlp.knowledge.tables").joinpath("verbs.txt.gz").read_bytes()
).decode("utf-8")


TABLE = VerbTable.read([Source("verbs.txt", "verbs.txt", COMMITTED.encode())])


@pytest.fixture(scope="module")
def lemmatizer() -> Any:
    import hazm

    return hazm.Lemmatizer()


@pytest.fixture(scope="module")
def live() -> HazmVerbs:
    """hazm itself, with nothing of a user's."""
    return HazmVerbs(VerbTable((), {}))


@pytest.fixture(scope="module")
def live_knowledge() -> Knowledge:
    known = Knowledge.load()
    known.morphology.hazm.load_hazm()
    return known


def test_the_committed_table_is_what_hazm_makes() -> None:
    assert hazm_verbs.table() == COMMITTED, "run `khabar train verbs`"


def test_hazm_gives_every_form_of_the_table_the_same_lemma(lemmatizer: Any) -> None:
    written: dict[str, set[str]] = {}
    for form, lemma in lemmatizer.verbs.items():
        written.setdefault(glue(form), set()).add(infinitive(lemma))
    for key in TABLE.slots:
        form = TABLE.form(key)
        assert form is not None
        assert form.verb in written[key], key


def test_table_and_hazm_say_the_same_of_every_form_and_word_that_hazm_knows(
    live: HazmVerbs, lemmatizer: Any
) -> None:
    words = (*lemmatizer.verbs, *lemmatizer.words)
    keys = {glue(word) for word in words if " " not in word} | TABLE.slots.keys()
    assert len(keys) > 300_000
    assert [key for key in keys if live.form(key) != TABLE.form(key)] == []


def test_both_morphologies_say_the_same_of_the_words_of_articles(
    live_knowledge: Knowledge, sample_events: list[EnrichedArticle]
) -> None:
    live = live_knowledge.morphology
    keys = {glue(word) for event in sample_events for word in re.findall(r"[\w\u200c]+", event.text)}
    assert len(keys) > 500
    for key in keys:
        assert live.reading(key) == MORPHOLOGY.reading(key), key
        assert live.is_finite(key) == MORPHOLOGY.is_finite(key), key


def test_events_are_the_same_bytes_whether_the_table_or_hazm_is_asked(
    sample_articles: list[dict[str, Any]], sample_events: list[EnrichedArticle]
) -> None:
    pipeline = build_pipeline()
    pipeline.load_hazm()
    for article, event in zip(sample_articles, sample_events, strict=True):
        assert msgspec.json.encode(pipeline.enrich(article)) == msgspec.json.encode(event)


def test_hazm_comes_before_the_verbs_of_a_folder(tmp_path: Path) -> None:
    slots = ["-"] * len(PARADIGM)
    slots[0], slots[1] = "سپیدیدم", "گفتم"
    (tmp_path / "verbs.txt").write_text("سپیدیدن\t" + "\t".join(slots) + "\n", encoding="utf-8")
    hazm = Knowledge.load([tmp_path]).morphology.hazm
    by_table = hazm.form("سپیدیدم"), hazm.form("گفتم")
    hazm.load_hazm()
    assert (hazm.form("سپیدیدم"), hazm.form("گفتم")) == by_table
    assert [form and form.verb for form in by_table] == ["سپیدیدن", "گفتن"]


def test_hazm_knows_the_infinitives_of_cue_verbs(lemmatizer: Any) -> None:
    known = {infinitive(lemma) for lemma in lemmatizer.verbs.values()}
    verbs = {form.verb for forms in MORPHOLOGY.own.values() for form in forms}
    # hazm lists the present of «گردیدن» under «گشتن», and no preverb of these
    assert verbs - known <= {"گردیدن", "فراخواندن", "برشمردن", "برداشتن", "برآوردن"}


def test_another_hazm_is_asked_itself(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(hazm_verbs, "data_digest", lambda: "another")
    monkeypatch.setattr(hazm_verbs, "_METHODS", hazm_verbs._METHODS[:1])
    known = Knowledge.load()
    assert known.morphology.infinitive("رفتند") == "رفتن"
    assert known.morphology.infinitive("میرفتند") is None, "the table was asked"
    assert known.digest != knowledge().digest


@pytest.mark.parametrize(
    "word",
    [
        "می‌گویند",
        "نمی‌رود",
        "رفتند",
        "گفته‌اند",
        "می‌توان",
        "باشد",
        "بروند",
        "نکنیم",
        "خواهند",
        "دریافتند",
        "معتقدند",
        "یافت",
    ],
)
def test_finite_verbs(word: str) -> None:
    assert MORPHOLOGY.is_finite(glue(word))


@pytest.mark.parametrize(
    "word",
    [
        "میزان",
        "میلیون",
        "میدان",
        "میراث",
        "میلیارد",
        "میزبان",
        "میانگین",
        "میکروب",
        "مستند",
        "دست",
        "سیاست",
        "کاری",
        "مردم",
    ],
)
def test_no_verbs(word: str) -> None:
    assert not MORPHOLOGY.is_finite(glue(word))


@pytest.mark.parametrize(
    ("word", "lemma", "person", "plural"),
    [
        ("می‌گویند", "گفتن", 3, True),
        ("نمی‌رفتم", "رفتن", 1, False),
        ("ببینیم", "دیدن", 1, True),
        ("می‌دانید", "دانستن", 2, True),
        ("میزان", None, None, False),
    ],
)
def test_person_and_infinitive(word: str, lemma: str | None, person: int | None, plural: bool) -> None:
    key = glue(word)
    found = (MORPHOLOGY.infinitive(key), MORPHOLOGY.person(key), MORPHOLOGY.is_plural(key))
    assert found == (lemma, person, plural)


def statements(pipeline: Pipeline, body: str) -> list[Statement]:
    return pipeline.enrich({"id": "1", "body": body}).statements


@pytest.mark.parametrize(
    "thing", ["مقدار", "میزان", "میراث", "میدان", "میلیون‌ها شغل", "میانگین", "میزبانی", "میوه"]
)
def test_a_noun_that_begins_as_verbs_do_ends_no_clause(pipeline: Pipeline, thing: str) -> None:
    (found,) = statements(pipeline, f"مریم آذرگون شهردار تبریز بر افزایش {thing} و کیفیت خدمات تأکید کرد.")
    assert found.speaker is not None
    assert found.speaker.name == "مریم آذرگون"
    assert found.text == f"افزایش {thing} و کیفیت خدمات"


@pytest.mark.parametrize(
    ("body", "lemma"),
    [
        ("مریم آذرگون گفت: کار تمام شد.", "گفتن"),
        ("مریم آذرگون می‌گوید که کار تمام شد.", "گفتن"),
        ("مریم آذرگون تأکید کرد که کار تمام شد.", "تأکید کردن"),
        ("مریم آذرگون تاكيد نمود که کار تمام شد.", "تأکید نمودن"),
        ("مریم آذرگون خاطر نشان کرد: کار تمام شد.", "خاطرنشان کردن"),
        ("مریم آذرگون اظهارداشت: کار تمام شد.", "اظهار داشتن"),
        ("مریم آذرگون خواستار آزادی زندانیان شد.", "خواستار شدن"),
        ("به گفته مریم آذرگون، کار تمام شد.", None),
    ],
)
def test_a_cue_has_the_infinitive_of_its_verb(pipeline: Pipeline, body: str, lemma: str | None) -> None:
    (found,) = statements(pipeline, body)
    assert found.cue is not None
    assert found.cue.lemma == lemma
