"""Reads the committed offsets of a group, if the brokers answer."""

from kafka import KafkaAdminClient, TopicPartition
from kafka.errors import KafkaError

_CONNECT_MS = 2000


def commits(brokers: str, group: str, topic: str, partitions: int) -> dict[int, int] | None:
    """By partition, of those that have one; None while the brokers do not answer."""
    asked = [TopicPartition(topic, p) for p in range(partitions)]
    try:
        admin = KafkaAdminClient(bootstrap_servers=brokers, bootstrap_timeout_ms=_CONNECT_MS)
    except KafkaError:
        return None
    try:
        found = admin.list_group_offsets({group: asked})[group]
    except KafkaError:
        return None
    finally:
        admin.close()
    return {tp.partition: place.offset for tp, place in found.items() if place.offset >= 0}
