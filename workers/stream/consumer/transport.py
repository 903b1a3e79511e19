"""Faust's Kafka transport with a consumer that knows what it handed out and what it may commit.

What it does otherwise than Faust's own:

- It reads only what was committed by transactions, and learns of new partitions within ten seconds.
- It commits by the `Ledger`, so holes and marks of transactions hold nothing up.
- It begins where `starts` says, and tells what was deleted before it was read.
- An offset that goes back ends the worker: Faust drops such records without a word.
- Nothing is committed on a topic that was made anew.
- A broken batch ends the worker once everything before it is committed, and its offsets are told.
"""

import asyncio
import logging
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Any

from aiokafka.errors import (
    IllegalGenerationError,
    KafkaError,
    NoOffsetForPartitionError,
    OffsetOutOfRangeError,
    RebalanceInProgressError,
    UnknownMemberIdError,
)
from aiokafka.structs import OffsetAndMetadata, TopicPartition
from faust.transport.drivers import aiokafka as driver

from workers.stream.clients import FETCH_BYTES
from workers.stream.consumer.fetching import CorruptBatch
from workers.stream.consumer.ledger import Ledger
from workers.stream.consumer.raw_topic import RawTopic
from workers.stream.consumer.starts import start_of

log = logging.getLogger(__name__)
_faust_log = logging.getLogger("faust.transport.khabar")  # of what Faust itself says through these classes

_SHARED_OUT_ANEW = (IllegalGenerationError, RebalanceInProgressError, UnknownMemberIdError)
_READS_OF_A_BROKEN_BATCH = 2  # once more, in case it broke on its way

Lost = Callable[[int], None]
"""Told how many records were deleted before they were read."""


class OffsetsWentBack(Exception):  # noqa: N818 - names the event
    """The topic was cut or made anew under the worker."""


class UnreadableBatch(Exception):  # noqa: N818 - names the state
    """A batch that cannot be read lies at the place to read next; the message says how to pass over it."""


