"""Shows the table in docs/brokers.md: what Apache Kafka can do, and the embedded broker cannot.

Each capability is tried on the broker under test and must turn out as the table says, so that the
documentation stays true when either changes.
"""

import uuid
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass

import pytest
from kafka import KafkaAdminClient, KafkaConsumer, KafkaProducer, TopicPartition
from kafka.admin import NewTopic
from kafka.errors import KafkaError, MessageSizeTooLargeError
from kafka.structs import OffsetAndMetadata

from tests.broker.conftest import GIVEN
from workers.operations.groups import alter_group_offsets

BATCH = [b"1", b"2", b"3", b"4", b"5"]  # with timestamps of 1, 2, … seconds
# The moments of the batch are long past: none may be deleted for its age.
TOPIC_CONFIG = {"max.message.bytes": "2000", "retention.ms": "-1"}


@dataclass
class Trial:
    """A topic of one partition that holds `BATCH`, sent as one batch; clients of its broker."""

    brokers: str
    topic: str
    admin: KafkaAdminClient
    consumer: KafkaConsumer

    @property
    def partition(self) -> TopicPartition:
        return TopicPartition(self.topic, 0)

    def values(self, **options: object) -> list[bytes]:
        """What a new reader sees, from the beginning."""
        reader = KafkaConsumer(bootstrap_servers=self.brokers, group_id=None, **options)
        reader.assign([self.partition])
        reader.seek_to_beginning(self.partition)
        seen: list[bytes] = []
        empty = 0
        while empty < 3:
            records = [r for rs in reader.poll(300).values() for r in rs]
            seen += [r.value for r in records]
            empty = 0 if records else empty + 1
        reader.close()
        return seen


@pytest.fixture
def trial(brokers: str) -> Iterator[Trial]:
    topic = f"can-{uuid.uuid4().hex[:12]}"
    admin = KafkaAdminClient(bootstrap_servers=brokers)
    admin.create_topics([NewTopic(topic, 1, 1, topic_configs=TOPIC_CONFIG)])
    producer = KafkaProducer(bootstrap_servers=brokers, linger_ms=2000, compression_type=None)
    sent = [producer.send(topic, v, timestamp_ms=1000 * n) for n, v in enumerate(BATCH, 1)]
    producer.flush()
    for future in sent:
        future.get(30)
    producer.close()
    consumer = KafkaConsumer(bootstrap_servers=brokers, group_id=None)
    yield Trial(brokers, topic, admin, consumer)
    consumer.close()
    admin.close()


def tells_the_end(trial: Trial) -> bool:
    return trial.consumer.end_offsets([trial.partition]) == {trial.partition: len(BATCH)}


def finds_a_moment(trial: Trial) -> bool:
    found = trial.consumer.offsets_for_times({trial.partition: 2500})[trial.partition]
    return found is not None and found.offset == 2


def describes_a_group(trial: Trial) -> bool:
    member = KafkaConsumer(
        trial.topic, bootstrap_servers=trial.brokers, group_id=trial.topic, session_timeout_ms=6000
    )
    try:
        for _ in range(200):
            member.poll(100)
            if member.assignment():
                break
        return len(trial.admin.describe_groups([trial.topic])[trial.topic]["members"]) == 1
    except (KafkaError, ValueError):
        return False
    finally:
        member.close()


def keeps_notes_beside_offsets(trial: Trial) -> bool:
    note = OffsetAndMetadata(1, "a note", None)
    alter_group_offsets(trial.admin, trial.topic, {trial.partition: note})
    found = trial.admin.list_group_offsets({trial.topic: [trial.partition]})[trial.topic]
    return bool(found[trial.partition].metadata == "a note")


def deletes_records(trial: Trial) -> bool:
    with suppress(KafkaError):
        trial.admin.delete_records({trial.partition: 3})
    return trial.values() == BATCH[3:]


def hides_what_was_aborted(trial: Trial) -> bool:
    producer = KafkaProducer(bootstrap_servers=trial.brokers, transactional_id=trial.topic)
    producer.init_transactions()
    producer.begin_transaction()
    producer.send(trial.topic, b"aborted").get(30)
    producer.abort_transaction()
    producer.close()
    return trial.values(isolation_level="read_committed") == BATCH


def enforces_max_message_bytes(trial: Trial) -> bool:
    producer = KafkaProducer(bootstrap_servers=trial.brokers, compression_type=None)
    try:
        producer.send(trial.topic, b"x" * 5000).get(30)
    except MessageSizeTooLargeError:
        return True
    finally:
        producer.close()
    return False


def adds_partitions(trial: Trial) -> bool:
    try:
        trial.admin.create_partitions({trial.topic: 3})
    except KafkaError:
        return False
    return True


@pytest.mark.parametrize(
    "capability",
    [
        tells_the_end,
        finds_a_moment,
        describes_a_group,
        keeps_notes_beside_offsets,
        deletes_records,
        hides_what_was_aborted,
        enforces_max_message_bytes,
        adds_partitions,
    ],
)
def test_kafka_can_and_the_embedded_broker_cannot(trial: Trial, capability: Callable[[Trial], bool]) -> None:
    assert capability(trial) is bool(GIVEN)
