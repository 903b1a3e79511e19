"""The student of both profiles: a small convolutional network, evaluated in numpy.

A word's vector is the sum of its attributes' vectors, formed once and kept; a few dilated convolutions over
the line of all tokens, `EDGE` between sentences, let each token see some sixteen to either side. Its output
is the label probabilities that the encoder of `accurate` would give. `workers/training/student.py` makes
the file.
"""

import io
import zipfile
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import islice

import numpy as np
from numpy.typing import NDArray

from workers.nlp.document import Document
from workers.nlp.entities.crf import Array
from workers.nlp.entities.features import EDGE, WordKnowledge, bounded

_MOST_WORDS = 40_000  # different ones of a document, and in the table before it begins anew: 15 MB
_BLOCK = 4096  # tokens that are computed together: bounds the memory, whatever the text's length
MOST_PARTS = 24  # attributes of a word that count


def word_attributes(knowledge: WordKnowledge, word: str) -> Iterator[str]:
    """What the student sees of a word: what the random field sees, at most `MOST_PARTS` attributes."""
    for attribute, _ in islice(knowledge.attributes(word), MOST_PARTS):
        yield attribute


class VectorTable:
    """The vectors of the words met so far."""

    def __init__(self, size: int) -> None:
        self.size = size
        self.clear()

    def clear(self) -> None:
        """Forget all words."""
        self.index: dict[str, int] = {}
        self.vectors: Array = np.zeros((1024, self.size), np.float32)

    def add(self, word: str, vector: Array) -> int:
        """Keep a word; the table doubles as it fills."""
        number = len(self.index)
        if number == len(self.vectors):
            self.vectors = np.concatenate([self.vectors, np.zeros_like(self.vectors)])
        self.vectors[number] = vector
        self.index[word] = number
        return number


@dataclass(frozen=True, slots=True)
class Layer:
    """A convolution: `weights` [taps * channels, width], taps from left to right."""

    taps: int
    dilation: int
    weights: Array
    bias: Array

    @property
    def reach(self) -> int:
        """How many tokens it sees to either side."""
        return self.taps // 2 * self.dilation

    def run(self, x: Array) -> Array:
        """The layer's output [tokens, width], zeros beyond both ends of the line."""
        n, channels = x.shape
        padded = np.zeros((n + 2 * self.reach, channels), np.float32)
        padded[self.reach : self.reach + n] = x
        seen = np.concatenate(
            [padded[i * self.dilation : i * self.dilation + n] for i in range(self.taps)], 1
        )
        out: Array = seen @ self.weights
        out += self.bias
        return np.maximum(out, 0.0, out=out)


@dataclass(frozen=True, slots=True)
class Student:
    """A loaded network: `rows` names the row of `vectors` and of its scale that an attribute has.

    `vectors` are bytes, as in the file: few of them are ever asked for. `out` is [width, labels].
    """

    labels: tuple[str, ...]
    rows: Mapping[str, int]
    vectors: NDArray[np.int8]
    scales: Array
    layers: tuple[Layer, ...]
    out: Array
    out_bias: Array
    knowledge: WordKnowledge
    table: VectorTable = field(compare=False)

    @classmethod
    def read(cls, data: bytes, knowledge: WordKnowledge) -> "Student":
        """The network in a file's bytes."""
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            names = archive.read("attributes.txt").decode().split("\n")
            labels = tuple(archive.read("labels.txt").decode().split("\n"))
            load = {
                name.removesuffix(".npy"): np.load(io.BytesIO(archive.read(name)))
                for name in archive.namelist()
                if name.endswith(".npy")
            }
        layers = tuple(
            Layer(
                int(taps), int(dilation), load[f"w{i}"].astype(np.float32), load[f"b{i}"].astype(np.float32)
            )
            for i, (taps, dilation) in enumerate(load["kernels"])
        )
        return cls(
            labels=labels,
            rows={name: number for number, name in enumerate(names)},
            vectors=load["vectors"],
            scales=load["scales"],
            layers=layers,
            out=load["out"].astype(np.float32),
            out_bias=load["out_bias"].astype(np.float32),
            knowledge=knowledge,
            table=VectorTable(load["vectors"].shape[1]),
        )

    def scores(self, document: Document, texts: list[str], marks: Mapping[int, Sequence[str]]) -> Array:
        """The logarithm of the probability of each label at each token, [tokens, labels].

        `texts` are the tokens', `marks` what `DocumentSight` sees of the document.
        """
        x, place = self._line(document, texts, marks)
        reach = sum(layer.reach for layer in self.layers)
        parts = []
        for start in range(0, len(x), _BLOCK):
            first = max(0, start - reach)
            parts.append(self._run(x[first : start + _BLOCK + reach])[start - first :][:_BLOCK])
        scores: Array = np.concatenate(parts)[place]
        scores -= scores.max(1, keepdims=True)
        scores -= np.log(np.exp(scores).sum(1, keepdims=True))
        return scores

    def _line(
        self, document: Document, texts: list[str], marks: Mapping[int, Sequence[str]]
    ) -> tuple[Array, NDArray[np.int64]]:
        """The line of vectors, and where on it each token stands."""
        table = self.table
        if len(table.index) > _MOST_WORDS:
            table.clear()
        edge = self._number(EDGE)
        texts = bounded(texts, _MOST_WORDS)
        index = table.index
        known = np.array([index[w] if w in index else self._number(w) for w in texts], np.int64)
        line = np.full(len(texts) + len(document.sentences) + 1, edge, np.int64)
        place = np.arange(len(texts))
        for count, sentence in enumerate(document.sentences, 1):
            place[sentence.first : sentence.last] += count
        line[place] = known
        x = table.vectors[line]
        told = [(number, self._mark(mark)) for number, own in marks.items() for mark in own]
        if told:
            numbers, seen = np.array(told, np.int64).T
            np.add.at(x, place[numbers], table.vectors[seen])
        return x, place

    def _number(self, word: str) -> int:
        number = self.table.index.get(word)
        if number is None:
            number = self.table.add(word, self._sum(word_attributes(self.knowledge, word)))
        return number

    def _mark(self, mark: str) -> int:
        key = f"\0{mark}"  # no token is that
        number = self.table.index.get(key)
        return self.table.add(key, self._sum((mark,))) if number is None else number

    def _sum(self, attributes: Iterable[str]) -> Array:
        rows = self.rows
        found = np.array([rows[a] for a in attributes if a in rows], np.int64)
        total: Array = self.scales[found] @ self.vectors[found].astype(np.float32)
        return total

    def _run(self, x: Array) -> Array:
        x = self.layers[0].run(x)
        for layer in self.layers[1:]:
            x = x + layer.run(x)
        out: Array = x @ self.out + self.out_bias
        return out
