"""Labels «WHO: words» of headlines, posts and lists (F11): who stands before the colon says what follows it.

A headline may hold several labels, each behind a mark («A: …/ B: …»). A rubric («فوری/»), a bullet or a
time may stand before one. The label is the speaker, alone, with an occasion or an addressee («S در مجلس:»),
or behind a noun of speech («هشدار S:»). In the body a label counts where it opens a line of a list, or of
an article of a few lines, as running text has cues. Words that tell about the person in the label are not
speech.
"""

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from schemas.enriched import Stance
from workers.nlp.document import Range, TextSpeaker, TextStatement
from workers.nlp.knowledge.cues import CueLexicon
from workers.nlp.knowledge.folding import glue
from workers.nlp.statements.interview import Interview
from workers.nlp.statements.speakers.noun_phrase import able, speaker_at
from workers.nlp.statements.speakers.subject import find_subject
from workers.nlp.statements.tokens import Paragraph, Reading
from workers.nlp.statements.values import SpeakerPhrase

LABEL = 12  # tokens a label may have
CONFIDENCE = 0.74  # share of such labels that name a speaker of the body: 20 of 27 in annotated articles
SHORTEST = 2  # tokens of what is said
FEW = 3  # lines of a brief
LONGEST = 40  # tokens of a line of a list, where nobody says "I" or "we"
NAME = 3  # tokens of a name that no tagger knows
_PARTS = frozenset("|/؛؟!.…–—-•")  # what parts the labels of a headline, or a rubric from a label
_DASHES = frozenset("-–—ـ.)")
_BULLETS = "\u2022"  # code point from which signs are bullets and emoji
_PARTED = frozenset("/|")
_COPULA = "ست"
_BARS = (["|"], ["-"], ["–"])
_LINES = frozenset(("paragraph", "lead", "subhead"))


class Who(NamedTuple):
    """The speaker of a label in tokens [first, last)."""

    first: int
    last: int
    entity: int | None
    office: bool = False  # it has no name
    stance: Stance = "say"
    spoken: bool = False  # a noun of speech stands before


class Label(NamedTuple):
    """A label that begins at token `opens`, and the words after it in tokens [begin, end)."""

    opens: int
    who: Who
    begin: int
    end: int


def labelled(reading: Reading, lexicon: CueLexicon, printed: Interview | None) -> list[TextStatement]:
    """The statements that labels make, in the order of the text; none in the lines of an interview."""
    found: list[TextStatement] = []
    for paragraph in reading.paragraphs:
        if paragraph.kind == "title":
            first, last = _tokens(reading, paragraph)
            found += [_statement(reading, label) for label in _headline(reading, lexicon, first, last)]
    asked = (printed.first, printed.last) if printed is not None else (0, 0)
    lines = [label for label in _lines(reading, lexicon) if not asked[0] <= label.opens < asked[1]]
    return found + [_statement(reading, label) for label in lines]


def _headline(reading: Reading, lexicon: CueLexicon, first: int, last: int) -> list[Label]:
    """The labels of a headline."""
    labels: list[Label] = []
    for colon in _colons(reading, first, last):
        opens, who = _before(reading, lexicon, max(first, labels[-1].begin if labels else first), colon)
        if who is None and labels:
            who = _stranger(reading, lexicon, opens, colon)
        if who is None:
            continue
        if labels:
            labels[-1] = labels[-1]._replace(end=opens)
        labels.append(Label(opens, who, colon + 1, last))
    if not labels:
        labels = _signed(reading, lexicon, first, last)
    trimmed = [_trimmed(reading, label) for label in labels]
    return [label for label in trimmed if label is not None and _said(reading, lexicon, label)]


def _signed(reading: Reading, lexicon: CueLexicon, first: int, last: int) -> list[Label]:
    """«C؛ هشدار S»: a noun of speech and its speaker close the headline."""
    mark = next((i for i in range(last - 2, first, -1) if reading.keys[i] == "؛"), None)
    if mark is None or mark < first + SHORTEST or reading.keys[mark + 1] not in _nouns(lexicon):
        return []
    end = last
    while end > mark and not reading.keys[end - 1][0].isalnum():
        end -= 1
    who = _who(reading, lexicon, mark + 1, end)
    if who is None or not any(reading.clauses.is_finite(i) for i in range(first, mark)):
        return []
    return [Label(mark + 1, who, first, mark)]


