"""Statements without a cue: labels of headlines and lines, and signed quotations."""

import re
from dataclasses import replace

import pytest

from schemas.article import RawArticle
from workers.nlp.document import Document, TextMention
from workers.nlp.statements.extract import StatementExtractor
from workers.training.shipped import knowledge, linker, resolver, segmented

HEADLINES: dict[str, tuple[str, dict[str, str], list[tuple[str, str, str]]]] = {
    "behind a rubric": (
        "خبر فوری/ استاندار یزد: راه‌ها بسته نیست",
        {},
        [("استاندار یزد", "say", "راه‌ها بسته نیست")],
    ),
    "behind a rubric and a bar": (
        "فیلم | ناصر یگانه: بازی سختی داشتیم",
        {"ناصر یگانه": "PER"},
        [("ناصر یگانه", "say", "بازی سختی داشتیم")],
    ),
    "behind a time": ("۱۰:۴۵ - وزیر کار: حقوق‌ها زیاد می‌شود", {}, [("وزیر کار", "say", "حقوق‌ها زیاد می‌شود")]),
    "with an occasion": (
        "رئیس سازمان آب در نشست شورا: سدها خالی است",
        {},
        [("رئیس سازمان آب", "say", "سدها خالی است")],
    ),
    "with an addressee": (
        "ناصر یگانه به هواداران: صبور باشید",
        {"ناصر یگانه": "PER"},
        [("ناصر یگانه", "say", "صبور باشید")],
    ),
    "a name that no tagger knows, who talks": (
        "ورزنده‌پور در گفت‌وگو با بامداد: تمرین نکردیم",
        {},
        [("ورزنده‌پور", "say", "تمرین نکردیم")],
    ),
    "behind a noun of speech": (
        "درخواست شهردار اراک: آب را هدر ندهید",
        {},
        [("شهردار اراک", "request", "آب را هدر ندهید")],
    ),
    "behind a noun of speech that is no cue": (
        "واکنش ناصر یگانه: پاسخ می‌دهیم",
        {"ناصر یگانه": "PER"},
        [("ناصر یگانه", "say", "پاسخ می‌دهیم")],
    ),
    "a noun of speech at the end": (
        "به کوه نروید؛ هشدار رئیس هواشناسی",
        {},
        [("رئیس هواشناسی", "warn", "به کوه نروید")],
    ),
    "a country": (
        "اسپانیا: مرزها را نمی‌بندیم",
        {"اسپانیا": "LOC"},
        [("اسپانیا", "say", "مرزها را نمی‌بندیم")],
    ),
    "a country without a sentence": ("اسپانیا: نمایشگاه بزرگ خودرو", {"اسپانیا": "LOC"}, []),
    "a club without a sentence": ("مس یزد: حذف از جام", {"مس یزد": "ORG"}, []),
    "several, one unknown": (
        "ناصر یگانه: سد می‌سازیم/ نیک‌روش: آب کم است",
        {"ناصر یگانه": "PER"},
        [("ناصر یگانه", "say", "سد می‌سازیم"), ("نیک‌روش", "say", "آب کم است")],
    ),
    "several, set apart by a comma": (
        "وزیر کار: بیمه می‌ماند، وزیر نیرو: برق می‌رود",
        {},
        [("وزیر کار", "say", "بیمه می‌ماند"), ("وزیر نیرو", "say", "برق می‌رود")],
    ),
    "a name without a sentence": ("ناصر یگانه: از روستا تا شهر", {"ناصر یگانه": "PER"}, []),
    "a name and who bears it": ("ناصر یگانه: مردی که می‌خندد", {"ناصر یگانه": "PER"}, []),
    "a role and its holder": ("کارگردان: ناصر یگانه", {"ناصر یگانه": "PER"}, []),
    "a match": ("مس یزد - برق یزد: نبرد آغاز شد", {"مس یزد": "ORG", "برق یزد": "ORG"}, []),
    "a city and its news": ("شیراز: هوا آلوده شد", {"شیراز": "LOC"}, []),
    "a warning without a verb": (
        "هشدار رئیس هواشناسی: برف سنگین در راه",
        {},
        [("رئیس هواشناسی", "warn", "برف سنگین در راه")],
    ),
    "a kind of report": ("گزارش تصویری: جشن نوروز در شیراز", {}, []),
    "a colon in a quotation": ("نمایش «شهردار: یک زندگی» روی صحنه رفت", {}, []),
    "a clause before the colon": ("وزیر نیرو آمد: برق قطع نمی‌شود", {}, []),
}


def told(title: str | None, body: str, names: dict[str, str]) -> list[tuple[str | None, str, str]]:
    """Speaker, stance and content of what has no cue."""
    raw = {"id": "1", "url": "https://example.org/1", "body": body} | ({"title": title} if title else {})
    found = segmented(Document(article=RawArticle(**raw), raw=raw))
    spans = sorted(
        (m.start(), m.end(), kind)
        for name, kind in names.items()
        for m in re.finditer(re.escape(name), found.text)
    )
    mentions = tuple(TextMention(start, end, kind) for start, end, kind in spans)
    extractor = StatementExtractor.load(knowledge().cues)
    found = resolver().resolve(extractor.extract(linker().cluster(replace(found, mentions=mentions))))
    return [
        (s.speaker.name if s.speaker else None, s.stance, " … ".join(map(found.slice, s.content)))
        for s in found.statements
        if s.cue is None
    ]


