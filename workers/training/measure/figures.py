"""Precision, recall and F1 from three sums."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Figure:
    """The sums behind one figure: right, predicted and gold."""

    right: float = 0
    predicted: int = 0
    gold: int = 0

    @property
    def precision(self) -> float:
        """Share of the predicted that is right."""
        return self.right / self.predicted if self.predicted else 0.0

    @property
    def recall(self) -> float:
        """Share of gold that is right."""
        return self.right / self.gold if self.gold else 0.0

    @property
    def f1(self) -> float:
        """Harmonic mean of the two."""
        both = self.precision + self.recall
        return 2 * self.precision * self.recall / both if both else 0.0

    def __add__(self, other: "Figure") -> "Figure":
        return Figure(self.right + other.right, self.predicted + other.predicted, self.gold + other.gold)
