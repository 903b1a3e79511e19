"""Dead letters as they lie on their topic: what was refused, where it came from, and why."""

import heapq
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from schemas import headers
from workers.failures import CommandFailed
from workers.operations.clients import admin_client, consumer_client
from workers.operations.offsets import begin_offsets, end_offsets, partitions_of, read

if TYPE_CHECKING:
    from workers.settings import Settings


@dataclass(frozen=True, slots=True)
class DeadLetter:
    """A record of the dead-letter topic. Texts are empty where a header is missing."""

    partition: int
    offset: int
    timestamp: int
    key: bytes | None
    value: bytes | None
    headers: tuple[tuple[str, bytes | None], ...]
    value_bytes: int

    def header(self, name: str) -> str:
        """The last header of a name, as text."""
        for found, value in reversed(self.headers):
            if found == name:
                return (value or b"").decode("utf-8", "replace")
        return ""

    @property
    def place(self) -> str:
        """Where it lies, as `khabar dead show` takes it."""
        return f"{self.partition}:{self.offset}"

    @property
    def reason(self) -> str:
        """Of the closed list in `schemas.reasons`."""
        return self.header(headers.ERROR_REASON)

    @property
    def source(self) -> str:
        """Where the record was consumed: topic, partition, offset."""
        topic, partition = self.header(headers.ERROR_TOPIC), self.header(headers.ERROR_PARTITION)
        return f"{topic}[{partition}]@{self.header(headers.ERROR_OFFSET)}" if topic else ""

    @property
    def own_headers(self) -> tuple[tuple[str, bytes | None], ...]:
        """The headers that the record came with."""
        return tuple((name, value) for name, value in self.headers if not headers.is_error_header(name))


def dead_letter(record: Any) -> DeadLetter:
    """From a consumed record."""
    told = tuple((name, value) for name, value in record.headers)
    return DeadLetter(
        partition=record.partition,
        offset=record.offset,
        timestamp=record.timestamp,
        key=record.key,
        value=record.value,
        headers=told,
        value_bytes=len(record.value or b""),
    )


def newest_dead_letters(
    settings: "Settings", limit: int | None, *, reason: str | None = None
) -> tuple[list[DeadLetter], dict[str, int]]:
    """The newest dead letters by time (None: all), the oldest first; and how many there are of each reason.

    With `reason`, the list holds only those; the counts tell all. The values are left out: memory would not
    hold those of very many.
    """
    counts: dict[str, int] = {}
    newest: list[tuple[int, int, int, DeadLetter]] = []  # a heap, the oldest on top
    for letter in all_dead_letters(settings):
        counts[letter.reason] = counts.get(letter.reason, 0) + 1
        if reason in (None, letter.reason):
            row = (letter.timestamp, letter.partition, letter.offset, replace(letter, value=None))
            heapq.heappush(newest, row)
            if limit is not None and len(newest) > limit:
                heapq.heappop(newest)
    return [letter for *_, letter in sorted(newest)], counts


def all_dead_letters(settings: "Settings") -> Iterator[DeadLetter]:
    """Every dead letter that is there now, those of a partition in their order."""
    with admin_client(settings) as admin:
        partitions = partitions_of(admin, settings.topic_name("dead"))
        begins = begin_offsets(admin, partitions)
        ends = end_offsets(settings, admin, partitions)
    with consumer_client(settings) as consumer:
        yield from map(dead_letter, read(consumer, {p: (begins[p], ends[p]) for p in partitions}))


def one_dead_letter(settings: "Settings", partition: int, offset: int) -> DeadLetter:
    """The dead letter at a place. Raises `CommandFailed` where there is none."""
    topic = settings.topic_name("dead")
    with admin_client(settings) as admin:
        partitions = {p.partition: p for p in partitions_of(admin, topic)}
        if partition not in partitions:
            raise CommandFailed(f"{topic} has no partition {partition}; it has {len(partitions)}, from 0 on")
        where = partitions[partition]
        begin = begin_offsets(admin, [where])[where]
        end = end_offsets(settings, admin, [where])[where]
    if not begin <= offset < end:
        held = f"offsets {begin} to {end - 1}" if begin < end else "no records"
        raise CommandFailed(f"partition {partition} of {topic} holds {held}, not {offset}")
    with consumer_client(settings) as consumer:
        for record in read(consumer, {where: (offset, offset + 1)}):
            return dead_letter(record)
    raise CommandFailed(f"there is no record at {partition}:{offset} of {topic} any more")
