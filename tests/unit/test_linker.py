"""Clusters, titles and identifiers on marked sentences: `{TYPE:name}` is a name mention."""

import re
from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from schemas.article import RawArticle
from workers.nlp.alignment import AlignedText
from workers.nlp.document import Document, TextBlock, TextEntity, TextMention
from workers.nlp.entities import clusters as clusters_module
from workers.nlp.entities.clusters import _thinned
from workers.nlp.entities.linker import EntityLinker
from workers.nlp.knowledge import Knowledge
from workers.training import shipped
from workers.training.shipped import find_quantities, segment

_MARK = re.compile(r"\{([A-Z]+):([^}]*)\}")


@pytest.fixture(scope="module")
def linker() -> EntityLinker:
    return shipped.linker()


def marked(text: str) -> Document:
    plain, mentions, at = "", [], 0
    for m in _MARK.finditer(text):
        plain += text[at : m.start()]
        mentions.append(TextMention(len(plain), len(plain) + len(m[2]), m[1]))
        plain += m[2]
        at = m.end()
    plain += text[at:]
    document = Document(
        article=RawArticle(body=plain),
        raw={},
        aligned=AlignedText.identity(plain),
        blocks=(TextBlock("paragraph", 0, len(plain), "body", 0, len(plain)),),
        published_at="2016-06-02",
        mentions=tuple(mentions),
    )
    return segment(document)


def forms(document: Document, entity: TextEntity, kind: str = "name") -> list[str]:
    return [document.text[m.start : m.end] for m in entity.mentions if m.kind == kind]


def clusters(linker: EntityLinker, text: str) -> list[set[str]]:
    document = linker.cluster(marked(text))
    return [set(forms(document, e)) for e in document.entities]


TOGETHER = [
    # people
    ("PER", "محمدجواد ظریف", "ظریف"),
    ("PER", "ژان ایو لودریان", "ژان-ایو لودریان"),
    ("PER", "ژان‌ایو لودریان", "لودریان"),
    ("PER", "اشتون کارتر", "کارتر اشتون"),
    ("PER", "محمد رضا عارف", "محمدرضا عارف"),
    ("PER", "سید محمد خاتمی", "محمد خاتمی"),
    ("PER", "سیدحسن خمینی", "حسن خمینی"),
    ("PER", "رضا حسین‌آبادی", "حسین آبادی"),
    ("PER", "یحیی گل‌محمدی", "گل محمدی"),
    ("PER", "م.احمدی", "مسعود احمدی"),
    ("PER", "محمد سلطان تویه", "سلطان تویه"),
    ("PER", "م. احمدی", "مسعود احمدی"),
    ("PER", "خالد البطش", "بطش"),
    ("PER", "علي رئيسي", "علی رئیسی"),
    ("PER", "منوچهرمتکی", "متکی"),
    ("PER", "صدام حسین", "صدام"),
    ("PER", "باراک حسین اوباما", "باراک اوباما"),
    ("PER", "محمود عباس", "ابومازن"),
    ("PER", "امام خمینی", "امام"),
    ("PER", "بنیامین نتانیاهو", "نتنیاهو"),
    # organisations
    ("ORG", "سازمان ملل متحد", "سازمان ملل"),
    ("ORG", "شورای اسلامی شهر قزوین", "شورای شهر"),
    ("ORG", "وزارت آموزش و پرورش", "آموزش و پرورش"),
    ("ORG", "مجلس شورای اسلامی", "مجلس"),
    ("ORG", "خبرگزاری فارس", "فارس"),
    ("ORG", "باشگاه استقلال", "استقلال"),
    ("ORG", "دولت اسلامی عراق و شام", "داعش"),
    ("ORG", "سازمان حفاظت محیط زیست استان یزد", "سازمان محیط زیست"),
    ("ORG", "پارلمان عراق", "پارلمان"),
    ("ORG", "ستاد کل نیروهای مسلح", "ستادکل نیروهای مسلح"),
    ("ORG", "شورای عالی راه‌سازی", "شورایعالی راه‌سازی"),
    ("ORG", "پ.ک.ک", "حزب کارگران کردستان"),
    ("ORG", "وزارت امور خارجه", "وزارت خارجه"),
    ("ORG", "شورای امنیت سازمان ملل", "شورای امنیت"),
    ("ORG", "ناتو", "پیمان آتلانتیک شمالی"),
    # places
    ("LOC", "ایران", "جمهوری اسلامی ایران"),
    ("LOC", "آمریکا", "ایالات متحده"),
    ("LOC", "امريكا", "آمریکا"),
    ("LOC", "الرقه", "رقه"),
    ("LOC", "اسرائیل", "رژیم صهیونیستی"),
    ("LOC", "عربستان", "عربستان سعودی"),
    ("LOC", "نوار غزه", "غزه"),
    ("LOC", "کربلای معلی", "کربلا"),
    ("LOC", "تل آویو", "تل‌آویو"),
    # others
    ("FAC", "بیمارستان میلاد تهران", "بیمارستان میلاد"),
    ("FAC", "ورزشگاه پارسه", "پارسه"),
    ("FAC", "سالن نیکوی", "سالن نیکو"),
    ("ORG", "شورای نظارت بر سیمای شهر کوثر", "شورای نظارت بر سیما"),
    ("LOC", "فدراسیون روسیه", "روسیه"),
    ("EVENT", "جام جهانی ۲۰۲۲", "جام جهانی"),
    ("EVENT", "دهمین همایش آب", "همایش آب"),
    ("EVENT", "بیست و دومین جشنواره قصه", "جشنواره قصه"),
    ("EVENT", "نخستین جشنواره قصه", "اولین جشنواره قصه"),
    ("PRODUCT", "قانون هدفمندی یارانه‌ها", "هدفمندی یارانه‌ها"),
]

