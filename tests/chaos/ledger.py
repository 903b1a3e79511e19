"""What producers know was sent: one entry a confirmed raw record. Shared by threads."""

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
        """The brokers have it."""
        entry = Sent(source, kind, expected, record_digest(key, value))
        with self._lock:
            self._sent[source] = entry

    def unsure(self, reason: str) -> None:
        """The brokers may have it or not: it is looked for nowhere."""
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
