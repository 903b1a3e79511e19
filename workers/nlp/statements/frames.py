"""Where the content of a cue stands: the frames F1–F18 of the cue reference, as spans of tokens."""

from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from typing import Literal, NamedTuple

from workers.nlp.knowledge.cues import CueLexicon
from workers.nlp.knowledge.marks import CLOSING
from workers.nlp.statements.clauses import (
    COMMA,
    END,
    SHORT_QUOTE,
    Follow,
    clause_start,
    follow,
    is_long_quote,
)
from workers.nlp.statements.cues import Cue, phrase_at
from workers.nlp.statements.lead_in import skip_opening
from workers.nlp.statements.noun_phrase import OMITTED, Subject, able
from workers.nlp.statements.reading import Named, Reading
from workers.nlp.statements.sources import find_document, relayed
from workers.nlp.statements.subject import find_subject

Frame = Literal[
    "after", "object", "predicate", "infix", "opener", "opener_np", "marker", "before", "that", "passive"
]

REACH = 160  # tokens before a cue that may belong to its clause: what keeps the reading linear
OPENER_REACH = 40  # tokens of an opener's noun phrase before its addressee
MARKED_REACH = 50  # tokens after «به گفته» among which its speaker ends
START_REACH = 90  # tokens before «را» among which a nominal content may begin, after a mark
PENALTY_REACH = 6  # tokens behind «به» among which what a court sentences to is named
FIRST = 20  # tokens of a sentence among which the subject of its later clauses begins
START_NEAR = 30  # … anywhere


_COMMAS = frozenset("،,؛")


class Candidate(NamedTuple):
    """A cue with the content it would have; spans are tokens, half-open."""

    cue: Cue
    frame: Frame
    follow: Follow
    start: int  # content within the sentence of the cue
    end: int
    clause: int  # the narrator's clause begins here: earlier content ends
    subject: Subject
    quote: int = -1  # closing mark of a quotation that is the content
    firm: bool = False  # the frame leaves no doubt: rare orders that no model can learn
    opened: int = -1  # where the opener before the cue begins
    closed: bool = False  # the sentence goes on without it: the cue stands in a subordinate clause
    options: tuple[int, ...] = ()  # where a nominal content may begin; `start` is the rule's choice


