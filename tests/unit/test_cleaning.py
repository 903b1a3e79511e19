"""Cleaning: what comes out of dirty fields, and where each character of it came from."""

import pytest

from schemas.article import RawArticle
from schemas.enriched import Dateline
from schemas.reasons import Reason
from workers.nlp.alignment import AlignedText
from workers.nlp.cleaning.letters import one_to_one, persian_letters, standard_letters
from workers.nlp.document import Document, Rejected
from workers.training.shipped import cleaner, knowledge, segment

STORY = (
    "وزیر راه از گشایش آزادراه تازه شمال خبر داد و گفت که این راه تا پایان سال آماده می‌شود. "
    "او افزود که کارگران شبانه‌روز کار می‌کنند و هزینه طرح دو برابر شده است."
)


def cleaned(body: str, title: str | None = None, lead: str | None = None) -> Document:
    return cleaner().clean(Document(article=RawArticle(id="1", title=title, lead=lead, body=body), raw={}))


def kinds(document: Document) -> list[tuple[str, str]]:
    """Kind and text of each block; of a boilerplate block the raw text."""
    return [
        (
            b.kind,
            document.text[b.start : b.end] or getattr(document.article, b.field)[b.raw_start : b.raw_end],
        )
        for b in document.blocks
    ]


def misread(data: bytes, encoding: str) -> str:
    """Bytes read as another encoding, as browsers do: undefined ones as control characters."""
    return "".join(bytes([b]).decode(encoding, "ignore") or chr(b) for b in data)


def kept(body: str) -> str:
    return cleaned(body).text


@pytest.mark.parametrize(
    ("raw", "standard"),
    [
        ("كتاب علي", "کتاب علی"),
        ("سال ١٣٩٥", "سال ۱۳۹۵"),
        ("سال 1395", "سال 1395"),
        ("الله ﷲ و ﻻله و ﺳﻼﻡ", "الله الله و لاله و سلام"),
        ("پیامبر ﷺ", "پیامبر (ص)"),
        ("۵۰۰ ﷼", "۵۰۰ ریال"),
        ("یک بُعد سرزمینی", "یک بُعد سرزمینی"),
        ("مُحمّد و عَلی", "محمد و علی"),
        ("تقریباً حتمًا", "تقریباً حتماً"),
        ("بِسْمِ اللَّهِ", "بسم الله"),
        ("سلـــام", "سلام"),
        ("تهران ـ ایرنا", "تهران - ایرنا"),
        ("می\u200e\u200cشود", "می\u200cشود"),
        ("می\u200eشود", "می\u200cشود"),
        ("می¬شود و می\u00adرود", "می\u200cشود و می\u200cرود"),
        ("خانه\u200c ها", "خانه ها"),
        ("\u202bمتن\u202c \ufeffتازه", "متن تازه"),
        ("متن\t\u2009تازه", "متن تازه"),
        ("آمد,رفت; چرا?", "آمد،رفت؛ چرا؟"),
        ("نرخ 3,500 و a,b?c", "نرخ 3,500 و a,b?c"),
        ("جا\u0653مد آ\u0653", "جآمد آ"),
        ("مسو\u0654ول", "مسؤول"),
        ("ایرانی\u0654", "ایرانئ"),
        ("حجة الاسلام و صلاة", "حجت الاسلام و صلاه"),
        ("خانۀ ما", "خانه ما"),
        ("خانە من و کتابہا", "خانه من و کتابها"),
        ("گفت: «من دەچم بۆ شار» و رفت", "گفت: «من دەچم بۆ شار» و رفت"),
        ("آتش ❤\ufe0f\u200d🔥 و 👩\u200d🚒 آمد", "آتش ❤\u200d🔥 و 👩\u200d🚒 آمد"),
        ("ＡＢＣ１２", "ABC12"),
        ("مي\xa0گويد كتاب\xa0هاي تازه\xa0", "می\u200cگوید کتاب\u200cهای تازه "),
        ("ایران\xa0را در سال\xa0 گذشته", "ایران را در سال گذشته"),
    ],
)
def test_letters_are_standard(raw: str, standard: str) -> None:
    text = persian_letters(standard_letters(one_to_one(AlignedText.identity(raw)), knowledge().vowels))
    assert text.text == standard
    assert len(text.starts) == len(text.ends) == len(standard)


