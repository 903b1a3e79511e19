"""Joins two streams of events by article id in a temporary file, so that memory does not grow with them."""

import sqlite3
import zlib
from collections.abc import Iterator
from types import TracebackType
from typing import Literal, Self

Side = Literal["a", "b"]

_CACHE_KIB = 32 * 1024


class Spool:
    """Holds the newest value of each key on both sides; a context manager for one thread.

    The file has no name, so that it vanishes at the end. SQLite makes it in SQLITE_TMPDIR, TMPDIR, /var/tmp
    or /tmp. Raises sqlite3.OperationalError where that is full.
    """

    def __init__(self) -> None:
        self._database = sqlite3.connect("", isolation_level=None)
        self._database.execute("PRAGMA temp_store = FILE")
        self._database.execute(f"PRAGMA cache_size = -{_CACHE_KIB}")
        self._database.execute("PRAGMA journal_mode = OFF")
        self._database.execute("PRAGMA synchronous = OFF")
        for side in ("a", "b"):
            self._database.execute(f"CREATE TABLE {side} (key TEXT PRIMARY KEY, value BLOB NOT NULL)")
        self._database.execute("BEGIN")

    def put(self, side: Side, key: str, value: bytes | None) -> None:
        """Keep a value in place of an earlier one; None drops the key."""
        if value is None:
            self._database.execute(f"DELETE FROM {side} WHERE key = ?", (key,))  # noqa: S608 - one of two names
        else:
            self._database.execute(f"REPLACE INTO {side} VALUES (?, ?)", (key, zlib.compress(value, 1)))  # noqa: S608 - as above

    def count(self, side: Side) -> int:
        """The number of keys of a side."""
        return int(self._database.execute(f"SELECT count(*) FROM {side}").fetchone()[0])  # noqa: S608 - as above

    def pairs(self) -> Iterator[tuple[str, bytes | None, bytes | None]]:
        """Each key with its values on A and on B, by the order of keys."""
        rows = self._database.execute(
            "SELECT k.key, a.value, b.value FROM (SELECT key FROM a UNION SELECT key FROM b) AS k"
            " LEFT JOIN a ON a.key = k.key LEFT JOIN b ON b.key = k.key ORDER BY k.key"
        )
        for key, one, other in rows:
            yield key, _decompressed(one), _decompressed(other)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, value: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._database.close()


def _decompressed(value: bytes | None) -> bytes | None:
    return None if value is None else zlib.decompress(value)
