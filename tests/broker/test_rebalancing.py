"""Partitions that change hands while a batch is being worked off: the newest version stays the last."""

import json
import os
import signal
import time
from typing import Any

import pytest
from kafka import KafkaProducer

from tests.broker.articles import article, encoded
from tests.broker.cluster import Scenario, Worker, wait_for
from tests.broker.pipelines import HANG

pytestmark = pytest.mark.slow

PARTITIONS = (0, 1)


def put(scenario: Scenario, partition: int, key: str, **fields: Any) -> None:
    value = encoded({**article(1), "id": key, **fields})
    with KafkaProducer(**scenario.settings.kafka_options()) as producer:
        raw = scenario.settings.topic_name("raw")
        producer.send(raw, key=key.encode(), value=value, partition=partition).get(30)


def versions(scenario: Scenario) -> dict[str, list[int]]:
    """The versions of each article on the enriched topic, in their order."""
    found: dict[str, list[int]] = {}
    for record in sorted(scenario.collect("enriched")["enriched"], key=lambda r: (r.partition, r.offset)):
        found.setdefault(record.key.decode(), []).append(json.loads(record.value)["article"].get("version"))
    return found


def old_owner(scenario: Scenario) -> Worker:
    """A worker with a batch in hand of both partitions: an article that hangs, and version 1 behind it."""
    worker = scenario.start_worker(KHABAR_ARTICLE_SECONDS="20", KHABAR_BATCH_SECONDS="2")
    wait_for(lambda: "partitions assigned" in worker.log, "the assignment")
    for partition in PARTITIONS:
        put(scenario, partition, f"hang-{partition}", title=HANG)
    for partition in PARTITIONS:
        put(scenario, partition, f"a-{partition}", version=1)
    wait_for(lambda: "batch taken" in worker.log, "the batch in hand")
    time.sleep(1)
    return worker


def worked_off(scenario: Scenario) -> bool:
    places = scenario.admin.list_group_offsets([scenario.name])[scenario.name]
    done = {tp.partition: place.offset for tp, place in places.items()}
    return all(done.get(p, 0) >= 3 for p in PARTITIONS)


def test_the_old_owner_sends_nothing_after_the_new_one(scenario: Scenario) -> None:
    old_owner(scenario)
    new = scenario.start_worker(KHABAR_ARTICLE_SECONDS="1")
    wait_for(lambda: "partitions assigned" in new.log, "the new owner's assignment")
    for partition in PARTITIONS:
        put(scenario, partition, f"a-{partition}", version=2)
    wait_for(lambda: worked_off(scenario), "everything committed")
    time.sleep(2)  # for what an old owner might still send
    for partition in PARTITIONS:
        assert versions(scenario)[f"a-{partition}"][-1] == 2


@pytest.mark.skipif(
    "KHABAR_TEST_BROKERS" not in os.environ,
    reason="the embedded broker drops silent members only when others join",
)
def test_an_owner_that_was_frozen_sends_nothing(scenario: Scenario) -> None:
    frozen = old_owner(scenario)
    for pid in (*frozen.children(), frozen.process.pid):
        os.kill(pid, signal.SIGSTOP)
    scenario.start_worker(KHABAR_ARTICLE_SECONDS="1")
    for partition in PARTITIONS:
        put(scenario, partition, f"a-{partition}", version=2)
    wait_for(lambda: worked_off(scenario), "everything committed by the other")
    for pid in (*frozen.children(), frozen.process.pid):
        os.kill(pid, signal.SIGCONT)
    wait_for(
        lambda: "batch given back" in frozen.log or "stood still" in frozen.log, "the frozen one letting go"
    )
    time.sleep(2)  # for what it might still send
    for partition in PARTITIONS:
        assert versions(scenario)[f"a-{partition}"][-1] == 2
