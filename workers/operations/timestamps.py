"""Finds the offsets of moments, and checks the broker's answer before it is used."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from kafka import KafkaAdminClient, KafkaConsumer, TopicPartition
from kafka.admin import OffsetTimestamp
from kafka.errors import KafkaError

from workers.operations.clients import consumer_client
from workers.operations.offsets import read

if TYPE_CHECKING:
    from workers.settings import Settings


@dataclass(frozen=True, slots=True)
class Found:
    """For each partition the offset of its first record at or after the moment, else its end.

    `scanned` holds the partitions whose records were read because the broker's look-up was wrong.
    """

    offsets: dict[TopicPartition, int]
    scanned: tuple[TopicPartition, ...] = ()


def offsets_at(
    settings: "Settings",
    admin: KafkaAdminClient,
    moment: int,
    begins: Mapping[TopicPartition, int],
    ends: Mapping[TopicPartition, int],
) -> Found:
    """Look a moment (Unix milliseconds) up in partitions, between their begins and ends.

    Kafka gives the earliest offset whose timestamp is at or after the moment. So its record must be at or
    after it, and the record in front of it before it. Where that fails (the embedded broker looks up
    batches), the partition's records are read from the beginning.
    """
    moment = max(0, moment)  # records have no times before 1970, and brokers take negative times for commands
    filled = [partition for partition in begins if begins[partition] < ends[partition]]
    offsets = {partition: ends[partition] for partition in begins}
    if not filled:
        return Found(offsets)
    answers = _ask(admin, moment, filled)
    scanned: list[TopicPartition] = []
    with consumer_client(settings) as consumer:
        for partition in filled:
            begin, end = begins[partition], ends[partition]
            answer = answers.get(partition, -1)
            offset = end if answer < 0 else min(max(answer, begin), end)
            if _holds(consumer, partition, offset, moment, begin, end):
                offsets[partition] = offset
            else:
                scanned.append(partition)
        for partition in scanned:
            spans = {partition: (begins[partition], ends[partition])}
            late = (r.offset for r in read(consumer, spans) if r.timestamp >= moment)
            offsets[partition] = next(late, ends[partition])
    return Found(offsets, tuple(scanned))


def _ask(
    admin: KafkaAdminClient, moment: int, partitions: Iterable[TopicPartition]
) -> dict[TopicPartition, int]:
    try:
        places = admin.list_partition_offsets(dict.fromkeys(partitions, OffsetTimestamp(moment)))
    except KafkaError:
        return {}
    return {partition: place.offset for partition, place in places.items() if place.timestamp >= 0}


def _holds(
    consumer: KafkaConsumer, partition: TopicPartition, offset: int, moment: int, begin: int, end: int
) -> bool:
    """Whether the record at an offset is at or after the moment, and the one in front of it before."""
    at = next(read(consumer, {partition: (offset, end)}), None)
    if at is not None and at.timestamp < moment:
        return False
    before = None
    for record in read(consumer, {partition: (max(begin, offset - 1), offset)}):
        before = record
    return before is None or before.timestamp < moment
