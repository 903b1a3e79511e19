"""The cue table: every cue is found in its sentence forms, spellings fold, errors of the table are told."""

import tomllib
from importlib import resources

import pytest

from workers.nlp.knowledge.cues import CueLexicon
from workers.nlp.knowledge.folding import glue
from workers.nlp.knowledge.sources import LexiconError
from workers.nlp.segmentation.tokens import tokenize
from workers.nlp.statements.cues import find_cues
from workers.training.shipped import knowledge

LEXICON = knowledge().cues
TABLE = tomllib.loads(
    resources.files("workers.nlp.knowledge.tables").joinpath("cues.toml").read_text("utf-8")
)


def cues(text: str) -> list[tuple[str, str]]:
    tokens = tokenize(text)
    keys = [glue(t.text) or t.text for t in tokens]
    return [
        (c.id, text[tokens[c.first].start : tokens[c.last - 1].end])
        for c in find_cues(keys, 0, len(keys), LEXICON)
    ]


@pytest.mark.parametrize(
    ("text", "cue"),
    [
        ("وی اظهارداشت: آب", "اظهار داشتن"),
        ("وی خاطر نشان کرد: آب", "خاطرنشان کردن"),
        ("وی خاطر‌نشان‌کرد: آب", "خاطرنشان کردن"),
        ("وی تاكيد كرد: آب", "تأکید کردن"),
        ("وي مي گويد: آب", "گفتن"),
        ("آن‌ها گفته اند: آب", "گفتن"),
        ("کارشناسان معتقدند آب", "معتقد بودن"),
        ("کارشناسان بر این باورند که آب", "باور داشتن"),
        ("این خبر را قویاً تکذیب کرد", "تکذیب کردن"),
        ("او هشدار جدی داد که آب", "هشدار دادن"),
        ("وی با تأکید مجدد بر اینکه آب، گفت", "با تاکید"),
        ("وی با تاکید براین که آب", "با تاکید"),
        ("به گفته‌ی او، آب", "به گفته"),
        ("این کار را محکوم و آن را تحریم کردند", "محکوم کردن"),
    ],
)
def test_spellings(text: str, cue: str) -> None:
    assert cue in [c for c, _ in cues(text)]


@pytest.mark.parametrize("row", TABLE["cues"], ids=lambda r: r["id"])
def test_every_cue_is_found_in_the_past(row: dict) -> None:
    verb = row["verb"][0]
    stems = TABLE["verbs"][verb]
    noun = row.get("noun", [""])[0]
    form = "است" if verb == "بودن" else stems.get("prefix", "") + stems["past"]
    found = [c for c, _ in cues(f"وی {noun} {form}: آب")]
    # «خاطرنشان ساختن» is also a written double of «خاطرنشان کردن»: either line may answer
    assert found
    assert row["id"] in found or row.get("infix") or row["id"].split()[0] == found[0].split()[0]


@pytest.mark.parametrize(
    "text",
    [
        "وی چیزی نگفت",
        "ما گفتیم آب",
        "می‌توان گفت آب",
        "گفت‌وگو با مردم",
        "به عنوان داور",
        "درباره خواست مردم",
        "اگر بگوید",
    ],
)
def test_no_cue(text: str) -> None:
    assert cues(text) == []


def test_a_verb_without_stems_is_an_error_of_the_table() -> None:
    table = dict(TABLE, cues=[{"id": "x", "verb": ["ناشناختن"], "class": "neutral", "stance": "say"}])
    with pytest.raises(LexiconError, match="ناشناختن"):
        CueLexicon.build(table, knowledge().roles, frozenset(), knowledge().morphology)


@pytest.mark.parametrize(
    "word",
    [
        "راننده",
        "رانندگان",
        "راننده‌ای",
        "دانشجویان",
        "روحانیون",
        "معلمی",
        "معلمان",
        "مطبوعات",
        "رقبای",
        "سرگرد",
    ],
)
def test_people_and_bodies_can_speak(word: str) -> None:
    assert glue(word) in knowledge().cues.words.humans


@pytest.mark.parametrize("word", ["پیشنهاد", "بحران", "افزایش", "منطقه", "قیمت‌ها", "روند", "زمان"])
def test_things_times_and_places_cannot_speak(word: str) -> None:
    assert glue(word) not in knowledge().cues.words.humans
