"""The scorer, on annotations made up here; and against the gold set's own scorer, where that is."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from workers.training.measure.events import Scores, score

ROOT = Path(__file__).parents[2]
SHARED = Path(os.environ.get("KHABAR_SHARED", ROOT.parent / "shared"))
BODY = "علی کریمی گفت: «باران می‌آید.» وی افزود سرد است. انتهای پیام/"


def span(text: str, **more: Any) -> dict[str, Any]:
    start = BODY.index(text)
    return {"raw_start": start, "raw_end": start + len(text), "field": "body", **more}


def at(text: str) -> list[int]:
    return [BODY.index(text), BODY.index(text) + len(text)]


GOLD = {
    "id": "1",
    "body": BODY,
    "boilerplate": [at("انتهای پیام/")],
    "entities": [
        {"id": "g1", "type": "PER", "canonical": "علی کریمی", "aliases": [], "mentions": [at("علی کریمی")]}
    ],
    "speakers": [],
    "statements": [
        {
            "speaker": "g1",
            "mention": at("علی کریمی"),
            "cue": at("گفت"),
            "kind": "direct",
            "stance": "say",
            "content": [at("باران می‌آید")],
        },
        {
            "speaker": "g1",
            "mention": at("وی"),
            "cue": at("افزود"),
            "kind": "indirect",
            "stance": "say",
            "content": [at("سرد است")],
        },
    ],
}


def statement(content: str, cue: str, name: str, entity: str | None, kind: str = "direct") -> dict[str, Any]:
    return {
        "kind": kind,
        "stance": "say",
        "cue": span(cue),
        "content": [span(content)],
        "speaker": {"name": name, "entity_id": entity, "mention": None},
    }


def event(**changes: Any) -> dict[str, Any]:
    whole = {
        "article": {"id": "1"},
        "sentences": [span("علی کریمی گفت: «باران می‌آید.» "), span("وی افزود سرد است.")],
        "entities": [
            {
                "id": "e1",
                "type": "PER",
                "canonical": "علی کریمی",
                "aliases": [],
                "mentions": [span("علی کریمی", kind="name"), span("وی", kind="pronoun")],
            }
        ],
        "statements": [
            statement("«باران می‌آید.»", "گفت", "علی کریمی", "e1"),
            statement("سرد است", "افزود", "علی کریمی", "e1", "indirect"),
        ],
    }
    return whole | changes


def measured(found: dict[str, Any] | None) -> Scores:
    return score([GOLD], {"1": found} if found else {})


def test_what_is_right_is_all_right() -> None:
    scores = measured(event())
    assert {name: round(scores.f1(name), 4) for name in scores.figures} == dict.fromkeys(scores.figures, 1.0)
    assert scores.faults == scores.missing == []


def test_no_event_finds_nothing() -> None:
    scores = measured(None)
    assert scores.missing == ["1"]
    assert scores.f1("entities.strict") == scores.f1("statements.content") == scores.f1("kept.chars") == 0.0
    assert [fault.what for fault in scores.faults] == [
        "entity missed",
        "statement missed",
        "statement missed",
    ]


@pytest.mark.parametrize(
    ("changes", "figures"),
    [
        (
            {"entities": [event()["entities"][0] | {"type": "ORG"}]},
            {"entities.strict": 0.0, "entities.overlap": 0.0},
        ),
        (
            {"entities": [event()["entities"][0] | {"mentions": [span("علی", kind="name")]}]},
            {"entities.strict": 0.0, "entities.overlap": 1.0},
        ),
        (
            {"statements": event()["statements"][:1]},
            {"statements.content": 2 / 3, "statements.attributed": 2 / 3},
        ),
        (
            {"statements": [event()["statements"][0], statement("افزود سرد است", "وی", "کسی", None)]},
            {
                "statements.content": 1.0,
                "statements.content80": 0.5,
                "statements.attributed": 0.5,
                "statements.cue": 0.5,
                "statements.kind_accuracy": 0.5,
                "statements.speaker_accuracy": 0.5,
            },
        ),
        ({"sentences": [span(BODY)]}, {"boilerplate.chars": 0.0}),
    ],
    ids=["type", "boundary", "one missed", "content, cue and speaker", "boilerplate kept"],
)
def test_each_fault_costs_its_figure(changes: dict[str, Any], figures: dict[str, float]) -> None:
    scores = measured(event(**changes))
    assert {name: pytest.approx(scores.f1(name)) for name in figures} == figures


@pytest.mark.skipif(
    not (SHARED / "gold" / "score.py").exists(), reason="the gold set is not beside the project"
)
def test_the_gold_sets_own_scorer_agrees(tmp_path: Path) -> None:
    from workers.enrichment.codec import encode
    from workers.nlp.pipeline import build_pipeline

    pipeline = build_pipeline()
    rows = [json.loads(line) for line in (SHARED / "gold" / "dev.jsonl").read_bytes().splitlines()][:8]
    values = [
        encode(pipeline.enrich({k: row[k] for k in ("id", "title", "body", "published")})) for row in rows
    ]
    events = [json.loads(value) for value in values]
    gold, found = tmp_path / "gold.jsonl", tmp_path / "found.jsonl"
    gold.write_text("\n".join(map(json.dumps, rows)))
    found.write_bytes(b"\n".join(values))
    command = [sys.executable, str(SHARED / "gold" / "score.py"), str(gold), str(found), "--json"]
    theirs = json.loads(subprocess.run(command, capture_output=True, check=True, text=True).stdout)
    scores = score(rows, {e["article"]["id"]: e for e in events})
    for name, p, r, f1, n_gold, _ in scores.rows():
        if name.endswith("accuracy"):
            assert theirs[name] == pytest.approx(f1, abs=1e-4), name
        else:
            expected = [theirs[name][key] for key in ("p", "r", "f1", "gold")]
            assert expected == pytest.approx([p, r, f1, n_gold], abs=1e-4), name
