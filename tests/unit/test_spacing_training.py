"""What counting tells: compounds, glued words and words that are right as they are."""

from workers.training.spacing.counts import count
from workers.training.spacing.learn import Published, learn

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
