"""Segmentation: sentences and tokens of the cleaned text."""

from bisect import bisect_left
from dataclasses import replace

from workers.nlp.document import Document, Sentence, Token
from workers.nlp.segmentation.sentences import sentence_ends
from workers.nlp.segmentation.tokens import tokenize


def segment(document: Document) -> Document:
    """Fill `sentences` and `tokens`; sentences lie inside lines, tokens inside sentences."""
    tokens: list[Token] = []
    sentences: list[Sentence] = []
    for line in document.lines():
        text = document.slice(line)
        found = tokenize(text)
        starts = [t.start for t in found]
        offset, base, first = line.start, len(tokens), 0
        for end in sentence_ends(text, found):
            last = bisect_left(starts, end, first)
            if last > first:
                sentences.append(
                    Sentence(offset + starts[first], offset + found[last - 1].end, base + first, base + last)
                )
            first = last
        tokens += [Token(t.start + offset, t.end + offset, t.text) for t in found]
    return replace(document, tokens=tuple(tokens), sentences=tuple(sentences))
