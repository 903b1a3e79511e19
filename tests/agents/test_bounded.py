"""The bounded reader with a consumer that follows a script: holes, deletions, errors under way."""

from collections.abc import Mapping
from types import SimpleNamespace
from typing import Any

import pytest
from aiokafka import TopicPartition
from aiokafka.errors import OffsetOutOfRangeError

from workers.operations.bounds import Bounds
from workers.record_batches.fetched import CorruptBatch, Headers
from workers.stream.bounded import BoundedReader
from workers.stream.consumer.raw_topic import TopicMadeAnew

P0, P1 = TopicPartition("raw", 0), TopicPartition("raw", 1)


def at(tp: TopicPartition, *offsets: int) -> list[Any]:
    return [
        SimpleNamespace(
            topic=tp.topic,
            partition=tp.partition,
            offset=n,
            timestamp=n,
            key=b"k",
            value=b"v",
            headers=Headers(),
        )
        for n in offsets
    ]


class Consumer:
    """Each step of the script: what is fetched (or raised), and the positions after it."""

    def __init__(self, *steps: tuple[Mapping[TopicPartition, list[Any]] | Exception, dict[Any, int]]) -> None:
        self._steps = iter(steps)
        self.positions: dict[TopicPartition, int] = {}
        self.paused: set[TopicPartition] = set()
        self.committed: dict[TopicPartition, tuple[int, str]] = {}
        self.begins: dict[TopicPartition, int] = {}

    def assign(self, partitions: list[TopicPartition]) -> None:
        self.assigned = partitions

    def seek(self, tp: TopicPartition, place: int) -> None:
        self.positions[tp] = place

    def pause(self, *partitions: TopicPartition) -> None:
        self.paused |= set(partitions)

    async def getmany(self, timeout_ms: int, max_records: int) -> Mapping[TopicPartition, list[Any]]:
        fetched, positions = next(self._steps)
        self.positions |= positions
        if isinstance(fetched, Exception):
            raise fetched
        return fetched

    async def position(self, tp: TopicPartition) -> int:
        return self.positions[tp]

    async def beginning_offsets(self, partitions: list[TopicPartition]) -> dict[TopicPartition, int]:
        return {tp: self.begins[tp] for tp in partitions}

    async def commit(self, offsets: dict[TopicPartition, tuple[int, str]]) -> None:
        self.committed |= offsets


def reader(consumer: Consumer, *spans: Bounds) -> BoundedReader:
    return BoundedReader(consumer, "raw", spans, "a note")


async def taken(found: BoundedReader) -> list[tuple[int, int]]:
    return [(r.partition, r.offset) for r in await found.take(10, 0.1)]


async def test_records_past_the_end_are_left_alone() -> None:
    consumer = Consumer(({P0: at(P0, 3, 4, 5, 6)}, {P0: 7}))
    found = reader(consumer, Bounds(0, 3, 5), Bounds(1, 9, 9))
    assert consumer.assigned == [P0]
    assert await taken(found) == [(0, 3), (0, 4)]
    assert (found.done, found.left) == (False, 2)  # nothing is committed yet
    await found.commit()
    assert found.done
    assert consumer.committed == {P0: (5, "a note")}
    assert consumer.paused == {P0}


async def test_a_hole_at_the_end_is_passed_by_position() -> None:
    consumer = Consumer(({P0: at(P0, 0, 1)}, {P0: 2}), ({}, {P0: 4}))
    found = reader(consumer, Bounds(0, 0, 4))
    assert await taken(found) == [(0, 0), (0, 1)]
    await found.commit()
    assert not found.done
    assert await taken(found) == []
    await found.commit()
    assert found.done


async def test_an_empty_span_over_a_hole_ends_with_a_record_behind_it() -> None:
    consumer = Consumer(({P0: at(P0, 7)}, {P0: 8}))
    found = reader(consumer, Bounds(0, 2, 5))
    assert await taken(found) == []
    await found.commit()
    assert found.done


async def test_a_position_that_moved_beside_records_is_not_believed_yet() -> None:
    # The client moves past a record that it cannot read before it raises.
    consumer = Consumer(({P0: at(P0, 0)}, {P0: 1, P1: 1}), (ValueError("unreadable"), {}))
    found = reader(consumer, Bounds(0, 0, 5), Bounds(1, 0, 5))
    assert await taken(found) == [(0, 0)]
    await found.commit()
    assert consumer.committed[P1] == (0, "a note")
    with pytest.raises(ValueError, match="unreadable"):
        await found.take(10, 0.1)


async def test_a_broken_batch_is_read_twice_and_all_else_first() -> None:
    broken = CorruptBatch(P0, 2, 9, "its checksum (CRC) is wrong")
    consumer = Consumer(
        ({P0: at(P0, 0, 1)}, {P0: 2}),
        (broken, {P1: 3}),  # the client took records of another partition on the way to the error
        (broken, {}),
        ({P1: at(P1, 0, 1, 2)}, {P1: 3}),
    )
    found = reader(consumer, Bounds(0, 0, 12), Bounds(1, 0, 3))
    assert await taken(found) == [(0, 0), (0, 1)]
    assert await taken(found) == []
    assert consumer.positions == {P0: 2, P1: 0}
    assert await taken(found) == []
    assert consumer.paused == {P0}
    assert await taken(found) == [(1, 0), (1, 1), (1, 2)]
    await found.commit()
    with pytest.raises(CorruptBatch, match=r"raw\[0\]@2"):
        await found.take(10, 0.1)
    assert consumer.committed == {P0: (2, "a note"), P1: (3, "a note")}


async def test_records_deleted_meanwhile_are_counted() -> None:
    consumer = Consumer((OffsetOutOfRangeError({P0: 0}), {}), ({P0: at(P0, 6)}, {P0: 7}))
    consumer.begins = {P0: 6}
    found = reader(consumer, Bounds(0, 0, 7))
    assert await taken(found) == []
    assert found.gone == 6
    assert await taken(found) == [(0, 6)]
    await found.commit()
    assert found.done


async def test_all_deleted_meanwhile_is_done() -> None:
    consumer = Consumer((OffsetOutOfRangeError({P0: 0}), {}))
    consumer.begins = {P0: 60}
    found = reader(consumer, Bounds(0, 0, 7))
    assert await taken(found) == []
    await found.commit()
    assert (found.done, found.gone) == (True, 7)


async def test_a_topic_made_anew_is_no_reason_to_begin_again() -> None:
    consumer = Consumer((OffsetOutOfRangeError({P0: 3}), {}))
    consumer.begins = {P0: 0}
    with pytest.raises(TopicMadeAnew, match="went back: 3 was to come"):
        await reader(consumer, Bounds(0, 3, 7)).take(10, 0.1)
