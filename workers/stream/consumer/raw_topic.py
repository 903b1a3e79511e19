"""Asks the brokers what Faust does not: is the raw topic still the same, and is all of it read?

A topic that was deleted and made anew under the same name has other records at the same offsets. A commit
there would pass over records that nobody read. Only the topic's id tells, so it is asked for before each
commit (0.3 ms of processor time).
"""

import threading
from collections.abc import Callable
from time import monotonic
from typing import Any

from kafka import KafkaAdminClient
from kafka.errors import KafkaError, UnknownTopicOrPartitionError

from workers.settings import Settings

FRESH_SECONDS = 1.0
"""Most seconds from the answer to the commit: a process may be stopped in between."""

_ANSWER_MS = 3000


class TopicMadeAnew(Exception):  # noqa: N818 - names the event
    """The topic has another id than at the start."""


def topic_client(settings: Settings) -> KafkaAdminClient:
    """A client that waits only seconds, as a worker that is told to stop has no more."""
    return KafkaAdminClient(
        **settings.kafka_options(), request_timeout_ms=_ANSWER_MS, bootstrap_timeout_ms=_ANSWER_MS
    )


class RawTopic:
    """Asks through a client of its own. All methods block: call them in a thread."""

    def __init__(self, topic: str, group: str, connect: Callable[[], KafkaAdminClient]) -> None:
        self._topic = topic
        self._group = group
        self._connect = connect
        self._admin: KafkaAdminClient | None = None
        self._lock = threading.Lock()
        self._id: object = None
        self._confirmed_at = float("-inf")

    @property
    def fresh(self) -> bool:
        """True if the topic was confirmed a moment ago."""
        return monotonic() - self._confirmed_at < FRESH_SECONDS

    def confirm(self) -> bool:
        """True if the topic is that of the first call, False if the brokers do not tell now.

        Raises TopicMadeAnew.
        """
        described = self._ask(lambda admin: admin.describe_topics([self._topic]))
        if not described or described[0]["error_code"]:
            return False
        found = described[0].get("topic_id")
        if self._id is None:
            self._id = found
        elif found != self._id:
            raise TopicMadeAnew(
                f"topic {self._topic} was deleted and made anew while this worker read it (id {self._id}, "
                f"now {found}); nothing was committed on the new one"
            )
        self._confirmed_at = monotonic()
        return True

    def why_idle(self) -> str | None:
        """Why a worker has no partitions though some have no reader; None for a stand-by, or if unknown."""
        described = self._ask(lambda admin: admin.describe_topics([self._topic]))
        if described is None:
            return None
        if not described or described[0]["error_code"]:
            return f"there is no topic {self._topic}"
        groups = self._ask(lambda admin: admin.describe_groups([self._group]))
        group = (groups or {}).get(self._group, {})
        if group.get("error") or not group.get("members"):
            return None
        every = {p["partition_index"] for p in described[0]["partitions"]}
        left = sorted(every - self._read(group["members"]))
        return f"nobody reads the partitions {left} of {self._topic}" if left else None

    def _read(self, members: list[dict[str, Any]]) -> set[int]:
        return {
            number
            for member in members
            for assigned in (member.get("member_assignment") or {}).get("assigned_partitions", ())
            if assigned["topic"] == self._topic
            for number in assigned["partitions"]
        }

    def close(self) -> None:
        """Close the client, also while a question is under way."""
        self._disconnect()

    def _ask(self, question: Callable[[KafkaAdminClient], Any]) -> Any:
        """The answer; None while there is none."""
        with self._lock:
            try:
                if self._admin is None:
                    self._admin = self._connect()
                return question(self._admin)
            except UnknownTopicOrPartitionError:
                return []
            except (
                KafkaError,
                OSError,
                ValueError,
            ):  # ValueError: the embedded broker's answer about a group
                self._disconnect()
                return None

    def _disconnect(self) -> None:
        admin, self._admin = self._admin, None
        if admin is not None:
            admin.close()
