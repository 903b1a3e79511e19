"""Finds compounds with two right spellings: «قانونگذاری», «بزرگتر»."""

from collections import defaultdict
from collections.abc import Sequence

from workers.nlp.cleaning.spacing.words import JOINING
from workers.nlp.knowledge.affixes import IMPERFECT_PREFIXES
from workers.nlp.knowledge.spacing import ZWNJ, is_verb
from workers.training.spacing.evidence import Evidence
from workers.training.spacing.word_kinds import (
    ADJECTIVE_ENDINGS,
    BOUND_INSIDE,
    BOUND_TAILS,
    COMPARATIVES,
    NO_OPTIONAL_TAIL,
    NUMBERS,
    PREFIXES,
    VERBAL_ENDINGS,
)

_HABITS = {  # written apart by the Academy's orthography, whatever the counts
    **dict.fromkeys(("بی", *COMPARATIVES), 0.8),
    **dict.fromkeys(BOUND_TAILS | BOUND_INSIDE, 0.6),
}
_EVER = 0.15
"""Least share of spellings with a half space of a comparative that may be written so."""
_KIND = 3.0
"""Weight of a kind's habit in judging one of its compounds, in words."""
_PARTNERS = 6


def optional_compounds(facts: Evidence, words: set[str], by_letters: dict[str, str]) -> set[str]:
    """Compounds that are also written glued («قانونگذاری», «بزرگتر»), and mostly are not.

    A rare one is judged by its kind, that is by what careful texts do with other words of the same head or
    tail. The glued forms are moved from `words` to `by_letters`.
    """
    forms = {word: _decompositions(facts, word) for word in words | by_letters.keys()}
    shares: dict[tuple[int, str], list[float]] = defaultdict(list)
    for word, parts in forms.items():
        glued = _glued(facts, word)
        for head, tail in parts:
            joined = _joined(facts, head, tail)
            if joined + glued >= 1:
                share = joined / (joined + glued)
                shares[0, head].append(share)
                shares[1, tail].append(share)
    optional: set[str] = set()
    for word in words:
        for head, tail in forms[word]:
            joined = _joined(facts, head, tail)
            habit = max(
                _HABITS.get(head, 0), _HABITS.get(tail, 0), _mean(shares[0, head]), _mean(shares[1, tail])
            )
            glued = _glued(facts, word)
            apart = tail in COMPARATIVES and joined > _EVER * glued  # «بیشتر» is none
            if apart or joined + _KIND * habit > glued + _KIND * (1 - habit):
                by_letters[word] = head + ZWNJ + tail
                optional.add(head + ZWNJ + tail)
    words -= {form.replace(ZWNJ, "") for form in optional}
    return optional


def _joined(facts: Evidence, head: str, tail: str) -> int:
    """How often a compound was seen with a half space; some texts write no-break spaces for it."""
    form = head + ZWNJ + tail
    return max(facts.counts.words[form], facts.counts.careful_words[form])


def _glued(facts: Evidence, word: str) -> float:
    """Evidence for writing a word glued; texts without half spaces count little."""
    careful = facts.counts.careful_words[word]
    return careful + 0.1 * (facts.counts.words[word] - careful)


def _decompositions(facts: Evidence, word: str) -> list[tuple[str, str]]:
    """Head and tail of a word that may be a compound, one of them of a kind that careful texts join."""
    if word in facts.names or len(word) < 5 or is_verb(word, facts.verbs):
        return []
    cuts = ((word[:cut], word[cut:]) for cut in range(2, len(word) - 1) if word[cut - 1] in JOINING)
    return [(head, tail) for head, tail in cuts if _is_decomposition(facts, head, tail)]


def _is_decomposition(facts: Evidence, head: str, tail: str) -> bool:
    counts, hazm = facts.counts.words, facts.published.hazm
    if head in NUMBERS or head in IMPERFECT_PREFIXES:
        return False
    if _joined(facts, head, tail) >= 2:
        return head in facts.listed and tail in facts.listed and tail not in NO_OPTIONAL_TAIL
    if head in PREFIXES:  # «بینان» is of «بین»
        listed = head + tail in facts.listed and tail in facts.listed
        return listed and counts[tail] >= 50 and len(tail) > 2 and tail not in VERBAL_ENDINGS
    if len(head) < 3 or head not in facts.listed or counts[head] < 5:
        return False
    if tail in COMPARATIVES:
        adjective = hazm.get(head, (0, ()))[0] > 50 and "AJ" in hazm[head][1]
        return adjective and any(_joined(facts, head, ending) for ending in ADJECTIVE_ENDINGS)
    return tail in facts.glued_tails and tail not in NO_OPTIONAL_TAIL


def _mean(shares: Sequence[float]) -> float:
    """Mean of the shares of a kind; a kind with few members gives none."""
    return sum(shares) / len(shares) if len(shares) >= _PARTNERS else 0.0
