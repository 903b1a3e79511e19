"""Three brokers restarted one after the other under load: nothing is lost, and no worker ends."""

import time
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from kafka import KafkaAdminClient

from deploy.kafka.cluster import Cluster
from deploy.kafka.run import CannotRunError
from tests.broker.cluster import Scenario, wait_for
from tests.chaos.account import take_account
from tests.chaos.outcomes import Outcomes
from tests.chaos.poison import chosen
from tests.chaos.production import Production
from tests.chaos.supervisor import Supervisor

pytestmark = pytest.mark.load

PARTITIONS = 6
RATE = 40.0
SEED = 20261127
CALM_SECONDS = 5.0  # of work between two restarts


@pytest.fixture
def cluster(tmp_path: Path) -> Iterator[Cluster]:
    try:
        made = Cluster(tmp_path / "cluster")
        made.start()
    except CannotRunError as error:
        pytest.skip(f"no Apache Kafka here: {error}")
    yield made
    made.stop()


def in_sync(cluster: Cluster, topic: str) -> bool:
    """Whether every partition of the topic has all its copies in step."""
    admin = KafkaAdminClient(bootstrap_servers=cluster.address.split(","))
    with closing(admin):
        (described,) = admin.describe_topics([topic])
    return all(len(p["isr_nodes"]) == len(cluster.nodes) for p in described["partitions"])


def test_a_rolling_restart_loses_nothing(cluster: Cluster, tmp_path: Path) -> None:
    scenario = Scenario(
        cluster.address, tmp_path, embedded=False, partitions=PARTITIONS, copies=len(cluster.nodes)
    )
    scenario.create_topics()
    topic = scenario.settings.topic_name("raw")
    kinds = chosen(("undecodable", "schema", "too-large", "raises", "kills", "committed", "same-key"))
    production = Production(cluster.address, topic, PARTITIONS, kinds, SEED, RATE)
    workers = Supervisor(lambda: scenario.start_worker(KHABAR_MAX_BYTES="300000"))
    workers.add(0)
    workers.add(1)
    workers.start()
    production.start()
    try:
        for node in cluster.nodes.values():
            time.sleep(CALM_SECONDS)
            node.stop()
            node.start()
            wait_for(lambda: in_sync(cluster, topic), "all copies in step")
        time.sleep(CALM_SECONDS)
        production.finish()
        sent = production.ledger.sent
        with closing(Outcomes(scenario)) as outcomes:

            def all_seen() -> bool:
                outcomes.read_to_end()
                return {s.source for s in sent} <= outcomes.sources

            wait_for(all_seen, "all records accounted for")
            account = take_account(sent, outcomes.seen, outcomes.derived)
    finally:
        workers.stop()
    scenario.disconnect()
    ended = [life for life in workers.lives if life.asked != "SIGTERM"]
    print(
        f"\nrolling restart: {account.sent} records, {account.twice} came again, "
        f"unsure {production.ledger.unsure_reasons}, workers that ended: {len(ended)}"
    )
    assert account.failures == {}
    assert [life.code for life in workers.lives] == [0, 0], "\n".join(
        life.worker.log[-2000:] for life in ended
    )
