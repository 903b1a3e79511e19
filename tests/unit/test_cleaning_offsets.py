"""Properties of cleaning on random and dirty text: offsets, order, idempotence."""

import re
from itertools import pairwise

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from schemas.article import RawArticle
from tests.pages import pages
from workers.nlp.alignment import AlignedText
from workers.nlp.cleaning.html.references import decode_references
from workers.nlp.cleaning.html.tags import read_tag_spans, read_tags
from workers.nlp.cleaning.letters import one_to_one, persian_letters, standard_letters
from workers.nlp.document import Document, Rejected
from workers.training.shipped import knowledge, segmented

WORDS = """وزیر گفت. می‌شود ایران که و از به این کتاب‌ها تهران: «سخن» دیروز، ۱۳۹۵ بُعد تقریباً خبر؟ بود! ده است.
به گزارش ایسنا، انتهای پیام/ منبع: فارس بیشتر بخوانید: کد خبر ۱۲۳۴ عکس: علی"""
MARKS = """ي ك ة ۀ ﷲ ﻻ ﷺ ـ ے ہ ە ې &nbsp; &zwnj; &amp;zwnj; &#1740; &lt; &amp; & < > <p> </p> <br> <b> </b>
<div> </div> <div_class='share'> <!-- --> <script> </script> <td> « » ( ) " ' / . .. ... ، ؛ : - – # @
12 3.5 a
http://a.ir 😀 Ø§ ط§ ? ؟"""
PERSIAN = WORDS.split()
DIRT = [
    *MARKS.split(),
    *"\u064e\u064f\u0651\u064b\u0670\u0654\u200c\u200d\u200e\u200f\u202b\ufeff\xad\xac\xa0\u2003\t\n\r\u2028\x00\x7f\ufffd",
]
TEXT = st.lists(
    st.sampled_from([*PERSIAN, *PERSIAN, " ", " ", "\n", *DIRT]) | st.text(max_size=3), max_size=60
).map(lambda parts: " ".join(parts).replace("_class", " class") if len(parts) % 2 else "".join(parts))
STORY = "به گزارش ایسنا، وزیر دیروز گفت که کار تمام است و مردم از آن خرسند هستند. "


def cleaned(body: str, title: str | None = None) -> Document | None:
    try:
        return segmented(Document(article=RawArticle(id="1", title=title, body=body), raw={}))
    except Rejected:
        return None


def letters(text: str) -> str:
    """The letters of a text as cleaning writes them, without spaces and marks."""
    aligned = persian_letters(
        standard_letters(one_to_one(decode_references(AlignedText.identity(text))), knowledge().vowels)
    )
    return re.sub(r"[\W_\u064b-\u0670]", "", re.sub("<[^<>]*>", "", aligned.text))


def check(document: Document) -> None:
    text, aligned = document.text, document.aligned
    article = document.article
    assert len(aligned.starts) == len(aligned.ends) == len(text)
    shown = [b for b in document.blocks if b.start < b.end]
    assert all(a.end < b.start for a, b in pairwise(shown)), "blocks overlap or run out of order"
    for block in document.blocks:
        raw = getattr(article, block.field)
        assert 0 <= block.start <= block.end <= len(text)
        assert 0 <= block.raw_start <= block.raw_end <= len(raw)
        assert (block.kind == "boilerplate") == (block.start == block.end)
        if block.start < block.end:
            assert (block.raw_start, block.raw_end) == aligned.raw_span(block.start, block.end)
            assert text[block.start : block.end].strip() == text[block.start : block.end]
            assert "\n" not in text[block.start : block.end]
    for field in ("title", "body"):
        places = [b for b in document.blocks if b.field == field]
        assert all(a.raw_end <= b.raw_start for a, b in pairwise(places)), (
            "raw places overlap or run backwards"
        )
    assert all(a.end <= b.start for a, b in pairwise(document.sentences))
    lines = list(document.lines())
    for sentence in document.sentences:
        raw_start, raw_end = aligned.raw_span(sentence.start, sentence.end)
        assert 0 <= raw_start < raw_end <= len(getattr(article, document.field_at(sentence.start)))
        assert any(line.start <= sentence.start and sentence.end <= line.end for line in lines)


