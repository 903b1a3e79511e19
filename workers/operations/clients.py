"""Synchronous clients of the brokers, for the commands."""

import contextlib
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from kafka import KafkaAdminClient, KafkaConsumer, KafkaProducer

from workers.operations.connecting import CONNECT_SECONDS, connected
from workers.operations.fetching import install

if TYPE_CHECKING:
    from workers.settings import Settings


@contextlib.contextmanager
def admin_client(settings: "Settings") -> Iterator[KafkaAdminClient]:
    """An administration client. Raises `CommandFailed` where no broker answers."""
    with connected(settings):
        client = KafkaAdminClient(
            **settings.kafka_options(), bootstrap_timeout_ms=int(CONNECT_SECONDS * 1000)
        )
    try:
        yield client
    finally:
        client.close()


@contextlib.contextmanager
def consumer_client(settings: "Settings", **options: Any) -> Iterator[KafkaConsumer]:
    """A consumer without a group: it commits nothing, and leaves aborted transactions out.

    A record that no well-behaved client sends comes with its fault (`fault_of` its headers). `poll` raises
    CorruptBatch for a broken batch. Raises `CommandFailed` where no broker answers.
    """
    with connected(settings):
        client = KafkaConsumer(
            **settings.kafka_options(),
            group_id=None,
            enable_auto_commit=False,
            auto_offset_reset="earliest",
            isolation_level="read_committed",
            allow_auto_create_topics=False,
            fetch_max_wait_ms=100,
            bootstrap_timeout_ms=int(CONNECT_SECONDS * 1000),
            **options,
        )
    try:
        yield install(client)
    finally:
        client.close()


@contextlib.contextmanager
def producer_client(settings: "Settings", **options: Any) -> Iterator[KafkaProducer]:
    """An idempotent producer. If the context ends by an exception, unsent records are given up."""
    with connected(settings):
        client = KafkaProducer(
            **settings.kafka_options(), bootstrap_timeout_ms=int(CONNECT_SECONDS * 1000), **options
        )
    try:
        yield client
    except BaseException:
        client.close(timeout=0)
        raise
    client.close()
