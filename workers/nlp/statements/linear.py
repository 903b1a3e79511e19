"""Linear models over records, weights read from text that a person can read."""

from collections.abc import Mapping, Sequence
from typing import Any

from workers.nlp.statements.templates import Feature, Record, Templates

type Row = tuple[float, ...]  # one weight a label


class LinearModel:
    """Weights by feature and label; the score of a label is the sum of its features' weights."""

    def __init__(self, labels: Sequence[str], templates: Templates, weights: Mapping[Feature, Row]) -> None:
        self.labels, self.weights = tuple(labels), weights
        tables: dict[str, dict[Any, Row]] = {}
        for feature, row in weights.items():
            tables.setdefault(feature.template, {})[templates.key(feature)] = row
        known = [t for t in templates.names if t in tables]
        self._rows = [(templates.pick(t), tables[t].get) for t in known if not templates.is_bag(t)]
        self._bags = [(templates.pick(t), tables[t].get) for t in known if templates.is_bag(t)]
        first = {t: {key: row[0] for key, row in tables[t].items()} for t in known}
        self._first = [(templates.pick(t), first[t].get) for t in known if not templates.is_bag(t)]

    def scores(self, record: Record) -> list[float]:
        """One score a label, in the order of `labels`."""
        rows = [get(pick(record)) for pick, get in self._rows]
        for pick, get in self._bags:
            rows += map(get, pick(record))
        found = [row for row in rows if row is not None]
        return [sum(column) for column in zip(*found, strict=True)] or [0.0] * len(self.labels)

    def margin(self, record: Record) -> float:
        """Score of yes over no, of a model with that one label and no bags."""
        total = 0.0
        for pick, get in self._first:
            total += get(pick(record), 0.0)
        return total

    def best(self, options: Sequence[Record]) -> int:
        """The option with the greatest margin, the first of equals."""
        margins = [self.margin(record) for record in options]
        return max(range(len(margins)), key=margins.__getitem__)
