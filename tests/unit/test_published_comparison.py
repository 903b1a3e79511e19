"""The comparison with published systems: reading, thinning, the choice of a weight. Sentences of our own."""

import random

import numpy as np
import pytest

from workers.nlp.entities.crf import bio_transitions
from workers.training.e5 import E5
from workers.training.published import Scored, phrases, read_conll, report, reports, thinned
from workers.training.vocabulary import add_pieces

LABELS = ("O", "B-PER", "I-PER", "B-LOC", "I-LOC")
CONLL = "علي\tB-PER\nكريمی\tI-PER\nمی رود\tO\n\nفردا\tB-DAT\nصبح\tI-DAT\n\n\nهوا\tO\nخوب\tO\nاست\tO\n"


@pytest.fixture
def document(tmp_path):
    path = tmp_path / "some.conll"
    path.write_text(CONLL, "utf-8")
    (one,) = read_conll(path)
    return one


def certain(one, labels):
    """Scores that are sure of some labels."""
    scores = np.full((len(one.labels), len(LABELS)), -5.0, np.float32)
    for at, label in enumerate(labels):
        scores[at, LABELS.index(label)] = 0.0
    return scores


def test_reading_writes_letters_half_spaces_and_types_our_way(document):
    texts = [t.text for t in document.document.tokens]
    assert texts == ["علی", "کریمی", "می\u200cرود", "فردا", "صبح", "هوا", "خوب", "است"]
    assert document.labels == ("B-PER", "I-PER", "O", "B-DATE", "I-DATE", "O", "O", "O")
    assert [(s.first, s.last) for s in document.document.sentences] == [(0, 3), (3, 5), (5, 8)]
    assert all(document.document.text[t.start : t.end] == t.text for t in document.document.tokens)


def test_ten_sentences_make_a_document(tmp_path):
    path = tmp_path / "many.conll"
    path.write_text("آب\tO\n\n" * 23, "utf-8")
    assert [len(one.document.sentences) for one in read_conll(path)] == [10, 10, 3]


@pytest.mark.parametrize(
    ("labels", "wanted"),
    [
        (["B-PER", "I-PER", "O", *"OOOOO"], {(0, 2, "PER")}),
        (["B-PER", "B-PER", "O", *"OOOOO"], {(0, 1, "PER"), (1, 2, "PER")}),
        (["O", "O", "B-LOC", "I-LOC", *"OOOO"], {(2, 3, "LOC"), (3, 4, "LOC")}),  # a sentence ends between
        (["B-PER", "I-LOC", *"OOOOOO"], {(0, 1, "PER"), (1, 2, "LOC")}),
    ],
)
def test_phrases(document, labels, wanted):
    assert phrases(document, labels) == wanted


@pytest.mark.parametrize(("share", "kept"), [(0.0, 2), (1.0, 3)])
def test_sentences_with_a_name_stay(document, share, kept):
    thin = thinned(document, share, random.Random(1))  # noqa: S311 - no secret
    assert [s.first for s in thin.document.sentences] == [0, 3, 5][:kept]
    assert thin.labels == document.labels


def test_no_label_breaks_bio(document):
    scores = certain(document, ["O", "I-PER", *"OOOOOO"])
    walls = bio_transitions(LABELS, np.zeros((5, 5), np.float32))
    found = report([Scored(document, scores, scores)], lambda s: s.field, LABELS, walls)
    assert found.figures["all"].predicted in (0, 1)
    assert (found.figures["all"].gold, found.figures["DATE"].right) == (2, 0)


def test_a_name_found_once_is_found_in_all_its_places(tmp_path):
    path = tmp_path / "some.conll"
    name = "کریمی\tB-PER\nآمد\tO\n\n"
    path.write_text(name * 2, "utf-8")
    (one,) = read_conll(path)
    scores = certain(one, ["B-PER", "O", "O", "O"])
    walls = bio_transitions(LABELS, np.zeros((5, 5), np.float32))
    for agreed, right in ((False, 1), (True, 2)):
        found = report([Scored(one, scores, scores)], lambda s: s.field, LABELS, walls, agreed)
        assert found.figures["PER"].right == right


def test_the_weight_is_the_best_of_the_held_documents_not_of_the_test(document):
    right = certain(document, ["B-PER", "I-PER", *"OOOOOO"])
    wrong = certain(document, ["O", "O", "B-LOC", *"OOOOO"])
    walls = bio_transitions(LABELS, np.zeros((5, 5), np.float32))
    said = []
    held = [Scored(document, right, wrong)]  # the field is to be trusted, says what was held out
    test = [Scored(document, wrong, right)]
    found = reports(held, test, LABELS, walls, said.append)
    assert said == ["the encoder's weight in the sum: 0.25"]
    assert {name: r.figures["all"].right for name, r in found.items()} == {
        "encoder": 1,
        "field": 0,
        "sum": 0,
        "agreed": 0,
    }


def test_pieces_of_words_are_added_once():
    pieces = ["<s>", "<pad>", "</s>", "<unk>", "▁آب", "▁نان", "▁هوا"]
    scores = np.full(len(pieces), -3.0, np.float32)
    e5 = E5({}, pieces, scores, {}, heads=1, layers=1, unknown=3, begin=0, end=2, padding=1)
    assert add_pieces(e5, [0, 1, 2, 3, 5], ["هوا", "نان", "آب", "هوا"]) == [0, 1, 2, 3, 5, 4, 6]