@pytest.mark.parametrize(
    ("raw", "text"),
    [
        (STORY.replace("\u200c", "&zwnj;").replace(" ", "&nbsp;", 1), STORY),
        (STORY.replace("\u200c", "&amp;zwnj;"), STORY),
        (STORY.replace("و", "&#1608;", 1), STORY),
        (STORY.replace("ی", "&#x6cc;", 1), STORY),
        ("<p>" + STORY + "</p>", STORY),
        ("&lt;p&gt;" + STORY + "&lt;/p&gt;", STORY),
        (misread(STORY.encode(), "cp1252"), STORY),
        (misread(STORY.encode(), "latin-1"), STORY),
        (misread(STORY.encode(), "cp1256"), STORY),
        (misread(STORY.replace("ی", "ي").encode("cp1256"), "cp1252"), STORY),
    ],
)
def test_bodies_are_decoded(raw: str, text: str) -> None:
    assert kept(raw) == text


@pytest.mark.parametrize(
    ("body", "reason", "detail"),
    [
        ("", Reason.EMPTY, "body"),
        (" \n\u200c&nbsp; ", Reason.EMPTY, "body"),
        ("<script>var a = 1;</script><div class='share'>تلگرام</div>", Reason.EMPTY, "body"),
        ("منبع: ایسنا", Reason.EMPTY, "body"),
        ("انتهای پیام/", Reason.EMPTY, "body"),
        ("?" * 9 + " ????? ?????? ???? ???????? ??????", Reason.UNDECODABLE, "question marks"),
        ("\ufffd" * 40 + " متن", Reason.UNDECODABLE, "U+FFFD"),
    ],
)
def test_bodies_without_text_are_rejected(body: str, reason: Reason, detail: str) -> None:
    with pytest.raises(Rejected) as error:
        cleaned(body)
    assert error.value.reason is reason
    assert detail in error.value.detail


def test_an_article_in_blocks() -> None:
    document = cleaned(
        "وزیر راه: آزادراه آماده است\n"
        f"به گزارش گروه اقتصادی خبرگزاری نمونه از ساری، {STORY}\n"
        "هزینه‌ها دو برابر شد\n"
        f"{STORY}\n"
        "انتهای پیام/۱۲۳۴\n"
        "بیشتر بخوانید:\nراه‌های تازه کدام‌اند\n",
        title="خبر راه‌ها",
        lead="آزادراه شمال گشوده می‌شود.",
    )
    assert kinds(document) == [
        ("title", "خبر راه‌ها"),
        ("lead", "آزادراه شمال گشوده می‌شود."),
        ("subhead", "وزیر راه: آزادراه آماده است"),
        ("dateline", "به گزارش گروه اقتصادی خبرگزاری نمونه از ساری،"),
        ("paragraph", STORY),
        ("subhead", "هزینه‌ها دو برابر شد"),
        ("paragraph", STORY),
        ("boilerplate", "انتهای پیام/۱۲۳۴\nبیشتر بخوانید:\nراه‌های تازه کدام‌اند"),
    ]
    assert document.dateline == Dateline(agency="خبرگزاری نمونه", desk="اقتصادی", place="ساری")
    assert document.language == "fa"
    first = segment(document).sentences[3]
    assert document.text[first.start :].startswith("به گزارش گروه اقتصادی")
    assert document.text[: first.end].endswith("آماده می‌شود.")


