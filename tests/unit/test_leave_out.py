"""Measuring on outlets left out."""

from collections.abc import Sequence

import pytest

from workers.nlp.statements.decisions.linear import LinearModel
from workers.nlp.statements.decisions.models import load_models
from workers.training import leave_out as room
from workers.training.leave_out import leave_out
from workers.training.shipped import linker
from workers.training.statements import Annotated, annotate


def article(number: int, source: str) -> Annotated:
    body = "ناصر یگانه گفت: راه از فردا باز می‌شود."
    start = body.index("راه")
    row = {
        "id": str(number),
        "source": source,
        "body": body,
        "boilerplate": [],
        "entities": [{"id": "a", "type": "PER", "canonical": "ناصر یگانه", "mentions": [[0, 10]]}],
        "statements": [
            {
                "speaker": "a",
                "mention": [0, 10],
                "cue": [11, 14],
                "kind": "direct",
                "stance": "say",
                "content": [[start, len(body) - 1]],
            }
        ],
    }
    return annotate(row, linker())


def test_no_article_of_an_outlet_teaches_what_is_measured_on_it(monkeypatch: pytest.MonkeyPatch) -> None:
    taught: list[list[str]] = []

    def train(known: Sequence[Annotated]) -> dict[str, LinearModel]:
        taught.append([a.row["source"] for a in known])
        return load_models()[0]

    monkeypatch.setattr(room, "train_all", train)
    measured = [article(1, "x"), article(2, "y"), article(3, "y")]
    found = list(leave_out(measured, "source", [article(4, "x"), article(5, "z")]))
    assert [(one.name, one.articles) for one in found] == [("x", 1), ("y", 2), ("all", 3)]
    assert taught == [["y", "y", "z"], ["x", "x", "z"]]
    assert found[-1].report.figures()["attributed"] == 1.0
