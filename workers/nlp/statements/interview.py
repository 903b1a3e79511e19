"""Interviews printed as question and answer: each answer is a direct statement of the interviewee.

A printed interview marks the turns of one of its two voices: questions open with «*», «-» or a label
(«خبرنگار:», «س:», the medium's own name), or are blocks of their own that end in «؟» in an article that
says it is an interview. What stands between two questions is an answer. So that an ordinary story stays
one, marks count only where most of what they open asks, and at least twice.
"""

from bisect import bisect_right
from collections import Counter
from collections.abc import Sequence
from typing import NamedTuple

from workers.nlp.document import Range, TextSpeaker, TextStatement
from workers.nlp.knowledge.cues import CueLexicon
from workers.nlp.knowledge.folding import glue
from workers.nlp.statements.cues import phrase_at
from workers.nlp.statements.speakers.subject import find_subject
from workers.nlp.statements.tokens import SPEECH_BLOCKS, Named, Reading
from workers.nlp.statements.values import OMITTED

CONFIDENCE = 0.85  # measured by hand, see docs/decisions/interviews.md
QUESTIONS = 2  # least number of marked questions
TURNS = 2  # least number of times that a label must stand which is neither name nor role
BARE = 3  # least number of unmarked ones
LONGEST = 80  # tokens of an unmarked question
LABEL = 6  # tokens a label may have
SHORTEST = 2  # words of an answer
MOST = 0.8  # least share of questions with marked answers that makes an interview
NEAR = 25  # tokens from «گفت‌وگو» to the interviewee's name
_STARS = frozenset("*٭•●■◆")
_DASHES = frozenset("-–—ـ")
_ASKING = frozenset("؟?")


class Line(NamedTuple):
    """A stretch of the body in tokens [first, last) that opens with a mark or begins a paragraph.

    `start` is the first token after mark and label, `asked` the token after its last question (`first` if it
    asks nothing).
    """

    first: int
    last: int
    mark: str  # "star", "star2" of two, "dash", "label:…" or ""
    start: int
    asked: int
    label: tuple[int, int] | None
    subhead: bool
    opens: bool  # begins a paragraph


class Answer(NamedTuple):
    """The spans of one answer in tokens, and the label it carries."""

    spans: tuple[tuple[int, int], ...]
    label: tuple[int, int] | None


class Interview(NamedTuple):
    """Tokens [first, last) of an article that are questions and answers."""

    first: int
    last: int
    statements: tuple[TextStatement, ...]


def interview(reading: Reading, lexicon: CueLexicon) -> Interview | None:
    """The interview that an article prints; None for an ordinary story."""
    if sum(map(reading.document.text.count, _ASKING)) < QUESTIONS:
        return None
    lines = _lines(reading, lexicon)
    if sum(line.asked > line.first for line in lines) < QUESTIONS:
        return None
    told = _told(reading, lexicon, lines)
    asking = _questions(reading, lexicon, lines, told=told)
    if not asking:
        return None
    asked = frozenset(asking)
    first = lines[asking[0]].first
    answers = list(_answers(reading, lexicon, lines, asking, asked))
    if len(answers) < QUESTIONS:
        return None
    person = _interviewee(reading, lexicon, first)
    if len(answers) < BARE and (not lines[asking[0]].mark or _run_on(reading, asking)):
        return None
    if person is None and not told and not any(a.label for a in answers) and not _both_marked(lines, asking):
        return None
    statements = tuple(_statement(reading, a, person) for a in answers)
    return Interview(first, max(answers[-1].spans[-1][1], lines[asking[-1]].last), statements)


def _both_marked(lines: Sequence[Line], asking: Sequence[int]) -> bool:
    """Whether an answer with a mark of its own follows most questions, unlike in a list of points."""
    replies = [lines[i + 1].mark for i in asking if i + 1 < len(lines)]
    marks = Counter(mark for mark in replies if mark and mark != lines[asking[0]].mark)
    return len(asking) >= BARE and sum(marks.values()) >= MOST * len(asking)


