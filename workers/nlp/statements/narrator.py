"""Read an article from top to bottom: which cues speak, and how far each speech runs.

Small linear models (`linear.py`) decide three questions on the way: does this cue make a statement
(`acceptance.py`), where does a nominal content begin (`beginning.py`), does the open speech go on in the next
sentence (`continuation.py`). Rules decide everything else. Reading is linear in the text.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import TypeGuard

from workers.nlp.knowledge.cues import CueLexicon
from workers.nlp.statements.cues import find_cues, phrase_at
from workers.nlp.statements.decisions.acceptance import Acceptance, acceptance
from workers.nlp.statements.decisions.beginning import Beginning, beginnings
from workers.nlp.statements.decisions.continuation import Continuation, continuation, own_ahead
from workers.nlp.statements.frames import FRAMES, REACH, Frame, build
from workers.nlp.statements.printed import printed
from workers.nlp.statements.reopened import reopened
from workers.nlp.statements.tokens import SPEECH_BLOCKS, Place, Reading
from workers.nlp.statements.values import (
    OMITTED,
    Candidate,
    Cue,
    Omitted,
    PhraseKind,
    SpeakerPhrase,
    Speech,
    Subject,
)

Accept = Callable[[Candidate, Acceptance], float]
"""Whether a candidate is a statement: above 0 is yes."""
Choose = Callable[[Candidate, list[Beginning]], int]
"""The option at which a candidate's content begins, given the record of each."""
Extend = Callable[["Speech", int, int, Continuation], float]
"""Whether an open speech goes on in tokens [first, last): above 0 is yes."""

PASSED = 30  # tokens between a medium's cue and that of the one it reports
FIRM = 1.0  # least score at which a candidate of a certain frame is accepted
TOLD = 12  # tokens before a cue among which the verb of an opener's clause ends
_TELLING = frozenset(("editorial", "provenance"))
_NARRATED = frozenset(("PER", "known", "roles"))  # heads of sentences about somebody
_GOING_ON = frozenset(("present", "subjunctive", "future"))
_TOLD_BY = frozenset(("name", "title", "pronoun", "demonstrative", "expression"))
_GROWING = frozenset(("after", "opener", "opener_np", "marker"))
_QUOTABLE = frozenset(("after", "before", "marker", "opener"))


