"""Apache Kafka nodes of a test's own, by the launcher in `deploy/`."""

import importlib.util
from types import ModuleType

from tests.broker.cluster import ROOT


def kafka_module() -> ModuleType:
    """The launcher: a script, no package."""
    spec = importlib.util.spec_from_file_location("kafka_runner", ROOT / "deploy" / "kafka" / "run.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module
