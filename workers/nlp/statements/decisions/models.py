"""The shipped linear models and their digests."""

from collections.abc import Mapping
from hashlib import sha256
from importlib import resources

import orjson

from workers.nlp.statements.decisions.acceptance import ACCEPTANCE
from workers.nlp.statements.decisions.beginning import BEGINNING
from workers.nlp.statements.decisions.confidence import CERTAINTY
from workers.nlp.statements.decisions.continuation import CONTINUATION
from workers.nlp.statements.decisions.linear import LinearModel
from workers.nlp.statements.decisions.templates import Feature, Templates

FILE = "statements.json"
DECISIONS: Mapping[str, Templates] = {
    "accept": ACCEPTANCE,
    "continue": CONTINUATION,
    "start": BEGINNING,
    "confidence": CERTAINTY,
}
"""What each model weighs."""


def load_models() -> tuple[Mapping[str, LinearModel], dict[str, str]]:
    """All models of the extractor by name, and the digest of the file they come from."""
    raw = resources.files("workers.nlp.models").joinpath(FILE).read_bytes()
    return read_models(raw), {"statements": sha256(raw).hexdigest()[:16]}


def read_models(raw: bytes) -> Mapping[str, LinearModel]:
    """Models by name from JSON: of each its weights by template and value."""
    return {
        name: LinearModel(
            DECISIONS[name],
            {
                Feature(template, value): weight
                for template, weights in table.items()
                for value, weight in weights.items()
            },
        )
        for name, table in orjson.loads(raw)["models"].items()
    }


def write_models(models: Mapping[str, LinearModel]) -> bytes:
    """The JSON that `read_models` reads; same models, same bytes."""
    tables: dict[str, dict[str, dict[str, float]]] = {}
    for name, model in models.items():
        weights = tables.setdefault(name, {})
        for feature, weight in model.weights.items():
            weights.setdefault(feature.template, {})[feature.value] = weight
    return orjson.dumps({"models": tables}, option=orjson.OPT_SORT_KEYS) + b"\n"
