"""Which records were handed out, which are done, and the offset up to which a partition may be committed.

Faust commits by runs of consecutive offsets. Where offsets have holes (compaction, marks of transactions) it
stops for ever behind offset 0 (faust#401), and elsewhere it takes what it never handed out for a hole. Here
the place to commit is that of the first record that was handed out and is not done, else the consumer's own
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
    """Kept by the thread that fetches and the one that works; offsets of each partition only grow."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._partitions: dict[Hashable, _Partition] = {}

    def start(self, partition: Hashable, offset: int) -> None:
        """Fetching starts at this offset: what was handed out before counts no more."""
        with self._lock:
            self._partitions[partition] = _Partition(offset)

    def forget(self, partitions: Iterable[Hashable]) -> None:
        """These partitions are no longer ours."""
        with self._lock:
            for partition in partitions:
                self._partitions.pop(partition, None)

    def next_offset(self, partition: Hashable) -> int | None:
        """The lowest offset that may come next; None for a partition that was never started."""
        with self._lock:
            found = self._partitions.get(partition)
            return None if found is None else found.position

    def hand_out(self, partition: Hashable, offsets: Iterable[int], position: int) -> None:
        """Records were fetched; `position` is the offset that is fetched next, holes and marks passed."""
        with self._lock:
            found = self._partitions.get(partition)
            if found is None:
                return  # taken away while it was being fetched: the next owner begins where we committed
            for offset in offsets:
                found.outstanding.append(offset)
                found.waiting.add(offset)
            found.position = max(found.position, position)

    def done(self, partition: Hashable, offset: int) -> None:
        """All that the brokers must have of a record, they have. What was handed out earlier is no matter."""
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
        """How many records were handed out and are not done."""
        with self._lock:
            found = self._partitions.get(partition)
            return 0 if found is None else len(found.waiting)