def _said(reading: Reading, lexicon: CueLexicon, label: Label) -> bool:
    """Whether a headline's words are a sentence, of a place one that tells of no past.

    «بارسلونا: حذف از لیگ قهرمانان» and «تهران: هوا آلوده شد» are no statements.
    """
    entity = label.who.entity
    place = entity is not None and reading.document.entities[entity].type == "LOC"
    sentence = label.who.spoken or _is_sentence(reading, lexicon, label)
    return sentence and not (place and _ends_in_the_past(reading, lexicon, label))


def _is_sentence(reading: Reading, lexicon: CueLexicon, label: Label) -> bool:
    """Whether it has a verb outside of quotations and of one relative clause («مردی که می‌خندد»).

    «خوشحالم» and «زیباست» have their verb at the end.
    """
    keys, at = reading.keys, label.begin - 1
    if reading.quote_end.get(at) == label.end:
        at = label.begin  # all of it is one quotation
    verbs, relative = 0, False
    while at < label.end:
        if at >= label.begin:
            relative = relative or keys[at] == "که"
            verbs += reading.clauses.is_verb(at)
            if verbs > relative:
                return True
        at = reading.quote_end.get(at, at) + 1
    last = keys[label.end - 1]
    copula = len(last) > len(_COPULA) + 1 and last.endswith(_COPULA)
    return not relative and (copula or lexicon.speaks_of_self(keys[label.begin : label.end]))


def _is_speech(reading: Reading, lexicon: CueLexicon, label: Label, *, marked: bool) -> bool:
    """Whether a line of the body may be what its label says: a short sentence, or one of "I" or "we"."""
    if not _is_sentence(reading, lexicon, label):
        return False
    said = range(label.begin, label.end)
    own = label.who.entity
    if own is not None and any(i in reading.inside and reading.inside[i].entity == own for i in said):
        return False
    sentences = sum(first < label.end for first in reading.firsts if first >= label.begin)
    if lexicon.speaks_of_self(reading.keys[label.begin : label.end]):
        return True
    return (
        sentences <= 1
        and label.end - label.begin <= LONGEST
        and (marked or not _narrates(reading, lexicon, label))
    )


def _narrates(reading: Reading, lexicon: CueLexicon, label: Label) -> bool:
    """Whether a line tells of a person's past: «NAME: در دو فیلم … بازی کرد»."""
    return not label.who.office and _ends_in_the_past(reading, lexicon, label)


def _ends_in_the_past(reading: Reading, lexicon: CueLexicon, label: Label) -> bool:
    forms = map(lexicon.morphology.reading, reversed(reading.keys[label.begin : label.end]))
    form = next((form for form in forms if form is not None), None)
    return form is not None and form.tense == "past"


def _lines(reading: Reading, lexicon: CueLexicon) -> list[Label]:
    """The labels that open lines of the body; none in running text."""
    paragraphs = [p for p in reading.paragraphs if p.kind in _LINES and _in_body(reading, p)]
    lines = [line for p in paragraphs for line in _items(reading, *_tokens(reading, p))]
    labels: list[Label] = []
    marked = 0
    for number, (first, last) in enumerate(lines):
        colon = next(_colons(reading, first, min(last, first + LABEL + 4)), None)
        if colon is None:
            continue
        start = _opened(reading, first, colon)
        who = _who(reading, lexicon, start, colon)
        if who is None or _is_medium(reading, lexicon, start, who):
            continue
        begin, end = colon + 1, last
        if begin >= last and number + 1 < len(lines):  # a label on a line of its own
            begin, end = lines[number + 1]
        label = _trimmed(reading, Label(start, who, begin, end))
        pointed = _is_pointed(reading, first, start)
        if label is None or not _is_speech(reading, lexicon, label, marked=pointed):
            continue
        marked += pointed
        labels.append(label)
    listed = len(labels) > 1 or marked or len(lines) <= FEW
    return labels if listed else []