@pytest.mark.parametrize(
    ("tail", "left"),
    [
        (" انتهای پیام/", ""),
        ("\nانتهاي\u200cپيام/ب", ""),
        (" انتهای پیام/م۳۰/ع\nنظرات\nعلی: بسیار خوب بود.", ""),
        ("\nپایان پیام/۱۲", ""),
        (" نسرین وفایی شهردار رشت انتهای پیام", "نسرین وفایی شهردار رشت"),
        (" نامه را بخوانید تا انتهای پیام", "نامه را بخوانید تا انتهای پیام"),
        (" منبع: ایسنا", ""),
        ("\nمنبع: خبرگزاری دانشجو", ""),
        (" /۱۲۳۴۵", ""),
        ("/ فارس", ""),
        (" کد خبر: ۱۲۳۴۵۶", ""),
        ("\nکد خبر ۱۲۳۴۵۶", ""),
        (" ادامه دارد...", ""),
        (" برای دیدن عکس‌ها اینجا کلیک کنید.", ""),
        ("\nعکس: بهمن روشن", ""),
        ("\n#راه #آزادراه_شمال", ""),
        ("\nبه کانال تلگرام ما بپیوندید.", ""),
        ("\nلینک کوتاه: https://a.example/x1", ""),
        ("\nاشتراک گذاری", ""),
        ("\nبرچسب‌ها: راه، شمال", ""),
        ("\nکلیه حقوق این سایت محفوظ است.", ""),
        ("\nنام:\nایمیل:\nنظر شما *", ""),
        (
            " در انتهای پیام وزیر آمده است: کار را تمام می‌کنیم.",
            "در انتهای پیام وزیر آمده است: کار را تمام می‌کنیم.",
        ),
        (" این خبر ادامه دارد و کار می‌ماند.", "این خبر ادامه دارد و کار می‌ماند."),
        (" نشانی: خیابان آزادی، پلاک ۱۲", "نشانی: خیابان آزادی، پلاک ۱۲"),
        (" تلفن ثبت‌نام: 88336726", "تلفن ثبت‌نام: 88336726"),
        ("\nانتهای پپام/۲۰", ""),
        ("\nانتهای پام/۲۰", ""),
        ("\nلینک منبع", ""),
        (" (جزئیات بیشتر)", ""),
        (" سایر عکس‌های این راه را اینجا ببینید", ""),
        (" متن کامل را در نسخه چاپی بخوانید.", ""),
        (" See more at: http://a.example/news?n=1", ""),
        (" 412 86", ""),
        ("\n* این فیلم را ببینید.", ""),
        ("\nنمایی از کارگاه آزادراه", ""),
        ("\nمقایسه راه تازه (راست) و راه کهنه (چپ)", ""),
        (
            " کار فردا تمام می‌شود برای دیدن فیلم اینجا کلیک کنید",
            "کار فردا تمام می‌شود",
        ),
        (
            " در پنجره تازه برای ذخیره فایل روی دکمه تأیید کلیک کنید.",
            "در پنجره تازه برای ذخیره فایل روی دکمه تأیید کلیک کنید.",
        ),
        (" نمایی از شهر در فیلم دیده می‌شود.", "نمایی از شهر در فیلم دیده می‌شود."),
        (" شمار کارگران به ۴۰۰ نفر رسید.", "شمار کارگران به ۴۰۰ نفر رسید."),
        (" در انتهای بهار/تابستان راه باز شد.", "در انتهای بهار/تابستان راه باز شد."),
        (" اخبار راه را اینجا دنبال کنید.", ""),
        ("\nبازگشت به صفحه نخست گروه راه", ""),
        ("\nادامه دارد", ""),
        (' او گفت: "کار تمام شد".', 'او گفت: "کار تمام شد".'),
        (" این راه بسته شد (از دیروز).", "این راه بسته شد (از دیروز)."),
        (" نتیجه بازی ۲/۱ شد.", "نتیجه بازی ۲/۱ شد."),
        (" منبع آگاه: این طرح در ۳/۸/۹۵ آغاز شد.", "منبع آگاه: این طرح در ۳/۸/۹۵ آغاز شد."),
    ],
)
def test_tails_are_told_from_text(tail: str, left: str) -> None:
    text = kept(STORY + tail)
    assert text.replace("\n", " ") == f"{STORY} {left}".strip()


