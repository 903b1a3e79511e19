"""Clients of aiokafka as the settings want them: a consumer that is told what to read, and a producer."""

from typing import Any

from aiokafka import AIOKafkaConsumer, AIOKafkaProducer

from workers.settings import Settings
from workers.stream.batches import Send
from workers.stream.records import Output

# Over every topic's max.message.bytes: what is too large is for the brokers to say, who compress first.
REQUEST_BYTES = 128 * 1024 * 1024
_UNCONFIRMED_SECONDS = 120.0


def compression(settings: Settings) -> str | None:
    """The producer's compression by aiokafka's names."""
    return None if settings.compression == "none" else settings.compression


def assigned_consumer(settings: Settings, group: str) -> AIOKafkaConsumer:
    """A consumer for `assign`, not started. It never joins the group, which only keeps its offsets.

    An offset that is not there raises OffsetOutOfRangeError. Records of open and aborted transactions are
    not returned.
    """
    return AIOKafkaConsumer(
        **settings.kafka_options(),
        group_id=group,
        enable_auto_commit=False,
        auto_offset_reset="none",
        isolation_level="read_committed",
    )


def record_producer(settings: Settings) -> AIOKafkaProducer:
    """A producer as the worker's own, not started: equal keys go to equal partitions."""
    return AIOKafkaProducer(
        **settings.kafka_options(),
        acks="all",
        max_request_size=REQUEST_BYTES,
        compression_type=compression(settings),
        request_timeout_ms=int(_UNCONFIRMED_SECONDS * 1000),
    )


def sender(producer: AIOKafkaProducer, settings: Settings) -> Send:
    """Send through this producer. Raises MessageSizeTooLargeError where the client itself refuses."""
    names = {t.role: t.name for t in settings.topics}

    async def send(output: Output) -> Any:
        return await producer.send(
            names[output.role], value=output.value, key=output.key, headers=list(output.headers)
        )

    return send
