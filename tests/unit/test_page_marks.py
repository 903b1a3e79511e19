"""What a page's own marks tell: who is quoted, what is a footnote, when it appeared; and lost spaces."""

import pytest

from schemas.article import RawArticle
from workers.nlp.alignment import AlignedText
from workers.nlp.cleaning.html.published import published_time
from workers.nlp.cleaning.spacing.half_spaces import words_apart
from workers.nlp.document import Document
from workers.nlp.pipeline import Pipeline
from workers.training.shipped import cleaner


def cleaned(body: str, title: str | None = None, published: str | None = None) -> Document:
    article = RawArticle(id="1", title=title, body=body, published=published)
    return cleaner().clean(Document(article=article, raw={}))


@pytest.mark.parametrize(
    ("body", "text"),
    [
        ("<blockquote>«باغ سبز شد.»<cite>مینا</cite></blockquote>", "«باغ سبز شد.» – مینا"),
        ("<blockquote>باغ سبز شد.<cite>مینا</cite></blockquote>", "«باغ سبز شد.» – مینا"),
        ("<blockquote>باغ سبز شد. <cite>— مینا</cite></blockquote>", "«باغ سبز شد.» — مینا"),
        ("<blockquote><p>باغ سبز شد.</p><cite>مینا</cite></blockquote>", "«باغ سبز شد.» – مینا"),
        (
            "<blockquote><p>باغ سبز شد.</p><footer>— <cite>مینا</cite></footer></blockquote>",
            "«باغ سبز شد.» — مینا",
        ),
        ("<p>کتاب <cite>باغ سبز</cite> فروش رفت.</p>", "کتاب باغ سبز فروش رفت."),
        ("<blockquote>باغ سبز شد.</blockquote>", "باغ سبز شد."),
        # footnotes and powers
        ("<p>مینا<sup>۲</sup> آمد.</p>", "مینا آمد."),
        ("<p>مینا<sup>[12]</sup> آمد.<sup>3</sup> رفت.</p>", "مینا آمد. رفت."),
        ("<p>مینا<sup><a href='#n1'>[1]</a></sup> آمد.</p>", "مینا آمد."),
        ("<p>زمین ۲۰ متر<sup>۲</sup> است.</p>", "زمین ۲۰ متر² است."),
        ("<p>شمار ۱۰<sup>۶</sup> است.</p>", "شمار ۱۰⁶ است."),
    ],
)
def test_quotations_and_footnotes(body: str, text: str) -> None:
    document = cleaned(body)
    assert document.text == text
    for start in range(len(document.text)):
        first, last = document.aligned.raw_span(start, start + 1)
        assert 0 <= first <= last <= len(body)


@pytest.mark.parametrize(
    "body",
    [
        "<blockquote>باغ امسال زود سبز شد و من شادم.<cite>مینا کاظمی، باغبان</cite></blockquote>",
        "<blockquote><p>باغ امسال زود سبز شد و من شادم.</p><cite>مینا کاظمی</cite></blockquote>",
    ],
)
def test_a_cite_is_the_speaker(pipeline: Pipeline, body: str) -> None:
    (found,) = pipeline.enrich({"id": "1", "body": f"<p>باغ بزرگ شهر باز شد.</p>{body}"}).statements
    assert found.speaker is not None
    assert (found.kind, found.speaker.name) == ("direct", "مینا کاظمی")


@pytest.mark.parametrize(
    "said", ["ما پنج شهر داریم.", "جدول زیر شهرهای ما را نشان می‌دهد:", "«ما پنج شهر داریم.»"]
)
def test_a_row_of_a_table_is_nobodys_words(pipeline: Pipeline, said: str) -> None:
    rows = "<tr><td>شهر ما</td><td>جمعیت ما هست</td></tr><tr><td>یزد</td><td>ما ۲۰ هستیم</td></tr>"
    body = f"<p>نادر شکوهی توضیح داد: {said}</p><table>{rows}</table>"
    event = pipeline.enrich({"id": "1", "body": body})
    assert event.statements
    assert not any("جمعیت" in s.text or "هستیم" in s.text for s in event.statements)


@pytest.mark.parametrize(
    ("page", "told"),
    [
        (
            '<meta property="article:published_time" content="2020-05-01T10:00:00+04:30">',
            "2020-05-01T10:00:00+04:30",
        ),
        ("<META content='2020-05-01' name='pubdate' />", "2020-05-01"),
        ('<meta itemprop="datePublished" content="۱۳۹۹/۲/۱۲">', "۱۳۹۹/۲/۱۲"),
        ('<time itemprop="datePublished" datetime="2020-05-01">روز</time>', "2020-05-01"),
        ('<meta property="article:modified_time" content="2020-05-01">', None),
        ('<time datetime="2020-05-01">روز</time>', None),
        ('<meta property="article:published_time">', None),
        ("باران بارید.", None),
    ],
)
def test_the_time_that_a_page_tells(page: str, told: str | None) -> None:
    assert published_time(page) == told


@pytest.mark.parametrize(
    ("published", "wanted"), [(None, "2020-05-01"), ("", "2020-05-01"), ("۱۰ مهر ۱۳۹۸", "2019-10-02")]
)
def test_published_comes_before_what_the_page_tells(published: str | None, wanted: str) -> None:
    head = '<meta property="article:published_time" content="2020-05-01">'
    page = f"<html><head>{head}</head><body><p>باران بارید.</p></body></html>"
    assert cleaned(page, published=published).published_at == wanted


def test_very_many_unfinished_tags_end() -> None:
    assert published_time("<meta " * 60_000) is None


@pytest.mark.parametrize(
    ("raw", "right"),
    [
        ("شهردار_رشت_پل_تازه_را_باز_کرد", "شهردار رشت پل تازه را باز کرد"),
        ("باران_رشت_را_گرفت", "باران رشت را گرفت"),
        ("او_گفت:_باران_تند_بود._مردم_ماندند.", "او گفت: باران تند بود. مردم ماندند."),
        ("نمی_توانسته_اند بیایند", "نمی_توانسته_اند بیایند"),
        ("پیش_بینی_هایی_مان درست بود", "پیش_بینی_هایی_مان درست بود"),
        ("#نه_به_جنگ_و_خشونت", "#نه_به_جنگ_و_خشونت"),
        ("گفت_و_گو", "گفت_و_گو"),
    ],
)
def test_half_spaces_for_spaces(raw: str, right: str) -> None:
    found = words_apart(AlignedText.identity(raw.replace("_", "\u200c"))).text
    assert found.replace("\u200c", "_") == right


def test_words_set_apart_get_the_half_spaces_that_they_need() -> None:
    title = "وزیر_گفت_آب_نمی_شود".replace("_", "\u200c")
    assert cleaned("باران بارید.", title=title).text.startswith("وزیر گفت آب نمی\u200cشود\n")


def test_a_table_that_sets_out_a_page_holds_paragraphs() -> None:
    prose = "شهردار اراک امروز گفت که پل تازه شهر تا پایان ماه آینده باز می‌شود و راه کوتاه خواهد شد. " * 2
    page = f"<table><tr><td>عکس روز</td><td>{prose}</td></tr><tr><td>شنبه</td><td>۱۲ درجه</td></tr></table>"
    kinds = {block.kind for block in cleaned(page).blocks}
    assert kinds == {"paragraph", "subhead"}
