"""The subject of a reporting clause: the expression that stands for who speaks (shapes of section C)."""

from collections.abc import Mapping, Sequence
from itertools import pairwise
from typing import Literal, NamedTuple

from workers.nlp.statements.cues import phrase_at
from workers.nlp.statements.lexicon import CueLexicon
from workers.nlp.statements.reading import CLOSING, OPENING, STRAIGHT, Named, Reading

SubjectKind = Literal["name", "title", "pronoun", "demonstrative", "expression", "omitted"]
_COMMAS = frozenset("،,؛-–—/*•")
DASHES = frozenset("-–—_")
LABEL_ENDS = DASHES | {":"}
KIN = 2  # words between «وکیل» and the one it is of («وکیل مدافع ایرانی X»)
LABEL = 7  # tokens that a label of a desk or place may have
_PERSONS = frozenset(("PER",))
_BY = frozenset(("سوی", "امضای", "قلم", "نقل", "جانب"))
AUTHOR = 12  # tokens after a document among which its author is named
_OWN = frozenset(("خبرنگار", "خبرنگاران", "ما"))
_MEDIA = frozenset(("ORG", "PRODUCT"))
_LESS = frozenset(("expression", "pronoun"))  # subjects that give way to one that is named
_WHEN = frozenset(("DATE", "TIME"))
_ADDING = frozenset(("نیز", "هم"))
_PEOPLE = ("گران", "کاران", "کنندگان", "دهندگان", "داران", "سازان", "شناسان", "دانان", "مندان", "جویان")
_SOME = frozenset(("یک", "برخی", "بسیاری", "تعدادی", "شماری", "گروه"))
_ACTORS = frozenset(("PER", "ORG", "LOC", "PRODUCT", "FAC"))


class Subject(NamedTuple):
    """An expression in tokens [first, last); `entity` is an index where a name stands in it, else -1."""

    kind: SubjectKind
    first: int = -1
    last: int = -1
    entity: int = -1
    end: int = -1  # where the whole phrase ends, titles and all
    begin: int = -1  # where it begins
    addition: bool = False  # «نیز»: somebody else than before


OMITTED = Subject("omitted")


def find_subject(
    reading: Reading, lexicon: CueLexicon, low: int, high: int, known: frozenset[str] | set[str] = frozenset()
) -> Subject:
    """The subject among tokens [low, high) that stand before a cue; `known` are keys of earlier subjects."""
    keys = reading.keys
    at = skip_opening(reading, lexicon, low, high)
    addition = not _ADDING.isdisjoint(keys[at : min(high, at + 30)])
    if at > low and keys[at - 1] == "*":  # a subhead in the line: the subject stands nearer to the cue
        inner = _in_circumstance(reading, lexicon, at, high)
        if inner.kind == "name":
            return inner
    tries = 0
    while at < high and tries < 6:
        tries += 1
        found = _phrase(reading, lexicon, at, high, known)
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
            if found.kind == "expression" and found.end < high:
                found = _beside_cue(reading, lexicon, found, high) or found
                if found.kind == "expression" and not able(lexicon, keys[found.first]):
                    found = _spoke_before(reading, lexicon, found, high, known) or found
            return _added(found, addition)
        # a circumstance first («در این نشست، …»): the subject may stand after its comma
        comma = next((i for i in range(at, high) if keys[i] in _COMMAS), -1)
        if comma < 0:
            return _added(_in_circumstance(reading, lexicon, at, high), addition)
        inner = _in_circumstance(reading, lexicon, at, comma, closed=True)
        late = inner.kind != "omitted" and inner.begin > at + 1 and inner.end == comma
        at = skip_opening(reading, lexicon, comma + 1, high)
        if late and inner.kind in _LESS and at < high and _names_someone(reading, lexicon, at):
            continue  # «به دنبال گفت‌وگوی مسئولان دو کشور، X گفت», «برای درمان او، پزشکان توصیه کردند»
        if late:
            return _added(inner, addition)
    return OMITTED


