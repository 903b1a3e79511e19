"""kafka-python's fetcher with our reader of record batches: one odd record never stops a command.

kafka-python raises while it reads a header whose name is not UTF-8, unpacks a batch to whatever size it has,
and its consumer never returns from the poll after a batch that it could not read. It has no place to plug a
reader in, so `install` gives the fetcher of one consumer our class in place of its own.
"""

import struct
from collections.abc import Iterator
from typing import Any

from kafka import KafkaConsumer
from kafka.consumer.fetcher import Fetcher
from kafka.errors import CorruptRecordError
from kafka.record.default_records import DefaultRecord, DefaultRecordBatch
from kafka.record.legacy_records import LegacyRecordBatch

from workers.record_batches.batch import Batch, Corrupt
from workers.record_batches.fetched import MAGIC_AT, CorruptBatch, Headers, Slices

WHOLE_BYTES = 64 * 1024 * 1024
"""Most bytes of a key or value. Larger ones are left out, and a fault says so."""
_TAKE_BYTES = 32 * 1024 * 1024  # bytes of one fetch of a partition, unpacked; the rest comes with the next


class _Batch(DefaultRecordBatch):  # type: ignore[misc]  # kafka-python has no types
    """A batch of format 2: kafka-python checks its sum and marks of transactions, we read its records."""

    def __init__(self, raw: bytes) -> None:
        super().__init__(raw)
        self._raw = raw

    def validate_crc(self) -> bool:
        """True. Raises Corrupt for a wrong checksum."""
        if not super().validate_crc():
            raise Corrupt("its checksum (CRC) is wrong")
        return True

    def __iter__(self) -> Iterator[DefaultRecord]:
        place = self.base_offset
        for record in Batch.of(self._raw).records(WHOLE_BYTES):
            if record.offset < place:
                continue  # as the worker does: an offset that comes twice is read once
            place = record.offset + 1
            headers = Headers(record.headers)
            headers.fault = record.fault
            yield DefaultRecord(
                record.size,
                record.offset,
                record.timestamp,
                self.timestamp_type,
                record.key,
                record.value,
                headers,
            )


class _Batches(Slices):
    """The batches of a fetch answer, one after another, as kafka-python wants them."""

    def __init__(self, answer: bytes) -> None:
        super().__init__(answer)
        self._latest = b""

    def next_batch(self) -> DefaultRecordBatch | LegacyRecordBatch | None:
        """The next batch, None after the last. Raises Corrupt for one that is shorter than its header."""
        if not self.has_next():
            return None
        self._latest = self.next_slice()
        magic = self._latest[MAGIC_AT]
        if magic < 2:  # of brokers before 0.11: no headers there
            return LegacyRecordBatch(self._latest, magic)
        Batch.of(self._latest)
        return _Batch(self._latest)

    def span(self, place: int) -> tuple[int, int]:
        """The first offset of the batch in hand that was not read, from `place` on, and the one behind it."""
        try:
            batch = Batch.of(self._latest)
        except Corrupt:
            return place, place + 1
        first = max(place, batch.base_offset)
        return first, max(first + 1, batch.next_offset)


class _Records(Fetcher.PartitionRecords):  # type: ignore[misc]
    """The records of one fetch of a partition. Taking them raises CorruptBatch at a broken batch.

    What lies before it is handed out first. The consumer stays usable: the next fetch begins at that batch.
    """

    def _unpack_records(self, tp: Any, records: Any, *deserializers: Any) -> Iterator[Any]:
        batches = _Batches(records._buffer)
        room = _TAKE_BYTES
        try:
            for record in super()._unpack_records(tp, batches, *deserializers):
                yield record
                if record.offset >= self.fetch_offset:
                    room -= len(record.key or b"") + len(record.value or b"")
                    if room <= 0:
                        self.drain()
                        return
        except (Corrupt, CorruptRecordError, struct.error) as error:
            self.drain()
            first, behind = batches.span(max(self.fetch_offset, self.next_fetch_offset))
            raise CorruptBatch(tp, first, behind, str(error)) from error


def install(consumer: KafkaConsumer) -> KafkaConsumer:
    """Let a consumer read this way; returns the same consumer."""
    consumer._fetcher.PartitionRecords = _Records
    return consumer
