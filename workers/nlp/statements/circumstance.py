"""To whom and on what occasion a statement was made, where the narrator's clause plainly tells."""

from workers.nlp.document import Range, TextSpeaker
from workers.nlp.statements.cues import phrase_at
from workers.nlp.statements.frames import Candidate
from workers.nlp.statements.lexicon import CueLexicon
from workers.nlp.statements.reading import Reading
from workers.nlp.statements.subject import able

NEAR = 60  # tokens before a cue that are looked at
_PEOPLE = frozenset(("PER", "ORG", "PRODUCT"))
_WHEN = frozenset(("DATE", "TIME", "EVENT"))


def addressee_of(reading: Reading, lexicon: CueLexicon, candidate: Candidate) -> TextSpeaker | None:
    """«خطاب به A», «در گفت‌وگو با M», «به A گفت», «از A خواست»."""
    keys, words = reading.keys, lexicon.words
    regions = _regions(candidate)
    starts = lexicon.phrases["addressed"].starts
    for low, high in regions:
        for at in [i for i in range(low, high) if keys[i] in starts]:
            phrase = phrase_at(keys, at, high, lexicon, "addressed")
            if phrase and phrase[0] < high:
                return _participant(reading, lexicon, phrase[0], high)
    low, high = regions[-1]
    asked = candidate.cue.stance == "request" and candidate.frame == "after"
    marker = "از" if asked else "به"
    for at in range(high - 2, max(low, high - 12) - 1, -1):
        if keys[at] == marker and (at == low or keys[at - 1] not in words["not_object"]):
            found = _participant(reading, lexicon, at + 1, high)
            if found is None or found.mention is None or not _reaches(reading, found.mention, high):
                return None  # the addressee stands beside the verb: nothing but its own phrase lies between
            # «با اشاره به N گفت»: only who can speak is spoken to
            return found if asked or found.entity_id or able(lexicon, keys[at + 1]) else None
    return None


def occasion_of(reading: Reading, lexicon: CueLexicon, candidate: Candidate) -> Range | None:
    """«در نشست خبری روز شنبه»: the circumstance of place, event or time before the cue."""
    for low, high in _regions(candidate):
        start = _occasion_start(reading, lexicon, low, high)
        if start >= 0:
            end = _occasion_end(reading, lexicon, start, high, candidate.subject.first)
            if end > start + 1 or start in reading.mention_at:
                tokens = reading.document.tokens
                return Range(tokens[start].start, tokens[end - 1].end)
    return None


def _occasion_start(reading: Reading, lexicon: CueLexicon, low: int, high: int) -> int:
    """Where a circumstance of occasion begins; -1 before what the speech is about («با اشاره به …»)."""
    keys, occasions, about = reading.keys, lexicon.words["occasions"], lexicon.words["about"]
    mention_at = reading.mention_at
    for at in range(low, high):
        key = keys[at]
        if key in about:
            return -1
        if key in _OPENING and phrase_at(keys, at, high, lexicon, "opener"):
            return -1
        named = mention_at.get(at)
        if named is not None and named.type in _WHEN and named.last <= high:
            return at - 1 if at > low and keys[at - 1] in ("در", "روز") else at
        if key in _WITHIN and any(
            keys[i] in occasions or "".join(keys[i : i + 3]) in occasions
            for i in range(at + 1, min(high, at + 4))
        ):
            return at
    return -1


def _occasion_end(reading: Reading, lexicon: CueLexicon, start: int, high: int, subject: int) -> int:
    """After the last token of a circumstance: no verb, no object, no speaker, no other preposition."""
    keys, prepositions, about = reading.keys, lexicon.words["prepositions"], lexicon.words["about"]
    end = start + 1
    while end < high and end != subject and (keys[end][0].isalnum() or keys[end] in "()«»"):
        key = keys[end]
        if key in _ENDS or key in about or key == "را":
            break
        if key in prepositions and key not in _ALWAYS and not _goes_on(lexicon, keys[end - 1], key):
            break
        if key in _OPENING and phrase_at(keys, end, high, lexicon, "opener"):
            break
        if key == "در" and end + 1 < high and (keys[end + 1] in about or keys[end + 1] == "حالی"):
            break
        if end == start + 3 and keys[start + 1] in lexicon.words["demonstratives"] and key != "در":
            break  # «در این نشست» is whole
        if len(key) > 2 and key in lexicon.forms:
            return max(start + 1, end - 1)  # a verb, with its nominal part («سخن می‌گفت»)
        end += 1
    while end > start + 1 and keys[end - 1] in ("و", "(", "«"):
        end -= 1
    return end


def _goes_on(lexicon: CueLexicon, before: str, preposition: str) -> bool:
    """Whether an occasion goes on over a preposition («در گفتگو با M»)."""
    return any(preposition == own and before in lexicon.words[kind] for kind, own in _GOING_ON.items())


_OPENING = frozenset(("با", "ضمن"))
_WITHIN = frozenset(("در", "طی"))
_ENDS = frozenset(("که", "ضمن", "نیز", "خطاب", "پیرامون", "مبنی", "همچنین"))
_ALWAYS = frozenset(("در",))
_GOING_ON = {"talks": "با", "visits": "از", "letters": "به"}  # «در گفتگو با», «در بازدید از», «در نامه‌ای به»


def _regions(candidate: Candidate) -> list[tuple[int, int]]:
    """The narrator's words before a cue, in tokens: content and openers lie outside."""
    high, clause, said = candidate.cue.first, candidate.clause, candidate.subject.end
    if candidate.opened >= 0:
        begin = said if 0 <= said <= candidate.opened else min(clause, candidate.opened)
        return [
            (max(begin, candidate.opened - NEAR), candidate.opened),
            (max(min(clause, high), high - NEAR), high),
        ]
    low = clause if said < 0 or said > high else said
    if low <= candidate.start < high:
        high = candidate.start
    return [(max(low, high - NEAR), high)]


def _participant(reading: Reading, lexicon: CueLexicon, at: int, high: int) -> TextSpeaker | None:
    """The phrase that begins at a token: a name, or words up to the next circumstance."""
    keys, words, document = reading.keys, lexicon.words, reading.document
    end = at
    while end < high and keys[end][0].isalnum() and keys[end] not in words["prepositions"]:
        named = reading.mention_at.get(end)
        if named is not None and named.type in _PEOPLE and named.last <= high:
            entity = document.entities[named.entity]
            span = Range(document.tokens[named.first].start, document.tokens[named.last - 1].end)
            return TextSpeaker(entity.canonical, span, entity.id)
        if named is not None and named.type not in _PEOPLE:
            return None
        if keys[end] in words["circumstance"] or end - at > 8:
            break
        if keys[end] in lexicon.forms or keys[end] in words["connectives"]:
            return None
        end += 1
    if end == at or keys[at] in words["demonstratives"]:
        return None
    span = Range(document.tokens[at].start, document.tokens[end - 1].end)
    return TextSpeaker(document.slice(span), span, None, "expression")


def _reaches(reading: Reading, mention: Range, high: int) -> bool:
    return all(
        not t.text[0].isalnum()
        for t in reading.document.tokens[max(0, high - 4) : high]
        if t.start >= mention.end
    )
