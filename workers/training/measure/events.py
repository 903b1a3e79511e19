"""Measures enriched events against gold annotations, by the definitions of the project's gold set.

All spans are raw code-point offsets of the body; white space and punctuation at their ends do not count,
and spans of other fields are left out.

| figure | what counts |
|---|---|
| `entities.strict`, `entities.strict.TYPE` | name mentions with the same span and type |
| `entities.overlap` | overlapping name mentions of the same type, one to one |
| `clusters.b3` | B-cubed over the mentions that both sides have |
| `statements.content`, `.content80` | content that shares at least half, or 0.8, of its letters, one to one |
| `statements.attributed` | such content, and the same speaker |
| `statements.cue` | such content, and overlapping cues |
| `statements.*_accuracy` | of the matched contents: the same kind, stance, speaker |
| `kept.chars`, `boilerplate.chars` | letters of the body that are in a sentence, or in none |
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from workers.nlp.knowledge.folding import fold
from workers.training.measure.clusters import b_cubed
from workers.training.measure.figures import Figure

Row = Mapping[str, Any]
Range = tuple[int, int]
_LETTER = re.compile(r"[\w\u200c]")


class Fault(NamedTuple):
    """One disagreement, for reading."""

    what: str
    article: str
    gold: str
    found: str
    text: str


@dataclass(slots=True)
class Scores:
    """All figures by name, the disagreements, and the gold articles that have no event."""

    figures: dict[str, Figure] = field(default_factory=dict)
    faults: list[Fault] = field(default_factory=list)
    missing: list[str] = field(default_factory=list)
    articles: int = 0
    b3_precision: float = 0.0
    b3_recall: float = 0.0
    verdicts: dict[str, bool] = field(default_factory=dict)  # id of a matched statement → right speaker

    def add(self, name: str, right: float, predicted: int, gold: int) -> None:
        """Add one article's sums."""
        self.figures[name] = self.figures.get(name, Figure()) + Figure(right, predicted, gold)

    def add_all(self, other: "Scores") -> None:
        """Add the sums of other articles."""
        for name, figure in other.figures.items():
            self.figures[name] = self.figures.get(name, Figure()) + figure
        self.faults += other.faults
        self.missing += other.missing
        self.verdicts |= other.verdicts
        self.articles += other.articles
        self.b3_precision += other.b3_precision
        self.b3_recall += other.b3_recall

    def f1(self, name: str) -> float:
        """F1 of a figure, or the accuracy of one that is an accuracy."""
        if name == "clusters.b3":
            mentions = self.figures.get(name, Figure()).gold
            if not mentions:
                return 0.0
            p, r = self.b3_precision / mentions, self.b3_recall / mentions
            return 2 * p * r / (p + r)
        return self.figures.get(name, Figure()).f1

    def rows(self) -> list[tuple[str, float | None, float | None, float, int, int]]:
        """Name, precision, recall, F1 or accuracy, gold, predicted."""
        table: list[tuple[str, float | None, float | None, float, int, int]] = []
        for name, figure in self.figures.items():
            if name == "clusters.b3":
                n = max(1, figure.gold)
                pair: tuple[float | None, float | None] = (self.b3_precision / n, self.b3_recall / n)
            elif name.endswith("accuracy"):
                pair = (None, None)
            else:
                pair = (figure.precision, figure.recall)
            table.append((name, *pair, self.f1(name), figure.gold, figure.predicted))
        return table


def score(gold: Iterable[Row], events: Mapping[str, Row]) -> Scores:
    """Measure events (by article id, as decoded JSON) against gold rows."""
    scores = Scores()
    for row in gold:
        event = events.get(row["id"])
        if event is None:
            scores.missing.append(row["id"])
        _Article(row, event or {}, scores).score()
        scores.articles += 1
    return scores


