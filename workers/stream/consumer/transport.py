"""Faust's Kafka transport with a consumer that knows what it handed out and what it may commit.

It differs from Faust's own:

- It reads only what transactions committed, and learns of new partitions within ten seconds.
- It commits by the `Ledger`, so holes and marks of transactions hold nothing up.
- It reads on where `Positions` says, and reports what was deleted before it was read.
- An offset that goes back ends the worker: Faust drops such records without a word.
- It commits nothing on a topic that was made anew.
- A broken batch ends the worker, with its offsets in the message, once everything before it is committed.
- It gives partitions away only when nothing more is being sent for them (`Turn`).
- What a process that stood still has in its producer's buffer is not written (`fence`).
"""

import asyncio
import logging
from collections.abc import Iterator, Mapping
from typing import Any

from aiokafka.errors import (
    IllegalGenerationError,
    KafkaError,
    NoOffsetForPartitionError,
    OffsetOutOfRangeError,
    RebalanceInProgressError,
    UnknownMemberIdError,
)
from aiokafka.structs import OffsetAndMetadata
from faust.transport.drivers import aiokafka as driver

from workers.record_batches.fetched import CorruptBatch
from workers.stream.clients import FETCH_BYTES
from workers.stream.consumer.broken import BrokenBatches
from workers.stream.consumer.ledger import Ledger
from workers.stream.consumer.positions import Lost, Positions
from workers.stream.consumer.raw_topic import RawTopic
from workers.stream.fence import NotInTurn, fence
from workers.stream.turn import StoodStill, Turn

log = logging.getLogger(__name__)
_faust_log = logging.getLogger("faust.transport.khabar")  # for Faust's own lines from these classes

_SHARED_OUT_ANEW = (IllegalGenerationError, RebalanceInProgressError, UnknownMemberIdError)


class UnreadableBatch(Exception):  # noqa: N818 - names the state
    """The batch at the place to read next cannot be read; the message says how to pass over it."""


class Thread(driver.AIOKafkaConsumerThread):  # type: ignore[misc]  # Faust is not typed strictly
    """Faust's thread that fetches; it enters what it hands out into the ledger."""

    logger = _faust_log
    consumer: "Consumer"

    def __post_init__(self) -> None:
        super().__post_init__()
        self._broken = BrokenBatches()

    def _create_worker_consumer(self, transport: Any) -> Any:
        client = super()._create_worker_consumer(transport)
        client._isolation_level = "read_committed"
        client._fetch_max_bytes = FETCH_BYTES
        return client

    async def seek_to_committed(self) -> Mapping[Any, int]:
        """Seek every partition to its start; returns the offsets."""
        self._broken.clear()
        found: Mapping[Any, int] = await self.call_thread(
            self.consumer.positions.begin, self._ensure_consumer()
        )
        return found

    async def _fetch_records(
        self,
        consumer: Any,
        active_partitions: set[Any],
        timeout: float | None = None,  # noqa: ASYNC109 - Faust's signature
        max_records: int | None = None,
    ) -> Mapping[Any, list[Any]]:
        self._raise_for_broken()
        positions = self.consumer.positions
        active = {partition for partition in active_partitions if partition not in self._broken}
        if not active:
            await asyncio.sleep(timeout or 0)
            return {}
        try:
            found: Mapping[Any, list[Any]] = await super()._fetch_records(
                consumer, active, timeout=timeout, max_records=max_records
            )
        except OffsetOutOfRangeError as error:
            await positions.out_of_range(consumer, error.args[0], self._commit)
            return {}
        except NoOffsetForPartitionError as error:
            await positions.begin_without_commit(consumer, error.args[0])
            return {}
        except CorruptBatch as error:
            self._broken.found(error)
            positions.seek_back(consumer, active)
            return {}
        positions.hand_out(consumer, active, found)
        return found

    async def _commit(self, offsets: Mapping[Any, int]) -> bool:
        """Commit once; False where it failed and is to be tried again with what is due then.

        aiokafka's own `commit` tries until it succeeds, even on a topic made anew meanwhile.
        """
        client = self._ensure_consumer()
        coordinator, assignment = client._coordinator, client._subscription.subscription.assignment
        try:
            await coordinator.ensure_coordinator_known()
            if assignment is None:
                return False
            if not self.consumer.raw_topic.fresh:
                log.warning("not committed: the brokers' answer about the topic's id is too old")
                return False
            ours = {tp: offset for tp, offset in offsets.items() if tp in assignment.tps}
            due = {tp: OffsetAndMetadata(offset, "") for tp, offset in ours.items()}
            async with coordinator._commit_lock:
                await coordinator._do_commit_offsets(assignment, due)
        except KafkaError as error:
            if not (error.retriable or isinstance(error, _SHARED_OUT_ANEW)):
                raise
            log.info("not committed", extra={"detail": repr(error)})
            return False
        return True

    def _raise_for_broken(self) -> None:
        for error in self._broken:
            partition = error.partition
            place = self.consumer.ledger.place(partition)
            nothing_before = partition not in self.consumer.positions.was_read
            committed = self.consumer._committed_offset.get(partition)
            if place == error.offset and (committed == place or nothing_before):
                raise UnreadableBatch(
                    f"{error}. The offsets {error.offset} to {error.next_offset - 1} cannot be read. To pass "
                    "over them, stop all workers of the group and run: khabar replay --to-offset "
                    f"{partition.partition}={error.next_offset} --allow-skip --execute"
                )