APART = [
    ("PER", "محمد احمدی", "رضا احمدی"),
    ("PER", "جورج بوش", "جب بوش"),
    ("PER", "علی کریمی", "علی رحیمی"),
    ("PER", "گل‌محمدی", "محمدی"),
    ("PER", "یحیی گل‌محمدی", "محمدی"),
    ("PER", "علی لاریجانی", "علی"),  # the Prophet's family may be meant
    ("ORG", "وزارت دفاع آمریکا", "وزارت امور خارجه آمریکا"),
    ("ORG", "مجلس خبرگان رهبری", "مجلس شورای اسلامی"),
    ("ORG", "مجلس", "مجلس خبرگان"),
    ("ORG", "کمیسیون بهداشت مجلس", "مجلس"),
    ("ORG", "دولت عراق", "دولت سوریه"),
    ("ORG", "روابط عمومی شهرداری تهران", "شهرداری تهران"),
    ("LOC", "کره شمالی", "کره جنوبی"),
    ("LOC", "آسیای دور", "آسیا"),
    ("EVENT", "دهمین همایش آب", "یازدهمین همایش آب"),
    ("EVENT", "سی و دومین جشنواره قصه", "بیست و دومین جشنواره قصه"),
    ("LOC", "دریاچه ارومیه", "ارومیه"),
    ("LOC", "آذربایجان شرقی", "آذربایجان غربی"),
    ("LOC", "سودان", "سودان جنوبی"),
    ("PRODUCT", "لومیا ۹۵۰", "لومیا ۶۴۰"),
]


@pytest.mark.parametrize(("kind", "full", "short"), TOGETHER)
def test_one_thing(linker: EntityLinker, kind: str, full: str, short: str) -> None:
    assert len(clusters(linker, f"{{{kind}:{full}}} آمد. {{{kind}:{short}}} رفت.")) == 1
    assert len(clusters(linker, f"{{{kind}:{short}}} آمد. {{{kind}:{full}}} رفت.")) == 1


@pytest.mark.parametrize(("kind", "one", "other"), APART)
def test_two_things(linker: EntityLinker, kind: str, one: str, other: str) -> None:
    assert len(clusters(linker, f"{{{kind}:{one}}} آمد. {{{kind}:{other}}} رفت.")) == 2


def test_a_surname_is_the_one_named_last(linker: EntityLinker) -> None:
    found = clusters(linker, "{PER:محمد احمدی} آمد. {PER:رضا احمدی} رفت. {PER:احمدی} گفت.")
    assert found == [{"محمد احمدی"}, {"رضا احمدی", "احمدی"}]


def test_an_acronym_in_brackets(linker: EntityLinker) -> None:
    found = clusters(linker, "{ORG:انجمن پژوهش‌های نمونه} ({ORG:اپن}) تشکیل شد. {ORG:اپن} بیانیه داد.")
    assert found == [{"انجمن پژوهش‌های نمونه", "اپن"}]


