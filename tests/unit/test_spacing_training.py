"""What counting tells: compounds, glued words and words that are right as they are."""

from dataclasses import replace

from workers.training.spacing.counts import count
from workers.training.spacing.evidence import Published
from workers.training.spacing.learn import learn

CAREFUL = "باغبان‌ها گل‌ها را می‌چینند. سردبیر گل‌خانه را می‌بیند و گل‌خانه خوب است. "
GLUED = "باران تند آمد. باران تند بود. باران تند شد. باران تند رفت. باران تند ماند. باران تند گذشت. "
PUBLISHED = Published(
    vocabulary=frozenset(("باغبان", "گل", "خانه", "باران", "تند", "سردبیر")),
    compounds=frozenset(("گل‌خانه",)),
    hazm={"گل": (9, ("N",)), "تند": (2000, ("AJ",)), "ژژ": (0, ("0",))},
    given_names=frozenset(),
    past=frozenset(("چید", "دید")),
    present=frozenset(("چین", "بین")),
)


def test_counts_keep_careful_texts_apart() -> None:
    counts = count([CAREFUL, "گل ها را می چینند", GLUED, GLUED])
    assert counts.words["گل‌خانه"] == 2
    assert counts.words["باران"] == 6  # a text that recurs counts once
    assert counts.careful_words["باران"] == 0
    assert counts.pairs["گل", "ها"] == 1
    assert counts.careful_pairs["گل", "ها"] == 0
    assert counts.spaced(["گل", "ها"], careful=False) == 1


def test_sections_of_the_lexicon() -> None:
    sections = learn(count([CAREFUL, GLUED, "بارانتند " * 3, "گلخانه"]), PUBLISHED)
    assert "باران" in sections["words"]
    assert "ژژ" not in sections["words"]  # listed without frequency or part of speech
    assert "3گل_خانه" in sections["compounds"]
    assert sections["adjectives"] == ["تند"]
    assert "چید" in sections["past"]


def test_a_glued_word_is_split_only_after_a_letter_that_does_not_join() -> None:
    pairs = "در خانه ماند. " * 20
    sections = learn(count([pairs, "درخانه بود درخانه ماند درخانه رفت", "باران"]), PUBLISHED)
    assert "در خانه" in sections["splits"]
    assert "درخانه" not in sections["words"]


def test_what_a_replacing_editor_joined_is_not_learned() -> None:
    careful = "گل‌ها را می‌چینند. گل‌ها علمی‌در باغ می‌چینند و گل‌خانه‌ها. " * 3
    compounds = learn(count([careful, "باغ علمی در شهر"]), PUBLISHED)["compounds"]
    assert not any("علمی_در" in line for line in compounds)
    assert any("گل_خانه" in line for line in compounds)


def test_participles_that_lists_join_are_attributes() -> None:
    lists = replace(PUBLISHED, compounds=frozenset(("چیده‌شده", "ثبت‌شده", "گفته‌شده")))
    spaced = "گل ثبت شده است. " * 9
    attributes = learn(count([CAREFUL, spaced, "گفته شده است"]), lists)["attributes"]
    assert "ثبت_شده" in attributes
    assert "گفته_شده" not in attributes  # a verb of saying


def test_function_words_glued_to_and_are_always_parted() -> None:
    sections = learn(count([CAREFUL, "ودر باغ " * 9]), PUBLISHED)
    assert "و در" in sections["splits"]
    assert "ودر" not in sections["words"]