@dataclass(slots=True)
class Reader:
    """Reads one document; `accept` and `extend` decide (models, or the annotation when training)."""

    reading: Reading
    lexicon: CueLexicon
    accept: Accept
    extend: Extend
    choose: Choose
    frames: Sequence[Frame] = FRAMES
    speeches: list[Speech] = field(default_factory=list)
    open: Speech | None = None
    skip: int = 0  # tokens before this are in a quotation that is content already
    known: set[str] = field(default_factory=set)  # keys of the expressions that were subjects
    _found: dict[int, Sequence[Cue]] = field(default_factory=dict)  # cues by sentence

    def read(self) -> list[Speech]:
        """All speeches in the order of their cues."""
        for number, paragraph in enumerate(self.reading.paragraphs):
            if paragraph.kind in ("subhead", "title"):
                self.open = None
            if paragraph.kind in SPEECH_BLOCKS:
                for sentence in range(paragraph.first, paragraph.last):
                    self._sentence(Place(number, paragraph, sentence))
        return self.speeches

    def _sentence(self, place: Place) -> None:
        reading = self.reading
        sentence = reading.sentences[place.sentence]
        first, last = sentence.first, sentence.last
        if self.skip >= last:
            return
        before, low = self.open, max(first, self.skip)
        cues = (
            self._cues(place.sentence) if low == first else find_cues(reading.keys, low, last, self.lexicon)
        )
        taken, fresh = False, True
        opener: Speech | None = None
        for number, cue in enumerate(cues):
            if cue.first < low or cue.first < self.skip:
                continue
            candidate = build(
                reading, self.lexicon, cue, low, last, self.known, fresh=fresh, frames=self.frames
            )
            if candidate is None:
                continue
            if opener is not None and cue.kind != "marker":
                candidate = _after_opener(reading, self.lexicon, candidate, opener)
            if candidate.frame == "before" and (taken or (before and before.sentence == place.sentence)):
                continue
            if candidate.frame == "that" and not self._points_back(place):
                continue
            if self._passes_on(candidate, cues[number + 1 :], last):
                continue
            if len(candidate.options) > 1:
                candidate = self._begun(candidate)
            asked = acceptance(reading, self.lexicon, candidate, self.open, place, cues, number)
            score = self.accept(candidate, asked)
            firm = (candidate.firm and "firm" not in reading.off) or self._plain(candidate, asked)
            if firm:
                score = max(score, FIRM)
            if score <= 0.0:
                continue
            speech = self._take(place, candidate, score, first)
            taken = True
            if cue.kind != "marker":
                opener = speech if cue.kind == "opener" else None
            low = max(low, cue.last, cue.end)
            fresh = False
            if candidate.frame in _GROWING:
                low = max(low, candidate.start)
        if not taken and self.open is not None and self.open is before:
            self._continue(place, max(first, self.skip), last, bool(cues))

    def _cues(self, sentence: int) -> Sequence[Cue]:
        """The cues of a whole sentence, found once."""
        if sentence not in self._found:
            _, _, first, last = self.reading.sentences[sentence]
            self._found[sentence] = find_cues(self.reading.keys, first, last, self.lexicon)
        return self._found[sentence]

    def _begun(self, candidate: Candidate) -> Candidate:
        """A candidate whose nominal content begins where the model says; the subject yields those words."""
        subject = candidate.subject
        if subject.kind == "title" and isinstance(subject, SpeakerPhrase):
            # who holds an office says it: the content begins behind the head of the phrase
            behind = tuple(i for i in candidate.options if i > subject.begin)
            candidate = candidate._replace(options=behind or candidate.options)
        options = beginnings(self.reading, self.lexicon, candidate, self.known)
        start = candidate.options[self.choose(candidate, options)]
        candidate = candidate._replace(start=start)
        if not isinstance(subject, SpeakerPhrase):
            return candidate
        if subject.kind == "expression" and start <= subject.begin:
            return candidate._replace(subject=OMITTED)  # it was the object
        if subject.entity is None and subject.begin <= subject.first < start < subject.last:
            # the object with «را» is no part of the subject
            return candidate._replace(subject=subject._replace(last=start, end=start))
        return candidate

    def _passes_on(self, candidate: Candidate, following: Sequence[Cue], last: int) -> bool:
        """«روزنامه M نوشت: S اعلام کرد C»: the medium only passes on what somebody said."""
        if not following or candidate.quote is not None or "passing on" in self.reading.off:
            return False
        if candidate.cue.id.replace(" ", "") not in self.lexicon.words.relays:
            return False
        subject, start, inner = candidate.subject, candidate.start, following[0]
        if isinstance(subject, Omitted):
            return False
        kinds = self.lexicon.words.reporters, self.lexicon.words.before_body
        head = self.reading.keys[subject.begin : subject.begin + 2]
        medium = not all(kind.isdisjoint(head) for kind in kinds)
        if subject.entity is not None and candidate.cue.id != "به گفته":
            medium = self.reading.document.entities[subject.entity].type in ("ORG", "PRODUCT")
        if (
            not medium
            or subject.kind not in ("name", "expression")
            or inner.kind != "verb"
            or not start < inner.first <= start + PASSED
        ):
            return False
        told = build(self.reading, self.lexicon, inner, start, last, self.known, frames=self.frames)
        return (
            told is not None
            and told.frame in ("after", "infix", "object")
            and told.subject.kind in ("name", "title", "expression", "demonstrative")
            and told.subject.begin <= start + 1
        )

    def _plain(self, candidate: Candidate, asked: Acceptance) -> bool:
        """«S … CUE که C», «S CUE: «C»» outside any other speech, with S named: always a report."""
        cue, clause = candidate.cue, max(candidate.clause, candidate.cue.first - REACH)
        return (
            "plain" not in self.reading.off
            and candidate.frame == "after"
            and (candidate.follow == "that" or candidate.quote is not None)
            and candidate.subject.kind in _TOLD_BY
            and not cue.passive
            and cue.spec is not None
            and not cue.spec.mark
            and asked.quoted is None
            and not asked.where.startswith("same")
            and "را" not in self.reading.keys[clause : cue.first]
        )

    def _points_back(self, place: Place) -> bool:
        """«با اعلام این خبر»: the sentence before is content, unless it is one already or there is none."""
        reading = self.reading
        if place.sentence == 0:
            return False
        previous, this = reading.sentences[place.sentence - 1], reading.sentences[place.sentence]
        field_at = reading.document.field_at
        if place.sentence == place.paragraph.first and field_at(previous.start) != field_at(this.start):
            return False
        return not any(s.end > previous.first for s in self.speeches[-2:])

    def _take(self, place: Place, candidate: Candidate, score: float, first: int) -> Speech:
        """A new speech; the one before it ends where the narrator's clause begins."""
        text = None
        if "printed" not in self.reading.off:
            text = printed(self.reading, self.lexicon, place, candidate)
        if text is not None:
            start, self.skip, subject = text
            candidate = candidate._replace(start=start, end=self.skip, subject=subject, closed=True)
        running = self.open
        if running is not None:
            begin, end = running.spans[-1]
            if running.sentence == place.sentence:
                cut = candidate.clause if candidate.clause > begin else candidate.cue.first
                if begin < candidate.start <= cut:
                    cut = candidate.start
                    while self.reading.keys[cut - 1] in self.lexicon.words.prepositions:
                        cut -= 1  # «[ضمن اعلام N] به M تأکید کرد»
                if cut < end:
                    running.spans[-1] = (begin, max(begin, cut))
            elif candidate.clause - first >= 4 and candidate.frame != "before":
                self._continue(place, first, candidate.clause, True)
        spans = [(candidate.start, candidate.end)]
        keys, last = self.reading.keys, self.reading.sentences[place.sentence].last
        if candidate.frame == "infix" and candidate.cue.end < last and keys[candidate.cue.end] == "تا":
            spans.append((candidate.cue.end, last))  # «خواستار N شد تا C»
        if candidate.frame == "that":
            previous = self.reading.sentences[place.sentence - 1]
            spans = [(self._quoted_from(previous.last, previous.first), previous.last)]
        direct = candidate.frame in _QUOTABLE and (
            candidate.quote is not None or (candidate.follow == "colon" and candidate.frame == "after")
        )
        subject = candidate.subject
        speech = Speech(candidate, spans, subject, score, place.sentence, place.number, direct)
        self.speeches.append(speech)
        if isinstance(subject, SpeakerPhrase) and subject.kind != "pronoun":
            self.known.add("".join(self.reading.keys[subject.begin : subject.end]))
        self.skip = max(self.skip, candidate.quote or 0)
        grows = candidate.frame in _GROWING and candidate.quote is None and not candidate.closed
        self.open = speech if grows else None
        return speech

    def _quoted_from(self, last: int, first: int) -> int:
        """Where a quotation begins that ends right before token `last`; `first` where none ends there."""
        reading = self.reading
        close = next(
            (i for i in range(last - 1, max(first, last - 3) - 1, -1) if i in reading.quote_start), -1
        )
        return min(first, reading.quote_start[close]) if close >= 0 else first

    def _continue(self, place: Place, first: int, last: int, cued: bool) -> None:
        """Decide whether the open speech goes on in tokens [first, last)."""
        speech = self.open
        if speech is None or not any(key[0].isalnum() for key in self.reading.keys[first:last]):
            return
        again = reopened(self.reading, speech, first, last)
        if again is not None:
            end, closed = again
            self._grow(speech, place, first, end)
            if closed:
                self.skip, self.open = end, None
            return
        asked = continuation(
            self.reading, self.lexicon, speech, place, first, last, cued, self.known, self._cues
        )
        score = self.extend(speech, first, last, asked)
        spoken = not cued or (asked.own and speech.direct and speech.paragraph == place.number)
        if (
            asked.whole
            and spoken
            and speech.candidate.quote is None
            and self._same_voice(speech, place, first, last, asked)
        ):
            score = max(score, FIRM)
        if score <= 0.0:
            speech.cut = score
            self.open = None
            return
        self._grow(speech, place, first, last)

    def _grow(self, speech: Speech, place: Place, first: int, last: int) -> None:
        """Add tokens [first, last) to a speech."""
        begin, end = speech.spans[-1]
        if first > end + 3:
            speech.spans.append((first, last))
        else:
            speech.spans[-1] = (begin, last)
        speech.sentence, speech.paragraph = place.sentence, place.number

    def _same_voice(self, speech: Speech, place: Place, first: int, last: int, asked: Continuation) -> bool:
        """True if only the current speaker can be talking: "we", or an «این N» that was just said."""
        if "same voice" in self.reading.off:
            return False
        direct, inside = speech.direct, speech.paragraph == place.number
        if asked.own:
            if inside or direct:
                return True
            said = self.reading.keys[max(speech.spans[-1][0], speech.end - REACH) : speech.end]
            return self.lexicon.speaks_of_self(said)
        told = asked.opening in _TELLING or (not inside and asked.head in _NARRATED)
        if direct and not told and own_ahead(self.reading, self.lexicon, place):
            return True
        going_on = asked.tense in _GOING_ON and "going on" not in self.reading.off
        if direct and inside and not told and asked.head not in _NARRATED and going_on:
            return True  # the narrator tells the past, the speaker the present and the future
        if not (asked.echo and inside and asked.tense != "past") or self.reading.keys[last - 1] == ":":
            return False
        mentions = self.reading.inside
        return not any(mentions[i].type == "PER" for i in range(first, last) if i in mentions)


