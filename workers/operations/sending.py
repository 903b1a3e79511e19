"""Sends records to a topic: idempotent, confirmed one by one, in bounded memory."""

from collections import deque
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, NamedTuple

from kafka.errors import KafkaError, MessageSizeTooLargeError

from schemas.reasons import Reason
from workers.operations.clients import admin_client, producer_client
from workers.operations.offsets import partitions_of

if TYPE_CHECKING:
    from workers.settings import Settings

IN_FLIGHT = 5_000
IN_FLIGHT_BYTES = 64 * 1024 * 1024
CONFIRM_SECONDS = 60.0
"""Time that a record may stay unconfirmed before it is given up."""


@dataclass(frozen=True, slots=True)
class Confirmed:
    """A record that the brokers have."""

    place: object
    partition: int
    offset: int


@dataclass(frozen=True, slots=True)
class NotSent:
    """A part of the input that did not become a record, and why."""

    place: object
    reason: str
    detail: str


class Outgoing(NamedTuple):
    """A record to be sent."""

    place: object
    key: bytes | None
    value: bytes | None
    headers: list[tuple[str, bytes | None]]


class _Pending(NamedTuple):
    place: object
    size: int
    future: Any


def send(
    records: Iterable[Outgoing | NotSent], settings: "Settings", topic: str
) -> Iterator[Confirmed | NotSent]:
    """Send records to a topic; yields what became of each, roughly in their order.

    Raises `CommandFailed` where there is no broker or no topic.
    """
    with admin_client(settings) as admin:
        partitions_of(admin, topic)
    options = {
        "linger_ms": 20,
        "batch_size": 256 * 1024,
        "compression_type": None if settings.compression == "none" else settings.compression,
        "max_request_size": 64 * 1024 * 1024,
        "max_block_ms": int(CONFIRM_SECONDS * 1000),
        "delivery_timeout_ms": int(CONFIRM_SECONDS * 1000),
    }
    pending: deque[_Pending] = deque()
    pending_bytes = 0
    with producer_client(settings, **options) as producer:
        for record in records:
            if isinstance(record, NotSent):
                yield record
                continue
            try:
                future = producer.send(topic, key=record.key, value=record.value, headers=record.headers)
            except MessageSizeTooLargeError as error:
                yield NotSent(record.place, Reason.TOO_LARGE, error.args[0] if error.args else str(error))
                continue
            except ValueError as error:  # the client refuses a record without key and value
                yield NotSent(record.place, "not_sendable", str(error))
                continue
            except KafkaError as error:
                yield NotSent(record.place, type(error).__name__, str(error))
                continue
            pending.append(_Pending(record.place, len(record.value or b""), future))
            pending_bytes += pending[-1].size
            while pending and (
                pending[0].future.is_done or len(pending) > IN_FLIGHT or pending_bytes > IN_FLIGHT_BYTES
            ):
                pending_bytes -= pending[0].size
                yield _confirmation(pending.popleft())
        producer.flush(timeout=CONFIRM_SECONDS)
        while pending:
            yield _confirmation(pending.popleft())


def _confirmation(pending: _Pending) -> Confirmed | NotSent:
    try:
        metadata = pending.future.get(timeout=CONFIRM_SECONDS)
    except KafkaError as error:
        return NotSent(pending.place, type(error).__name__, str(error))
    return Confirmed(pending.place, metadata.partition, metadata.offset)
