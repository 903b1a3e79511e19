"""Sets a group back, so that its workers enrich again what they have enriched before.

A plan is made and shown first. It is carried out only for a group without live members, as the broker refuses
commits for a live one. Where the broker lists the members, the plan says so beforehand.
"""

import time
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from kafka import KafkaAdminClient, KafkaConsumer, TopicPartition
from kafka.errors import (
    IllegalGenerationError,
    InconsistentGroupProtocolError,
    KafkaError,
    NoError,
    RebalanceInProgressError,
    UnknownMemberIdError,
)
from kafka.structs import OffsetAndMetadata

from workers.failures import CommandFailed
from workers.operations.fetching import install
from workers.operations.groups import (
    Group,
    alter_group_offsets,
    committed_offsets,
    live_message,
    look_at_group,
)
from workers.operations.offsets import begin_offsets, end_offsets, partitions_of
from workers.operations.plans import PlanFile, PlanSpan
from workers.operations.targets import Kind, Target, limited, resolved
from workers.operations.timestamps import offsets_at
from workers.record_batches.fetched import CorruptBatch

if TYPE_CHECKING:
    from workers.settings import Settings

JOIN_SECONDS = 90.0
"""Most seconds that joining may take: brokers wait for dead members until their sessions time out."""


@dataclass(frozen=True, slots=True)
class Move:
    """One partition of the plan; `current` None: nothing was committed, so the group is at the beginning."""

    partition: int
    begin: int
    end: int
    current: int | None
    target: int

    @property
    def position(self) -> int:
        """The offset at which the group reads on now."""
        return self.begin if self.current is None else min(max(self.current, self.begin), self.end)

    @property
    def again(self) -> int:
        """Number of offsets that come again (compacted ones included)."""
        return max(0, self.position - self.target)

    @property
    def skipped(self) -> int:
        """Offsets that would never be read: the target lies ahead."""
        return max(0, self.target - self.position)


@dataclass(frozen=True, slots=True)
class Plan:
    """What a replay would do."""

    group: Group
    topic: str
    moves: tuple[Move, ...]
    notes: tuple[str, ...] = ()

    @property
    def again(self) -> int:
        """Offsets that come again."""
        return sum(move.again for move in self.moves)

    @property
    def skipped(self) -> int:
        """Offsets that would never be read."""
        return sum(move.skipped for move in self.moves)

    @property
    def file(self) -> PlanFile:
        """The plan file: what lies between each target and the end."""
        return PlanFile(self.topic, tuple(PlanSpan(m.partition, m.target, m.end) for m in self.moves))


def make_plan(settings: "Settings", admin: KafkaAdminClient, group: str, topic: str, target: Target) -> Plan:
    """Find what a replay would do. Raises `UsageFailed` for partitions and offsets that are not there."""
    partitions = limited(target, partitions_of(admin, topic))
    begins = begin_offsets(admin, partitions)
    ends = end_offsets(settings, admin, partitions)
    current = committed_offsets(admin, group, partitions)
    found = None
    if target.kind is Kind.MOMENT:
        found = offsets_at(settings, admin, target.moment, begins, ends)
    targets, notes = resolved(target, begins, ends, current, found)
    moves = tuple(
        Move(p.partition, begins[p], ends[p], current.get(p), targets[p]) for p in partitions if p in targets
    )
    return Plan(look_at_group(admin, group), topic, moves, tuple(notes))


def execute(settings: "Settings", admin: KafkaAdminClient, plan: Plan) -> None:
    """Carry a plan out. Raises `CommandFailed` where the group is live, or a commit failed."""
    if plan.group.is_live:
        raise CommandFailed(live_message(plan.group))
    targets = {
        TopicPartition(plan.topic, move.partition): OffsetAndMetadata(move.target, "", None)
        for move in plan.moves
        if move.target != move.current
    }
    if not targets:
        return
    errors = _commit(admin, plan.group.name, targets)
    if _are_of_members(errors) and plan.group.state is None:
        _drop_the_dead(settings, plan)
        errors = _commit(admin, plan.group.name, targets)
    if _are_of_members(errors):
        raise CommandFailed(live_message(plan.group))
    if errors:
        failures = ", ".join(f"{number}: {error.__name__}" for number, error in sorted(errors.items()))
        raise CommandFailed(f"offsets were not set on partitions {failures}")
    now = committed_offsets(admin, plan.group.name, list(targets))
    wrong = [p.partition for p, place in targets.items() if now.get(p) != place.offset]
    if wrong:
        raise CommandFailed(f"the offsets of partitions {wrong} were changed by somebody else meanwhile")


def _commit(
    admin: KafkaAdminClient, group: str, targets: Mapping[TopicPartition, OffsetAndMetadata]
) -> dict[int, type[KafkaError]]:
    """Commit the targets; returns the errors by partition."""
    answers = alter_group_offsets(admin, group, targets)
    return {partition.partition: error for partition, error in answers.items() if error is not NoError}


def _are_of_members(errors: Mapping[int, type[KafkaError]]) -> bool:
    return any(
        issubclass(error, UnknownMemberIdError | IllegalGenerationError | RebalanceInProgressError)
        for error in errors.values()
    )


def _drop_the_dead(settings: "Settings", plan: Plan) -> None:
    """Join a group for a moment, so that the broker drops members that are dead.

    For a broker that does not list the members and drops dead ones only when somebody joins, as the embedded
    one. Where there are live workers, the broker turns us away, as our protocol for sharing partitions is
    another than theirs.
    """
    consumer = KafkaConsumer(
        plan.topic,
        **settings.kafka_options(),
        group_id=plan.group.name,
        enable_auto_commit=False,
        auto_offset_reset="latest",
        session_timeout_ms=6000,
        heartbeat_interval_ms=1000,
        max_partition_fetch_bytes=1,
    )
    install(consumer)  # joining may hand us records
    deadline = time.monotonic() + JOIN_SECONDS
    try:
        while not consumer.assignment() and time.monotonic() < deadline:
            consumer.poll(200, max_records=1)
    except (InconsistentGroupProtocolError, CorruptBatch):
        pass
    finally:
        consumer.close(autocommit=False)
