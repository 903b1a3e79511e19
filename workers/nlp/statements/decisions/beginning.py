"""Where does a nominal content begin? The record of each option that the model weighs."""

from collections.abc import Set
from itertools import accumulate
from typing import NamedTuple

from workers.nlp.knowledge.cues import CueLexicon
from workers.nlp.statements.decisions.templates import Templates, bucket
from workers.nlp.statements.tokens import Reading
from workers.nlp.statements.values import Candidate, SpeakerPhrase

KNOWN = 14  # tokens of a subject that may have been one before


class Beginning(NamedTuple):
    """A token at which the content of a candidate may begin."""

    before: str
    kind: str  # of the word before
    frame: str
    id: str  # of the cue
    key: str
    opening: str  # what kind of word the content would begin with
    where: str  # the token by the subject, or the choice of the rule
    subject: str
    far: int
    commas: int
    preps: int
    known: bool
    nth: int | None  # of an object
    left: int | None  # of other frames


BEGINNING = Templates(
    Beginning,
    ("", "kind frame", "opening kind", "where frame", "where kind", "where opening", "where subject"),
    ("before",),
    ("key",),
    ("before id",),
    ("far frame", "far kind", "commas kind", "preps kind", "opening far", "where far"),
    ("known subject", "nth frame kind", "left"),
)


def beginnings(
    reading: Reading, lexicon: CueLexicon, candidate: Candidate, known: Set[str]
) -> list[Beginning]:
    """Describe the options of a candidate, in their order."""
    keys, words = reading.keys, lexicon.words
    subject, frame, clause, end = candidate.subject, candidate.frame, candidate.clause, candidate.end
    mentions = [reading.mention_at[i] for i in range(clause, end) if i in reading.mention_at]
    ends = {n.last: n.type for n in mentions}
    least = min(candidate.options)
    commas = [0, *accumulate(key in "،," for key in keys[least:end])]
    preps = [0, *accumulate(key in words.prepositions for key in keys[least:end])]
    count = len(candidate.options)
    found = []
    for nth, at in enumerate(candidate.options):
        before = keys[at - 1] if at > clause else "<s>"
        said = isinstance(subject, SpeakerPhrase) and subject.begin < at <= subject.begin + KNOWN
        spoken = keys[subject.begin : at] if isinstance(subject, SpeakerPhrase) and said else ()
        found.append(
            Beginning(
                before,
                _before(lexicon, before, ends.get(at)),
                frame,
                candidate.cue.id,
                keys[at],
                _opening(reading, lexicon, at),
                _where(candidate, at),
                subject.kind,
                bucket(end - at),
                min(2, commas[-1] - commas[at - least]),
                min(3, preps[-1] - preps[at - least]),
                "".join(spoken) in known,
                min(3, nth) if frame == "object" else None,
                min(3, count - nth) if frame != "object" else None,
            )
        )
    return found


def _before(lexicon: CueLexicon, before: str, ended: str | None) -> str:
    words = lexicon.words
    if before == "<s>":
        return "start"
    if not before[0].isalnum():
        return "mark"
    if before in words.pronouns:
        return "pronoun"
    if before in words.prepositions:
        return "preposition"
    if before in words.circumstance or before in words.connectives:
        return "circumstance"
    if lexicon.morphology.is_finite(before):
        return "verb"
    return "end:" + ended if ended else "word"


def _opening(reading: Reading, lexicon: CueLexicon, at: int) -> str:
    key, words = reading.keys[at], lexicon.words
    if key in words.demonstratives:
        return "demonstrative"
    if key in words.prepositions:
        return "preposition"
    if key in words.roles:
        return "role"
    if key in words.matters:
        return "matter"
    return "name" if at in reading.mention_at else "inside" if at in reading.inside else "word"


def _where(candidate: Candidate, at: int) -> str:
    subject = candidate.subject
    if at == subject.end:
        return "first"
    if at == candidate.start:
        return "rule"
    if not isinstance(subject, SpeakerPhrase):
        return "after"
    return "before" if at < subject.begin else "subject" if at < subject.end else "after"
