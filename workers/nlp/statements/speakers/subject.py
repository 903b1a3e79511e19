"""The subject of a reporting clause: the expression that stands for who speaks."""

from workers.nlp.knowledge.affixes import NOUN_PLURALS
from workers.nlp.knowledge.cues import CueLexicon
from workers.nlp.statements.speakers.embedded_subject import embedded_subject
from workers.nlp.statements.speakers.lead_in import COMMAS, skip_opening
from workers.nlp.statements.speakers.noun_phrase import (
    PERSONS,
    able,
    can_speak,
    known_end,
    noun_phrase,
)
from workers.nlp.statements.tokens import Reading
from workers.nlp.statements.values import OMITTED, SpeakerPhrase, Subject

_LESS = frozenset(("expression", "pronoun"))  # subjects that give way to one that is named


def find_subject(
    reading: Reading, lexicon: CueLexicon, low: int, high: int, known: frozenset[str] | set[str] = frozenset()
) -> Subject:
    """The subject among tokens [low, high) that stand before a cue; `known` are keys of earlier subjects."""
    found = _find(reading, lexicon, low, high, known)
    if isinstance(found, SpeakerPhrase) and _is_quoted(reading, found):
        return OMITTED
    return found


def _is_quoted(reading: Reading, found: SpeakerPhrase) -> bool:
    """Whether a name is all that somebody said: «فرمودند: «X»، …»."""
    opening = found.first - 1
    return reading.quote_end.get(opening) == found.last and reading.keys[opening - 1 : opening] == [":"]


def _find(
    reading: Reading, lexicon: CueLexicon, low: int, high: int, known: frozenset[str] | set[str]
) -> Subject:
    keys = reading.keys
    at = skip_opening(reading, lexicon, low, high)
    addition = not lexicon.words.adding.isdisjoint(keys[at : min(high, at + 30)])
    if at > low and keys[at - 1] == "*":  # a subhead in the line: the subject stands nearer to the cue
        inner = embedded_subject(reading, lexicon, at, high)
        if inner.kind == "name":
            return inner
    tries = 0
    while at < high and tries < 6:
        tries += 1
        found = noun_phrase(reading, lexicon, at, high, known)
        if (
            found is not None
            and found.kind in ("expression", "demonstrative")
            and not _may_speak(reading, lexicon, found, high, tries)
        ):
            return _added(OMITTED, addition)
        if (
            found is not None
            and found.kind in ("name", "pronoun")
            and keys[found.last : found.last + 1] == ["را"]
        ):
            return _added(OMITTED, addition)  # «آنها را به N متهم کرد»
        if found is not None:
            named = _apposed(reading, found, high)
            if named is not None:
                return _added(named, addition)
            if found.kind == "expression" and found.end < high:
                found = _beside_cue(reading, lexicon, found, high) or found
                if found.kind == "expression" and not able(lexicon, keys[found.first]):
                    found = _spoke_before(reading, lexicon, found, high, known) or found
            return _added(found, addition)
        # a circumstance first («در این نشست، …»): the subject may stand after its comma
        comma = next((i for i in range(at, high) if keys[i] in COMMAS), None)
        if comma is None:
            return _added(embedded_subject(reading, lexicon, at, high), addition)
        inner = embedded_subject(reading, lexicon, at, comma, closed=True)
        late = isinstance(inner, SpeakerPhrase) and inner.begin > at + 1 and inner.end == comma
        at = skip_opening(reading, lexicon, comma + 1, high)
        if late and inner.kind in _LESS and at < high and _names_someone(reading, lexicon, at):
            continue  # «به دنبال گفت‌وگوی مسئولان دو کشور، X گفت», «برای درمان او، پزشکان توصیه کردند»
        if late:
            return _added(inner, addition)
    return OMITTED