class Thread(driver.AIOKafkaConsumerThread):  # type: ignore[misc]  # Faust is not typed strictly
    """Faust's thread that fetches; what it hands out stands in the ledger."""

    logger = _faust_log
    consumer: "Consumer"

    def __post_init__(self) -> None:
        super().__post_init__()
        self._broken: dict[TopicPartition, CorruptBatch] = {}
        self._broken_reads: dict[tuple[TopicPartition, int], int] = {}

    def _create_worker_consumer(self, transport: Any) -> Any:
        consumer = super()._create_worker_consumer(transport)
        consumer._isolation_level = "read_committed"
        consumer._fetch_max_bytes = FETCH_BYTES
        return consumer

    async def seek_to_committed(self) -> Mapping[Any, int]:
        """Seek every partition to its start; the offsets."""
        found: Mapping[Any, int] = await self.call_thread(self._seek_to_starts)
        return found

    async def _seek_to_starts(self) -> dict[Any, int]:
        consumer = self._ensure_consumer()
        partitions = consumer.assignment()
        if not partitions:
            return {}
        begins = await consumer.beginning_offsets(partitions)
        starts: dict[Any, int] = {}
        for partition in partitions:
            committed = await consumer.committed(partition)
            starts[partition] = self._start(partition, committed, begins[partition], None)
        self._broken.clear()
        return starts

    def _start(self, partition: TopicPartition, committed: int | None, begin: int, end: int | None) -> int:
        start = start_of(committed, begin, end)
        where = {"topic": partition.topic, "partition": partition.partition}
        if start.lost:
            span = {"first": committed, "last": begin - 1, "records": start.lost}
            log.error("records were deleted before they were read", extra={**where, **span})
            self.consumer.lost(start.lost)
        if start.behind_end:
            told = {"committed": committed, "end": end, "reads_from": begin}
            log.error("the committed offset lies behind the end: reading all again", extra={**where, **told})
        self._ensure_consumer().seek(partition, start.offset)
        self.consumer.ledger.start(partition, start.offset)
        return start.offset

    async def _fetch_records(
        self,
        consumer: Any,
        active_partitions: set[Any],
        timeout: float | None = None,  # noqa: ASYNC109 - Faust's signature
        max_records: int | None = None,
    ) -> Mapping[Any, list[Any]]:
        self._raise_for_broken()
        active = active_partitions - self._broken.keys()
        if not active:
            await asyncio.sleep(timeout or 0)
            return {}
        try:
            found: Mapping[Any, list[Any]] = await super()._fetch_records(
                consumer, active, timeout=timeout, max_records=max_records
            )
        except OffsetOutOfRangeError as error:
            await self._out_of_range(consumer, error.args[0])
            return {}
        except NoOffsetForPartitionError as error:
            begins = await consumer.beginning_offsets([error.args[0]])
            self._start(error.args[0], None, begins[error.args[0]], None)
            return {}
        except CorruptBatch as error:
            self._found_broken(error)
            return {}
        self._hand_out(consumer, active, found)
        return found

    def _hand_out(self, consumer: Any, active: Iterable[Any], found: Mapping[Any, list[Any]]) -> None:
        ledger = self.consumer.ledger
        assignment = consumer._subscription.subscription.assignment
        for partition in active:
            records: Sequence[Any] = found.get(partition, ())
            expected = ledger.next_offset(partition)
            if records and expected is not None and records[0].offset < expected:
                raise OffsetsWentBack(_went_back(partition, expected, records[0].offset))
            state = assignment.state_value(partition) if assignment else None
            if state is None or not (records or state.has_valid_position):
                continue
            position = state.position if state.has_valid_position else records[-1].offset + 1
            ledger.hand_out(partition, [r.offset for r in records], position)
            if records:
                self.consumer.was_read.add(partition)

    async def _commit(self, offsets: Mapping[Any, int]) -> bool:
        """Commit; False where it did not come about and is to be tried again with what is then due.

        One attempt: aiokafka's own `commit` tries until it succeeds, even on a topic made anew meanwhile.
        """
        consumer = self._ensure_consumer()
        coordinator, assignment = consumer._coordinator, consumer._subscription.subscription.assignment
        try:
            await coordinator.ensure_coordinator_known()
            if assignment is None or not self.consumer.raw_topic.fresh:
                return False
            due = {
                tp: OffsetAndMetadata(offset, "") for tp, offset in offsets.items() if tp in assignment.tps
            }
            async with coordinator._commit_lock:
                await coordinator._do_commit_offsets(assignment, due)
        except KafkaError as error:
            if not (error.retriable or isinstance(error, _SHARED_OUT_ANEW)):
                raise
            log.info("not committed", extra={"detail": repr(error)})
            return False
        return True

    async def _out_of_range(self, consumer: Any, offsets: Mapping[TopicPartition, int]) -> None:
        """The broker has no such offset: deleted by age, or the topic was cut."""
        partitions = list(offsets)
        begins = await consumer.beginning_offsets(partitions)
        ends = await consumer.end_offsets(partitions)
        for partition, wanted in offsets.items():
            ledger = self.consumer.ledger
            if wanted > ends[partition]:
                await self._set_back(consumer)
                if partition in self.consumer.was_read:
                    raise OffsetsWentBack(_went_back(partition, wanted, ends[partition]))
            waiting = ledger.waiting(partition)
            self._start(partition, wanted, begins[partition], ends[partition])
            if waiting:  # their place is gone: nothing is committed for them, and nothing need be
                log.info("what is in hand lies before the oldest record", extra={"records": waiting})

    async def _set_back(self, consumer: Any) -> None:
        """Commit the beginning of all partitions that were cut, before anything else is done.

        New records would soon pass the place that the group has, and those before it would never be read.
        Raises TopicMadeAnew.
        """
        partitions = consumer.assignment()
        begins = await consumer.beginning_offsets(partitions)
        ends = await consumer.end_offsets(partitions)
        due = {p: begins[p] for p in partitions if (self.consumer.ledger.next_offset(p) or 0) > ends[p]}
        for partition, begin in due.items():
            self.consumer.ledger.start(partition, begin)
        if await asyncio.to_thread(self.consumer.raw_topic.confirm) and await self._commit(due):
            for partition in due:
                self.consumer._committed_offset[partition] = None  # Faust commits nothing that is not more

    def _found_broken(self, error: CorruptBatch) -> None:
        key = error.partition, error.offset
        self._broken_reads[key] = self._broken_reads.get(key, 0) + 1
        if self._broken_reads[key] < _READS_OF_A_BROKEN_BATCH:
            log.warning("a batch cannot be read; it is fetched once more", extra={"detail": str(error)})
            return
        self._broken[error.partition] = error
        log.error("a batch cannot be read; the worker ends when all before it is done", extra=_told(error))

    def _raise_for_broken(self) -> None:
        for partition, error in self._broken.items():
            place = self.consumer.ledger.place(partition)
            if place == error.offset and self.consumer._committed_offset.get(partition) in (place, None):
                raise UnreadableBatch(
                    f"{error}. The offsets {error.offset} to {error.next_offset - 1} cannot be read. To pass "
                    "over them, stop all workers of the group and run: khabar replay --to-offset "
                    f"{partition.partition}={error.next_offset} --allow-skip --execute"
                )


