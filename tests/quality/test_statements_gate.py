"""A gate: the figures of statements on the project's dev articles do not fall below the committed floors."""

import tomllib
from collections.abc import Callable
from functools import reduce
from pathlib import Path

import pytest

from workers.nlp.document import Document
from workers.nlp.pipeline import build_pipeline
from workers.training.gold import read_rows
from workers.training.statement_evaluation import evaluate_statements

FLOORS = tomllib.loads((Path(__file__).parent / "floors.toml").read_text("utf-8"))["statements"]


@pytest.fixture(scope="module")
def enrich() -> Callable[[Document], Document]:
    """What the shipped pipeline does after cleaning and segmentation."""
    steps = [s for s in build_pipeline().steps if s.name not in ("clean", "segment")]
    return lambda document: reduce(lambda d, step: step.run(d), steps, document)


def test_statements_do_not_fall_below_their_floors(
    enrich: Callable[[Document], Document], shared: Path
) -> None:
    report = evaluate_statements(read_rows(shared / "gold" / "dev.jsonl"), enrich)
    found = report.figures()
    below = {name: (found[name], floor) for name, floor in FLOORS.items() if found[name] < floor}
    assert not below, f"below the floor, as (found, floor): {below}"
