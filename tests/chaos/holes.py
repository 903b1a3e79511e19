"""A raw topic that was compacted: offsets without records, right behind the first one of each partition."""

import time
from typing import Any

from kafka import KafkaConsumer, KafkaProducer, TopicPartition
from kafka.admin import ConfigResource, ConfigResourceType

from tests.broker.cluster import Scenario, wait_for
from tests.chaos.ledger import Ledger
from tests.chaos.poison import ENRICHED, good

NAME = "holes"
BROKER_PROPERTIES = "log.cleaner.backoff.ms=200\n"
_COMPACTED = {
    "cleanup.policy": "compact",
    "min.cleanable.dirty.ratio": "0.01",
    "segment.ms": "100",
    "min.compaction.lag.ms": "0",
}
_KEPT = {"cleanup.policy": "delete", "segment.ms": str(7 * 24 * 3600 * 1000)}
_ROUNDS = 6


def make_holes(scenario: Scenario, ledger: Ledger) -> int:
    """Publish articles again and again, let the broker compact them, and enter what is left; the holes."""
    topic = scenario.settings.topic_name("raw")
    resource = ConfigResource(ConfigResourceType.TOPIC, topic, _COMPACTED)
    scenario.admin.alter_configs([resource])
    sent = 0
    with KafkaProducer(**scenario.settings.kafka_options()) as producer:
        for partition in range(scenario.partitions):
            name = b"first-%d" % partition
            producer.send(topic, good(name), name, partition=partition)
            sent += 1
        producer.flush()
        for number in range(_ROUNDS):
            for partition in range(scenario.partitions):
                for article in range(3):
                    name = b"compacted-%d-%d" % (partition, article)
                    producer.send(topic, good(name, number), name, partition=partition)
                    sent += 1
            producer.flush()
            time.sleep(0.3)  # a segment ends when a record comes after its time
    left = wait_for(lambda: _compacted(scenario, topic), "compaction of the raw topic")
    scenario.admin.alter_configs([ConfigResource(ConfigResourceType.TOPIC, topic, _KEPT)])
    for record in left:
        source = (record.partition, record.offset)
        ledger.confirmed(source, NAME, frozenset({ENRICHED}), record.key, record.value)
    return sent - len(left)


def _compacted(scenario: Scenario, topic: str) -> list[Any] | None:
    """The records that are left, once every partition lacks its second one and nothing changes any more."""
    left = _read(scenario, topic)
    if any(r.offset == 1 for r in left):
        return None
    time.sleep(2)
    again = _read(scenario, topic)
    return left if [r.offset for r in again] == [r.offset for r in left] else None


def _read(scenario: Scenario, topic: str) -> list[Any]:
    partitions = [TopicPartition(topic, p) for p in range(scenario.partitions)]
    records: list[Any] = []
    with KafkaConsumer(**scenario.settings.kafka_options(), group_id=None) as consumer:
        consumer.assign(partitions)
        consumer.seek_to_beginning()
        ends = consumer.end_offsets(partitions)
        while any(consumer.position(tp) < end for tp, end in ends.items()):
            records += [r for rs in consumer.poll(300).values() for r in rs]
    return sorted(records, key=lambda r: (r.partition, r.offset))
