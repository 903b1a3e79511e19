"""Consumer groups: their members, and reading and setting their committed offsets."""

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from kafka import KafkaAdminClient, TopicPartition
from kafka.errors import (
    CoordinatorLoadInProgressError,
    CoordinatorNotAvailableError,
    GroupIdNotFoundError,
    KafkaError,
    NotCoordinatorError,
)

LIVE_STATES = ("Stable", "PreparingRebalance", "CompletingRebalance", "Assigning", "Reconciling")
_COORDINATOR_ERRORS = (CoordinatorNotAvailableError, CoordinatorLoadInProgressError, NotCoordinatorError)


@dataclass(frozen=True, slots=True)
class Group:
    """What the broker says about a consumer group; `state` is None where it says nothing."""

    name: str
    state: str | None
    members: tuple[str, ...] = ()

    @property
    def is_live(self) -> bool | None:
        """Whether it has members; None where that is not known."""
        if self.state is None:
            return None
        return bool(self.members) or self.state in LIVE_STATES


def patiently[T](ask: Callable[[], T], seconds: float = 60.0) -> T:
    """Ask about a group until its coordinator is there; returns the answer.

    A cluster that never had a group makes the topic of offsets first; the client does not wait for it.
    """
    deadline = time.monotonic() + seconds
    while True:
        try:
            return ask()
        except _COORDINATOR_ERRORS:
            if time.monotonic() > deadline:
                raise
            time.sleep(0.2)


def alter_group_offsets(
    admin: KafkaAdminClient, group: str, places: Mapping[TopicPartition, Any]
) -> dict[TopicPartition, type[KafkaError]]:
    """Set a group's offsets once its coordinator is there; returns the answer for each partition."""

    def ask() -> dict[TopicPartition, type[KafkaError]]:
        answers: dict[TopicPartition, type[KafkaError]] = admin.alter_group_offsets(group, dict(places))
        for error in answers.values():
            if issubclass(error, _COORDINATOR_ERRORS):
                raise error
        return answers

    return patiently(ask)


def look_at_group(admin: KafkaAdminClient, name: str) -> Group:
    """State and members of a group, as far as the broker says."""
    try:
        answer: dict[str, Any] = patiently(lambda: admin.describe_groups([name]))
        described = answer.get(name, {})
    except (KafkaError, ValueError):  # the embedded broker's answer cannot be read
        return Group(name, None)
    error = str(described.get("error") or "")
    if error and GroupIdNotFoundError.__name__ not in error:  # a group that is not there has no members
        return Group(name, None)
    members = tuple(
        f"{member.get('client_id', '?')}@{str(member.get('client_host', '?')).lstrip('/')}"
        for member in described.get("members", ())
    )
    return Group(name, str(described.get("group_state") or "Unknown"), members)


def committed_offsets(
    admin: KafkaAdminClient, group: str, partitions: list[TopicPartition]
) -> dict[TopicPartition, int]:
    """Committed offsets of a group, for the partitions that have one."""
    found = patiently(lambda: admin.list_group_offsets({group: partitions}))[group]
    return {partition: place.offset for partition, place in found.items() if place.offset >= 0}


def live_message(group: Group) -> str:
    """The message that says why a replay is refused, and what to do."""
    members = f" ({', '.join(group.members)})" if group.members else ""
    return (
        f"group {group.name} is live{members}: its workers would overwrite the offsets. Stop them all, "
        "wait until the group is empty (a worker that was killed counts until its session times out), "
        "and try again"
    )