def _beside_cue(reading: Reading, lexicon: CueLexicon, found: Subject, high: int) -> Subject | None:
    """The person between a finite verb and the cue: a subhead ran into the line before them."""
    keys = reading.keys
    named = reading.inside.get(high - 1)
    if named is None or named.type not in _PERSONS or named.last != high:
        if (
            high - 1 > found.end
            and keys[high - 1] in lexicon.words["pronouns"]
            and _ends(keys, lexicon, high - 2)
        ):
            return Subject("pronoun", high - 1, high, -1, high, high - 1)
        return None
    before = named.first - 1
    while before > found.first and keys[before] in lexicon.words["before_name"]:
        before -= 1
    if not _ends(keys, lexicon, before):
        return None
    return Subject("name", named.first, named.last, named.entity, named.last, before + 1)


def _spoke_before(
    reading: Reading, lexicon: CueLexicon, found: Subject, high: int, known: frozenset[str] | set[str]
) -> Subject | None:
    """A role that spoke before, behind words that cannot speak: a subhead that ran into the line."""
    keys, roles = reading.keys, lexicon.words["roles"]
    for at in range(found.first + 1, high if known else 0):
        if keys[at] in roles and keys[at - 1] not in lexicon.words["prepositions"]:
            end = _known_end(keys, at, high, known)
            if end > at + 1:
                return Subject("title", at, end, -1, end, at)
    return None


def _ends(keys: Sequence[str], lexicon: CueLexicon, at: int) -> bool:
    return lexicon.is_finite(keys[at]) or keys[at] in lexicon.words["copulas"]


def _names_someone(reading: Reading, lexicon: CueLexicon, at: int) -> bool:
    """Whether a name or a phrase that can speak begins at a token."""
    named, head = reading.mention_at.get(at), reading.keys[at]
    return (
        able(lexicon, head)
        or head in lexicon.words["people"]
        or (named is not None and named.type in _PERSONS)
    )


def _added(subject: Subject, addition: bool) -> Subject:
    return subject._replace(addition=True) if addition else subject


def _may_speak(reading: Reading, lexicon: CueLexicon, found: Subject, high: int, tries: int) -> bool:
    """No object («این کار را»), no clause, and after a circumstance only a phrase whose head can speak."""
    keys = reading.keys
    last = keys[found.last - 1]
    if keys[found.first] in lexicon.words["speechless"] or keys[found.first : found.last] == ["یک"]:
        return False
    if found.last - found.first > 1 and last.startswith(("می", "نمی")) and last.endswith(("ند", "یم", "ید")):
        return False
    if not lexicon.words["copulas"].isdisjoint(keys[found.first : found.last]):
        return False  # «راه بسته است و برخی»
    if found.kind == "demonstrative":
        return keys[found.first + 1] not in lexicon.words["mute"]
    if found.end < high and keys[found.end] == "را":
        # «صرافان نرخ ارز را اعلام کردند»: where the object begins is the reader's to choose
        return tries == 1 and (
            keys[found.first] in lexicon.words["people"] or able(lexicon, keys[found.first])
        )
    people = keys[found.first] in lexicon.words["people"]
    return tries == 1 or people or _speaker_at(reading, lexicon, found.first)


def able(lexicon: CueLexicon, head: str) -> bool:
    """Whether a phrase with this head can speak: a role, a body, people."""
    words = lexicon.words
    return head in words["roles"] or head in words["speakers"] or (len(head) > 6 and head.endswith(_PEOPLE))


def _speaker_at(reading: Reading, lexicon: CueLexicon, at: int) -> bool:
    """Whether the head of a phrase that may speak stands at a token, in one word or two («روابط عمومی»)."""
    keys, speakers = reading.keys, lexicon.words["speakers"]
    return keys[at] in speakers or (at + 1 < len(keys) and keys[at] + keys[at + 1] in speakers)


def find_document(
    reading: Reading, lexicon: CueLexicon, low: int, high: int, *, within: bool = False
) -> Subject:
    """The author of a document («در بیانیه وزارت خارجه آمده است»), or the document («در این گزارش …»).

    `within` asks for a preposition before it: «این خبر تکذیب شد» is not what the news says.
    """
    keys, words = reading.keys, lexicon.words
    for at in range(low, high):
        if keys[at] not in words["documents"] or (at > low and keys[at] == "گزارش" and keys[at - 1] == "به"):
            continue
        before = at - 1 - (at > low and keys[at - 1] in words["demonstratives"])
        if within and words["prepositions"].isdisjoint(keys[max(low, before - 2) : before + 1]):
            continue
        if at > low and keys[at - 1] in words["demonstratives"]:
            return Subject("demonstrative", at - 1, at + 1, -1, at + 1, at - 1)
        for place in range(at + 1, min(high, at + 4)):
            if keys[place] in words["circumstance"] or not keys[place][0].isalnum():
                break
            named = reading.mention_at.get(place)
            if named is not None and named.type in _ACTORS:
                return Subject("name", named.first, named.last, named.entity, named.last, place)
        if at > low and keys[at - 1] in words["prepositions"] and not within:
            end = _phrase_end(reading, lexicon, at, high)
            author = _author(reading, end, min(high, end + AUTHOR))
            if author is not None or end > at + 1:  # «در متن این اساسنامه آمده است»
                return author or Subject("expression", at, end, -1, end, at)
    return OMITTED


