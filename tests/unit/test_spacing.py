"""Spacing and half spaces, by examples and by properties."""

from functools import partial

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from workers.nlp.alignment import AlignedText, change_lines
from workers.nlp.cleaning.spacing.orthography import Orthography
from workers.training.shipped import cleaner


def restore(text: str) -> str:
    return cleaner().spacing.restore(AlignedText.identity(text)).text


def shown(text: str) -> str:
    """Half spaces made visible."""
    return text.replace("\u200c", "_")


@pytest.mark.parametrize(
    ("raw", "right"),
    [
        ("او می شود", "او می_شود"),
        ("https://a.ir/wiki/درهمایش_(تهران) و درهمایش", "https://a.ir/wiki/درهمایش_(تهران) و در همایش"),
        ("نمی خواهند بروند", "نمی_خواهند بروند"),
        ("میشود گفت", "می_شود گفت"),
        ("برنمیگردد", "برنمی_گردد"),
        ("کتاب ها و کشور های بزرگ", "کتاب_ها و کشورهای بزرگ"),
        ("با دشواریها", "با دشواری_ها"),
        ("همکاریهای تازه", "همکاری_های تازه"),
        ("گروه بینالملل", "گروه بین_الملل"),
        ("ائتلاف بین المللی", "ائتلاف بین_المللی"),
        ("به گونه ای رفت", "به_گونه_ای رفت"),
        ("وی اظهارداشت", "وی اظهار داشت"),
        ("درهمین ارتباط", "در همین ارتباط"),
        ("وزیر تاکیدکرد", "وزیر تاکید کرد"),
        ("گفته اند که", "گفته_اند که"),
        ("بانک سود ده ها کارگر را داد", "بانک سود ده_ها کارگر را داد"),
        ("وام ده_ها نفر رسید", "وام ده_ها نفر رسید"),
        ("شبکه ای اس پی ان", "شبکه ای اس پی ان"),
        ("خبرگزاری ای اف پی", "خبرگزاری ای اف پی"),
        ("شبکه ای بزرگ", "شبکه_ای بزرگ"),
        ("او در ساری زاده شد", "او در ساری زاده شد"),
        ("در شب قدر زاده شده است", "در شب قدر زاده شده است"),
        ("حسین نوری زاده آمد", "حسین نوری_زاده آمد"),
        ("گفتهاند که", "گفته_اند که"),
        ("بسته شده است", "بسته شده است"),
        ("خانه ای در کوه", "خانه_ای در کوه"),
        ("بزرگ ترین شهر", "بزرگ_ترین شهر"),
        ("گفت و گو", "گفت و گو"),
        ("گفت وگوی بلند", "گفت_وگوی بلند"),
        ("پیش بینی های تازه", "پیش_بینی_های تازه"),
        ("ما گل زدهایم", "ما گل زده_ایم"),
        ("پرندهای در نهادهای شهر", "پرنده_ای در نهادهای شهر"),
        ("خانه شان", "خانه_شان"),
        ("خانوادهشان", "خانواده_شان"),
        ("راهشان دور است", "راهشان دور است"),
        ("شرکت کنندهٔ خارجی", "شرکت_کنندهٔ خارجی"),
        ("مراسمی خسته کننده", "مراسمی خسته_کننده"),
        ("بی دقتی و بی مهری", "بی_دقتی و بی_مهری"),
        ("ما می میریم", "ما می_میریم"),
        ("پروفسورمجتبی آمد", "پروفسور مجتبی آمد"),
        ("درکشورهای بزرگ", "در کشورهای بزرگ"),
        ("15درصد از 3.5میلیون نفر", "15 درصد از 3.5 میلیون نفر"),
        ("حدود200 نفر", "حدود 200 نفر"),
        ("از5وزیر تا3وزیر", "از 5 وزیر تا 3 وزیر"),
        ("رسول زاده و احرابی نیا در اسلام آباد", "رسول_زاده و احرابی_نیا در اسلام_آباد"),
        ("کودک زاده شد", "کودک زاده شد"),
        ("برنامه پنج ساله با فیلم ده دقیقه ای", "برنامه پنج_ساله با فیلم ده_دقیقه_ای"),
        ("سی و پنج ساله", "سی و پنج ساله"),
        ("کارهای انجام شده در شهر", "کارهای انجام_شده در شهر"),
        ("این کار انجام شده است", "این کار انجام شده است"),
        ("این کار انجام شده و تمام است", "این کار انجام شده و تمام است"),
        ("مبلغ پیش بینی شده برای شهر", "مبلغ پیش_بینی_شده برای شهر"),
        ("زندگی ای آرام", "زندگی_ای آرام"),
        ("صحنه های اسف انگیزتر", "صحنه_های اسف_انگیزتر"),
        ("باقریرئیس شورا و سرلشکرمحمد باقری", "باقری رئیس شورا و سرلشکر محمد باقری"),
        ("بهمن_زاده_بیان کرد", "بهمن_زاده بیان کرد"),
        ("پولی ندارندرئیس شورا گفت", "پولی ندارند رئیس شورا گفت"),
        ("رفت ودر خانه ماند واین بس", "رفت و در خانه ماند و این بس"),
        ("در ونیز وبا آمد", "در ونیز وبا آمد"),
        ("شبکه سی ان ان گفت", "شبکه سی_ان_ان گفت"),
    ],
)
def test_half_spaces_and_spaces_come_back(raw: str, right: str) -> None:
    assert shown(restore(raw.replace("_", "\u200c"))) == right