@pytest.mark.parametrize(
    "chrome",
    [
        "(منبع: سایت نمونه)",
        "از راست به چپ: بهمن روشن، سعید پیوند و مینا راد.",
    ],
)
def test_sources_and_captions_inside_a_line_go(chrome: str) -> None:
    assert kept(f"{STORY} {chrome} پیوند در این دیدار گفت که راه باز است.").replace("\n", " ") == (
        f"{STORY} پیوند در این دیدار گفت که راه باز است."
    )


@pytest.mark.parametrize(
    "line",
    [
        "بله",
        "جستجو",
        "تبلیغات",
        "تدوین: مینا راد (راه شمال)",
        "پست الکترونیکی:",
        "تاریخ انتشار: بهار ۱۳۸۴",
        "مربی می‌گوید: وقتی برنامه باز شد، اینجا کلیک کنید.",
    ],
)
def test_lines_of_text_between_paragraphs_stay(line: str) -> None:
    assert kept(f"{STORY}\n{line}\n{STORY}").replace("\n", " ") == f"{STORY} {line} {STORY}"


def test_two_sources_in_one_line_go() -> None:
    body = f"{STORY} (منبع: نمونه) راه باز است. (منبع: نمونه دو) پل هم باز است."
    assert kept(body).replace("\n", " ") == f"{STORY} راه باز است. پل هم باز است."


@pytest.mark.parametrize(
    "text",
    [
        "بهمن روشن (سمت راست زمین) توپ را به سعید پیوند داد.",
        "این منبع: «راه بسته است» را درست خواند.",
        "از راست به چپ رفت و توپ را پاس داد.",
    ],
)
def test_text_that_looks_like_sources_and_captions_stays(text: str) -> None:
    assert kept(f"{STORY} {text} راه باز است.").replace("\n", " ") == f"{STORY} {text} راه باز است."


def test_credit_under_a_headline_is_not_joined_to_it() -> None:
    headline = "گشایش آزادراه تازه شمال پس از سال‌ها کار شبانه‌روزی کارگران و مهندسان راه و"
    assert kept(f"{headline}\nعکس: بهمن روشن\n{STORY}").startswith(headline)
    assert "بهمن" not in kept(f"{headline}\nعکس: بهمن روشن\n{STORY}")


def test_boilerplate_in_the_middle_goes_and_the_rest_stays() -> None:
    body = f"{STORY}\nبیشتر بخوانید:\nوزیر تازه کیست\nراه‌های شمال باز شد\n{STORY}\nمنبع: نمونه\n"
    assert kept(body) == f"{STORY}\n{STORY}"
    code = "$(document).ready(function() { var player = flowplayer('#p', { width: 640 }); });"
    assert kept(f"{STORY}\n{code}\n{STORY}") == f"{STORY}\n{STORY}"


def test_an_early_end_mark_does_not_take_the_article_along() -> None:
    assert kept(f"انتهای پیام/\n{STORY}\n{STORY}") == f"{STORY}\n{STORY}"


def test_lines_of_one_width_are_joined() -> None:
    words = (STORY + " ") * 3
    lines, line = [], ""
    for word in words.split():
        if len(line) + 1 + len(word) > 60:
            lines.append(line + " ")
            line = word
        else:
            line = f"{line} {word}".strip()
    assert kept("\n".join([*lines, line])).replace("\n", " ") == words.strip()


def test_short_lines_stay_apart() -> None:
    body = "برنامه بازی‌های امروز\nاستقلال - سپاهان\nملوان - گل‌گهر\nنفت - فولاد\nپیکان - هوادار"
    assert kept(body).count("\n") == 4


