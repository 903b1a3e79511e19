"""Set the group back to a moment: the articles since then come again, byte for byte. On real Kafka."""

import os
import subprocess
import sys
import time
from datetime import UTC, datetime

import pytest

from tests.broker.articles import article, encoded
from tests.broker.cluster import PATIENCE, ROOT, Scenario, headers, wait_for

pytestmark = [
    pytest.mark.load,
    pytest.mark.skipif(
        "KHABAR_TEST_BROKERS" not in os.environ, reason="the embedded broker cannot look up timestamps"
    ),
]


def test_replay_to_a_moment(scenario: Scenario) -> None:
    def produce(numbers: range) -> None:
        scenario.produce([(f"article-{n}".encode(), encoded(article(n)), []) for n in numbers])

    produce(range(100))
    time.sleep(0.5)
    moment = datetime.now(UTC)
    time.sleep(0.5)
    produce(range(100, 300))
    settings = {"KHABAR_PIPELINE_FACTORY": "workers.nlp.pipeline:build_pipeline"}
    worker = scenario.start_worker(**settings)
    scenario.wait_for_sources(300)
    replay = (sys.executable, "-m", "workers", "replay", "--to-datetime", moment.isoformat(), "--execute")
    environment = {**os.environ, **scenario.environment}
    refused = subprocess.run(replay, cwd=ROOT, env=environment, capture_output=True, text=True, check=False)
    assert refused.returncode == 1, refused.stderr
    assert worker.stop() == 0
    done = subprocess.run(replay, cwd=ROOT, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    before = {role: list(scenario.collect(role)[role]) for role in ("enriched", "statements", "entities")}
    again = scenario.start_worker(**settings)
    wait_for(lambda: len(scenario.collect("enriched")["enriched"]) >= 500, "200 articles again", 3 * PATIENCE)
    time.sleep(2)  # for one too many
    assert again.stop() == 0
    counts = {}
    for role, first in before.items():
        known = {headers(r)["ce_id"]: r for r in first}
        repeated = scenario.collect(role)[role][len(first) :]
        counts[role] = len(repeated)
        for record in repeated:
            original = known[headers(record)["ce_id"]]
            assert (record.key, record.value) == (original.key, original.value)
            assert int(headers(record)["ce_subject"].rpartition("-")[2]) >= 100
    assert counts["enriched"] == 200
    print(
        f"\nreplay test: 300 articles, back to the moment before the 101st: came again, same bytes: {counts}"
    )
