"""Baselines of statements, on a text whose answers are plain to see."""

import pytest

from workers.nlp.document import Document
from workers.training.gold import prepare
from workers.training.statement_baselines import cue_list, quotations


@pytest.fixture(scope="module")
def document() -> Document:
    body = "مدیر باغ گیاهان گفت: گلخانه تازه از فردا باز است. او نوشت «بلیت برای کودکان رایگان خواهد بود»."
    return prepare({"id": "1", "body": body})


def texts(document: Document) -> list[str]:
    return [document.text[slice(*s.content[0])] for s in document.statements]


def test_quotations(document: Document) -> None:
    assert texts(quotations(document)) == ["بلیت برای کودکان رایگان خواهد بود"]
    assert quotations(document, nearest=True).statements[0].speaker is None  # nobody is named


def test_cues_of_a_list(document: Document) -> None:
    (text,) = texts(cue_list(document))
    assert text.startswith("گلخانه تازه")
    assert [s.kind for s in cue_list(document).statements] == ["direct"]
