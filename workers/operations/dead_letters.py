"""Dead letters as they lie on their topic: what was refused, where it came from, and why."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import msgspec
from kafka import TopicPartition

from schemas import headers
from workers.failures import CommandFailed
from workers.operations.clients import admin_client, consumer_client
from workers.operations.dead_marks import after_mark, read_marks
from workers.operations.offsets import begin_offsets, end_offsets, partitions_of, read
from workers.record_batches.fetched import fault_of

if TYPE_CHECKING:
    from workers.settings import Settings


_OMITTED = {
    "value": headers.ERROR_VALUE_OMITTED,
    "key": headers.ERROR_KEY_OMITTED,
    "headers": headers.ERROR_HEADERS_OMITTED,
}


@dataclass(frozen=True, slots=True)
class DeadLetter:
    """A record of the dead-letter topic. Texts are empty where a header is missing.

    `fault` tells what is wrong with the letter itself, where somebody else than a worker sent it.
    """

    partition: int
    offset: int
    timestamp: int
    key: bytes | None
    value: bytes | None
    headers: tuple[tuple[str, bytes | None], ...]
    value_bytes: int
    fault: str = ""

    def header(self, name: str) -> str:
        """The last header of a name, as text."""
        for found, value in reversed(self.headers):
            if found == name:
                return (value or b"").decode("utf-8", "replace")
        return ""

    @property
    def place(self) -> str:
        """The letter's place, as `khabar dead show` takes it."""
        return f"{self.partition}:{self.offset}"

    @property
    def reason(self) -> str:
        """The reason, of the closed list in `schemas.reasons`."""
        return self.header(headers.ERROR_REASON)

    @property
    def source(self) -> str:
        """The place where the record was consumed: topic, partition, offset."""
        topic, partition = self.header(headers.ERROR_TOPIC), self.header(headers.ERROR_PARTITION)
        return f"{topic}[{partition}]@{self.header(headers.ERROR_OFFSET)}" if topic else ""

    @property
    def attempts(self) -> int:
        """How often the record has died: 1, and one more each time it was sent again and died."""
        number = self.header(headers.ERROR_ATTEMPT)
        return int(number[:9]) if number.isdecimal() else 1

    @property
    def agency(self) -> str:
        """The `agency` of the record's JSON; empty where it cannot be read."""
        try:
            agency_name = msgspec.json.decode(self.value or b"", type=_AgencyOnly).agency
        except (msgspec.MsgspecError, UnicodeDecodeError):
            return ""
        return agency_name if isinstance(agency_name, str) else ""

    @property
    def omitted(self) -> tuple[str, ...]:
        """The parts that did not fit into the letter, as `the value (5000 bytes)`; mostly empty."""
        sizes = ((what, self.header(name)) for what, name in _OMITTED.items())
        return tuple(f"the {what} ({size})" for what, size in sizes if size)

    @property
    def is_null(self) -> bool:
        """Whether the record had neither key nor value; its letter has an empty value."""
        return bool(self.header(headers.ERROR_NULL))

    @property
    def own_headers(self) -> tuple[tuple[str, bytes | None], ...]:
        """The headers that the record came with."""
        return tuple((name, value) for name, value in self.headers if not headers.is_error_header(name))


class _AgencyOnly(msgspec.Struct):
    agency: Any = None


@dataclass(frozen=True, slots=True)
class Letters:
    """Half-open offset spans of dead letters, and how many letters before the mark they leave out."""

    spans: Mapping[TopicPartition, tuple[int, int]]
    dropped: int


def dead_letter(record: Any) -> DeadLetter:
    """The dead letter of a consumed record."""
    pairs = tuple((name, value) for name, value in record.headers)
    fault = fault_of(record.headers)
    return DeadLetter(
        partition=record.partition,
        offset=record.offset,
        timestamp=record.timestamp,
        key=record.key,
        value=record.value,
        headers=pairs,
        value_bytes=len(record.value or b""),
        fault=f"{fault.reason}: {fault.detail}" if fault else "",
    )


def find_dead_letters(settings: "Settings", *, dropped: bool = False) -> Letters:
    """Find where dead letters lie.

    Only with `dropped` are those before the mark of `khabar dead drop` included.
    """
    with admin_client(settings) as admin:
        partitions = partitions_of(admin, settings.topic_name("dead"))
        begins = begin_offsets(admin, partitions)
        ends = end_offsets(settings, admin, partitions)
        marks = read_marks(settings, admin, partitions)
    starts = {p: begins[p] if dropped else after_mark(marks.get(p), begins[p], ends[p]) for p in partitions}
    return Letters(
        {p: (starts[p], ends[p]) for p in partitions}, sum(starts[p] - begins[p] for p in partitions)
    )


def read_dead_letters(settings: "Settings", letters: Letters) -> Iterator[DeadLetter]:
    """Every dead letter of some spans, those of a partition in their order."""
    with consumer_client(settings) as consumer:
        yield from map(dead_letter, read(consumer, letters.spans))


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
