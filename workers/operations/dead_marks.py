"""The mark on the dead-letter topic: letters before it are dealt with.

It is kept as committed offsets of a group without members, `<group>.dead`. Brokers forget the offsets of
such a group after `offsets.retention.minutes` (seven days by default). So reading the mark commits it again
once it is a day old. Once a mark is forgotten, all letters are listed again.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from kafka import KafkaAdminClient, TopicPartition
from kafka.errors import KafkaError, NoError
from kafka.structs import OffsetAndMetadata

from workers.failures import CommandFailed, UsageFailed
from workers.moments import now_milliseconds
from workers.operations.clients import admin_client
from workers.operations.groups import alter_group_offsets, patiently
from workers.operations.offsets import begin_offsets, end_offsets, partitions_of
from workers.operations.timestamps import offsets_at

if TYPE_CHECKING:
    from workers.settings import Settings

RENEW_MILLISECONDS = 24 * 3_600_000
_NOTE = "khabar dead drop, committed at "


@dataclass(frozen=True, slots=True)
class MarkMove:
    """One partition: where the mark is (None: there is none) and where it goes."""

    partition: int
    begin: int
    end: int
    current: int | None
    target: int

    @property
    def dropped(self) -> int:
        """Number of letters that the move marks as dealt with."""
        return max(0, self.target - after_mark(self.current, self.begin, self.end))

    @property
    def brought_back(self) -> int:
        """Number of letters that will be listed again."""
        return max(0, after_mark(self.current, self.begin, self.end) - max(self.target, self.begin))


def mark_group(settings: "Settings") -> str:
    """Name of the group that keeps the mark."""
    return f"{settings.group}.dead"


def after_mark(mark: int | None, begin: int, end: int) -> int:
    """The first offset after a mark; a mark behind the end is of a topic that was made anew."""
    return begin if mark is None or mark > end else max(mark, begin)


def read_marks(
    settings: "Settings", admin: KafkaAdminClient, partitions: Iterable[TopicPartition]
) -> dict[TopicPartition, int]:
    """The mark on each partition that has one. Commits marks again that are a day old."""
    group, now = mark_group(settings), now_milliseconds()
    found = patiently(lambda: admin.list_group_offsets({group: list(partitions)}))[group]
    marks = {partition: place for partition, place in found.items() if place.offset >= 0}
    old = {p: place.offset for p, place in marks.items() if now - _committed_at(place) > RENEW_MILLISECONDS}
    if old:
        _commit(admin, group, old, now)
    return {partition: place.offset for partition, place in marks.items()}


def plan_mark(
    settings: "Settings", *, until: int | None = None, places: Mapping[int, int] | None = None
) -> list[MarkMove]:
    """Where the mark would go: to the first letter from `until` (Unix milliseconds) on, to the given offsets
    (those of other partitions stay), or else to the end. Raises `UsageFailed` for places that are not there.
    """
    with admin_client(settings) as admin:
        partitions = partitions_of(admin, settings.topic_name("dead"))
        begins = begin_offsets(admin, partitions)
        ends = end_offsets(settings, admin, partitions)
        marks = read_marks(settings, admin, partitions)
        if until is not None:
            targets = offsets_at(settings, admin, until, begins, ends).offsets
        elif places is not None:
            targets = _at(places, begins, ends)
        else:
            targets = ends
    return [
        MarkMove(p.partition, begins[p], ends[p], marks.get(p), targets[p])
        for p in partitions
        if p in targets
    ]


def set_mark(settings: "Settings", moves: Iterable[MarkMove]) -> None:
    """Move the mark. Raises `CommandFailed` where the brokers refuse."""
    topic = settings.topic_name("dead")
    offsets = {TopicPartition(topic, move.partition): move.target for move in moves}
    with admin_client(settings) as admin:
        _commit(admin, mark_group(settings), offsets, now_milliseconds())


def _at(
    places: Mapping[int, int], begins: Mapping[TopicPartition, int], ends: Mapping[TopicPartition, int]
) -> dict[TopicPartition, int]:
    known = {partition.partition: partition for partition in begins}
    targets = {}
    for number, offset in places.items():
        partition = known.get(number)
        if partition is None:
            raise UsageFailed(f"there is no partition {number}; there are {len(known)}, from 0 on")
        if offset > ends[partition]:
            raise UsageFailed(f"partition {number} ends at {ends[partition]}, before {offset}")
        targets[partition] = offset
    return targets


def _commit(admin: KafkaAdminClient, group: str, offsets: Mapping[TopicPartition, int], now: int) -> None:
    places = {partition: OffsetAndMetadata(o, f"{_NOTE}{now}", None) for partition, o in offsets.items()}
    answers: dict[TopicPartition, type[KafkaError]] = alter_group_offsets(admin, group, places)
    for partition, error in answers.items():
        if error is not NoError:
            raise CommandFailed(f"the mark was not set on partition {partition.partition}: {error.__name__}")


def _committed_at(place: OffsetAndMetadata) -> int:
    """When the mark was committed, in Unix milliseconds; 0 where somebody else committed it."""
    milliseconds = (place.metadata or "").removeprefix(_NOTE)
    return int(milliseconds) if milliseconds.isdecimal() else 0
