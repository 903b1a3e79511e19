"""The random field of both profiles: reading its file, and the label scores it gives a document.

The file is a numpy archive: attributes with their weights (a sparse matrix), transitions between labels,
and word classes. `workers/training` writes it.
"""

import io
import zipfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from workers.nlp.document import Document
from workers.nlp.entities.crf import Array, bio_transitions
from workers.nlp.entities.features import (
    EDGE,
    OFFSETS,
    PAIRS,
    DocumentSight,
    WordKnowledge,
    bounded,
    coarse,
    normal,
)
from workers.nlp.knowledge import Knowledge

_MOST_WORDS = 40_000  # different ones of a document, and in the table before it begins anew: 15 MB
_PAD = 3
_LONGEST = 300  # tokens of a chain


class WordTable:
    """The weights of each word met so far, for each offset it can be seen from."""

    def __init__(self, labels: int) -> None:
        self.labels = labels
        self.clear()

    def clear(self) -> None:
        """Forget all words."""
        self.index: dict[str, int] = {}
        self.classes: NDArray[np.int32] = np.zeros(1024, np.int32)
        self.weights: Array = np.zeros((1024, len(OFFSETS), self.labels), np.float32)
        self.forms: list[str] = []

    def add(self, word: str, form: str, cluster: int, weights: Array) -> int:
        """Keep a word; the table doubles as it fills."""
        number = len(self.index)
        if number == len(self.weights):
            self.weights = np.concatenate([self.weights, np.zeros_like(self.weights)])
            self.classes = np.concatenate([self.classes, np.zeros_like(self.classes)])
        self.weights[number] = weights
        self.classes[number] = cluster
        self.forms.append(form)
        self.index[word] = number
        return number


