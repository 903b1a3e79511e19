"""One definition of each figure: ours gives what the project's own scorer of the gold set gives."""

import hashlib
import json
import os
import re
import subprocess
import sys
import tomllib
from pathlib import Path

import msgspec
import pytest

from workers.nlp.pipeline import build_pipeline
from workers.training.measure.entities import evaluate
from workers.training.measure.events import score

SHARED = Path(os.environ.get("KHABAR_SHARED", Path(__file__).parents[2].parent / "shared"))
ARTICLES = 12


@pytest.mark.parametrize("name", ["dev.jsonl", "dev_others.jsonl"])
def test_our_figures_are_those_of_the_gold_sets_scorer(name: str, tmp_path: Path) -> None:
    scorer, gold = SHARED / "gold" / "score.py", SHARED / "gold" / name
    if not scorer.is_file():
        pytest.skip(f"no scorer at {scorer}; KHABAR_SHARED names the folder that holds gold/")
    rows = [json.loads(line) for line in gold.read_bytes().splitlines()[:ARTICLES]]
    pipeline = build_pipeline()
    fields = ("id", "url", "title", "lead", "body", "published", "agency")
    events = {
        row["id"]: msgspec.to_builtins(pipeline.enrich({f: row[f] for f in fields if f in row}))
        for row in rows
    }
    (tmp_path / "gold.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows), "utf-8")
    (tmp_path / "events.jsonl").write_text(
        "".join(json.dumps(event) + "\n" for event in events.values()), "utf-8"
    )
    told = subprocess.run(
        [sys.executable, str(scorer), str(tmp_path / "gold.jsonl"), str(tmp_path / "events.jsonl")],
        capture_output=True,
        text=True,
        check=True,
    ).stdout
    theirs = {
        found[1]: float(found[2])
        for found in re.finditer(
            r"^([\w.]+) +(?:P [\d.]+  R [\d.]+  F1 )?([\d.]+)(?: |$)", told, re.MULTILINE
        )
        if found[1] != "articles"
    }
    ours = {figure: f1 for figure, _, _, f1, _, _ in score(rows, events).rows()}
    assert theirs.keys() <= ours.keys()
    assert {figure: round(ours[figure], 4) for figure in theirs} == pytest.approx(theirs, abs=1e-4)


@pytest.mark.parametrize("name", ["dev.jsonl", "dev_others.jsonl"])
def test_the_floors_were_measured_on_these_articles(name: str) -> None:
    gold = SHARED / "gold" / name
    if not gold.is_file():
        pytest.skip(f"no gold articles at {gold}; KHABAR_SHARED names the folder that holds gold/")
    floors = tomllib.loads((Path(__file__).parent / "floors.toml").read_text("utf-8"))
    assert hashlib.sha256(gold.read_bytes()).hexdigest()[:16] == floors["gold"][name]


def test_names_are_counted_the_same_before_and_after_they_are_clustered() -> None:
    gold = SHARED / "gold" / "dev.jsonl"
    if not gold.is_file():
        pytest.skip(f"no gold articles at {gold}; KHABAR_SHARED names the folder that holds gold/")
    rows = [json.loads(line) for line in gold.read_bytes().splitlines()[:ARTICLES]]
    pipeline = build_pipeline()
    tag = next(step.run for step in pipeline.steps if step.name == "entities")
    events = {
        row["id"]: msgspec.to_builtins(pipeline.enrich({"id": row["id"], "body": row["body"]}))
        for row in rows
    }
    bodies = [{**row, "title": None, "lead": None, "published": None} for row in rows]
    assert evaluate(bodies, tag).figures["all"].f1 == pytest.approx(score(rows, events).f1("entities.strict"))