class Consumer(driver.Consumer):  # type: ignore[misc]
    """Faust's consumer; `prepare` gives it what it needs before it starts."""

    logger = _faust_log
    ledger: Ledger
    raw_topic: RawTopic
    lost: Lost

    def _new_consumer_thread(self) -> Thread:
        transport: Transport = self.transport
        self.ledger, self.raw_topic, self.lost = transport.ledger, transport.raw_topic, transport.lost
        # Partitions of which records were handed out since they were assigned.
        self.was_read: set[Any] = set()
        return Thread(self, loop=self.loop, beacon=self.beacon)

    def ack(self, message: Any) -> bool:
        """Note that a record is done."""
        if message.acked:
            return False
        message.acked = True
        self._unacked_messages.discard(message)
        self.ledger.done(message.tp, message.offset)
        return True

    async def on_partitions_revoked(self, revoked: set[Any]) -> None:
        """Forget what was handed out: whoever reads these partitions next begins at the committed offsets."""
        self.ledger.forget(revoked)
        self.was_read -= revoked
        await super().on_partitions_revoked(revoked)

    async def _add_gap(self, tp: Any, offset_from: int, offset_to: int) -> None:
        """The ledger knows holes."""

    def _filter_tps_with_pending_acks(self, topics: Any = None) -> Iterator[Any]:  # noqa: ARG002 - Faust's
        return iter(self.assignment())

    def _new_offset(self, tp: Any) -> int | None:
        return self.ledger.place(tp) or None

    async def _commit(self, offsets: Mapping[Any, int]) -> bool:
        """Commit, unless the topic was made anew. Raises TopicMadeAnew."""
        if not await asyncio.to_thread(self.raw_topic.confirm):
            log.info("nothing is committed: the brokers do not tell the topic's id just now")
            return False
        return bool(await super()._commit(offsets))

    async def _commit_offsets(
        self,
        offsets: Mapping[Any, int],
        start_new_transaction: bool = True,  # noqa: ARG002 - Faust's signature
    ) -> bool:
        """Commit those of assigned partitions. Faust would take a commit that failed for done."""
        assigned = self.assignment()
        due = {tp: offset for tp, offset in offsets.items() if tp in assigned}
        if not due or not await self._commit(due):
            return False
        self._committed_offset.update(due)
        return True


class Transport(driver.Transport):  # type: ignore[misc]
    """The transport of an app: `app.transport = Transport(…)` before the app starts."""

    Consumer = Consumer

    def __init__(self, app: Any, ledger: Ledger, raw_topic: RawTopic, lost: Lost) -> None:
        super().__init__(app.conf.broker_consumer, app)
        self.ledger, self.raw_topic, self.lost = ledger, raw_topic, lost


def _went_back(partition: TopicPartition, expected: int, found: int) -> str:
    return (
        f"the offsets of {partition.topic}[{partition.partition}] went back: {expected} was to come, the "
        f"broker has {found}. The topic was cut or made anew; what it holds now is read from the beginning"
    )


def _told(error: CorruptBatch) -> dict[str, object]:
    return {
        "topic": error.partition.topic,
        "partition": error.partition.partition,
        "first": error.offset,
        "last": error.next_offset - 1,
        "detail": error.detail,
    }
