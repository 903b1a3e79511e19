"""Turns documents into the lines of tokens that the student learns from, and numbers words and attributes.

A document is one line of tokens with `EDGE` between sentences; long ones are cut at a sentence's end.
"""

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from workers.nlp.document import Document
from workers.nlp.entities.features import EDGE, DocumentSight, WordKnowledge
from workers.nlp.entities.student import MOST_PARTS, word_attributes
from workers.training.shipped import find_quantities

Array = NDArray[Any]
ROW = 256  # tokens of a row of a batch
MARKS = 6  # marks of a token, beside the attributes of its word


@dataclass(frozen=True, slots=True)
class Example:
    """A line of tokens: words, marks and, for each teacher, label probabilities.

    `words` are numbers in `Inventory.words`, `marks` rows of the vectors (0: none) [tokens, 6], `targets`
    [tokens, teachers, labels], `weights` 0 for tokens that teach nothing.
    """

    words: Array
    marks: Array
    targets: Array
    weights: Array


class Inventory:
    """The words of the training and the attributes that have a vector."""

    def __init__(self, knowledge: WordKnowledge) -> None:
        self.knowledge = knowledge
        self.sight = DocumentSight(knowledge)
        self.words: dict[str, int] = {}
        self.parts: list[tuple[str, ...]] = []
        self.counts: Counter[str] = Counter()
        self.rows: dict[str, int] = {}

    def word(self, word: str) -> int:
        """The number of a word, new or known."""
        number = self.words.get(word)
        if number is None:
            number = self.words[word] = len(self.parts)
            self.parts.append(tuple(word_attributes(self.knowledge, word)))
        return number

    def read(self, document: Document) -> tuple[list[int], list[tuple[str, ...]]]:
        """Each token's word and marks; counts the attributes."""
        texts = [t.text for t in document.tokens]
        marks = self.sight.marks(document, texts, find_quantities(document))
        words = [self.word(t) for t in texts]
        for number in words:
            self.counts.update(self.parts[number])
        for own in marks.values():
            self.counts.update(own)
        return words, [tuple(marks.get(i, ())) for i in range(len(texts))]

    def settle(self, least_word: int = 3, least: int = 8) -> None:
        """Give rows, from 1, to the attributes that were met often enough, and to `EDGE`."""
        self.word(EDGE)
        kept = sorted(a for a, n in self.counts.items() if n >= (least_word if a.startswith("w=") else least))
        self.rows = {a: i for i, a in enumerate(sorted({*kept, "w=<s>"}), 1)}

    def table(self) -> Array:
        """The rows of each word's attributes, [words, parts]; 0 where there are fewer."""
        table = np.zeros((len(self.parts), MOST_PARTS), np.int32)
        for number, parts in enumerate(self.parts):
            own = [self.rows[a] for a in parts if a in self.rows]
            table[number, : len(own)] = own
        return table


def examples(
    inventory: Inventory,
    document: Document,
    read: tuple[list[int], list[tuple[str, ...]]],
    targets: Array,
    weights: Array,
) -> Iterator[Example]:
    """The lines of a document, each of as many whole sentences as a row holds."""
    words, marks = read
    edge = inventory.words[EDGE]
    line: list[int] = [-1]

    def build() -> Example:
        at = np.array(line)
        known = at >= 0
        out_words = np.where(known, np.array(words)[at], edge).astype(np.int32)
        out_marks = np.zeros((len(at), MARKS), np.int32)
        for place, number in enumerate(line):
            if number >= 0 and marks[number]:
                own = [inventory.rows[m] for m in marks[number] if m in inventory.rows][:MARKS]
                out_marks[place, : len(own)] = own
        return Example(
            out_words,
            out_marks,
            (targets[at] * known[:, None, None]).astype(np.float16),
            (weights[at] * known).astype(np.float16),
        )

    for sentence in document.sentences:
        for start in range(sentence.first, sentence.last, ROW - 2):
            part = range(start, min(sentence.last, start + ROW - 2))
            if len(line) + len(part) + 1 > ROW:
                yield build()
                line = [-1]
            line += part
        line.append(-1)
    if len(line) > 2:
        yield build()


def one_hot(labels: Iterable[int], size: int, teachers: int, smooth: float = 0.02) -> Array:
    """Targets of known labels (-1: none), the same for each teacher, smoothed a little over all labels."""
    numbers = np.array(list(labels))
    out = np.full((len(numbers), size), smooth / size)
    out[np.arange(len(numbers)), np.maximum(numbers, 0)] += 1 - smooth
    return np.repeat(out[:, None], teachers, 1).astype(np.float16)
