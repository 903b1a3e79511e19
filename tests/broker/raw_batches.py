"""Makes and sends record batches as bytes that no well-behaved client would send.

The batch is built by kafka-python's own builder; what its producer forbids (neither key nor value, header
names that are not UTF-8, any timestamp) is only forbidden further up.
"""

import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from kafka import KafkaAdminClient
from kafka.errors import InvalidMetadataError, KafkaError, for_code
from kafka.protocol.producer import ProduceRequest
from kafka.record.default_records import DefaultRecordBatchBuilder

CODECS = {"none": 0, "gzip": 1, "snappy": 2, "lz4": 3, "zstd": 4}
SEND_SECONDS = 30
_TRIES = 10
_NO_LIMIT = 2**31 - 1


@dataclass(frozen=True, slots=True)
class Record:
    """A record to send. Header names are bytes; `timestamp` is in Unix milliseconds, None: now."""

    key: bytes | None
    value: bytes | None
    headers: tuple[tuple[bytes, bytes | None], ...] = ()
    timestamp: int | None = field(default=None)


class _Name:
    """Bytes that a client takes for a header's name."""

    def __init__(self, name: bytes) -> None:
        self._name = name

    def encode(self, _encoding: str) -> bytes:
        return self._name


def batch(records: Sequence[Record], codec: str = "none") -> bytes:
    """A RecordBatch of version 2, outside of any transaction."""
    builder = DefaultRecordBatchBuilder(
        magic=2,
        compression_type=CODECS[codec],
        is_transactional=False,
        producer_id=-1,
        producer_epoch=-1,
        base_sequence=-1,
        batch_size=_NO_LIMIT,
    )
    for offset, record in enumerate(records):
        timestamp = int(time.time() * 1000) if record.timestamp is None else record.timestamp
        named = [(_Name(name), value) for name, value in record.headers]
        builder.append(offset, timestamp, record.key, record.value, named)
    return bytes(builder.build())


class RefusedError(Exception):
    """The brokers did not take the batch; the message names their reason."""


class _NotLedError(Exception):
    """The batch was surely not taken: another broker leads the partition, or none yet."""


class BatchSender:
    """Sends batches to one topic, each to the leader of its partition."""

    def __init__(self, brokers: str, topic: str) -> None:
        self._admin = KafkaAdminClient(bootstrap_servers=brokers)
        self._topic = topic
        self._leaders: dict[int, int] = {}

    def send(self, partition: int, records: Sequence[Record], codec: str = "none") -> int:
        """Offset of the first record. Raises RefusedError; the batch may be there nevertheless."""
        for _ in range(_TRIES):
            try:
                return self._send_once(partition, records, codec)
            except _NotLedError:  # a topic that was just made, or a broker that just came back
                time.sleep(0.5)
        raise RefusedError(f"partition {partition} has no leader")

    def _send_once(self, partition: int, records: Sequence[Record], codec: str) -> int:
        topic = ProduceRequest.TopicProduceData
        request = ProduceRequest(
            transactional_id=None,
            acks=-1,
            timeout_ms=SEND_SECONDS * 1000,
            topic_data=[
                topic(
                    name=self._topic,
                    partition_data=[
                        topic.PartitionProduceData(index=partition, records=batch(records, codec))
                    ],
                )
            ],
            max_version=9,
        )
        try:
            answer = self._answer(partition, request)
        except KafkaError as error:
            self._leaders.clear()
            raise RefusedError(repr(error)) from error
        if answer.error_code:
            self._leaders.clear()
            error = for_code(answer.error_code)
            raise (_NotLedError if issubclass(error, InvalidMetadataError) else RefusedError)(error.__name__)
        return int(answer.base_offset)

    def _answer(self, partition: int, request: ProduceRequest) -> Any:
        if partition not in self._leaders:
            (described,) = self._admin.describe_topics([self._topic])
            self._leaders = {p["partition_index"]: p["leader_id"] for p in described["partitions"]}
        manager = self._admin._manager
        response = manager.run(self._send, request, self._leaders[partition])
        return response.responses[0].partition_responses[0]

    async def _send(self, request: ProduceRequest, node: int) -> Any:
        manager = self._admin._manager
        await manager.get_connection(node, timeout_ms=SEND_SECONDS * 1000)
        return await manager.send(request, node_id=node, request_timeout_ms=SEND_SECONDS * 1000)

    def close(self) -> None:
        self._admin.close()
