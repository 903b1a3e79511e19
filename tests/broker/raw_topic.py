"""Records of the raw topic at chosen times, and the offsets that a group has committed there."""

from kafka import KafkaConsumer, KafkaProducer, TopicPartition
from kafka.errors import NoError
from kafka.structs import OffsetAndMetadata

from tests.broker.cluster import NotSeenError, Scenario, wait_for
from workers.operations.clients import admin_client
from workers.operations.groups import alter_group_offsets
from workers.operations.offsets import end_offsets

T0 = 1_769_817_600_000  # 2026-01-31T00:00Z


def publish(scenario: Scenario, rows: list[tuple[int, int, bytes]]) -> None:
    """Raw records of (partition, timestamp, value); all of a partition in one batch, as far as can be."""
    producer = KafkaProducer(**scenario.settings.kafka_options(), linger_ms=200)
    topic = scenario.settings.topic_name("raw")
    futures = [producer.send(topic, value=v, partition=p, timestamp_ms=t, key=b"k%d" % p) for p, t, v in rows]
    producer.flush()
    for future in futures:
        future.get(30)
    producer.close()


def commit_all(scenario: Scenario) -> dict[int, int]:
    """Commit the end of every partition for the group, which has no members; the offsets."""
    with admin_client(scenario.settings) as admin:
        partitions = [
            TopicPartition(scenario.settings.topic_name("raw"), p) for p in range(scenario.partitions)
        ]
        ends = end_offsets(scenario.settings, admin, partitions)
        places = {p: OffsetAndMetadata(end, "", -1) for p, end in ends.items()}
        answers = alter_group_offsets(admin, scenario.settings.group, places)
        assert set(answers.values()) == {NoError}
    return {p.partition: end for p, end in ends.items()}


def committed(scenario: Scenario) -> dict[int, int]:
    found = scenario.admin.list_group_offsets(scenario.settings.group)[scenario.settings.group]
    return {p.partition: place.offset for p, place in found.items()}


def member(scenario: Scenario) -> KafkaConsumer:
    """A live member of the scenario's group that has all partitions."""
    for _ in range(4):
        consumer = _joining(scenario)
        try:
            wait_for(lambda c=consumer: c.poll(200) or c.assignment(), "an assignment", 30)
        except NotSeenError:  # on a busy machine kafka-python's join once stood still for two minutes
            consumer.close(autocommit=False)
        else:
            return consumer
    raise NotSeenError("an assignment, by four consumers")


def _joining(scenario: Scenario) -> KafkaConsumer:
    return KafkaConsumer(
        scenario.settings.topic_name("raw"),
        **scenario.settings.kafka_options(),
        group_id=scenario.settings.group,
        auto_offset_reset="earliest",
        enable_auto_commit=False,
        session_timeout_ms=scenario.session_seconds * 1000,
        heartbeat_interval_ms=1000,
    )
