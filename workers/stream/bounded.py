"""Reads bounded spans of a topic in batches, once, and commits the places.

The end is known by position, as holes that compaction or marks of transactions left may follow the last
record. The group has no members, so that no rebalance takes partitions away.
"""

import logging
from collections.abc import Iterable, Mapping

from aiokafka import AIOKafkaConsumer, TopicPartition
from aiokafka.errors import OffsetOutOfRangeError

from workers.enrichment.records import RawRecord
from workers.operations.bounds import Bounds
from workers.record_batches.fetched import CorruptBatch
from workers.stream.consumer.broken import BrokenBatches
from workers.stream.consumer.fetching import raw_record
from workers.stream.consumer.raw_topic import TopicMadeAnew

log = logging.getLogger(__name__)


class BoundedReader:
    """Reads what is left of some spans: `take`, work the records off, `commit`, until `done`."""

    def __init__(self, consumer: AIOKafkaConsumer, topic: str, spans: Iterable[Bounds], note: str) -> None:
        """`consumer` must be started; partitions are assigned here.

        `note` is committed beside each offset.
        """
        self._consumer = consumer
        self._note = note
        waiting = [span for span in spans if span.left]
        self._ends = {TopicPartition(topic, span.partition): span.end for span in waiting}
        self._starts = {TopicPartition(topic, span.partition): span.place for span in waiting}
        self._places = dict(self._starts)
        self._committed: dict[TopicPartition, int] = {}
        self._broken = BrokenBatches()
        self.gone = 0  # offsets that were deleted between the start and the reading
        consumer.assign(list(self._places))
        self._seek()

    @property
    def done(self) -> bool:
        """Whether every span was taken to its end."""
        return not self.left

    @property
    def left(self) -> int:
        """Offsets not yet committed."""
        return sum(self.left_by_partition.values())

    @property
    def left_by_partition(self) -> Mapping[int, int]:
        """Offsets not yet committed, by partition."""
        return {
            tp.partition: end - self._committed.get(tp, self._starts[tp]) for tp, end in self._ends.items()
        }

    @property
    def committed(self) -> Mapping[TopicPartition, int]:
        """The places committed so far."""
        return dict(self._committed)

    async def take(self, most: int, seconds: float) -> list[RawRecord]:
        """Take at most `most` records, each partition's in order; none where none came in time.

        Places move past the records and past holes. Raises CorruptBatch for a batch that cannot be read, once
        everything else is done, and any other error of the client.
        """
        self._raise_for_broken()
        try:
            fetched = await self._consumer.getmany(timeout_ms=int(seconds * 1000), max_records=most)
        except OffsetOutOfRangeError as error:
            await self._pass_over_the_gone(error.args[0])
            return []
        except CorruptBatch as error:
            self._read_again(error)
            return []
        records: list[RawRecord] = []
        for tp, found in fetched.items():
            records += [raw_record(r) for r in found if r.offset < self._ends[tp]]
        # A position that moved without records passed over holes, or over an error that the client raises
        # later. No error is under way only where nothing came at all.
        for tp in fetched or self._ends:
            self._move(tp, await self._consumer.position(tp))
        return records

    async def commit(self) -> None:
        """Commit the places that moved. Everything that was taken must be done."""
        moved = {tp: place for tp, place in self._places.items() if self._committed.get(tp) != place}
        if moved:
            await self._consumer.commit({tp: (place, self._note) for tp, place in moved.items()})
            self._committed |= moved

    def _seek(self) -> None:
        for tp, place in self._places.items():
            if place < self._ends[tp]:
                self._consumer.seek(tp, place)

    def _raise_for_broken(self) -> None:
        open_ = [tp for tp, end in self._ends.items() if self._places[tp] < end]
        if open_ and all(tp in self._broken for tp in open_):
            raise next(error for error in self._broken if error.partition == open_[0])

    def _read_again(self, error: CorruptBatch) -> None:
        self._broken.found(error)
        if error.partition in self._broken:
            self._consumer.pause(error.partition)
        self._seek()  # the error also loses what the client had taken of other partitions

    def _move(self, tp: TopicPartition, position: int) -> None:
        if position >= self._ends[tp]:
            self._consumer.pause(tp)
        self._places[tp] = min(position, self._ends[tp])

    async def _pass_over_the_gone(self, offsets: Mapping[TopicPartition, int]) -> None:
        """Go on with the oldest record where records were deleted before they were read."""
        for tp, begin in (await self._consumer.beginning_offsets(list(offsets))).items():
            place = min(begin, self._ends[tp])
            if place <= self._places[tp]:
                raise TopicMadeAnew(
                    f"the offsets of {tp.topic}[{tp.partition}] went back: {offsets[tp]} was to come, and it "
                    "is past the end. The topic was cut or made anew; nothing was committed on it"
                )
            span = {"partition": tp.partition, "first": self._places[tp], "last": place - 1}
            log.error("records were deleted before they were read", extra={"topic": tp.topic, **span})
            self.gone += place - self._places[tp]
            self._consumer.seek(tp, place)
            self._move(tp, place)
