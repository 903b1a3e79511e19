"""The noun phrases that may stand for who speaks: where they end, and the name they are about."""

from collections.abc import Sequence
from itertools import pairwise

from workers.nlp.knowledge.cues import CueLexicon, WordLists
from workers.nlp.knowledge.marks import CLOSING, OPENING, STRAIGHT
from workers.nlp.statements.tokens import Named, Reading
from workers.nlp.statements.values import PhraseKind, SpeakerPhrase

KIN = 2  # words between «وکیل» and the name after it («وکیل مدافع ایرانی X»)
PERSONS = frozenset(("PER",))
ACTORS = frozenset(("PER", "ORG", "LOC", "PRODUCT", "FAC"))


def noun_phrase(
    reading: Reading, lexicon: CueLexicon, at: int, high: int, known: frozenset[str] | set[str]
) -> SpeakerPhrase | None:
    """The noun phrase that begins at a token; None where a circumstance begins there."""
    keys, words = reading.keys, lexicon.words
    key = keys[at]
    if key in words.pronouns:
        return SpeakerPhrase.whole("pronoun", at, at + 1)
    if key == "خود" and at + 1 < high and keys[at + 1] in words.pronouns:
        return SpeakerPhrase.whole("pronoun", at + 1, at + 2)._replace(begin=at)
    end = phrase_end(reading, lexicon, at, high)
    if end == at:
        return None
    if key in words.demonstratives and end > at + 1:
        named = head_name(reading, lexicon, at, end)
        if named is None or named.type not in PERSONS:
            return SpeakerPhrase.whole("demonstrative", at, end)
    named = head_name(reading, lexicon, at, end)
    if named is not None:
        # a title may follow the name («لودریان وزیر دفاع فرانسه»); other words are no part of the phrase
        stop = end
        other = reading.mention_at.get(named.last + 1)
        if keys[named.last : named.last + 1] == ["و"] and other is not None and other.last <= end:
            return SpeakerPhrase.whole("expression", at, other.last)
        if named.last < end and keys[named.last] not in words.roles and keys[named.last][0].isalnum():
            stop = named.last
        return SpeakerPhrase.named(named, at, max(stop, named.last))
    stop = known_end(keys, at, end, known) or end
    kind: PhraseKind = "title" if key in words.roles else "expression"
    return SpeakerPhrase.whole(kind, at, stop)


def phrase_end(reading: Reading, lexicon: CueLexicon, at: int, high: int) -> int:
    """Where the noun phrase that begins at a token ends: before «را», a preposition or a circumstance."""
    keys, words = reading.keys, lexicon.words
    prepositions, circumstance = words.prepositions, words.circumstance
    here = at
    while here < high:
        key = keys[here]
        named = reading.mention_at.get(here)
        if named is not None and named.last <= high and named.type in ACTORS:
            here = named.last
            continue
        if key == "از" and here > at and keys[here - 1] in words.partitive:
            here += 1
            continue
        held = key in prepositions or key in circumstance
        if held and here > at and keys[here - 1] + key in words.joined:
            here += 1
            continue
        if held or key == "را":
            break
        if named is not None and named.type in ("DATE", "TIME"):
            break
        if not key[0].isalnum():
            if key in OPENING or key in CLOSING or key in STRAIGHT:
                here += 1
                continue
            if key == "(":
                close = next((i for i in range(here, min(high, here + 12)) if keys[i] == ")"), -1)
                if close > 0:
                    here = close + 1
                    continue
            break
        here += 1
    return here


def head_name(reading: Reading, lexicon: CueLexicon, at: int, end: int) -> Named | None:
    """The name that the phrase is about: at its head, or a person in apposition to a title."""
    keys = reading.keys
    complement, before_name = lexicon.words.complement, lexicon.words.before_name
    here = at
    while here < end and (keys[here] in before_name or not keys[here][0].isalnum()):
        if here in reading.mention_at:
            break
        here += 1
    named = reading.mention_at.get(here)
    if named is not None and named.last <= end and named.type in ACTORS:
        if named.type in PERSONS or lexicon.words.before_body.issuperset(keys[at:here]):
            return named
        return None  # «استاد دانشگاه تهران» is not the university
    named = reading.inside.get(at)  # the tagger took the title in
    if named is not None and named.first <= at and named.last <= end + 1 and named.type in ACTORS:
        return named
    for place in range(at, end):
        named = reading.mention_at.get(place)
        if named is None or named.type not in PERSONS or named.last > end:
            continue
        before = place - 1
        while before > at and keys[before] in before_name and keys[before] != "و":
            before -= 1
        if before >= at and keys[before] in complement:
            return None
        near = keys[max(at, before - KIN) : before + 1]
        if not lexicon.words.kin.isdisjoint((*near, *map("".join, pairwise(near)))):
            return None
        return named
    return None


def known_end(keys: Sequence[str], at: int, end: int, known: frozenset[str] | set[str]) -> int:
    """Where an expression that was a subject before ends; 0 if none begins here."""
    if not known:
        return 0
    for stop in range(min(end, at + 14), at, -1):
        if "".join(keys[at:stop]) in known:
            return stop
    return 0


def able(lexicon: CueLexicon, head: str) -> bool:
    """Whether a phrase with this head can speak: a role, a body, people."""
    words = lexicon.words
    return (
        head in words.roles
        or head in words.speakers
        or (len(head) > 6 and head.endswith(words.people_endings))
    )


def can_speak(reading: Reading, lexicon: CueLexicon, found: SpeakerPhrase) -> bool:
    """Whether a phrase is about somebody: people, a body, a document, some or a share of them, a name."""
    keys, words = reading.keys, lexicon.words
    at = found.first
    if keys[at] in words.some_of or keys[at][0].isdigit():
        rest = range(at + 1, min(found.last, at + 4))
        alone = at + 1 == found.last and keys[at] != "یک"
        return alone or any(_somebody(reading, lexicon, i) for i in rest)
    return _somebody(reading, lexicon, at)


def _somebody(reading: Reading, lexicon: CueLexicon, at: int) -> bool:
    key, words = reading.keys[at], lexicon.words
    return (
        able(lexicon, key)
        or key in words.humans
        or key in words.people
        or key in words.bodies
        or key in words.documents
        or at in reading.inside
        or speaker_at(reading, lexicon, at)
    )


def speaker_at(reading: Reading, lexicon: CueLexicon, at: int) -> bool:
    """Whether the head of a phrase that may speak stands at a token, in one word or two («روابط عمومی»)."""
    keys, speakers = reading.keys, lexicon.words.speakers
    return keys[at] in speakers or (at + 1 < len(keys) and keys[at] + keys[at + 1] in speakers)


def takes(keys: Sequence[str], words: WordLists, at: int) -> bool:
    """Whether a word takes the name after it («همسر X»); «در این دیدار X» is whole without it."""
    takes = keys[at] in words.complement or keys[at] in words.occasions or keys[at].endswith("های")
    return takes and not (at > 0 and keys[at - 1] in words.demonstratives)
