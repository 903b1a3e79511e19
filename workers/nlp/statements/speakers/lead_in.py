"""Skips what stands before the subject of a sentence: labels, connectives, asides, «به گزارش …»."""

from collections.abc import Sequence

from workers.nlp.knowledge.cues import CueLexicon, WordLists
from workers.nlp.statements.cues import phrase_at
from workers.nlp.statements.speakers.noun_phrase import PERSONS, speaker_at, takes
from workers.nlp.statements.tokens import Reading

COMMAS = frozenset("،,؛-–—/*•")
DASHES = frozenset("-–—_")
LABEL_ENDS = DASHES | {":"}
LABEL = 7  # tokens that a label of a desk or place may have
_MEDIA = frozenset(("ORG", "PRODUCT"))
_WHEN = frozenset(("DATE", "TIME"))


def skip_opening(reading: Reading, lexicon: CueLexicon, at: int, high: int) -> int:
    """The token past connectives, marks and «به گزارش …،»."""
    keys, words = reading.keys, lexicon.words
    at = _label_end(reading, lexicon, at, high)
    sources = lexicon.phrases["provenance"].starts
    while at < high:
        key = keys[at]
        phrase = phrase_at(keys, at, high, lexicon, "provenance") if key in sources else None
        if phrase and key in words.connectives:
            then = keys[phrase[0]] if high > phrase[0] else ""  # «بنابراین گزارش، …»
            phrase = phrase if then in COMMAS or then in words.demonstratives else None
        if phrase:
            end = _provenance_end(reading, lexicon, phrase[0], high)
            if end >= 0:
                at = end
                continue
        if key in words.connectives or key in words.lead_adverbs or not key[0].isalnum():
            if key == "(":
                at = next((i + 1 for i in range(at, high) if keys[i] == ")"), at + 1)
                continue
            at += 1
            continue
        if "که" in keys[at + 1 : min(high, at + 3)]:
            so = _so_that(keys, words, at, high)
            if so:
                at = so
                continue
        named = reading.mention_at.get(at)
        if named is not None and named.type in _WHEN and named.last < high:
            at = named.last  # «امروز رویترز گزارش داد»
            continue
        if key not in lexicon.asides:
            return at
        phrase = phrase_at(keys, at, high, lexicon, "editorial") or phrase_at(
            keys, at, high, lexicon, "concessive"
        )
        if phrase:
            at = phrase[0]
            if at < high and keys[at] == "که":
                at += 1
            continue
        return at
    return at


def _so_that(keys: Sequence[str], words: WordLists, at: int, high: int) -> int:
    """The token past «به‌طوری که», in one word or two; 0 where it is missing."""
    for end in range(at + 1, min(high, at + 3)):
        if keys[end] == "که":
            return end + 1 if "".join(keys[at:end]) in words.so_that else 0
    return 0


def _provenance_end(reading: Reading, lexicon: CueLexicon, at: int, high: int) -> int:
    """Past «به گزارش M» : its comma, or a person or role right after the medium; else -1."""
    keys, words, inside = reading.keys, lexicon.words, reading.inside
    medium = at
    while medium < high and keys[medium] in words.own_reporters:
        medium += 1
    if medium > at + 1 and medium < high:
        named = reading.mention_at.get(medium)
        if speaker_at(reading, lexicon, medium) or (named is not None and named.type in PERSONS):
            return medium  # «به گزارش خبرنگار ما X گفت»
    while medium < high and medium not in inside and keys[medium] in words.before_body:
        medium += 1
    named = reading.mention_at.get(medium)
    if named is not None and named.type in _MEDIA and named.last < high:
        after = reading.mention_at.get(named.last)
        if keys[named.last] in words.roles or (after is not None and after.type in PERSONS):
            return named.last
    for i in range(at, min(high, at + 30)):
        if keys[i] in "،؛:," and i not in inside:
            who = inside.get(i - 1)
            late = named is not None and who is not None and who.type in PERSONS and who.first > named.last
            if late and who is not None and not takes(keys, words, who.first - 1):
                return who.first  # «به گزارش M از شهر S، …»
            return i + 1
    return -1


def _label_end(reading: Reading, lexicon: CueLexicon, at: int, high: int) -> int:
    """Past what a line is filed under: «گروه اجتماعی - », «اهواز - », «خبرگزاری فارس _ »."""
    document, keys = reading.document, reading.keys
    start = document.tokens[at].start if at < high else 0
    if start and document.text[start - 1] != "\n":
        return at
    named = reading.mention_at.get(at)
    if named is not None and named.type not in PERSONS:
        end = named.last
    elif at < high and keys[at] in lexicon.words.desks:
        end = next(
            (i for i in range(at + 1, min(high, at + LABEL)) if keys[i] in DASHES or keys[i] == ":"), high
        )
        writer = reading.mention_at.get(end + 1)
        if writer is not None and writer.type in PERSONS and writer.last < high and keys[writer.last] == ":":
            return writer.last + 1  # «گروه اجتماعی - ژاله بهرامی: …»
        if end == high and keys[at] == "گروه" and keys[at + 1] in lexicon.words.desk_names:
            return at + 2
    else:
        return at
    return end + 1 if end < high and keys[end] in LABEL_ENDS else at
