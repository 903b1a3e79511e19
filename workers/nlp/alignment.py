"""Text that remembers where each of its characters came from."""

from array import array
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from itertools import accumulate

import numpy as np

Edit = tuple[int, int, str]
"""Replace the half-open range [start, end) by a string; code points of the text it is applied to."""

_MANY = 100  # number of edits from which arrays are faster than one edit after the other
_COUNTED = 1 << 16
_COUNT = array("l", range(_COUNTED))  # copying a part is many times faster than counting again


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
        if len(edits) >= _MANY and self.text:
            return self._edit_many(edits)
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

    def _edit_many(self, edits: Sequence[Edit]) -> "AlignedText":
        """Do what `edit` does, by arrays: each segment of the new text, kept or new, is a run of one rule."""
        firsts = [edit[0] for edit in edits]
        lasts = [edit[1] for edit in edits]
        text = self.text
        pieces = [""] * (2 * len(edits) + 1)
        pieces[0::2] = [text[start:end] for start, end in zip([0, *lasts], [*firsts, len(text)], strict=True)]
        pieces[1::2] = [edit[2] for edit in edits]
        lengths = np.fromiter(map(len, pieces), np.int64, len(pieces))
        total = int(lengths.sum())
        begins = np.zeros(len(pieces), np.int64)  # of each segment in the old text
        begins[1::2] = firsts
        begins[2::2] = lasts
        source = np.arange(total) + np.repeat(begins - (np.cumsum(lengths) - lengths), lengths)
        # characters that stand for a whole range, or for an empty one
        whole = np.zeros(len(pieces), bool)
        ranges = np.array(lasts, np.int64) - begins[1::2]
        whole[1::2] = (lengths[1::2] != ranges) & (lengths[1::2] > 0)
        stands = np.repeat(whole, lengths)
        source[stands] = 0
        old_starts, old_ends = np.frombuffer(self.starts, "l"), np.frombuffer(self.ends, "l")
        starts, ends = old_starts[source], old_ends[source]
        first = begins[whole]
        last = first + ranges[whole[1::2]]
        here = np.where(first > 0, old_ends[first - 1], old_starts[0])
        begin = np.where(first < last, old_starts[np.minimum(first, len(text) - 1)], here)
        end = np.where(first < last, old_ends[last - 1], here)
        starts[stands] = np.repeat(begin, lengths[whole])
        ends[stands] = np.repeat(end, lengths[whole])
        return AlignedText("".join(pieces), _array(starts), _array(ends))

    def raw_span(self, start: int, end: int) -> tuple[int, int]:
        """The raw half-open range that [start, end) of the text came from: the outermost ends."""
        if start >= end:
            here = self.starts[start] if start < len(self.starts) else (self.ends[-1] if self.ends else 0)
            return here, here
        return self.starts[start], max(self.starts[start], self.ends[end - 1])


def _array(values: "np.ndarray[tuple[int], np.dtype[np.int64]]") -> array[int]:
    counted = array("l")
    counted.frombytes(values.tobytes())
    return counted


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


def change_lines(
    lines: Sequence[AlignedText], change: Callable[[AlignedText], AlignedText]
) -> list[AlignedText]:
    """What `change` makes of each line, asked once for all of them: many short ones cost no more than a long.

    `change` may look as far as the line breaks beside a line, and inserts nothing before its first character.
    Where a text holds a line break, or the change makes or removes one, each text is changed alone.
    """
    if len(lines) > 1:
        whole = concatenate(lines, "\n")
        if whole.text.count("\n") == len(lines) - 1:
            whole = change(whole)
            texts = whole.text.split("\n")
            if len(texts) == len(lines):
                ends = accumulate(map(len, texts), lambda end, length: end + 1 + length)
                return [
                    AlignedText(text, whole.starts[end - len(text) : end], whole.ends[end - len(text) : end])
                    for text, end in zip(texts, ends, strict=True)
                ]
    return [change(line) for line in lines]
