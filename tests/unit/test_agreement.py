"""Names carried over to their other places in an article."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workers.nlp.entities.agreement import agree


@pytest.mark.parametrize(
    ("words", "labels", "wanted"),
    [
        # a full name's last word, later alone
        ("لیلا بهمنش آمد . بهمنش گفت", "B-PER I-PER O O O O", "B-PER I-PER O O B-PER O"),
        # a longer tail before a shorter one
        ("یان فان دایک آمد . فان دایک", "B-PER I-PER I-PER O O O O", "B-PER I-PER I-PER O O B-PER I-PER"),
        # a body found once of two
        ("شرکت هوراتک رشد کرد ؛ شرکت هوراتک", "B-ORG I-ORG O O O O O", "B-ORG I-ORG O O O B-ORG I-ORG"),
        # one find against three places in doubt is no evidence
        ("پارسه پارسه پارسه پارسه", "B-ORG O O O", "B-ORG O O O"),
        # what is labelled stays, and no name is put inside another
        ("قم و استانداری قم", "B-LOC O B-ORG I-ORG", "B-LOC O B-ORG I-ORG"),
        # the beginning of a longer name is that name, where the words are there
        (
            "سازمان آب و خاک کشور گفت سازمان آب و خاک کشور آمد",
            "B-ORG I-ORG I-ORG I-ORG I-ORG O B-ORG I-ORG O O O O",
            "B-ORG I-ORG I-ORG I-ORG I-ORG O B-ORG I-ORG I-ORG I-ORG I-ORG O",
        ),
        # and so is another part of it, of whatever type
        ("باغ ملی رود ؛ باغ ملی", "B-FAC I-FAC O O O B-ORG", "B-FAC I-FAC O O B-FAC I-FAC"),
        # but not where the part stands elsewhere as a name of its own
        (
            "دفتر آب یزد ؛ دفتر آب یزد ؛ یزد",
            "B-ORG I-ORG I-ORG O O O B-LOC O B-LOC",
            "B-ORG I-ORG I-ORG O O O B-LOC O B-LOC",
        ),
        # nor where it goes on
        ("باغ ملی رود ؛ باغ ملی رود", "B-FAC I-FAC O O O B-ORG I-ORG", "B-FAC I-FAC O O O B-ORG I-ORG"),
        # a name turned round is one
        ("مها برهمن رفت ؛ برهمن مها", "B-PER I-PER O O B-PER B-PER", "B-PER I-PER O O B-PER I-PER"),
        ("مها برهمن رفت ؛ برهمن مها", "B-PER I-PER O O O B-PER", "B-PER I-PER O O B-PER I-PER"),
        ("مها برهمن رفت ؛ علا مها", "B-PER I-PER O O B-PER B-PER", "B-PER I-PER O O B-PER B-PER"),
        # a known surname right behind another name belongs to it
        ("علا برهمن و مها غازی برهمن", "B-PER I-PER O B-PER I-PER O", "B-PER I-PER O B-PER I-PER I-PER"),
        # of two types the commoner; the end of a person's name speaks for the person
        ("توران رود و توران و توران", "B-LOC O O B-ORG O B-LOC", "B-LOC O O B-LOC O B-LOC"),
        ("مهیار توران گفت ؛ تیم توران", "B-PER I-PER O O O B-ORG", "B-PER I-PER O O O B-PER"),
        # too short to tell
        ("آقا رو آمد رو", "O B-PER O O", "O B-PER O O"),
    ],
)
def test_agreement(words, labels, wanted):
    assert agree(words.split(), labels.split()) == wanted.split()


@given(
    st.lists(
        st.tuples(
            st.sampled_from(["الف", "بهمن", "جام", ".", "دال"]),
            st.sampled_from(["O", "B-PER", "I-PER", "B-LOC"]),
        ),
        max_size=30,
    )
)
def test_names_only_grow(pairs):
    words, labels = [w for w, _ in pairs], [label for _, label in pairs]
    found = agree(words, labels)
    assert len(found) == len(labels)
    assert all(b != "O" for a, b in zip(labels, found, strict=True) if a != "O")


def test_a_type_that_is_told_counts_more_than_finds():
    words, labels = ["سپیده", "و", "سپیده", "و", "سپیده"], ["B-ORG", "O", "B-PER", "O", "B-PER"]
    assert agree(words, labels, {("سپیده",): "ORG"}) == ["B-ORG", "O", "B-ORG", "O", "B-ORG"]


@pytest.mark.parametrize(
    ("words", "labels", "titles", "wanted"),
    [
        # a work called after a person is not that person, nor is the person the work
        (
            "فیلم « مهیار بهمنش » ؛ مهیار بهمنش آمد ؛ مهیار بهمنش",
            "O O B-PRODUCT I-PRODUCT O O B-PER I-PER O O O O",
            {2},
            "O O B-PRODUCT I-PRODUCT O O B-PER I-PER O O B-PER I-PER",
        ),
        # however often it is named
        (
            "« قشم » و « قشم » و « قشم » ؛ قشم",
            "O B-PRODUCT O O O B-PRODUCT O O O B-PRODUCT O O B-LOC",
            {1, 5, 9},
            "O B-PRODUCT O O O B-PRODUCT O O O B-PRODUCT O O B-LOC",
        ),
        # and no part of it is a name of its own
        (
            "کتاب « مهیار بهمنش » ؛ بهمنش و مهیار بهمنش",
            "O O B-PRODUCT I-PRODUCT O O O O B-PER I-PER",
            {2},
            "O O B-PRODUCT I-PRODUCT O O B-PER O B-PER I-PER",
        ),
        # a name does not grow over a title
        (
            "بنیاد « سپهر » رفت ؛ بنیاد « سپهر »",
            "B-ORG I-ORG I-ORG I-ORG O O O O B-PRODUCT O",
            {8},
            "B-ORG I-ORG I-ORG I-ORG O O O O B-PRODUCT O",
        ),
        # a title of several words is carried over where it has no other reading
        (
            "« کوچه باران » ؛ کوچه باران",
            "O B-PRODUCT I-PRODUCT O O O O",
            {1},
            "O B-PRODUCT I-PRODUCT O O B-PRODUCT I-PRODUCT",
        ),
        # a title of one word may be any word
        ("« باران » ؛ باران", "O B-PRODUCT O O O", {1}, "O B-PRODUCT O O O"),
    ],
)
def test_titles_stay_apart(words, labels, titles, wanted):
    assert agree(words.split(), labels.split(), titles=titles) == wanted.split()
