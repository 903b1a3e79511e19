"""Finds the addressee and the occasion of a statement, where the narrator's clause plainly names them."""

from collections.abc import Sequence

from workers.nlp.document import Range, TextSpeaker
from workers.nlp.knowledge.cues import CueLexicon, WordLists
from workers.nlp.knowledge.marks import CLOSING, OPENING, STRAIGHT
from workers.nlp.statements.cues import phrase_at
from workers.nlp.statements.speakers.noun_phrase import able
from workers.nlp.statements.tokens import Reading
from workers.nlp.statements.values import Candidate, SpeakerPhrase, Subject

OBJECT = 12  # tokens before a date among which an object may hold it
GLOSS = 12  # tokens of a date's gloss in brackets
PHRASE = 8  # tokens of an addressee, names apart
NEAR = 60  # tokens before a cue that are looked at
_PEOPLE = frozenset(("PER", "ORG", "PRODUCT"))
_WHEN = frozenset(("DATE", "TIME", "EVENT"))


def addressee_of(reading: Reading, lexicon: CueLexicon, candidate: Candidate) -> TextSpeaker | None:
    """«خطاب به A», «در گفت‌وگو با M», «به A گفت», «از A خواست»."""
    keys, words = reading.keys, lexicon.words
    regions = _regions(reading, lexicon, candidate)
    starts = lexicon.phrases["addressed"].starts
    for low, high in regions:
        for at in [i for i in range(low, high) if keys[i] in starts]:
            phrase = phrase_at(keys, at, high, lexicon, "addressed")
            if phrase and phrase[0] < high:
                return _participant(reading, lexicon, phrase[0], high)
    low, high = max(regions)
    asked = candidate.cue.stance == "request" and candidate.frame == "after"
    marker = "از" if asked else "به"
    for at in range(high - 2, max(low, high - 12) - 1, -1):
        if keys[at] == marker and (not asked or at == low or keys[at - 1] not in words.not_object):
            found = _participant(reading, lexicon, at + 1, high)
            if found is None or found.mention is None or not _reaches(reading, found.mention, high):
                return None  # the addressee stands beside the verb: only its own phrase lies between
            # «با اشاره به N گفت»: only who can speak is spoken to
            return found if asked or found.entity_id or able(lexicon, keys[at + 1]) else None
    return None


def occasion_of(reading: Reading, lexicon: CueLexicon, candidate: Candidate) -> Range | None:
    """«در نشست خبری روز شنبه»: the circumstance of place, event or time before the cue."""
    keys = reading.keys
    for low, high in _regions(reading, lexicon, candidate):
        start = _occasion_start(reading, lexicon, low, high)
        document = candidate.cue.spec is not None and candidate.cue.spec.document
        if document and start is not None and keys[start + 1] in lexicon.words.documents:
            return None  # «در بیانیه آمده است» tells what speaks
        if start is not None:
            end = _occasion_end(reading, lexicon, start, high, candidate.subject)
            if end > start + 1 or start in reading.mention_at:
                tokens = reading.document.tokens
                return Range(tokens[start].start, tokens[end - 1].end)
    return None


def _occasion_start(reading: Reading, lexicon: CueLexicon, low: int, high: int) -> int | None:
    """Where a circumstance of occasion begins; none after what the speech is about («با اشاره به …»)."""
    keys, occasions, about = reading.keys, lexicon.words.occasions, lexicon.words.about
    mention_at = reading.mention_at
    for at in range(low, high):
        key = keys[at]
        if key in about:
            return None
        if key in lexicon.words.openings and phrase_at(keys, at, high, lexicon, "opener"):
            return None
        named = mention_at.get(at)
        held = at > low and keys[at - 1] not in lexicon.words.within  # «برای پیگیری فاجعه N»
        if named is not None and named.type in _WHEN and named.last <= high:
            if (held and named.type == "EVENT") or not lexicon.words.governing.isdisjoint(
                keys[max(low, at - OBJECT) : at]
            ):
                continue  # «به افزایش ظرفیت در سال جاری اشاره کرد»
            return at - 1 if at > low and keys[at - 1] in lexicon.words.before_time else at
        body = mention_at.get(at + 1)
        reach = at + 4 if body is None or body.type in _WHEN else at + 2  # «در مجلس شورای اسلامی»
        if key in lexicon.words.within and any(
            keys[i] in occasions or "".join(keys[i : i + 3]) in occasions
            for i in range(at + 1, min(high, reach))
        ):
            return at
    return None


