"""Headlines «S: C» (F11): the label before the colon speaks."""

from typing import NamedTuple

from workers.nlp.document import Range, TextSpeaker, TextStatement
from workers.nlp.knowledge.cues import CueLexicon
from workers.nlp.statements.speakers.subject import find_subject
from workers.nlp.statements.tokens import Reading
from workers.nlp.statements.values import Omitted

LABEL = 10  # tokens a label may have
CONFIDENCE = 0.74  # share of such labels that name a speaker of the body: 20 of 27 in annotated articles


class Label(NamedTuple):
    """A speaker before a colon, in tokens, and the words after it."""

    first: int
    last: int
    entity: int | None
    content: tuple[int, int]


def headline(reading: Reading, lexicon: CueLexicon) -> TextStatement | None:
    """The statement of a title; None where nobody's name or role stands before a colon."""
    for paragraph in reading.paragraphs:
        if paragraph.kind == "title":
            first = reading.sentences[paragraph.first].first
            last = reading.sentences[paragraph.last - 1].last
            found = _label(reading, lexicon, first, last)
            return _statement(reading, found) if found else None
    return None


def _label(reading: Reading, lexicon: CueLexicon, first: int, last: int) -> Label | None:
    keys = reading.keys
    colon = next((i for i in range(first + 1, min(last, first + LABEL + 1)) if keys[i] == ":"), -1)
    if colon < 0 or colon + 3 > last:
        return None
    subject = find_subject(reading, lexicon, first, colon)
    if isinstance(subject, Omitted) or subject.kind not in ("name", "title"):
        return None
    if subject.begin > first + 1 or subject.end < colon:
        return None
    if subject.entity is not None and reading.document.entities[subject.entity].type not in ("PER", "ORG"):
        return None
    begin, end = colon + 1, last
    while begin < end and not keys[begin][0].isalnum():
        begin += 1
    while end > begin and not keys[end - 1][0].isalnum():
        end -= 1
    return Label(subject.first, subject.last, subject.entity, (begin, end)) if begin + 2 < end else None


def _statement(reading: Reading, label: Label) -> TextStatement:
    document, tokens = reading.document, reading.document.tokens
    span = Range(tokens[label.first].start, tokens[label.last - 1].end)
    entity = document.entities[label.entity].id if label.entity is not None else None
    speaker = TextSpeaker(document.slice(span), span, entity, "label")
    content = Range(tokens[label.content[0]].start, tokens[label.content[1] - 1].end)
    return TextStatement("direct", "say", speaker, None, (content,), CONFIDENCE)
