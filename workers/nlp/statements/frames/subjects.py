"""The subject of a cue's clause, which may stand before a relative clause or after «از سوی»."""

from collections.abc import Sequence

from workers.nlp.knowledge.cues import CueLexicon
from workers.nlp.statements.speakers.documents import find_document, relayed
from workers.nlp.statements.speakers.noun_phrase import able
from workers.nlp.statements.speakers.subject import find_subject
from workers.nlp.statements.tokens import Reading
from workers.nlp.statements.values import OMITTED, Cue, Omitted, SpeakerPhrase, Subject

FIRST = 20  # tokens of a sentence among which the subject of its later clauses begins
_KNOWN = frozenset(("name", "title"))


def subject_of(
    reading: Reading, lexicon: CueLexicon, cue: Cue, low: int, clause: int, known: frozenset[str] | set[str]
) -> Subject:
    """The subject of a cue's clause; a relative clause («که … برگزار شد،») may stand before it."""
    agent = agent_at(reading.keys, low, cue.first) if cue.passive else cue.first
    if agent < cue.first:
        by = find_subject(reading, lexicon, agent + 1 + (reading.keys[agent] == "از"), cue.first, known)
        if by.kind != "omitted":
            return by
    if cue.passive or (cue.spec is not None and cue.spec.document):
        found = find_document(reading, lexicon, low, cue.first, within=cue.passive)
        if found.kind != "omitted" or cue.passive:
            return found
    subject = find_subject(reading, lexicon, clause, cue.first, known)
    document = cue.spec is not None and cue.spec.document
    weak = (not document and subject.kind == "omitted") or (
        subject.kind == "expression"
        and clause > low
        and (subject.begin > clause + 1 or not able(lexicon, reading.keys[subject.first]))
    )
    told = subject.kind == "title" and subject.begin > clause + 1 and subject.begin not in reading.mention_at
    if (weak or told) and clause > low:
        first = find_subject(reading, lexicon, low, cue.first, known)
        whose = first.kind == "name" and first.end < cue.first and reading.keys[first.end] == "که"
        head = reading.keys[first.first] if first.kind == "expression" else ""
        unfit = head != "" and not able(lexicon, head) and head not in lexicon.words.people
        if not isinstance(first, Omitted) and first.begin <= low + FIRST and (weak or whose) and not unfit:
            subject = first
    if subject.kind == "omitted" and clause > low:
        subject = _after_that(reading, lexicon, low, clause, cue.first, known)
    return relayed(reading, lexicon, subject, cue.first)


def _after_that(
    reading: Reading,
    lexicon: CueLexicon,
    low: int,
    clause: int,
    high: int,
    known: frozenset[str] | set[str],
) -> Subject:
    """«این در حالی است که S به N اطمینان داده و … را رد کرده است»: who stands right after the last «که»."""
    keys = reading.keys
    for at in range(clause - 1, low, -1):
        if keys[at] == "که" and reading.clauses.is_finite(at - 1):
            found = find_subject(reading, lexicon, at + 1, high, known)
            near = found.kind in _KNOWN and isinstance(found, SpeakerPhrase) and found.begin <= at + 2
            return found if near else OMITTED
    return OMITTED


def agent_at(keys: Sequence[str], low: int, high: int) -> int:
    """Where «از سوی S» or «توسط S» begins, the last in tokens [low, high); `high` where none does."""
    for at in range(high - 2, low, -1):
        if keys[at] == "توسط" or (keys[at] == "از" and keys[at + 1] == "سوی"):
            return at
    return high
