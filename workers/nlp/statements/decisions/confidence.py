"""How sure is a statement? The record that the model of confidence weighs."""

from bisect import bisect_right
from typing import NamedTuple

from workers.nlp.statements.decisions.templates import Templates
from workers.nlp.statements.tokens import Reading
from workers.nlp.statements.values import Speech


class Certainty(NamedTuple):
    """How sure the decisions were, and of what kind the statement is."""

    score: int
    cut: int
    frame: str
    mark: str
    subject: str
    direct: bool
    sentences: int
    addition: bool
    manner: str  # kind of the subject, whatever the entity


CERTAINTY = Templates(
    Certainty,
    ("", "score", "cut", "direct", "sentences"),
    ("frame", "mark", "subject", "addition manner"),
)


def certainty(reading: Reading, speech: Speech) -> Certainty:
    """Describe a speech that has been read to its end."""
    candidate, subject = speech.candidate, speech.subject
    kind: str = subject.kind
    if subject.entity is not None:
        kind += ":" + reading.document.entities[subject.entity].type
    begun = bisect_right(reading.firsts, candidate.cue.first) - 1
    return Certainty(
        max(-1, min(9, round(speech.score))),
        max(-4, round(speech.cut)),
        candidate.frame,
        candidate.follow,
        kind,
        speech.direct,
        min(3, speech.sentence - begun),
        subject.addition,
        subject.kind,
    )
