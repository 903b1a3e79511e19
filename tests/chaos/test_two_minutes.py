"""Two minutes of chaos on an Apache Kafka of its own; `make chaos` is the same for twenty."""

import os
from pathlib import Path

import pytest

from deploy.kafka.run import CannotRunError
from tests.chaos.poison import KINDS
from tests.chaos.run import Plan, chaos

pytestmark = pytest.mark.slow

SEED = int(os.environ.get("KHABAR_TEST_SEED", "20261128"))


def test_two_minutes_of_chaos_lose_nothing(tmp_path: Path) -> None:
    try:
        report = chaos(Plan(120, SEED, KINDS), tmp_path)
    except CannotRunError as error:
        pytest.skip(f"no Apache Kafka here: {error}")
    print(report.text())
    assert report.failures == {}
    assert KINDS.keys() <= {sent.kind for sent in report.sent}
