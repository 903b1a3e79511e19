"""The tagger on sentences of our own."""

from dataclasses import replace
from hashlib import sha256
from importlib.resources import files
from itertools import pairwise

import msgspec
import pytest

from schemas.article import RawArticle
from workers.nlp.document import Document, Quantity, TextMention
from workers.nlp.entities import EntityTagger
from workers.nlp.entities.features import DocumentSight, WordKnowledge, normal, shape
from workers.nlp.entities.tagger import mentions, merge
from workers.nlp.knowledge import Knowledge
from workers.nlp.knowledge.lexicon import Lexicon
from workers.training.shipped import knowledge, segmented


@pytest.fixture(scope="module")
def tagger():
    return EntityTagger.load(knowledge())


def document_of(body):
    raw = {"id": "t", "body": body}
    return segmented(Document(article=msgspec.convert(raw, RawArticle), raw=raw))


def found(tagger, body):
    document = tagger.tag(document_of(body))
    return [(document.text[m.start : m.end], m.type) for m in document.mentions]


@pytest.mark.parametrize(
    ("body", "wanted"),
    [
        (
            "علی رضایی، وزیر نفت ایران، امروز به عراق رفت.",
            [("علی رضایی", "PER"), ("ایران", "LOC"), ("عراق", "LOC")],
        ),
        (
            "به گزارش خبرگزاری فارس، محمد کریمی در تهران گفت: کار آغاز شده است.",
            [("محمد کریمی", "PER"), ("تهران", "LOC")],
        ),
        (
            "سازمان ملل متحد روز دوشنبه از سوریه خواست آتش‌بس را بپذیرد.",
            [("سازمان ملل متحد", "ORG"), ("روز دوشنبه", "DATE"), ("سوریه", "LOC")],
        ),
        ("قیمت بلیت در شیراز به ۲۰۰ هزار تومان رسید.", [("شیراز", "LOC"), ("۲۰۰ هزار تومان", "MONEY")]),
    ],
)
def test_names_and_quantities(tagger, body, wanted):
    got = found(tagger, body)
    assert [w for w in wanted if w not in got] == []


def test_the_same_document_gives_the_same_mentions(tagger):
    document = document_of("حسن احمدی از دانشگاه تهران به اصفهان رفت. احمدی گفت: هوا خوب است.")
    first = tagger.tag(document).mentions
    assert first == tagger.tag(document).mentions == EntityTagger.load(knowledge()).tag(document).mentions


def test_mentions_are_ordered_and_apart(tagger):
    document = tagger.tag(
        document_of("در ۲۲ بهمن ۱۳۹۵ رضا امیری از مشهد و علی نوری از قم به وزارت کشور رفتند.")
    )
    spans = [(m.start, m.end) for m in document.mentions]
    assert spans == sorted(spans)
    assert all(a[1] <= b[0] for a, b in pairwise(spans))


def test_a_users_lexicon_teaches_a_name(tmp_path):
    body = "نمایندگان هوراتک در این نشست حاضر بودند و مدیران نوآوران پارسه نیز آمدند."
    (tmp_path / "firms.tsv").write_text("name\ttype\nهوراتک\tORG\nنوآوران پارسه\tORG\n", "utf-8")
    got = found(EntityTagger.load(Knowledge.load([tmp_path])), body)
    assert ("هوراتک", "ORG") in got
    assert ("نوآوران پارسه", "ORG") in got


@pytest.mark.parametrize(
    "sentence",
    [
        "دیروز از {} خبر تازه‌ای رسید که همه را خوشحال کرد.",
        "{} سال گذشته بسیار رشد کرد و مردم از آن راضی بودند.",
        "مردم درباره {} با خبرنگار ما گفتگو کردند و از گرانی گله داشتند.",
    ],
)
def test_a_users_name_is_found_where_nothing_around_tells_of_it(tagger, tmp_path, sentence):
    (tmp_path / "firms.tsv").write_text("name\ttype\nهوراتک\tORG\n", "utf-8")
    assert ("هوراتک", "ORG") in found(
        EntityTagger.load(Knowledge.load([tmp_path])), sentence.format("هوراتک")
    )
    assert ("هوراتک", "ORG") not in found(tagger, sentence.format("هوراتک"))