def _occasion_end(reading: Reading, lexicon: CueLexicon, start: int, high: int, subject: Subject) -> int:
    """After the last token of a circumstance: no verb, no object, no speaker, no other preposition."""
    speaker = subject.first if isinstance(subject, SpeakerPhrase) else None
    keys, prepositions, about = reading.keys, lexicon.words.prepositions, lexicon.words.about
    time = _time_end(reading, lexicon, start, high) or _time_end(reading, lexicon, start + 1, high)
    end = start + 1
    if time:
        end = time
        if end == high or (keys[end] not in lexicon.words.within and end not in reading.mention_at):
            return end  # nothing but a place, an event or another time goes on from it
    while end < high and end != speaker and (keys[end][0].isalnum() or keys[end] in _INSIDE):
        key = keys[end]
        time = _time_end(reading, lexicon, end, high) if end in reading.mention_at else 0
        if time:
            end = time
            continue
        if key == "گفت" and keys[end + 1 : end + 2] == ["و"] and end + 2 < high:
            end += 3  # «گفت و گو»
            continue
        if (
            keys[end - 1][-1] == "ی"
            and _indefinite(lexicon, keys[end - 1])
            and key not in prepositions
            and key[-1] not in "یک"
        ):
            break  # «در گفتگویی N را تکذیب کرد»
        if key in lexicon.words.occasion_ends or key in about or key == "را":
            break
        if key in prepositions and key != "در" and not _goes_on(lexicon, keys[end - 1], key):
            break
        if key in lexicon.words.openings and phrase_at(keys, end, high, lexicon, "opener"):
            break
        if key == "در" and end + 1 < high and (keys[end + 1] in about or keys[end + 1] == "حالی"):
            break
        if start + 2 < end < start + 5 and keys[end - 2] in lexicon.words.demonstratives and key != "در":
            break  # «در این نشست», «در پایان این نشست» are whole
        if (len(key) > 2 and key in lexicon.forms) or key in lexicon.words.copulas:
            return max(start + 1, end - 1)  # a verb, with its nominal part («سخن می‌گفت»)
        end += 1
    while end > start + 1 and keys[end - 1] in _LOOSE:
        end -= 1
    return end


def _indefinite(lexicon: CueLexicon, key: str) -> bool:
    """Whether a word is «گفتگویی», «نشستی»: an occasion that only an adjective may follow."""
    occasions = lexicon.words.occasions
    return (
        key[-1] == "ی"
        and key[-2:] != "وی"
        and key in occasions
        and not occasions.isdisjoint((key[:-1], key[:-2]))
    )


def _time_end(reading: Reading, lexicon: CueLexicon, at: int, high: int) -> int:
    """After a date or time that begins at a token, its gloss and «پیش»; 0 where none begins."""
    keys, named = reading.keys, reading.mention_at.get(at)
    if named is None or named.type not in _TIMES or named.last > high:
        return 0
    end = named.last
    if end < high and keys[end] == "(":
        end = next((i + 1 for i in range(end, min(high, end + GLOSS)) if keys[i] == ")"), end)
    if end < high and keys[end] in lexicon.words.ago and keys[end + 1 : end + 2] != ["از"]:
        end += 1
    return end


