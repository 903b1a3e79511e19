"""Measures statements against gold articles, as the project's scorer does.

Content matches one to one where the characters of the raw body that both cover are at least half (`content`)
or 0.8 (`content80`) of those that either covers; `attributed` asks for the speaker besides, `cue` for an
overlapping cue. White space and punctuation do not count.
"""

import itertools
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from workers.nlp.document import Document, Range, Rejected, TextSpeaker
from workers.nlp.knowledge.folding import fold
from workers.training.figures import Figure
from workers.training.gold import prepare

_LETTER = re.compile(r"[\w\u200c]")


@dataclass(slots=True)
class StatementReport:
    """Sums by figure, and how many of the matched statements have the right kind, stance and speaker."""

    sums: dict[str, Figure] = field(default_factory=dict)
    matched: int = 0
    kind: int = 0
    stance: int = 0
    outcomes: list[tuple[float, bool]] = field(default_factory=list)  # confidence, content and speaker right

    def figures(self) -> dict[str, float]:
        """F1 of content, content80, attributed and cue; accuracy of kind and stance."""
        found = {name: round(c.f1, 4) for name, c in self.sums.items()}
        found["kind_accuracy"] = round(self.kind / max(1, self.matched), 4)
        found["stance_accuracy"] = round(self.stance / max(1, self.matched), 4)
        return found

    def reliability(self, bins: int = 5) -> list[tuple[float, float, int]]:
        """Mean confidence, share of right statements and size of bins of equal size, least sure first."""
        rows = sorted(self.outcomes)
        cuts = [len(rows) * n // bins for n in range(bins + 1)]
        return [
            (sum(c for c, _ in part) / len(part), sum(r for _, r in part) / len(part), len(part))
            for part in (rows[a:b] for a, b in itertools.pairwise(cuts))
            if part
        ]


def evaluate_statements(
    rows: Iterable[Mapping[str, Any]], enrich: Callable[[Document], Document]
) -> StatementReport:
    """Run `enrich` (entities, statements, resolution) over the cleaned and segmented gold articles."""
    report = StatementReport()
    for row in rows:
        try:
            document = enrich(prepare(row))
        except Rejected:
            document = None
        add_article(report, row, document)
    return report


def add_article(report: StatementReport, row: Mapping[str, Any], document: Document | None) -> None:
    """Count one article; `document` None where it was rejected."""
    body = row["body"]
    gold = row["statements"]
    found = [] if document is None else [s for s in document.statements if _in_body(document, s.content[0])]
    wanted = [_letters(body, s["content"]) for s in gold]
    given = [_letters(body, (_raw(document, c) for c in s.content)) for s in found if document is not None]
    pairs = [
        (len(a & b) / len(a | b), i, j) for i, a in enumerate(wanted) for j, b in enumerate(given) if a & b
    ]
    half, most = _one_to_one(pairs, 0.5), _one_to_one(pairs, 0.8)
    entities = {e["id"]: e for e in (*row["entities"], *row.get("speakers", ()))}
    speakers = cues = 0
    right = set()
    for i, j in half:
        assert document is not None  # noqa: S101 - statements were found in it
        if same_speaker(document, entities.get(gold[i]["speaker"]), gold[i]["mention"], found[j].speaker):
            speakers += 1
            right.add(j)
        cue = found[j].cue
        if cue and gold[i]["cue"]:
            a, b = gold[i]["cue"], _raw(document, cue)
            cues += min(a[1], b[1]) > max(a[0], b[0])
        report.kind += gold[i]["kind"] == found[j].kind
        report.stance += gold[i]["stance"] == found[j].stance
    report.matched += len(half)
    report.outcomes += [(s.confidence, j in right) for j, s in enumerate(found)]
    with_cue = sum(bool(s["cue"]) for s in gold), sum(bool(s.cue) for s in found)
    for name, hits, n_gold, n_found in (
        ("content", len(half), len(gold), len(found)),
        ("content80", len(most), len(gold), len(found)),
        ("attributed", speakers, len(gold), len(found)),
        ("cue", cues, *with_cue),
    ):
        report.sums[name] = report.sums.get(name, Figure()) + Figure(hits, n_found, n_gold)


def same_speaker(
    document: Document,
    wanted: Mapping[str, Any] | None,
    mention: Sequence[int] | None,
    speaker: TextSpeaker | None,
) -> bool:
    """Whether a speaker names the annotated one: by a common mention, a common name, or the expression."""
    if wanted is None:
        return speaker is None or speaker.entity_id is None
    if speaker is None:
        return False
    names = {fold(speaker.name)}
    entity = next((e for e in document.entities if e.id == speaker.entity_id), None)
    gold_spans = [tuple(m) for m in wanted.get("mentions", ())]
    if entity is not None:
        names |= {fold(n) for n in (entity.canonical, *entity.aliases)}
        if any(_raw(document, Range(m.start, m.end)) in gold_spans for m in entity.mentions):
            return True
    if names & {fold(n) for n in (wanted["canonical"], *wanted["aliases"])}:
        return True
    if gold_spans or not mention or not speaker.mention:
        return False
    start, end = _raw(document, speaker.mention)
    return min(end, mention[1]) > max(start, mention[0])


def _in_body(document: Document, content: Range) -> bool:
    return document.field_at(content.start) == "body"


def _raw(document: Document | None, span: Range) -> tuple[int, int]:
    return document.aligned.raw_span(*span) if document is not None else (0, 0)


def _letters(body: str, spans: Iterable[Sequence[int]]) -> set[int]:
    return {i for start, end in spans for i in range(start, end) if _LETTER.match(body[i])}


def _one_to_one(pairs: list[tuple[float, int, int]], least: float) -> list[tuple[int, int]]:
    """Greedy matching, the best pair first."""
    left: set[int] = set()
    right: set[int] = set()
    out = []
    for score, i, j in sorted(pairs, reverse=True):
        if score >= least and i not in left and j not in right:
            left.add(i)
            right.add(j)
            out.append((i, j))
    return out
