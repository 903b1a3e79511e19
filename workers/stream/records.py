"""What passes between the event loop and the process that enriches: frozen values, sent as MessagePack."""

from msgspec import Struct

from schemas.reasons import Reason
from schemas.topics import Role

Headers = tuple[tuple[str, bytes | None], ...]


class RawRecord(Struct, frozen=True, array_like=True):
    """A record of the raw topic as it was consumed. `timestamp` is in Unix milliseconds."""

    topic: str
    partition: int
    offset: int
    timestamp: int | None
    key: bytes | None
    value: bytes | None
    headers: Headers = ()


class Output(Struct, frozen=True, array_like=True):
    """A record to send. `role` names its topic in the contract."""

    role: Role
    key: bytes | None
    value: bytes | None
    headers: Headers

    @property
    def size(self) -> int:
        """Bytes it takes in a batch of its own, uncompressed: an upper bound."""
        size = 128 + len(self.key or b"") + len(self.value or b"")
        return size + sum(len(name.encode()) + len(value or b"") + 10 for name, value in self.headers)


class Outcome(Struct, frozen=True, array_like=True):
    """What became of one raw record: events if `reason` is None, else one dead letter."""

    outputs: tuple[Output, ...]
    reason: Reason | None = None
    step: str = ""
    detail: str = ""
    milliseconds: float = 0.0  # spent in enriching; never part of a value

    @property
    def size(self) -> int:
        """Bytes of all its records."""
        return sum(o.size for o in self.outputs)


class Limits(Struct, frozen=True):
    """Sizes in bytes that a record must not exceed."""

    raw: int  # value of a raw record
    enriched: int  # a whole record, on its topic
    statements: int
    entities: int

    def of(self, role: Role) -> int | None:
        """The limit of an event's topic; none is checked beforehand for dead letters."""
        match role:
            case "enriched":
                return self.enriched
            case "statements":
                return self.statements
            case "entities":
                return self.entities
            case _:
                return None