def _lines(reading: Reading, lexicon: CueLexicon) -> list[Line]:
    """The body's paragraphs, cut where a mark opens a sentence inside them."""
    keys, document = reading.keys, reading.document
    found: list[Line] = []
    for paragraph in reading.paragraphs:
        if paragraph.kind not in SPEECH_BLOCKS and paragraph.kind != "subhead":
            continue
        if document.field_at(reading.sentences[paragraph.first].start) != "body":
            continue
        cuts = []
        for number in range(paragraph.first, paragraph.last):
            sentence = reading.sentences[number]
            first, last = sentence.first, sentence.last
            if number == paragraph.first or keys[first] in _STARS or _brief(lexicon, keys, first, last):
                cuts.append(first)
            star = next(
                (i for i in range(first + 1, last - 2) if keys[i] in _STARS and keys[i - 1] == ":"), -1
            )
            if star > 0 and keys[last - 1] in _ASKING:
                cuts.append(star)  # «… را می‌خوانید: * پرسش؟»
        end = reading.sentences[paragraph.last - 1].last
        for place, first in enumerate(cuts):
            last = cuts[place + 1] if place + 1 < len(cuts) else end
            found.append(
                _line(reading, lexicon, first, last, subhead=paragraph.kind == "subhead", opens=place == 0)
            )
    return found


def _brief(lexicon: CueLexicon, keys: Sequence[str], first: int, last: int) -> int:
    """The token after «س:», «ج-», «پرسش ۳:»; 0 if none is there."""
    if keys[first] not in lexicon.words.question_marks and keys[first] not in lexicon.words.answer_marks:
        return 0
    mark = first + 1
    if mark < last and keys[mark].isdigit():
        mark += 1
    return mark + 1 if mark + 1 < last and (keys[mark] == ":" or keys[mark] in _DASHES) else 0


def _line(
    reading: Reading, lexicon: CueLexicon, first: int, last: int, *, subhead: bool, opens: bool
) -> Line:
    keys = reading.keys
    start, mark = first, ""
    while start < last - 1 and (keys[start] in _STARS or keys[start] in _DASHES):
        mark = mark or ("star" if keys[start] in _STARS else "dash")
        start += 1
    stars = sum(key in _STARS for key in keys[first:start])
    if mark == "star" and stars > 1:
        mark = f"star{stars}"  # «** پرسش؟ * پاسخ»
    label = None
    brief = _brief(lexicon, keys, start, last)
    colon = next((i for i in range(start + 1, min(last - 1, start + LABEL + 1)) if keys[i] == ":"), -1)
    if brief:
        mark, start = f"label:{'ask' if keys[start] in lexicon.words.question_marks else 'answer'}", brief
    elif opens and colon > 0 and all(k[0].isalnum() or k in "()«»" for k in keys[start:colon]):
        mark = mark or "label:" + "".join(keys[start:colon])
        label, start = (start, colon), colon + 1
    asked = first
    at = start
    while at < last:
        if keys[at] in _ASKING:
            asked = at + 1
        at += 1
    return Line(first, last, mark, start, asked, label, subhead, opens)


def _told(reading: Reading, lexicon: CueLexicon, lines: Sequence[Line]) -> bool:
    """Whether the title or the first paragraphs say that this is an interview."""
    talks = lexicon.words.interviews
    for paragraph in reading.paragraphs:
        first = reading.sentences[paragraph.first].first
        last = reading.sentences[paragraph.last - 1].last
        if any(phrase(reading.keys, i, last, talks) for i in range(first, last)):
            return True
        if lines and first > lines[min(5, len(lines) - 1)].first:
            return False
    return False


def phrase(keys: Sequence[str], at: int, last: int, words: frozenset[str]) -> int:
    """How many tokens at a place make one of the words, spaced or not; 0 if none."""
    joined = ""
    for size in range(1, min(4, last - at + 1)):
        joined += keys[at + size - 1]
        if joined in words:
            return size
    return 0


