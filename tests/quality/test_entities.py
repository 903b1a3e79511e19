"""A gate: the tagger's figures on the project's dev articles do not fall below the committed floors."""

import tomllib
from pathlib import Path

import pytest

from workers.nlp.entities import EntityTagger
from workers.training.evaluation import evaluate
from workers.training.gold import read_rows

FLOORS = tomllib.loads((Path(__file__).parent / "floors.toml").read_text("utf-8"))


@pytest.mark.parametrize("profile", ["fast", "accurate"])
def test_entities_do_not_fall_below_their_floors(profile, shared):
    if profile == "accurate":
        pytest.importorskip("onnxruntime", reason="the extra `accurate` is not installed")
    report = evaluate(read_rows(shared / "gold" / "dev.jsonl"), EntityTagger.load(profile).tag)
    found = {kind: round(report.counts[kind].f1, 4) for kind in FLOORS["entities"][profile]}
    below = {
        k: (v, FLOORS["entities"][profile][k]) for k, v in found.items() if v < FLOORS["entities"][profile][k]
    }
    assert not below, f"F1 below its floor, as (found, floor): {below}"
