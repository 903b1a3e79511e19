"""Gate: clusters, date grammar and offices on gold dev, against floors that can only rise."""

import os
from pathlib import Path
from tomllib import loads
from typing import Any

import pytest

from workers.training.gold import read_rows
from workers.training.linking import evaluate, grammar, offices

ROOT = Path(__file__).parents[2]
FLOORS = loads((ROOT / "tests" / "quality" / "floors.toml").read_text("utf-8"))["linking"]


@pytest.fixture(scope="module")
def rows() -> list[dict[str, Any]]:
    shared = Path(os.environ.get("KHABAR_SHARED", ROOT.parent / "shared"))
    gold = shared / "gold" / "dev.jsonl"
    if not gold.is_file():
        pytest.skip(f"no gold articles at {gold}; KHABAR_SHARED names the folder that holds gold/")
    return read_rows(gold)


def test_clusters_of_gold_mentions(rows: list[dict[str, Any]]) -> None:
    scores, _ = evaluate(rows)
    assert scores["all"].f1 >= FLOORS["clusters_b3_f1"]


@pytest.mark.parametrize("kind", ["DATE", "TIME", "MONEY", "PERCENT"])
def test_grammar(rows: list[dict[str, Any]], kind: str) -> None:
    right, predicted, gold = grammar(rows)[kind]
    assert 2 * right / (predicted + gold) >= FLOORS[f"grammar_{kind.lower()}_f1"]


def test_offices(rows: list[dict[str, Any]]) -> None:
    counts = offices(rows)
    assert counts["right"] / sum(counts.values()) >= FLOORS["offices_right"]
    assert counts["wrong"] + counts["nobody"] <= FLOORS["offices_wrong_at_most"]