class Consumer(driver.Consumer):  # type: ignore[misc]
    """Faust's consumer; its transport gives it ledger, raw topic and turn."""

    logger = _faust_log

    def _new_consumer_thread(self) -> Thread:
        transport: Transport = self.transport
        self.ledger, self.raw_topic, self.turn = transport.ledger, transport.raw_topic, transport.turn
        self.positions = Positions(
            self.ledger,
            self.raw_topic,
            transport.lost,
            read_offset=self._read_offset,
            committed_offset=self._committed_offset,
        )
        return Thread(self, loop=self.loop, beacon=self.beacon)

    async def perform_seek(self) -> None:
        """Seek every partition to its start. Faust's own takes the start for what is committed."""
        await self.seek_to_committed()

    def ack(self, message: Any) -> bool:
        """Note that a record is done."""
        if message.acked:
            return False
        message.acked = True
        self._unacked_messages.discard(message)
        self.ledger.done(message.tp, message.offset)
        return True

    async def on_partitions_revoked(self, revoked: set[Any]) -> None:
        """Wait until sending has ended, and forget: the next owner begins at the committed offsets."""
        await self.turn.give_up()
        self.positions.forget(revoked)
        await super().on_partitions_revoked(revoked)
        self.turn.begin()

    async def on_partitions_assigned(self, assigned: set[Any], generation_id: int = 0) -> None:
        """Note the partitions: from now on records may be sent for them."""
        self.turn.take()
        await super().on_partitions_assigned(assigned, generation_id)

    async def _add_gap(self, tp: Any, offset_from: int, offset_to: int) -> None:
        """Do nothing: the ledger knows holes."""

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
        """Commit the offsets of assigned partitions. Faust would take a failed commit for done."""
        assigned = self.assignment()
        due = {tp: offset for tp, offset in offsets.items() if tp in assigned}
        if not due or not await self._commit(due):
            return False
        self._committed_offset.update(due)
        return True


class Producer(driver.Producer):  # type: ignore[misc]
    """Faust's producer, which writes nothing once the process stood still."""

    logger = _faust_log

    def _new_producer(self, transactional_id: str | None = None) -> Any:
        producer = super()._new_producer(transactional_id)
        fence(producer, self._in_turn)
        return producer

    def _in_turn(self) -> None:
        transport: Transport = self.transport
        try:
            transport.turn.check_pause()
        except StoodStill as error:
            raise NotInTurn(*error.args) from error


class Transport(driver.Transport):  # type: ignore[misc]
    """The transport of an app: `app.transport = Transport(…)` before the app starts."""

    Consumer = Consumer
    Producer = Producer

    def __init__(self, app: Any, ledger: Ledger, raw_topic: RawTopic, turn: Turn, lost: Lost) -> None:
        super().__init__(app.conf.broker_consumer, app)
        self.ledger, self.raw_topic, self.turn, self.lost = ledger, raw_topic, turn, lost
