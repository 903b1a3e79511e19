"""The clauses of a document: where they begin and which words are their verbs, found once a sentence."""

from bisect import bisect_right
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from workers.nlp.knowledge.cues import CueLexicon
from workers.nlp.knowledge.marks import CLOSING, STRAIGHT

SHORT_QUOTE = 4  # tokens; a shorter quotation is a name or a scare quote
END = frozenset(".!؟?…")
COMMA = frozenset("،,؛;")
_STRONG = frozenset("؛.!؟?:…")
_LINKS = frozenset(("،", ",", "که"))
_TURNS = _STRONG | _LINKS | CLOSING | STRAIGHT  # these and conjunctions alone part clauses


@dataclass(frozen=True, slots=True)
class Clauses:
    """Answers questions about clauses; positions are tokens."""

    keys: Sequence[str]
    firsts: Sequence[int]  # of each sentence its first token
    quote_start: Mapping[int, int]  # closing mark → opening mark
    lexicon: CueLexicon
    _begins: dict[int, list[int]] = field(default_factory=dict)  # by sentence

    def is_finite(self, at: int) -> bool:
        """Whether a token is a finite verb."""
        return self.lexicon.morphology.is_finite(self.keys[at])

    def is_verb(self, at: int) -> bool:
        """Whether a token is a finite verb or a copula."""
        return self.is_finite(at) or self.keys[at] in self.lexicon.words.copulas

    def is_long_quote(self, at: int) -> bool:
        """Whether a token closes a quotation that may be a content."""
        start = self.quote_start.get(at)
        return start is not None and at - start > SHORT_QUOTE

    def begin(self, low: int, cue: int) -> int:
        """Where the clause of a cue begins: after the last finite verb or strong stop behind `low`."""
        keys = self.keys
        if cue > low:  # right behind one of these the cue itself begins a clause
            key = keys[cue - 1]
            if key in _STRONG or self.is_long_quote(cue - 1):
                return cue
            if cue - 2 >= low and key in self.lexicon.words.conjunctions:
                return cue
        begins = self._of_sentence(cue)
        for place in range(bisect_right(begins, cue) - 1, -1, -1):
            at = begins[place]
            if at <= low:
                break
            if at - 2 >= low or keys[at - 1] in _STRONG or self.is_long_quote(at - 1):
                return at
        return low

    def _of_sentence(self, token: int) -> list[int]:
        """Where clauses begin in the sentence of a token."""
        sentence = bisect_right(self.firsts, token) - 1
        found = self._begins.get(sentence)
        if found is None:
            keys, conjunctions = self.keys, self.lexicon.words.conjunctions
            first = self.firsts[sentence]
            last = self.firsts[sentence + 1] if sentence + 1 < len(self.firsts) else len(keys)
            found = self._begins[sentence] = [
                at
                for at in range(first + 1, last)
                if (keys[at - 1] in _TURNS or keys[at - 1] in conjunctions) and self._begins_at(at)
            ]
        return found

    def _begins_at(self, at: int) -> bool:
        """Whether a clause begins at a token, as the words before it tell."""
        key = self.keys[at - 1]
        if key in _STRONG or (self.keys[at] in COMMA and self.is_long_quote(at - 1)):
            return True
        linked = key in self.lexicon.words.conjunctions or key in _LINKS
        return linked and at >= 2 and self._closes(at - 2)

    def _closes(self, at: int) -> bool:
        """Whether a token may end a finite clause."""
        keys, key = self.keys, self.keys[at]
        if self.is_long_quote(at) or key in END or key in "،؛":
            return True
        if at + 2 < len(keys) and keys[at + 1] == "و" and keys[at + 2].startswith("گو"):
            return False  # «گفت و گو»
        return self.is_finite(at)
