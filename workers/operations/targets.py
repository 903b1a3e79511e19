"""The target of a replay, and the offsets that it stands for."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum

from kafka import TopicPartition

from workers.failures import UsageFailed
from workers.operations.timestamps import Found


class Kind(StrEnum):
    """Kinds of target."""

    EARLIEST = "earliest"  # the oldest record
    LATEST = "latest"  # the end
    CURRENT = "current"  # where the group is
    MOMENT = "moment"  # the first record from a moment on
    OFFSETS = "offsets"  # offsets by partition, which must be there
    FILE = "file"  # offsets by partition, moved to the nearest that is there
    SHIFT = "shift"  # a number of offsets ahead of where the group is, or behind


@dataclass(frozen=True, slots=True)
class Target:
    """A target. `moment` is in Unix milliseconds; `partitions` limits the replay to some (empty: all)."""

    kind: Kind
    moment: int = 0
    offsets: Mapping[int, int] = field(default_factory=dict)
    shift: int = 0
    partitions: frozenset[int] = frozenset()


def limited(target: Target, partitions: Sequence[TopicPartition]) -> list[TopicPartition]:
    """The partitions that a target is about. Raises `UsageFailed` where it names one that is not there."""
    known = {partition.partition for partition in partitions}
    if unknown := (target.partitions | set(target.offsets)) - known:
        raise UsageFailed(f"there is no partition {min(unknown)}; there are {len(known)}, from 0 on")
    wanted = target.partitions or known
    if target.offsets:
        wanted &= set(target.offsets)
        if not wanted:
            raise UsageFailed("no offset is given for the partitions that --partition names")
    return [partition for partition in partitions if partition.partition in wanted]


def resolved(
    target: Target,
    begins: Mapping[TopicPartition, int],
    ends: Mapping[TopicPartition, int],
    current: Mapping[TopicPartition, int],
    found: Found | None,
) -> tuple[dict[TopicPartition, int], list[str]]:
    """The offset of each partition, and notes about the offsets, a sentence each.

    `found` answers a moment. Raises `UsageFailed` for offsets that are not there.
    """
    place = {p: min(max(current.get(p, begins[p]), begins[p]), ends[p]) for p in begins}
    match target.kind:
        case Kind.EARLIEST:
            return dict(begins), []
        case Kind.LATEST:
            return dict(ends), []
        case Kind.CURRENT:
            return place, []
        case Kind.MOMENT:
            assert found is not None  # noqa: S101 - a moment was looked up
            return found.offsets, _of_reading(found)
        case Kind.SHIFT:
            return _clamped({p: place[p] + target.shift for p in begins}, begins, ends)
        case Kind.FILE:
            return _clamped({p: target.offsets[p.partition] for p in begins}, begins, ends)
        case Kind.OFFSETS:
            for p in begins:
                offset = target.offsets[p.partition]
                if not begins[p] <= offset <= ends[p]:
                    raise UsageFailed(
                        f"partition {p.partition} has offsets {begins[p]} to {ends[p]}, not {offset}"
                    )
            return {p: target.offsets[p.partition] for p in begins}, []


def _clamped(
    wanted: Mapping[TopicPartition, int],
    begins: Mapping[TopicPartition, int],
    ends: Mapping[TopicPartition, int],
) -> tuple[dict[TopicPartition, int], list[str]]:
    targets, notes = {}, []
    for p, offset in sorted(wanted.items()):
        targets[p] = min(max(offset, begins[p]), ends[p])
        if offset < begins[p]:
            notes.append(
                f"partition {p.partition}: {offset} lies before the oldest record: moved to {begins[p]}"
            )
        elif offset > ends[p]:
            notes.append(f"partition {p.partition}: {offset} lies behind the end: moved to {ends[p]}")
    return targets, notes


def _of_reading(found: Found) -> list[str]:
    if not found.scanned:
        return []
    numbers = ", ".join(str(p.partition) for p in found.scanned)
    return [
        "this broker's look-up by time was wrong or missing: the timestamps of all records were read instead "
        f"(partitions {numbers})"
    ]