def _author(reading: Reading, low: int, high: int) -> Subject | None:
    """Whose a document is by words after it: «منتشره از سوی S», «به امضای S», «به نقل از S»."""
    for at in range(low + 1, high):
        if reading.keys[at] not in _BY:
            continue
        for place in range(at + 1, min(high, at + 4)):
            named = reading.mention_at.get(place)
            if named is not None and named.type in _ACTORS:
                return Subject("name", named.first, named.last, named.entity, named.last, place)
    return None


def relayed(reading: Reading, lexicon: CueLexicon, subject: Subject, high: int) -> Subject:
    """«رویترز به نقل از S گزارش داد»: the one whose words they are."""
    keys = reading.keys
    if subject.end <= 0 or "نقل" not in keys[subject.end : high]:
        return subject
    for at in range(subject.end, high - 3):
        if keys[at] == "نقل" and keys[at + 1] == "از" and keys[at - 1] == "به":
            begin = at + 2
            if keys[begin] in lexicon.words["pronouns"]:
                return Subject("pronoun", begin, begin + 1, -1, begin + 1, begin)
            if keys[begin] in lexicon.words["demonstratives"]:
                end = _phrase_end(reading, lexicon, begin, high)
                return Subject("demonstrative", begin, end, -1, end, begin) if end > begin + 1 else subject
            named = _head_name(reading, lexicon, begin, min(high, begin + 10))
            if named is not None and named.type in _PERSONS:
                return Subject("name", named.first, named.last, named.entity, named.last, begin)
            if named is None and able(lexicon, keys[begin]):
                end = _phrase_end(reading, lexicon, begin, high)
                return Subject("expression", begin, end, -1, end, begin)
    return subject


def skip_opening(reading: Reading, lexicon: CueLexicon, at: int, high: int) -> int:
    """Past connectives, marks and «به گزارش …،»."""
    keys, words = reading.keys, lexicon.words
    at = _label_end(reading, lexicon, at, high)
    sources = lexicon.phrases["provenance"].starts
    while at < high:
        key = keys[at]
        phrase = phrase_at(keys, at, high, lexicon, "provenance") if key in sources else None
        if phrase and key in words["connectives"]:
            then = keys[phrase[0]] if high > phrase[0] else ""  # «بنابراین گزارش، …»
            phrase = phrase if then in _COMMAS or then in words["demonstratives"] else None
        if phrase:
            end = _provenance_end(reading, lexicon, phrase[0], high)
            if end >= 0:
                at = end
                continue
        if key in words["connectives"] or key in words["lead_adverbs"] or not key[0].isalnum():
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


def _so_that(keys: Sequence[str], words: Mapping[str, frozenset[str]], at: int, high: int) -> int:
    """Past «به‌طوری که», in one word or two; 0 where it does not stand."""
    for end in range(at + 1, min(high, at + 3)):
        if keys[end] == "که":
            return end + 1 if "".join(keys[at:end]) in words["so_that"] else 0
    return 0


