"""Sentences and tokens, by examples and by properties."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from schemas.article import RawArticle
from workers.nlp.alignment import AlignedText
from workers.nlp.document import Document, TextBlock
from workers.nlp.knowledge.folding import glue
from workers.nlp.segmentation.sentences import sentence_ends
from workers.nlp.segmentation.tokens import tokenize
from workers.training.shipped import knowledge, segment

SENTENCES = [
    ["باران بارید.", "راه‌ها بسته شد."],
    ["آیا می‌آید؟", "نمی‌دانم!", "شاید."],
    ["نرخ تورم 3.5 درصد است.", "سال پیش ۴٫۲ بود."],
    ["م. احمدی به تهران رفت.", "ف. رضایی ماند."],
    ["این کتاب در سال ۱۳۵۷ ه.ش. چاپ شد.", "نایاب است."],
    ["قلعه را در قرن پنجم ق.م. ساختند.", "ویران شد."],
    ["۱. درخواست را بنویسید.", "۲. آن را امضا کنید."],
    ["او گفت: فردا می‌آیم.", "ما ماندیم."],
    ["وزیر گفت: «راه باز است.»", "سپس رفت."],
    ["«چرا نیامدی؟» پرسید.", "پاسخی نشنید."],
    ["کتاب «کجا بودی؟» را خواندم.", "زیبا بود."],
    ["پیامبر اسلام (ص) فرمود.", "یاران شنیدند."],
    ["او (که پیر بود. و بیمار) ماند.", "رفت."],
    ["نشانی ما www.example.ir است.", "بنویسید."],
    ["به info@example.ir بنویسید.", "پاسخ می‌دهیم."],
    ["سیب و گلابی و... خریدیم.", "برگشتیم."],
    ["او آمد...", "همه رفتند."],
    ["هوا سرد است.", "برف می‌بارد"],
    ["تهران - ایرنا:", "وزیر نیرو به یزد رفت."],
    ["گروه ب.", "از یزد آمد."],
    ["شبکه سی.ان.ان گزارش داد.", "پ.ک.ک تکذیب کرد."],
    ["گاز سی. ان. جی ارزان شد.", "وی رفت."],
    ["یک. درخواست را بنویسید.", "دو. آن را امضا کنید."],
    ["بیماری اچ.آی.وی کم شد.", "شاد باشید."],
]


def split(text: str) -> list[str]:
    begin, found = 0, []
    for end in sentence_ends(text, tokenize(text), knowledge().sentences, knowledge().morphology):
        found.append(text[begin:end].strip())
        begin = end
    return found


@pytest.mark.parametrize("sentences", SENTENCES, ids=lambda s: s[0])
def test_sentences_joined_by_spaces_are_told_apart(sentences: list[str]) -> None:
    assert split(" ".join(sentences)) == sentences


def test_a_stop_without_space_ends_a_sentence() -> None:
    assert split("باران بارید.راه‌ها بسته شد.") == ["باران بارید.", "راه‌ها بسته شد."]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("می‌شود،«کتاب‌ها»", ["می‌شود", "،", "«", "کتاب‌ها", "»"]),
        ("ساعت 10:12 روز 1395/7/12", ["ساعت", "10:12", "روز", "1395/7/12"]),
        ("۲٫۵ درصد و 15%", ["۲٫۵", "درصد", "و", "15%"]),
        ("جذب714 میلیارد", ["جذب", "714", "میلیارد"]),
        ("جنگنده F-16 و 950XL.", ["جنگنده", "F-16", "و", "950XL", "."]),
        ("به https://example.ir/a?b=1. برو", ["به", "https://example.ir/a?b=1", ".", "برو"]),
        ("بُعد واقعاً", ["بُعد", "واقعاً"]),
        ("رفت... آمد؟!", ["رفت", "...", "آمد", "؟", "!"]),
    ],
)
def test_tokens(text: str, words: list[str]) -> None:
    assert [t.text for t in tokenize(text)] == words


@pytest.mark.parametrize("word", ["است", "می‌شود", "نبودند", "گفته‌اند", "کردیم", "خواهد"])
def test_finite_verbs_are_told_by_their_shape(word: str) -> None:
    assert knowledge().morphology.is_finite(glue(word))


@pytest.mark.parametrize("word", ["کتاب", "و", "خانه", "تهران", "بزرگ‌تر", "۱۳۹۵"])
def test_other_words_are_no_finite_verbs(word: str) -> None:
    assert not knowledge().morphology.is_finite(glue(word))


PIECES = st.lists(
    st.sampled_from(
        [
            "است",
            ".",
            "؟",
            "!",
            "…",
            "...",
            "«",
            "»",
            "(",
            ")",
            '"',
            " ",
            ":",
            "،",
            "م",
            "۱",
            "3.5",
            "می‌شود",
            "A",
            "‌",
            "\n",
        ]
    )
    | st.text(max_size=4),
    max_size=40,
).map("".join)


@given(PIECES)
@settings(max_examples=300, deadline=None)
def test_tokens_cover_all_that_is_no_space_and_sentences_lie_in_order(text: str) -> None:
    half = len(text) // 2
    first, second = ("است " + part.replace("\n", " ") for part in (text[:half], text[half:]))
    body, half = f"{first}\n{second}", len(first)
    blocks = tuple(
        TextBlock("paragraph", a, b, "body", a, b)
        for a, b in ((0, half), (half, half), (half + 1, len(body)))
    )
    document = segment(Document(RawArticle(body=body), {"id": "1"}, AlignedText.identity(body), blocks))
    covered = {i for t in document.tokens for i in range(t.start, t.end)}
    assert covered == {i for i, c in enumerate(body) if not c.isspace()}
    assert all(body[t.start : t.end] == t.text for t in document.tokens)
    assert all(a.end <= b.start for a, b in zip(document.tokens, document.tokens[1:], strict=False))
    at = 0
    for sentence in document.sentences:
        assert sentence.first == at < sentence.last
        assert sentence.start == document.tokens[sentence.first].start
        assert sentence.end == document.tokens[sentence.last - 1].end
        assert sentence.end <= half or sentence.start >= half
        at = sentence.last
    assert at == len(document.tokens)


@pytest.mark.parametrize(
    "unit", ["ا", " ", "«", "(", '"', ".", "؟ ", "م.", "1.", "http://", "www.", "a@", "a.", "‌", "»("]
)
def test_hostile_input_is_cut_without_loss(unit: str) -> None:
    text = unit * 20_000
    tokens = tokenize(text)
    ends = sentence_ends(text, tokens, knowledge().sentences, knowledge().morphology)
    assert sum(len(t.text) for t in tokens) == sum(not c.isspace() for c in text)
    assert ends == sorted(set(ends))
