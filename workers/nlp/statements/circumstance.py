"""To whom and on what occasion a statement was made, where the narrator's clause plainly tells."""

from workers.nlp.document import Range, TextSpeaker
from workers.nlp.statements.cues import phrase_at
from workers.nlp.statements.frames import Candidate
from workers.nlp.statements.lexicon import CueLexicon
from workers.nlp.statements.reading import Reading

NEAR = 60  # tokens before a cue that are looked at
_PEOPLE = frozenset(("PER", "ORG", "PRODUCT"))
_WHEN = frozenset(("DATE", "TIME", "EVENT"))


def addressee_of(reading: Reading, lexicon: CueLexicon, candidate: Candidate) -> TextSpeaker | None:
    """«خطاب به A», «در گفت‌وگو با M», «به A گفت», «از A خواست»."""
    low, high = _region(candidate)
    keys = reading.keys
    starts = lexicon.phrases["addressed"].starts
    for at in [i for i in range(low, high) if keys[i] in starts]:
        phrase = phrase_at(keys, at, high, lexicon, "addressed")
        if phrase and phrase[0] < high:
            return _participant(reading, lexicon, phrase[0], high)
    marker = "از" if candidate.cue.stance == "request" and candidate.frame == "after" else "به"
    for at in range(high - 2, max(low, high - 12), -1):
        if keys[at] == marker and (at == low or keys[at - 1] not in lexicon.words["not_object"]):
            found = _participant(reading, lexicon, at + 1, high)
            # the addressee stands beside the verb: nothing but its own phrase lies between
            return found if found and found.mention and _reaches(reading, found.mention, high) else None
    return None


def occasion_of(reading: Reading, lexicon: CueLexicon, candidate: Candidate) -> Range | None:
    """«در نشست خبری روز شنبه»: the circumstance of place, event or time before the cue."""
    low, high = _region(candidate)
    keys, words = reading.keys, lexicon.words
    start = -1
    mention_at = reading.mention_at
    for at in [i for i in range(low, high) if i in mention_at or keys[i] in _WITHIN]:
        named = mention_at.get(at)
        if named is not None and named.type in _WHEN and named.last <= high:
            start = at - 1 if at > low and keys[at - 1] in ("در", "روز") else at
            break
        if keys[at] in _WITHIN and any(
            keys[i] in words["occasions"] or ("".join(keys[i : i + 3]) in words["occasions"])
            for i in range(at + 1, min(high, at + 4))
        ):
            start = at
            break
    if start < 0:
        return None
    end = start + 1
    while end < high and keys[end] not in _ENDS and (keys[end][0].isalnum() or keys[end] in "()«»"):
        if keys[end] == "با" and phrase_at(keys, end, high, lexicon, "opener"):
            break
        if keys[end] in _OBJECTS or (keys[end] in lexicon.forms and len(keys[end]) > 2):
            break
        if end > start + 1 and keys[end : end + 2] == ["در", "پاسخ"]:
            break
        end += 1
    tokens = reading.document.tokens
    return (
        Range(tokens[start].start, tokens[end - 1].end)
        if end > start + 1 or start in reading.mention_at
        else None
    )


_WITHIN = frozenset(("در", "طی"))
_OBJECTS = frozenset(("را", "از", "اشاره"))
_ENDS = frozenset(("که", "ضمن", "درباره", "نیز", "خطاب", "درخصوص", "پیرامون"))


def _region(candidate: Candidate) -> tuple[int, int]:
    high = candidate.cue.first
    low = candidate.clause if candidate.subject.end < 0 else candidate.subject.end
    if low > high:
        low = candidate.clause
    return max(low, high - NEAR), high


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
