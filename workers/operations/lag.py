"""The lag of a group, and what the topics hold."""

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from kafka import KafkaAdminClient

from workers.failures import CommandFailed
from workers.operations.groups import Group, committed_offsets, look_at_group
from workers.operations.offsets import begin_offsets, end_offsets, held_back, partitions_of, without_records

if TYPE_CHECKING:
    from workers.settings import Settings


@dataclass(frozen=True, slots=True)
class PartitionLag:
    """One partition; `committed` None: nothing was committed yet.

    `marks_only`: all offsets up to the end are marks and remains of transactions, so no record waits.
    """

    partition: int
    begin: int
    committed: int | None
    end: int
    marks_only: bool = False

    @property
    def place(self) -> int:
        """The offset at which the group reads on."""
        return self.begin if self.committed is None else max(self.committed, self.begin)

    @property
    def lag(self) -> int:
        """Offsets between the group's place and the end; 0 where none of them holds a record."""
        return 0 if self.marks_only else max(0, self.end - self.place)

    @property
    def lost(self) -> int:
        """Number of offsets that were deleted before the group had read them."""
        return 0 if self.committed is None else max(0, self.begin - self.committed)


@dataclass(frozen=True, slots=True)
class Standing:
    """A group's standing, and the number of offsets that each topic holds (None: no such topic).

    `held_back`: by partition, the number of offsets that an open transaction holds back.
    """

    group: Group
    topic: str
    partitions: tuple[PartitionLag, ...]
    held: dict[str, int | None]
    held_back: dict[int, int]

    @property
    def lag(self) -> int:
        """Number of records that wait."""
        return sum(p.lag for p in self.partitions)

    @property
    def lost(self) -> int:
        """Number of records that were deleted before the group had read them."""
        return sum(p.lost for p in self.partitions)

    @property
    def notes(self) -> list[str]:
        """What the figures leave unsaid, a sentence each."""
        return [
            *(
                f"partition {p.partition}: offsets {p.committed} to {p.begin - 1} were deleted unread"
                for p in self.partitions
                if p.lost
            ),
            *(
                f"partition {p.partition}: only marks of transactions lie behind {p.place}: nothing waits"
                for p in self.partitions
                if p.marks_only
            ),
            *(
                f"partition {number}: an open transaction holds back {count:,} offsets"
                for number, count in self.held_back.items()
            ),
        ]


def look(settings: "Settings", admin: KafkaAdminClient) -> Standing:
    """Find the standing of the settings' group. Raises `CommandFailed` where there is no raw topic."""
    topic = settings.topic_name("raw")
    partitions = partitions_of(admin, topic)
    begins, ends = begin_offsets(admin, partitions), end_offsets(settings, admin, partitions)
    committed = committed_offsets(admin, settings.group, partitions)
    rows = {p: PartitionLag(p.partition, begins[p], committed.get(p), ends[p]) for p in partitions}
    hollow = without_records(settings, {p: (row.place, row.end) for p, row in rows.items()})
    marked = tuple(replace(row, marks_only=p in hollow) for p, row in rows.items())
    held = {t.name: _held(settings, admin, t.name) for t in settings.topics}
    waiting = {p.partition: count for p, count in held_back(admin, partitions).items()}
    return Standing(look_at_group(admin, settings.group), topic, marked, held, waiting)


def _held(settings: "Settings", admin: KafkaAdminClient, topic: str) -> int | None:
    try:
        partitions = partitions_of(admin, topic)
    except CommandFailed:
        return None
    begins, ends = begin_offsets(admin, partitions), end_offsets(settings, admin, partitions)
    return sum(ends[p] - begins[p] for p in partitions)
