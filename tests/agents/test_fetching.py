"""Faust's thread with aiokafka's own fetcher: what is handed out when a batch of one partition is broken."""

import asyncio
import collections
import struct
from collections.abc import Iterator
from types import SimpleNamespace
from typing import Any

import pytest
from aiokafka.consumer import fetcher
from aiokafka.consumer.subscription_state import SubscriptionState
from aiokafka.structs import TopicPartition

from tests.broker.raw_batches import Record, batch
from workers.record_batches.fetched import Slices
from workers.stream.consumer.broken import BrokenBatches
from workers.stream.consumer.fetching import Records, install
from workers.stream.consumer.ledger import Ledger
from workers.stream.consumer.positions import Positions
from workers.stream.consumer.transport import Thread

GOOD, BAD = TopicPartition("raw", 0), TopicPartition("raw", 1)


@pytest.fixture(autouse=True)
def _our_reader() -> Iterator[None]:
    before = fetcher.MemoryRecords, fetcher.PartitionRecords
    install(1_000_000)
    yield
    fetcher.MemoryRecords, fetcher.PartitionRecords = before


def at(offset: int, count: int) -> bytes:
    raw = bytearray(batch([Record(b"k", b"v", (), 5)] * count))
    struct.pack_into(">q", raw, 0, offset)
    return bytes(raw)


def broken(raw: bytes) -> bytes:
    return raw[:-1] + bytes([raw[-1] ^ 1])


class Fetching:
    """A thread whose fetcher has these answers ready."""

    def __init__(self) -> None:
        self.subscription = SubscriptionState()
        self.subscription.assign_from_user({GOOD, BAD})
        self.assignment = self.subscription.subscription.assignment
        self.ledger = Ledger()
        self.fetcher = object.__new__(fetcher.Fetcher)
        self.fetcher._subscriptions = self.subscription
        self.fetcher._records = collections.OrderedDict()
        self.fetcher._closed, self.fetcher._wait_consume_future = False, None
        self.fetcher._fetch_waiters, self.fetcher._loop = set(), asyncio.get_running_loop()
        positions = Positions(
            self.ledger,
            Any,
            lambda _: None,
            read_offset={},
            committed_offset={},
        )
        consumer = SimpleNamespace(
            ledger=self.ledger, positions=positions, flow_active=True, _committed_offset={}
        )
        positions.was_read.add(BAD)  # what came before is not committed yet
        self.thread = object.__new__(Thread)
        self.thread._broken = BrokenBatches()
        object.__setattr__(self.thread, "consumer", consumer)
        self.client = SimpleNamespace(
            _fetcher=self.fetcher, _subscription=self.subscription, _closed=False, seek=self.seek
        )
        for partition in (GOOD, BAD):
            self.seek(partition, 0)
            self.ledger.start(partition, 0)

    def seek(self, partition: TopicPartition, offset: int) -> None:
        self.assignment.state_value(partition).seek(offset)

    def answer(self, partition: TopicPartition, raw: bytes, offset: int) -> None:
        records = fetcher.PartitionRecords(partition, Slices(raw), [], offset, None, None, True, 1)
        self.fetcher._records[partition] = fetcher.FetchResult(
            partition, assignment=self.assignment, partition_records=records, backoff=0
        )

    async def take(self) -> dict[int, list[int]]:
        found = await self.thread._fetch_records(self.client, {GOOD, BAD}, timeout=0.01, max_records=32)
        return {tp.partition: [r.offset for r in records] for tp, records in found.items()}

    def position(self, partition: TopicPartition) -> int:
        return int(self.assignment.state_value(partition).position)


async def test_a_broken_batch_takes_no_records_of_other_partitions_with_it() -> None:
    fetching = Fetching()
    for _ in range(2):
        fetching.answer(GOOD, at(0, 5), 0)
        fetching.answer(BAD, broken(at(0, 5)), 0)
        assert await fetching.take() == {}
        assert fetching.position(GOOD) == 0, "what was never handed out is not fetched again"
    fetching.fetcher._records.clear()
    fetching.answer(GOOD, at(0, 5), 0)
    assert await fetching.take() == {0: [0, 1, 2, 3, 4]}
    assert fetching.ledger.place(GOOD) == 0


def test_a_fetch_ends_before_it_holds_the_thread_too_long() -> None:
    zeros = batch([Record(b"k", b"\0" * 60_000_000, (), 5)] * 5, "zstd")
    answer = Slices(zeros + at(5, 1))
    records = Records(GOOD, answer, [], 0, None, None, True, 1, whole_bytes=1_000_000)
    offsets = [r.offset for r in records]
    assert offsets == [0, 1, 2, 3, 4], "300 MB were passed over in one go, and more was read"
    assert records.next_fetch_offset == 5
