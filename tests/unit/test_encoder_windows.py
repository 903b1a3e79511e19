"""How a document is cut into the encoder's windows, and the profile that has one."""

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from schemas.article import RawArticle
from workers.nlp.document import Document
from workers.nlp.entities import EntityTagger
from workers.nlp.entities.encoder import WINDOW, Encoder
from workers.nlp.entities.pieces import PieceModel
from workers.training.shipped import knowledge, segmented

PIECES = PieceModel.of(["<s>", "<pad>", "</s>", "<unk>", "▁", *"ابپتسنیمدر"], [0.0] * 4 + [-2.0] * 11, 3)


def document_of(body):
    raw = {"id": "t", "body": body}
    return segmented(Document(article=msgspec.convert(raw, RawArticle), raw=raw))


@settings(max_examples=30)
@given(st.lists(st.integers(1, 90), min_size=1, max_size=12), st.sampled_from(["بابا", "سین", "ت" * 300]))
def test_each_token_is_read_once_in_a_window_that_fits(lengths, word):
    document = document_of(" ".join(" ".join([word] * n) + " ." for n in lengths))
    windows = list(Encoder(("O",), PIECES, None).windows(document))
    assert [number for _, firsts in windows for number, _ in firsts] == list(range(len(document.tokens)))
    for ids, firsts in windows:
        assert len(ids) <= WINDOW
        assert (ids[0], ids[-1]) == (0, 2)
        assert all(0 < place < len(ids) - 1 for _, place in firsts)


def test_the_accurate_profile_reads_with_the_encoder():
    pytest.importorskip("onnxruntime", reason="the extra `accurate` is not installed")
    tagger = EntityTagger.load(knowledge(), "accurate")
    document = document_of(
        "آنتونیو گوترش، دبیرکل سازمان ملل متحد، روز سه‌شنبه در ژنو با وزیر خارجه نروژ دیدار کرد."
    )
    found = [(document.text[m.start : m.end], m.type) for m in tagger.tag(document).mentions]
    assert set(tagger.digests) == {"ner-fast", "ner-student", "ner-accurate"}
    assert found == [
        ("آنتونیو گوترش", "PER"),
        ("سازمان ملل متحد", "ORG"),
        ("روز سه‌شنبه", "DATE"),
        ("ژنو", "LOC"),
        ("نروژ", "LOC"),
    ]
    assert tagger.tag(document) == tagger.tag(document)