def same_letters(document: Document) -> None:
    for sentence in document.sentences:
        raw = getattr(document.article, document.field_at(sentence.start))
        start, end = document.aligned.raw_span(sentence.start, sentence.end)
        assert letters(raw[start:end]) == letters(document.slice(sentence[:2]))


@given(TEXT, st.none() | TEXT)
@settings(max_examples=300, deadline=None)
def test_offsets_of_random_text(body: str, title: str | None) -> None:
    document = cleaned(body, title)
    if document is not None:
        check(document)


@given(TEXT)
@example("وزیردر\nوزیر")
@example("وزیر »0 »~")
@example("وزیروزیروزیروزیرکهو&nbsp;&nbsp;-->Øää")
@example("کالای بسیارگران")
@example("ایران  :0")
@example("وزیروزیروزیروزیروزیروزیروزیرگفت.عکس:گفت.")
@example("وزیروزیروزیروزیرەبُعد")
@example("وزیر وزیر وزیر وزیر وزیر وزیر وزیر وزیر وزیر وزیر وزیر وزیر وزیر وزیر </script> http://a.ir .")
@settings(max_examples=300, deadline=None)
def test_cleaning_its_own_output_changes_nothing(body: str) -> None:
    document = cleaned(body)
    if document is not None:
        again = cleaned(document.text)
        assert again is not None
        assert again.text == document.text


@given(
    st.lists(
        st.sampled_from([*PERSIAN, "كتابي", "ﷲ", "بـود", "مَرد", "می\xa0رود", "&zwnj;", "٤٥", "\u200e"]),
        min_size=3,
    )
)
@settings(max_examples=200, deadline=None)
def test_the_raw_slice_normalises_to_the_text(words: list[str]) -> None:
    document = cleaned(STORY + " ".join(words) + ".")
    assert document is not None
    check(document)
    same_letters(document)


@pytest.mark.parametrize("page", pages(), ids=lambda page: page.name)
def test_offsets_of_whole_pages(page) -> None:
    document = cleaned(page.html)
    assert document is not None
    check(document)
    again = cleaned(document.text)
    assert again is not None
    assert again.text == document.text


def test_the_markup_reader_finds_the_text_that_selectolax_finds() -> None:
    from selectolax.lexbor import LexborHTMLParser

    from workers.nlp.cleaning.html.outline import read_outline

    for page in pages():
        html = LexborHTMLParser(page.html)
        html.strip_tags(["script", "style", "title", "textarea", "button", "option", "noscript", "head"])
        outline = read_outline(AlignedText.identity(page.html), knowledge().markup)
        silent = {"button", "title", "head", "option"}
        ours = "".join(b.text.text for b in outline.blocks if outline.elements[b.element].block not in silent)
        assert re.sub(r"\s+", "", ours) == re.sub(r"\s+", "", html.body.text() if html.body else "")


MARKUP = st.lists(
    st.sampled_from(
        [
            "<b>",
            "</b>",
            "<B>",
            "<script>",
            "</script>",
            "<script-x>",
            "<scripts>",
            "<!--",
            "-->",
            "<!doctype>",
            "<a",
            "'x>",
            '">',
            '<p="a">',
            "<",
            ">",
            "</",
            "آ",
            "<br/>",
            "<title>",
            "</title>",
            "<?x?>",
            "<1",
            "<style",
            "/>",
            "<textarea",
        ]
    ),
    max_size=14,
).map("".join)


@given(MARKUP)
@settings(max_examples=500, deadline=None)
def test_tags_passed_over_in_runs_are_the_tags_read(text: str) -> None:
    lexicon = knowledge().markup
    read = {n for tag in read_tags(text, lexicon) for n in range(tag.begin, tag.end)}
    passed = {n for begin, end in read_tag_spans(text, lexicon, 0) for n in range(begin, end)}
    assert passed == read
