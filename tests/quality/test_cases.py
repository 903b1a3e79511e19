"""A gate: as many of the behaviour cases pass as did before, and all of those that guard what works."""

import os
import subprocess
import sys
import tomllib
from pathlib import Path

import msgspec
import pytest

from workers.nlp.document import Rejected
from workers.nlp.pipeline import build_pipeline
from workers.training.gold import read_rows

ROOT = Path(__file__).parents[2]
FLOORS = tomllib.loads((ROOT / "tests" / "quality" / "floors.toml").read_text("utf-8"))["cases"]


def test_cases_do_not_fall_below_their_floor(tmp_path: Path) -> None:
    cases = Path(os.environ.get("KHABAR_SHARED", ROOT.parent / "shared")) / "cases"
    if not (cases / "dev.jsonl").is_file():
        pytest.skip(f"no behaviour cases in {cases}; KHABAR_SHARED names the folder that holds cases/")
    pipeline, enriched = build_pipeline(), tmp_path / "enriched.jsonl"
    with enriched.open("wb") as out:
        for row in read_rows(cases / "dev.jsonl"):
            try:
                event = pipeline.enrich({k: v for k, v in row.items() if k not in ("kind", "checks")})
            except Rejected:
                continue
            out.write(msgspec.json.encode(event) + b"\n")
    done = subprocess.run(
        [sys.executable, str(cases / "check_cases.py"), str(cases / "dev.jsonl"), str(enriched)],
        capture_output=True,
        text=True,
        check=False,
    )
    kinds = dict(line.split()[:2] for line in done.stdout.splitlines() if "/" in line)
    assert kinds, done.stderr
    guards = {kind: told for kind, told in kinds.items() if kind.startswith("r")}
    assert guards
    broken = {kind: told for kind, told in guards.items() if len(set(told.split("/"))) != 1}
    assert not broken, f"guards that fail: {broken}"
    passed = sum(int(told.split("/")[0]) for told in kinds.values())
    assert passed >= FLOORS["passed"], f"{passed} cases pass; the floor is {FLOORS['passed']}"
