"""Compares a plan file with the topic as it is: what is left to read, what is gone, what was done before."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

import msgspec
from kafka import KafkaAdminClient, TopicPartition

from workers.failures import CommandFailed, UsageFailed
from workers.operations.groups import look_at_group, patiently
from workers.operations.offsets import begin_offsets, end_offsets, held_back, partitions_of

if TYPE_CHECKING:
    from workers.operations.plans import PlanFile, PlanSpan
    from workers.settings import Settings


@dataclass(frozen=True, slots=True)
class Bounds:
    """Offsets of one partition: `place` is the next to read, `end` the first that is not read.

    `done`, `gone` and `ahead` count offsets that an earlier run read, that are older than the oldest
    record, and that are not written yet. With those left they make up the plan's span.
    """

    partition: int
    place: int
    end: int
    done: int = 0
    gone: int = 0
    ahead: int = 0

    @property
    def left(self) -> int:
        """Offsets to read."""
        return self.end - self.place


@dataclass(frozen=True, slots=True)
class Committed:
    """A committed offset and the note beside it; the note is None where the broker keeps none."""

    offset: int
    note: str | None


def plan_digest(plan: "PlanFile", suffix: str | None) -> str:
    """Eight hex digits for a plan and a suffix; the order of partitions does not change them."""
    spans = sorted((span.partition, span.start, span.end) for span in plan.partitions)
    return hashlib.blake2b(msgspec.json.encode((plan.topic, spans, suffix)), digest_size=4).hexdigest()


def note_of(digest: str) -> str:
    """The note that is committed beside each offset of a replay, so that it is recognised."""
    return f"khabar replay {digest}"


def find_bounds(
    settings: "Settings", admin: KafkaAdminClient, plan: "PlanFile", group: str, digest: str
) -> tuple[Bounds, ...]:
    """Find what is left of a plan for this group.

    Raises `UsageFailed` for a topic that is not the settings' raw topic, a partition that is not there, and
    a group that is the workers' own or was used for something else; `CommandFailed` for a live group.
    """
    raw = settings.topic_name("raw")
    if plan.topic != raw:
        raise UsageFailed(
            f"the plan is for {plan.topic}, and the raw topic of the settings is {raw}; "
            "KHABAR_TOPIC_RAW or KHABAR_TOPIC_PREFIX names another"
        )
    if group == settings.group:
        raise UsageFailed(f"{group} is the workers' own group; --group names another for the replay")
    partitions = {tp.partition: tp for tp in partitions_of(admin, plan.topic)}
    if unknown := sorted({span.partition for span in plan.partitions} - set(partitions)):
        raise UsageFailed(
            f"the plan names partition {unknown[0]} of {plan.topic}, which has {len(partitions)}, from 0 on"
        )
    standing = look_at_group(admin, group)
    if standing.is_live:
        names = f" ({', '.join(standing.members)})" if standing.members else ""
        raise CommandFailed(
            f"group {group} has live members{names}: a replay needs a group of its own; --group names one"
        )
    wanted = [partitions[span.partition] for span in plan.partitions]
    begins = begin_offsets(admin, wanted)
    # What an open transaction holds back is there, and is waited for.
    held = held_back(admin, wanted)
    ends = {tp: end + held.get(tp, 0) for tp, end in end_offsets(settings, admin, wanted).items()}
    committed = _committed(admin, group, wanted)
    for tp, found in committed.items():
        if found.note not in (None, note_of(digest)):
            raise UsageFailed(
                f"group {group} has an offset on partition {tp.partition} that is not of this plan; "
                "--group names another"
            )
    return tuple(
        bounds_of(span, begins[tp], ends[tp], committed[tp].offset if tp in committed else None)
        for span in plan.partitions
        for tp in (partitions[span.partition],)
    )


def bounds_of(span: "PlanSpan", begin: int, end: int, committed: int | None) -> Bounds:
    """The bounds of a span, given the oldest offset, the end, and what was committed."""
    last = max(span.start, min(span.end, end))
    done = min(max(0, (committed or 0) - span.start), last - span.start)
    place = span.start + done
    gone = max(0, min(begin, last) - place)
    return Bounds(span.partition, place + gone, last, done, gone, span.end - last)


def _committed(
    admin: KafkaAdminClient, group: str, partitions: list[TopicPartition]
) -> Mapping[TopicPartition, Committed]:
    found = patiently(lambda: admin.list_group_offsets({group: partitions}))[group]
    return {tp: Committed(at.offset, at.metadata) for tp, at in found.items() if at.offset >= 0}