def _questions(reading: Reading, lexicon: CueLexicon, lines: Sequence[Line], *, told: bool) -> list[int]:
    """Which lines are questions, by the mark that asks most; empty for an ordinary story."""
    marked, asking = Counter[str](), Counter[str]()
    for line in lines:
        if line.mark:
            marked[line.mark] += 1
            asking[line.mark] += line.asked > line.first
    best: list[int] = []
    for mark, count in asking.most_common():
        share = 0.5 if mark.startswith("star") or mark == "label:ask" else 0.6
        if count < QUESTIONS or count < share * marked[mark] or mark == "label:answer":
            continue
        found = _asking(lines, [i for i, line in enumerate(lines) if line.mark == mark])
        again = frozenset(found)
        answered = sum(
            (i + 1 < len(lines) and i + 1 not in again) or line.asked < line.last - SHORTEST
            for i, line in ((i, lines[i]) for i in found)
        )
        addressed = sum(_addressed(reading, lexicon, lines[i]) for i in found)
        if answered >= max(QUESTIONS, 0.6 * len(found)) and (told or addressed or mark == "label:ask"):
            best = max(best, found, key=len)
    if best or not told:
        return best
    bare = [
        i
        for i, line in enumerate(lines)
        if line.opens and not line.mark and line.asked >= line.last - 1 and line.last - line.first <= LONGEST
    ]
    known = frozenset(bare)
    apart = [i for i in bare if i + 1 < len(lines) and i + 1 not in known]
    addressed = sum(_addressed(reading, lexicon, lines[i]) for i in apart)
    return bare if len(apart) >= BARE and addressed >= QUESTIONS else []


def _asking(lines: Sequence[Line], marked: list[int]) -> list[int]:
    """The lines with one mark that ask, where every other line is the answer right after a question."""
    questions = [i for i in marked if lines[i].asked > lines[i].first]
    asked = frozenset(questions)
    replies = [i for i in marked if i not in asked]
    return questions if replies and all(i - 1 in asked for i in replies) else marked


def _addressed(reading: Reading, lexicon: CueLexicon, line: Line) -> bool:
    """Whether a question speaks to somebody («شما», «می‌دانید»)."""
    you = lexicon.words.second_person
    person = lexicon.morphology.person
    return any(key in you or person(key) == 2 for key in reading.keys[line.first : line.last])


def _answers(
    reading: Reading, lexicon: CueLexicon, lines: Sequence[Line], asking: Sequence[int], asked: frozenset[int]
) -> "list[Answer]":
    found = []
    keys = reading.keys
    turns = Counter(_key(reading, line.label) for line in lines if line.label is not None)
    run_on = _run_on(reading, asking)
    for place, number in enumerate(asking):
        stop = asking[place + 1] if place + 1 < len(asking) else len(lines)
        spans: list[tuple[int, int]] = []
        label: tuple[int, int] | None = None
        following = [i for i in range(number + 1, stop) if i not in asked and not lines[i].subhead]
        question = lines[number]
        if run_on or not following:
            _add(keys, spans, _question_end(reading, question, run_on=run_on), question.last)
        for i in following:
            line = lines[i]
            begin = line.start
            if stop == len(lines) and spans and _narrated(reading, lexicon, line):
                break
            if line.label is not None:
                if turns[_key(reading, line.label)] < TURNS and not _may_label(reading, lexicon, line.label):
                    begin = line.label[0]  # a colon, but no label
                elif not spans:
                    label = line.label
            broken = i > number + 1 and lines[i - 1].subhead
            _add(keys, spans, begin, line.last, apart=broken)
        if spans:
            found.append(Answer(tuple(spans), label))
    return found


def _run_on(reading: Reading, asking: Sequence[int]) -> bool:
    """A crawler that joins lines leaves question and answer in one."""
    return reading.document.article.body.count("\n") < len(asking)


def _narrated(reading: Reading, lexicon: CueLexicon, line: Line) -> bool:
    """The narrator's voice after the last answer («گفتنی است …»)."""
    return bool(
        phrase_at(reading.keys, line.start, line.last, lexicon, "editorial")
        or phrase_at(reading.keys, line.start, line.last, lexicon, "provenance")
    )


