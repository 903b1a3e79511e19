"""Which records were handed out, which are done, and the offset up to which a partition may be committed.

Faust commits by runs of consecutive offsets. Behind offset 0, a hole (compaction, marks of transactions)
stops it for ever (faust#401); elsewhere it takes for a hole what it never handed out. Here the place to
commit is the first record that was handed out and is not done. Where all are done, it is the consumer's own
position, which knows holes and marks.
"""

import threading
from collections import deque
from collections.abc import Hashable, Iterable
from dataclasses import dataclass, field


@dataclass(slots=True)
class _Partition:
    position: int  # the next offset to be fetched
    outstanding: deque[int] = field(default_factory=deque)  # handed out, in their order
    waiting: set[int] = field(default_factory=set)  # of these, the ones not done


class Ledger:
    """Shared by the thread that fetches and the one that works. Offsets of each partition only grow."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._partitions: dict[Hashable, _Partition] = {}

    def start(self, partition: Hashable, offset: int) -> None:
        """Start fetching at this offset, and forget what was handed out before."""
        with self._lock:
            self._partitions[partition] = _Partition(offset)

    def forget(self, partitions: Iterable[Hashable]) -> None:
        """Forget partitions that are no longer ours."""
        with self._lock:
            for partition in partitions:
                self._partitions.pop(partition, None)

    def next_offset(self, partition: Hashable) -> int | None:
        """The lowest offset that may come next; None for a partition that was never started."""
        with self._lock:
            found = self._partitions.get(partition)
            return None if found is None else found.position

    def hand_out(self, partition: Hashable, offsets: Iterable[int], position: int) -> None:
        """Note records that were fetched; `position` is the next offset to fetch, past holes and marks."""
        with self._lock:
            found = self._partitions.get(partition)
            if found is None:
                return  # taken away during the fetch: the next owner begins where we committed
            for offset in offsets:
                found.outstanding.append(offset)
                found.waiting.add(offset)
            found.position = max(found.position, position)

    def done(self, partition: Hashable, offset: int) -> None:
        """Note a record whose outcome the brokers have. Records of before the last start are ignored."""
        with self._lock:
            found = self._partitions.get(partition)
            if found is None:
                return
            found.waiting.discard(offset)
            while found.outstanding and found.outstanding[0] not in found.waiting:
                found.outstanding.popleft()

    def place(self, partition: Hashable) -> int | None:
        """The offset to commit: everything before it is done, or holds no record."""
        with self._lock:
            found = self._partitions.get(partition)
            if found is None:
                return None
            return found.outstanding[0] if found.outstanding else found.position

    def waiting(self, partition: Hashable) -> int:
        """The number of records that were handed out and are not done."""
        with self._lock:
            found = self._partitions.get(partition)
            return 0 if found is None else len(found.waiting)
