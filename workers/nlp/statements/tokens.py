"""The document as the extractor reads it: token keys, paragraphs, quotations and mentions by token."""

from bisect import bisect_left, bisect_right
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from operator import itemgetter
from typing import NamedTuple

from schemas.enriched import BlockKind, EntityType
from workers.nlp.document import Document, Sentence
from workers.nlp.knowledge.cues import CueLexicon
from workers.nlp.knowledge.folding import glue_words
from workers.nlp.knowledge.marks import CLOSING, OPENING, STRAIGHT
from workers.nlp.statements.clauses import Clauses

_START, _TEXT, _FIRST = itemgetter(0), itemgetter(2), itemgetter(2)  # of a token, a token, a sentence
_MARKS = OPENING | CLOSING | STRAIGHT
SPEECH_BLOCKS: frozenset[BlockKind] = frozenset(("paragraph", "lead"))


class Named(NamedTuple):
    """A mention in tokens [first, last), and the entity it belongs to by index."""

    first: int
    last: int
    type: EntityType
    entity: int


class Paragraph(NamedTuple):
    """A block that may hold speech, as sentences [first, last)."""

    kind: BlockKind
    first: int
    last: int


class Place(NamedTuple):
    """Where the reader is: a paragraph by number, a sentence by index."""

    number: int
    paragraph: Paragraph
    sentence: int


@dataclass(frozen=True, slots=True)
class Reading:
    """Everything about one document that the frames look at; built once, linear in the text."""

    document: Document
    keys: Sequence[str]  # one a token
    sentences: Sequence[Sentence]
    firsts: Sequence[int]  # of each sentence its first token
    paragraphs: Sequence[Paragraph]
    bodies: int  # how many paragraphs may hold speech
    mention_at: Mapping[int, Named]  # by first token
    inside: Mapping[int, Named]  # by any token
    quote_end: Mapping[int, int]  # opening mark → closing mark
    quote_start: Mapping[int, int]  # closing mark → opening mark
    openings: Sequence[int]  # the opening marks, in order
    clauses: Clauses
    off: frozenset[str] = frozenset()  # ids of `rules.RULES` that are left out, to count their worth


def read(document: Document, lexicon: CueLexicon, off: frozenset[str] = frozenset()) -> Reading:
    """Index a segmented document with entities; the rules in `off` are left out."""
    keys = glue_words(list(map(_TEXT, document.tokens)))
    mention_at, inside = _mentions(document)
    quote_end = _quotations(document, keys)
    paragraphs = _paragraphs(document)
    firsts = list(map(_FIRST, document.sentences))
    quote_start = {close: start for start, close in quote_end.items()}
    return Reading(
        document,
        keys,
        document.sentences,
        firsts,
        paragraphs,
        sum(p.kind in SPEECH_BLOCKS for p in paragraphs),
        mention_at,
        inside,
        quote_end,
        quote_start,
        sorted(quote_end),
        Clauses(keys, firsts, quote_start, lexicon),
        off,
    )


def _paragraphs(document: Document) -> list[Paragraph]:
    starts = [s.start for s in document.sentences]
    found = []
    first = 0
    for block in document.blocks:
        if block.start == block.end:
            continue
        if block.kind == "dateline" and document.text[block.end : block.end + 1] == " ":
            continue  # it shares its line, and its sentence, with the block it opens
        last = bisect_left(starts, block.end, first)
        if first < last:
            found.append(Paragraph(block.kind, first, last))
        first = last
    return found


def _mentions(document: Document) -> tuple[dict[int, Named], dict[int, Named]]:
    starts = list(map(_START, document.tokens))
    at: dict[int, Named] = {}
    inside: dict[int, Named] = {}
    for number, entity in enumerate(document.entities):
        kind = entity.type
        for mention in entity.mentions:
            if mention.kind != "name":
                continue
            first = bisect_right(starts, mention.start) - 1
            last = bisect_left(starts, mention.end, first + 1)
            if first >= 0:
                named = Named(first, last, kind, number)
                if first not in at:
                    at[first] = named
                for token in range(first, last):
                    if token not in inside:
                        inside[token] = named
    return at, inside


def _quotations(document: Document, keys: Sequence[str]) -> dict[int, int]:
    """Pair quotation marks; a mark without a partner is no quotation. Straight marks pair in their block."""
    pairs: dict[int, int] = {}
    if _MARKS.isdisjoint(keys):
        return pairs
    stack: list[int] = []
    block_ends = [b.end for b in document.blocks if b.end > b.start]
    straight: dict[str, int] = {}
    block = 0
    for number in [n for n, key in enumerate(keys) if key in _MARKS]:
        key = keys[number]
        if key in OPENING:
            stack.append(number)
        elif key in CLOSING:
            if stack:
                pairs[stack.pop()] = number
        elif key in STRAIGHT:
            start = document.tokens[number].start
            while block < len(block_ends) and block_ends[block] <= start:
                block += 1
                straight.clear()
            opened = straight.pop(key, None)
            if opened is None:
                straight[key] = number
            else:
                pairs[opened] = number
    return pairs
