"""Segmentation: sentences and tokens of the cleaned text."""

from bisect import bisect_left
from dataclasses import replace

from workers.nlp.document import Document, Sentence, Token
from workers.nlp.segmentation.sentences import sentence_ends
from workers.nlp.segmentation.tokens import tokenize


def segment(document: Document) -> Document:
    """Fill `sentences` and `tokens`; sentences lie inside lines, tokens inside sentences."""
    text = document.text
    tokens: list[Token] = []
    sentences: list[Sentence] = []
    for line in document.lines():
        found = tokenize(text, line.start, line.end)
        starts = [t.start for t in found]
        base, first = len(tokens), 0
        for end in sentence_ends(text, found):
            last = bisect_left(starts, end, first)
            if last > first:
                sentences.append(Sentence(starts[first], found[last - 1].end, base + first, base + last))
            first = last
        tokens += found
    return replace(document, tokens=tuple(tokens), sentences=tuple(sentences))
