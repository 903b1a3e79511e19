"""Collects what is known of words before learning: counts, published lists, and what usually joins."""

import re
from collections import Counter, defaultdict
from collections.abc import Mapping
from dataclasses import dataclass

from workers.nlp.knowledge.spacing import ZWNJ, verb_forms
from workers.training.spacing.counts import LETTERS, Counts
from workers.training.spacing.word_kinds import BOUND_INSIDE, BOUND_TAILS, MODALS, NEVER_APART, NO_GLUED_TAIL

WORD = re.compile(rf"[{LETTERS}]+")


@dataclass(frozen=True)
class Published:
    """Word lists of others, under licences that allow it (see NOTICE)."""

    vocabulary: frozenset[str]
    compounds: frozenset[str]
    hazm: Mapping[str, tuple[int, tuple[str, ...]]]
    """hazm's words → frequency and parts of speech."""
    given_names: frozenset[str]
    past: frozenset[str]
    present: frozenset[str]


class Evidence:
    """Counts and lists, and what follows directly from them."""

    def __init__(self, counts: Counts, published: Published) -> None:
        self.counts = counts
        self.published = published
        self.verbs = verb_forms(published.past, published.present, MODALS)
        self.hazm = {w for w, (n, pos) in published.hazm.items() if n > 0 or pos != ("0",)}
        self.listed = published.vocabulary | self.hazm
        names = published.given_names
        self.names = {name for name in names if counts.words[name] >= 20}
        seen = {w for w, n in counts.words.items() if n >= 3}
        self.heads, self.tails = self._parts()
        self.glued_tails = (
            {
                tail
                for tail, (share, n) in self.tails.items()
                if share >= 0.25 and n >= 10 and len(tail) > 2 and not self.is_finite(tail)
            }
            - NO_GLUED_TAIL
            | BOUND_TAILS
            | BOUND_INSIDE
        )
        self.candidates = {w for w in seen | self.listed if WORD.fullmatch(w)}

    def is_finite(self, tail: str) -> bool:
        """Whether a word is a verb in the third person, after a preverb or alone: «آید», «گیرند»."""
        stem = tail.removesuffix("ند") if tail.endswith("ند") else tail.removesuffix("د")
        return (stem != tail and stem in self.published.present) or tail in self.published.past

    def _parts(self) -> tuple[dict[str, tuple[float, int]], dict[str, tuple[float, int]]]:
        """First and last parts of compounds of two → share of joined writings, number of partners."""
        joined: tuple[Counter[str], Counter[str]] = (Counter(), Counter())
        partners: tuple[dict[str, set[str]], dict[str, set[str]]] = (defaultdict(set), defaultdict(set))
        for word, n in self.counts.careful_words.items():
            parts = word.split(ZWNJ)
            if len(parts) == 2:
                for side in (0, 1):
                    joined[side][parts[side]] += n
                    partners[side][parts[side]].add(parts[1 - side])
        spaced: tuple[Counter[str], Counter[str]] = (Counter(), Counter())
        for pair, n in self.counts.careful_pairs.items():
            for side in (0, 1):
                if pair[side] in joined[side]:
                    spaced[side][pair[side]] += n
        heads, tails = (
            {
                part: (n / (n + spaced[side][part]), len(partners[side][part]))
                for part, n in joined[side].items()
                if not part.startswith(NEVER_APART)
            }
            for side in (0, 1)
        )
        return heads, tails
