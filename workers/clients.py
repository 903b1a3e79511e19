"""Synchronous clients of the brokers, for the commands: connecting, end offsets, reading by offset.

The embedded broker reports the start of the last batch as the end of a partition, and looks times up
by batch; real Kafka does neither. What is here does not rely on either answer: end offsets come from
the high watermark of a fetch, which both report right.
"""

import contextlib
import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import TYPE_CHECKING, Any

from kafka import KafkaAdminClient, KafkaConsumer, KafkaProducer, TopicPartition
from kafka.admin import OffsetSpec
from kafka.errors import (
    CoordinatorLoadInProgressError,
    CoordinatorNotAvailableError,
    KafkaError,
    NotCoordinatorError,
    UnknownTopicOrPartitionError,
)

from workers.connecting import CONNECT_SECONDS, connected
from workers.failures import CommandFailed

if TYPE_CHECKING:
    from workers.settings import Settings

ANSWER_SECONDS = 30.0


@contextlib.contextmanager
def admin_client(settings: "Settings") -> Iterator[KafkaAdminClient]:
    """An administration client. Raises `CommandFailed` where no broker answers."""
    with connected(settings):
        client = KafkaAdminClient(
            **settings.kafka_options(), bootstrap_timeout_ms=int(CONNECT_SECONDS * 1000)
        )
    try:
        yield client
    finally:
        client.close()


@contextlib.contextmanager
def consumer_client(settings: "Settings", **options: Any) -> Iterator[KafkaConsumer]:
    """A consumer without a group: it commits nothing. Raises `CommandFailed` where no broker answers."""
    with connected(settings):
        client = KafkaConsumer(
            **settings.kafka_options(),
            group_id=None,
            enable_auto_commit=False,
            auto_offset_reset="earliest",
            allow_auto_create_topics=False,
            fetch_max_wait_ms=100,
            bootstrap_timeout_ms=int(CONNECT_SECONDS * 1000),
            **options,
        )
    try:
        yield client
    finally:
        client.close()


@contextlib.contextmanager
def producer_client(settings: "Settings", **options: Any) -> Iterator[KafkaProducer]:
    """An idempotent producer. What is not sent when the context ends by an exception is given up."""
    with connected(settings):
        client = KafkaProducer(
            **settings.kafka_options(), bootstrap_timeout_ms=int(CONNECT_SECONDS * 1000), **options
        )
    try:
        yield client
    except BaseException:
        client.close(timeout=0)
        raise
    client.close()


_COORDINATOR_ERRORS = (CoordinatorNotAvailableError, CoordinatorLoadInProgressError, NotCoordinatorError)


def patiently[T](ask: Callable[[], T], seconds: float = 60.0) -> T:
    """What a question about a group answers, once its coordinator is there.

    A cluster that never had a group makes the topic of offsets first; the client does not wait for it.
    """
    deadline = time.monotonic() + seconds
    while True:
        try:
            return ask()
        except _COORDINATOR_ERRORS:
            if time.monotonic() > deadline:
                raise
            time.sleep(0.2)


def alter_group_offsets(
    admin: KafkaAdminClient, group: str, places: Mapping[TopicPartition, Any]
) -> dict[TopicPartition, type[KafkaError]]:
    """Set a group's offsets, once its coordinator is there; the answer for each partition."""

    def ask() -> dict[TopicPartition, type[KafkaError]]:
        answers: dict[TopicPartition, type[KafkaError]] = admin.alter_group_offsets(group, dict(places))
        for error in answers.values():
            if issubclass(error, _COORDINATOR_ERRORS):
                raise error
        return answers

    return patiently(ask)


def partitions_of(admin: KafkaAdminClient, topic: str) -> list[TopicPartition]:
    """All partitions of a topic. Raises `CommandFailed` where there is no such topic."""
    try:
        described = admin.describe_topics([topic])
    except UnknownTopicOrPartitionError:
        described = []
    numbers = [p["partition_index"] for t in described if not t["error_code"] for p in t["partitions"]]
    if not numbers:
        raise CommandFailed(f"there is no topic {topic}; `khabar topics create` makes those of khabar")
    return [TopicPartition(topic, number) for number in sorted(numbers)]


def begin_offsets(admin: KafkaAdminClient, partitions: Iterable[TopicPartition]) -> dict[TopicPartition, int]:
    """Offset of the oldest record that is still there."""
    found = admin.list_partition_offsets(dict.fromkeys(partitions, OffsetSpec.EARLIEST))
    return {partition: max(0, place.offset) for partition, place in found.items()}


def end_offsets(
    settings: "Settings", admin: KafkaAdminClient, partitions: Iterable[TopicPartition]
) -> dict[TopicPartition, int]:
    """Offset after the newest record: the high watermark."""
    listed = admin.list_partition_offsets(dict.fromkeys(partitions, OffsetSpec.LATEST))
    ends = {partition: max(0, place.offset) for partition, place in listed.items()}
    filled = [partition for partition, end in ends.items() if end > 0]
    if not filled:
        return ends
    with consumer_client(settings, max_partition_fetch_bytes=1) as consumer:
        consumer.assign(filled)
        for partition in filled:
            consumer.seek(partition, ends[partition])
        deadline = time.monotonic() + ANSWER_SECONDS
        missing = set(filled)
        while missing:
            if time.monotonic() > deadline:
                raise CommandFailed(f"no answer about {min(missing).topic} after {ANSWER_SECONDS:g} s")
            consumer.poll(100, max_records=1)
            missing = {partition for partition in missing if consumer.highwater(partition) is None}
        return ends | {partition: max(ends[partition], consumer.highwater(partition)) for partition in filled}


def read(
    consumer: KafkaConsumer,
    spans: Mapping[TopicPartition, tuple[int, int]],
    *,
    idle_seconds: float = ANSWER_SECONDS,
) -> Iterator[Any]:
    """The records of half-open offset spans, each partition's in order.

    Offsets that hold no record (compacted, or marks of transactions) are passed over. Raises
    `CommandFailed` when the broker sends nothing for `idle_seconds`.
    """
    left = {partition: end for partition, (start, end) in spans.items() if start < end}
    if not left:
        return
    consumer.assign(list(left))
    consumer.resume(*left)  # an earlier reading may have paused them
    for partition in left:
        consumer.seek(partition, spans[partition][0])
    heard = time.monotonic()
    while left:
        batches = consumer.poll(500)
        for partition, records in batches.items():
            for record in records:
                if record.offset < left.get(partition, 0):
                    yield record
        if batches:
            heard = time.monotonic()
        elif time.monotonic() - heard > idle_seconds:
            raise CommandFailed(f"the broker sent nothing for {idle_seconds:g} s")
        done = [partition for partition, end in left.items() if consumer.position(partition) >= end]
        if done:
            for partition in done:
                del left[partition]
            consumer.pause(*done)