def build(
    reading: Reading,
    lexicon: CueLexicon,
    cue: Cue,
    low: int,
    last: int,
    known: frozenset[str] | set[str] = frozenset(),
    *,
    fresh: bool = True,
) -> Candidate | None:
    """The candidate of a cue in a sentence that ends at `last`.

    Tokens before `low` are taken already; `fresh` tells that nothing in this sentence is.
    """
    low = max(low, cue.first - REACH)
    clause = clause_start(reading, lexicon, low, cue.first)
    if cue.kind == "marker":
        return _marker(reading, lexicon, cue, last)
    subject = _subject(reading, lexicon, cue, low if fresh else clause, clause, known)
    if cue.kind == "opener":
        return _opener(reading, lexicon, cue, clause, last, subject)
    assert cue.spec is not None  # noqa: S101 - a verb has one
    if cue.inner:
        start = cue.last + 1 + (reading.keys[cue.last] == "نسبت")
        return Candidate(cue, "infix", "bare", start, cue.verb, clause, subject) if start < cue.verb else None
    if cue.spec.court and _sentenced(reading, lexicon, cue, low):
        return None
    mark, start = follow(reading, lexicon, cue.last, last)
    if cue.spec.adds and mark not in ("colon", "quote") and _adds(reading, lexicon, clause, cue.first):
        return None
    if cue.spec.infix and cue.verb > cue.last:
        return Candidate(cue, "infix", mark, cue.last, cue.verb, clause, subject)
    content = _object(reading, lexicon, cue, clause, subject)
    if content is None and fresh and clause > low:
        if not cue.spec.clause:
            content = _object(reading, lexicon, cue, low, subject)  # a relative clause stands between
        elif cue.spec.noun and mark in ("end", "and"):
            content = _headed(reading, lexicon, cue, low, subject)
    marked = mark in ("colon", "quote", "that")
    keys = reading.keys
    if content is not None:
        begin, end, options = content
        if mark == "end" and low < clause and _points(reading, lexicon, clause, cue.first):
            return _before(reading, lexicon, cue, low, mark)
        if mark == "end" and fresh and low == clause and _points(reading, lexicon, clause, cue.first):
            place = keys.index("را", clause)
            if keys[place - 1] in lexicon.words.told:
                # «این خبر را S اعلام کرد»: the sentence before is what was said
                subject = find_subject(reading, lexicon, place + 1, cue.first, known)
                return Candidate(cue, "that", mark, -1, -1, clause, subject)
        # «این را گفت که C» reports C; «نرخ ارز را اعلام کرد که …» reports the rate
        pointed = end - begin <= 2 and keys[begin] in lexicon.words.demonstratives
        nominal = mark in ("end", "and", "comma") or not cue.spec.clause
        if mark == "that" and not nominal:
            nominal = not pointed and (keys[cue.first - 1] == "را" or cue.spec.nominal)
        if nominal and cue.spec.stance == "say" and mark == "end" and _told(reading, lexicon, begin, end):
            return Candidate(cue, "that", mark, -1, -1, clause, subject)
        if nominal:
            frame: Frame = "predicate" if cue.spec.predicate else "object"
            return Candidate(cue, frame, mark, begin, end, clause, subject, options=options)
    if cue.passive and not marked and mark in ("end", "and"):
        start = skip_opening(reading, lexicon, clause, cue.first)
        end = agent_at(keys, start, cue.first)
        return Candidate(cue, "passive", mark, start, end, clause, subject) if start + 2 < end else None
    if not cue.spec.clause and not (cue.spec.infix and marked):
        return None
    if mark in ("end", "and"):
        return _before(reading, lexicon, cue, low, mark)
    if cue.spec.mark and mark == "bare":
        return None
    if cue.spec.document and cue.spec.mark and mark == "comma":
        spoken = any(k in lexicon.words.documents for k in reading.keys[clause : cue.first])
        if not spoken:
            return None  # «به تهران آمده است؛ …»
    if start >= last:
        # a colon that ends its line: the content begins with the next sentence
        start, last = _next_sentence(reading, last)
    quote = _quotation(reading, lexicon, start, last)
    if quote >= 0:
        return Candidate(cue, "after", mark, start + 1, quote, clause, subject, quote)
    if start >= last:
        return None
    stray = _stray_close(reading, start, last) if mark in ("colon", "quote") else -1
    if stray >= 0:
        return Candidate(cue, "after", mark, start, stray, clause, subject, stray)
    end = _subordinate_end(reading, lexicon, cue, clause, mark, start, last)
    return Candidate(cue, "after", mark, start, end, clause, subject, closed=end < last)


def _stray_close(reading: Reading, start: int, last: int) -> int:
    """A mark that closes a quotation nobody opened, after a full stop: the speech ends there; -1 if none."""
    keys = reading.keys
    for at in range(start + SHORT_QUOTE, last):
        if keys[at] in CLOSING and at not in reading.quote_start and keys[at - 1] in END:
            return at
    return -1


def _subordinate_end(
    reading: Reading, lexicon: CueLexicon, cue: Cue, clause: int, mark: Follow, start: int, last: int
) -> int:
    """Where the report of a subordinate clause ends: at its verb before the main clause.

    «در حالی که X معتقد است C، اما …», «N که گفته می‌شود C است، …».
    """
    keys = reading.keys
    if mark not in ("that", "bare", "comma"):
        return last
    first = reading.firsts[bisect_right(reading.firsts, cue.first) - 1]
    concessive = phrase_at(keys, first, cue.first, lexicon, "concessive") is not None
    relative = (
        clause > first + 1 and keys[clause - 1] == "که" and not lexicon.morphology.is_finite(keys[clause - 2])
    )
    if not (concessive or relative):
        return last
    turns = _COMMAS | lexicon.words.adversatives if concessive else _COMMAS
    for place in range(start + 2, last - 2):
        verb = place - 2 if keys[place - 1] in CLOSING else place - 1
        if keys[place] in turns and lexicon.morphology.is_finite(keys[verb]):
            return place
    return last


