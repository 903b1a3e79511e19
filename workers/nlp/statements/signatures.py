"""Signed quotations, which have no cue: «…» – NAME, ROLE; («…» (NAME)); «…» / NAME."""

from workers.nlp.document import Range, TextSpeaker, TextStatement
from workers.nlp.knowledge.cues import CueLexicon
from workers.nlp.statements.speakers.noun_phrase import PERSONS
from workers.nlp.statements.tokens import Named, Paragraph, Reading

CONFIDENCE = 0.85  # set by hand: the annotated articles have none
SHORTEST = 4  # least tokens of a quotation: a shorter one is a title
LONGEST = 15  # tokens of a signature
_DASHES = frozenset("-–—ـ/|")
_KINDS = frozenset(("paragraph", "lead", "subhead"))


def signed(reading: Reading, lexicon: CueLexicon) -> list[TextStatement]:
    """The statements of paragraphs that are a quotation and the name of whose it is."""
    found = []
    for paragraph in reading.paragraphs:
        if paragraph.kind in _KINDS:
            statement = _signed(reading, lexicon, paragraph)
            if statement is not None:
                found.append(statement)
    return found


def _signed(reading: Reading, lexicon: CueLexicon, paragraph: Paragraph) -> TextStatement | None:
    keys, tokens = reading.keys, reading.document.tokens
    first, last = reading.sentences[paragraph.first].first, reading.sentences[paragraph.last - 1].last
    while first < last and not keys[first][0].isalnum() and first not in reading.quote_end:
        first += 1  # bullets
    close = reading.quote_end.get(first)
    if close is None or close - first <= SHORTEST or not close + 2 < last <= close + LONGEST:
        return None
    at = close + 1
    while at < last - 1 and keys[at] in ".،":
        at += 1
    if keys[at] not in _DASHES and keys[at] != "(":
        return None
    named = _signatory(reading, lexicon, at + 1, last)
    if named is None or any(reading.clauses.is_verb(i) for i in range(named.last, last)):
        return None
    end = close
    while not keys[end - 1][0].isalnum():
        end -= 1
    span = Range(tokens[named.first].start, tokens[named.last - 1].end)
    entity = reading.document.entities[named.entity].id
    speaker = TextSpeaker(reading.document.slice(span), span, entity, "name")
    content = Range(tokens[first + 1].start, tokens[end - 1].end)
    return TextStatement("direct", "say", speaker, None, (content,), CONFIDENCE)


def _signatory(reading: Reading, lexicon: CueLexicon, at: int, last: int) -> Named | None:
    """The person whose name, behind words of address, begins at a token."""
    while at < last and at not in reading.mention_at and reading.keys[at] in lexicon.words.before_name:
        at += 1
    named = reading.mention_at.get(at)
    return named if named is not None and named.type in PERSONS else None
