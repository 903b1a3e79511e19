"""Gate: tokens, sentences and half spaces on the UD treebanks, against floors that can only rise."""

import os
from pathlib import Path
from tomllib import loads

import pytest

from workers.training.spacing.evaluate import (
    Treebank,
    read_treebank,
    score_half_spaces,
    score_harm,
    score_sentences,
    score_tokens,
)

ROOT = Path(__file__).parents[2]
FLOORS = loads((ROOT / "tests" / "quality" / "floors.toml").read_text("utf-8"))


def treebank(name: str, part: str) -> Treebank:
    shared = Path(os.environ.get("KHABAR_SHARED", ROOT.parent / "shared"))
    path = shared / "data" / "ud" / f"ud_{name}" / f"{part}.conllu"
    if not path.is_file():
        pytest.skip(f"no treebank at {path}; KHABAR_SHARED names the folder that holds data/")
    return read_treebank(path)


@pytest.mark.parametrize("name", ["seraji", "perdt"])
def test_sentences_and_tokens(name: str) -> None:
    test = treebank(name, "test")
    assert score_sentences(test).f1 >= FLOORS["segmentation"][f"{name}_sentences_f1"]
    assert score_tokens(test).f1 >= FLOORS["segmentation"][f"{name}_tokens_f1"]


@pytest.mark.parametrize("name", ["seraji", "perdt"])
@pytest.mark.parametrize(("spoiled", "told"), [(" ", "spaced"), ("", "deleted")])
def test_half_spaces_come_back(name: str, spoiled: str, told: str) -> None:
    score = score_half_spaces(treebank(name, "dev"), spoiled)
    assert score.f1 >= FLOORS["spacing"][f"{name}_{told}_f1"]


def test_untouched_text_stays() -> None:
    floors = FLOORS["spacing"]
    perdt, seraji = score_harm(treebank("perdt", "dev")), score_harm(treebank("seraji", "dev"))
    assert perdt.changed <= floors["perdt_harm_at_most"] * perdt.boundaries
    assert seraji.changed <= floors["seraji_harm_at_most"] * seraji.boundaries
    limit = floors["seraji_harm_but_for_glued_plurals_at_most"]
    assert seraji.changed_else <= limit * seraji.boundaries


def test_both_treebanks_together() -> None:
    floors = FLOORS["spacing"]
    perdt, seraji = treebank("perdt", "dev"), treebank("seraji", "dev")
    both = Treebank(perdt.texts + seraji.texts, perdt.tokens + seraji.tokens)
    assert score_half_spaces(both, " ").f1 >= floors["pooled_spaced_f1"]
    assert score_half_spaces(both, "").f1 >= floors["pooled_deleted_f1"]
    harm = score_harm(both)
    assert harm.changed <= floors["pooled_harm_at_most"] * harm.boundaries
