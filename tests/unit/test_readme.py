"""What the README and the documents show is what there is."""

import json
import re
from pathlib import Path
from typing import Any

import msgspec
import pytest

from workers.nlp.pipeline import Pipeline
from workers.settings import CONFIG_VARIABLE, Settings

ROOT = Path(__file__).parents[2]
README = (ROOT / "README.md").read_text(encoding="utf-8")
DOCUMENTS = [*sorted(ROOT.glob("*.md")), *sorted((ROOT / "docs").rglob("*.md"))]


def shown() -> list[Any]:
    return [json.loads(block) for block in re.findall(r"```json\n(.*?)```", README, re.DOTALL)]


def test_the_example_is_what_khabar_makes_of_it(pipeline: Pipeline) -> None:
    article, statement, entities = shown()
    event = msgspec.to_builtins(pipeline.enrich(article))
    (made,) = [s for s in event["statements"] if s["text"] == statement["text"]]
    assert {k: made[k] for k in statement} == statement
    for entity in entities:
        (same,) = [e for e in event["entities"] if e["id"] == entity["id"]]
        assert {k: same[k] for k in entity} == entity


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda p: p.name)
def test_links_lead_somewhere(document: Path) -> None:
    for link in re.findall(r"\]\(([^)#]+)\)", document.read_text(encoding="utf-8")):
        assert link.startswith("https://") or (document.parent / link).exists(), link


def anchors(document: Path) -> set[str]:
    """The anchors of a document's headings, as GitHub makes them."""
    headings = re.findall(r"(?m)^#+ (.+)$", document.read_text(encoding="utf-8"))
    return {re.sub(r"[^\w\- ]", "", heading).strip().lower().replace(" ", "-") for heading in headings}


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda p: p.name)
def test_links_to_headings_lead_to_headings(document: Path) -> None:
    for name, anchor in re.findall(r"\]\(([\w./-]*\.md)?#([^)]+)\)", document.read_text(encoding="utf-8")):
        target = document.parent / name if name else document
        assert anchor in anchors(target), f"{name}#{anchor}"


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda p: p.name)
def test_files_named_are_there(document: Path) -> None:
    text = document.read_text(encoding="utf-8")
    for name in re.findall(r"`((?:workers|schemas|tests|deploy|docs|requirements)/[\w./*-]*)`", text):
        assert list(ROOT.glob(name.rstrip("/"))), name


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda p: p.name)
def test_make_targets_named_are_there(document: Path) -> None:
    targets = set(re.findall(r"(?m)^([a-z-]+):", (ROOT / "Makefile").read_text(encoding="utf-8")))
    for named in re.findall(r"(?:`|\$ )make ([a-z-]+)", document.read_text(encoding="utf-8")):
        assert named in targets, named


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda p: p.name)
def test_commands_named_are_there(document: Path) -> None:
    commands = {p.stem for p in (ROOT / "workers" / "commands").glob("*.py")}
    for named in re.findall(r"(?:`|\$ )khabar ([a-z]+)", document.read_text(encoding="utf-8")):
        assert named in commands, named


def test_variables_named_are_settings() -> None:
    known = {f"KHABAR_{name.upper()}" for name in Settings.model_fields}
    known |= {CONFIG_VARIABLE, "KHABAR_TEST_BROKERS", "KHABAR_SHARED"}
    for document in DOCUMENTS:
        named = set(re.findall(r"\bKHABAR_[A-Z_]*[A-Z]\b", document.read_text(encoding="utf-8")))
        assert named <= known, document