@dataclass(frozen=True, slots=True)
class ChainModel:
    """Scores of labels: `rows` names the row of `weights` that an attribute has (row 0: nothing known).

    `seen` names for an attribute of a word the indices of the offsets from which it counts, and their rows.
    """

    labels: tuple[str, ...]
    transitions: Array
    rows: Mapping[str, int]
    seen: Mapping[str, tuple[Sequence[int], Sequence[int]]]
    weights: Array
    knowledge: WordKnowledge
    bigrams: Mapping[str, tuple[int, int]]
    pairs: NDArray[np.int32]  # [pair, class, class]: row
    sight: DocumentSight
    table: WordTable = field(compare=False)

    @classmethod
    def read(cls, data: bytes, known: Knowledge) -> "ChainModel":
        """The model in a file's bytes."""
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            names = archive.read("attributes.txt").decode().split("\n")
            words = archive.read("words.txt").decode().splitlines()
            labels = tuple(archive.read("labels.txt").decode().split("\n"))
            load = {
                n: np.load(io.BytesIO(archive.read(f"{n}.npy")))
                for n in ("counts", "columns", "values", "transitions", "classes")
            }
        weights = np.zeros((len(names) + 1, len(labels)), np.float32)
        at = np.repeat(np.arange(1, len(names) + 1), load["counts"])
        weights[at, load["columns"]] = load["values"]
        rows = {name: number for number, name in enumerate(names, 1)}
        classes = dict(zip(words, map(tuple, load["classes"].tolist()), strict=True))
        knowledge = WordKnowledge.of(classes, known)
        size = max((c[1] for c in classes.values()), default=0) + 2
        pairs = np.zeros((len(PAIRS), size, size), np.int32)
        bigrams: dict[str, list[int]] = {}
        offsets = {str(k): i for i, k in enumerate(OFFSETS)}
        seen: dict[str, tuple[list[int], list[int]]] = {}
        for name, row in rows.items():
            offset, _, attribute = name.partition("|")
            if offset in offsets:
                at_offsets, at_rows = seen.setdefault(attribute, ([], []))
                at_offsets.append(offsets[offset])
                at_rows.append(row)
                continue
            kind, _, rest = name.partition("=")
            if kind[0] == "q":
                left, _, right = rest.partition("_")
                pairs[int(kind[1:]), int(left), int(right)] = row
            elif kind in ("a", "b"):
                bigrams.setdefault(rest, [0, 0])[kind == "a"] = row
        return cls(
            labels=labels,
            transitions=bio_transitions(labels, load["transitions"].astype(np.float32)),
            rows=rows,
            seen=seen,
            weights=weights,
            knowledge=knowledge,
            bigrams={k: (v[0], v[1]) for k, v in bigrams.items()},
            pairs=pairs,
            sight=DocumentSight(knowledge),
            table=WordTable(len(labels)),
        )

    def _word(self, word: str) -> int:
        total = np.zeros((len(OFFSETS), len(self.labels)), np.float32)
        offsets: list[int] = []
        rows: list[int] = []
        for attribute, _ in self.knowledge.attributes(word):
            found = self.seen.get(attribute)
            if found:
                offsets += found[0]
                rows += found[1]
        np.add.at(total, np.array(offsets, np.int64), self.weights[np.array(rows, np.int64)])
        form = EDGE if word == EDGE else normal(word)
        return self.table.add(word, form, coarse(self.knowledge, word), total)

    def scores(self, document: Document, texts: list[str], marks: Mapping[int, Sequence[str]]) -> Array:
        """The score of each label at each token, [tokens, labels].

        `texts` are the tokens', `marks` what `sight` sees of the document.
        """
        table = self.table
        if len(table.index) > _MOST_WORDS:
            table.clear()
        edge = table.index.get(EDGE)
        if edge is None:
            edge = self._word(EDGE)
        words = bounded(texts, _MOST_WORDS)
        index = table.index
        numbers = [index[w] if w in index else self._word(w) for w in words]
        line = np.full(len(words) + _PAD * (len(document.sentences) + 1), edge, np.int64)
        place = np.arange(len(words))
        known = np.array(numbers, np.int64)
        for count, sentence in enumerate(document.sentences, 1):
            place[sentence.first : sentence.last] += count * _PAD
        line[place] = known
        total = np.zeros((len(words), len(self.labels)), np.float32)
        for i, k in enumerate(OFFSETS):
            total += table.weights[line[place + k], i]
        classes = table.classes[line]
        for i, (a, b) in enumerate(PAIRS):
            total += self.weights[self.pairs[i, classes[place + a], classes[place + b]]]
        self._add_bigrams(total, line, place)
        for number, told in marks.items():
            for mark in told:
                total[number] += self.weights[self.rows.get(mark, 0)]
        return total

    def _add_bigrams(self, total: Array, line: NDArray[np.int64], place: NDArray[np.int64]) -> None:
        forms, bigrams = self.table.forms, self.bigrams
        row = [forms[i] for i in line.tolist()]
        found = [bigrams.get(a + "|" + b) for a, b in pairwise(row)]
        back = np.full(len(line) + 1, -1, np.int64)
        back[place] = np.arange(len(place))
        targets: list[int] = []
        sources: list[int] = []
        for at, pair in enumerate(found):
            if pair:
                if pair[0] and back[at + 1] >= 0:
                    targets.append(int(back[at + 1]))
                    sources.append(pair[0])
                if pair[1] and back[at] >= 0:
                    targets.append(int(back[at]))
                    sources.append(pair[1])
        np.add.at(total, np.array(targets, np.int64), self.weights[np.array(sources, np.int64)])


def starts_and_lengths(document: Document) -> tuple[list[int], list[int]]:
    """Where each chain begins among the tokens, and how many it has: sentences, the longest ones cut.

    All chains advance together, so a text without a stop would go step by step through a million tokens.
    """
    starts: list[int] = []
    lengths: list[int] = []
    for sentence in document.sentences:
        for start in range(sentence.first, sentence.last, _LONGEST):
            starts.append(start)
            lengths.append(min(_LONGEST, sentence.last - start))
    return starts, lengths
