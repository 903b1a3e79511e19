"""A gate: the figures of statements on the project's dev articles do not fall below the committed floors."""

import os
import tomllib
from collections.abc import Callable
from functools import reduce
from pathlib import Path

import pytest

from workers.nlp.document import Document
from workers.nlp.pipeline import Pipeline, build_pipeline
from workers.training.gold import read_rows
from workers.training.measure.statements import evaluate_statements

ROOT = Path(__file__).parents[2]
FLOORS = tomllib.loads((ROOT / "tests" / "quality" / "floors.toml").read_text("utf-8"))


@pytest.fixture(scope="module")
def shipped() -> Pipeline:
    return build_pipeline()


@pytest.fixture(scope="module")
def enrich(shipped: Pipeline) -> Callable[[Document], Document]:
    """What the shipped pipeline does after cleaning and segmentation."""
    steps = [s for s in shipped.steps if s.name not in ("clean", "segment")]
    return lambda document: reduce(lambda d, step: step.run(d), steps, document)


@pytest.fixture(scope="module")
def shared() -> Path:
    found = Path(os.environ.get("KHABAR_SHARED", ROOT.parent / "shared"))
    if not (found / "gold" / "dev.jsonl").is_file():
        pytest.skip(f"no gold articles in {found}; KHABAR_SHARED names the folder that holds gold/")
    return found


def test_the_seed_article_is_read_whole(shipped: Pipeline, shared: Path) -> None:
    title, body = (shared / "seed" / "yjc-2016.txt").read_text("utf-8").split("\n", 1)
    event = shipped.enrich({"url": "https://example.org/seed", "title": title, "body": body})
    told = [s for s in event.statements if s.content[0].field == "body"]
    names = [s.speaker.name if s.speaker else None for s in told]
    assert len(names) == 12
    first = names[0]
    # one minister speaks in all but the sixth; «وی» is he each time, never the guest named beside him
    assert [n == first for n in names] == [True] * 5 + [False] + [True] * 6
    assert [s.speaker.resolved_by for s in told if s.speaker].count("pronoun") == 3
    assert ". این" in told[9].text  # an indirect report that goes on in its paragraph
    assert sum("\n" in s.text or len(s.text) > 500 for s in told) >= 2  # over several paragraphs


@pytest.mark.parametrize(
    ("gold", "floors"), [("dev.jsonl", "statements"), ("dev_others.jsonl", "statements_others")]
)
def test_statements_do_not_fall_below_their_floors(
    enrich: Callable[[Document], Document], shared: Path, gold: str, floors: str
) -> None:
    found = evaluate_statements(read_rows(shared / "gold" / gold), enrich).figures()
    below = {name: (found[name], floor) for name, floor in FLOORS[floors].items() if found[name] < floor}
    assert not below, f"below the floor, as (found, floor): {below}"
