"""The near-duplicate fingerprint: copies of a story are near, other stories far."""

import re
from tomllib import loads

import pytest

from schemas.article import RawArticle
from tests.pages import FOLDER, pages
from workers.nlp.document import Document
from workers.nlp.fingerprint import NEAR, distance, fingerprint
from workers.training.shipped import cleaner

ARTICLES = loads((FOLDER / "articles.toml").read_text("utf-8"))["article"]
BODIES = {a["id"]: "\n".join([a["lead"], *a["paragraphs"]]) for a in ARTICLES}


def of(body: str) -> str:
    return cleaner().clean(Document(article=RawArticle(id="1", body=body), raw={})).fingerprint


@pytest.mark.parametrize("name", BODIES)
def test_copies_are_near(name: str) -> None:
    body = BODIES[name]
    first = of(body)
    assert re.fullmatch("[0-9a-f]{16}", first)
    assert distance(first, of(body.replace("ی", "ي").replace("ک", "ك"))) == 0
    assert distance(first, of(body.replace("\u200c", " "))) <= 2
    assert distance(first, of(f"{body}\nانتهای پیام/۱۲\nکد خبر: ۱۲۳۴")) == 0
    assert distance(first, of(f"تهران - ایرنا: {body}")) <= 4
    assert distance(first, of(body.rsplit("\n", 1)[0])) <= NEAR


def test_other_stories_are_far() -> None:
    prints = [of(body) for body in BODIES.values()]
    for number, one in enumerate(prints):
        assert all(distance(one, other) > NEAR for other in prints[:number])


def test_the_page_and_its_text_have_one_fingerprint() -> None:
    for page in pages():
        text = "\n".join(page.html[a:b] for a, b in page.article)
        assert distance(of(page.html), of(text)) <= NEAR


def test_short_texts_and_none() -> None:
    assert fingerprint("") == fingerprint("12 !") == "0" * 16
    assert fingerprint("آب") != fingerprint("باد")
    assert fingerprint("ب" * 7) != fingerprint("پ" * 9)
