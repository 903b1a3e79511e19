"""An article has one outcome even where a derived topic takes less than the worker believes."""

import os
from collections.abc import Callable

import pytest
from kafka.admin import ConfigResource, ConfigResourceType

from schemas.topics import Role
from tests.broker.articles import article, encoded
from tests.broker.cluster import Scenario, headers, wait_for

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(
        "KHABAR_TEST_BROKERS" not in os.environ, reason="the embedded broker takes records of any size"
    ),
]


@pytest.mark.parametrize("role", ["enriched", "statements", "entities"])
def test_a_limit_lowered_under_the_worker(new_scenario: Callable[..., Scenario], role: Role) -> None:
    scenario = new_scenario(partitions=2)
    scenario.create_topics()
    worker = scenario.start_worker(KHABAR_PIPELINE_FACTORY="workers.nlp.pipeline:build_pipeline")
    scenario.produce([(b"article-1", encoded(article(1)), [])])
    scenario.wait_for_sources(1)
    resource = ConfigResource(
        ConfigResourceType.TOPIC, scenario.settings.topic_name(role), {"max.message.bytes": "700"}
    )
    scenario.admin.alter_configs([resource])
    scenario.produce([(b"article-%d" % n, encoded(article(n, paragraphs=40)), []) for n in range(2, 5)])
    scenario.wait_for_sources(4)
    dead = scenario.collect("dead")["dead"]
    reasons = {r.key: headers(r)["__streams.errors.reason"] for r in dead}
    assert reasons == {b"article-%d" % n: "too_large" for n in range(2, 5)}
    for number in range(2, 5):
        assert live_events(scenario, f"article-{number}") == []
    assert worker.process.poll() is None
    assert worker.stop() == 0


def live_events(scenario: Scenario, article_id: str) -> list[str]:
    """Topics on which an article still stands once its withdrawals are taken into account."""
    found = []
    for role, records in scenario.collect("enriched", "statements", "entities").items():
        for partition in {r.partition for r in records}:
            about = [
                r
                for r in sorted(records, key=lambda r: r.offset)
                if r.partition == partition and headers(r)["ce_subject"] == article_id
            ]
            if about and about[-1].value is not None:
                found.append(role)
    return found


def test_limits_known_beforehand_send_nothing_of_an_article(new_scenario: Callable[..., Scenario]) -> None:
    scenario = new_scenario(partitions=1, topic_config={"statements": {"max.message.bytes": "700"}})
    scenario.create_topics()
    worker = scenario.start_worker(KHABAR_PIPELINE_FACTORY="workers.nlp.pipeline:build_pipeline")
    scenario.produce([(b"article-1", encoded(article(1)), [])])
    scenario.wait_for_sources(1)
    collected = scenario.collect("enriched", "statements", "entities", "dead")
    assert {role: len(records) for role, records in collected.items()} == {
        "enriched": 0,
        "statements": 0,
        "entities": 0,
        "dead": 1,
    }
    wait_for(lambda: worker.process.poll() is None, "the worker going on")
    assert worker.stop() == 0