def test_a_name_in_latin_letters_in_brackets(linker: EntityLinker) -> None:
    found = clusters(linker, "{PER:ماری بلوم} ({PER:Marie Bloom}) آمد. {PER:کارلا نور} ({PER:سارا}) رفت.")
    assert found == [{"ماری بلوم", "Marie Bloom"}, {"کارلا نور"}, {"سارا"}]


@pytest.mark.parametrize(
    ("text", "canonical", "aliases"),
    [
        ("{PER:ماری بلوم} ({PER:Marie Anne Bloom}) آمد.", "ماری بلوم", ("Marie Anne Bloom",)),
        ("{ORG:زنیتا} ({ORG:Zenita Corp}) بسته شد.", "زنیتا", ("Zenita Corp",)),
        ("{PER:رضا نمونه} معروف به «{PER:سلطان بزرگ شهر}» آمد.", "رضا نمونه", ("سلطان بزرگ شهر",)),
        ("{PER:رضا نمونه}، ملقب به {PER:سلطان بزرگ شهر}، آمد.", "رضا نمونه", ("سلطان بزرگ شهر",)),
        ("{PER:Marie Bloom} آمد.", "Marie Bloom", ()),
    ],
)
def test_another_name_is_not_the_canonical_one(
    linker: EntityLinker, text: str, canonical: str, aliases: tuple[str, ...]
) -> None:
    (entity,) = linker.cluster(marked(text)).entities
    assert (entity.canonical, entity.aliases) == (canonical, aliases)


def test_of_two_numbered_happenings_none_is_the_bare_one(linker: EntityLinker) -> None:
    found = clusters(linker, "{EVENT:دهمین جشن نی} و {EVENT:نهمین جشن نی} و {EVENT:جشن نی}")
    assert found == [{"دهمین جشن نی"}, {"نهمین جشن نی"}, {"جشن نی"}]


def test_no_quotation_mark_is_left_in_a_canonical_form(linker: EntityLinker) -> None:
    (entity,) = linker.cluster(marked("{ORG:جنبش «راه نو} آمد.")).entities
    assert entity.canonical == "جنبش راه نو"


def test_the_canonical_form_is_the_fullest_in_standard_letters(linker: EntityLinker) -> None:
    document = linker.cluster(marked("{PER:ظريف} آمد. {PER:محمد جواد ظریف} رفت. {PER:محمدجواد ظريف} گفت."))
    (entity,) = document.entities
    assert entity.canonical == "محمد جواد ظریف"
    assert "ظریف" in entity.aliases
    assert not any("ي" in a for a in entity.aliases)


def test_equal_dates_are_one(linker: EntityLinker) -> None:
    document = marked(
        "او امروز آمد. او پنجشنبه ۱۳ خرداد رفت. او فردا می‌رود. ۵ هزار تومان داد، نه ۵۰۰۰ تومان."
    )
    document = linker.cluster(replace(document, mentions=find_quantities(document)))
    assert [set(forms(document, e)) for e in document.entities] == [
        {"امروز", "پنجشنبه ۱۳ خرداد"},
        {"فردا"},
        {"۵ هزار تومان", "۵۰۰۰ تومان"},
    ]
    assert [e.quantity.iso for e in document.entities] == ["2016-06-02", "2016-06-03", None]


def test_one_weekday_and_one_month_of_an_article_are_one(linker: EntityLinker) -> None:
    days = "باران از پنجشنبه زیاد شد. روز پنجشنبه برف خواهد آمد. روز پنجشنبه باد خواهد وزید."
    document = marked(f"{days} ماه مهر رفت. مهر ماه رسید.")
    document = linker.cluster(
        replace(document, published_at="2019-01-15", mentions=find_quantities(document))
    )
    assert [set(forms(document, e)) for e in document.entities] == [
        {"پنجشنبه", "روز پنجشنبه"},
        {"ماه مهر", "مهر ماه"},
    ]


def test_a_rise_in_brackets_is_another_sum(linker: EntityLinker) -> None:
    document = marked("مرغ ۱۴ هزار ریال (۱۰۰ ریال افزایش) و بلیت ۱۰ دلار (۵۰۰ هزار تومان) شد.")
    document = linker.cluster(replace(document, mentions=find_quantities(document)))
    assert [set(forms(document, e)) for e in document.entities] == [
        {"۱۴ هزار ریال"},
        {"۱۰۰ ریال"},
        {"۱۰ دلار", "۵۰۰ هزار تومان"},
    ]