def _question_end(reading: Reading, line: Line, *, run_on: bool) -> int:
    """The token after the question in a line that may hold its answer too."""
    if not run_on and line.asked > line.first:
        return line.asked
    at = bisect_right(reading.sentences, line.start, key=lambda s: s.first) - 1
    ends = [s.last for s in reading.sentences[at : at + 3] if s.first < line.last]
    return next((e for e in ends if reading.keys[e - 1] in _ASKING), ends[0])


def _add(
    keys: Sequence[str], spans: list[tuple[int, int]], first: int, last: int, *, apart: bool = False
) -> None:
    """Add tokens without the marks at their ends; spans that touch are one."""
    while first < last and not keys[first][0].isalnum():
        first += 1
    while last > first and not keys[last - 1][0].isalnum():
        last -= 1
    if last - first < (1 if spans else SHORTEST):
        return
    if spans and not apart:
        spans[-1] = (spans[-1][0], last)
    else:
        spans.append((first, last))


def _key(reading: Reading, label: tuple[int, int]) -> str:
    return "".join(reading.keys[label[0] : label[1]])


def _may_label(reading: Reading, lexicon: CueLexicon, label: tuple[int, int]) -> bool:
    named = next((reading.inside[i] for i in range(*label) if i in reading.inside), None)
    return (named is not None and named.type == "PER") or reading.keys[label[0]] in lexicon.words.roles


def _interviewee(reading: Reading, lexicon: CueLexicon, before: int) -> TextSpeaker | None:
    """Who is asked: the person or role after «گفت‌وگو با», else who is most named before."""
    keys, talks, document = reading.keys, lexicon.words.interviews, reading.document
    line = document.dateline
    media = {glue(name) for name in (document.article.agency, line.agency if line else None) if name}
    people = {
        at: named
        for at, named in reading.mention_at.items()
        if at < before
        and named.type == "PER"
        and glue(document.entities[named.entity].canonical) not in media
    }
    role: TextSpeaker | None = None
    for at in range(before):
        size = phrase(keys, at, before, talks)
        if not size:
            continue
        after = at + size
        sentence = reading.sentences[bisect_right(reading.sentences, at, key=lambda s: s.first) - 1]
        for low, high in ((after, min(sentence.last, after + NEAR)), (max(sentence.first, at - NEAR), at)):
            # «گفت‌وگو با X», then «با X … گفت‌وگو کرده‌ایم»
            start = next((i for i in range(low, high) if keys[i] == "با"), high)
            found = next((people[i] for i in range(start, high) if i in people), None)
            if found is not None:
                return _person(reading, found)
            asked = find_subject(reading, lexicon, start + 1, high) if start + 1 < high else OMITTED
            if role is None and asked.kind == "title":
                tokens = document.tokens
                span = Range(tokens[asked.first].start, tokens[asked.last - 1].end)
                role = TextSpeaker(document.slice(span), span, None, "title")
    counts = Counter(named.entity for _, named in sorted(people.items())).most_common(2)
    if not counts or (len(counts) > 1 and counts[0][1] == counts[1][1]):
        return role
    return role or _person(reading, next(n for n in people.values() if n.entity == counts[0][0]))


def _person(reading: Reading, named: Named) -> TextSpeaker:
    entity = reading.document.entities[named.entity]
    return TextSpeaker(entity.canonical, None, entity.id, "omitted")


def _statement(reading: Reading, answer: Answer, person: TextSpeaker | None) -> TextStatement:
    document, tokens = reading.document, reading.document.tokens
    content = tuple(Range(tokens[a].start, tokens[b - 1].end) for a, b in answer.spans)
    if answer.label is not None:
        first, last = answer.label
        span = Range(tokens[first].start, tokens[last - 1].end)
        named = next((reading.inside[i] for i in range(first, last) if i in reading.inside), None)
        entity = document.entities[named.entity].id if named and named.type == "PER" else None
        speaker = TextSpeaker(document.slice(span), span, entity, "label")
    else:
        speaker = person or TextSpeaker("", None, None, "omitted")  # who spoke last in the introduction
    return TextStatement("direct", "say", speaker, None, content, CONFIDENCE)
