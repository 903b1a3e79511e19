"""What is a verb: hazm's answers, held equal to hazm, and the sentences that depended on them."""

import gzip
from importlib import resources
from typing import Any

import pytest

from schemas.enriched import Statement
from workers.nlp.knowledge import Knowledge, hazm_verbs
from workers.nlp.knowledge.folding import glue
from workers.nlp.knowledge.hazm_verbs import infinitive
from workers.nlp.pipeline import Pipeline
from workers.training.shipped import knowledge

MORPHOLOGY = knowledge().morphology
COMMITTED = gzip.decompress(
    resources.files("workers.nlp.knowledge.tables").joinpath("verbs.txt.gz").read_bytes()
).decode("utf-8")


@pytest.fixture(scope="module")
def lemmatizer() -> Any:
    import hazm

    return hazm.Lemmatizer()


def test_the_committed_table_is_what_hazm_makes() -> None:
    assert hazm_verbs.table() == COMMITTED, "run `khabar train verbs`"


def test_hazm_gives_every_form_of_the_table_the_same_lemma(lemmatizer: Any) -> None:
    written: dict[str, set[str]] = {}
    for form, lemma in lemmatizer.verbs.items():
        written.setdefault(glue(form), set()).add(infinitive(lemma))
    for key, at in MORPHOLOGY.hazm.items():
        assert MORPHOLOGY.verbs[at // len(hazm_verbs.PARADIGM)] in written[key], key


def test_hazm_knows_the_infinitives_of_cue_verbs(lemmatizer: Any) -> None:
    known = {infinitive(lemma) for lemma in lemmatizer.verbs.values()}
    verbs = {form.verb for forms in MORPHOLOGY.own.values() for form in forms}
    # hazm lists the present of «گردیدن» under «گشتن», and no preverb of these
    assert verbs - known <= {"گردیدن", "فراخواندن", "برشمردن", "برداشتن"}


def test_another_hazm_is_asked_itself(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(hazm_verbs, "data_digest", lambda: "another")
    monkeypatch.setattr(hazm_verbs, "table", lambda: "پگاهیدن\t" + "\t".join(["میپگاهد"] * 60) + "\n")
    known = Knowledge.load()
    assert known.morphology.infinitive("میپگاهد") == "پگاهیدن"
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
