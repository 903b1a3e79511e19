"""Finds who acted last, where nobody has a name: «وزیر ورزش از اردو دیدن کرد. وی گفت: …»."""

from bisect import bisect_right
from collections.abc import Set

from workers.nlp.document import Document, Range
from workers.nlp.knowledge.cues import CueLexicon
from workers.nlp.knowledge.folding import glue

REACH = 3  # sentences before a pronoun in which who acts is looked for
LONGEST = 12  # tokens of the phrase


def starts_of_days(document: Document) -> frozenset[int]:
    """Where the days and times of a document begin, in code points."""
    return frozenset(
        m.start
        for e in document.entities
        if e.type in ("DATE", "TIME")
        for m in e.mentions
        if m.kind == "name"
    )


def acting_before(document: Document, lexicon: CueLexicon, place: int, days: Set[int]) -> Range | None:
    """The office or person without a name that begins one of the sentences before a place; None if none does.

    The phrase ends before a verb, a mark, a preposition, or one of `days`. Code points of the text.
    """
    sentences = document.sentences
    this = bisect_right(sentences, place, key=lambda s: s.start) - 1
    for sentence in reversed(sentences[max(0, this - REACH) : max(0, this)]):
        found = _head_phrase(document, lexicon, sentence.first, sentence.last, days)
        if found is not None:
            return found
    return None


def _head_phrase(
    document: Document, lexicon: CueLexicon, first: int, last: int, days: Set[int]
) -> Range | None:
    tokens, words = document.tokens, lexicon.words
    keys = [glue(token.text) for token in tokens[first : min(last, first + LONGEST)]]
    if (
        not keys
        or not (keys[0] in words.roles or keys[0] in words.humans)
        or keys[0] in words.plural_pronouns
    ):
        return None
    end = 0
    for number, key in enumerate(keys):
        stops = (
            not key[0].isalnum()
            or key in words.prepositions
            or key in words.circumstance
            or key == "را"
            or tokens[first + number].start in days
            or lexicon.morphology.is_finite(key)
        )
        if stops:
            break
        end = number + 1
    if not end or end == len(keys):
        return None  # the phrase has no end, so it has no clause of its own
    return Range(tokens[first].start, tokens[first + end - 1].end)