def test_lexicon_identifiers(linker: EntityLinker, tmp_path: Path) -> None:
    document = linker.cluster(marked("{LOC:ایالات متحده} و {LOC:فرانسه} و {LOC:دهکده}"))
    assert [e.wikidata for e in document.entities] == ["Q30", "Q142", None]
    (tmp_path / "rivers.tsv").write_text(
        "name\ttype\tvariants\twikidata\nنمونه‌رود\tLOC\tشاخاب نمونه\tQ123456789\n", "utf-8"
    )
    document = EntityLinker.of(Knowledge.load([tmp_path]), shipped.quantities()).cluster(
        marked("{LOC:نمونه رود} و {LOC:شاخاب نمونه}")
    )
    assert [(e.canonical, e.wikidata) for e in document.entities] == [("شاخاب نمونه", "Q123456789")]


# --- titles and nominal mentions


def person(document: Document, name: str) -> TextEntity:
    return next(e for e in document.entities if name in (e.canonical, *e.aliases))


TITLES = [
    ("{PER:شاهرخ پارسا} شهردار ۵۲ ساله {LOC:زنجان} آمد.", "شاهرخ پارسا", "شهردار"),
    ("وزیر دفاع {LOC:فرانسه} {PER:ژان ایو لودریان} آمد.", "لودریان", "وزیر دفاع فرانسه"),
    ("{PER:ژان ایو لودریان} وزیر دفاع {LOC:فرانسه} در نشست گفت.", "لودریان", "وزیر دفاع فرانسه"),
    ("{PER:علی لاریجانی}، رئیس {ORG:مجلس}، آمد.", "لاریجانی", "رئیس مجلس"),
    ("{PER:علی ربیعی} وزیر تعاون، کار و رفاه اجتماعی گفت.", "ربیعی", "وزیر تعاون، کار و رفاه اجتماعی"),
    ("«{PER:فرانسوا اولاند}» رئیس‌جمهور {LOC:فرانسه} آمد.", "اولاند", "رئیس‌جمهور فرانسه"),
    ("{PER:رضا نمونه} (سخنگوی {ORG:وزارت کشور}) گفت.", "نمونه", "سخنگوی وزارت کشور"),
    ("سرهنگ {PER:رضا نمونه} گفت.", "نمونه", "سرهنگ"),
    ("حجت‌الاسلام والمسلمین {PER:رضا نمونه} گفت.", "نمونه", "حجت‌الاسلام والمسلمین"),
    (
        "{PER:رضا نمونه} نماینده مردم {LOC:رشت} در {ORG:مجلس شورای اسلامی} گفت.",
        "نمونه",
        "نماینده مردم رشت در مجلس شورای اسلامی",
    ),
    ("{PER:رضا نمونه} وزیر نیرو آغاز کار را دید.", "نمونه", "وزیر نیرو"),
    ("وزیر امور خارجه کشورمان {PER:رضا نمونه} گفت.", "نمونه", "وزیر امور خارجه کشورمان"),
    ("معاون اول رئیس‌جمهور {PER:رضا نمونه} گفت.", "نمونه", "معاون اول رئیس‌جمهور"),
    ("وزیر دفاع {LOC:لهستان}، {PER:رضا نمونه}، گفت که نیست.", "نمونه", "وزیر دفاع لهستان"),
    ("دبیر {ORG:انجمن نمونه} – {PER:رضا نمونه} – آمد.", "نمونه", "دبیر انجمن نمونه"),
    ("سخنگوی {ORG:ارتش}، {PER:رضا نمونه} گفت: نه.", "نمونه", "سخنگوی ارتش"),
    ("{PER:رضا نمونه} ({PER:Reza Nemouneh})، وزیر نیرو، گفت.", "نمونه", "وزیر نیرو"),
    ("{PER:رضا نمونه} ({PER:Reza Nemouneh}) رئیس {ORG:بانک مرکزی} آمد.", "نمونه", "رئیس بانک مرکزی"),
    ("آیت‌الله العظمی {PER:رضا نمونه} گفت.", "نمونه", "آیت‌الله العظمی"),
    ("منعی برای {PER:رضا نمونه} داور فوتبال وجود ندارد.", "نمونه", "داور فوتبال"),
]


