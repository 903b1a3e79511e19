"""Segmentation: sentences and tokens of the cleaned text."""

from bisect import bisect_left
from dataclasses import dataclass, replace
from functools import partial

from workers.nlp.document import Document, Sentence
from workers.nlp.knowledge import Knowledge
from workers.nlp.knowledge.morphology import Morphology
from workers.nlp.knowledge.words import SentenceWords
from workers.nlp.segmentation.sentences import sentence_ends
from workers.nlp.segmentation.tokens import tokenize

_make = partial(tuple.__new__, Sentence)  # much faster than `Sentence`, which is a function of Python


@dataclass(frozen=True, slots=True)
class Segmenter:
    """Fills `sentences` and `tokens`."""

    words: SentenceWords
    morphology: Morphology

    @classmethod
    def of(cls, knowledge: Knowledge) -> "Segmenter":
        """A segmenter with the words that are known."""
        return cls(knowledge.sentences, knowledge.morphology)

    def segment(self, document: Document) -> Document:
        """Fill `sentences` and `tokens`; sentences lie inside lines, tokens inside sentences."""
        text = document.text
        tokens = tokenize(text)
        starts = [token[0] for token in tokens]
        sentences: list[Sentence] = []
        first = 0
        for line in document.lines():
            last = bisect_left(starts, line.end, first)
            for end in sentence_ends(text, tokens[first:last], self.words, self.morphology):
                following = bisect_left(starts, end, first, last)
                if following > first:
                    sentences.append(_make((starts[first], tokens[following - 1][1], first, following)))
                first = following
            first = last
        return replace(document, tokens=tuple(tokens), sentences=tuple(sentences))
