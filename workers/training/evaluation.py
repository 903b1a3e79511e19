"""Measures entities against gold articles: strict spans and types, in raw offsets, and errors by kind."""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from workers.nlp.document import Document, Rejected
from workers.training.gold import prepare, trim

ErrorKind = Literal["boundary", "type", "boundary and type", "missed", "spurious"]
Span = tuple[int, int, str]
"""[start, end) of the raw body, and the type."""


@dataclass(slots=True)
class Counts:
    """Matches, predictions and gold mentions."""

    right: int = 0
    predicted: int = 0
    gold: int = 0

    @property
    def precision(self) -> float:
        """Right of predicted."""
        return self.right / self.predicted if self.predicted else 0.0

    @property
    def recall(self) -> float:
        """Right of gold."""
        return self.right / self.gold if self.gold else 0.0

    @property
    def f1(self) -> float:
        """Their harmonic mean."""
        both = self.predicted + self.gold
        return 2 * self.right / both if both else 0.0


@dataclass(slots=True)
class Report:
    """Counts by type (`all` for the sum), errors by kind and type."""

    counts: dict[str, Counts] = field(default_factory=lambda: {"all": Counts()})
    errors: Counter[tuple[ErrorKind, str]] = field(default_factory=Counter)

    def add(self, gold: set[Span], predicted: set[Span]) -> None:
        """Count one article."""
        for name, spans in (("gold", gold), ("predicted", predicted), ("right", gold & predicted)):
            for span in spans:
                for key in (span[2], "all"):
                    counts = self.counts.setdefault(key, Counts())
                    setattr(counts, name, getattr(counts, name) + 1)
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
        return [(k, c.precision, c.recall, c.f1, c.gold, c.predicted) for k, c in self.counts.items()]


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