def _after_opener(reading: Reading, lexicon: CueLexicon, candidate: Candidate, opener: Speech) -> Candidate:
    """The clause of a main cue whose opener took the words before it."""
    begin, cue = opener.spans[-1][0], candidate.cue.first
    clause, subject = candidate.clause, candidate.subject
    if opener.candidate.frame == "opener":
        clause = _opener_end(reading, lexicon, begin, clause, cue)
    if clause <= begin:
        # no finite verb closed the opener's content: it runs to a subject after a comma, or to the cue
        clause = cue
        if _after_comma(subject, reading, ("pronoun", "name")) and subject.begin > begin:
            clause = subject.begin
        if candidate.frame in ("object", "predicate") and begin < candidate.start < cue:
            clause = candidate.start
        if opener.candidate.frame == "opener_np":
            clause = _phrase_break(reading, lexicon, begin, clause)
    if opener.candidate.frame == "opener" and clause == cue and candidate.frame == "after":
        clause = _told_to(reading, lexicon, begin, cue)
    if not (_after_comma(subject, reading, ("pronoun", "name", "title")) and subject.begin >= clause):
        subject = opener.subject
    return candidate._replace(clause=clause, subject=subject, opened=opener.candidate.cue.first)


def _after_comma(subject: Subject, reading: Reading, kinds: Sequence[PhraseKind]) -> TypeGuard[SpeakerPhrase]:
    """Whether a phrase of one of some kinds stands behind a comma."""
    return (
        isinstance(subject, SpeakerPhrase)
        and subject.kind in kinds
        and reading.keys[subject.begin - 1] in "،,"
    )


