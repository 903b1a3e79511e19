"""Does the open speech go on? The record that the model weighs.

It has few fields, most of them classes of words, as there are few examples to learn from.
"""

from collections.abc import Callable, Sequence, Set
from typing import NamedTuple

from workers.nlp.knowledge.cues import CueLexicon, PhraseKind
from workers.nlp.knowledge.folding import glue
from workers.nlp.statements.decisions.templates import Templates, bucket
from workers.nlp.statements.frames import REACH
from workers.nlp.statements.tokens import SPEECH_BLOCKS, Place, Reading
from workers.nlp.statements.values import Cue, Speech

_OPENINGS: tuple[PhraseKind, ...] = ("provenance", "editorial", "continuing")
_AHEAD = 4  # sentences that are looked at ahead for «ما»
_COMING = 5  # … for the next cue
_FAR = 2  # sentences to it that are told apart
_LITTLE = 4  # tokens before a cue that hold no subject of their own
_SUBJECTS = frozenset(("PER", "ORG"))
_WITH_MI = frozenset(("present", "imperfect"))
Ahead = Callable[[int], Sequence[Cue]]
"""The cues of a sentence by its index."""
_STOPS = frozenset('.!؟?…»"')


class Continuation(NamedTuple):
    """An open speech, and tokens that may be more of it."""

    manner: str  # of the speech: "quote", "direct", "after", "other"
    edge: str  # in its paragraph, at the next one, or farther
    mark: str  # after the cue
    cued: bool  # a cue stands in the sentence
    whole: bool  # the tokens run to the end of the sentence
    echo: bool  # «این» and a word of the speech
    opening: str
    own: bool  # «ما»
    head: str
    closed: str  # what stands before: full stop, verb, something else
    tense: str
    modal: bool
    dated: bool
    same: bool  # the speaker is named
    single: bool  # the article is one paragraph
    size: int
    left: int
    penultimate: bool
    next: str
    started: bool  # the speech opened its paragraph
    length: int
    so_far: int
    document: bool
    first: str
    coming: str | None  # the next cue, and how far it is


CONTINUATION = Templates(
    Continuation,
    ("", "echo", "echo manner edge", "manner edge", "manner edge cued whole", "manner edge mark"),
    ("opening", "opening edge", "own", "own edge", "own manner"),
    ("head", "head edge", "head cued whole"),
    ("closed edge", "tense", "tense manner"),
    ("modal", "dated", "same own"),
    ("single manner edge", "penultimate single manner", "started manner edge single"),
    ("size edge", "left manner"),
    ("next edge",),
    ("length edge", "so_far edge", "document edge"),
    ("first",),
    ("coming", "coming edge", "coming manner", "coming single"),
)


