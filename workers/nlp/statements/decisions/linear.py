"""Linear models over records, weights read from text that a person can read.

A feature's weights, one a label, are added for all labels at once: as thousandths they share one whole
number, `LANE` bits each. Sums are exact, so that no order of adding can turn a decision.
"""

from collections.abc import Callable, Mapping, Sequence
from itertools import chain
from operator import itemgetter
from struct import Struct
from typing import Any

from workers.nlp.statements.decisions.templates import Feature, Record, Templates

type Row = tuple[float, ...]  # one weight a label, of three digits, as training writes them

SCALE = 1000
LANE = 32
REMEMBERED = 1 << 13  # sums of a group that are kept
SHORT = 40  # letters of a word whose sums are worth keeping


class LinearModel:
    """Weights by feature and label; the score of a label is the sum of its features' weights."""

    def __init__(self, labels: Sequence[str], templates: Templates, weights: Mapping[Feature, Row]) -> None:
        self.labels, self.weights = tuple(labels), weights
        tables: dict[str, dict[Any, int]] = {template: {} for template in chain(*templates.groups)}
        for feature, row in weights.items():
            tables[feature.template][templates.key(feature)] = pack(row)
        self._bags, self._groups = [], []
        for group in templates.groups:
            names = templates.fields(group)
            pick = templates.pick(names)
            if templates.is_bag(group[0]):
                self._bags.append((pick, tables[group[0]]))
            else:
                sums = _Sums([(_among(names, template.split()), tables[template]) for template in group])
                self._groups.append((pick, sums.__getitem__))

    def scores(self, record: Record) -> list[float]:
        """One score a label, in the order of `labels`."""
        total = self._total(record)
        for pick, table in self._bags:
            total += sum(filter(None, map(table.get, pick(record))))
        return unpack(total, len(self.labels))

    def margin(self, record: Record) -> float:
        """Score of yes over no, of a model with that one label."""
        total = self._total(record)
        for pick, table in self._bags:
            total += sum(filter(None, map(table.get, pick(record))))
        return total / SCALE

    def best(self, options: Sequence[Record]) -> int:
        """The option with the greatest margin, the first of equals."""
        margins = list(map(self._total, options))
        return margins.index(max(margins))

    def _total(self, record: Record) -> int:
        return sum([sums(pick(record)) for pick, sums in self._groups])


def pack(row: Row) -> int:
    """One whole number for the weights of all labels."""
    return sum(round(weight * SCALE) << LANE * place for place, weight in enumerate(row))


def unpack(total: int, size: int) -> list[float]:
    """The weights, or their sums, of `size` labels."""
    half, lanes = 1 << LANE - 1, _LANES[size]
    raised = total + lanes.halves & lanes.mask  # no lane below zero
    return [
        (lane - half) / SCALE for lane in lanes.struct.unpack(raised.to_bytes(lanes.struct.size, "little"))
    ]


def _among(names: Sequence[str], some: Sequence[str]) -> Callable[[Any], Any]:
    """From the values of `names` to those of `some` of them, each in the form that `Templates.pick` has."""
    if list(names) == list(some):
        return lambda values: values
    return itemgetter(*map(names.index, some)) if some else lambda _: ()


class _Lanes:
    """How the sums of some labels lie in one whole number."""

    def __init__(self, size: int) -> None:
        self.struct = Struct(f"<{size}I")
        self.mask = (1 << LANE * size) - 1
        self.halves = sum(1 << LANE * place + LANE - 1 for place in range(size))


class _LanesBySize(dict[int, _Lanes]):
    def __missing__(self, size: int) -> _Lanes:
        self[size] = _Lanes(size)
        return self[size]


_LANES = _LanesBySize()


class _Sums(dict[Any, int]):
    """The sum of a group's weights by the values of its fields; what was asked is kept, up to a bound."""

    def __init__(self, tables: Sequence[tuple[Callable[[Any], Any], Mapping[Any, int]]]) -> None:
        super().__init__()
        self._tables = tables

    def __missing__(self, values: Any) -> int:
        total = sum(table.get(pick(values), 0) for pick, table in self._tables)
        if len(self) < REMEMBERED and _short(values):
            self[values] = total
        return total


def _short(values: Any) -> bool:
    """Whether values are worth keeping: no word of a hostile text fills the memory."""
    fields = values if isinstance(values, tuple) else (values,)
    return all(len(value) <= SHORT for value in fields if isinstance(value, str))
