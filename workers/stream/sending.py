"""Sends through a producer, the app's or one of aiokafka's, and chooses topic and partition."""

import asyncio
import zlib
from collections.abc import Awaitable, Callable, Iterable, Mapping
from typing import TYPE_CHECKING, Any

from aiokafka import AIOKafkaProducer
from aiokafka.errors import MessageSizeTooLargeError

from schemas.topics import Role
from workers.enrichment.records import Output
from workers.settings import Settings
from workers.stream.batches import Send

if TYPE_CHECKING:
    import faust

Hand = Callable[[str, Output, int | None], Awaitable[Awaitable[object]]]
"""Hand a record to a producer for a topic and a partition (None: the producer chooses by key)."""
Partitions = Callable[[str], Awaitable[Iterable[int]]]

# Kafka's own hash takes 1.5 s for a megabyte in Python and blocks the event loop meanwhile.
_LONG_KEY_BYTES = 4096


def sender(app: "faust.App", settings: Settings) -> Send:
    """Send through the app's producer. Raises MessageSizeTooLargeError where the client itself refuses."""
    from faust.exceptions import ProducerSendError

    async def hand(topic: str, output: Output, partition: int | None) -> Any:
        try:
            headers = list(output.headers)
            return await app.producer.send(topic, output.key, output.value, partition, None, headers)
        except ProducerSendError as error:
            if isinstance(error.__cause__, MessageSizeTooLargeError):
                raise error.__cause__ from error
            raise

    async def partitions(topic: str) -> Iterable[int]:
        found: Iterable[int] = await app.producer._ensure_producer().partitions_for(topic)
        return found

    return _sender(hand, partitions, settings)


def client_sender(producer: AIOKafkaProducer, settings: Settings) -> Send:
    """Send through a producer of aiokafka. Raises MessageSizeTooLargeError where it refuses."""

    async def hand(topic: str, output: Output, partition: int | None) -> Any:
        headers = list(output.headers)
        return await producer.send(topic, output.value, output.key, partition, headers=headers)

    return _sender(hand, producer.partitions_for, settings)


def _sender(hand: Hand, partitions: Partitions, settings: Settings) -> Send:
    names: Mapping[Role, str] = {t.role: t.name for t in settings.topics}

    async def send(output: Output) -> Awaitable[object]:
        topic = names[output.role]
        if output.every_partition:
            copies = [await hand(topic, output, p) for p in sorted(await partitions(topic))]
            return asyncio.gather(*copies)
        partition = None
        if output.key is not None and len(output.key) > _LONG_KEY_BYTES:
            numbers = sorted(await partitions(topic))
            partition = numbers[zlib.crc32(output.key) % len(numbers)]
        return await hand(topic, output, partition)

    return send