@pytest.mark.parametrize(
    "text",
    [
        "بسیارگران بود",
        "بسیار گران بود",
        "گفت و گو با وزیرامورخارجه",
        "کروناها و ویدیوهای تازه",
        "کرونا ها و ویدیو های تازه",
        "وتوانمندیهای آنان",
        "می شو د گفت",
    ],
)
def test_spacing_comes_to_rest(text: str) -> None:
    once = restore(text)
    assert shown(restore(once)) == shown(once)


@pytest.mark.parametrize(
    ("raw", "right"),
    [
        # the half space of «می‌شود» tells a careful writer: what is glued and right stays
        ("بزرگتر می_شود", "بزرگتر می_شود"),
        ("همکاریهای آنان می_ماند", "همکاریهای آنان می_ماند"),
        ("خانهها می_ماند", "خانه_ها می_ماند"),  # never right after a silent «ه»
        ("کتاب_ها، بخش_ها و همکاریها", "کتاب_ها، بخش_ها و همکاری_ها"),  # the text's own majority
        ("گروه بینالملل می_آید", "گروه بین_الملل می_آید"),  # never right
        # nor did half spaces vanish where they became spaces
        ("بزرگتر می شود", "بزرگتر می_شود"),
        ("همکاریها بیشتر می شود", "همکاریها بیشتر می_شود"),
        ("همکاریها و کتاب ها", "همکاری_ها و کتاب_ها"),
        ("همکاریهای بینالملل بیشتر می شود", "همکاری_های بین_الملل بیشتر می_شود"),
        ("سرمایه گذاریها و همکاریها بیشتر می شود", "سرمایه_گذاریها و همکاریها بیشتر می_شود"),
        # no half space, or most of them lost: the usual spelling comes back
        ("بزرگتر است", "بزرگ_تر است"),
        ("بزرگتر می_شود و می رود و می گوید", "بزرگ_تر می_شود و می_رود و می_گوید"),
    ],
)
def test_a_careful_text_keeps_its_orthography(raw: str, right: str) -> None:
    assert shown(restore(raw.replace("_", "\u200c"))) == right


@pytest.mark.parametrize(
    ("raw", "right"),
    [
        ("دولت مردمی_کشور و تولد_هاینریش", "دولت مردمی کشور و تولد هاینریش"),
        ("آموزش_های علمی_در شهر", "آموزش_های علمی در شهر"),
        ("گفت_وگو ی تازه", "گفت_وگوی تازه"),
        # right as they are
        ("قدیمی_ترین بومی_سازی رسمی_اش نظامی_ها", "قدیمی_ترین بومی_سازی رسمی_اش نظامی_ها"),
        ("دربرمی_گیرد و برنمی_آید", "دربرمی_گیرد و برنمی_آید"),
        ("حاتمی_کیا و بنی_هاشم و بچه_هامان", "حاتمی_کیا و بنی_هاشم و بچه_هامان"),
    ],
)
def test_half_spaces_that_a_replacing_editor_made_go(raw: str, right: str) -> None:
    assert shown(restore(raw.replace("_", "\u200c"))) == right


def test_half_spaces_that_no_reader_sees_go() -> None:
    raw = "د_ر شهر د_ا_ده می_شو_د ا_ما کشور_ها و ابر_قدرت".replace("_", "\u200c")
    assert shown(restore(raw)) == "در شهر داده می_شود اما کشورها و ابر_قدرت"


