"""One definition of each figure: ours gives what the project's own scorer of the gold set gives."""

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import msgspec
import pytest

from workers.nlp.pipeline import build_pipeline
from workers.training.scoring import score

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
