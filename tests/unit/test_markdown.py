"""Markdown left by a crawler: what stays of it, and where it came from."""

import pytest

from schemas.article import RawArticle
from workers.nlp.alignment import AlignedText
from workers.nlp.cleaning.clean import Cleaner
from workers.nlp.cleaning.markdown import without_links
from workers.nlp.document import Document
from workers.training.shipped import knowledge


@pytest.mark.parametrize(
    ("raw", "kept"),
    [
        ("دیدار [شهردار رشت](https://example.org/a?q=شهردار رشت&o=on) با مردم", "دیدار شهردار رشت با مردم"),
        ("دیدار [شهردار\nرشت](https://example.org/a\n) با مردم", "دیدار شهردار\nرشت با مردم"),
        ("![عکس](https://example.org/a.jpg)\nدیدار با مردم", "\nدیدار با مردم"),
        ("[یک](/a) و [دو](www.example.org)", "یک و دو"),
        ("[سه] و (چهار)", "[سه] و (چهار)"),
        ("[پنج](شش)", "[پنج](شش)"),
    ],
)
def test_links_leave_their_words(raw: str, kept: str) -> None:
    found = without_links(AlignedText.identity(raw))
    assert found.text == kept
    assert all(raw[a:b] == letter for letter, a, b in zip(found.text, found.starts, found.ends, strict=True))


def test_an_article_holds_no_address_of_a_link() -> None:
    body = "کیوان رستمی در دیدار با [شهردار رشت](https://example.org/شهردار) گفت: آب کافی است و چاه ساخته شد."
    article = RawArticle(id="1", body=body)
    found = Cleaner.of(knowledge()).clean(Document(article=article, raw={"id": "1"}))
    assert "example" not in found.text
    assert "دیدار با شهردار رشت گفت" in found.text


def test_brackets_alone_are_read_in_linear_time() -> None:
    text = "[" * 200_000 + "](http"
    assert without_links(AlignedText.identity(text)).text == text