class _Article:
    """One gold row and its event."""

    def __init__(self, gold: Row, event: Row, scores: Scores) -> None:
        self._gold = gold
        self._event = event
        self._scores = scores
        self._body: str = gold["body"]
        self._gold_entities = {e["id"]: e for e in [*gold["entities"], *gold.get("speakers", ())]}
        self._entities = {e["id"]: e for e in event.get("entities", ())}

    def score(self) -> None:
        self._mentions()
        self._statements()
        self._text()

    def _fault(self, what: str, gold: object = "", found: object = "", spans: Iterable[Range] = ()) -> None:
        text = " ".join(self._body[s:e] for s, e in spans)
        short = text if len(text) < 110 else f"{text[:70]} … {text[-35:]}"
        self._scores.faults.append(Fault(what, self._gold["id"], str(gold), str(found), short))

    def _trim(self, span: Sequence[int]) -> Range:
        start, end = span[0], span[1]
        while start < end and not _LETTER.match(self._body[start]):
            start += 1
        while end > start and not _LETTER.match(self._body[end - 1]):
            end -= 1
        return start, end

    def _letters(self, spans: Iterable[Sequence[int]]) -> set[int]:
        trimmed = [self._trim(span) for span in spans]
        return {i for s, e in trimmed for i in range(s, e) if _LETTER.match(self._body[i])}

    def _mentions(self) -> None:
        gold = {(self._trim(m), e["type"]): e["id"] for e in self._gold["entities"] for m in e["mentions"]}
        found = {
            (self._trim(_span(m)), e["type"]): e["id"]
            for e in self._event.get("entities", ())
            for m in e.get("mentions", ())
            if m.get("kind", "name") == "name" and _in_body(m)
        }
        both = gold.keys() & found.keys()
        add = self._scores.add
        add("entities.strict", len(both), len(found), len(gold))
        for kind in sorted({kind for _, kind in gold.keys() | found.keys()}):
            counts = [sum(k == kind for _, k in side) for side in (both, found, gold)]
            add(f"entities.strict.{kind}", *counts)
        for span, kind in sorted(gold.keys() - both):
            self._fault("entity missed", kind, spans=[span])
        for span, kind in sorted(found.keys() - both):
            self._fault("entity spurious", found=kind, spans=[span])
        overlaps = [
            (float(min(a[1], b[1]) - max(a[0], b[0])), i, j)
            for i, (a, kind) in enumerate(sorted(gold))
            for j, (b, other) in enumerate(sorted(found))
            if kind == other and min(a[1], b[1]) > max(a[0], b[0])
        ]
        add("entities.overlap", len(_one_to_one(overlaps)), len(found), len(gold))
        if both:
            self._clusters({m: gold[m] for m in both}, {m: found[m] for m in both})

    def _clusters(self, gold: Mapping[object, str], found: Mapping[object, str]) -> None:
        for shared in b_cubed(gold, found):
            self._scores.b3_precision += shared.precision
            self._scores.b3_recall += shared.recall
        self._scores.add("clusters.b3", 0, len(gold), len(gold))

    def _statements(self) -> None:
        gold = self._gold["statements"]
        found = [s for s in self._event.get("statements", ()) if any(map(_in_body, s.get("content", ())))]
        contents = [[_span(c) for c in s["content"] if _in_body(c)] for s in found]
        gold_letters = [self._letters(s["content"]) for s in gold]
        letters = [self._letters(spans) for spans in contents]
        shares = [
            (len(a & b) / len(a | b), i, j)
            for i, a in enumerate(gold_letters)
            for j, b in enumerate(letters)
            if a & b
        ]
        pairs = _one_to_one([p for p in shares if p[0] >= 0.5])
        closer = _one_to_one([p for p in shares if p[0] >= 0.8])
        right = {"speaker": 0, "kind": 0, "stance": 0, "cue": 0}
        for i, j in pairs:
            g, p = gold[i], found[j]
            right["kind"] += g["kind"] == p.get("kind")
            right["stance"] += g.get("stance") == p.get("stance")
            right["cue"] += self._same_cue(g, p)
            same = self._same_speaker(g, p)
            self._scores.verdicts[p.get("id", "")] = same
            if same:
                right["speaker"] += 1
            else:
                wanted = (self._gold_entities.get(g.get("speaker")) or {}).get("canonical")
                self._fault("speaker wrong", wanted, (p.get("speaker") or {}).get("name"), g["content"])
        add = self._scores.add
        add("statements.content", len(pairs), len(found), len(gold))
        add("statements.content80", len(closer), len(found), len(gold))
        add("statements.attributed", right["speaker"], len(found), len(gold))
        cues = [sum(bool(s.get("cue")) for s in side) for side in (found, gold)]
        add("statements.cue", right["cue"], *cues)
        for name in ("kind", "stance", "speaker"):
            add(f"statements.{name}_accuracy", right[name], len(pairs), len(pairs))
        matched_gold, matched = {i for i, _ in pairs}, {j for _, j in pairs}
        for i, s in enumerate(gold):
            if i not in matched_gold:
                self._fault("statement missed", s["kind"], spans=s["content"])
        for j, s in enumerate(found):
            if j not in matched:
                self._fault("statement spurious", found=s.get("kind"), spans=contents[j])

    def _same_cue(self, gold: Row, found: Row) -> bool:
        if not gold.get("cue") or not found.get("cue") or not _in_body(found["cue"]):
            return False
        return _overlap(self._trim(gold["cue"]), self._trim(_span(found["cue"])))

    def _same_speaker(self, gold: Row, found: Row) -> bool:
        wanted, speaker = self._gold_entities.get(gold.get("speaker")), found.get("speaker")
        if wanted is None:
            return not speaker or not speaker.get("entity_id")
        if not speaker:
            return False
        entity = self._entities.get(speaker.get("entity_id"))
        if entity is not None:
            spans = {self._trim(_span(m)) for m in entity.get("mentions", ()) if _in_body(m)}
            if spans & {self._trim(m) for m in wanted.get("mentions", ())}:
                return True
        names = ({_key(speaker.get("name"))} | (_names(entity) if entity else set())) - {""}
        if _names(wanted) & names:
            return True
        if wanted.get("mentions"):
            return False
        # Of a speaker without a name the expression may be cut a little differently.
        mention = speaker.get("mention")
        if (
            mention
            and _in_body(mention)
            and gold.get("mention")
            and _overlap(self._trim(gold["mention"]), self._trim(_span(mention)))
        ):
            return True
        words = [(set(a.split()), set(b.split())) for a in _names(wanted) for b in names]
        return any(len(a & b) >= 0.6 * len(a | b) for a, b in words)

    def _text(self) -> None:
        letters = {i for i, c in enumerate(self._body) if _LETTER.match(c)}
        junk = self._letters(self._gold["boilerplate"])
        kept = self._letters(_span(s) for s in self._event.get("sentences", ()) if _in_body(s))
        left_out = (letters | junk) - kept
        self._scores.add("kept.chars", len((letters - junk) & kept), len(kept), len(letters - junk))
        self._scores.add("boilerplate.chars", len(junk & left_out), len(left_out), len(junk))


def _span(value: Row) -> Range:
    return value["raw_start"], value["raw_end"]


def _in_body(value: Row) -> bool:
    return value.get("field", "body") == "body" and value.get("raw_start") is not None


def _overlap(a: Range, b: Range) -> bool:
    return min(a[1], b[1]) > max(a[0], b[0])


def _key(name: str | None) -> str:
    return fold(name or "")


def _names(entity: Row) -> set[str]:
    return {_key(name) for name in (entity.get("canonical"), *entity.get("aliases", ())) if name} - {""}


def _one_to_one(pairs: Iterable[tuple[float, int, int]]) -> list[tuple[int, int]]:
    """The best pairs first, each index once."""
    used: tuple[set[int], set[int]] = (set(), set())
    chosen = []
    for _, i, j in sorted(pairs, reverse=True):
        if i not in used[0] and j not in used[1]:
            used[0].add(i)
            used[1].add(j)
            chosen.append((i, j))
    return chosen
