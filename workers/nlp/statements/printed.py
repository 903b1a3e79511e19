"""Messages, letters and columns that an article prints whole: one statement to the article's end.

«متن پیام X به شرح زیر است: …», or «X نوشت: …» that opens an article. The text's quotations are its writer's
words, so cues in it make no statements. The name below the text is its writer's.
"""

from typing import NamedTuple

from workers.nlp.knowledge.cues import CueLexicon
from workers.nlp.knowledge.folding import glue
from workers.nlp.knowledge.marks import OPENING, STRAIGHT
from workers.nlp.statements.clauses import END
from workers.nlp.statements.speakers.noun_phrase import PERSONS
from workers.nlp.statements.speakers.subject import find_subject
from workers.nlp.statements.tokens import SPEECH_BLOCKS, Place, Reading
from workers.nlp.statements.values import OMITTED, Candidate, SpeakerPhrase, Subject

SENTENCES = 3  # least number of a text
HEAD = 2  # sentences of an article that may introduce a column
SIGNATURE = 14  # tokens of a writer's name and office


class Printed(NamedTuple):
    """A text in tokens [start, end), and whose it is."""

    start: int
    end: int
    subject: Subject


def printed(reading: Reading, lexicon: CueLexicon, place: Place, candidate: Candidate) -> Printed | None:
    """The text that a cue and its colon introduce; None for speech that a narrator reports."""
    cue, words, keys = candidate.cue, lexicon.words, reading.keys
    if candidate.frame != "after" or candidate.quote is not None or cue.spec is None:
        return None
    opening = keys[reading.sentences[place.sentence].first : cue.first]
    letter = not words.letters_printed.isdisjoint(opening)
    if glue(cue.id) in words.introducing:
        if not letter or candidate.follow not in ("colon", "comma"):
            return None
    elif glue(cue.id) not in words.writing or not words.posts.isdisjoint(opening):
        return None  # a post is short, and the narrator goes on
    elif not _is_column(reading, place, candidate):
        return None
    last = _body_end(reading)
    if "وی" in keys[candidate.start : last]:
        return None  # a narrator's word
    begun = sum(candidate.start <= first < last for first in reading.firsts)
    if begun + 1 < SENTENCES or not lexicon.speaks_of_self(keys[candidate.start : last]):
        return None
    end, writer = _signature(reading, candidate.start, last)
    return Printed(candidate.start, end, _whose(reading, lexicon, candidate, writer))


def _is_column(reading: Reading, place: Place, candidate: Candidate) -> bool:
    """Whether a person's own text begins at the colon: no medium's report, no quotation."""
    subject = candidate.subject
    if candidate.follow != "colon" or not isinstance(subject, SpeakerPhrase) or subject.kind == "expression":
        return False
    if subject.entity is not None and reading.document.entities[subject.entity].type not in PERSONS:
        return False
    keys = reading.keys
    quoted = any(keys[i] in OPENING or keys[i] in STRAIGHT for i in (candidate.start - 1, candidate.start))
    return not quoted and _opens(reading, place, candidate)


def _opens(reading: Reading, place: Place, candidate: Candidate) -> bool:
    """Whether the cue stands at the head of the article, or the text begins a paragraph of its own."""
    bodies = [p for p in reading.paragraphs if p.kind in SPEECH_BLOCKS]
    head = bodies and place.sentence < bodies[0].first + HEAD
    return bool(head) or candidate.start >= reading.sentences[place.paragraph.last - 1].last


def _body_end(reading: Reading) -> int:
    """The token after the last paragraph that may hold speech."""
    ends = [reading.sentences[p.last - 1].last for p in reading.paragraphs if p.kind in SPEECH_BLOCKS]
    return max(ends, default=0)


def _signature(reading: Reading, start: int, last: int) -> tuple[int, SpeakerPhrase | None]:
    """Where the text ends before the name of its writer, and that name."""
    keys = reading.keys
    stop = last - 1
    while stop > start and keys[stop] in END:
        stop -= 1
    at = next((i for i in range(stop, max(start, last - SIGNATURE), -1) if keys[i] in END), None)
    if at is None:
        return last, None
    named = next((reading.mention_at[i] for i in range(at + 1, last) if i in reading.mention_at), None)
    if named is None or named.type not in PERSONS or any(map(reading.clauses.is_verb, range(at + 1, last))):
        return last, None
    return at + 1, SpeakerPhrase.named(named, named.first, named.last)


def _whose(
    reading: Reading, lexicon: CueLexicon, candidate: Candidate, writer: SpeakerPhrase | None
) -> Subject:
    """The writer: who signs, else whose letter it is called, else the subject of the cue."""
    if writer is not None:
        return writer
    cue, words = candidate.cue, lexicon.words
    if glue(cue.id) not in words.introducing:
        return candidate.subject
    at = candidate.clause
    while at < cue.first and reading.keys[at] in words.letters_printed:
        at += 1
    found = find_subject(reading, lexicon, at, cue.first) if at < cue.first else OMITTED
    return found if found.kind in ("name", "title") else OMITTED
