"""One transaction after the other under one transactional id: what is left open, the next one aborts."""

import asyncio
from collections.abc import Sequence

from aiokafka import AIOKafkaProducer
from aiokafka.errors import KafkaError

from tests.broker.raw_batches import Record, RefusedError

_SECONDS = 30


def transact(
    brokers: str, topic: str, partition: int, records: Sequence[Record], *, commit: bool
) -> list[int]:
    """The offsets. Raises RefusedError when the brokers did not confirm all; it may be open, or done."""
    try:
        return asyncio.run(_transact(brokers, topic, partition, records, commit))
    except (KafkaError, TimeoutError) as error:
        raise RefusedError(type(error).__name__) from error


async def _transact(
    brokers: str, topic: str, partition: int, records: Sequence[Record], commit: bool
) -> list[int]:
    producer = AIOKafkaProducer(
        bootstrap_servers=brokers,
        transactional_id=f"{topic}-transactions",
        transaction_timeout_ms=10_000,
        request_timeout_ms=5_000,
    )
    try:
        async with asyncio.timeout(_SECONDS):
            await producer.start()
            await producer.begin_transaction()
            futures = [await producer.send(topic, r.value, r.key, partition, r.timestamp) for r in records]
            places = [await f for f in futures]
            await (producer.commit_transaction() if commit else producer.abort_transaction())
    finally:
        await producer.stop()
    return [place.offset for place in places]
