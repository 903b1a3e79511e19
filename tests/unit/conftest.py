"""What several unit tests share."""

import json
from pathlib import Path
from typing import Any

import pytest

from schemas.enriched import EnrichedArticle
from workers.nlp.pipeline import Pipeline, build_pipeline

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="session")
def pipeline() -> Pipeline:
    """The shipped pipeline, loaded once."""
    return build_pipeline()


@pytest.fixture(scope="session")
def sample_articles() -> list[dict[str, Any]]:
    """The articles of `samples/` that are JSON."""
    return [json.loads(p.read_bytes()) for p in sorted((ROOT / "samples").glob("*.json"))]


@pytest.fixture(scope="session")
def sample_events(pipeline: Pipeline, sample_articles: list[dict[str, Any]]) -> list[EnrichedArticle]:
    """The enriched events of `sample_articles`."""
    return [pipeline.enrich(article) for article in sample_articles]
