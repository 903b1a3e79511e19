"""A fence around aiokafka's producer: what waits in its buffer is written only in the worker's turn.

The producer holds records back while an earlier request is on its way, or while no broker answers. A process
that stands still meanwhile writes them the moment it runs again, behind the newer versions of the next owner.
"""

from collections.abc import Callable
from typing import Any

from aiokafka import AIOKafkaProducer
from aiokafka.errors import KafkaError
from aiokafka.protocol.produce import ProduceRequest


class NotInTurn(KafkaError):  # type: ignore[misc]  # noqa: N818 - names the event
    """Records of a producer were not written; aiokafka does not try them again."""

    retriable = False


def fence(producer: AIOKafkaProducer, in_turn: Callable[[], None]) -> None:
    """Let the producer call `in_turn` before it writes records; where that raises NotInTurn they fail."""
    client = producer.client
    send = client.send

    async def send_in_turn(node_id: int, request: Any, **options: Any) -> Any:
        if isinstance(request, ProduceRequest):
            await client.ready(node_id, **options)  # connecting takes time: ask after it
            in_turn()
        return await send(node_id, request, **options)

    client.send = send_in_turn
