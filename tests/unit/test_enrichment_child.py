"""The child before its first record."""

import pytest

from workers.enrichment import child
from workers.enrichment.protocol import Start
from workers.enrichment.records import Limits
from workers.nlp.pipeline import Pipeline


def test_what_the_first_article_loads_is_settled_too(monkeypatch: pytest.MonkeyPatch) -> None:
    done: list[str] = []
    monkeypatch.setattr(child, "load_pipeline", lambda *_: Pipeline(()))
    monkeypatch.setattr(child, "settle", lambda: done.append("settle"))
    monkeypatch.setattr(Pipeline, "enrich", lambda *_: done.append("enrich"))
    child.warmed_pipeline(Start("", "fast", (), Limits(1_000, 1, 1, 1)))
    assert done == ["enrich", "settle"]
