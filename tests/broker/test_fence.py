"""Records that a producer still holds after its process stood still."""

import asyncio

import pytest
from aiokafka import AIOKafkaConsumer, AIOKafkaProducer, TopicPartition

from tests.broker.cluster import Scenario
from workers.stream.fence import NotInTurn, fence


async def contents(brokers: str, topic: str) -> list[bytes | None]:
    """Values on the first partition of a topic."""
    async with AIOKafkaConsumer(bootstrap_servers=brokers, auto_offset_reset="earliest") as consumer:
        place = TopicPartition(topic, 0)
        consumer.assign([place])
        end = (await consumer.end_offsets([place]))[place]
        return [(await consumer.getone()).value for _ in range(end)]


async def test_what_waits_in_the_buffer_is_written_in_turn_only(scenario: Scenario, brokers: str) -> None:
    stood_still = False

    def in_turn() -> None:
        if stood_still:
            raise NotInTurn("this process stood still")

    topic = scenario.settings.topic_name("enriched")
    async with AIOKafkaProducer(bootstrap_servers=brokers, linger_ms=300) as producer:
        fence(producer, in_turn)
        await producer.send_and_wait(topic, b"before", b"a", 0)
        waits = await producer.send(topic, b"meanwhile", b"a", 0)
        stood_still = True
        with pytest.raises(NotInTurn, match="stood still"):
            await asyncio.wait_for(waits, 10)
        stood_still = False
        await producer.send_and_wait(topic, b"after", b"a", 0)
    assert await contents(brokers, topic) == [b"before", b"after"]