@pytest.mark.parametrize(
    ("labels", "wanted"),
    [
        (["B-PER", "O", "B-PER", "I-PER", "O"], [("آنا-ماری دوبوا", "PER")]),
        (["B-LOC", "O", "B-LOC", "I-LOC", "O"], [("آنا", "LOC"), ("ماری دوبوا", "LOC")]),
        (["B-PER", "O", "B-PER", "B-PER", "O"], [("آنا-ماری", "PER"), ("دوبوا", "PER")]),
        (["B-PER", "I-PER", "B-PER", "I-PER", "O"], [("آنا-ماری دوبوا", "PER")]),
        (["B-PER", "B-PER", "I-PER", "I-PER", "O"], [("آنا-ماری دوبوا", "PER")]),
        (["B-ORG", "I-ORG", "B-PER", "I-PER", "O"], [("آنا", "ORG"), ("ماری دوبوا", "PER")]),
        (["O", "B-ORG", "O", "O", "O"], []),
    ],
)
def test_a_hyphen_joins_the_parts_of_a_persons_name(labels, wanted):
    document = document_of("آنا-ماری دوبوا آمد")
    assert [t.text for t in document.tokens] == ["آنا", "-", "ماری", "دوبوا", "آمد"]
    assert [(document.text[m.start : m.end], m.type) for m in mentions(document, labels)] == wanted


def test_a_kind_of_body_alone_is_no_mention(tagger):
    got = found(tagger, "باشگاه و فدراسیون با دولت درباره شرکت گفتگو کردند. فدراسیون بیانیه داد.")
    assert not {text for text, _ in got} & {"باشگاه", "فدراسیون", "دولت", "شرکت"}


def test_an_unknown_profile_is_refused():
    with pytest.raises(ValueError, match="no such profile"):
        EntityTagger.load(knowledge(), "perfect")


def test_the_card_lists_the_digest_of_each_shipped_file():
    models = files("workers.nlp.models")
    card = models.joinpath("MODEL_CARD.md").read_text("utf-8")
    shipped = [p for p in models.iterdir() if p.name.endswith(".zip")]
    assert shipped
    for path in shipped:
        assert sha256(path.read_bytes()).hexdigest() in card, path.name


def test_digests_are_those_of_the_files(tagger):
    models = files("workers.nlp.models")
    assert tagger.digests == {
        f"ner-{name}": sha256(models.joinpath(f"{name}.zip").read_bytes()).hexdigest()[:16]
        for name in ("fast", "student")
    }


def test_models_in_the_making_may_lack_the_student_shipped_ones_may_not(tmp_path):
    shipped = files("workers.nlp.models").joinpath("fast.zip").read_bytes()
    (tmp_path / "fast.zip").write_bytes(shipped)
    unfinished = EntityTagger.load(knowledge(), models=tmp_path)
    assert unfinished.student is None
    assert list(unfinished.digests) == ["ner-fast"]
    assert EntityTagger.load(knowledge()).student is not None


def test_the_shipped_networks_labels_are_the_fields(tagger):
    assert tagger.student.labels == tagger.chain.labels


@pytest.mark.parametrize(
    ("names", "quantities", "wanted"),
    [
        ([(0, 5)], [(6, 9)], [(0, 5), (6, 9)]),
        ([(0, 9)], [(3, 6)], [(0, 9)]),  # «همایش ۱۵ خرداد»
        ([(3, 6)], [(0, 9)], [(0, 9)]),
        ([(0, 5)], [(3, 9)], [(3, 9)]),
        ([(0, 2), (3, 5), (8, 9)], [(4, 7)], [(0, 2), (4, 7), (8, 9)]),
    ],
)
def test_a_name_and_a_quantity_never_overlap(names, quantities, wanted):
    merged = merge(
        [TextMention(a, b, "EVENT") for a, b in names],
        [TextMention(a, b, "DATE") for a, b in quantities],
        "x" * 20,
    )
    assert [(m.start, m.end) for m in merged] == wanted


def test_a_day_with_its_year_wins_over_the_name_that_holds_it():
    text = "جشن ۷ مرداد ۱۳۸۹"
    day = TextMention(4, len(text), "DATE", "name", Quantity("2010-07-29", "day"))
    assert merge([TextMention(0, len(text), "EVENT")], [day], text) == (day,)
    short = TextMention(4, 11, "DATE", "name", Quantity("2010-07-29", "day"))
    assert merge([TextMention(0, 11, "EVENT")], [short], text[:11])[0].type == "EVENT"


@pytest.mark.parametrize(
    ("word", "form", "kind"),
    [
        ("تهران", "تهران", "f"),
        ("۱۳۹۵", "0000", "4d"),
        ("NATO", "nato", "AA"),
        ("Obama", "obama", "Aa"),
        ("«", "«", "p"),
    ],
)
def test_form_and_shape_of_a_word(word, form, kind):
    assert (normal(word), shape(word)) == (form, kind)


def test_a_word_is_hinted_at_by_its_other_places():
    sight = DocumentSight(WordKnowledge.of({}, replace(knowledge(), lexicon=Lexicon.of([]))))
    hints = sight.hints(["دکتر", "نوری", "آمد", ".", "نوری", "گفت", ":"])
    assert "d=person" in hints[4]  # it follows a title elsewhere
    assert "d=said" in hints[1]  # it speaks elsewhere
    assert "d=person" not in hints.get(1, [])  # its own place tells nothing new
