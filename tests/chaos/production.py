"""Uneven production: bursts, trickles and lulls of articles, with poison among them."""

import random
import threading
from collections.abc import Iterable, Mapping
from typing import Any

from kafka import KafkaProducer
from kafka.errors import KafkaError
from kafka.partitioner import murmur2

from tests.broker.articles import article, encoded
from tests.broker.raw_batches import CODECS, BatchSender, Record, RefusedError
from tests.chaos.account import ENRICHED
from tests.chaos.ledger import Ledger
from tests.chaos.poison import ARTICLES, Kind
from tests.chaos.transactions import transact

POISON_SHARE = 0.03
_RETRY_SECONDS = 1.0


class Production(threading.Thread):
    """Sends until `finish`; what was confirmed is in the ledger."""

    def __init__(
        self, brokers: str, topic: str, partitions: int, kinds: Mapping[str, Kind], seed: int, rate: float
    ) -> None:
        super().__init__(name="production", daemon=True)
        self.ledger = Ledger()
        self.failure: BaseException | None = None
        self._brokers, self._topic, self._partitions = brokers, topic, partitions
        self._kinds = kinds
        self._chance = random.Random(seed)
        self._rate = rate
        self._finished = threading.Event()
        self._number = 0
        self._producer = KafkaProducer(bootstrap_servers=brokers, linger_ms=5)
        self._batches = BatchSender(brokers, topic)

    def run(self) -> None:
        try:
            while not self._finished.is_set():
                self._one_wave()
            self._producer.flush()
        except Exception as error:  # noqa: BLE001 - raised by `finish`
            self.failure = error
        finally:
            self._producer.close()
            self._batches.close()

    def finish(self) -> None:
        """Send no more, and return when all is confirmed or given up. Raises what ended it."""
        self._finished.set()
        self.join()
        if self.failure is not None:
            raise self.failure

    def all_kinds_once(self) -> None:
        """One of each kind, so that a short run has them all. Before `start`."""
        for name in self._kinds:
            self._poison(name)

    def _one_wave(self) -> None:
        """A second's records at once, spread over a few seconds, or none for a while."""
        shape = self._chance.choice(("burst", "burst", "trickle", "trickle", "trickle", "lull"))
        if shape == "lull":
            self._finished.wait(self._chance.uniform(0.5, 4))
            return
        seconds = self._chance.uniform(1, 4)
        pause = 0.0 if shape == "burst" else 1 / self._rate
        for _ in range(int(seconds * self._rate)):
            if self._finished.is_set():
                return
            if self._kinds and self._chance.random() < POISON_SHARE:
                names = list(self._kinds)
                self._poison(self._chance.choices(names, [self._kinds[n].weight for n in names])[0])
            else:
                self._article()
            if pause:
                self._finished.wait(pause)
        if shape == "burst":
            self._finished.wait(seconds)

    def _article(self) -> None:
        self._number += 1
        which = self._chance.randrange(ARTICLES)
        key = b"article-%d" % which
        value = encoded({**article(which), "version": self._number})
        self._send(key, value)

    def _send(self, key: bytes, value: bytes) -> None:
        def confirmed(place: Any) -> None:
            self.ledger.confirmed(
                (place.partition, place.offset), "article", frozenset({ENRICHED}), key, value
            )

        try:
            future = self._producer.send(self._topic, value, key, partition=self._partition(key))
        except KafkaError as error:
            self.ledger.unsure(type(error).__name__)
            return
        future.add_callback(confirmed)
        future.add_errback(lambda error: self.ledger.unsure(type(error).__name__))

    def _poison(self, name: str) -> None:
        self._number += 1
        kind = self._kinds[name]
        records = kind.make(self._chance, b"%s-%d" % (name.encode(), self._number))
        partition = self._partition(records[0].key)
        try:
            offsets = self._send_poison(kind, partition, records)
        except RefusedError as error:
            self.ledger.unsure(f"{name}: {error}")
            self._finished.wait(_RETRY_SECONDS)
            return
        for record, offset in zip(records, offsets, strict=True):
            self.ledger.confirmed((partition, offset), name, kind.expected, record.key, record.value)

    def _send_poison(self, kind: Kind, partition: int, records: list[Record]) -> Iterable[int]:
        if kind.transaction:
            commit = kind.transaction == "commit"
            return transact(self._brokers, self._topic, partition, records, commit=commit)
        codec = kind.codec or self._chance.choice(list(CODECS))
        first = self._batches.send(partition, records, codec)
        return range(first, first + len(records))

    def _partition(self, key: bytes | None) -> int:
        """One key, one partition; a key of many megabytes is not looked at whole."""
        if key is None:
            return self._chance.randrange(self._partitions)
        return (murmur2(key[:64]) & 0x7FFFFFFF) % self._partitions
