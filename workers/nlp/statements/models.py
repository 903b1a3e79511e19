"""The shipped linear models and their digests."""

from collections.abc import Mapping
from hashlib import sha256
from importlib import resources

import orjson

from workers.nlp.statements.linear import LinearModel

FILE = "statements.json"


def load_models() -> tuple[Mapping[str, LinearModel], dict[str, str]]:
    """All models of the extractor by name, and the digest of the file they come from."""
    raw = resources.files("workers.nlp.models").joinpath(FILE).read_bytes()
    table = orjson.loads(raw)
    models = {
        name: LinearModel(tuple(m["labels"]), {k: tuple(v) for k, v in m["weights"].items()})
        for name, m in table["models"].items()
    }
    return models, {"statements": sha256(raw).hexdigest()[:16]}
