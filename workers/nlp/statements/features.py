"""Features of the two decisions of the reader, as strings: what the linear models weigh."""

from bisect import bisect_right
from collections.abc import Sequence, Set
from typing import TYPE_CHECKING, NamedTuple

from workers.nlp.statements.cues import Cue, phrase_at
from workers.nlp.statements.frames import REACH, Candidate
from workers.nlp.statements.lexicon import CueLexicon
from workers.nlp.statements.reading import Paragraph, Reading

if TYPE_CHECKING:
    from workers.nlp.statements.reader import Speech


class Place(NamedTuple):
    """Where the reader is: a paragraph by number, a sentence by index."""

    number: int
    paragraph: Paragraph
    sentence: int


_LENGTHS = (1, 2, 3, 5, 8, 13, 21, 34)


def bucket(number: int) -> int:
    """A coarse logarithmic size."""
    return sum(number >= n for n in _LENGTHS)


def accept_features(
    reading: Reading,
    lexicon: CueLexicon,
    candidate: Candidate,
    speech: "Speech | None",
    place: Place,
    cues: Sequence[Cue],
    nth: int,
) -> list[str]:
    """Does this cue make a statement?"""
    number, paragraph, sentence = place
    keys, cue, subject = reading.keys, candidate.cue, candidate.subject
    first, last = reading.sentences[sentence].first, reading.sentences[sentence].last
    mark, frame = candidate.follow, candidate.frame
    tense: str = cue.form.tense if cue.form else "-"
    if cue.form and cue.form.tense == "perfect" and keys[cue.last - 1].endswith("ه"):
        tense = "participle"
    if speech is None:
        where = "none"
    elif speech.sentence == sentence:
        where = "same:" + ("direct" if speech.direct else speech.candidate.frame)
    else:
        where = "run:" + ("direct" if speech.direct else "indirect")
        if speech.paragraph != number:
            where += ":par"
    kind: str = subject.kind
    if kind == "name":
        kind = "name:" + reading.document.entities[subject.entity].type
    length = bucket(candidate.end - candidate.start)
    before = keys[cue.first - 1] if cue.first > first else "<s>"
    after = keys[cue.last] if cue.last < last else "</s>"
    verb_like = any(
        keys[i] in lexicon.forms for i in range(candidate.start, min(candidate.end, candidate.start + 40))
    )
    colon_later = any(keys[c.last] == ":" for c in cues[nth + 1 : nth + 5] if c.last < last)
    features = [
        "b",
        f"id={cue.id}",
        f"kind={cue.kind}",
        f"frame={frame}",
        f"mark={mark}",
        f"frame,mark={frame},{mark}",
        f"id,mark={cue.id},{mark}",
        f"id,frame={cue.id},{frame}",
        f"tense={tense}",
        f"tense,mark={tense},{mark}",
        f"id,tense={cue.id},{tense}",
        f"passive={cue.passive},{mark}",
        f"id,passive={cue.id},{cue.passive}",
        f"where={where}",
        f"where,mark={where},{mark}",
        f"where,frame={where},{frame}",
        f"where,subject={where},{kind}",
        f"subject={kind}",
        f"subject,mark={kind},{mark}",
        f"subject,frame={kind},{frame}",
        f"id,subject={cue.id},{kind}",
        f"length={length},{frame}",
        f"verb={verb_like},{frame}",
        f"before={before}",
        f"after={after}",
        f"colon_later={colon_later},{cue.kind},{frame}",
        f"cues_later={min(2, len(cues) - nth - 1)},{cue.kind}",
        f"position={min(3, sentence - paragraph.first)},{where}",
        f"start={cue.first == first},{mark}",
        f"last={bucket(last - candidate.end)},{frame}",
    ]
    if cue.kind == "marker" or frame in ("object", "predicate"):
        features.append(f"c0={keys[candidate.start]},{frame}")
        features.append(f"s0={keys[subject.first] if subject.first >= 0 else '-'},{cue.kind}")
    if cue.form is not None and cue.form.plural:
        features.append("plural")
    opening = phrase_at(keys, first, last, lexicon, "editorial")
    if opening:
        features.append(f"editorial={''.join(keys[first : opening[0]])}")
        features.append(f"editorial,at={opening[0] >= cue.first}")
    quoted = any(a < cue.first < b for a, b in _around(reading, max(first, cue.first - REACH), cue.first))
    if quoted:
        features.append(f"quoted,{mark}")
    return features


def _around(reading: Reading, first: int, at: int) -> list[tuple[int, int]]:
    return [(i, reading.quote_end[i]) for i in range(first, at) if i in reading.quote_end]


