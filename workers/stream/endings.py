"""The reason why a worker ends, in one sentence for whoever is called at night."""

from collections.abc import Iterator

from aiokafka import errors

from workers.enrichment.supervision import PipelineFailed
from workers.settings import Settings
from workers.stream.batches import NotConfirmed
from workers.stream.consumer.positions import OffsetsWentBack
from workers.stream.consumer.raw_topic import TopicMadeAnew
from workers.stream.consumer.transport import UnreadableBatch
from workers.stream.rights import missing_right
from workers.stream.turn import StoodStill
from workers.stream.watchdog import Stalled

_OURS = (
    *(NotConfirmed, OffsetsWentBack, PipelineFailed, Stalled, StoodStill, TopicMadeAnew, UnreadableBatch),
)


def explained(error: BaseException, settings: Settings) -> str | None:
    """The sentence for an error; None for an unexpected one, whose stack trace is worth reading."""
    chain = list(_chain(error))
    for link in chain:
        if right := missing_right(link, settings, sending=any(isinstance(e, NotConfirmed) for e in chain)):
            return right
    if any(isinstance(link, errors.InvalidTimestampError) for link in chain):
        return (
            "the brokers refuse records of this machine's time: set its clock (they allow an hour by default)"
        )
    for link in chain:
        if isinstance(link, _OURS):
            return str(link)
    for link in chain:
        if isinstance(link, errors.KafkaError):
            return f"the brokers or the connection to them failed: {type(link).__name__}: {link}"
    return None


def _chain(error: BaseException) -> Iterator[BaseException]:
    seen: set[int] = set()
    link: BaseException | None = error
    while link is not None and id(link) not in seen:
        seen.add(id(link))
        yield link
        link = link.__cause__ or link.__context__
