"""Measures statements of documents against gold articles, by the definitions of `events.py`."""

import itertools
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

import msgspec

from schemas.enriched import Provenance
from workers.nlp.assemble import assemble
from workers.nlp.document import Document, Rejected
from workers.training.gold import prepare
from workers.training.measure.events import Scores, score

_FIGURES = ("content", "content80", "attributed", "cue", "kind_accuracy", "stance_accuracy")


@dataclass(slots=True)
class StatementReport:
    """Figures of statements, and how sure each one was."""

    scores: Scores = field(default_factory=Scores)
    outcomes: list[tuple[float, bool]] = field(default_factory=list)  # confidence, content and speaker right

    def figures(self) -> dict[str, float]:
        """F1 of content, content80, attributed and cue; accuracy of kind and stance."""
        return {name: round(self.scores.f1(f"statements.{name}"), 4) for name in _FIGURES}

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
    """Count one article; `document` is None where it was rejected."""
    event = msgspec.to_builtins(assemble(document, Provenance(pipeline=""))) if document is not None else {}
    found = score([row], {row["id"]: event})
    report.scores.add_all(found)
    for statement in event.get("statements", ()):
        if statement["content"][0]["field"] == "body":
            report.outcomes.append((statement["confidence"], found.verdicts.get(statement["id"], False)))
