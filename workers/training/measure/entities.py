"""Measures entities against gold articles: strict spans and types, in raw offsets, and errors by kind."""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from workers.nlp.document import Document, Rejected
from workers.training.gold import prepare, trim
from workers.training.measure.figures import Figure

ErrorKind = Literal["boundary", "type", "boundary and type", "missed", "spurious"]
Span = tuple[int, int, str]
"""[start, end) of the raw body, and the type."""


@dataclass(slots=True)
class Report:
    """Figures by type (`all` for the sum), errors by kind and type."""

    figures: dict[str, Figure] = field(default_factory=lambda: {"all": Figure()})
    errors: Counter[tuple[ErrorKind, str]] = field(default_factory=Counter)

    def add(self, gold: set[Span], predicted: set[Span]) -> None:
        """Count one article."""
        one = ((gold, Figure(gold=1)), (predicted, Figure(predicted=1)), (gold & predicted, Figure(right=1)))
        for spans, figure in one:
            for span in spans:
                for key in (span[2], "all"):
                    self.figures[key] = self.figures.get(key, Figure()) + figure
        left = set(predicted - gold)
        for span in sorted(gold - predicted):
            near = sorted(p for p in left if p[0] < span[1] and span[0] < p[1])
            if not near:
                self.errors["missed", span[2]] += 1
                continue
            best = min(near, key=lambda p: (p[:2] != span[:2], p[2] != span[2]))
            left.discard(best)
            kind: ErrorKind = (
                "type" if best[:2] == span[:2] else "boundary" if best[2] == span[2] else "boundary and type"
            )
            self.errors[kind, span[2]] += 1
        for span in left:
            self.errors["spurious", span[2]] += 1

    def table(self) -> list[tuple[str, float, float, float, int, int]]:
        """Rows of type, precision, recall, F1, gold and predicted mentions."""
        return [(k, c.precision, c.recall, c.f1, c.gold, c.predicted) for k, c in self.figures.items()]


def evaluate(rows: Iterable[Mapping[str, Any]], tag: Callable[[Document], Document]) -> Report:
    """Tag gold articles and compare.

    White space and punctuation at either end of a span do not count, as in the project's own scorer.
    """
    report = Report()
    for row in rows:
        body = row["body"]
        gold: set[Span] = {(*trim(body, m), e["type"]) for e in row["entities"] for m in e["mentions"]}
        try:
            document = tag(prepare(row))
        except Rejected:
            report.add(gold, set())
            continue
        predicted: set[Span] = {
            (*trim(body, document.aligned.raw_span(m.start, m.end)), m.type)
            for m in document.mentions
            if document.field_at(m.start) == "body" and m.kind == "name"
        }
        report.add(gold, predicted)
    return report