def test_paragraphs_of_a_one_line_body_are_found_again() -> None:
    first = "هواشناسی از بارش باران در نیمه غربی کشور خبر داد."
    second = "رئیس سازمان گفت: این بارش تا فردا می‌ماند."
    assert kept(first + second).split("\n") == [first, second]
    spelled = "مدیر سابق اف. بی. آی گفت که م. نمونه‌ای به سی.ان.ان رفته است و برنمی‌گردد."
    for body in (f"{STORY} {spelled}", " ".join([STORY] * 4 + [spelled] * 3)):
        assert all(line.endswith(("است.", "د.")) for line in kept(body).split("\n"))
    long = " ".join([STORY] * 3 + ["به گزارش ایسنا، سدها پر شده‌اند."])
    document = cleaned(long)
    assert document.dateline == Dateline(agency="ایسنا")
    assert ("dateline", "به گزارش ایسنا،") in kinds(document)
    assert document.text.replace("\n", " ") == long


@pytest.mark.parametrize(
    ("paragraph", "clause", "dateline"),
    [
        ("به گزارش ایسنا، وزیر گفت", "به گزارش ایسنا،", Dateline(agency="ایسنا")),
        (
            "به گزارش گروه بین‌الملل باشگاه خبرنگاران جوان؛ وزیر گفت",
            "به گزارش گروه بین‌الملل باشگاه خبرنگاران جوان؛",
            Dateline(agency="باشگاه خبرنگاران جوان", desk="بین‌الملل"),
        ),
        (
            "به گزارش خبرنگار حوزه سیاسی خبرگزاری فارس، نماینده گفت",
            "به گزارش خبرنگار حوزه سیاسی خبرگزاری فارس،",
            Dateline(agency="خبرگزاری فارس", desk="سیاسی"),
        ),
        (
            "به گزارش خبرگزاری مهر از شیراز، استاندار گفت",
            "به گزارش خبرگزاری مهر از شیراز،",
            Dateline(agency="خبرگزاری مهر", place="شیراز"),
        ),
        (
            "به گزارش «تابناک» به نقل از ایسنا، او گفت",
            "به گزارش «تابناک» به نقل از ایسنا،",
            Dateline(agency="تابناک"),
        ),
        (
            "به گزارش خبرگزاری میراث، کارشناس گفت",
            "به گزارش خبرگزاری میراث،",
            Dateline(agency="خبرگزاری میراث"),
        ),
        (
            "به گزارش ایرنا از کابل سران دو کشور",
            "به گزارش ایرنا از کابل",
            Dateline(agency="ایرنا", place="کابل"),
        ),
        (
            "به گزارش خبرنگار خبرگزاری مهر در رشت، استاندار گفت",
            "به گزارش خبرنگار خبرگزاری مهر در رشت،",
            Dateline(agency="خبرگزاری مهر", place="رشت"),
        ),
        ("به گزارش خبرنگار ایسنا، او گفت", "به گزارش خبرنگار ایسنا،", Dateline(agency="ایسنا")),
        (
            "به گزارش خبرنگار اعزامی ایرنا، او گفت",
            "به گزارش خبرنگار اعزامی ایرنا،",
            Dateline(agency="ایرنا"),
        ),
        (
            "به گزارش خبرنگار سیاسی خبرگزاری مهر، او گفت",
            "به گزارش خبرنگار سیاسی خبرگزاری مهر،",
            Dateline(agency="خبرگزاری مهر", desk="سیاسی"),
        ),
        (
            "به گزارش واحد مرکزی خبر، او گفت",
            "به گزارش واحد مرکزی خبر،",
            Dateline(agency="خبرگزاری صدا و سیما"),
        ),
        ("تهران - ایرنا - وزیر گفت", "تهران - ایرنا -", Dateline(agency="ایرنا", place="تهران")),
        (
            "لاهه - خبرگزاری جمهوری اسلامی: بیانیه",
            "لاهه - خبرگزاری جمهوری اسلامی:",
            Dateline(agency="ایرنا", place="لاهه"),
        ),
        ("فارس: رئیس جمهور گفت", "فارس:", Dateline(agency="خبرگزاری فارس")),
        ("گروه اجتماعی: مسئولان گفتند", "گروه اجتماعی:", Dateline(desk="اجتماعی")),
        (
            "عصر ایران؛ نیما رستگار - جشن امسال",
            "عصر ایران؛ نیما رستگار -",
            Dateline(agency="عصر ایران", reporter="نیما رستگار"),
        ),
        (
            "خبرگزاری فارس- گروه حماسه و مقاومت: آن روز",
            "خبرگزاری فارس- گروه حماسه و مقاومت:",
            Dateline(agency="خبرگزاری فارس", desk="حماسه و مقاومت"),
        ),
    ],
)
def test_datelines(paragraph: str, clause: str, dateline: Dateline) -> None:
    opening = cleaner().datelines.find(paragraph)
    assert opening is not None
    assert paragraph[opening.start : opening.end].strip() == clause
    assert opening.dateline == dateline


