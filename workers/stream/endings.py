"""Why a worker ends, in one sentence for whoever is called at night."""

from collections.abc import Iterator

from aiokafka import errors

from workers.settings import Settings
from workers.stream.batches import NotConfirmed
from workers.stream.consumer.identity import TopicMadeAnew
from workers.stream.consumer.transport import OffsetsWentBack, UnreadableBatch
from workers.stream.process import PipelineFailed
from workers.stream.watchdog import Stalled

_OURS = (NotConfirmed, OffsetsWentBack, PipelineFailed, Stalled, TopicMadeAnew, UnreadableBatch)


def explained(error: BaseException, settings: Settings) -> str | None:
    """The sentence, or None for what nobody expects: its stack trace is then worth reading."""
    chain = list(_chain(error))
    for link in chain:
        if right := _missing_right(link, settings, sending=any(isinstance(e, NotConfirmed) for e in chain)):
            return right
    for link in chain:
        if isinstance(link, _OURS):
            return str(link)
    for link in chain:
        if isinstance(link, errors.KafkaError):
            return f"the brokers or the connection to them failed: {type(link).__name__}: {link}"
    return None


def _missing_right(error: BaseException, settings: Settings, *, sending: bool) -> str | None:
    user = settings.sasl_username or "USER"
    if isinstance(error, errors.GroupAuthorizationFailedError):
        return _grant(f"read with group {settings.group}", user, "Read", f"--group {settings.group}")
    if isinstance(error, errors.TopicAuthorizationFailedError):
        if sending:
            written = [t.name for t in settings.topics if t.role != "raw"]
            options = " ".join(f"--topic {name}" for name in written)
            return _grant(f"write to one of {', '.join(written)}", user, "Write", options)
        raw = settings.topic_name("raw")
        return _grant(f"read {raw}", user, "Read", f"--topic {raw}")
    if isinstance(error, errors.ClusterAuthorizationFailedError):
        return _grant("act on the cluster", user, "IdempotentWrite", "--cluster")
    return None


def _grant(what: str, user: str, operation: str, options: str) -> str:
    return (
        f"the brokers do not let this worker {what}. Grant the right: "
        f"kafka-acls --add --allow-principal User:{user} --operation {operation} {options}"
    )


def _chain(error: BaseException) -> Iterator[BaseException]:
    seen: set[int] = set()
    link: BaseException | None = error
    while link is not None and id(link) not in seen:
        seen.add(id(link))
        yield link
        link = link.__cause__ or link.__context__
