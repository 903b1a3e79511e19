"""The fault of a record that shows before its value is looked at."""

from msgspec import Struct

from schemas.reasons import Reason


class Fault(Struct, frozen=True, array_like=True):
    """A fault that shows before the value is looked at; the record becomes a dead letter.

    `omitted` names the parts that were too large to be read whole, each with its size in bytes.
    """

    reason: Reason
    detail: str
    omitted: tuple[tuple[str, int], ...] = ()
