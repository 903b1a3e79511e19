"""The values that pass between a parent and the process that enriches: frozen, sent as MessagePack."""

from collections.abc import Sequence

from msgspec import Struct
from msgspec.structs import replace

from schemas.reasons import Reason
from schemas.topics import Role
from workers.record_batches.fault import Fault

Headers = tuple[tuple[str, bytes | None], ...]


class RawRecord(Struct, frozen=True, array_like=True):
    """A record of the raw topic as it was consumed. `timestamp` is in Unix milliseconds.

    An article from a file has an empty `topic`, and its event has no place.
    """

    topic: str
    partition: int
    offset: int
    timestamp: int | None
    key: bytes | None
    value: bytes | None
    headers: Headers = ()
    fault: Fault | None = None

    @staticmethod
    def of_file(value: bytes) -> "RawRecord":
        """The record of an article that was read from a file."""
        return RawRecord("", 0, 0, None, None, value)


class Output(Struct, frozen=True, array_like=True):
    """A record to send. `role` names its topic in the contract.

    `every_partition`: one copy for each partition of the topic, so that every consumer of it sees the record.
    """

    role: Role
    key: bytes | None
    value: bytes | None
    headers: Headers
    every_partition: bool = False

    def with_header(self, header: tuple[str, bytes | None]) -> "Output":
        """A copy with one more header."""
        return replace(self, headers=(*self.headers, header))

    @property
    def size(self) -> int:
        """Upper bound of its bytes in a batch of its own, uncompressed."""
        size = 128 + len(self.key or b"") + len(self.value or b"")
        for name, value in self.headers:
            letters = len(name) if name.isascii() else len(name.encode())
            size += letters + len(value or b"") + 10
        return size


class Outcome(Struct, frozen=True, array_like=True):
    """What became of one raw record: events if `reason` is None, else one dead letter.

    `article` is the id of the article of the events; `withdrawn` means that they take it back.
    """

    outputs: tuple[Output, ...]
    reason: Reason | None = None
    step: str = ""
    detail: str = ""
    milliseconds: float = 0.0  # time spent in enriching; never part of a value
    article: str = ""
    withdrawn: bool = False

    @property
    def withdraws(self) -> bool:
        """True if these records take an article back."""
        return any(output.every_partition for output in self.outputs)

    @property
    def name(self) -> str:
        """`enriched`, `withdrawn`, or a dead letter's reason."""
        if self.reason is not None:
            return self.reason.value
        return "withdrawn" if self.withdrawn else "enriched"

    def without(self, outputs: Sequence[Output]) -> "Outcome":
        """A copy without these records."""
        return replace(self, outputs=tuple(o for o in self.outputs if o not in outputs))

    def preceded_by(self, outputs: Sequence[Output]) -> "Outcome":
        """A copy with these records before its own."""
        return replace(self, outputs=(*outputs, *self.outputs))

    @property
    def size(self) -> int:
        """Total bytes of its records."""
        return sum(o.size for o in self.outputs)


class Limits(Struct, frozen=True):
    """Most bytes of a record."""

    raw: int  # value of a raw record
    enriched: int  # a whole record, on its topic
    statements: int
    entities: int

    def of(self, role: Role) -> int | None:
        """The limit of an event's topic; the size of dead letters is not checked beforehand."""
        match role:
            case "enriched":
                return self.enriched
            case "statements":
                return self.statements
            case "entities":
                return self.entities
            case _:
                return None