def _told(reading: Reading, lexicon: CueLexicon, begin: int, end: int) -> bool:
    """«این نکته [را بیان کرد]» points to what was said before."""
    keys, words = reading.keys, lexicon.words
    return begin + 2 == end and keys[begin] in words.demonstratives and keys[begin + 1] in words.told


def _headed(
    reading: Reading, lexicon: CueLexicon, cue: Cue, low: int, subject: Subject
) -> tuple[int, int, tuple[int, ...]] | None:
    """«از N که … بودند خبر داد»: a nominal content whose relative clause runs to the cue."""
    keys = reading.keys
    that = next((i for i in range(cue.first - 1, low, -1) if keys[i] == "که"), low)
    content = _object(reading, lexicon, cue, low, subject) if that > low else None
    if content is None:
        return None
    heads = tuple(i for i in content[2] if i < that)
    if not heads:
        return None
    start = content[0] if content[0] in heads else heads[-1]
    return start, content[1], heads


def _sentenced(reading: Reading, lexicon: CueLexicon, cue: Cue, low: int) -> bool:
    """«او را به دو سال حبس محکوم کرد», «محکوم به حبس کرد»: what a court does, not «به صراحت محکوم کرد»."""
    keys, words = reading.keys, lexicon.words
    place = next((i for i in range(cue.first - 1, low, -1) if keys[i] == "را"), cue.first)
    for at in (*range(place, cue.first), *range(cue.first + 1, cue.verb)):
        if keys[at] != "به" or keys[at] + keys[at + 1] in words.adverbials:
            continue
        for key in keys[at + 1 : min(at + 1 + PENALTY_REACH, cue.first if at < cue.first else cue.verb)]:
            if key in words.penalties:
                return True
            if key in words.prepositions:
                break  # «به تندی در ماه گذشته»
    return False


def _adds(reading: Reading, lexicon: CueLexicon, low: int, cue: int) -> bool:
    """«به سرمایه خود افزودند»: something was added to a thing, not said to somebody."""
    keys = reading.keys
    for at in range(cue - 2, max(low, cue - 6) - 1, -1):
        if keys[at] in ("به", "بر"):
            return at + 1 not in reading.inside and not able(lexicon, keys[at + 1])
    return False


def agent_at(keys: Sequence[str], low: int, high: int) -> int:
    """Where «از سوی S» or «توسط S» begins, the last in tokens [low, high); `high` where none does."""
    for at in range(high - 2, low, -1):
        if keys[at] == "توسط" or (keys[at] == "از" and keys[at + 1] == "سوی"):
            return at
    return high


def _points(reading: Reading, lexicon: CueLexicon, clause: int, cue: int) -> bool:
    """«…؛ این را S گفت»: the object points back to the words before."""
    keys = reading.keys
    place = next((i for i in range(clause, min(cue, clause + 4)) if keys[i] == "را"), -1)
    return place > clause and keys[clause] in lexicon.words.demonstratives


def _next_sentence(reading: Reading, last: int) -> tuple[int, int]:
    place = bisect_left(reading.firsts, last)
    if place >= len(reading.sentences):
        return last, last
    sentence = reading.sentences[place]
    return sentence.first, sentence.last


