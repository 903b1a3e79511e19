"""Reads record batches of Kafka's format 2, record by record, whatever a producer put into them.

Brokers check a batch's checksum and frame, and leave its records unchecked. So a record may have a header
name that is not UTF-8, wrong lengths, or a value that unpacks to gigabytes. Each such record becomes a
`FetchedRecord` with a `fault`, and those after it are read as usual.

Format: https://kafka.apache.org/documentation/#recordbatch
"""

import struct
from collections.abc import Iterator
from dataclasses import dataclass, field

from schemas.reasons import Reason
from workers.record_batches.fault import Fault
from workers.record_batches.unpacking import UNPACKING_ERRORS, Readable, unpacked

_HEADER = struct.Struct(">qiibIhiqqqhii")
_CODEC, _LOG_APPEND_TIME = 0x07, 0x08
_LONGEST_VARINT = 10  # bytes of 64 bits
_PIECE = 64 * 1024
_LARGEST_READ = 1024 * 1024
_MOST_UNPACKED = 1024 * 1024 * 1024  # most bytes of one batch, unpacked: 0.4 s of processor time
_MOST_HEADERS = 1000
_HEADER_BYTES = 1024 * 1024  # most bytes of one record's headers, names and values together


class Corrupt(Exception):  # noqa: N818 - names the state
    """The frame of a batch is broken, so no record after this place can be found."""


@dataclass(frozen=True, slots=True)
class FetchedRecord:
    """A record as it lies on the broker. `timestamp` is in Unix milliseconds.

    `fault` says why it cannot be enriched; parts that were too large are then None or left out.
    """

    offset: int
    timestamp: int
    key: bytes | None
    value: bytes | None
    headers: tuple[tuple[str, bytes | None], ...]
    fault: Fault | None = None
    size: int = 0  # its bytes in the batch, unpacked


@dataclass(frozen=True, slots=True)
class Batch:
    """One batch with its header read. `raw` holds header and payload."""

    raw: bytes
    base_offset: int
    attributes: int
    last_offset_delta: int
    first_timestamp: int
    max_timestamp: int
    count: int

    @classmethod
    def of(cls, raw: bytes) -> "Batch":
        """Read the header. Raises Corrupt where the bytes are too few."""
        if len(raw) < _HEADER.size:
            raise Corrupt(f"a batch of {len(raw)} bytes")
        base, _, _, _, _, attributes, delta, first, latest, _, _, _, count = _HEADER.unpack_from(raw)
        return cls(raw, base, attributes, delta, first, latest, count)

    @property
    def next_offset(self) -> int:
        """The first offset after the batch."""
        return self.base_offset + self.last_offset_delta + 1

    def records(self, whole_bytes: int) -> Iterator[FetchedRecord]:
        """Every record, in order. Keys and values over `whole_bytes` are left out; a fault gives their sizes.

        A batch that unpacks to more than 1 GiB is read only so far: each record that is left has a fault.
        Raises Corrupt where the payload ends early or does not match its codec.
        """
        offset, left = self.base_offset - 1, self.count
        try:
            fields = _Fields(unpacked(self.attributes & _CODEC, self.raw[_HEADER.size :]))
            while left > 0:
                record = self._record(fields, offset + 1, whole_bytes)
                offset, left = record.offset, left - 1
                yield record
        except _TooMuch:
            fault = Fault(
                Reason.TOO_LARGE,
                f"its batch unpacks to more than {_MOST_UNPACKED:,} bytes",
                (("value", _MOST_UNPACKED),),
            )
            for late in range(offset + 1, offset + 1 + left):
                yield FetchedRecord(late, self.max_timestamp, None, None, (), fault)
        except UNPACKING_ERRORS as error:
            raise Corrupt(f"{type(error).__name__}: {error}") from error

    def _record(self, fields: "_Fields", expected_offset: int, whole_bytes: int) -> FetchedRecord:
        length = fields.varint()
        if length < 0:
            raise Corrupt(f"a record of {length} bytes")
        fields.begin(length)
        reading = _RecordBuilder(offset=expected_offset, timestamp=self.first_timestamp)
        detail = ""
        try:
            self._read(fields, reading, whole_bytes)
            if fields.left:
                detail = f"{fields.left:,} bytes more than its fields"
        except _RecordFault as fault:
            detail = str(fault)
        fields.end()
        return reading.finished(detail, length)

    def _read(self, fields: "_Fields", reading: "_RecordBuilder", whole_bytes: int) -> None:
        fields.skip(1)  # attributes, unused
        delta = fields.varint()
        latest = self.attributes & _LOG_APPEND_TIME
        reading.timestamp = self.max_timestamp if latest else _int64(self.first_timestamp + delta)
        offset_delta = fields.varint()
        if not 0 <= offset_delta <= self.last_offset_delta:
            raise _RecordFault(f"an offset {offset_delta:,} after the batch's first")
        reading.offset = self.base_offset + offset_delta
        reading.key = reading.whole("key", fields, fields.varint(), whole_bytes)
        reading.value = reading.whole("value", fields, fields.varint(), whole_bytes)
        count = fields.varint()
        if count < 0:
            raise _RecordFault(f"{count} headers")
        room = _HEADER_BYTES
        for number in range(count):
            if number == _MOST_HEADERS:
                reading.omitted.append((f"{count - number:,} more headers", fields.left))
                fields.skip(fields.left)
                return
            name = fields.take(_length(fields.varint()), room)
            size = fields.varint()
            value = None if size < 0 else fields.take(size, room)
            if name is None or (value is None and size >= 0):
                reading.omitted.append((f"header {number}", max(size, 0)))
                continue
            room -= len(name) + len(value or b"")
            reading.headers.append((reading.name(name), value))


