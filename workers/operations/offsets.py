"""Partitions, the offsets where they begin and end, and their records by offset.

The embedded broker reports the start of the last batch as the end of a partition, unlike real Kafka. So end
offsets come from the high watermark of a fetch, which both report right. While a transaction is open, readers
of committed records stop at its first record: that is the end then.
"""

import contextlib
import time
from collections.abc import Iterable, Iterator, Mapping
from typing import TYPE_CHECKING, Any

from kafka import KafkaAdminClient, KafkaConsumer, TopicPartition
from kafka.admin import OffsetSpec
from kafka.errors import UnknownTopicOrPartitionError

from workers.failures import CommandFailed
from workers.operations.clients import consumer_client
from workers.record_batches.fetched import CorruptBatch

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
    """Offset of the oldest record of each partition."""
    found = admin.list_partition_offsets(dict.fromkeys(partitions, OffsetSpec.EARLIEST))
    return {partition: max(0, place.offset) for partition, place in found.items()}


def end_offsets(
    settings: "Settings", admin: KafkaAdminClient, partitions: Iterable[TopicPartition]
) -> dict[TopicPartition, int]:
    """Offset after the newest record that can be read: the high watermark, or an open transaction's start."""
    partitions = list(partitions)
    ends = _latest(admin, partitions, "read_uncommitted")
    stable = _latest(admin, partitions, "read_committed")
    held = {partition: stable[partition] for partition in ends if stable[partition] < ends[partition]}
    filled = [partition for partition, end in ends.items() if end > 0 and partition not in held]
    if not filled:
        return ends | held
    with consumer_client(settings, max_partition_fetch_bytes=1) as consumer:
        consumer.assign(filled)
        for partition in filled:
            consumer.seek(partition, ends[partition])
        deadline = time.monotonic() + ANSWER_SECONDS
        missing = set(filled)
        while missing:
            if time.monotonic() > deadline:
                raise CommandFailed(f"no answer about {min(missing).topic} after {ANSWER_SECONDS:g} s")
            with contextlib.suppress(CorruptBatch):  # only the high watermark of the answer is wanted
                consumer.poll(100, max_records=1)
            missing = {partition for partition in missing if consumer.highwater(partition) is None}
        highest = {partition: max(ends[partition], consumer.highwater(partition)) for partition in filled}
        return ends | highest | held


def held_back(admin: KafkaAdminClient, partitions: Iterable[TopicPartition]) -> dict[TopicPartition, int]:
    """Number of offsets behind the start of an open transaction, for the partitions that have one."""
    partitions = list(partitions)
    ends = _latest(admin, partitions, "read_uncommitted")
    stable = _latest(admin, partitions, "read_committed")
    return {p: ends[p] - stable[p] for p in partitions if stable[p] < ends[p]}


def _latest(
    admin: KafkaAdminClient, partitions: Iterable[TopicPartition], isolation: str
) -> dict[TopicPartition, int]:
    """The ends that the broker reports for readers of this isolation level."""
    asked = dict.fromkeys(partitions, OffsetSpec.LATEST)
    found = admin.list_partition_offsets(asked, isolation_level=isolation)
    return {partition: max(0, place.offset) for partition, place in found.items()}


def without_records(
    settings: "Settings", spans: Mapping[TopicPartition, tuple[int, int]], seconds: float = ANSWER_SECONDS
) -> set[TopicPartition]:
    """The half-open offset spans that hold only marks and remains of transactions.

    Each span is read up to its first record. What is unknown after `seconds`, and a broken batch, count as
    holding records.
    """
    left = {partition: end for partition, (start, end) in spans.items() if start < end}
    empty: set[TopicPartition] = set()
    if not left:
        return empty
    with consumer_client(settings, max_partition_fetch_bytes=64 * 1024) as consumer:
        consumer.assign(list(left))
        for partition in left:
            consumer.seek(partition, spans[partition][0])
        deadline = time.monotonic() + seconds
        while left and time.monotonic() < deadline:
            known: set[TopicPartition] = set()
            try:
                batches = consumer.poll(200)
            except CorruptBatch as error:
                batches = {}
                (known if error.offset < left.get(error.partition, 0) else empty).add(error.partition)
            known |= {p for p, records in batches.items() if p in left and records[0].offset < left[p]}
            empty |= {p for p, end in left.items() if p not in known and consumer.position(p) >= end}
            _end(consumer, left, known | empty)
    return empty


def read(
    consumer: KafkaConsumer,
    spans: Mapping[TopicPartition, tuple[int, int]],
    *,
    idle_seconds: float = ANSWER_SECONDS,
) -> Iterator[Any]:
    """Read the records of half-open offset spans, each partition's in order.

    Offsets that hold no record (compacted, or marks of transactions) are passed over. Raises
    `CommandFailed` when the broker sends nothing for `idle_seconds`, or a batch that is broken.
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
        try:
            batches = consumer.poll(500)
        except CorruptBatch as error:
            if error.offset < left.get(error.partition, 0):
                raise unreadable(error) from error
            batches = {}
            _end(consumer, left, [error.partition])  # the record lies behind the span
        for partition, records in batches.items():
            for record in records:
                if record.offset < left.get(partition, 0):
                    yield record
        if batches:
            heard = time.monotonic()
        elif time.monotonic() - heard > idle_seconds:
            raise CommandFailed(f"the broker sent nothing for {idle_seconds:g} s")
        _end(consumer, left, [p for p, end in left.items() if consumer.position(p) >= end])


def _end(
    consumer: KafkaConsumer, left: dict[TopicPartition, int], partitions: Iterable[TopicPartition]
) -> None:
    for partition in partitions:
        if left.pop(partition, None) is not None:
            consumer.pause(partition)


def unreadable(error: CorruptBatch) -> CommandFailed:
    """The message that says where reading ends, and how to read on behind it."""
    partition = error.partition
    place = f"{partition.partition}:{error.offset}"
    return CommandFailed(
        f"{partition.topic} cannot be read on at {place}: the batch there is damaged ({error.detail}); "
        f"`khabar tail {partition.topic} --from {partition.partition}:{error.next_offset}` reads behind it"
    )
