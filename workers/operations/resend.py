"""Sending dead letters back to the raw topic: which, and as what."""

import hashlib
from collections import Counter
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from schemas import headers
from workers.operations.dead_letters import DeadLetter, all_dead_letters
from workers.operations.sending import NotSent, Outgoing
from workers.reading import Place

if TYPE_CHECKING:
    from workers.settings import Settings

_OMITTED = "value_omitted"  # why a letter cannot be sent again, beside what the brokers say


@dataclass(frozen=True, slots=True)
class Choice:
    """Which dead letters to send again. Letters must fit all that is given; nothing given fits every one.

    `since`: those that died at this moment (Unix milliseconds) or later.
    """

    places: frozenset[tuple[int, int]] = frozenset()
    reasons: frozenset[str] = frozenset()
    since: int | None = None

    def fits(self, letter: DeadLetter) -> bool:
        """Whether a letter is among them."""
        return (
            (not self.places or (letter.partition, letter.offset) in self.places)
            and (not self.reasons or letter.reason in self.reasons)
            and (self.since is None or letter.timestamp >= self.since)
        )


@dataclass(frozen=True, slots=True)
class Resending:
    """What would be sent: places as (partition, offset), and how many there are of each reason.

    `repeated` counts letters left out because the same record died again later: that letter stands for it.
    """

    places: frozenset[tuple[int, int]]
    by_reason: Mapping[str, int]
    repeated: int
    missing: frozenset[tuple[int, int]]


def plan_resending(settings: "Settings", choice: Choice) -> Resending:
    """Read the dead letters once and choose. Raises `CommandFailed` where there is no broker or no topic."""
    last: dict[bytes, tuple[tuple[int, int], str]] = {}
    found: set[tuple[int, int]] = set()
    fitting = 0
    for letter in all_dead_letters(settings):
        if choice.fits(letter):
            fitting += 1
            place = letter.partition, letter.offset
            if choice.places:
                found.add(place)
            last[_identity(letter)] = place, letter.reason
    return Resending(
        places=frozenset(place for place, _ in last.values()),
        by_reason=Counter(reason for _, reason in last.values()),
        repeated=fitting - len(last),
        missing=choice.places - found,
    )


def chosen(settings: "Settings", places: Collection[tuple[int, int]]) -> Iterator[Outgoing | NotSent]:
    """Read the letters at some places again, as the records they were.

    Key, value and headers are the raw record's own; the header of the attempt stays, so that a record
    that dies again says how often it did.
    """
    for letter in all_dead_letters(settings):
        if (letter.partition, letter.offset) in places:
            yield _record(letter)


def _record(letter: DeadLetter) -> Outgoing | NotSent:
    place = Place(letter.place)
    if omitted := letter.header(headers.ERROR_VALUE_OMITTED):
        detail = f"the value ({omitted}) was too large for a dead letter; it lies at {letter.source}"
        return NotSent(place, _OMITTED, detail)
    attempt = letter.header(headers.ERROR_ATTEMPT)
    carried = [*letter.own_headers, *([(headers.ERROR_ATTEMPT, attempt.encode())] if attempt else [])]
    return Outgoing(place, letter.key, letter.value, carried)


def _identity(letter: DeadLetter) -> bytes:
    """The same for letters that hold the same record."""
    if letter.header(headers.ERROR_VALUE_OMITTED):
        return letter.source.encode()
    digest = hashlib.blake2b(digest_size=16)
    for part in (letter.key, letter.value):
        digest.update(b"-" if part is None else b"%d:" % len(part) + part)
    return digest.digest()