@pytest.mark.parametrize(("text", "name", "title"), TITLES)
def test_titles_beside_a_name(linker: EntityLinker, text: str, name: str, title: str) -> None:
    surname = f" {{PER:{name}}} رفت."
    document = linker.cluster(marked(text + surname))
    assert title in person(document, name).titles


@pytest.mark.parametrize(
    "text",
    [
        "معاون وزیر راه، {PER:بهمنی}، {PER:نیکو} و {PER:علوی} آمدند.",
        "شهردار {LOC:رشت} گفت: نه. {PER:بهمنی}، دامدار، گفت: آری.",
        "شهردار {LOC:رشت} گفت: نه. {PER:بهمنی} (معلم) می‌گوید: آری.",
    ],
)
def test_an_office_is_nobodys_of_a_list_or_of_another_trade(linker: EntityLinker, text: str) -> None:
    assert person(linker.cluster(marked(text)), "بهمنی").titles == ()


def test_a_headline_that_ends_in_a_name_lends_it_to_no_office(linker: EntityLinker) -> None:
    document = linker.cluster(marked("سه دیدار با {PER:بهمنی}\nرئیس دفتر شهردار گفت: نشد. {PER:نیکو} رفت."))
    assert [e.titles for e in document.entities] == [(), ()]


def test_whose_wife_somebody_is_is_no_title_of_his(linker: EntityLinker) -> None:
    document = linker.cluster(marked("{PER:مهتاب نیکو} همسر {PER:آرش بهمنی} آمد."))
    assert [e.titles for e in document.entities] == [(), ()]


def test_a_verb_written_to_a_name_is_no_part_of_it(linker: EntityLinker) -> None:
    document = linker.cluster(marked("آن شهر در {LOC:آمریکاست}. {LOC:آمریکا} رفت. در {LOC:ایرانست}."))
    assert [(e.canonical, len(e.mentions)) for e in document.entities] == [("آمریکا", 2), ("ایران", 1)]


def test_a_reporter_of_an_agency_is_not_who_is_named_next(linker: EntityLinker) -> None:
    document = linker.cluster(marked("به گزارش خبرنگار {ORG:مهرنیوز} {PER:آرش بهمنی} معاون شهردار آمد."))
    assert [e.titles for e in document.entities if e.type == "PER"] == [("معاون شهردار",)]


def test_the_best_of_a_title_is_nobody_in_particular(linker: EntityLinker) -> None:
    text = (
        "{PER:آرش بهمنی} بازیکن {LOC:شیراز} آمد. او بهترین بازیکن {LOC:شیراز} را دید. بازیکن {LOC:شیراز} رفت."
    )
    document = linker.cluster(marked(text))
    assert forms(document, document.entities[0], "nominal") == ["بازیکن شیراز"]


def test_two_titles_in_a_row(linker: EntityLinker) -> None:
    document = linker.cluster(marked("{PER:رضا نمونه} دبیر {ORG:شورای نمونه} و رئیس {ORG:بنیاد الگو} گفت."))
    assert person(document, "رضا نمونه").titles == ("دبیر شورای نمونه", "رئیس بنیاد الگو")


def test_a_title_alone_is_a_nominal_mention(linker: EntityLinker) -> None:
    text = (
        "وزیر دفاع {LOC:فرانسه}، {PER:ژان ایو لودریان} آمد. {PER:اشتون کارتر} وزیر دفاع {LOC:آمریکا} بود. "
        "{PER:ژان ایو لودریان} وزیر دفاع {LOC:فرانسه} سپس رفت. وزیر دفاع {LOC:فرانسه} افزود: می‌آییم. "
        "وزیر امور خارجه {LOC:آمریکا} نیامد. وزیر دفاع {LOC:ایالات متحده} خندید."
    )
    document = linker.cluster(marked(text))
    assert forms(document, person(document, "ژان ایو لودریان"), "nominal").count("وزیر دفاع فرانسه") >= 1
    assert forms(document, person(document, "اشتون کارتر"), "nominal") == ["وزیر دفاع ایالات متحده"]
    assert "وزیر دفاع فرانسه" in person(document, "ژان ایو لودریان").aliases
    roles = linker.finder.roles(document)
    unresolved = [document.text[r.start : r.end] for r in roles if r.entity_id is None]
    assert unresolved == ["وزیر امور خارجه آمریکا"]


