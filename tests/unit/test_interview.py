"""Interviews printed as question and answer, on texts written for it; ordinary stories stay stories."""

from dataclasses import replace
from functools import cache

import pytest

from schemas.article import RawArticle
from tests.unit.test_statements import said
from workers.nlp.document import Document, TextMention
from workers.nlp.entities import EntityLinker
from workers.nlp.statements import StatementExtractor
from workers.training import shipped
from workers.training.shipped import resolver, segmented

INTRODUCTION = "کارگاه نمدمالی او در حاشیه بازار است. در گفت‌وگو با سارا نیک‌روش از این هنر پرسیدیم."
QUESTIONS = ("شما کار را از چه سالی آغاز کردید؟", "بازار نمد را چطور می‌بینید؟", "شاگرد هم دارید؟")
ANSWERS = (
    "از ده‌سالگی کنار دست پدرم بودم. او گفت این کار صبر می‌خواهد.",
    "مشتری کم است.\nاما خریداران خارجی هنوز می‌آیند.",
    "بله، سه نفر هر روز به کارگاه می‌آیند.",
)
NAME = "سارا نیک‌روش"


@cache
def loaded() -> tuple[StatementExtractor, EntityLinker]:
    return shipped.extractor(), shipped.linker()


def enriched(body: str, title: str = "نمد هنوز زنده است") -> Document:
    raw = {"id": "1", "url": "https://example.org/1", "title": title, "body": body}
    found = segmented(Document(article=RawArticle(**raw), raw=raw))
    at = found.text.find(NAME)
    mentions = [TextMention(at, at + len(NAME), "PER")] if at >= 0 else []
    short = found.text.find("\nنیک‌روش:")
    while short >= 0:
        mentions.append(TextMention(short + 1, short + 8, "PER"))
        short = found.text.find("\nنیک‌روش:", short + 1)
    extractor, linker = loaded()
    return resolver().resolve(extractor.extract(linker.cluster(replace(found, mentions=tuple(mentions)))))


def printed(question: str, answer: str, introduction: str = INTRODUCTION) -> str:
    turns = [f"{question}{q}\n{answer}{a}" for q, a in zip(QUESTIONS, ANSWERS, strict=True)]
    return "\n".join([introduction, *turns])


@pytest.mark.parametrize(
    ("question", "answer"),
    [
        ("* ", ""),
        ("* ", "- "),
        ("* ", "* "),
        ("** ", "* "),
        ("- ", ""),
        ("س: ", "ج: "),
        ("خبرنگار: ", "نیک‌روش: "),
        ("پگاه: ", ""),
        ("", ""),
    ],
)
def test_each_answer_is_one_direct_statement(question: str, answer: str) -> None:
    wanted = [("", a.rstrip("."), NAME, "direct") for a in ANSWERS]
    assert said(enriched(printed(question, answer))) == wanted


def test_marks_of_both_voices_need_no_word_of_an_interview() -> None:
    found = said(enriched(printed("** ", "* ", "هنر نمدمالی در این شهر هنوز زنده است."), "نمد"))
    assert [s[1] for s in found] == [a.rstrip(".") for a in ANSWERS]


def test_lines_that_a_crawler_joined() -> None:
    body = " ".join(f"*{q} {a}" for q, a in zip(QUESTIONS, ANSWERS, strict=True)).replace("\n", " ")
    contents = [s[1] for s in said(enriched(f"{INTRODUCTION} {body}"))]
    assert contents == [a.replace("\n", " ").rstrip(".") for a in ANSWERS]


def test_the_narrator_after_the_last_answer_is_no_answer() -> None:
    body = printed("* ", "") + "\nگفتنی است این کارگاه سه‌شنبه‌ها تعطیل است."
    assert said(enriched(body))[-1][1] == ANSWERS[-1].rstrip(".")


def test_a_role_is_asked_where_nobody_is_named() -> None:
    body = printed("* ", "", "خشکسالی باغ‌ها را تهدید می‌کند. در این باره با رئیس جهاد کشاورزی گفت‌وگو کرده‌ایم.")
    assert {s[2] for s in said(enriched(body, "باغ‌های تشنه"))} == {"رئیس جهاد کشاورزی"}


def test_statements_of_the_introduction_stay() -> None:
    body = printed("* ", "", f"{NAME} معتقد است که نمد را باید شناخت.\n{INTRODUCTION}")
    found = said(enriched(body))
    assert found[0] == ("معتقد است", "نمد را باید شناخت", NAME, "indirect")
    assert len(found) == 1 + len(ANSWERS)


@pytest.mark.parametrize(
    "body",
    [
        # a list of points, none of which asks
        "سارا نیک‌روش در گفت‌وگو با پگاه چند نکته را یادآور شد.\n* بازار نمد کوچک است.\n"
        "* هنرمندان بیمه ندارند.\n* آموزش کافی نیست.",
        # questions that nobody is asked
        "پرسش‌ها درباره بازار نمد بسیار است.\n* آیا نمد دوباره رونق می‌گیرد؟\nکسی نمی‌داند.\n"
        "* چرا کارگاه‌ها بسته شد؟\nدلیل آن روشن نیست.",
        # one rhetorical question in a report
        "در گفت‌وگو با سارا نیک‌روش از نمد پرسیدیم.\nآیا شما نمد را می‌شناسید؟\nکارگاه او در حاشیه بازار است.",
        # labels of a table
        "ساعت: ده صبح\nمکان: تالار شهر\nساعت: دو عصر\nمکان: فرهنگسرا",
    ],
)
def test_no_interview(body: str) -> None:
    assert not [s for s in enriched(body).statements if s.cue is None]
