"""The extractor on sentences written for it: frames, resolution, traps."""

import re
from dataclasses import replace

import pytest

from schemas.article import RawArticle
from tests.unit.statement_cases.case import Case
from tests.unit.statement_cases.continuation import CONTINUATION
from tests.unit.statement_cases.frames import FRAMES
from tests.unit.statement_cases.resolution import RESOLUTION
from tests.unit.statement_cases.traps import TRAPS
from workers.nlp.document import Document, TextMention
from workers.nlp.entities import EntityLinker
from workers.nlp.statements import StatementExtractor
from workers.training import shipped
from workers.training.shipped import resolver, segmented


@pytest.fixture(scope="module")
def extractor() -> StatementExtractor:
    return shipped.extractor()


@pytest.fixture(scope="module")
def linker() -> EntityLinker:
    return shipped.linker()


def document(text: str, names: dict[str, str], linker: EntityLinker) -> Document:
    raw = {"id": "1", "url": "https://example.org/1", "title": "خبر", "body": text}
    found = segmented(Document(article=RawArticle(**raw), raw=raw))
    spans = sorted(
        (m.start(), m.end(), kind)
        for name, kind in names.items()
        for m in re.finditer(re.escape(name), found.text)
    )
    mentions = [TextMention(start, end, kind) for start, end, kind in spans]
    return linker.cluster(replace(found, mentions=tuple(mentions)))


def said(found: Document) -> list[tuple[str, str, str | None, str]]:
    return [
        (
            found.slice(s.cue) if s.cue else "",
            " ".join(found.slice(c) for c in s.content),
            s.speaker.name if s.speaker else None,
            s.kind,
        )
        for s in found.statements
    ]


@pytest.mark.parametrize("case", [*FRAMES, *CONTINUATION, *RESOLUTION], ids=lambda c: c.name)
def test_case(case: Case, extractor: StatementExtractor, linker: EntityLinker) -> None:
    found = resolver().resolve(extractor.extract(document(case.text, case.names, linker)))
    assert said(found) == [tuple(s) for s in case.said]


@pytest.mark.parametrize(
    ("text", "names", "occasions"),
    [
        (
            "مریم هدایتی امروز در بازدید از انبار شرکت با اشاره به برنامه سال گذشته گفت: انبار پر است.",
            {"مریم هدایتی": "PER", "امروز": "DATE", "سال گذشته": "DATE"},
            ["امروز در بازدید از انبار شرکت"],
        ),
        (
            "نادر شکوهی در گفت‌وگو با روزنامه بامداد گفت: واردات آزاد است.",
            {"نادر شکوهی": "PER", "بامداد": "PRODUCT"},
            ["در گفت‌وگو با روزنامه بامداد"],
        ),
        (
            "شهردار دماوند در این نشست با بیان اینکه امسال بودجه کم است، گفت: کار ادامه دارد.",
            {"امسال": "DATE"},
            ["در این نشست", "در این نشست"],
        ),
        ("نادر شکوهی از افتتاح سد در سال آینده خبر داد.", {"نادر شکوهی": "PER", "سال آینده": "DATE"}, [None]),
        (
            "کامران سپهری که در حاشیه نشست وزیران سخن می‌گفت، افزود: توافق نزدیک است.",
            {"کامران سپهری": "PER"},
            ["در حاشیه نشست وزیران"],
        ),
        (
            "نادر شکوهی چند روز پیش به خبرنگاران گفت: گندم کافی است.",
            {"نادر شکوهی": "PER", "چند روز": "DATE"},
            ["چند روز پیش"],
        ),
        (
            "نادر شکوهی ماه گذشته بارها مستأجر را تهدید به شکایت کرد.",
            {"نادر شکوهی": "PER", "ماه گذشته": "DATE"},
            ["ماه گذشته"],
        ),
        (
            "ناصر یگانه روز جمعه (۱۹ خرداد، ۸ ژوئن) گفت: راه باز است.",
            {"ناصر یگانه": "PER", "جمعه": "DATE"},
            ["روز جمعه (۱۹ خرداد، ۸ ژوئن)"],
        ),
        (
            "ناصر یگانه در همایش تجلیل از معلمان گفت: مدرسه ساخته شد.",
            {"ناصر یگانه": "PER"},
            ["در همایش تجلیل از معلمان"],
        ),
        (
            "ناصر یگانه برای نشست سران عازم رشت شد و در تماس تلفنی گفت: راه باز است.",
            {"ناصر یگانه": "PER", "رشت": "LOC"},
            ["در تماس تلفنی"],
        ),
        (
            "ناصر یگانه در این نشست به کمبود آب اشاره کرد و گفت: سدها خالی است.",
            {"ناصر یگانه": "PER"},
            ["در این نشست"],
        ),
        (
            "ناصر یگانه در پایان این کنفرانس دست کارگران را فشرد و گفت: موفق باشید.",
            {"ناصر یگانه": "PER"},
            ["در پایان این کنفرانس"],
        ),
        ("در بیانیه آموزشی این اردو آمده است: مرزها باز می‌شود.", {}, [None]),
        (
            "ناصر یگانه روز شنبه در گفت و گو با بامداد گفت: راه باز است.",
            {"ناصر یگانه": "PER", "شنبه": "DATE", "بامداد": "ORG"},
            ["روز شنبه در گفت و گو با بامداد"],
        ),
        ("وی در گفتگوی اخیر خود گفت: راه باز است.", {}, ["در گفتگوی اخیر خود"]),
        (
            "ناصر یگانه به افزایش ظرفیت در سال جاری اشاره کرد و گفت: راه باز است.",
            {"ناصر یگانه": "PER", "سال جاری": "DATE"},
            [None],
        ),
        (
            "نماینده مردم دماوند در مجلس شورای اسلامی گفت: راه باز است.",
            {"دماوند": "LOC", "مجلس شورای اسلامی": "ORG"},
            [None],
        ),
        (
            "ناصر یگانه در دیدار با هیاتی از بازرگانان گفت: راه باز است.",
            {"ناصر یگانه": "PER"},
            ["در دیدار با هیاتی از بازرگانان"],
        ),
    ],
)
def test_occasions(
    text: str,
    names: dict[str, str],
    occasions: list[str | None],
    extractor: StatementExtractor,
    linker: EntityLinker,
) -> None:
    found = extractor.extract(document(text, names, linker))
    assert [found.slice(s.occasion) if s.occasion else None for s in found.statements] == occasions


