"""Segmentation: sentences and tokens of the cleaned text.

FIRST SKETCH to connect the other steps; the cleaning issue replaces it.
"""

import re
from dataclasses import replace

from workers.nlp.document import Document, Sentence, Token

_TOKEN = re.compile(r"\d+(?:[.,٫٬/:]\d+)*%?|[^\W\d_](?:[\w\u200c\u064b-\u0652\u0670])*|[^\w\s]|\w+")
_STOP = re.compile(r"[.!?؟]+[»\"”)]*(?=\s|$)")


def segment(document: Document) -> Document:
    """Fill `sentences` and `tokens`; sentences lie inside blocks."""
    tokens: list[Token] = []
    sentences: list[Sentence] = []
    for block in document.blocks:
        if block.start == block.end:
            continue
        text = document.text[block.start : block.end]
        cuts = [m.end() for m in _STOP.finditer(text)]
        if not cuts or cuts[-1] < len(text):
            cuts.append(len(text))
        begin = 0
        for cut in cuts:
            piece = text[begin:cut]
            begin, start, end = cut, block.start + begin + len(piece) - len(piece.lstrip()), block.start + cut
            if start >= end:
                continue
            first = len(tokens)
            tokens += [
                Token(m.start(), m.end(), m.group()) for m in _TOKEN.finditer(document.text, start, end)
            ]
            sentences.append(Sentence(start, end, first, len(tokens)))
    return replace(document, tokens=tuple(tokens), sentences=tuple(sentences))
