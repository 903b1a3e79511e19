"""Sending through the app's producer: to which topic and partition."""

import asyncio
import zlib
from collections.abc import Awaitable, Mapping
from typing import Any

import faust
from aiokafka.errors import MessageSizeTooLargeError
from faust.exceptions import ProducerSendError

from schemas.topics import Role
from workers.settings import Settings
from workers.stream.batches import Send
from workers.stream.records import Output

# Kafka's own hash takes a second and a half for a megabyte in Python, and the event loop waits.
_LONG_KEY_BYTES = 4096


def sender(app: faust.App, settings: Settings) -> Send:
    """Send through the app's producer. Raises MessageSizeTooLargeError where the client itself refuses."""
    names: Mapping[Role, str] = {t.role: t.name for t in settings.topics}

    async def send(output: Output) -> Awaitable[object]:
        topic = names[output.role]
        if output.every_partition:
            copies = [await _send(app, topic, output, p) for p in await _partitions(app, topic)]
            return asyncio.gather(*copies)
        partition = None
        if output.key is not None and len(output.key) > _LONG_KEY_BYTES:
            partitions = await _partitions(app, topic)
            partition = partitions[zlib.crc32(output.key) % len(partitions)]
        confirmed: Awaitable[object] = await _send(app, topic, output, partition)
        return confirmed

    return send


async def _send(app: faust.App, topic: str, output: Output, partition: int | None) -> Any:
    try:
        return await app.producer.send(topic, output.key, output.value, partition, None, list(output.headers))
    except ProducerSendError as error:
        if isinstance(error.__cause__, MessageSizeTooLargeError):
            raise error.__cause__ from error
        raise


async def _partitions(app: faust.App, topic: str) -> list[int]:
    return sorted(await app.producer._ensure_producer().partitions_for(topic))