def continue_features(
    reading: Reading,
    lexicon: CueLexicon,
    speech: "Speech",
    place: Place,
    first: int,
    last: int,
    cued: bool,
    known: Set[str],
) -> list[str]:
    """Does the open speech go on in tokens [first, last)?

    Few features, most of them classes of words: there are few examples to learn from.
    """
    number, paragraph, sentence = place
    keys = reading.keys
    begin = first
    while begin < last - 1 and not keys[begin][0].isalnum():
        begin += 1
    manner: str = "direct" if speech.direct else "after" if speech.candidate.frame == "after" else "other"
    if speech.candidate.quote >= 0:
        manner = "quote"
    gap = number - speech.paragraph
    edge = "in" if gap == 0 else "par" if gap == 1 else "far"
    state = f"{manner},{edge}"
    body = keys[first:last]
    own = first_person(lexicon, body)
    whole = last == reading.sentences[sentence].last
    head = _head(reading, lexicon, begin, last, known)
    opening = "-"
    for kind in ("provenance", "editorial", "continuing"):
        if phrase_at(keys, begin, last, lexicon, kind):
            opening = kind
            break
    before = keys[first - 1] if first else ""
    closed = "stop" if before in _STOPS else "verb" if _finite(lexicon, before) else "open"
    subject = speech.subject.entity
    same = subject >= 0 and any(n.entity == subject for n in map(reading.inside.get, range(first, last)) if n)
    early = map(reading.inside.get, range(begin, min(last, begin + 8)))
    dated = any(n.type in ("DATE", "TIME") for n in early if n)
    size = paragraph.last - paragraph.first
    bodies = reading.bodies
    left = min(3, paragraph.last - sentence)
    follows = _next_head(reading, lexicon, sentence + 1, paragraph.last, known)
    started = speech.candidate.cue.first < reading.sentences[paragraph.first].last
    said = frozenset(keys[max(speech.spans[-1][0], speech.end - REACH) : speech.end])
    echo = begin + 1 < last and keys[begin] in lexicon.words["demonstratives"] and keys[begin + 1] in said
    return [
        "b",
        f"echo={echo}",
        f"echo,state={echo},{state}",
        f"state={state}",
        f"state,cued={state},{cued},{whole}",
        f"state,mark={state},{speech.candidate.follow}",
        f"opening={opening}",
        f"opening,edge={opening},{edge}",
        f"own={own}",
        f"own,edge={own},{edge}",
        f"own,manner={own},{manner}",
        f"head={head}",
        f"head,edge={head},{edge}",
        f"head,cued={head},{cued},{whole}",
        f"closed={closed},{edge}",
        f"tense={_final_tense(lexicon, body)}",
        f"tense,manner={_final_tense(lexicon, body)},{manner}",
        f"modal={any(k in lexicon.words['modal'] for k in body)}",
        f"dated={dated}",
        f"same={same},{own}",
        f"single={bodies == 1},{state}",
        f"size={min(4, size)},{edge}",
        f"left={left},{manner}",
        f"last={left == 1},{bodies == 1},{manner}",
        f"next={follows},{edge}",
        f"started={started},{state},{bodies == 1}",
        f"length={bucket(last - first) // 2},{edge}",
        f"so_far={bucket((speech.end - speech.spans[0][0]) // 5)},{edge}",
        f"document={speech.candidate.cue.id in ('آمدن', 'نوشتن', 'آوردن')},{edge}",
        f"w1={keys[begin]}",
    ]


def confidence_features(reading: Reading, speech: "Speech") -> list[str]:
    """How sure the decisions were, and of what kind the statement is."""
    candidate, subject = speech.candidate, speech.subject
    kind: str = subject.kind
    if subject.entity >= 0:
        kind += ":" + reading.document.entities[subject.entity].type
    sentences = speech.sentence - bisect_right(reading.sentences, candidate.cue.first, key=lambda s: s.first)
    return [
        "b",
        f"score={max(-1, min(9, round(speech.score)))}",
        f"cut={max(-4, round(speech.cut))}",
        f"frame={candidate.frame}",
        f"mark={candidate.follow}",
        f"subject={kind}",
        f"direct={speech.direct}",
        f"sentences={min(3, sentences + 1)}",
        f"addition={subject.addition},{subject.kind}",
    ]


def first_person(lexicon: CueLexicon, body: Sequence[str]) -> bool:
    """Whether a stretch speaks of itself as «من» or «ما»."""
    if any(k in lexicon.words["first_person"] for k in body):
        return True
    return any(
        (k.startswith(("می", "نمی", "خواه", "نخواه")) and len(k) > 4 and k[-1] == "م")
        or (k in lexicon.forms and lexicon.forms[k][0].person == 1 and len(k) > 3)
        or (len(k) > 4 and k.endswith("ایم"))
        for k in body
    )


