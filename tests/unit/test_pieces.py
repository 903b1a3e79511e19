"""Words cut into sub-word pieces."""

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from workers.nlp.entities.pieces import PieceModel

PIECES = [
    "<s>",
    "<pad>",
    "</s>",
    "<unk>",
    "▁",
    "▁کتاب",
    "خانه",
    "▁کتابخانه",
    "ها",
    "▁می",
    "▁رود",
    "ب",
    "ا",
    "ر",
]
SCORES = [0.0, 0.0, 0.0, 0.0, -3.0, -4.0, -4.0, -7.0, -3.0, -3.0, -5.0, -6.0, -6.0, -6.0]
MODEL = PieceModel.of(PIECES, SCORES, 3)


@pytest.mark.parametrize(
    ("word", "spaced", "pieces"),
    [
        ("کتابخانه", True, ["▁کتابخانه"]),  # one piece of -7 beats two of -8
        ("کتاب", True, ["▁کتاب"]),
        ("می\u200cرود", True, ["▁می", "▁رود"]),  # the half space counts as a space
        ("بار", False, ["ب", "ا", "ر"]),
        ("☃", False, ["<unk>"]),
    ],
)
def test_the_likeliest_cut(word, spaced, pieces):
    assert [PIECES[i] for i in MODEL.encode(word, spaced)] == pieces


@example("\ufdfa" * 4, False)  # one code point that NFKC writes as 18
@example("\ufb03" * 64, True)
@given(st.text(max_size=300), st.booleans())
def test_every_word_has_pieces_of_the_vocabulary(word, spaced):
    found = MODEL.encode(word, spaced)
    assert found
    assert all(0 <= i < len(PIECES) for i in found)
    assert len(found) <= 65  # a long word costs no more than its head: 64 letters, and the space before


def test_the_cache_changes_nothing():
    fresh = PieceModel.of(PIECES, SCORES, 3)
    assert [fresh.encode("کتابخانه", spaced=True) for _ in range(2)] == [
        MODEL.encode("کتابخانه", spaced=True)
    ] * 2
