"""Turns speeches in tokens into statements in the text."""

from bisect import bisect_left
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import accumulate
from math import exp

from schemas.enriched import ResolvedBy, StatementKind
from workers.nlp.document import Document, Range, TextSpeaker, TextStatement
from workers.nlp.knowledge.cues import CueLexicon
from workers.nlp.statements.cues import lemma
from workers.nlp.statements.decisions.confidence import certainty
from workers.nlp.statements.decisions.linear import LinearModel
from workers.nlp.statements.decisions.models import load_models
from workers.nlp.statements.frames import FRAMES, Frame
from workers.nlp.statements.interview import Interview, interview
from workers.nlp.statements.labels import beside, labelled
from workers.nlp.statements.narrator import Reader
from workers.nlp.statements.setting import addressee_of, occasion_of
from workers.nlp.statements.signatures import signed
from workers.nlp.statements.tokens import Reading, read
from workers.nlp.statements.values import Candidate, Omitted, Speech

_RESOLVED: dict[str, ResolvedBy] = {
    "name": "name",
    "title": "title",
    "pronoun": "pronoun",
    "demonstrative": "demonstrative",
    "expression": "expression",
    "omitted": "omitted",
}


QUOTED = 4  # words of a quoted part, names apart
LABELLED = 1  # words before a quotation that only say what it is


@dataclass(frozen=True, slots=True)
class StatementExtractor:
    """Fills `statements`: cue, content, kind, stance and the speaker's mention, not yet resolved."""

    lexicon: CueLexicon
    models: Mapping[str, LinearModel]
    digests: dict[str, str] = field(default_factory=dict)
    frames: Sequence[Frame] = FRAMES
    off: frozenset[str] = frozenset()  # ids of `rules.RULES` that are left out

    @classmethod
    def load(cls, lexicon: CueLexicon) -> "StatementExtractor":
        """Load the shipped models."""
        models, digests = load_models()
        return cls(lexicon, models, digests)

    def extract(self, document: Document) -> Document:
        """Extract the statements of one document."""
        reading = read(document, self.lexicon, self.off)
        found = (self.statement(reading, speech) for speech in self.speeches(reading))
        told = [s for s in found if s is not None]
        printed = interview(reading, self.lexicon) if "interview" not in self.off else None
        if printed is not None:
            told = _beside(reading, told, printed)
        labels: list[TextStatement] = []
        if "labels" not in self.off:
            labels += labelled(reading, self.lexicon, printed)
        if "signatures" not in self.off:
            labels += signed(reading, self.lexicon)
        return replace(document, statements=tuple(beside(told, labels) if labels else told))

    def speeches(self, reading: Reading) -> list[Speech]:
        """The speeches of a document, in the order of their cues."""
        accept, extend, start = self.models["accept"], self.models["continue"], self.models["start"]
        reader = Reader(
            reading,
            self.lexicon,
            accept=lambda _, asked: accept.margin(asked),
            extend=lambda _speech, _first, _last, asked: extend.margin(asked),
            choose=lambda _, options: start.best(options),
            frames=self.frames,
        )
        return reader.read()

    def statement(self, reading: Reading, speech: Speech) -> TextStatement | None:
        """A speech as a statement, with its speaker unresolved; None where its content has no word."""
        trimmed = [_trim(reading, first, last) for first, last in speech.spans]
        content = tuple([span for span in trimmed if span is not None and span.start < span.end])
        if not content:
            return None
        return TextStatement(
            kind="direct" if speech.direct else _reported(reading, speech),
            stance=speech.candidate.cue.stance,
            speaker=_speaker(reading, speech),
            cue=cue_range(reading, speech.candidate),
            content=content,
            confidence=self.confidence(reading, speech),
            addressee=addressee_of(reading, self.lexicon, speech.candidate),
            occasion=occasion_of(reading, self.lexicon, speech.candidate),
            frame=speech.candidate.rule,
            lemma=lemma(reading.keys, speech.candidate.cue),
        )

    def confidence(self, reading: Reading, speech: Speech) -> float:
        """Chance that content and speaker are right, as measured on annotated articles of other folds."""
        model = self.models.get("confidence")
        if model is None:
            return 0.5
        return 1.0 / (1.0 + exp(-model.margin(certainty(reading, speech))))


def _beside(reading: Reading, told: list[TextStatement], printed: Interview) -> list[TextStatement]:
    """The answers of an interview among what the story tells before and after it."""
    tokens = reading.document.tokens
    first, last = tokens[printed.first].start, tokens[printed.last - 1].end
    before, after = [], []
    for statement in told:
        content = tuple(
            c if c.end <= first else Range(c.start, first) for c in statement.content if c.start < first
        )
        if statement.content[0].start >= last:
            after.append(statement)
        elif content and (statement.cue is None or statement.cue.start < first):
            before.append(replace(statement, content=content))
    return [*before, *printed.statements, *after]


def cue_range(reading: Reading, candidate: Candidate) -> Range:
    """The cue in code points."""
    tokens, cue = reading.document.tokens, candidate.cue
    return Range(tokens[cue.first].start, tokens[cue.last - 1].end)


def _reported(reading: Reading, speech: Speech) -> StatementKind:
    """Whether the narrator's words hold a stretch of the speaker's own, longer than a scare quote.

    A quotation with no more than a noun for it («شعار «…»») is direct.
    """
    for first, last in speech.spans:
        openings = reading.openings
        quotes = openings[bisect_left(openings, first) : bisect_left(openings, last)]
        if not quotes:
            continue
        own = [reading.keys[i][0].isalnum() and i not in reading.inside for i in range(first, last)]
        words = [0, *accumulate(own)]
        for opening in quotes:
            close = reading.quote_end[opening]
            said = words[close - first] - words[opening - first] if close < last else 0
            if said >= QUOTED:
                alone = len(speech.spans) == 1 and words[-1] - said <= LABELLED
                return "direct" if alone else "mixed"
    return "indirect"


def _trim(reading: Reading, first: int, last: int) -> Range | None:
    """Tokens [first, last) without marks at their ends."""
    keys, tokens = reading.keys, reading.document.tokens
    while first < last and not keys[first][0].isalnum():
        first += 1
    while last > first and not keys[last - 1][0].isalnum():
        last -= 1
    if first >= last:
        return None
    return Range(tokens[first].start, tokens[last - 1].end)


def _speaker(reading: Reading, speech: Speech) -> TextSpeaker | None:
    """The expression for the speaker, to be resolved; None for a passive without one."""
    subject = speech.subject
    if isinstance(subject, Omitted):
        if speech.candidate.cue.passive or speech.candidate.frame == "marker":
            return None
        return TextSpeaker("", None, None, "omitted")
    tokens = reading.document.tokens
    span = Range(tokens[subject.first].start, tokens[subject.last - 1].end)
    entity = reading.document.entities[subject.entity].id if subject.entity is not None else None
    return TextSpeaker(reading.document.slice(span), span, entity, _RESOLVED[subject.kind])
