"""Segmentation: sentences and tokens of the cleaned text."""

from bisect import bisect_left
from dataclasses import replace
from operator import itemgetter

from workers.nlp.document import Document, Sentence
from workers.nlp.segmentation.sentences import sentence_ends
from workers.nlp.segmentation.tokens import tokenize

_start = itemgetter(0)


def segment(document: Document) -> Document:
    """Fill `sentences` and `tokens`; sentences lie inside lines, tokens inside sentences."""
    text = document.text
    tokens = tokenize(text)
    sentences: list[Sentence] = []
    first = 0
    for line in document.lines():
        last = bisect_left(tokens, line.end, first, key=_start)
        for end in sentence_ends(text, tokens[first:last]):
            following = bisect_left(tokens, end, first, last, key=_start)
            if following > first:
                sentences.append(Sentence(tokens[first].start, tokens[following - 1].end, first, following))
            first = following
        first = last
    return replace(document, tokens=tuple(tokens), sentences=tuple(sentences))
