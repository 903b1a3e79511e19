"""Partitions, the offsets where they begin and end, and their records by offset.

The embedded broker reports the start of the last batch as the end of a partition; real Kafka does not. So end
offsets come from the high watermark of a fetch, which both report right.
"""

import time
from collections.abc import Iterable, Iterator, Mapping
from typing import TYPE_CHECKING, Any

from kafka import KafkaAdminClient, KafkaConsumer, TopicPartition
from kafka.admin import OffsetSpec
from kafka.errors import UnknownTopicOrPartitionError

from workers.failures import CommandFailed
from workers.operations.clients import consumer_client

if TYPE_CHECKING:
    from workers.settings import Settings

ANSWER_SECONDS = 30.0


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
