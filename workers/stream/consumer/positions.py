"""The place where each partition is read on: at the start, and where the broker lacks the wanted offset."""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Iterable, Mapping
from typing import Any

from aiokafka.structs import TopicPartition

from workers.stream.consumer.ledger import Ledger
from workers.stream.consumer.raw_topic import RawTopic
from workers.stream.consumer.starts import start_of

log = logging.getLogger(__name__)

_SET_BACK_TRIES, _SET_BACK_SECONDS = 40, 0.5

Commit = Callable[[Mapping[Any, int]], Awaitable[bool]]
Lost = Callable[[int], None]
"""Called with the number of records that were deleted before they were read."""


class OffsetsWentBack(Exception):  # noqa: N818 - names the event
    """The topic was cut or made anew under the worker."""


class Positions:
    """Seeks a client of aiokafka, and keeps the ledger and Faust's own notes in step.

    `read_offset` and `committed_offset` are Faust's: it drops records below the first, and commits only
    what is above the second. `was_read` holds the partitions of which records were handed out.
    """

    def __init__(
        self,
        ledger: Ledger,
        raw_topic: RawTopic,
        lost: Lost,
        *,
        read_offset: dict[Any, int | None],
        committed_offset: dict[Any, int | None],
    ) -> None:
        self._ledger = ledger
        self._raw_topic = raw_topic
        self._lost = lost
        self._read_offset = read_offset
        self._committed_offset = committed_offset
        self.was_read: set[Any] = set()

    async def begin(self, client: Any) -> dict[Any, int]:
        """Seek every assigned partition to its start; returns the offsets."""
        partitions = client.assignment()
        if not partitions:
            return {}
        begins = await client.beginning_offsets(partitions)
        starts: dict[Any, int] = {}
        for partition in partitions:
            committed = await client.committed(partition)
            starts[partition] = self._start(client, partition, committed, begins[partition], None)
            self._committed_offset[partition] = committed
        return starts

    async def begin_without_commit(self, client: Any, partition: TopicPartition) -> None:
        """Seek a partition without a committed offset to its beginning."""
        begins = await client.beginning_offsets([partition])
        self._start(client, partition, None, begins[partition], None)

    def seek_back(self, client: Any, partitions: Iterable[Any]) -> None:
        """Seek back to records that were fetched and never handed out."""
        for partition in partitions:
            expected = self._ledger.next_offset(partition)
            if expected is not None:
                client.seek(TopicPartition(partition.topic, partition.partition), expected)

    async def out_of_range(self, client: Any, offsets: Mapping[TopicPartition, int], commit: Commit) -> None:
        """Go on where the broker lacks the offsets: records were deleted by age, or the topic was cut.

        Raises OffsetsWentBack where records of the partition were read before, and TopicMadeAnew.
        """
        partitions = list(offsets)
        begins = await client.beginning_offsets(partitions)
        ends = await client.end_offsets(partitions)
        for partition, wanted in offsets.items():
            if wanted > ends[partition]:
                await self._set_back(client, commit)
                if partition in self.was_read:
                    raise OffsetsWentBack(went_back(partition, wanted, ends[partition]))
            waiting = self._ledger.waiting(partition)
            self._start(client, partition, wanted, begins[partition], ends[partition])
            if waiting:  # their place is gone, so nothing is committed for them
                log.info("what is in hand lies before the oldest record", extra={"records": waiting})

    def hand_out(self, client: Any, active: Iterable[Any], found: Mapping[Any, list[Any]]) -> None:
        """Enter fetched records into the ledger. Raises OffsetsWentBack."""
        assignment = client._subscription.subscription.assignment
        for partition in active:
            records: list[Any] = found.get(partition, [])
            expected = self._ledger.next_offset(partition)
            if records and expected is not None and records[0].offset < expected:
                raise OffsetsWentBack(went_back(partition, expected, records[0].offset))
            state = assignment.state_value(partition) if assignment else None
            if state is None or not (records or state.has_valid_position):
                continue
            position = state.position if state.has_valid_position else records[-1].offset + 1
            self._ledger.hand_out(partition, [r.offset for r in records], position)
            if records:
                self.was_read.add(partition)

    def forget(self, partitions: set[Any]) -> None:
        """Forget partitions that are no longer ours."""
        self._ledger.forget(partitions)
        self.was_read -= partitions

    def _start(
        self, client: Any, partition: TopicPartition, committed: int | None, begin: int, end: int | None
    ) -> int:
        start = start_of(committed, begin, end)
        where = {"topic": partition.topic, "partition": partition.partition}
        if start.lost:
            span = {"first": committed, "last": begin - 1, "records": start.lost}
            log.error("records were deleted before they were read", extra={**where, **span})
            self._lost(start.lost)
        if start.behind_end:
            offsets = {"committed": committed, "end": end, "reads_from": begin}
            log.error(
                "the committed offset lies behind the end: reading all again", extra={**where, **offsets}
            )
        client.seek(partition, start.offset)
        self._ledger.start(partition, start.offset)
        self._read_offset[partition] = start.offset or None
        return start.offset

    async def _set_back(self, client: Any, commit: Commit) -> None:
        """Commit the beginning of all partitions that were cut, before anything else is done.

        New records would soon pass the place that the group has, and those before it would never be read.
        Raises TopicMadeAnew.
        """
        partitions = client.assignment()
        begins = await client.beginning_offsets(partitions)
        ends = await client.end_offsets(partitions)
        due = {p: begins[p] for p in partitions if (self._ledger.next_offset(p) or 0) > ends[p]}
        if not due:
            return
        for partition, begin in due.items():
            self._ledger.start(partition, begin)
        for _ in range(_SET_BACK_TRIES):  # brokers that just came back refuse commits at first
            if await asyncio.to_thread(self._raw_topic.confirm) and await commit(due):
                for partition in due:
                    self._committed_offset[partition] = None
                return
            await asyncio.sleep(_SET_BACK_SECONDS)
        offsets = {partition.partition: offset for partition, offset in due.items()}
        log.error("the group could not be set back", extra={"offsets": offsets})


def went_back(partition: TopicPartition, expected: int, found: int) -> str:
    """The sentence for offsets that went back."""
    return (
        f"the offsets of {partition.topic}[{partition.partition}] went back: {expected} was to come, the "
        f"broker has {found}. The topic was cut or made anew; what it holds now is read from the beginning"
    )