@pytest.mark.parametrize(
    "paragraph",
    [
        "وزیر راه گفت: کار تمام است.",
        "به گزارش این خبرگزاری، کار تمام است.",
        "مردم شهر: ما آب نداریم.",
        "به گفته وزیر، کار تمام است.",
        "گروه کوهنوردی به قله رسید.",
    ],
)
def test_no_dateline(paragraph: str) -> None:
    assert cleaner().datelines.find(paragraph) is None


def test_html_blocks_keep_their_places() -> None:
    body = (
        "<div class='share'>تلگرام</div><h2>تیتر میانی</h2>\n<p>سلام <b>دن&zwnj;یا</b>،\n خوبی؟</p>"
        "<ul><li>یک. این بند نخست است.</li><li>دو. این بند دوم است.</li></ul><!-- هیچ --><script>x()</script>"
        "<table><tr><td>نام</td><td>سن</td></tr></table>"
    )
    document = cleaned(body)
    assert kinds(document) == [
        ("boilerplate", "تلگرام"),
        ("subhead", "تیتر میانی"),
        ("paragraph", "سلام دن\u200cیا، خوبی؟"),
        ("paragraph", "یک. این بند نخست است."),
        ("paragraph", "دو. این بند دوم است."),
        ("subhead", "نام سن"),  # a row of a table is no sentence
    ]
    at = document.text.index("دن\u200cیا")
    start, end = document.aligned.raw_span(at, at + 5)
    assert body[start:end] == "دن&zwnj;یا"


def test_a_cell_with_a_line_break_shares_no_line_with_the_cell_before() -> None:
    body = f"<p>{STORY}</p><table><tr><td>نام</td><td>سن<br>شهر</td></tr></table>"
    assert [text for _, text in kinds(cleaned(body))][-3:] == ["نام", "سن", "شهر"]


@pytest.mark.parametrize(
    "body",
    [
        f"<p>{STORY}",
        f"<p title='a>b'>{STORY}</p>",
        f'<p title="a > b">{STORY}</p>',
        f"<P>{STORY}</P",
        f"<div><p>{STORY}</div></p></b>",
        f"<!-- <p>نه</p> -->{STORY}<br>",
        f"<style>p{{}}</style><p>{STORY}</p><script>if (a < b) {{}}</script>",
        f"<p>{STORY}<!-- باز",
        f"<div class='content with-sidebar comments-open'><p>{STORY}</p></div>",
        f"<p class=lead>{STORY}</p>",
    ],
)
def test_broken_markup(body: str) -> None:
    assert kept(body).removesuffix("</P").strip() == STORY


def test_less_than_signs_are_no_markup() -> None:
    assert kept(f"{STORY} اگر ۳ < ۵ باشد، << خوب >> است.").startswith(STORY)
    assert "۳ < ۵" in kept(f"{STORY} اگر ۳ < ۵ باشد درست است.")
