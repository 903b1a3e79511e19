"""Clients of aiokafka as the settings want them: a consumer that is told what to read, and a producer."""

from aiokafka import AIOKafkaConsumer, AIOKafkaProducer

from workers.settings import Settings
from workers.stream.batches import SURELY_TAKEN_BYTES
from workers.stream.consumer.fetching import install

# Above every topic's max.message.bytes: brokers compare sizes after compression, so they decide.
REQUEST_BYTES = 128 * 1024 * 1024
FETCH_BYTES = 16 * 1024 * 1024  # of one answer, as it comes compressed over the network
_WHOLE_BYTES = 8 * 1024 * 1024  # larger keys and values are not read whole: their dead letters tell the size
_UNCONFIRMED_SECONDS = 120.0


def compression(settings: Settings) -> str | None:
    """The producer's compression by aiokafka's names."""
    return None if settings.compression == "none" else settings.compression


def read_hostile_records(settings: Settings) -> None:
    """Let every aiokafka consumer of this process read records that its own fetcher would stop at."""
    install(max(_WHOLE_BYTES, settings.max_bytes))


def assigned_consumer(settings: Settings, group: str) -> AIOKafkaConsumer:
    """A consumer for `assign`, not started. It never joins the group, which only keeps its offsets.

    Raises OffsetOutOfRangeError for an offset that is not there, CorruptBatch for a batch that cannot be
    read. Records of open and aborted transactions are left out.
    """
    read_hostile_records(settings)
    return AIOKafkaConsumer(
        **settings.kafka_options(),
        group_id=group,
        enable_auto_commit=False,
        auto_offset_reset="none",
        isolation_level="read_committed",
        fetch_max_bytes=FETCH_BYTES,
    )


def record_producer(settings: Settings) -> AIOKafkaProducer:
    """A producer like the worker's own, not started: equal keys go to equal partitions."""
    return AIOKafkaProducer(
        **settings.kafka_options(),
        acks="all",
        max_batch_size=SURELY_TAKEN_BYTES,
        max_request_size=REQUEST_BYTES,
        compression_type=compression(settings),
        request_timeout_ms=int(_UNCONFIRMED_SECONDS * 1000),
    )
