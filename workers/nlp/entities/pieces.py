"""Cuts words into sub-word pieces: the Unigram model of SentencePiece, one word at a time.

A piece sequence maximises the sum of its pieces' log probabilities (Kudo 2018, arXiv:1804.10959). Words are
cut apart before, so a word can be cached: news repeats its words.
"""

import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

_META = "▁"
_LONGEST_WORD = 64  # letters; what is longer is a URL or noise, and its head tells that


@dataclass(frozen=True, slots=True)
class PieceModel:
    """The vocabulary: `ids` by piece, `scores` (log probability) by id."""

    ids: Mapping[str, int]
    scores: Sequence[float]
    unknown: int
    longest: int
    floor: float  # score of a letter that no piece holds
    _cache: dict[str, tuple[int, ...]] = field(default_factory=dict, compare=False)

    @classmethod
    def of(cls, pieces: Sequence[str], scores: Sequence[float], unknown: int) -> "PieceModel":
        """A model of pieces in the order of their ids."""
        ids = {piece: number for number, piece in enumerate(pieces)}
        return cls(ids, list(scores), unknown, max(map(len, pieces)), min(scores) - 10.0)

    def encode(self, word: str, spaced: bool) -> tuple[int, ...]:
        """The ids of one token's pieces, at least one; `spaced`: white space stood before it."""
        key = f" {word}" if spaced else word
        found = self._cache.get(key)
        if found is None:
            found = self._encode(key[: _LONGEST_WORD + 1])
            if len(self._cache) > 200_000:
                self._cache.clear()
            self._cache[key] = found
        return found

    def _encode(self, key: str) -> tuple[int, ...]:
        letters = unicodedata.normalize("NFKC", key.replace("\u200c", " ").replace("\u200d", " "))
        letters = letters[: _LONGEST_WORD + 1]  # NFKC writes one code point as up to 18
        text = _META.join(letters.split(" ")) if " " in letters else letters
        n = len(text)
        if not n:
            return (self.unknown,)
        ids, scores, longest, floor = self.ids, self.scores, self.longest, self.floor
        best = [0.0] + [-1e30] * n
        back: list[tuple[int, int]] = [(0, self.unknown)] * (n + 1)
        for start in range(n):
            base = best[start]
            for end in range(start + 1, min(n, start + longest) + 1):
                piece = ids.get(text[start:end])
                score = (
                    base + scores[piece]
                    if piece is not None
                    else (base + floor if end == start + 1 else -1e30)
                )
                if score > best[end]:
                    best[end] = score
                    back[end] = (start, self.unknown if piece is None else piece)
        path: list[int] = []
        end = n
        while end:
            end, piece = back[end]
            path.append(piece)
        return tuple(reversed(path))