def test_an_office_of_two_people_names_neither(linker: EntityLinker) -> None:
    text = (
        "{PER:الف نمونه} وزیر خارجه {LOC:ایران} و {PER:ب الگو} وزیر خارجه {LOC:عمان} آمدند. "
        "وزیر خارجه گفت: خوش آمدید."
    )
    document = linker.cluster(marked(text))
    assert not any(m.kind == "nominal" for e in document.entities for m in e.mentions)


@pytest.mark.parametrize(
    "meeting",
    ["با همتای آمریکایی خود، {PER:اشتون کارتر} دیدار کرد", "با {PER:اشتون کارتر} همتای آمریکایی خود آمد"],
)
def test_a_counterpart_has_the_same_office(linker: EntityLinker, meeting: str) -> None:
    text = (
        f"{{PER:ژان ایو لودریان}} وزیر دفاع {{LOC:فرانسه}} {meeting}. وزیر دفاع {{LOC:آمریکا}} گفت: خوشحالم."
    )
    document = linker.cluster(marked(text))
    carter = person(document, "اشتون کارتر")
    assert carter.titles == ("وزیر دفاع آمریکا",)


def test_the_only_speaker_holds_the_office(linker: EntityLinker) -> None:
    text = (
        "{PER:رضا نمونه} در نشست خبری گفت: راه باز است.\n"
        "فرماندار {LOC:رشت} افزود: برف می‌بارد.\n{PER:نمونه} تصریح کرد: مدارس تعطیل است."
    )
    document = linker.cluster(marked(text))
    assert forms(document, person(document, "رضا نمونه"), "nominal") == ["فرماندار رشت"]


# --- properties


_NAMES = [
    "علی",
    "رضا",
    "احمدی",
    "محمدی",
    "سازمان ملل",
    "ایران",
    "شورای شهر",
    "الف-ب",
    "x",
    "۱۲",
    "\u200c",
    "وزیر دفاع",
]


@settings(max_examples=40, deadline=None)
@given(
    st.lists(
        st.tuples(
            st.sampled_from(["PER", "ORG", "LOC", "FAC", "EVENT", "PRODUCT", "DATE", "MONEY"]),
            st.lists(st.sampled_from(_NAMES), min_size=1, max_size=4).map(" ".join),
            st.sampled_from([" ", "، ", " (", ") ", ". ", "\n", " وزیر دفاع ", " گفت: "]),
        ),
        max_size=25,
    )
)
def test_every_mention_is_in_one_entity(parts: Iterable[tuple[str, str, str]]) -> None:
    linker = _shared()
    document = marked("".join(f"{{{kind}:{name}}}{gap}" for kind, name, gap in parts))
    clustered = linker.cluster(document)
    named = [m for e in clustered.entities for m in e.mentions if m.kind == "name"]
    assert sorted(named, key=lambda m: (m.start, m.end)) == sorted(
        document.mentions, key=lambda m: (m.start, m.end)
    )
    assert [e.id for e in clustered.entities] == [f"e{i}" for i in range(1, len(clustered.entities) + 1)]
    firsts = [next(m.start for m in e.mentions if m.kind == "name") for e in clustered.entities]
    assert firsts == sorted(firsts)
    for entity in clustered.entities:
        assert all(m.type == entity.type for m in entity.mentions)
        assert all(document.text[m.start : m.end].strip() for m in entity.mentions if m.kind == "nominal")
    assert linker.cluster(document) == clustered


_LINKERS: list[EntityLinker] = []


def _shared() -> EntityLinker:
    if not _LINKERS:
        _LINKERS.append(shipped.linker())
    return _LINKERS[0]


@pytest.mark.parametrize(
    "name", ["سازمان شماره{} نمونه الف", "سازمان سازمان سازمان سازمان {}", "رضا{} احمدی", "احمدی"]
)
@pytest.mark.parametrize("kind", ["PER", "ORG"])
def test_thousands_of_names_take_steps_in_proportion(
    linker: EntityLinker, monkeypatch: pytest.MonkeyPatch, kind: str, name: str
) -> None:
    steps = 0

    def counted(short: tuple[str, ...], full: tuple[str, ...]) -> bool:
        nonlocal steps
        steps += 1
        return _thinned(short, full)

    monkeypatch.setattr(clusters_module, "_thinned", counted)
    count = 2000
    document = marked(" ".join(f"{{{kind}:{name.format(i)}}} و" for i in range(count)))
    clustered = linker.cluster(document)
    assert sum(len(e.mentions) for e in clustered.entities) == count
    assert steps <= 40 * count