def _apposed(reading: Reading, found: SpeakerPhrase, high: int) -> SpeakerPhrase | None:
    """The person between commas behind an office: «شهردار رشت، کیوان رستمی، گفت»."""
    keys, at = reading.keys, found.end
    if "apposition" in reading.off:
        return None
    if found.kind not in ("title", "expression") or at + 1 >= high or keys[at] not in COMMAS:
        return None
    named = reading.mention_at.get(at + 1)
    if named is None or named.type not in PERSONS or named.last > high:
        return None
    closed = named.last == high or keys[named.last] in COMMAS
    return SpeakerPhrase.named(named, found.begin, named.last) if closed else None


def _beside_cue(
    reading: Reading, lexicon: CueLexicon, found: SpeakerPhrase, high: int
) -> SpeakerPhrase | None:
    """The person between a finite verb and the cue: a subhead ran into the line before them."""
    keys = reading.keys
    named = reading.inside.get(high - 1)
    if named is None or named.type not in PERSONS or named.last != high:
        if (
            high - 1 > found.end
            and keys[high - 1] in lexicon.words.pronouns
            and reading.clauses.is_verb(high - 2)
        ):
            return SpeakerPhrase.whole("pronoun", high - 1, high)
        return None
    before = named.first - 1
    while before > found.first and keys[before] in lexicon.words.before_name:
        before -= 1
    if not reading.clauses.is_verb(before):
        return None
    return SpeakerPhrase.named(named, before + 1, named.last)


def _spoke_before(
    reading: Reading, lexicon: CueLexicon, found: SpeakerPhrase, high: int, known: frozenset[str] | set[str]
) -> SpeakerPhrase | None:
    """A role that spoke before, behind words that cannot speak: a subhead that ran into the line."""
    keys, roles = reading.keys, lexicon.words.roles
    for at in range(found.first + 1, high if known else 0):
        if keys[at] in roles and keys[at - 1] not in lexicon.words.prepositions:
            end = known_end(keys, at, high, known)
            if end > at + 1:
                return SpeakerPhrase.whole("title", at, end)
    return None


def _names_someone(reading: Reading, lexicon: CueLexicon, at: int) -> bool:
    """Whether a name or a phrase that can speak begins at a token."""
    named, head = reading.mention_at.get(at), reading.keys[at]
    return (
        able(lexicon, head) or head in lexicon.words.people or (named is not None and named.type in PERSONS)
    )


def _added(subject: Subject, addition: bool) -> Subject:
    return subject._replace(addition=True) if addition else subject


def _may_speak(reading: Reading, lexicon: CueLexicon, found: SpeakerPhrase, high: int, tries: int) -> bool:
    """Whether a phrase can be a subject: not an object («این کار را») or a clause, and its head can speak."""
    keys = reading.keys
    last = keys[found.last - 1]
    if keys[found.first] in lexicon.words.speechless or keys[found.first : found.last] == ["یک"]:
        return False
    if found.last - found.first > 1 and lexicon.morphology.is_plural(last):
        return False
    if not lexicon.words.copulas.isdisjoint(keys[found.first : found.last]):
        return False  # «راه بسته است و برخی»
    if found.kind == "demonstrative":
        return keys[found.first + 1] not in lexicon.words.mute
    if found.end < high and keys[found.end] == "را":
        # «صرافان نرخ ارز را اعلام کردند»: where the object begins is the reader's to choose
        return tries == 1 and (keys[found.first] in lexicon.words.people or able(lexicon, keys[found.first]))
    if "can speak" in reading.off:
        return True
    return can_speak(reading, lexicon, found) or _agrees(reading, lexicon, found, high)


def _agrees(reading: Reading, lexicon: CueLexicon, found: SpeakerPhrase, high: int) -> bool:
    """Whether a plural has a verb in the plural: things have it in the singular."""
    keys, head = reading.keys, reading.keys[found.first]
    if not head.endswith(NOUN_PLURALS):
        return False
    return any(lexicon.morphology.is_plural(key) for key in keys[high : high + 3])
