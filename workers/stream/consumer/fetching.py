"""aiokafka's fetcher with our reader of record batches: one odd record never stops a partition.

aiokafka decodes the names of headers while it fetches, unpacks a batch to whatever size it has, and does not
say where a broken batch lies. It has no place to plug a reader in, so `install` puts ours into its module.
"""

import functools
from collections.abc import Iterator
from typing import Any

from aiokafka.consumer import fetcher
from aiokafka.record.control_record import ABORT_MARKER, ControlRecord
from aiokafka.record.default_records import DefaultRecordBatch
from aiokafka.record.legacy_records import LegacyRecordBatch
from aiokafka.structs import ConsumerRecord

from workers.enrichment.records import RawRecord
from workers.record_batches.batch import Batch, Corrupt, FetchedRecord
from workers.record_batches.fetched import MAGIC_AT, CorruptBatch, Headers, Slices

# Bytes of one fetch of a partition, unpacked; the rest comes with the next.
_KEPT_BYTES = 32 * 1024 * 1024
# With what is left out: the thread that fetches also sends the heartbeats.
_UNPACKED_BYTES = 256 * 1024 * 1024
_CONTROL_KEY_BYTES = 1024


def raw_record(message: Any) -> RawRecord:
    """The record behind what Faust or aiokafka hand out of a fetch that `Records` read."""
    headers: Headers = message.headers
    return RawRecord(
        topic=message.topic,
        partition=message.partition,
        offset=message.offset,
        timestamp=headers.timestamp,
        key=message.key,
        value=message.value,
        headers=tuple(headers),
        fault=headers.fault,
    )


class Records(fetcher.PartitionRecords):  # type: ignore[misc]  # aiokafka has no types
    """The records of one fetch of a partition. Iterating raises CorruptBatch at a broken batch."""

    next_fetch_offset: int

    def __init__(self, *arguments: Any, whole_bytes: int) -> None:
        self._whole_bytes = whole_bytes
        super().__init__(*arguments)

    def _unpack_records(self) -> Iterator[ConsumerRecord]:
        began = False
        kept, unpacked = _KEPT_BYTES, _UNPACKED_BYTES
        while self._records.has_next():
            raw = self._records.next_slice()
            try:
                for record, size in self._batch(raw):
                    began = True
                    yield record
                    kept -= len(record.key or b"") + len(record.value or b"")
                    unpacked -= size
                    if kept <= 0 or unpacked <= 0:
                        return
            except Corrupt as error:
                if began:
                    return  # what came before is handed out first: the next fetch begins here
                raise CorruptBatch(self._tp, *self._span(raw), str(error)) from error

    def _span(self, raw: bytes) -> tuple[int, int]:
        try:
            return self.next_fetch_offset, Batch.of(raw).next_offset
        except Corrupt:
            return self.next_fetch_offset, self.next_fetch_offset + 1

    def _batch(self, raw: bytes) -> Iterator[tuple[ConsumerRecord, int]]:
        """The records of one batch from `next_fetch_offset` on, with their unpacked bytes.

        `next_fetch_offset` moves along, and past the end of the batch.
        """
        if raw[MAGIC_AT] < 2:
            yield from self._legacy(raw)
            return
        batch, known = Batch.of(raw), DefaultRecordBatch(raw)
        if self._check_crcs and not known.validate_crc():
            raise Corrupt("its checksum (CRC) is wrong")
        if not self._passed_over(batch, known):
            for record in batch.records(self._whole_bytes):
                if record.offset >= self.next_fetch_offset:
                    self.next_fetch_offset = record.offset + 1
                    yield self._consumed(record, known.timestamp_type), record.size
        self.next_fetch_offset = max(self.next_fetch_offset, batch.next_offset)

    def _passed_over(self, batch: Batch, known: DefaultRecordBatch) -> bool:
        """True for marks of transactions and, where only committed records are read, for aborted ones."""
        if self._isolation_level == fetcher.READ_COMMITTED and known.producer_id is not None:
            self._consume_aborted_up_to(batch.base_offset)
            if known.is_control_batch and self._is_abort(batch):
                self._aborted_producers.discard(known.producer_id)
            if known.is_transactional and known.producer_id in self._aborted_producers:
                return True
        return bool(known.is_control_batch)

    @staticmethod
    def _is_abort(batch: Batch) -> bool:
        control = next(batch.records(_CONTROL_KEY_BYTES), None)
        return control is not None and ControlRecord.parse(control.key) == ABORT_MARKER

    def _legacy(self, raw: bytes) -> Iterator[tuple[ConsumerRecord, int]]:
        """Formats 0 and 1, of brokers before 0.11: aiokafka reads them, as they have no headers."""
        known = LegacyRecordBatch(raw, raw[MAGIC_AT])
        if self._check_crcs and not known.validate_crc():
            raise Corrupt("its checksum (CRC) is wrong")
        for record in known:
            if record.offset >= self.next_fetch_offset:
                self.next_fetch_offset = record.offset + 1
                plain = FetchedRecord(record.offset, record.timestamp or 0, record.key, record.value, ())
                yield self._consumed(plain, record.timestamp_type or 0), 0
        self.next_fetch_offset = max(self.next_fetch_offset, known.next_offset)

    def _consumed(self, record: FetchedRecord, timestamp_type: int) -> ConsumerRecord:
        headers = Headers(record.headers)
        headers.fault, headers.timestamp = record.fault, record.timestamp
        return ConsumerRecord(
            self._tp.topic,
            self._tp.partition,
            record.offset,
            record.timestamp,
            timestamp_type,
            record.key,
            record.value,
            None,
            -1 if record.key is None else len(record.key),
            -1 if record.value is None else len(record.value),
            headers,
        )


def install(whole_bytes: int) -> None:
    """Let every aiokafka consumer of this process read so; keys and values up to `whole_bytes` are kept."""
    fetcher.MemoryRecords = Slices
    fetcher.PartitionRecords = functools.partial(Records, whole_bytes=whole_bytes)
