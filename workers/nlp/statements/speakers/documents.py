"""Finds whose words a document or a medium passes on: «در بیانیه S آمده است», «M به نقل از S گزارش داد»."""

from workers.nlp.knowledge.cues import CueLexicon
from workers.nlp.statements.speakers.noun_phrase import ACTORS, PERSONS, able, head_name, phrase_end
from workers.nlp.statements.tokens import Reading
from workers.nlp.statements.values import OMITTED, Omitted, SpeakerPhrase, Subject

AUTHOR = 12  # tokens after a document among which its author is named


def find_document(
    reading: Reading, lexicon: CueLexicon, low: int, high: int, *, within: bool = False
) -> Subject:
    """The author of a document («در بیانیه وزارت خارجه آمده است»), or the document («در این گزارش …»).

    `within` requires a preposition before it, as in «این خبر تکذیب شد» the news is not the speaker.
    """
    keys, words = reading.keys, lexicon.words
    for at in range(low, high):
        if keys[at] not in words.documents or (at > low and keys[at] == "گزارش" and keys[at - 1] == "به"):
            continue
        before = at - 1 - (at > low and keys[at - 1] in words.demonstratives)
        if within and words.prepositions.isdisjoint(keys[max(low, before - 2) : before + 1]):
            continue
        if at > low and keys[at - 1] in words.demonstratives:
            return SpeakerPhrase.whole("demonstrative", at - 1, at + 1)
        for place in range(at + 1, min(high, at + 4)):
            if keys[place] in words.circumstance or not keys[place][0].isalnum():
                break
            named = reading.mention_at.get(place)
            if named is not None and named.type in ACTORS:
                return SpeakerPhrase.named(named, place, named.last)
        if at > low and keys[at - 1] in words.prepositions and not within:
            end = phrase_end(reading, lexicon, at, high)
            author = _author(reading, lexicon, end, min(high, end + AUTHOR))
            if author is not None or end > at + 1:  # «در متن این اساسنامه آمده است»
                return author or SpeakerPhrase.whole("expression", at, end)
    return OMITTED


def _author(reading: Reading, lexicon: CueLexicon, low: int, high: int) -> Subject | None:
    """Whose a document is by words after it: «منتشره از سوی S», «به امضای S», «به نقل از S»."""
    for at in range(low + 1, high):
        if reading.keys[at] not in lexicon.words.by_whom:
            continue
        for place in range(at + 1, min(high, at + 4)):
            named = reading.mention_at.get(place)
            if named is not None and named.type in ACTORS:
                return SpeakerPhrase.named(named, place, named.last)
    return None


def relayed(reading: Reading, lexicon: CueLexicon, subject: Subject, high: int) -> Subject:
    """«رویترز به نقل از S گزارش داد»: the one whose words they are."""
    keys = reading.keys
    if isinstance(subject, Omitted) or "نقل" not in keys[subject.end : high]:
        return subject
    for at in range(subject.end, high - 3):
        if keys[at] == "نقل" and keys[at + 1] == "از" and keys[at - 1] == "به":
            begin = at + 2
            if keys[begin] in lexicon.words.pronouns:
                return SpeakerPhrase.whole("pronoun", begin, begin + 1)
            if keys[begin] in lexicon.words.demonstratives:
                end = phrase_end(reading, lexicon, begin, high)
                return SpeakerPhrase.whole("demonstrative", begin, end) if end > begin + 1 else subject
            named = head_name(reading, lexicon, begin, min(high, begin + 10))
            if named is not None and named.type in PERSONS:
                return SpeakerPhrase.named(named, begin, named.last)
            if named is None and able(lexicon, keys[begin]):
                end = phrase_end(reading, lexicon, begin, high)
                return SpeakerPhrase.whole("expression", begin, end)
    return subject
