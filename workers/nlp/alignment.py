"""Text that remembers where each of its characters came from."""

from array import array
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np

Edit = tuple[int, int, str]
"""Replace the half-open range [start, end) by a string; code points of the text it is applied to."""

_COUNTED = 1 << 16
_COUNT = array("l", range(_COUNTED))  # copying a part is many times faster than counting anew


@dataclass(frozen=True, slots=True)
class AlignedText:
    """A text with, for each character, the half-open raw range [starts[i], ends[i]) it came from.

    Ranges never run backwards. An inserted character has an empty range at its place.
    """

    text: str
    starts: array[int]
    ends: array[int]

    @classmethod
    def identity(cls, raw: str, offset: int = 0) -> "AlignedText":
        """`raw` aligned with itself, its first character at raw position `offset`."""
        n = len(raw)
        if offset + n < _COUNTED:
            return cls(raw, _COUNT[offset : offset + n], _COUNT[offset + 1 : offset + n + 1])
        starts, ends = array("l"), array("l")
        starts.frombytes(np.arange(offset, offset + n, dtype="l").tobytes())
        ends.frombytes(np.arange(offset + 1, offset + n + 1, dtype="l").tobytes())
        return cls(raw, starts, ends)

    def __len__(self) -> int:
        return len(self.text)

    def __getitem__(self, part: slice) -> "AlignedText":
        return AlignedText(self.text[part], self.starts[part], self.ends[part])

    def with_text(self, text: str) -> "AlignedText":
        """The same alignment under a text of equal length (a one-to-one translation)."""
        if len(text) != len(self.text):
            raise ValueError("a one-to-one translation keeps the length")
        return AlignedText(text, self.starts, self.ends)

    def edit(self, edits: Sequence[Edit]) -> "AlignedText":
        """Apply ordered, non-overlapping edits.

        A replacement of the same length stays aligned one to one; else each of its characters
        stands for the whole range replaced; an insertion stands at an empty range.
        """
        if not edits:
            return self
        pieces: list[str] = []
        starts, ends = array("l"), array("l")
        at = 0
        for start, end, new in edits:
            pieces.append(self.text[at:start])
            starts += self.starts[at:start]
            ends += self.ends[at:start]
            if new:
                pieces.append(new)
                if len(new) == end - start:
                    starts += self.starts[start:end]
                    ends += self.ends[start:end]
                elif start < end:
                    starts += array("l", [self.starts[start]]) * len(new)
                    ends += array("l", [self.ends[end - 1]]) * len(new)
                else:
                    here = self.ends[start - 1] if start else (self.starts[0] if self.starts else 0)
                    starts += array("l", [here]) * len(new)
                    ends += array("l", [here]) * len(new)
            at = end
        pieces.append(self.text[at:])
        starts += self.starts[at:]
        ends += self.ends[at:]
        return AlignedText("".join(pieces), starts, ends)

    def raw_span(self, start: int, end: int) -> tuple[int, int]:
        """The raw half-open range that [start, end) of the text came from: the outermost ends."""
        if start >= end:
            here = self.starts[start] if start < len(self.starts) else (self.ends[-1] if self.ends else 0)
            return here, here
        return self.starts[start], max(self.starts[start], self.ends[end - 1])


def concatenate(parts: Iterable[AlignedText], separator: str = "") -> AlignedText:
    """Join texts; the characters of `separator` have an empty range at the end of the part before."""
    pieces: list[str] = []
    starts, ends = array("l"), array("l")
    for number, part in enumerate(parts):
        if number and separator:
            here = ends[-1] if ends else 0
            pieces.append(separator)
            starts += array("l", [here]) * len(separator)
            ends += array("l", [here]) * len(separator)
        pieces.append(part.text)
        starts += part.starts
        ends += part.ends
    return AlignedText("".join(pieces), starts, ends)
