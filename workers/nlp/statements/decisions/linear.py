"""Linear models over records, with weights from text that a person can read.

A model answers yes or no: its margin is the sum of the weights of a record's features. Weights are
thousandths in whole numbers, so sums are exact in any order of adding.
"""

from collections.abc import Callable, Mapping, Sequence
from itertools import chain
from operator import itemgetter
from typing import Any

from workers.nlp.statements.decisions.templates import Feature, Record, Templates

SCALE = 1000
REMEMBERED = 1 << 13  # most sums of a group that are kept
SHORT = 40  # most letters of a word whose sums are kept


class LinearModel:
    """Weights by feature, of three digits, as training writes them."""

    def __init__(self, templates: Templates, weights: Mapping[Feature, float]) -> None:
        self.weights = weights
        tables: dict[str, dict[Any, int]] = {template: {} for template in chain(*templates.groups)}
        for feature, weight in weights.items():
            tables[feature.template][templates.key(feature)] = round(weight * SCALE)
        self._groups = []
        for group in templates.groups:
            names = templates.fields(group)
            sums = _Sums([(_among(names, template.split()), tables[template]) for template in group])
            self._groups.append((templates.pick(names), sums.__getitem__))

    def margin(self, record: Record) -> float:
        """The score of yes over no."""
        return self._total(record) / SCALE

    def best(self, options: Sequence[Record]) -> int:
        """The option with the greatest margin, the first of equals."""
        margins = list(map(self._total, options))
        return margins.index(max(margins))

    def _total(self, record: Record) -> int:
        return sum([sums(pick(record)) for pick, sums in self._groups])


def _among(names: Sequence[str], some: Sequence[str]) -> Callable[[Any], Any]:
    """From the values of `names` to those of `some` of them, each in the form that `Templates.pick` has."""
    if list(names) == list(some):
        return lambda values: values
    return itemgetter(*map(names.index, some)) if some else lambda _: ()


class _Sums(dict[Any, int]):
    """The sum of a group's weights by the values of its fields; sums are kept, up to a bound."""

    def __init__(self, tables: Sequence[tuple[Callable[[Any], Any], Mapping[Any, int]]]) -> None:
        super().__init__()
        self._tables = tables

    def __missing__(self, values: Any) -> int:
        total = sum(table.get(pick(values), 0) for pick, table in self._tables)
        if len(self) < REMEMBERED and _short(values):
            self[values] = total
        return total


def _short(values: Any) -> bool:
    """Whether the sums of some values are kept: long words of a hostile text must not fill the memory."""
    fields = values if isinstance(values, tuple) else (values,)
    return all(len(value) <= SHORT for value in fields if isinstance(value, str))