def _opener_end(reading: Reading, lexicon: CueLexicon, begin: int, clause: int, cue: int) -> int:
    """Where the clause of an opener ends: at the verb before the cue, past any «و» or «که» inside it."""
    keys = reading.keys
    last = cue - 1
    while last > begin and keys[last] in "،,":
        last -= 1
    if begin < clause <= last and (last < cue - 1 or reading.clauses.is_finite(last)):
        return cue  # «با بیان اینکه A است و B می‌شود، گفت»
    if begin < clause < cue and keys[clause - 1] == "که":
        marks = (
            i for i in range(cue - 1, clause, -1) if keys[i] in "،," and reading.clauses.is_finite(i - 1)
        )
        return next(marks, clause - 1) + 1
    if clause == cue and keys[last] == "و" and reading.clauses.is_finite(last - 1):
        # «با اعلام اینکه A است، به B اشاره کرد و گفت»: the narrator's clause follows its comma
        for i in range(last - 2, begin + 2, -1):
            if (
                keys[i] in "،,"
                and reading.clauses.is_finite(i - 1)
                and keys[i + 1] in lexicon.words.prepositions
            ):
                return i + 1
    return clause


def _told_to(reading: Reading, lexicon: CueLexicon, begin: int, cue: int) -> int:
    """Where the narrator says whom a cue is said to, behind the verb of an opener's clause; else the cue.

    «با بیان اینکه باران کم شده است در گفت‌وگو با خبرنگاران گفت», «… به «بامداد» گفت»
    """
    keys = reading.keys
    verbs = (i for i in range(cue - 1, max(begin, cue - TOLD), -1) if reading.clauses.is_verb(i))
    start = next(verbs, cue - 1) + 1
    if start >= cue - 1:
        return cue
    if phrase_at(keys, start, cue, lexicon, "addressed"):
        return start
    named = reading.mention_at.get(start + 1) or reading.mention_at.get(start + 2)
    rest = keys[named.last : cue] if named is not None else keys[start + 2 : cue]
    told = named is not None or keys[start + 1] in lexicon.words.reporters
    if (
        keys[start] == "به"
        and told
        and not any(key[0].isalnum() and key not in lexicon.words.our_medium for key in rest)
    ):
        return start
    return cue


def _phrase_break(reading: Reading, lexicon: CueLexicon, begin: int, end: int) -> int:
    """Where a noun phrase of an opener ends: at a comma before a preposition («با تبریک N، از A خواست»)."""
    keys, prepositions = reading.keys, lexicon.words.prepositions
    marks = (i + 1 for i in range(begin + 1, end - 1) if keys[i] in "،," and keys[i + 1] in prepositions)
    return next(marks, end)
