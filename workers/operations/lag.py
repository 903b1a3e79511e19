"""How far a group is behind, and what the topics hold."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from kafka import KafkaAdminClient

from workers.failures import CommandFailed
from workers.operations.groups import Group, committed_offsets, look_at_group
from workers.operations.offsets import begin_offsets, end_offsets, partitions_of

if TYPE_CHECKING:
    from workers.settings import Settings


@dataclass(frozen=True, slots=True)
class PartitionLag:
    """One partition; `committed` None: nothing was committed yet."""

    partition: int
    begin: int
    committed: int | None
    end: int

    @property
    def lag(self) -> int:
        """Offsets between the group's place and the end."""
        place = self.begin if self.committed is None else max(self.committed, self.begin)
        return max(0, self.end - place)


@dataclass(frozen=True, slots=True)
class Standing:
    """A group's standing, and the number of offsets that each topic holds (None: no such topic)."""

    group: Group
    topic: str
    partitions: tuple[PartitionLag, ...]
    held: dict[str, int | None]

    @property
    def lag(self) -> int:
        """Records that wait."""
        return sum(p.lag for p in self.partitions)


def look(settings: "Settings", admin: KafkaAdminClient) -> Standing:
    """The standing of the settings' group. Raises `CommandFailed` where there is no raw topic."""
    topic = settings.topic_name("raw")
    partitions = partitions_of(admin, topic)
    begins, ends = begin_offsets(admin, partitions), end_offsets(settings, admin, partitions)
    committed = committed_offsets(admin, settings.group, partitions)
    rows = tuple(PartitionLag(p.partition, begins[p], committed.get(p), ends[p]) for p in partitions)
    held = {t.name: _held(settings, admin, t.name) for t in settings.topics}
    return Standing(look_at_group(admin, settings.group), topic, rows, held)


def _held(settings: "Settings", admin: KafkaAdminClient, topic: str) -> int | None:
    try:
        partitions = partitions_of(admin, topic)
    except CommandFailed:
        return None
    begins, ends = begin_offsets(admin, partitions), end_offsets(settings, admin, partitions)
    return sum(ends[p] - begins[p] for p in partitions)