@pytest.mark.parametrize(
    ("text", "names", "addressee"),
    [
        ("نادر شکوهی به خبرنگاران گفت: واردات آزاد است.", {"نادر شکوهی": "PER"}, "خبرنگاران"),
        ("نادر شکوهی با اشاره به کمبود آب گفت: سدها خالی است.", {"نادر شکوهی": "PER"}, None),
        ("وزیر نیرو از مردم خواست آب کمتری مصرف کنند.", {}, "مردم"),
        ("نادر شکوهی درباره پیوستن به اردوی سپهر گفت: آماده‌ام.", {"نادر شکوهی": "PER", "سپهر": "ORG"}, None),
        ("نادر شکوهی چند روز پیش به خبرنگاران گفت: واردات آزاد است.", {"نادر شکوهی": "PER"}, "خبرنگاران"),
        (
            "نادر شکوهی در گفت‌وگو با خبرنگار بامداد گفت: آب هست.",
            {"نادر شکوهی": "PER", "بامداد": "ORG"},
            "بامداد",
        ),
        (
            "نادر شکوهی در جمع قضات دادگاه رشت گفت: پرونده‌ها کم شد.",
            {"نادر شکوهی": "PER", "دادگاه رشت": "ORG"},
            "قضات دادگاه رشت",
        ),
        (
            "نادر شکوهی در جمع کشاورزان رشت گفت: گندم خریده می‌شود.",
            {"نادر شکوهی": "PER", "رشت": "LOC"},
            "کشاورزان رشت",
        ),
        (
            "نادر شکوهی در تماس تلفنی با وزیر خارجه نروژ گفت: سفارت باز می‌شود.",
            {"نادر شکوهی": "PER", "نروژ": "LOC"},
            "وزیر خارجه نروژ",
        ),
        (
            "نادر شکوهی در جمع تعدادی از دانشجویان گفت: کلاس‌ها آغاز شد.",
            {"نادر شکوهی": "PER"},
            "تعدادی از دانشجویان",
        ),
    ],
)
def test_addressees(
    text: str,
    names: dict[str, str],
    addressee: str | None,
    extractor: StatementExtractor,
    linker: EntityLinker,
) -> None:
    found = extractor.extract(document(text, names, linker))
    assert [s.addressee.name if s.addressee else None for s in found.statements] == [addressee]


@pytest.mark.parametrize(
    ("title", "speaker"),
    [
        ("مریم هدایتی: نمایشگاه از شنبه آغاز می‌شود", "مریم هدایتی"),
        ("وزیر نیرو: برق قطع نمی‌شود", "وزیر نیرو"),
        ("گزارش تصویری: جشن نوروز در شیراز", None),
        ("ساعت ۱۰:۳۰ آغاز نشست سران در تهران", None),
    ],
)
def test_headline_labels(
    title: str, speaker: str | None, extractor: StatementExtractor, linker: EntityLinker
) -> None:
    raw = {"id": "1", "url": "https://example.org/1", "title": title, "body": "هوا امروز آفتابی است."}
    found = segmented(Document(article=RawArticle(**raw), raw=raw))
    at = found.text.find("مریم هدایتی")
    names = (TextMention(at, at + len("مریم هدایتی"), "PER"),) if at >= 0 else ()
    found = resolver().resolve(extractor.extract(linker.cluster(replace(found, mentions=names))))
    labels = [s.speaker for s in found.statements if s.speaker and s.speaker.resolved_by == "label"]
    assert [s.name for s in labels] == ([speaker] if speaker else [])


def test_a_name_that_is_all_that_was_said_says_nothing(
    extractor: StatementExtractor, linker: EntityLinker
) -> None:
    names = {"ناصر یگانه": "PER", "الکاسب حبیب‌الله": "PER"}
    text = "ناصر یگانه گفت: باران آمد. وی با بیان اینکه پدرش می‌گفت: «الکاسب حبیب‌الله»، افزود: کار خوب است."
    found = resolver().resolve(extractor.extract(document(text, names, linker)))
    assert said(found)[-1][2:3] == ("ناصر یگانه",)


@pytest.mark.parametrize("text", TRAPS.values(), ids=TRAPS.keys())
def test_trap(text: str, extractor: StatementExtractor, linker: EntityLinker) -> None:
    found = resolver().resolve(extractor.extract(document(text, {}, linker)))
    assert said(found) == []