def _provenance_end(reading: Reading, lexicon: CueLexicon, at: int, high: int) -> int:
    """Past «به گزارش M» : its comma, or a person or role right after the medium; else -1."""
    keys, words, inside = reading.keys, lexicon.words, reading.inside
    medium = at
    while medium < high and keys[medium] in _OWN:
        medium += 1
    if medium > at + 1 and medium < high:
        named = reading.mention_at.get(medium)
        if _speaker_at(reading, lexicon, medium) or (named is not None and named.type in _PERSONS):
            return medium  # «به گزارش خبرنگار ما X گفت»
    while medium < high and medium not in inside and keys[medium] in words["before_body"]:
        medium += 1
    named = reading.mention_at.get(medium)
    if named is not None and named.type in _MEDIA and named.last < high:
        after = reading.mention_at.get(named.last)
        if keys[named.last] in words["roles"] or (after is not None and after.type in _PERSONS):
            return named.last
    for i in range(at, min(high, at + 30)):
        if keys[i] in "،؛:," and i not in inside:
            who = inside.get(i - 1)
            late = named is not None and who is not None and who.type in _PERSONS and who.first > named.last
            if late and who is not None and not _takes(keys, words, who.first - 1):
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
    if named is not None and named.type not in _PERSONS:
        end = named.last
    elif at < high and keys[at] in lexicon.words["desks"]:
        end = next(
            (i for i in range(at + 1, min(high, at + LABEL)) if keys[i] in DASHES or keys[i] == ":"), high
        )
        writer = reading.mention_at.get(end + 1)
        if writer is not None and writer.type in _PERSONS and writer.last < high and keys[writer.last] == ":":
            return writer.last + 1  # «گروه اجتماعی - ژاله بهرامی: …»
        if end == high and keys[at] == "گروه" and keys[at + 1] in lexicon.words["desk_names"]:
            return at + 2
    else:
        return at
    return end + 1 if end < high and keys[end] in LABEL_ENDS else at


def _phrase(
    reading: Reading, lexicon: CueLexicon, at: int, high: int, known: frozenset[str] | set[str]
) -> Subject | None:
    """The noun phrase that begins at a token; None where a circumstance begins there."""
    keys, words = reading.keys, lexicon.words
    key = keys[at]
    if key in words["pronouns"]:
        return Subject("pronoun", at, at + 1, -1, at + 1, at)
    if key == "خود" and at + 1 < high and keys[at + 1] in words["pronouns"]:
        return Subject("pronoun", at + 1, at + 2, -1, at + 2, at)
    end = _phrase_end(reading, lexicon, at, high)
    if end == at:
        return None
    if key in words["demonstratives"] and end > at + 1:
        named = _head_name(reading, lexicon, at, end)
        if named is None or named.type not in _PERSONS:
            return Subject("demonstrative", at, end, -1, end, at)
    named = _head_name(reading, lexicon, at, end)
    if named is not None:
        # a title may follow the name («لودریان وزیر دفاع فرانسه»); other words are no part of the phrase
        stop = end
        other = reading.mention_at.get(named.last + 1)
        if keys[named.last : named.last + 1] == ["و"] and other is not None and other.last <= end:
            return Subject("expression", at, other.last, -1, other.last, at)
        if named.last < end and keys[named.last] not in words["roles"] and keys[named.last][0].isalnum():
            stop = named.last
        return Subject("name", named.first, named.last, named.entity, max(stop, named.last), at)
    stop = _known_end(keys, at, end, known) or end
    kind: SubjectKind = "title" if key in words["roles"] else "expression"
    return Subject(kind, at, stop, -1, stop, at)


def _phrase_end(reading: Reading, lexicon: CueLexicon, at: int, high: int) -> int:
    keys, words = reading.keys, lexicon.words
    prepositions, circumstance = words["prepositions"], words["circumstance"]
    here = at
    while here < high:
        key = keys[here]
        named = reading.mention_at.get(here)
        if named is not None and named.last <= high and named.type in _ACTORS:
            here = named.last
            continue
        if key == "از" and here > at and keys[here - 1] in words["partitive"]:
            here += 1
            continue
        held = key in prepositions or key in circumstance
        if held and here > at and keys[here - 1] + key in words["joined"]:
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


def _head_name(reading: Reading, lexicon: CueLexicon, at: int, end: int) -> Named | None:
    """The name that the phrase is about: at its head, or a person in apposition to a title."""
    keys = reading.keys
    complement, before_name = lexicon.words["complement"], lexicon.words["before_name"]
    here = at
    while here < end and (keys[here] in before_name or not keys[here][0].isalnum()):
        if here in reading.mention_at:
            break
        here += 1
    named = reading.mention_at.get(here)
    if named is not None and named.last <= end and named.type in _ACTORS:
        if named.type in _PERSONS or lexicon.words["before_body"].issuperset(keys[at:here]):
            return named
        return None  # «استاد دانشگاه تهران» is not the university
    named = reading.inside.get(at)  # the tagger took the title in
    if named is not None and named.first <= at and named.last <= end + 1 and named.type in _ACTORS:
        return named
    for place in range(at, end):
        named = reading.mention_at.get(place)
        if named is None or named.type not in _PERSONS or named.last > end:
            continue
        before = place - 1
        while before > at and keys[before] in before_name and keys[before] != "و":
            before -= 1
        if before >= at and keys[before] in complement:
            return None
        near = keys[max(at, before - KIN) : before + 1]
        if not lexicon.words["kin"].isdisjoint((*near, *map("".join, pairwise(near)))):
            return None
        return named
    return None


