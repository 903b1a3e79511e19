"""F10: attribution by a preposition («به گفته S، C»)."""

from bisect import bisect_left

from workers.nlp.statements.clauses import COMMA, END
from workers.nlp.statements.frames.scene import Scene
from workers.nlp.statements.frames.spans import quotation, subordinate_end
from workers.nlp.statements.speakers.subject import find_subject
from workers.nlp.statements.tokens import Named, Reading
from workers.nlp.statements.values import Candidate, Omitted, SpeakerPhrase, Subject

MARKED_REACH = 50  # tokens after «به گفته» among which its speaker ends


def marker(scene: Scene) -> Candidate | None:
    """«به گفته S، C»: the speaker runs to a comma, or to the end of a name or pronoun."""
    reading, lexicon, cue, last = scene.reading, scene.lexicon, scene.cue, scene.last
    keys, words = reading.keys, lexicon.words
    quoted = _quotation_before(scene)
    at = _speaker_at(scene)
    if at >= last or keys[at] in lexicon.forms:
        return None  # «در نظر بگیریم»
    comma = next((i for i in range(at, min(last, at + 25)) if keys[i] in "،,؛:" or keys[i] in END), None)
    if comma is not None and keys[comma] in END:
        last, comma = comma + 1, None  # the sentence ends, no comma stands in it
    if comma is not None and comma > at + 4 and reading.clauses.is_finite(comma - 1):
        comma = None  # «به گفته پلیس راننده خواب بود، …»: it closes the content, not the speaker
    subject: Subject
    if keys[at] in words.pronouns or (keys[at] == "خود" and at + 1 < last):
        subject = SpeakerPhrase.whole("pronoun", at, at + 1)
    else:
        reach = range(at + 1, min(last, at + MARKED_REACH))
        begins = (i for i in reach if keys[i] in words.demonstratives and keys[i - 1][0].isalnum())
        bound = comma if comma is not None else next(begins, reach.stop)  # «به گفته کارشناسان این …»
        subject = find_subject(reading, lexicon, at, bound)
        if isinstance(subject, Omitted) or subject.begin > at + 2:
            if comma != at:
                return None
            subject = Omitted(end=at)  # «طبق گزارش‌ها، C»
        elif comma is None and subject.kind == "name":
            named = reading.mention_at.get(subject.first)
            subject = subject._replace(end=_titled_end(reading, named) if named else subject.end)
        elif comma is None and subject.kind in ("title", "expression"):
            stop = _bare_end(reading, subject)
            subject = subject._replace(last=stop, end=stop)
    if quoted is not None and not isinstance(subject, Omitted):
        return Candidate(cue, "marker", "end", *quoted, cue.first, subject, quoted[1], firm=True)
    start = at if subject.end is None else subject.end
    if comma is not None and (comma - start) <= 14:
        start = comma
    while start < last and (keys[start] in COMMA or keys[start] == ":" or keys[start] == "که"):
        start += 1
    if start >= last:
        return None
    quote = quotation(reading, lexicon, start, last)
    if quote is not None:
        return Candidate(cue, "marker", "comma", start + 1, quote, cue.first, subject, quote)
    end = subordinate_end(reading, lexicon, cue, cue.first, "comma", start, last)
    return Candidate(cue, "marker", "comma", start, end, cue.first, subject, closed=end < last)


def _speaker_at(scene: Scene) -> int:
    """Where the speaker begins: past «ی» and «منتشر شده» («بر اساس نامه منتشر شده S»)."""
    reading, at, published = scene.reading, scene.cue.last, scene.lexicon.words.published
    if at < scene.last and reading.keys[at] == "ی":
        at += 1
    while at < scene.last and at not in reading.mention_at and reading.keys[at] in published:
        at += 1
    return at


def _quotation_before(scene: Scene) -> tuple[int, int] | None:
    """«C»، به گفته S: the content of a quotation that opens the sentence; no clause follows the marker."""
    reading, first = scene.reading, scene.cue.first
    close = first - 1 - (reading.keys[first - 1] in COMMA)
    if not scene.fresh or not reading.clauses.is_long_quote(close):
        return None
    if any(reading.clauses.is_verb(i) for i in range(scene.cue.last, scene.last)):
        return None
    start = reading.quote_start[close] + 1
    return (start, close) if start <= scene.low + 1 else None


def _titled_end(reading: Reading, named: Named) -> int:
    """Where a name ends with the title behind it («به گفته X مدیر آب رشت سدها …»)."""
    document, last = reading.document, named.last
    if last >= len(document.tokens):
        return last
    text, start = document.text, document.tokens[last].start
    titles = (t for t in document.entities[named.entity].titles if text.startswith(t, start))
    end = max(
        (start + len(t) for t in titles if not text[start + len(t) : start + len(t) + 1].isalnum()),
        default=start,
    )
    return bisect_left(document.tokens, end, last, key=lambda t: t.start)


def _bare_end(reading: Reading, subject: SpeakerPhrase) -> int:
    """Where the speaker ends and the content begins without a comma: after a name in it."""
    for at in range(subject.first + 1, subject.last):
        named = reading.mention_at.get(at)
        if named is not None and named.last < subject.last:
            return named.last
    return subject.last
