"""The records that producers know were sent: one entry for each confirmed raw record. Shared by threads."""

import hashlib
import threading
from collections import Counter

from tests.chaos.account import Sent, Source


def record_digest(key: bytes | None, value: bytes | None) -> bytes:
    """Of a key and a value, where None is not empty."""
    found = hashlib.blake2b(digest_size=16)
    for part in (key, value):
        found.update(b"-" if part is None else b"%d:" % len(part) + part)
    return found.digest()


class Ledger:
    """Entries by source."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._sent: dict[Source, Sent] = {}
        self._unsure: Counter[str] = Counter()

    def confirmed(
        self, source: Source, kind: str, expected: frozenset[str], key: bytes | None, value: bytes | None
    ) -> None:
        """Note a record that the brokers have."""
        entry = Sent(source, kind, expected, record_digest(key, value))
        with self._lock:
            self._sent[source] = entry

    def unsure(self, reason: str) -> None:
        """Note a record that the brokers may have: the account leaves it out."""
        with self._lock:
            self._unsure[reason] += 1

    @property
    def sent(self) -> list[Sent]:
        """All entries so far."""
        with self._lock:
            return list(self._sent.values())

    @property
    def unsure_reasons(self) -> dict[str, int]:
        """Records and batches that were given up, by reason."""
        with self._lock:
            return dict(self._unsure)