def _final_tense(lexicon: CueLexicon, body: Sequence[str]) -> str:
    words = [k for k in body[-4:] if k[0].isalnum()]
    for key in reversed(words):
        forms = lexicon.forms.get(key)
        if forms:
            return forms[0].tense
        if len(key) > 4 and key.startswith(("می", "نمی")):
            return "present"
    return "-"


def _next_head(reading: Reading, lexicon: CueLexicon, sentence: int, stop: int, known: Set[str]) -> str:
    """What the next sentence begins with: in this paragraph, else the next one's first."""
    inside = "in" if sentence < stop else "out"
    if sentence >= len(reading.sentences):
        return "end"
    following = reading.sentences[sentence]
    begin = following.first
    while begin < following.last - 1 and not reading.keys[begin][0].isalnum():
        begin += 1
    return f"{inside},{_head(reading, lexicon, begin, following.last, known)}"


_STOPS = frozenset('.!؟?…»"')


def _finite(lexicon: CueLexicon, key: str) -> bool:
    forms = lexicon.forms.get(key)
    if forms:
        return any(f.tense != "infinitive" for f in forms)
    return len(key) > 4 and key.startswith(("می", "نمی"))


def _head(reading: Reading, lexicon: CueLexicon, at: int, last: int, known: Set[str]) -> str:
    """What kind of word a stretch begins with."""
    key, words = reading.keys[at], lexicon.words
    for kind in ("pronouns", "connectives", "demonstratives", "first_person"):
        if key in words[kind]:
            return kind
    named = reading.mention_at.get(at)
    if named is not None:
        return named.type
    joined = ""
    for part in reading.keys[at : min(last, at + 8)]:
        joined += part
        if joined in known:
            return "known"
    return "roles" if key in words["roles"] else "preposition" if key in words["prepositions"] else "other"


def start_features(
    reading: Reading, lexicon: CueLexicon, candidate: Candidate, known: Set[str]
) -> list[list[str]]:
    """Does a nominal content begin here? One list an option."""
    keys, words, subject, cue = reading.keys, lexicon.words, candidate.subject, candidate.cue
    frame, end = candidate.frame, candidate.end
    named = map(reading.mention_at.get, range(candidate.clause, end))
    ends = {n.last: n.type for n in named if n}
    count = len(candidate.options)
    found = []
    for nth, at in enumerate(candidate.options):
        before = keys[at - 1] if at > candidate.clause else "<s>"
        key = keys[at]
        kind = "word"
        if before == "<s>":
            kind = "start"
        elif not before[0].isalnum():
            kind = "mark"
        elif before in words["pronouns"]:
            kind = "pronoun"
        elif before in words["prepositions"]:
            kind = "preposition"
        elif before in words["circumstance"] or before in words["connectives"]:
            kind = "circumstance"
        elif _finite(lexicon, before):
            kind = "verb"
        elif at in ends:
            kind = "end:" + ends[at]
        where = (
            "first"
            if at == subject.end
            else "rule"
            if at == candidate.start
            else "subject"
            if subject.begin <= at < subject.end
            else "before"
            if at < subject.begin
            else "after"
        )
        name = reading.mention_at.get(at)
        middle = at in reading.inside and name is None
        opening = "name" if name else "inside" if middle else "word"
        if key in words["demonstratives"]:
            opening = "demonstrative"
        elif key in words["prepositions"]:
            opening = "preposition"
        elif key in words["roles"]:
            opening = "role"
        far = bucket(end - at)
        commas = min(2, sum(keys[i] in "،," for i in range(at, end)))
        preps = min(3, sum(keys[i] in words["prepositions"] for i in range(at, end)))
        span = "".join(keys[subject.begin : at]) if 0 <= subject.begin < at <= subject.begin + 14 else ""
        found.append(
            [
                "b",
                f"before={before}",
                f"kind={kind},{frame}",
                f"key={key}",
                f"opening={opening},{kind}",
                f"where={where},{frame}",
                f"where,kind={where},{kind}",
                f"where,opening={where},{opening}",
                f"where,subject={where},{subject.kind}",
                f"far={far},{frame}",
                f"far,kind={far},{kind}",
                f"commas={commas},{kind}",
                f"preps={preps},{kind}",
                f"known={span in known},{subject.kind}",
                f"marker={before},{cue.id}",
                f"nth={min(3, nth)},{frame},{kind}" if frame == "object" else f"left={min(3, count - nth)}",
            ]
        )
    return found
