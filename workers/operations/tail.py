"""Reads a topic from a chosen place, without a group: it commits nothing and disturbs nobody."""

import re
from collections import deque
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from kafka import KafkaAdminClient, KafkaConsumer, TopicPartition

from workers.failures import UsageFailed
from workers.moments import parse_moment
from workers.operations.clients import admin_client, consumer_client
from workers.operations.offsets import begin_offsets, end_offsets, partitions_of, read, unreadable
from workers.operations.timestamps import offsets_at
from workers.record_batches.fetched import CorruptBatch

if TYPE_CHECKING:
    from workers.settings import Settings


@dataclass(frozen=True, slots=True)
class Start:
    """A place to begin: `beginning`, `end`, `newest` (this many before the end), `moment`, or `offsets`."""

    kind: str
    moment: int = 0
    offsets: Mapping[int, int] | None = None
    newest: int = 0


def parse_start(text: str | None, newest: int) -> Start:
    """Parse `beginning`, `end`, a moment, or `PARTITION:OFFSET[,PARTITION:OFFSET…]`; None: the newest few."""
    if text is None:
        return Start("newest", newest=newest)
    if text in ("beginning", "earliest"):
        return Start("beginning")
    if text in ("end", "latest"):
        return Start("end")
    if re.fullmatch(r"\d+:\d+(,\d+:\d+)*", text):
        return Start("offsets", offsets=dict(parse_place(part) for part in text.split(",")))
    return Start("moment", moment=parse_moment(text))


def parse_place(text: str, separator: str = ":") -> tuple[int, int]:
    """Parse partition and offset, as `3:17`. Raises `UsageFailed`."""
    found = re.fullmatch(rf"(\d+){separator}(\d+)", text.strip())
    if not found:
        raise UsageFailed(f"{text!r} is not PARTITION{separator}OFFSET, as in 0{separator}17")
    return int(found[1]), int(found[2])


def tail(settings: "Settings", topic: str, start: Start, *, follow: bool) -> Iterator[Any]:
    """Read the records from a place on, up to the present end; with `follow`, without end.

    Records of several partitions come as they arrive; the `newest` ones are in the order of their timestamps.
    """
    with admin_client(settings) as admin:
        partitions = partitions_of(admin, topic)
        begins = begin_offsets(admin, partitions)
        ends = end_offsets(settings, admin, partitions)
        starts = _starts(settings, admin, start, begins, ends)
    spans = {partition: (starts[partition], ends[partition]) for partition in starts}
    with consumer_client(settings) as consumer:
        records = read(consumer, spans)
        if start.kind == "newest":
            newest: deque[Any] = deque(sorted(records, key=_time), maxlen=start.newest)
            yield from newest
        else:
            yield from records
        if follow:
            yield from _follow(consumer, {p: max(ends[p], starts[p]) for p in starts})


def _time(record: Any) -> tuple[int, int, int]:
    return record.timestamp, record.partition, record.offset


def _starts(
    settings: "Settings",
    admin: KafkaAdminClient,
    start: Start,
    begins: Mapping[TopicPartition, int],
    ends: Mapping[TopicPartition, int],
) -> dict[TopicPartition, int]:
    match start.kind:
        case "beginning":
            return dict(begins)
        case "end":
            return dict(ends)
        case "newest":
            return {p: max(begins[p], end - start.newest) for p, end in ends.items()}
        case "moment":
            return offsets_at(settings, admin, start.moment, begins, ends).offsets
        case _:
            chosen = start.offsets or {}
            known = {p.partition: p for p in begins}
            if unknown := sorted(set(chosen) - set(known)):
                raise UsageFailed(f"there is no partition {unknown[0]}; there are {len(known)}, from 0 on")
            return {known[number]: max(begins[known[number]], offset) for number, offset in chosen.items()}


def _follow(consumer: KafkaConsumer, places: Mapping[TopicPartition, int]) -> Iterator[Any]:
    consumer.assign(list(places))
    consumer.resume(*places)
    for partition, offset in places.items():
        consumer.seek(partition, offset)
    while True:
        try:
            batches = consumer.poll(500)
        except CorruptBatch as error:
            raise unreadable(error) from error
        for records in batches.values():
            yield from records
