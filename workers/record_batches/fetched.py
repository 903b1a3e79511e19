"""Parts that both clients' fetchers share: batches of an answer, headers with a fault, broken batches."""

import struct
from typing import Any

from workers.record_batches.fault import Fault

MAGIC_AT = 16
"""Position of the byte in a batch that gives its format."""
_LENGTH = struct.Struct(">i")
_BEFORE_LENGTH, _FRAME = 8, 12


class CorruptBatch(Exception):  # noqa: N818 - names the state
    """A batch that cannot be read. `offset` is its first offset that was not read.

    `partition` is the client's `TopicPartition`.
    """

    def __init__(self, partition: Any, offset: int, next_offset: int, detail: str) -> None:
        super().__init__(f"{partition.topic}[{partition.partition}]@{offset}: {detail}")
        self.partition = partition
        self.offset = offset
        self.next_offset = next_offset
        self.detail = detail


class Headers(tuple[tuple[str, bytes | None], ...]):
    """A record's headers on their way through a client, with values that clients have no place for.

    `timestamp` is the record's own, in Unix milliseconds, where a client keeps seconds in a float.
    """

    fault: Fault | None = None
    timestamp: int | None = None


def fault_of(headers: object) -> Fault | None:
    """The fault that a client's record carries in its headers."""
    return headers.fault if isinstance(headers, Headers) else None


class Slices:
    """The batches of a fetch answer, as bytes.

    A batch that is cut off at the end comes with the next fetch.
    """

    def __init__(self, answer: bytes) -> None:
        self._answer = answer
        self._at = 0

    def size_in_bytes(self) -> int:
        """Bytes of the whole answer."""
        return len(self._answer)

    def has_next(self) -> bool:
        """True if a whole batch follows."""
        return self._end() is not None

    def next_slice(self) -> bytes:
        """The next batch."""
        end = self._end() or len(self._answer)
        found = self._answer[self._at : end]
        self._at = end
        return bytes(found)

    def _end(self) -> int | None:
        if len(self._answer) - self._at < MAGIC_AT + 1:
            return None
        length: int = _LENGTH.unpack_from(self._answer, self._at + _BEFORE_LENGTH)[0]
        end = self._at + _FRAME + max(length, MAGIC_AT + 1 - _FRAME)
        return end if end <= len(self._answer) else None
