"""The place to begin reading a partition, and the records that were lost before it."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Start:
    """A place to begin. `lost` records before `offset` were deleted before the group read them."""

    offset: int
    lost: int = 0
    behind_end: bool = False  # the committed offset lies after the end: the topic was cut or made anew


def start_of(committed: int | None, begin: int, end: int | None) -> Start:
    """The place for a committed offset (None: none) in a partition that holds offsets from `begin` to `end`.

    `end` None: not known. A committed offset behind the end means that the topic's records are others than
    those that were committed, so they are read from the beginning. That is safe: what comes twice has the
    same id and bytes.
    """
    if committed is None:
        return Start(begin)
    if committed < begin:
        return Start(begin, lost=begin - committed)
    if end is not None and committed > end:
        return Start(begin, behind_end=True)
    return Start(committed)
