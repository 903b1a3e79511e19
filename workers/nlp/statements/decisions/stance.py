"""Stance by cue and sense: what the model weighs."""

from collections.abc import Sequence
from typing import NamedTuple

from workers.nlp.knowledge.cues import CueLexicon
from workers.nlp.statements.decisions.templates import Templates, bucket
from workers.nlp.statements.tokens import Reading
from workers.nlp.statements.values import Speech

_WORDS = 60  # content tokens that are looked at


class Sense(NamedTuple):
    """What the cue and the first words of the content say."""

    id: str
    lexical: str  # stance of the cue
    frame: str
    words: frozenset[str]
    pairs: frozenset[str]  # of neighbours, one of them telling
    final: str
    length: int
    first: str


SENSE = Templates(
    Sense,
    ("", "id", "lexical", "frame", "id frame"),
    ("words",),
    ("pairs",),
    ("final",),
    ("length",),
    ("first",),
)


def sense(reading: Reading, lexicon: CueLexicon, speech: Speech) -> Sense:
    """Describe a speech."""
    keys, candidate = reading.keys, speech.candidate
    body: list[str] = []
    for first, last in speech.spans:
        body += keys[first : min(last, first + _WORDS - len(body))]
    words = frozenset(body)
    pairs: frozenset[str] = frozenset()
    if not words.isdisjoint(lexicon.words.telling):
        telling = [n for n, key in enumerate(body) if key in lexicon.words.telling]
        starts = {n for place in telling for n in (place - 1, place) if 0 <= n < len(body) - 1}
        pairs = frozenset([f"{body[n]} {body[n + 1]}" for n in starts])
    return Sense(
        candidate.cue.id,
        candidate.cue.stance,
        candidate.frame,
        words,
        pairs,
        _final(body),
        bucket(len(body)),
        body[0] if body else "",
    )


def _final(body: Sequence[str]) -> str:
    """The last word."""
    for key in reversed(body):
        if key[0].isalnum():
            return key
    return ""