class _TooMuch(Exception):  # noqa: N818 - names the state
    """The batch unpacks to more than is read."""


class _RecordFault(Exception):  # noqa: N818 - names the state
    """The fields of one record do not fit its length."""


@dataclass(slots=True)
class _RecordBuilder:
    """One record while it is being read."""

    offset: int
    timestamp: int
    key: bytes | None = None
    value: bytes | None = None
    headers: list[tuple[str, bytes | None]] = field(default_factory=list)
    omitted: list[tuple[str, int]] = field(default_factory=list)
    escaped: bool = False  # the name of a header

    def whole(self, part: str, fields: "_Fields", size: int, whole_bytes: int) -> bytes | None:
        """The bytes of a part; None where it is missing or too large."""
        if size < 0:
            return None
        found = fields.take(size, whole_bytes)
        if found is None:
            self.omitted.append((part, size))
        return found

    def name(self, name: bytes) -> str:
        """A header's name; bytes that are no UTF-8 are escaped."""
        try:
            return name.decode()
        except UnicodeDecodeError:
            self.escaped = True
            return name.decode("utf-8", "backslashreplace")

    def finished(self, detail: str, size: int) -> FetchedRecord:
        """The record of this many bytes; `detail` says what is wrong with its frame, if anything."""
        fault: Fault | None = None
        if detail:
            fault = Fault(Reason.UNDECODABLE, f"the record's frame is broken: {detail}", tuple(self.omitted))
        elif self.omitted:
            sizes = ", ".join(f"{part} {size:,} bytes" for part, size in self.omitted)
            fault = Fault(Reason.TOO_LARGE, f"too large to be read whole: {sizes}", tuple(self.omitted))
        elif self.escaped:
            fault = Fault(Reason.UNDECODABLE, "the name of a header is not UTF-8 (escaped here)")
        return FetchedRecord(
            self.offset, self.timestamp, self.key, self.value, tuple(self.headers), fault, size
        )


def _length(size: int) -> int:
    if size < 0:
        raise _RecordFault(f"a header's name of {size} bytes")
    return size


def _int64(number: int) -> int:
    return max(-(2**63), min(number, 2**63 - 1))


class _Fields:
    """The fields of records, one after another."""

    def __init__(self, source: Readable) -> None:
        self._source = source
        self._buffer = b""
        self._at = 0
        self._unpacked = 0
        self._inside = False
        self.left = 0

    def begin(self, length: int) -> None:
        """Begin a record of this many bytes; `left` counts those not read yet."""
        self._inside, self.left = True, length

    def end(self) -> None:
        """Pass over what is left of the record."""
        self.skip(self.left)
        self._inside = False

    def varint(self) -> int:
        """A zigzag varint, as in Protocol Buffers. Raises _RecordFault where it does not end."""
        value = shift = 0
        for _ in range(_LONGEST_VARINT):
            byte = self._bytes(1)[0]
            value |= (byte & 0x7F) << shift
            if not byte & 0x80:
                return (value >> 1) ^ -(value & 1)
            shift += 7
        if not self._inside:
            raise Corrupt("a record's length does not end")
        raise _RecordFault("a number does not end")

    def take(self, size: int, most: int) -> bytes | None:
        """The next bytes; more than `most` are passed over and give None."""
        if size > self.left:
            raise _RecordFault(f"a part of {size:,} bytes where {self.left:,} are left")
        if size > most:
            self.skip(size)
            return None
        return self._bytes(size)

    def skip(self, size: int) -> None:
        """Pass bytes over."""
        while size:
            piece = min(size, _PIECE)
            self._bytes(piece)
            size -= piece

    def _bytes(self, size: int) -> bytes:
        if self._inside:
            if size > self.left:
                raise _RecordFault(f"{size:,} bytes wanted where {self.left:,} are left")
            self.left -= size
        end = self._at + size
        if end > len(self._buffer):
            self._fill(size)
            end = size
        found = self._buffer[self._at : end]
        self._at = end
        return found

    def _fill(self, size: int) -> None:
        """Read until at least this many unread bytes are at hand. Raises EOFError."""
        pieces = [self._buffer[self._at :]]
        missing = size - len(pieces[0])
        while missing > 0:
            piece = self._source.read(max(_PIECE, min(missing, _LARGEST_READ)))
            if not piece:
                raise EOFError(f"the payload ends {missing:,} bytes too early")
            pieces.append(piece)
            missing -= len(piece)
            self._unpacked += len(piece)
            if self._unpacked > _MOST_UNPACKED:
                raise _TooMuch
        self._buffer, self._at = b"".join(pieces), 0
