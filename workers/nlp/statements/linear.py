"""Linear models over records, weights read from text that a person can read."""

from collections.abc import Callable, Mapping, Sequence
from itertools import chain
from operator import itemgetter
from typing import Any

from workers.nlp.statements.templates import Feature, Record, Templates

type Row = tuple[float, ...]  # one weight a label
type _Whole = tuple[int, ...]  # the same in units of 1/SCALE: sums are exact, whatever their order

SCALE = 1000
REMEMBERED = 1 << 13  # sums of a group that are kept


class LinearModel:
    """Weights by feature and label; the score of a label is the sum of its features' weights.

    Weights count to three digits, which is what training writes.
    """

    def __init__(self, labels: Sequence[str], templates: Templates, weights: Mapping[Feature, Row]) -> None:
        self.labels, self.weights = tuple(labels), weights
        tables: dict[str, dict[Any, _Whole]] = {template: {} for template in chain(*templates.groups)}
        for feature, row in weights.items():
            tables[feature.template][templates.key(feature)] = tuple(round(w * SCALE) for w in row)
        zero = (0,) * len(self.labels)
        self._bags, self._groups, self._first = [], [], []
        for group in templates.groups:
            names = templates.fields(group)
            pick = templates.pick(names)
            if templates.is_bag(group[0]):
                self._bags.append((pick, tables[group[0]].get))
                continue
            sums = _Sums(zero, [(_among(names, t.split()), tables[t]) for t in group])
            self._groups.append((pick, sums.__getitem__))
            self._first.append((pick, _First(sums).__getitem__))

    def scores(self, record: Record) -> list[float]:
        """One score a label, in the order of `labels`."""
        rows = [sums(pick(record)) for pick, sums in self._groups]
        for pick, get in self._bags:
            rows += [row for row in map(get, pick(record)) if row]
        return [sum(column) / SCALE for column in zip(*rows, strict=True)]

    def margin(self, record: Record) -> float:
        """Score of yes over no, of a model with that one label and no bags."""
        total = 0
        for pick, sums in self._first:
            total += sums(pick(record))
        return total / SCALE

    def best(self, options: Sequence[Record]) -> int:
        """The option with the greatest margin, the first of equals."""
        margins = [self.margin(record) for record in options]
        return max(range(len(margins)), key=margins.__getitem__)


def _among(names: Sequence[str], some: Sequence[str]) -> Callable[[Any], Any]:
    """From the values of `names` to those of `some` of them, each in the form that `Templates.pick` has."""
    if list(names) == list(some):
        return lambda values: values
    return itemgetter(*map(names.index, some)) if some else lambda _: ()


class _Sums(dict[Any, _Whole]):
    """The sum of a group's weights by the values of its fields; what was asked is kept, up to a bound."""

    def __init__(
        self, zero: _Whole, tables: Sequence[tuple[Callable[[Any], Any], Mapping[Any, _Whole]]]
    ) -> None:
        super().__init__()
        self._zero, self._tables = zero, tables

    def __missing__(self, values: Any) -> _Whole:
        rows = [table.get(pick(values), self._zero) for pick, table in self._tables]
        total = tuple(map(sum, zip(*rows, strict=True)))
        if len(self) < REMEMBERED:
            self[values] = total
        return total


class _First(dict[Any, int]):
    """The first label's sum."""

    def __init__(self, sums: _Sums) -> None:
        super().__init__()
        self._sums = sums

    def __missing__(self, values: Any) -> int:
        total = self._sums[values][0]
        if len(self) < REMEMBERED:
            self[values] = total
        return total
