"""Chooses dead letters to send back to the raw topic, and makes records of them."""

import hashlib
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass

from schemas import headers
from workers.operations.dead_choice import Choice
from workers.operations.dead_letters import DeadLetter
from workers.operations.sending import NotSent, Outgoing
from workers.reading import Place


@dataclass(frozen=True, slots=True)
class Resending:
    """What would be sent: places as (partition, offset), and the counts by reason and by attempt.

    `repeated` counts letters that are left out because the same record died again later: the later letter
    stands for it. `worn` counts records that are left out because they died too often. `missing` holds the
    places that were asked for and have no letter that fits.
    """

    places: frozenset[tuple[int, int]]
    by_reason: Mapping[str, int]
    by_attempts: Mapping[int, int]
    repeated: int
    worn: int
    missing: frozenset[tuple[int, int]]


def plan_resending(letters: Iterable[DeadLetter], choice: Choice, max_attempts: int | None) -> Resending:
    """Choose among dead letters.

    Records that died `max_attempts` times (None: no bound) are left out: they would die again.
    """
    last: dict[bytes, tuple[tuple[int, int], str, int]] = {}
    found: set[tuple[int, int]] = set()
    fitting = 0
    for letter in letters:
        if choice.matches(letter):
            fitting += 1
            place = letter.partition, letter.offset
            if choice.places:
                found.add(place)
            identity = _identity(letter)
            _, _, before = last.get(identity, (None, None, 0))
            last[identity] = place, letter.reason, max(before, letter.attempts)
    sent = [row for row in last.values() if max_attempts is None or row[2] < max_attempts]
    return Resending(
        places=frozenset(place for place, _, _ in sent),
        by_reason=Counter(reason for _, reason, _ in sent),
        by_attempts=Counter(attempts for _, _, attempts in sent),
        repeated=fitting - len(last),
        worn=len(last) - len(sent),
        missing=choice.places - found,
    )


def chosen(
    letters: Iterable[DeadLetter], places: Collection[tuple[int, int]]
) -> Iterator[Outgoing | NotSent]:
    """The letters at some places, as the records they were.

    Key, value and headers are the raw record's own. The attempt header stays, so that a record that dies
    again says how often it did.
    """
    for letter in letters:
        if (letter.partition, letter.offset) in places:
            yield _record(letter)


def _record(letter: DeadLetter) -> Outgoing | NotSent:
    place = Place(letter.place)
    if letter.fault:
        return NotSent(place, "unreadable", f"the letter itself is not whole: {letter.fault}")
    if letter.omitted:
        detail = f"{' and '.join(letter.omitted)} did not fit into a dead letter; it lies at {letter.source}"
        return NotSent(place, "omitted", detail)
    if letter.is_null:
        return NotSent(place, "null", "the record had neither key nor value, and no client sends such a one")
    attempt = letter.header(headers.ERROR_ATTEMPT)
    carried = [*letter.own_headers, *([(headers.ERROR_ATTEMPT, attempt.encode())] if attempt else [])]
    return Outgoing(place, letter.key, letter.value, carried)


def _identity(letter: DeadLetter) -> bytes:
    """A digest that is the same for letters of the same record."""
    if letter.omitted or letter.is_null:
        return letter.source.encode()
    digest = hashlib.blake2b(digest_size=16)
    for part in (letter.key, letter.value):
        digest.update(b"-" if part is None else b"%d:" % len(part) + part)
    return digest.digest()