@pytest.mark.parametrize("case", HEADLINES)
def test_labels_of_a_headline(case: str) -> None:
    title, names, expected = HEADLINES[case]
    assert told(title, "باران از فردا آغاز می‌شود و سه روز ادامه دارد.", names) == expected


LINES: dict[str, tuple[str, dict[str, str], list[tuple[str | None, str, str]]]] = {
    "a list with bullets": (
        "🔸 وزیر کار: بیمه می‌ماند\n🔸 یک عضو کمیسیون: بودجه کم است",
        {},
        [("وزیر کار", "say", "بیمه می‌ماند"), ("یک عضو کمیسیون", "say", "بودجه کم است")],
    ),
    "two labels on a line": (
        "سرمربی مس: داوری بد بود / سرمربی برق: ما راضی هستیم",
        {},
        [("سرمربی مس", "say", "داوری بد بود"), ("سرمربی برق", "say", "ما راضی هستیم")],
    ),
    "a noun of speech and a body": (
        "پاسخ شهرداری: آسفالت در برنامه است.",
        {},
        [("شهرداری", "say", "آسفالت در برنامه است")],
    ),
    "a post on one line": (
        "🔴 ناصر یگانه: بازی نمی‌کنیم 🔹 مهران صالحی: ما آماده‌ایم 🔹 هوا سرد است",
        {"ناصر یگانه": "PER", "مهران صالحی": "PER"},
        [("ناصر یگانه", "say", "بازی نمی‌کنیم"), ("مهران صالحی", "say", "ما آماده‌ایم")],
    ),
    "a label on a line of its own": (
        "شهردار اراک:\nپل تازه باز شد و راه کوتاه شد.",
        {},
        [("شهردار اراک", "say", "پل تازه باز شد و راه کوتاه شد")],
    ),
    "roles that take turns": (
        "خبرنگار:\nچرا کار عقب افتاد؟\nشهردار:\nپول نداشتیم.\nخبرنگار:\nکی تمام می‌شود؟\n"
        "شهردار:\nبهار خط را باز می‌کنیم.",
        {},
        [("شهردار", "say", "پول نداشتیم"), ("شهردار", "say", "بهار خط را باز می‌کنیم")],
    ),
    "one line of a long story": (
        "باران آمد.\nشهردار اراک: پل باز شد.\nمردم رفتند.\nهوا سرد شد.\nکار تمام شد.",
        {},
        [],
    ),
    "portraits": (
        "ناصر یگانه: سال گذشته در دو فیلم بازی کرد.\nمهران صالحی: در یک نمایش بازی کرد.",
        {"ناصر یگانه": "PER", "مهران صالحی": "PER"},
        [],
    ),
    "portraits that name their man": (
        "ناصر یگانه: یگانه بازیگر خوبی است.\nمهران صالحی: صالحی نمایش دارد.",
        {"ناصر یگانه": "PER", "مهران صالحی": "PER", "یگانه": "PER", "صالحی": "PER"},
        [],
    ),
    "line-ups": (
        "مس یزد: یگانه، صالحی، کمالی\nبرق یزد: شکوهی، رستمی، نادری",
        {"مس یزد": "ORG", "برق یزد": "ORG"},
        [],
    ),
    "titles of works": (
        "نامزدها: «آب می‌رود»، «باد می‌آید»، «برف»\nبرندگان: «خاک می‌ماند»، «سنگ»",
        {},
        [],
    ),
    "a sport": (
        "کوهنوردی: بدن را نیرومند می‌کند.\nدوچرخه‌سواری: قلب را سالم می‌کند.",
        {},
        [],
    ),
    "the desk of a paper": ("گروه ورزشی: بازی فردا آغاز می‌شود.", {}, []),
}


@pytest.mark.parametrize("case", LINES)
def test_labels_of_lines(case: str) -> None:
    body, names, expected = LINES[case]
    assert told(None, body, names) == expected


SIGNED: dict[str, tuple[str, dict[str, str], list[tuple[str | None, str, str]]]] = {
    "a dash": (
        "«این نمایش را دو بار دیدم و گریستم.» - ناصر یگانه، نویسنده",
        {"ناصر یگانه": "PER"},
        [("ناصر یگانه", "say", "این نمایش را دو بار دیدم و گریستم")],
    ),
    "brackets": (
        "«داور چشم ندارد و سوت نمی‌زند» (ناصر یگانه، مربی)",
        {"ناصر یگانه": "PER"},
        [("ناصر یگانه", "say", "داور چشم ندارد و سوت نمی‌زند")],
    ),
    "words of address": (
        "«راه از فردا باز است.» / مهندس ناصر یگانه",
        {"ناصر یگانه": "PER"},
        [("ناصر یگانه", "say", "راه از فردا باز است")],
    ),
    "a title": ("«راه شب» (ناصر یگانه)", {"ناصر یگانه": "PER"}, []),
    "a sentence behind it": (
        "«راه از فردا باز است.» - ناصر یگانه این را دیروز نوشت و رفت.",
        {"ناصر یگانه": "PER"},
        [],
    ),
}


@pytest.mark.parametrize("case", SIGNED)
def test_signed_quotations(case: str) -> None:
    body, names, expected = SIGNED[case]
    assert told("خبر", body, names) == expected