def _goes_on(lexicon: CueLexicon, before: str, preposition: str) -> bool:
    """Whether an occasion goes on over a preposition («در گفتگو با M»)."""
    words = lexicon.words
    if preposition == "با":
        nouns = words.talks
    elif preposition == "از":
        nouns = words.visits | words.partitive
    else:
        nouns = words.letters if preposition == "به" else frozenset()
    return before in nouns or before + preposition in words.joined


_TIMES = frozenset(("DATE", "TIME"))
_INSIDE = frozenset("()") | OPENING | CLOSING | STRAIGHT
_LOOSE = OPENING | STRAIGHT | {"و", "("}


def _regions(reading: Reading, lexicon: CueLexicon, candidate: Candidate) -> list[tuple[int, int]]:
    """The narrator's words before a cue, in tokens, the nearest first: content and openers lie outside."""
    high, clause, said = candidate.cue.first, candidate.clause, candidate.subject.end
    if candidate.opened is not None:
        begin = said if said is not None and said <= candidate.opened else min(clause, candidate.opened)
        return [
            (max(begin, candidate.opened - NEAR), candidate.opened),
            (max(min(clause, high), high - NEAR), high),
        ]
    low = clause if said is None or said > high else said
    if low <= candidate.start < high:
        high = candidate.start
    if low < clause < high and reading.keys[clause - 1] in lexicon.words.conjunctions:
        # «عازم رشت شد و در تماس تلفنی گفت», «در این نشست به N اشاره کرد و گفت»
        return [(max(clause, high - NEAR), high), (max(low, clause - NEAR), clause - 1)]
    return [(max(low, high - NEAR), high)]


def _participant(reading: Reading, lexicon: CueLexicon, at: int, high: int) -> TextSpeaker | None:
    """The phrase that begins at a token: a name, or words up to the next circumstance.

    «خبرنگار M» is the medium M; «وزیر خارجه C» and «قضات D» are themselves, no C or D.
    """
    keys, words, document = reading.keys, lexicon.words, reading.document
    speaks = able(lexicon, keys[at]) or keys[at] in words.people
    office = speaks and keys[at] not in words.reporters and at not in reading.mention_at
    end = at
    while end < high:
        if (keys[end] in OPENING or keys[end] in STRAIGHT) and end + 1 in reading.mention_at:
            end += 1
            continue
        some = end > at and keys[end] == "از" and keys[end - 1] in words.partitive
        if not keys[end][0].isalnum() or (keys[end] in words.prepositions and not some):
            break
        named = reading.mention_at.get(end)
        if named is not None and named.last <= high:
            if named.type != "PER" and not office and not _medium(words, keys[at:end]):
                return None  # «به اردوی باشگاه N» is no word to N
            if named.type == "PER" or (named.type in _PEOPLE and not office):
                entity = document.entities[named.entity]
                span = Range(document.tokens[named.first].start, document.tokens[named.last - 1].end)
                return TextSpeaker(entity.canonical, span, entity.id)
            if not office:
                return None
            end = named.last
            continue
        if keys[end] in words.circumstance or end - at > PHRASE:
            break
        if keys[end] in lexicon.forms or (keys[end] in words.connectives and not office):
            return None
        end += 1
    while end > at and keys[end - 1] in words.connectives:
        end -= 1
    if end == at or keys[at] in words.demonstratives:
        return None
    span = Range(document.tokens[at].start, document.tokens[end - 1].end)
    return TextSpeaker(document.slice(span), span, None, "expression")


def _medium(words: WordLists, before: Sequence[str]) -> bool:
    """Whether words before a name are those of a medium: «خبرنگار سیاست خارجی M», «روزنامه M», or none."""
    kinds = (words.reporters, words.before_body, words.before_name)
    return (before[:1] != [] and before[0] in kinds[0]) or all(any(w in k for k in kinds) for w in before)


def _reaches(reading: Reading, mention: Range, high: int) -> bool:
    return all(
        not t.text[0].isalnum()
        for t in reading.document.tokens[max(0, high - 4) : high]
        if t.start >= mention.end
    )
