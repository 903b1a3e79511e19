"""Does a cue make a statement? The record that the model weighs."""

from bisect import bisect_left
from collections.abc import Sequence
from typing import NamedTuple

from workers.nlp.knowledge.cues import CueLexicon
from workers.nlp.statements.decisions.templates import Templates, bucket
from workers.nlp.statements.frames import REACH
from workers.nlp.statements.tokens import Place, Reading
from workers.nlp.statements.values import Candidate, Cue, SpeakerPhrase, Speech

_CLASSES = ("prepositions", "pronouns", "demonstratives", "connectives", "roles", "circumstance")
VERB_WITHIN = 40  # tokens of a content in which its verb is looked for


class Acceptance(NamedTuple):
    """A candidate in its sentence, and the speech that is open there."""

    id: str
    kind: str
    frame: str
    mark: str
    tense: str
    passive: bool
    plural: bool | None  # True or None
    where: str  # the open speech: "none", "same:…" of this sentence, "run:…" of one before
    subject: str
    length: int
    verb: bool
    before: str
    after: str
    colon_later: bool
    cues_later: int
    position: int
    start: bool
    last: int
    content: str | None  # first word of a nominal content, and of the subject
    actor: str | None
    editorial: str | None  # «گفتنی است» at the head of the sentence
    editorial_first: bool | None
    quoted: bool | None  # True: the cue stands in a quotation
    behind: str  # what kind of word stands after the cue
    ahead: str  # … and before it


ACCEPTANCE = Templates(
    Acceptance,
    (
        "",
        "id",
        "kind",
        "frame",
        "mark",
        "frame mark",
        "id mark",
        "id frame",
        "tense",
        "tense mark",
        "id tense",
        "passive mark",
        "id passive",
        "plural",
    ),
    ("where", "where mark", "where frame", "where subject", "subject", "subject mark", "subject frame"),
    ("id subject",),
    ("length frame", "verb frame", "last frame"),
    ("before",),
    ("after",),
    ("colon_later kind frame", "cues_later kind"),
    ("position where", "start mark", "quoted mark"),
    ("content frame", "actor kind", "editorial", "editorial_first"),
    ("passive where", "tense where", "behind tense", "behind frame mark", "ahead frame", "ahead tense"),
)


def acceptance(
    reading: Reading,
    lexicon: CueLexicon,
    candidate: Candidate,
    speech: Speech | None,
    place: Place,
    cues: Sequence[Cue],
    nth: int,
) -> Acceptance:
    """Describe the `nth` of a sentence's cues."""
    number, paragraph, sentence = place
    keys, cue, subject = reading.keys, candidate.cue, candidate.subject
    _, _, first, last = reading.sentences[sentence]
    frame, start, end = candidate.frame, candidate.start, candidate.end
    tense: str = cue.form.tense if cue.form else "-"
    if tense == "perfect" and keys[cue.last - 1].endswith("ه"):
        tense = "participle"
    kind: str = subject.kind
    if subject.entity is not None:
        kind = "name:" + reading.document.entities[subject.entity].type
    nominal = cue.kind == "marker" or frame in ("object", "predicate")
    following = len(cues) - nth - 1
    actor = keys[subject.first] if isinstance(subject, SpeakerPhrase) else "-"
    editorial = lexicon.phrases["editorial"]
    opening = editorial.longest_at(keys, first, last) if keys[first] in editorial.starts else None
    return Acceptance(
        cue.id,
        cue.kind,
        frame,
        candidate.follow,
        tense,
        cue.passive,
        True if cue.form is not None and cue.form.plural else None,
        _where(speech, number, sentence),
        kind,
        bucket(end - start),
        not lexicon.forms.keys().isdisjoint(keys[start : min(end, start + VERB_WITHIN)]),
        keys[cue.first - 1] if cue.first > first else "<s>",
        keys[cue.last] if cue.last < last else "</s>",
        following > 0 and any(keys[c.last] == ":" for c in cues[nth + 1 : nth + 5] if c.last < last),
        min(2, following),
        min(3, sentence - paragraph.first),
        cue.first == first,
        bucket(last - end),
        keys[start] if nominal else None,
        actor if nominal else None,
        "".join(keys[first : opening[0]]) if opening else None,
        opening[0] >= cue.first if opening else None,
        True if reading.openings and _quoted(reading, max(first, cue.first - REACH), cue.first) else None,
        _kind(reading, lexicon, cue.last) if cue.last < last else "</s>",
        _kind(reading, lexicon, cue.first - 1) if cue.first > first else "<s>",
    )


def _kind(reading: Reading, lexicon: CueLexicon, at: int) -> str:
    """The kind of a token: a name by its type, a mark, a clause word, a class of words, a verb."""
    key, words = reading.keys[at], lexicon.words
    named = reading.inside.get(at)
    if named is not None:
        return named.type
    if not key[0].isalnum() or key in words.breaks:
        return key
    for name in _CLASSES:
        if key in getattr(words, name):
            return name
    return "verb" if reading.clauses.is_verb(at) else "word"


def _where(speech: Speech | None, paragraph: int, sentence: int) -> str:
    if speech is None:
        return "none"
    if speech.sentence == sentence:
        return "same:direct" if speech.direct else "same:" + speech.candidate.frame
    manner = "run:direct" if speech.direct else "run:indirect"
    return manner if speech.paragraph == paragraph else manner + ":par"


def _quoted(reading: Reading, first: int, at: int) -> bool:
    openings = reading.openings
    near = openings[bisect_left(openings, first) : bisect_left(openings, at)]
    return bool(near) and any(reading.quote_end[opening] > at for opening in near)