def _subject(
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
        if first.kind != "omitted" and first.begin <= low + FIRST and (weak or whose) and not unfit:
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
        if keys[at] == "که" and lexicon.morphology.is_finite(keys[at - 1]):
            found = find_subject(reading, lexicon, at + 1, high, known)
            near = found.begin <= at + 2 and found.kind in ("name", "title")
            return found if near else OMITTED
    return OMITTED


def _quotation(reading: Reading, lexicon: CueLexicon, start: int, last: int) -> int:
    """The closing mark where the content is one quotation, else -1: no scare quotes, no quoted word."""
    keys = reading.keys
    close = reading.quote_end.get(start, -1)
    if close <= start + SHORT_QUOTE:
        return -1
    after = close + 1
    if after >= last or keys[after] in END or keys[after] in lexicon.words.conjunctions or keys[after] == "؛":
        return close
    if keys[close - 1] in END:
        return close  # it has a full stop of its own: the sentence after it is another
    if keys[after] in COMMA and close - start > 2 * SHORT_QUOTE:
        return close
    return -1


def _object(
    reading: Reading, lexicon: CueLexicon, cue: Cue, clause: int, subject: Subject
) -> tuple[int, int, tuple[int, ...]] | None:
    """A nominal content before the cue: begin, end, and the other places where it may begin."""
    spec, keys = cue.spec, reading.keys
    assert spec is not None  # noqa: S101 - a verb has one
    after_subject = subject.end if subject.end > 0 else skip_opening(reading, lexicon, clause, cue.first)
    if ("را",) in spec.object:
        place = next((i for i in range(cue.first - 1, clause, -1) if keys[i] == "را"), -1)
        if place > 0 and not (spec.predicate and place + 1 >= cue.first):
            whole = spec.predicate or (spec.clause and place + 1 < cue.first)
            start = _object_start(reading, lexicon, after_subject, place)
            end = cue.first if whole else place
            if start < end:
                low = max(clause, place - START_REACH)
                return start, end, tuple(_starts(keys, low, place, start))
    options: list[int] = []
    compound: list[int] = []  # «دقایقی پیش از N خبر داد»
    for place in [i for i in range(clause, cue.first - 1) if keys[i] in spec.before]:
        for marker in spec.before[keys[place]]:
            if tuple(keys[place : place + len(marker)]) == marker:
                late = place > clause and keys[place - 1] in lexicon.words.not_object
                if place > clause and keys[place - 1] in lexicon.words.held_from:
                    continue  # «یکی از», «به نقل از»
                if marker[0] + keys[place + 1] in lexicon.words.adverbials:
                    continue  # «از سوی دیگر»
                (compound if late else options).append(place + len(marker))
    end = cue.first
    while end > clause and keys[end - 1] in lexicon.words.tail:
        end -= 1
    options = [i for i in options or compound if i < end]
    if not options:
        return None
    start = next((i for i in options if i > after_subject), options[0])
    return start, end, tuple(options)


def _starts(keys: Sequence[str], low: int, place: int, rule: int) -> Iterator[int]:
    """Where a noun phrase before «را» may begin: any word nearby, farther off only after a mark."""
    for at in range(low, place):
        if keys[at][0].isalnum() and (
            at >= place - START_NEAR or at == rule or not keys[at - 1][0].isalnum()
        ):
            yield at


def _object_start(reading: Reading, lexicon: CueLexicon, after: int, place: int) -> int:
    """Where the noun phrase before «را» begins: after the subject and its circumstances."""
    keys, words = reading.keys, lexicon.words
    start = min(after, place)
    while start < place and (keys[start] in COMMA or keys[start] in words.circumstance):
        start += 1
    if start < place and keys[start] in words.prepositions:
        comma = next((i for i in range(place - 1, start, -1) if keys[i] in COMMA), -1)
        if comma > 0:
            return comma + 1
        for i in range(start + 1, place):
            if keys[i] in ("این", "ان") and keys[i - 1] not in words.prepositions:
                return i
    return start


def _opener(
    reading: Reading, lexicon: CueLexicon, cue: Cue, clause: int, last: int, subject: Subject
) -> Candidate | None:
    keys = reading.keys
    if cue.that:
        return Candidate(cue, "that", "bare", -1, -1, clause, subject)
    start = cue.last
    if start < last and keys[start] in COMMA:
        start += 1
    quote = _quotation(reading, lexicon, start, last)
    if quote >= 0:
        return Candidate(cue, "opener", "that", start + 1, quote, clause, subject, quote)
    if start >= last:
        return None
    if cue.clause >= 0:
        return Candidate(cue, "opener", "that", start, last, clause, subject)
    if cue.to:
        # «با تبریک N به A گفت»: the addressee is no content
        places = range(start + 2, min(last, start + OPENER_REACH))
        last = next((i for i in places if keys[i] == "به" and keys[i + 1 : i + 2] != ["مناسبت"]), last)
        if keys[start : start + 2] == ["به", "مناسبت"]:
            start += 2
    return Candidate(cue, "opener_np", "that", start, last, clause, subject)


def _marker(reading: Reading, lexicon: CueLexicon, cue: Cue, last: int) -> Candidate | None:
    """«به گفته S، C»: the speaker runs to a comma, or to the end of a name or pronoun."""
    keys, words = reading.keys, lexicon.words
    at = cue.last
    if at < last and keys[at] == "ی":
        at += 1
    while at < last and at not in reading.mention_at and keys[at] in words.published:
        at += 1  # «بر اساس نامه منتشر شده S»
    if at >= last or keys[at] in lexicon.forms:
        return None  # «در نظر بگیریم»
    comma = next((i for i in range(at, min(last, at + 25)) if keys[i] in "،,؛:" or keys[i] in END), -1)
    if comma >= 0 and keys[comma] in END:
        comma, last = -1, comma + 1  # the sentence ends, no comma stands in it
    if comma > at + 4 and lexicon.morphology.is_finite(keys[comma - 1]):
        comma = -1  # «به گفته پلیس راننده خواب بود، …»: it closes the content, not the speaker
    if keys[at] in words.pronouns or (keys[at] == "خود" and at + 1 < last):
        subject = Subject("pronoun", at, at + 1, -1, at + 1, at)
    else:
        reach = range(at + 1, min(last, at + MARKED_REACH))
        begins = (i for i in reach if keys[i] in words.demonstratives and keys[i - 1][0].isalnum())
        bound = comma if comma > 0 else next(begins, reach.stop)  # «به گفته کارشناسان این …»
        subject = find_subject(reading, lexicon, at, bound)
        if subject.kind == "omitted" or subject.begin > at + 2:
            if comma != at:
                return None
            subject = OMITTED._replace(end=at)  # «طبق گزارش‌ها، C»
        if comma < 0 and subject.kind == "name":
            named = reading.mention_at.get(subject.first)
            subject = subject._replace(end=_titled_end(reading, named) if named else subject.end)
        elif comma < 0 and subject.kind in ("title", "expression"):
            stop = _bare_end(reading, subject)
            subject = subject._replace(last=stop, end=stop)
    start = subject.end
    if comma > 0 and (comma - start) <= 14:
        start = comma
    while start < last and (keys[start] in COMMA or keys[start] == ":" or keys[start] == "که"):
        start += 1
    if start >= last:
        return None
    quote = _quotation(reading, lexicon, start, last)
    if quote >= 0:
        return Candidate(cue, "marker", "comma", start + 1, quote, cue.first, subject, quote)
    end = _subordinate_end(reading, lexicon, cue, cue.first, "comma", start, last)
    return Candidate(cue, "marker", "comma", start, end, cue.first, subject, closed=end < last)


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


def _bare_end(reading: Reading, subject: Subject) -> int:
    """Where the speaker ends and the content begins without a comma: after a name in it."""
    for at in range(subject.first + 1, subject.last):
        named = reading.mention_at.get(at)
        if named is not None and named.last < subject.last:
            return named.last
    return subject.last


def _before(reading: Reading, lexicon: CueLexicon, cue: Cue, low: int, mark: Follow) -> Candidate | None:
    """Content first (F7, F12): «C»، S گفت."""
    keys = reading.keys
    clause = clause_start(reading, lexicon, low, cue.first)
    end = clause
    while end > low and not keys[end - 1][0].isalnum():
        end -= 1
    start = skip_opening(reading, lexicon, low, end)
    if end - start < 3:
        return None
    after = next((i + 1 for i in range(clause, min(cue.first, clause + 4)) if keys[i] == "را"), clause)
    subject = find_subject(reading, lexicon, after, cue.first)  # «این را S پس از بازی گفت»
    quote = next((i for i in range(end, clause) if is_long_quote(reading, i)), -1)
    if quote >= 0 and reading.quote_start[quote] >= low - 1:
        start = reading.quote_start[quote] + 1
        return Candidate(cue, "before", mark, start, quote, clause, subject, quote, firm=True)
    spoken = cue.spec is not None and cue.spec.cue_class == "neutral" and not cue.spec.noun
    firm = spoken and mark == "end" and end < clause and subject.kind != "omitted" and not cue.passive
    return Candidate(cue, "before", mark, start, end, clause, subject, firm=firm)
