"""A gate: the tagger's figures on the project's dev articles do not fall below the committed floors."""

import os
import tomllib
from pathlib import Path
from typing import Any

import pytest

from workers.nlp.entities import EntityTagger
from workers.training.gold import read_rows
from workers.training.measure.entities import evaluate
from workers.training.shipped import knowledge

ROOT = Path(__file__).parents[2]
FLOORS = tomllib.loads((ROOT / "tests" / "quality" / "floors.toml").read_text("utf-8"))
FILES = {"entities": "dev.jsonl", "entities_others": "dev_others.jsonl"}


def _rows(name: str) -> list[dict[str, Any]]:
    shared = Path(os.environ.get("KHABAR_SHARED", ROOT.parent / "shared"))
    gold = shared / "gold" / name
    if not gold.is_file():
        pytest.skip(f"no gold articles at {gold}; KHABAR_SHARED names the folder that holds gold/")
    return read_rows(gold)


@pytest.mark.parametrize("table", FILES)
@pytest.mark.parametrize("profile", ["fast", "accurate"])
def test_entities_do_not_fall_below_their_floors(profile: str, table: str) -> None:
    if profile == "accurate":
        pytest.importorskip("onnxruntime", reason="the extra `accurate` is not installed")
    report = evaluate(_rows(FILES[table]), EntityTagger.load(knowledge(), profile).tag)
    floors = FLOORS[table][profile]
    found = {kind: round(report.figures[kind].f1, 4) for kind in floors}
    below = {kind: (f1, floors[kind]) for kind, f1 in found.items() if f1 < floors[kind]}
    assert not below, f"F1 below its floor, as (found, floor): {below}"