def _items(reading: Reading, first: int, last: int) -> Iterator[tuple[int, int]]:
    """The tokens of a paragraph by item: a crawler may have put a post with bullets or times on one line."""
    keys, begin = reading.keys, first
    for at in range(first + 1, last):
        named = reading.mention_at.get(at)
        timed = named is not None and named.type == "TIME" and keys[named.last : named.last + 1] in _BARS
        bar = keys[at] in _PARTED and ":" in keys[at + 2 : min(last, at + LABEL)]
        if timed or bar or (keys[at] >= _BULLETS and not keys[at][0].isalnum()):
            yield begin, at
            begin = at
    yield begin, last


def _tokens(reading: Reading, paragraph: Paragraph) -> tuple[int, int]:
    return reading.sentences[paragraph.first].first, reading.sentences[paragraph.last - 1].last


def _in_body(reading: Reading, paragraph: Paragraph) -> bool:
    return reading.document.field_at(reading.sentences[paragraph.first].start) == "body"


def _colons(reading: Reading, first: int, last: int) -> Iterator[int]:
    """The colons among tokens, but for those of a time («۰۸:۲۰»)."""
    keys = reading.keys
    for at in range(first + 1, last):
        if keys[at] == ":" and at not in reading.inside and not _in_quotes(reading, first, at):
            yield at


def _in_quotes(reading: Reading, first: int, at: int) -> bool:
    return any(reading.quote_end.get(i, -1) > at for i in range(max(first, at - 4 * LABEL), at))


def _opened(reading: Reading, first: int, colon: int) -> int:
    """Past bullets, dashes and a time."""
    keys = reading.keys
    while first < colon and (not keys[first][0].isalnum() or keys[first][0].isdigit()):
        named = reading.mention_at.get(first)
        first = named.last if named is not None and named.type == "TIME" else first + 1
    return first


def _is_pointed(reading: Reading, first: int, start: int) -> bool:
    """Whether a bullet or a time stands before the label; a number or a dash opens any list."""
    keys = reading.keys
    return any(
        i in reading.inside or not (keys[i][0].isalnum() or keys[i] in _DASHES) for i in range(first, start)
    )


def _before(reading: Reading, lexicon: CueLexicon, low: int, colon: int) -> tuple[int, Who | None]:
    """The label that ends at a colon: it begins behind the last mark, or behind the last comma."""
    keys = reading.keys
    marks = (i + 1 for i in range(colon - 1, low - 1, -1) if keys[i] in _PARTS or keys[i] == ":")
    start = _opened(reading, next(marks, low), colon)
    if keys[start - 1] in _DASHES and start - 2 in reading.inside and start > low:
        return start, None  # «مس - برق: …» is a match
    who = _who(reading, lexicon, start, colon)
    if who is None:
        comma = next((i + 1 for i in range(colon - 1, start, -1) if keys[i] in "،,"), None)
        if comma is not None and comma < colon:
            nearer = _who(reading, lexicon, comma, colon)
            if nearer is not None:
                return comma, nearer
        who = _talking(reading, lexicon, start, colon)
    return start, who


def _who(reading: Reading, lexicon: CueLexicon, first: int, colon: int) -> Who | None:
    """Who speaks, where tokens [first, colon) are a label."""
    if not 0 < colon - first <= LABEL or any(reading.clauses.is_finite(i) for i in range(first, colon)):
        return None
    noun = lexicon.nouns.get(reading.keys[first])
    if colon - first > 1 and (noun is not None or reading.keys[first] in lexicon.words.label_nouns):
        behind = _who(reading, lexicon, first + 1, colon)
        if behind is not None:
            return behind._replace(stance=noun.specs[0].stance if noun is not None else "say", spoken=True)
    subject = find_subject(reading, lexicon, first, colon)
    if not isinstance(subject, SpeakerPhrase) or subject.begin > first + 1:
        return None
    if subject.end < colon and reading.keys[subject.end] not in lexicon.words.prepositions:
        return None
    head = reading.keys[subject.first]
    known = head in lexicon.words.people  # «شهرداری»
    if subject.kind != "name" and subject.last == subject.first + 1 and head.endswith("ی") and not known:
        return None  # «دوچرخه‌سواری:» is what is done, not who does it
    if subject.kind == "name" and subject.entity is not None:
        kind = reading.document.entities[subject.entity].type
        whole = subject.first == subject.begin and subject.end == colon
        if not (kind in ("PER", "ORG") or (kind == "LOC" and whole)):
            return None
    elif not (subject.kind == "title" or (subject.kind == "expression" and _some(reading, lexicon, subject))):
        return None
    return Who(subject.first, subject.last, subject.entity, subject.kind == "title")


