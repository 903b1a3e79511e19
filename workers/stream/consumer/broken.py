"""Batches that cannot be read are fetched once more, then left alone until the rest is worked off."""

import logging
from collections.abc import Iterator

from aiokafka.structs import TopicPartition

from workers.record_batches.fetched import CorruptBatch

log = logging.getLogger(__name__)

_READS = 2  # once more, as it may have broken on its way


class BrokenBatches:
    """The broken batch of each partition, once it was given up."""

    def __init__(self) -> None:
        self._given_up: dict[TopicPartition, CorruptBatch] = {}
        self._reads: dict[tuple[TopicPartition, int], int] = {}

    def __contains__(self, partition: object) -> bool:
        """True if nothing more can be read of this partition."""
        return partition in self._given_up

    def __iter__(self) -> Iterator[CorruptBatch]:
        """The broken batches that were given up."""
        return iter(self._given_up.values())

    def found(self, error: CorruptBatch) -> None:
        """Note a broken batch, and seek the other partitions back: what was fetched with it is lost."""
        key = error.partition, error.offset
        self._reads[key] = self._reads.get(key, 0) + 1
        if self._reads[key] < _READS:
            log.warning("a batch cannot be read; it is fetched once more", extra={"detail": str(error)})
            return
        self._given_up[error.partition] = error
        where = {"topic": error.partition.topic, "partition": error.partition.partition}
        span = {"first": error.offset, "last": error.next_offset - 1}
        log.error(
            "a batch cannot be read; all before it is done first",
            extra={**where, **span, "detail": error.detail},
        )

    def clear(self) -> None:
        """Forget all batches after a rebalance."""
        self._given_up.clear()
        self._reads.clear()