def continuation(
    reading: Reading,
    lexicon: CueLexicon,
    speech: Speech,
    place: Place,
    first: int,
    last: int,
    cued: bool,
    known: Set[str],
    ahead: Ahead,
) -> Continuation:
    """Describe tokens [first, last) after an open speech; `ahead` finds the cues of a sentence."""
    number, paragraph, sentence = place
    keys, inside, candidate = reading.keys, reading.inside, speech.candidate
    begin = _first_word(keys, first, last)
    manner = "direct" if speech.direct else "after" if candidate.frame == "after" else "other"
    if candidate.quote is not None:
        manner = "quote"
    gap = number - speech.paragraph
    body = keys[first:last]
    before = keys[first - 1] if first else ""
    closed = "stop" if before in _STOPS else "verb" if lexicon.morphology.is_finite(before) else "open"
    entity = speech.subject.entity
    same = entity is not None and entity in [inside[i].entity for i in range(first, last) if i in inside]
    early = [inside[i].type for i in range(begin, min(last, begin + 8)) if i in inside]
    left = min(3, paragraph.last - sentence)
    return Continuation(
        manner,
        "in" if gap == 0 else "par" if gap == 1 else "far",
        candidate.follow,
        cued,
        last == reading.sentences[sentence].last,
        _echoes(lexicon, keys, begin, last, speech),
        _opening(lexicon, keys, begin, last),
        lexicon.speaks_of_self(body),
        _head(reading, lexicon, begin, last, known),
        closed,
        _final_tense(lexicon, body),
        not lexicon.words.modal.isdisjoint(body),
        "DATE" in early or "TIME" in early,
        same,
        reading.bodies == 1,
        min(4, paragraph.last - paragraph.first),
        left,
        left == 1,
        _next_head(reading, lexicon, sentence + 1, paragraph.last, known),
        candidate.cue.first < reading.sentences[paragraph.first].last,
        bucket(last - first) // 2,
        bucket((speech.end - speech.spans[0][0]) // 5),
        glue(candidate.cue.id) in lexicon.words.written,
        keys[begin],
        _coming(reading, lexicon, place, ahead),
    )


def _coming(reading: Reading, lexicon: CueLexicon, place: Place, ahead: Ahead) -> str | None:
    """The subject of the next cue of this part, whether a colon follows it, and how far it is."""
    after, stop = place.sentence + 1, _part_end(reading, place.number)
    for far, sentence in enumerate(range(after, min(after + _COMING, stop))):
        cues = ahead(sentence)
        if cues:
            _, _, first, last = reading.sentences[sentence]
            cue = cues[0]
            colon = cue.last < last and reading.keys[cue.last] == ":"
            return f"{_before_cue(reading, lexicon, first, cue.first)} {colon} {min(far, _FAR)}"
    return None


def _before_cue(reading: Reading, lexicon: CueLexicon, first: int, cue: int) -> str:
    """What stands before a sentence's first cue: a pronoun, a name, little or more."""
    if not lexicon.words.pronouns.isdisjoint(reading.keys[first:cue]):
        return "pronoun"
    if any(i in reading.inside and reading.inside[i].type in _SUBJECTS for i in range(first, cue)):
        return "name"
    return "little" if cue - first <= _LITTLE else "more"


def _echoes(lexicon: CueLexicon, keys: Sequence[str], begin: int, last: int, speech: Speech) -> bool:
    """Whether some words begin with «این» and a noun that was said, in the plural or not."""
    if begin + 2 > last or keys[begin] not in lexicon.words.demonstratives:
        return False
    key, (start, end) = keys[begin + 1], speech.spans[-1]
    plurals = lexicon.words.plural_endings
    noun, said = _singular(key, plurals), keys[max(start, end - REACH) : end]
    return key not in lexicon.words.prepositions and any(_singular(key, plurals) == noun for key in said)


def _singular(key: str, plurals: Sequence[str]) -> str:
    for ending in plurals:
        if key.endswith(ending) and len(key) > len(ending) + 1:
            return key[: -len(ending)]
    return key


def _part_end(reading: Reading, number: int) -> int:
    """The sentence after the paragraphs that stand together with this one, up to a subhead."""
    last = number
    for place in range(number + 1, min(len(reading.paragraphs), number + 1 + _AHEAD)):
        if reading.paragraphs[place].kind not in SPEECH_BLOCKS:
            break
        last = place
    return reading.paragraphs[last].last


def _opening(lexicon: CueLexicon, keys: Sequence[str], begin: int, last: int) -> str:
    """The first kind of phrase that begins at a token."""
    if keys[begin] in lexicon.leads:
        for kind in _OPENINGS:
            if lexicon.phrases[kind].longest_at(keys, begin, last):
                return kind
    return "-"


def own_ahead(reading: Reading, lexicon: CueLexicon, place: Place) -> bool:
    """Whether one of the next sentences, before any colon and any subhead, speaks of «ما»."""
    sentence, stop = place.sentence + 1, _part_end(reading, place.number)
    for following in reading.sentences[sentence : min(stop, sentence + _AHEAD)]:
        body = reading.keys[following.first : following.last]
        if ":" in body:
            return False
        if lexicon.speaks_of_self(body):
            return True
    return False


def _final_tense(lexicon: CueLexicon, body: Sequence[str]) -> str:
    tail = [key for key in body[-4:] if key[0].isalnum()]
    if any(form.tense == "future" for form in lexicon.forms.get("".join(tail[-2:]), ())):
        return "future"  # «خواهد بود»
    for key in reversed(tail):
        forms = lexicon.forms.get(key)
        if forms:
            return forms[0].tense
        form = lexicon.morphology.reading(key)
        if form is not None and form.tense in _WITH_MI:
            return "present"  # the model has learned nothing about other verbs
    return "-"


def _first_word(keys: Sequence[str], first: int, last: int) -> int:
    while first < last - 1 and not keys[first][0].isalnum():
        first += 1
    return first


def _next_head(reading: Reading, lexicon: CueLexicon, sentence: int, stop: int, known: Set[str]) -> str:
    """What the next sentence begins with: in this paragraph, else the next one's first."""
    if sentence >= len(reading.sentences):
        return "end"
    following = reading.sentences[sentence]
    begin = _first_word(reading.keys, following.first, following.last)
    head = _head(reading, lexicon, begin, following.last, known)
    return "in " + head if sentence < stop else "out " + head


def _head(reading: Reading, lexicon: CueLexicon, at: int, last: int, known: Set[str]) -> str:
    """The kind of word that some tokens begin with."""
    key, words = reading.keys[at], lexicon.words
    kind = lexicon.heads.get(key)
    if kind is not None:
        return kind
    named = reading.mention_at.get(at)
    if named is not None:
        return named.type
    if known:
        joined = ""
        for part in reading.keys[at : min(last, at + 8)]:
            joined += part
            if joined in known:
                return "known"
    return "roles" if key in words.roles else "preposition" if key in words.prepositions else "other"
