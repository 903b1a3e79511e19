"""Linear models over named features, read from text that a person can read."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class LinearModel:
    """Weights by feature and label; the score of a label is the sum of its features' weights."""

    labels: tuple[str, ...]
    weights: Mapping[str, tuple[float, ...]]  # feature → one weight a label

    def scores(self, features: Sequence[str]) -> list[float]:
        """One score a label, in the order of `labels`."""
        totals = [0.0] * len(self.labels)
        get = self.weights.get
        for feature in features:
            row = get(feature)
            if row is not None:
                for place, weight in enumerate(row):
                    totals[place] += weight
        return totals

    def margin(self, features: Sequence[str]) -> float:
        """Score of the second label of two (yes) over the first (no)."""
        get, total = self.weights.get, 0.0
        for feature in features:
            row = get(feature)
            if row is not None:
                total += row[0]
        return total

    def best(self, options: Sequence[Sequence[str]]) -> int:
        """The option with the greatest margin, the first of equals."""
        margins = [self.margin(features) for features in options]
        return max(range(len(margins)), key=margins.__getitem__)
