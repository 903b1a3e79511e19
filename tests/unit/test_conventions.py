"""What words before, inside and after a name tell of its type and borders."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workers.nlp.entities.conventions import Conventions
from workers.nlp.knowledge.lexicon import Entry, Lexicon
from workers.training.shipped import knowledge


@pytest.fixture(scope="module")
def conventions():
    entries = [
        Entry("راه‌نوردان", "companies", "ORG", ("شرکت راه‌نوردان", "نوید"), None, {}),
        Entry("نوید", "given_names", "", (), None, {}),
        Entry("رود سبز", "regions", "LOC", (), None, {}),
        Entry("سپیده", "agencies", "ORG", (), None, {}),
        Entry("آستان سبز کوه", "bodies", "ORG", (), None, {}),
        Entry("شهر آبی", "cities", "LOC", (), None, {}),
    ]
    shipped = knowledge()
    lexicon = Lexicon.of([*shipped.lexicon.category("countries"), *entries])
    naming = replace(shipped.naming, given_names=frozenset(("نوید",)))
    return Conventions.of(replace(shipped, lexicon=lexicon, naming=naming))


@pytest.mark.parametrize(
    ("words", "labels", "wanted"),
    [
        # quoted after a kind of work: a work, whatever it looks like
        ("فیلم « پروین » دیده شد", "O O B-PER O O O", "O O B-PRODUCT O O O"),
        (
            "فیلم سینمایی « شب دراز » و « کوچه » بود",
            "O O O O O O O O O O O",
            "O O O B-PRODUCT I-PRODUCT O O O B-PRODUCT O O",
        ),
        ("کتاب های « نرگس » ، « بهار » را", "O O O B-PER O O O B-PER O O", "O O O B-PER O O O B-PER O O"),
        # a quotation that is speech, not a title
        ("فیلم گفت : « برویم »", "O O O O O O", "O O O O O O"),
        ("کتاب « " + "و " * 12 + "»", " ".join("O" * 15), " ".join("O" * 15)),
        ("« بهار زیباست » را شنیدم", "O B-PRODUCT I-PRODUCT O O O", "O O O O O O"),
        ("فیلم « بهار زیباست » را دیدم", "O O O O O O O", "O O B-PRODUCT I-PRODUCT O O O"),
        ("« بهار زیباست » بهمنی", "O B-PRODUCT I-PRODUCT O B-PER", "O B-PRODUCT I-PRODUCT O B-PER"),
        ("« بهار دلکش » را شنیدم", "O B-PRODUCT I-PRODUCT O O O", "O B-PRODUCT I-PRODUCT O O O"),
        # after a kind of medium
        ("روزنامه آلمانی « دی گارتن » نوشت", "O O O B-PER I-PER O O", "O O O B-ORG I-ORG O O"),
        ("مجله آمریکایی ساینتا بلوم نوشت", "O O B-PER I-PER O", "O O B-ORG I-ORG O"),
        ("روزنامه به نقل از بهمنی نوشت", "O O O O B-PER O", "O O O O B-PER O"),
        # what a lexicon knows for sure: left out, or taken for a person
        ("مدیر راه نوردان به رود سبز رفت", "O O O O O O O", "O B-ORG I-ORG O B-LOC I-LOC O"),
        ("مدیر راه‌نوردان گفت", "O B-PER O", "O B-ORG O"),
        ("مدیر شرکت راه‌نوردان گفت", "O O O O", "O B-ORG I-ORG O"),
        ("کنار رود سبز آباد", "O B-FAC I-FAC I-FAC", "O B-FAC I-FAC I-FAC"),
        ("در رود سبز", "O B-PER I-PER", "O B-LOC I-LOC"),
        ("آقای رود سبز مهر", "O B-PER I-PER I-PER", "O B-PER I-PER I-PER"),
        ("نوید و سپیده", "O O O", "O O O"),
        # a word of address does not belong to a person's name, but may be it
        ("قاضی بهمنی و سرهنگ آمد", "B-PER I-PER O B-PER O", "O B-PER O B-PER O"),
        ("امام خمینی", "B-PER I-PER", "B-PER I-PER"),
        (
            "ستاد سی و دومین همایش آب رفت",
            "B-ORG I-ORG O B-EVENT I-EVENT I-EVENT O",
            "B-ORG I-ORG I-ORG I-ORG I-ORG I-ORG O",
        ),
        # a head belongs to the name behind it
        ("از انتشارات بهمنی و خیابان مهر", "O O B-PER O O B-LOC", "O B-ORG I-ORG O B-FAC I-FAC"),
        ("باشگاه سپید تهران", "O B-ORG I-ORG", "B-ORG I-ORG I-ORG"),
        ("این باشگاه تهران را دید", "O O B-LOC O O", "O O B-LOC O O"),
        ("باشگاه دیروز رفت", "O B-DATE O", "O B-DATE O"),
        ("باشگاه", "O", "O"),
        # and what it knows in part
        ("به آستان سبز کوه رفت", "O O B-LOC I-LOC O", "O B-ORG I-ORG I-ORG O"),
        ("به آستان سبز کوه رفت", "O O O O O", "O O O O O"),
        ("به آستان سبز کوه نو", "O B-ORG I-ORG I-ORG I-ORG", "O B-ORG I-ORG I-ORG I-ORG"),
        ("به آستان سبز کوه رفت", "O B-ORG B-LOC I-LOC O", "O B-ORG I-ORG I-ORG O"),
        # a country's full name is a place
        ("رئیس فدراسیون روسیه گفت", "O B-ORG I-ORG O", "O B-LOC I-LOC O"),
        ("فدراسیون کشتی روسیه گفت", "B-ORG I-ORG I-ORG O", "B-ORG I-ORG I-ORG O"),
        # after a kind of place, after a word of address
        ("ولایت سمندر آرام است", "O B-PER O O", "O B-LOC O O"),
        ("در شهر « مهراب » بود", "O O O O O O", "O O O B-LOC O O"),
        ("شهر « ما هم باید آن را ببینیم »", "O O O O O O O O O", "O O O O O O O O O"),
        ("آقای دریاکنار و بانک", "O B-LOC O B-ORG", "O B-PER O B-ORG"),
        ("آقای « دریا » گفت", "O O O O O", "O O O O O"),
        # a kind of medium is no part of the name
        ("در روزنامه پگاه نو آمد", "O B-ORG I-ORG I-ORG O", "O O B-ORG I-ORG O"),
        ("روزنامه آمد", "B-ORG O", "O O"),
        # nor is a kind of region of the place's, but where the two are one name
        ("در جزایر سبزکوه باران آمد", "O B-LOC I-LOC O O", "O O B-LOC O O"),
        ("مردم شهر سبزکوه", "O B-LOC I-LOC", "O O B-LOC"),
        ("مردم شهر آبی", "O B-LOC I-LOC", "O B-LOC I-LOC"),
        ("در این شهر بود", "O O B-LOC O", "O O B-LOC O"),
        # nor are a kind of body and its nation
        ("شرکت ژاپنی توشان گفت", "B-ORG I-ORG I-ORG O", "O O B-ORG O"),
        ("شرکت توشان ژاپن گفت", "B-ORG I-ORG I-ORG O", "B-ORG I-ORG I-ORG O"),
        # a body's name goes on with the place behind a kind of region
        ("مرکز بحران شهر سبزکوه را دید", "B-ORG I-ORG I-ORG B-LOC O O", "B-ORG I-ORG I-ORG I-ORG O O"),
        ("زرین شهر سبزکوه", "B-LOC I-LOC B-LOC", "B-LOC I-LOC B-LOC"),
        # a portfolio is no body, what is behind it may be
        ("وزیر جهاد کشاورزی گفت", "O B-ORG I-ORG O", "O O O O"),
        ("وزیر دولت پیشین گفت", "O B-ORG I-ORG O", "O B-ORG I-ORG O"),
        ("معاون پژوهش و آموزش سازمان راه گفت", "O B-ORG I-ORG I-ORG I-ORG I-ORG O", "O O O O B-ORG I-ORG O"),
        ("معاون شیلات گفت", "O B-ORG O", "O B-ORG O"),
        # the other end of a road
        ("در آزادراه ساوه - سلفچگان بود", "O B-FAC I-FAC O B-LOC O", "O B-FAC I-FAC I-FAC I-FAC O"),
        ("جاده ساوه ـ جنوب", "B-FAC I-FAC O O", "B-FAC I-FAC I-FAC I-FAC"),
        ("جاده ساوه - 12 کیلومتر", "B-FAC I-FAC O O O", "B-FAC I-FAC O O O"),
        ("پل رود - راه", "B-FAC I-FAC O O", "B-FAC I-FAC O O"),
        # ordinals of two words, years
        (
            "بیست و هفتمین جشنواره نی",
            "O O B-EVENT I-EVENT I-EVENT",
            "B-EVENT I-EVENT I-EVENT I-EVENT I-EVENT",
        ),
        (
            "ستاد سی و دومین همایش آب",
            "B-ORG I-ORG I-ORG B-EVENT I-EVENT I-EVENT",
            "B-ORG I-ORG I-ORG I-ORG I-ORG I-ORG",
        ),
        ("دوم و ششمین جشنواره", "O O B-EVENT I-EVENT", "O O B-EVENT I-EVENT"),
        ("جام نوروز 1390 تمام شد", "B-EVENT I-EVENT O O O", "B-EVENT I-EVENT I-EVENT O O"),
        ("جام نوروز ۱۳۹۰", "B-EVENT I-EVENT O", "B-EVENT I-EVENT I-EVENT"),
        ("جام نوروز 12", "B-EVENT I-EVENT O", "B-EVENT I-EVENT O"),
        # whom a body is against
        ("ائتلاف مبارزه با سپیدان رفت", "B-ORG I-ORG O B-ORG O", "B-ORG I-ORG I-ORG I-ORG O"),
        ("ائتلاف مبارزه با هم رفت", "B-ORG I-ORG O O O", "B-ORG I-ORG O O O"),
        ("ائتلاف ما با سپیدان رفت", "B-ORG I-ORG O B-ORG O", "B-ORG I-ORG O B-ORG O"),
        # no name ends with a word that joins
        ("رادیو و تلویزیون مهر", "B-ORG I-ORG O O", "B-ORG O O O"),
        ("و رفت", "B-ORG O", "O O"),
        # bodies that are names by themselves
        ("نمایندگان مجلس و فرماندهان ارتش", "O O O O O", "O B-ORG O O B-ORG"),
        ("این ارتش در مجلس ختم بود", "O O O O O O", "O O O O O O"),
    ],
)
def test_conventions(conventions, words, labels, wanted):
    assert conventions.apply(words.split(), labels.split()).labels == wanted.split()


@pytest.mark.parametrize(
    ("words", "labels", "told", "titles"),
    [
        # a word before tells the type of a name wherever it stands
        ("مجله سپیده نوشت", "O B-PER O", {("سپیده",): "ORG"}, set()),
        ("شهر « مهراب » بود", "O O O O O", {("مهراب",): "LOC"}, set()),
        # that of a title only where it is quoted
        ("روزنامه « سپیده » نوشت", "O O B-PER O O", {}, {2}),
        ("فیلم « قشم » در قشم", "O O B-LOC O O B-LOC", {}, {2}),
        ("در « قشم » فیلم « قشم » دیده شد", "O O B-LOC O O O O O O O", {}, {2, 6}),
    ],
)
def test_what_a_word_before_tells_is_handed_on(conventions, words, labels, told, titles):
    found = conventions.apply(words.split(), labels.split())
    assert (found.told, found.titles) == (told, titles)


@pytest.mark.parametrize(
    ("words", "labels", "wanted"),
    [
        # a title is one in its other quoted places
        (
            "فیلم « مهیار توران » ؛ مهیار توران ؛ بازی در « مهیار توران »",
            "O O B-PER I-PER O O B-PER I-PER O O O O B-PER I-PER O",
            "O O B-PRODUCT I-PRODUCT O O B-PER I-PER O O O O B-PRODUCT I-PRODUCT O",
        ),
        # what follows it is something else
        ("روزنامه « سپیده » مهیار را ستود", "O O O O B-PER O O", "O O B-ORG O B-PER O O"),
        # but not where it is another thing's
        (
            "فیلم « قشم » و روزنامه « قشم » ؛ « قشم زیبا »",
            "O O O O O O O B-LOC O O O B-LOC O O",
            "O O B-PRODUCT O O O O B-ORG O O O B-LOC O O",
        ),
    ],
)
def test_titles_in_quotation_marks(conventions, words, labels, wanted):
    assert conventions.apply(words.split(), labels.split()).labels == wanted.split()


@pytest.mark.parametrize(
    ("words", "labels", "wanted"),
    [
        # whom a bare body acts on is no part of it
        ("فدراسیون مهیار توران را محروم کرد", "O B-PER I-PER O O O", "O B-PER I-PER O O O"),
        ("کمیته توران را خواست", "O B-PER O O", "O B-PER O O"),
        ("به باشگاه مهیار توران رفت", "O O B-PER I-PER O", "O O B-PER I-PER O"),
        # bodies that are called after people
        ("بنیاد مهیار توران را دید", "O B-PER I-PER O O", "B-ORG I-ORG I-ORG O O"),
        ("دانشگاه مهیار توران رفت", "O B-PER I-PER O", "B-ORG I-ORG I-ORG O"),
        # sites are, and bodies of a place
        ("خیابان توران را بستند", "O B-PER O O", "B-FAC I-FAC O O"),
        ("شهرداری قشم را دید", "O B-LOC O O", "B-ORG I-ORG O O"),
        # a person whom the article names elsewhere, in full or by surname, is freed of a body too
        (
            "فدراسیون مهیار توران را راند ؛ مهیار توران رفت",
            "B-ORG I-ORG I-ORG O O O B-PER I-PER O",
            "O B-PER I-PER O O O B-PER I-PER O",
        ),
        ("فدراسیون نوید توران را راند ؛ توران", "B-ORG I-ORG I-ORG O O O B-PER", "O B-PER I-PER O O O B-PER"),
        ("شرکت صنایع توران را ؛ توران", "B-ORG I-ORG I-ORG O O B-PER", "B-ORG I-ORG I-ORG O O B-PER"),
        ("بنیاد نوید توران را ؛ توران", "B-ORG I-ORG I-ORG O O B-PER", "B-ORG I-ORG I-ORG O O B-PER"),
        ("فدراسیون نوید توران ؛ توران", "B-ORG I-ORG I-ORG O B-PER", "B-ORG I-ORG I-ORG O B-PER"),
        ("فدراسیون نوید توران را ؛ توران", "B-ORG I-ORG I-ORG O O O", "B-ORG I-ORG I-ORG O O O"),
        # nobody acts, and nothing follows
        ("به باشگاه توران و قشم", "O O B-PER O B-LOC", "O B-ORG I-ORG O B-LOC"),
        ("باشگاه توران", "O B-PER", "B-ORG I-ORG"),
    ],
)
def test_a_person_behind_a_kind_of_body(conventions, words, labels, wanted):
    assert conventions.apply(words.split(), labels.split()).labels == wanted.split()


@pytest.mark.parametrize(
    ("name", "wanted"),
    [
        ("سازمان متبوع", True),
        ("شركت", True),
        ("هیات دولت", True),
        ("تیم ملی", True),
        ("شرکت آلمانی", True),
        ("شرکت نوران", False),
        ("شرکت نوران آلمانی", False),
        ("متبوعیان", False),
        ("تیم ملی ایران", False),
    ],
)
def test_names_that_name_nothing(conventions, name, wanted):
    assert conventions.unnamed(name) is wanted


_WORDS = [
    "فیلم",
    "روزنامه",
    "«",
    "»",
    "و",
    "بیست",
    "ششمین",
    "جشنواره",
    "1390",
    "جاده",
    "-",
    "وزیر",
    "معاون",
    "سازمان",
    "مجلس",
    "راه",
]
_LABELS = ["O", "B-PER", "I-PER", "B-ORG", "I-ORG", "B-FAC", "I-FAC", "B-EVENT", "I-EVENT", "B-PRODUCT"]


@given(st.lists(st.tuples(st.sampled_from(_WORDS), st.sampled_from(_LABELS)), max_size=25))
def test_labels_stay_well_formed(conventions, pairs):
    words = [w for w, _ in pairs]
    labels: list[str] = []
    for _, label in pairs:  # no name begins with an inner label
        inner = label[0] == "I" and not (labels and labels[-1][1:] == label[1:])
        labels.append(f"B{label[1:]}" if inner else label)
    found = conventions.apply(words, labels).labels
    assert len(found) == len(words)
    for before, label in zip(["O", *found], found, strict=False):
        assert label[0] != "I" or before[1:] == label[1:]