def _known_end(keys: Sequence[str], at: int, end: int, known: frozenset[str] | set[str]) -> int:
    """Where an expression that was a subject before ends; 0 if none begins here."""
    if not known:
        return 0
    for stop in range(min(end, at + 14), at, -1):
        if "".join(keys[at:stop]) in known:
            return stop
    return 0


def _in_circumstance(
    reading: Reading, lexicon: CueLexicon, low: int, high: int, *, closed: bool = False
) -> Subject:
    """A subject after a circumstance without a comma: a person, pronoun or title that no word governs.

    `closed` tells that a comma ends the circumstance: an organisation before it belongs to it.
    """
    keys, words = reading.keys, lexicon.words
    before_name = words["before_name"]
    best = OMITTED
    at = low
    while at < high:
        key = keys[at]
        governed = at > low and (keys[at - 1] in words["prepositions"] or _takes(keys, words, at - 1))
        if key in words["pronouns"] and not governed:
            return Subject("pronoun", at, at + 1, -1, at + 1, at)
        named = reading.mention_at.get(at)
        if named is not None and named.last <= high:
            if named.type in _PERSONS and not governed:
                before = at - 1
                while before > low and keys[before] in before_name and keys[before] != "و":
                    before -= 1
                if keys[before] not in words["prepositions"] and not _takes(keys, words, before):
                    end = _phrase_end(reading, lexicon, at, high)
                    return Subject("name", named.first, named.last, named.entity, end, before + 1)
            held = _governed(keys, words, low, at) or (at > low and keys[at - 1] in words["roles"])
            paired = at > low and keys[at - 1] == "و"  # «از A و B خواست»
            if named.type == "ORG" and named.last == high and not closed and not held and not paired:
                return Subject("name", named.first, named.last, named.entity, high, at)
            at = named.last
            continue
        head = key in words["roles"] or (at > low + 2 and _speaker_at(reading, lexicon, at))
        if head and key in _SOME:
            # «یک تراژدی» says nothing, «برخی از مسئولان» do
            head = any(able(lexicon, k) for k in keys[at + 1 : min(high, at + (2 if key == "یک" else 4))])
            head = head or (at + 1 == high and key != "یک")  # «به همین دلیل برخی معتقدند»
        if head and (keys[at - 1] == "و" or not words["roles"].isdisjoint(keys[max(low, at - 2) : at])):
            head = False  # «از مردم و قربانیان», «با معاون اول رئیس‌جمهور»
        if head and not governed and at > low + 1 and best.kind == "omitted":
            end = _phrase_end(reading, lexicon, at, high)
            named = _head_name(reading, lexicon, at, end)
            if named is not None:
                return Subject("name", named.first, named.last, named.entity, end, at)
            if end == high or keys[end] in words["circumstance"] or keys[end] in words["prepositions"]:
                some = keys[at - 1] == "یک"  # «یک مسئول» is not who is in focus
                kind: SubjectKind = "title" if key in words["roles"] and not some else "expression"
                best = Subject(kind, at - some, end, -1, end, at - some)
                at = end
                continue
        at += 1
    return best


def _takes(keys: Sequence[str], words: Mapping[str, frozenset[str]], at: int) -> bool:
    """Whether a word takes the name after it («همسر X»), and is not whole («در این دیدار X»)."""
    takes = keys[at] in words["complement"] or keys[at] in words["occasions"] or keys[at].endswith("های")
    return takes and not (at > 0 and keys[at - 1] in words["demonstratives"])


def _governed(keys: Sequence[str], words: Mapping[str, frozenset[str]], low: int, at: int) -> bool:
    """Whether a preposition stands close enough before a token to govern it («به خبرنگار رویترز گفت»)."""
    return any(keys[i] in words["prepositions"] for i in range(max(low, at - 3), at))
