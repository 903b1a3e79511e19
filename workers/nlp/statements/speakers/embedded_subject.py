"""A subject that stands within a circumstance, with no comma before it («در این دیدار X گفت»)."""

from collections.abc import Sequence

from workers.nlp.knowledge.cues import CueLexicon, WordLists
from workers.nlp.statements.speakers.noun_phrase import (
    PERSONS,
    able,
    head_name,
    phrase_end,
    speaker_at,
    takes,
)
from workers.nlp.statements.tokens import Reading
from workers.nlp.statements.values import OMITTED, PhraseKind, SpeakerPhrase, Subject


def embedded_subject(
    reading: Reading, lexicon: CueLexicon, low: int, high: int, *, closed: bool = False
) -> Subject:
    """A subject after a circumstance without a comma: a person, pronoun or title that no word governs.

    `closed` tells that a comma ends the circumstance: an organisation before it belongs to it.
    """
    keys, words = reading.keys, lexicon.words
    before_name = words.before_name
    best: Subject = OMITTED
    at = low
    while at < high:
        key = keys[at]
        governed = at > low and (keys[at - 1] in words.prepositions or takes(keys, words, at - 1))
        if key in words.pronouns and not governed:
            return SpeakerPhrase.whole("pronoun", at, at + 1)
        named = reading.mention_at.get(at)
        if named is not None and named.last <= high:
            if named.type in PERSONS and not governed:
                before = at - 1
                while before > low and keys[before] in before_name and keys[before] != "و":
                    before -= 1
                if keys[before] not in words.prepositions and not takes(keys, words, before):
                    end = phrase_end(reading, lexicon, at, high)
                    return SpeakerPhrase.named(named, before + 1, end)
            held = _governed(keys, words, low, at) or (at > low and keys[at - 1] in words.roles)
            paired = at > low and keys[at - 1] == "و"  # «از A و B خواست»
            if named.type == "ORG" and named.last == high and not closed and not held and not paired:
                return SpeakerPhrase.named(named, at, high)
            at = named.last
            continue
        head = key in words.roles or (at > low + 2 and speaker_at(reading, lexicon, at))
        if head and key in words.some:
            # «یک تراژدی» says nothing, «برخی از مسئولان» do
            head = any(able(lexicon, k) for k in keys[at + 1 : min(high, at + (2 if key == "یک" else 4))])
            head = head or (at + 1 == high and key != "یک")  # «به همین دلیل برخی معتقدند»
        if head and (keys[at - 1] == "و" or not words.roles.isdisjoint(keys[max(low, at - 2) : at])):
            head = False  # «از مردم و قربانیان», «با معاون اول رئیس‌جمهور»
        if head and not governed and at > low + 1 and best.kind == "omitted":
            end = phrase_end(reading, lexicon, at, high)
            named = head_name(reading, lexicon, at, end)
            if named is not None:
                return SpeakerPhrase.named(named, at, end)
            if end == high or keys[end] in words.circumstance or keys[end] in words.prepositions:
                some = keys[at - 1] == "یک"  # «یک مسئول» is not who is in focus
                kind: PhraseKind = "title" if key in words.roles and not some else "expression"
                best = SpeakerPhrase.whole(kind, at - some, end)
                at = end
                continue
        at += 1
    return best


def _governed(keys: Sequence[str], words: WordLists, low: int, at: int) -> bool:
    """Whether a preposition stands close enough before a token to govern it («به خبرنگار رویترز گفت»)."""
    return any(keys[i] in words.prepositions for i in range(max(low, at - 3), at))
