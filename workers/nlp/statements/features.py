"""Features of the two decisions of the reader, as strings: what the linear models weigh."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, NamedTuple

from workers.nlp.statements.cues import Cue, phrase_at
from workers.nlp.statements.frames import Candidate
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
    colon_later = any(keys[c.last] == ":" for c in cues[nth + 1 :] if c.last < last)
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
    quoted = any(a < cue.first < b for a, b in _around(reading, first, cue.first))
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
) -> list[str]:
    """Does the open speech go on in tokens [first, last)?"""
    number, paragraph, sentence = place
    keys, words = reading.keys, lexicon.words
    begin = first
    while begin < last - 1 and not keys[begin][0].isalnum():
        begin += 1
    manner: str = "direct" if speech.direct else speech.candidate.frame
    if speech.candidate.quote >= 0:
        manner = "quote"
    gap = number - speech.paragraph
    edge = "in" if gap == 0 else "par" if gap == 1 else "far"
    body = keys[first:last]
    mine = sum(k in words["first_person"] for k in body)
    ends = sum(len(k) > 4 and k.endswith("یم") for k in body)
    one, two = keys[begin], keys[begin] + "_" + (keys[begin + 1] if begin + 1 < last else "")
    named = reading.mention_at.get(begin)
    final = body[-2] if len(body) > 1 and not body[-1][0].isalnum() else body[-1]
    state = f"{manner},{edge}"
    features = [
        "b",
        f"manner={manner}",
        f"edge={edge}",
        f"state={state}",
        f"w1={one}",
        f"w1,edge={one},{edge}",
        f"w2={two}",
        f"cued={cued},{state}",
        f"mine={min(mine, 2)},{state}",
        f"we={min(ends, 2)},{state}",
        f"length={bucket(last - first)}",
        f"id={speech.candidate.cue.id},{edge}",
        f"named={named.type if named else '-'},{manner}",
        f"final={final}",
        f"so_far={bucket((speech.end - speech.spans[0][0]) // 5)},{manner}",
        f"left={min(3, paragraph.last - sentence)},{state}",
        f"size={min(4, paragraph.last - paragraph.first)},{state}",
        f"pars={min(3, len(reading.paragraphs) - number)},{edge}",
    ]
    if phrase_at(keys, begin, last, lexicon, "provenance"):
        features.append(f"provenance,{edge}")
    if phrase_at(keys, begin, last, lexicon, "editorial"):
        features.append(f"editorial,{edge}")
    return features
