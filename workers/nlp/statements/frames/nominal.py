"""F5, F9: the content is a noun phrase before the cue («بر N تأکید کرد», «N را ADJ خواند»)."""

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from workers.nlp.knowledge.cues import CueLexicon
from workers.nlp.statements.clauses import COMMA
from workers.nlp.statements.frames.before import before
from workers.nlp.statements.frames.scene import Scene
from workers.nlp.statements.speakers.lead_in import skip_opening
from workers.nlp.statements.speakers.subject import find_subject
from workers.nlp.statements.tokens import Reading
from workers.nlp.statements.values import Candidate, Cue, FrameName, SpeakerPhrase, Subject

START_REACH = 90  # tokens before «را» among which a nominal content may begin, after a mark
START_NEAR = 30  # … anywhere


class Content(NamedTuple):
    """A nominal content, and the places where it may begin."""

    start: int
    end: int
    options: tuple[int, ...]


def nominal(scene: Scene) -> Candidate | None:
    """«بر N تأکید کرد»; where N is «این», the content is the sentence or the words before."""
    reading, lexicon, cue, spec = scene.reading, scene.lexicon, scene.cue, scene.spec
    content = _content(scene)
    if content is None:
        return None
    keys, words, mark, clause, subject = reading.keys, lexicon.words, scene.mark, scene.clause, scene.subject
    begin, end, options = content
    if len(options) == 1 and isinstance(subject, SpeakerPhrase) and subject.first < begin < subject.last:
        subject = subject._replace(last=begin, end=begin)
    if mark == "end" and scene.low < clause and points(reading, lexicon, clause, cue.first):
        return before(scene)
    if mark == "end" and scene.fresh and scene.low == clause and points(reading, lexicon, clause, cue.first):
        place = keys.index("را", clause)
        if keys[place - 1] in words.told:
            # «این خبر را S اعلام کرد»: the sentence before is what was said
            subject = find_subject(reading, lexicon, place + 1, cue.first, scene.known)
            return Candidate(cue, "that", mark, 0, 0, clause, subject)
    # «این را گفت که C» reports C; «نرخ ارز را اعلام کرد که …» reports the rate
    pointed = end - begin <= 2 and keys[begin] in words.demonstratives
    reports = mark in ("end", "and", "comma") or not spec.clause
    if mark == "that" and not reports:
        reports = not pointed and (keys[cue.first - 1] == "را" or spec.nominal)
    if not reports:
        return None
    if spec.stance == "say" and mark == "end" and _told(reading, lexicon, begin, end):
        return Candidate(cue, "that", mark, 0, 0, clause, subject)
    frame: FrameName = "predicate" if spec.predicate else "object"
    return Candidate(cue, frame, mark, begin, end, clause, subject, options=options)


def _content(scene: Scene) -> Content | None:
    """The content, in the clause of the cue or, past a relative clause, in its sentence."""
    reading, lexicon, cue, spec, subject = scene.reading, scene.lexicon, scene.cue, scene.spec, scene.subject
    content = _object(reading, lexicon, cue, scene.clause, subject)
    if content is None and scene.fresh and scene.clause > scene.low:
        if not spec.clause:
            return _object(reading, lexicon, cue, scene.low, subject)
        if spec.noun and scene.mark in ("end", "and"):
            return _headed(reading, lexicon, cue, scene.low, subject)
    return content


def _headed(reading: Reading, lexicon: CueLexicon, cue: Cue, low: int, subject: Subject) -> Content | None:
    """«از N که … بودند خبر داد»: a nominal content whose relative clause runs to the cue."""
    keys = reading.keys
    that = next((i for i in range(cue.first - 1, low, -1) if keys[i] == "که"), low)
    content = _object(reading, lexicon, cue, low, subject) if that > low else None
    if content is None:
        return None
    heads = tuple(i for i in content.options if i < that)
    if not heads:
        return None
    start = content.start if content.start in heads else heads[-1]
    return Content(start, content.end, heads)


def _told(reading: Reading, lexicon: CueLexicon, begin: int, end: int) -> bool:
    """«این نکته [را بیان کرد]» points to what was said before."""
    keys, words = reading.keys, lexicon.words
    return begin + 2 == end and keys[begin] in words.demonstratives and keys[begin + 1] in words.told


def points(reading: Reading, lexicon: CueLexicon, clause: int, cue: int) -> bool:
    """«…؛ این را S گفت»: the object points back to the words before."""
    keys = reading.keys
    place = next((i for i in range(clause, min(cue, clause + 4)) if keys[i] == "را"), clause)
    return place > clause and keys[clause] in lexicon.words.demonstratives


def _object(reading: Reading, lexicon: CueLexicon, cue: Cue, clause: int, subject: Subject) -> Content | None:
    """A nominal content before the cue: begin, end, and the other places where it may begin."""
    spec, keys = cue.spec, reading.keys
    assert spec is not None  # noqa: S101 - a verb has one
    if isinstance(subject, SpeakerPhrase):
        after_subject = subject.end
    else:
        after_subject = skip_opening(reading, lexicon, clause, cue.first)
    if ("را",) in spec.object:
        place = next((i for i in range(cue.first - 1, clause, -1) if keys[i] == "را"), None)
        if place is not None and not (spec.predicate and place + 1 >= cue.first):
            whole = spec.predicate or (spec.clause and place + 1 < cue.first)
            start, matter = _object_start(reading, lexicon, after_subject, place), None
            if start == place and isinstance(subject, SpeakerPhrase) and subject.entity is None:
                # the object was taken for a part of the phrase
                matter = _matter(reading, lexicon, subject.first + 1, place)
                start = place - 1 if matter is None else matter
            end = cue.first if whole else place
            if matter is not None:
                return Content(start, end, (start,))
            if start < end:
                low = max(clause, place - START_REACH)
                return Content(start, end, tuple(_starts(keys, low, place, start)))
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
    return Content(start, end, tuple(options))


def _matter(reading: Reading, lexicon: CueLexicon, first: int, place: int) -> int | None:
    """«وزیر راه خبر گرانی را تکذیب کرد»: the word that tells what is denied; none of «رئیس مرکز آمار»."""
    keys, words = reading.keys, lexicon.words
    for at in range(first, place):
        held = keys[at - 1] in words.roles or keys[at - 1] in words.speakers or at in reading.inside
        if keys[at] in words.matters and not held:
            return at - (keys[at - 1] in words.demonstratives)
    return None


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
        comma = next((i for i in range(place - 1, start, -1) if keys[i] in COMMA), None)
        if comma is not None:
            return comma + 1
        for i in range(start + 1, place):
            if keys[i] in words.determiners and keys[i - 1] not in words.prepositions:
                return i
    return start