def _some(reading: Reading, lexicon: CueLexicon, subject: SpeakerPhrase) -> bool:
    """Whether an expression is about people or a body: «کارشناسان», «یک نماینده مجلس», «روابط عمومی …»."""
    keys, words = reading.keys, lexicon.words
    at = subject.first + (keys[subject.first] in words.some_of and subject.last > subject.first + 1)
    key = keys[at]
    if key in words.documents or key in words.mute or key in words.desks:
        return False
    return (
        able(lexicon, key) or key in words.humans or key in words.people or speaker_at(reading, lexicon, at)
    )


def _talking(reading: Reading, lexicon: CueLexicon, first: int, colon: int) -> Who | None:
    """«NAME در گفت‌وگو با …:», though no tagger knows the name."""
    keys = reading.keys
    for at in range(first + 1, min(colon - 1, first + NAME + 1)):
        if lexicon.phrases["addressed"].longest_at(keys, at, colon) is not None:
            return _stranger(reading, lexicon, first, at)
    return None


def _stranger(reading: Reading, lexicon: CueLexicon, first: int, last: int) -> Who | None:
    """A short label of words that are no other kind of thing: a name that no tagger knows."""
    words, label = lexicon.words, reading.keys[first:last]
    if not 0 < len(label) <= NAME or not all(key[0].isalpha() for key in label):
        return None
    common = (words.documents, words.mute, words.desks, words.desk_names, words.occasions, words.reporters)
    if any(key in kind for kind in common for key in label) or label[0] in words.label_nouns:
        return None
    return Who(first, last, None)


def _is_medium(reading: Reading, lexicon: CueLexicon, start: int, who: Who) -> bool:
    """Whether it is the source or the desk at the head of a story («ایرنا:», «گروه ورزشی:»)."""
    document, words = reading.document, lexicon.words
    heads = reading.keys[start : who.first + 1]
    if any(head in words.reporters or head in words.desks for head in heads):
        return True
    line = document.dateline
    media = {glue(name) for name in (document.article.agency, line.agency if line else None) if name}
    return "".join(reading.keys[who.first : who.last]) in media


def _nouns(lexicon: CueLexicon) -> frozenset[str]:
    return lexicon.words.label_nouns | lexicon.nouns.keys()


def _trimmed(reading: Reading, label: Label) -> Label | None:
    """What is said without marks at its ends; None where fewer than two words are left."""
    begin, end, keys = label.begin, label.end, reading.keys
    while begin < end and not keys[begin][0].isalnum():
        begin += 1
    while end > begin and not keys[end - 1][0].isalnum():
        end -= 1
    return label._replace(begin=begin, end=end) if end - begin >= SHORTEST else None


def _statement(reading: Reading, label: Label) -> TextStatement:
    document, tokens, who = reading.document, reading.document.tokens, label.who
    span = Range(tokens[who.first].start, tokens[who.last - 1].end)
    entity = document.entities[who.entity].id if who.entity is not None else None
    speaker = TextSpeaker(document.slice(span), span, entity, "label")
    content = Range(tokens[label.begin].start, tokens[label.end - 1].end)
    return TextStatement("direct", who.stance, speaker, None, (content,), CONFIDENCE)


def beside(told: Sequence[TextStatement], labels: Sequence[TextStatement]) -> list[TextStatement]:
    """Statements of cues and of labels in the order of the text; a label gives way to a cue in its words."""
    said = [c for s in told for c in s.content]
    kept = [
        label
        for label in labels
        if not any(c.start < label.content[0].end and label.content[0].start < c.end for c in said)
    ]
    return sorted((*told, *kept), key=lambda s: s.cue.start if s.cue else s.content[0].start)
