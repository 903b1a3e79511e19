"""Is the topic still the one that the worker began to read?

A topic that was deleted and made anew under the same name has other records at the same offsets. Committing
there would pass over records that nobody read, and no offset tells: the topic's id does. It is asked for
before each commit (0.3 ms of processor time).
"""

import threading
import uuid
from collections.abc import Callable
from time import monotonic

from kafka import KafkaAdminClient
from kafka.errors import KafkaError

FRESH_SECONDS = 1.0
"""A commit must follow the answer within this time: a process may be stopped in between."""


class TopicMadeAnew(Exception):  # noqa: N818 - names the event
    """The topic has another id than at the start."""


class TopicIdentity:
    """The id of one topic, asked through a client of its own."""

    def __init__(self, topic: str, connect: Callable[[], KafkaAdminClient]) -> None:
        self._topic = topic
        self._connect = connect
        self._admin: KafkaAdminClient | None = None
        self._lock = threading.Lock()
        self._known: uuid.UUID | str | None = None
        self._confirmed_at = float("-inf")

    @property
    def fresh(self) -> bool:
        """True if the topic was confirmed a moment ago."""
        return monotonic() - self._confirmed_at < FRESH_SECONDS

    def confirm(self) -> bool:
        """Ask the brokers; True if the topic is the one of the first call, False if they do not tell now.

        Blocks; to be called in a thread. Raises TopicMadeAnew.
        """
        with self._lock:
            asked_at = monotonic()
            try:
                if self._admin is None:
                    self._admin = self._connect()
                described = self._admin.describe_topics([self._topic])
            except (KafkaError, OSError):
                self._disconnect()
                return False
            if not described or described[0]["error_code"]:
                return False
            found = described[0].get("topic_id")
            if self._known is None:
                self._known = found
            elif found != self._known:
                raise TopicMadeAnew(
                    f"topic {self._topic} was deleted and made anew while this worker read it "
                    f"(id {self._known}, now {found}); nothing was committed on the new one"
                )
            self._confirmed_at = asked_at
            return True

    def close(self) -> None:
        """Close the client."""
        with self._lock:
            self._disconnect()

    def _disconnect(self) -> None:
        admin, self._admin = self._admin, None
        if admin is not None:
            admin.close()
