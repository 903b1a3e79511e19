"""Reads statement records as a consumer must: each event once, and only of an article's newest enrichment.

Delivery is at least once, and an article that is enriched again leaves its older statements on the topic.
So a consumer keeps one event per `ce_id`, only the events of an article's newest enrichment, and none of an
article that was withdrawn since.
"""

import hashlib
import sqlite3
from collections import OrderedDict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from types import TracebackType
from typing import Any, Self

import msgspec

from schemas import headers
from schemas.derived import StatementEvent
from schemas.described import WITHDRAWN
from schemas.reasons import Reason
from workers.record_batches.fetched import fault_of

REMEMBERED = 200_000
"""Number of ids that are remembered of an endless topic; what comes twice comes within a batch or two."""

_TABLE = "CREATE TABLE article (id TEXT PRIMARY KEY, time INT, raw INT, enrichment BLOB, withdrawn INT)"
_ENRICHED = (
    "INSERT INTO article VALUES (?, ?, ?, ?, -1) ON CONFLICT (id) DO UPDATE "
    "SET time = excluded.time, raw = excluded.raw, enrichment = excluded.enrichment "
    "WHERE (excluded.time, excluded.raw) >= (article.time, article.raw)"
)
_WITHDRAWN = (
    "INSERT INTO article VALUES (?, -1, -1, NULL, ?) ON CONFLICT (id) DO UPDATE "
    "SET withdrawn = max(article.withdrawn, excluded.withdrawn)"
)
# What was sent in the same millisecond as a withdrawal was sent before it, in one batch.
_HOLDS = "SELECT 1 FROM article WHERE id = ? AND enrichment = ? AND withdrawn < ?"


@dataclass(frozen=True, slots=True)
class Said:
    """A record that holds a statement. `enrichment` is the same for all events of one enrichment."""

    id: bytes
    event: StatementEvent
    time: int
    enrichment: bytes

    @property
    def raw_offset(self) -> int:
        """The offset at which the article was consumed."""
        return self.event.provenance.offset or 0


@dataclass(frozen=True, slots=True)
class Withdrawn:
    """A record that withdraws an article's events. It stands in every partition, with one id."""

    id: bytes
    article: str
    time: int


@dataclass(frozen=True, slots=True)
class Unreadable:
    """A record that is no statement event, with its place."""

    place: str
    reason: str
    detail: str


def read_statement(record: Any) -> Said | Withdrawn | Unreadable | None:
    """Read a record of the topic; None for one that has no value and withdraws nothing."""
    place = f"{record.topic}[{record.partition}]@{record.offset}"
    if fault := fault_of(record.headers):  # the clients of other consumers cannot read it either
        return Unreadable(place, fault.reason, fault.detail)
    values = {name: value or b"" for name, value in record.headers}
    if record.value is None:
        if values.get(headers.CE_TYPE) == WITHDRAWN.encode():
            article = values.get(headers.CE_SUBJECT, b"").decode("utf-8", "replace")
            return Withdrawn(values.get(headers.CE_ID) or article.encode(), article, record.timestamp)
        return None
    try:
        event = _DECODER.decode(record.value)
    except (msgspec.MsgspecError, UnicodeDecodeError) as error:
        reason = Reason.SCHEMA if isinstance(error, msgspec.ValidationError) else Reason.MALFORMED_JSON
        return Unreadable(place, reason, str(error))
    known = values.get(headers.CE_ID) or hashlib.sha256(record.value).digest()[:16]
    enrichment = hashlib.blake2b(msgspec.msgpack.encode(event.provenance), digest_size=16).digest()
    return Said(known, event, record.timestamp, enrichment)


_DECODER = msgspec.json.Decoder(StatementEvent)


class NewIds:
    """Tells which ids are new among the last ones."""

    def __init__(self, remembered: int = REMEMBERED) -> None:
        self._remembered = remembered
        self._seen: OrderedDict[bytes, None] = OrderedDict()

    def add(self, known: bytes) -> bool:
        """Remember an id; returns whether it is new."""
        new = known not in self._seen
        self._seen[known] = None
        self._seen.move_to_end(known)
        if len(self._seen) > self._remembered:
            self._seen.popitem(last=False)
        return new


class Newest:
    """The newest enrichment of each article, kept on disk as a topic may hold more than fits into memory.

    A context manager. First `learn` all records, then `select` from the same ones.
    """

    def __init__(self) -> None:
        self._database = sqlite3.connect(
            "", isolation_level=None
        )  # a file of its own that is removed at the end

    def __enter__(self) -> Self:
        self._database.execute("PRAGMA journal_mode = OFF")
        self._database.execute(_TABLE)
        self._database.execute("CREATE TABLE shown (id BLOB PRIMARY KEY) WITHOUT ROWID")
        self._database.execute("BEGIN")
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._database.close()

    def learn(self, records: Iterable[Said | Withdrawn]) -> None:
        """Find the newest enrichment of each article (by time, at the same time by the raw offset), and when
        it was withdrawn.
        """
        for record in records:
            if isinstance(record, Said):
                row = (record.event.article.id, record.time, record.raw_offset, record.enrichment)
                self._database.execute(_ENRICHED, row)
            else:
                self._database.execute(_WITHDRAWN, (record.article, record.time))

    def select(self, records: Iterable[Said | Withdrawn]) -> Iterator[StatementEvent]:
        """The statements of the newest enrichments that were not withdrawn since, each once."""
        for record in records:
            if isinstance(record, Said) and self._holds(record) and self._is_new(record):
                yield record.event

    def _holds(self, record: Said) -> bool:
        row = (record.event.article.id, record.enrichment, record.time)
        return self._database.execute(_HOLDS, row).fetchone() is not None

    def _is_new(self, record: Said) -> bool:
        return self._database.execute("INSERT OR IGNORE INTO shown VALUES (?)", (record.id,)).rowcount > 0
