"""Faults that end a worker with exit code 1, and what its log then says."""

import os
import signal
import time
import urllib.error
import urllib.request
from collections.abc import Callable

import pytest

from tests.broker.articles import article, encoded
from tests.broker.cluster import Scenario, wait_for
from workers.broker import EmbeddedBroker, _free_port


def test_missing_topics_are_named(new_scenario: Callable[..., Scenario]) -> None:
    scenario = new_scenario()
    scenario.create_topics(["raw", "enriched", "statements"])
    worker = scenario.start_worker()
    assert worker.wait() == 1
    missing = ", ".join(scenario.settings.topic_name(r) for r in ("entities", "dead"))
    assert f"no topic {missing}" in worker.log
    assert "khabar topics create" in worker.log


@pytest.mark.skipif(
    "KHABAR_TEST_BROKERS" not in os.environ, reason="the embedded broker takes records without a key anywhere"
)
def test_a_compacted_topic_of_dead_letters_is_refused(new_scenario: Callable[..., Scenario]) -> None:
    scenario = new_scenario(topic_config={"dead": {"cleanup.policy": "compact"}})
    scenario.create_topics()
    worker = scenario.start_worker()
    assert worker.wait() == 1
    assert f"topic {scenario.settings.topic_name('dead')} is compacted" in worker.log


@pytest.mark.slow
@pytest.mark.skipif(
    "KHABAR_TEST_BROKERS" not in os.environ, reason="the embedded broker confirms records for a deleted topic"
)
def test_a_raw_topic_that_is_deleted_ends_the_worker(new_scenario: Callable[..., Scenario]) -> None:
    scenario = new_scenario()
    scenario.create_topics()
    worker = scenario.start_worker(KHABAR_STALLED_SECONDS="10")
    wait_for(lambda: "partitions assigned" in worker.log, "the worker's assignment")
    scenario.admin.delete_topics([scenario.settings.topic_name("raw")])
    assert worker.wait() == 1
    assert scenario.start_worker().wait() == 1
    assert f"no topic {scenario.settings.topic_name('raw')}" in scenario.workers[-1].log


def test_missing_brokers_are_named(scenario: Scenario) -> None:
    address = f"127.0.0.1:{_free_port()}"
    worker = scenario.start_worker(KHABAR_BROKERS=address)
    assert worker.wait() == 1
    assert f"no broker answers at {address}" in worker.log


def test_a_pipeline_that_cannot_be_loaded_is_told(scenario: Scenario) -> None:
    worker = scenario.start_worker(KHABAR_PIPELINE_FACTORY="tests.broker.pipelines:broken")
    assert worker.wait() == 1
    assert "the pipeline could not be loaded: FileNotFoundError: no such lexicon: cues.toml" in worker.log


@pytest.mark.slow
@pytest.mark.skipif(
    "KHABAR_TEST_BROKERS" not in os.environ, reason="the embedded broker confirms records for a deleted topic"
)
def test_a_topic_renamed_under_the_worker_loses_nothing(new_scenario: Callable[..., Scenario]) -> None:
    scenario = new_scenario()
    scenario.create_topics()
    worker = scenario.start_worker(KHABAR_STALLED_SECONDS="20")
    wait_for(lambda: "partitions assigned" in worker.log, "the worker's assignment")
    scenario.admin.delete_topics([scenario.settings.topic_name("enriched")])
    scenario.produce([(b"1", encoded(article(1)), [])])
    assert worker.wait() == 1
    again = scenario.start_worker()
    assert again.wait() == 1
    assert f"no topic {scenario.settings.topic_name('enriched')}" in again.log
    scenario.create_topics(["enriched"])
    scenario.start_worker()
    scenario.wait_for_sources(1)


@pytest.mark.slow
def test_a_broker_that_freezes_for_a_while(new_scenario: Callable[..., Scenario]) -> None:
    with EmbeddedBroker() as broker:
        scenario = Scenario(broker.address, new_scenario().folder, embedded=True)
        scenario.create_topics()
        worker = scenario.start_worker()
        wait_for(lambda: "partitions assigned" in worker.log, "the worker's assignment")
        os.kill(broker.pid, signal.SIGSTOP)
        time.sleep(2 * scenario.session_seconds)
        os.kill(broker.pid, signal.SIGCONT)
        scenario.produce([(str(n).encode(), encoded(article(n)), []) for n in range(20)])
        scenario.wait_for_sources(20)
        scenario.close()


@pytest.mark.slow
def test_a_broker_that_is_gone_ends_the_worker(new_scenario: Callable[..., Scenario]) -> None:
    with EmbeddedBroker() as broker:
        scenario = Scenario(broker.address, new_scenario().folder, embedded=True)
        scenario.create_topics()
        worker = scenario.start_worker(KHABAR_STALLED_SECONDS="8")
        wait_for(lambda: "partitions assigned" in worker.log, "the worker's assignment")
        scenario.admin.close()
        broker.kill()
        assert worker.wait() == 1


def test_probes_and_metrics(scenario: Scenario) -> None:
    port = _free_port()

    def probe(path: str) -> tuple[int, str]:
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{port}{path}", timeout=5) as answer:
                return answer.status, answer.read().decode()
        except urllib.error.HTTPError as error:
            error.close()
            return error.code, ""
        except OSError:
            return 0, ""

    worker = scenario.start_worker(KHABAR_WEB_PORT=str(port))
    seen: set[int] = set()

    def ready() -> bool:
        status, _ = probe("/ready")
        seen.add(status)
        return status == 200

    wait_for(ready, "readiness")
    assert 503 in seen, "it was ready before its pipeline and its group"
    assert probe("/live")[0] == 200
    scenario.produce([(b"1", encoded(article(1)), []), (b"2", b"{", [])])
    wait_for(lambda: 'khabar_articles_total{outcome="enriched"} 1' in probe("/metrics")[1], "the counter")
    wait_for(lambda: 'khabar_articles_total{outcome="malformed_json"} 1' in probe("/metrics")[1], "the other")
    assert worker.stop() == 0


@pytest.mark.slow
@pytest.mark.skipif("KHABAR_TEST_KAFKA_PID" not in os.environ, reason="needs a Kafka of its own to freeze")
def test_a_kafka_that_freezes_for_a_while(scenario: Scenario) -> None:
    pid = int(os.environ["KHABAR_TEST_KAFKA_PID"])
    worker = scenario.start_worker()
    wait_for(lambda: "partitions assigned" in worker.log, "the worker's assignment")
    os.kill(pid, signal.SIGSTOP)
    time.sleep(2 * scenario.session_seconds)
    os.kill(pid, signal.SIGCONT)
    scenario.produce([(str(n).encode(), encoded(article(n)), []) for n in range(20)])
    scenario.wait_for_sources(20)