@pytest.mark.parametrize(
    ("raw", "right"),
    [
        ("بارید.راه بسته شد", "بارید. راه بسته شد"),
        ("او گفت :«برو»", "او گفت: «برو»"),
        ("کتاب« سفر »را", "کتاب «سفر» را"),
        ("باران ، برف و باد .", "باران، برف و باد."),
        ("پیامبر( ص )گفت", "پیامبر (ص) گفت"),
    ],
)
def test_spaces_beside_marks(raw: str, right: str) -> None:
    assert restore(raw) == right


@pytest.mark.parametrize(
    "text",
    [
        "علی رضا بیهقی و مینا میرزا",
        "علیرضا نامی از میبد آمد",
        "نرخ 3.5 درصد در 1395/7/12 ساعت 10:12",
        "به https://example.ir/a,b?c=1.html برو",
        "به info@example.ir بنویس",
        "جنگنده F-16 و فیلم U.S.A",
        "۱۲٫۵ و ۱٬۰۰۰ و ۳/۴",
        "آنها تنها در انتهای کوچه بودند",
        "کشورها و روزهای خوب",
        "لودریان و سارکوزی و اردوغان",
        "گروه 5ام در ژنو2 و پلیس110",
        "فایل 12کتاب.html و کد A5کتاب",
        "وینوگرادوف و دراگوویچ",
    ],
)
def test_names_numbers_addresses_and_right_words_are_left_alone(text: str) -> None:
    assert restore(text) == text


WORDS = (
    "می نمی شود ها های ای اند تر ترین کتاب خانه گفته گفت و گو به گونه پیش بینی اظهارداشت بین المللی"
    " درهمین میشود دشواریها کشور « » ( ) . ، : ! ؟ 3.5 www.a.ir a@b.ir F-16 م ه"
)
PIECES = st.lists(
    st.sampled_from(WORDS.split())
    | st.sampled_from([" ", "", "  ", "‌", "\n"])
    | st.text(alphabet="ابدرهمیوکنش‌ .،«»ٔ1a", max_size=5),
    max_size=30,
).map("".join)


@given(PIECES)
@settings(max_examples=500, deadline=None)
def test_only_spaces_change_and_positions_stay_true(raw: str) -> None:
    done = cleaner().spacing.restore(AlignedText.identity(raw, 7))
    blank = " \u200c"
    assert [c for c in done.text if c not in blank] == [c for c in raw if c not in blank]
    assert list(done.starts) == sorted(done.starts)
    for i, letter in enumerate(done.text):
        if letter not in blank:
            assert raw[done.starts[i] - 7 : done.ends[i] - 7] == letter


@given(PIECES)
@example("ا\u200cب.می")
@example("کو های")  # glued it would be read as «کوه‌ای»
@example("www.a.irشودشود(")
@example("می\u200cاا\u200c\u200cاظهارداشت")
@example("ا ی.ا")  # an initial, though «ای» is a word
@example("ا\u200cی.ا")
@example("ا\u200bی.ا")
@example("می\u200cشود اا\u200c\u200cکتابها")
@settings(max_examples=500, deadline=None)
def test_restoring_twice_changes_nothing(raw: str) -> None:
    once = restore(raw)
    assert restore(once) == once


@pytest.mark.parametrize("unit", ["ا", " ", "«", "می ", "ها ", "‌", "ی‌", ". ", "کتاب", "1.", "a@", "a."])
def test_hostile_input_loses_nothing(unit: str) -> None:
    raw = unit * 20_000
    blank = " \u200c"
    assert [c for c in restore(raw) if c not in blank] == [c for c in raw if c not in blank]


@given(st.lists(PIECES.map(lambda raw: raw.replace("\n", " ").strip(" \u200c")).filter(bool), max_size=5))
@settings(max_examples=300, deadline=None)
def test_no_line_tells_of_another(raws: list[str]) -> None:
    spacing = partial(cleaner().spacing.restore, orthography=Orthography())
    lines = [AlignedText.identity(raw, 100 * n) for n, raw in enumerate(raws)]
    assert change_lines(lines, spacing) == [spacing(line) for line in lines]


@pytest.mark.parametrize("above", ["او نیز می", "پس از", "گفت و", "سال", "۱۲", "به گزارش م", "«", "(پ."])
@pytest.mark.parametrize("below", ["ها آمدند", "میریم", "م.احمدی گفت", "گو شد", "15درصد", ". ب", "گفتهاند"])
def test_a_line_stays_what_it_is_alone(above: str, below: str) -> None:
    assert restore(f"{above}\n{below}") == f"{restore(above)}\n{restore(below)}"
