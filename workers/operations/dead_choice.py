"""The choice among dead letters."""

import re
from dataclasses import dataclass

from schemas import headers
from workers.failures import UsageFailed
from workers.operations.dead_letters import DeadLetter


@dataclass(frozen=True, slots=True)
class Source:
    """A place where records were consumed; None stands for any."""

    topic: str
    partition: int | None = None
    offset: int | None = None

    def matches(self, letter: DeadLetter) -> bool:
        """Whether a letter's record came from this place."""
        return (
            letter.header(headers.ERROR_TOPIC) == self.topic
            and self.partition in (None, _number(letter.header(headers.ERROR_PARTITION)))
            and self.offset in (None, _number(letter.header(headers.ERROR_OFFSET)))
        )


@dataclass(frozen=True, slots=True)
class Choice:
    """Conditions for dead letters. A letter must meet all that are given.

    `since` and `until` are Unix milliseconds, half-open: the letter died at `since` or later and before
    `until`.
    """

    places: frozenset[tuple[int, int]] = frozenset()
    reasons: frozenset[str] = frozenset()
    since: int | None = None
    until: int | None = None
    source: Source | None = None
    agencies: frozenset[str] = frozenset()

    def matches(self, letter: DeadLetter) -> bool:
        """Whether a letter meets the conditions."""
        return (
            (not self.places or (letter.partition, letter.offset) in self.places)
            and (not self.reasons or letter.reason in self.reasons)
            and (self.since is None or letter.timestamp >= self.since)
            and (self.until is None or letter.timestamp < self.until)
            and (self.source is None or self.source.matches(letter))
            and (not self.agencies or letter.agency in self.agencies)
        )


def parse_source(text: str) -> Source:
    """Parse `TOPIC`, `TOPIC:PARTITION` or `TOPIC:PARTITION:OFFSET`. Raises `UsageFailed`."""
    found = re.fullmatch(r"(?P<topic>[\w.-]+)(?::(?P<partition>\d+)(?::(?P<offset>\d+))?)?", text.strip())
    if not found:
        raise UsageFailed(
            f"{text!r} is not TOPIC, TOPIC:PARTITION or TOPIC:PARTITION:OFFSET, as in news.raw:3"
        )
    return Source(found["topic"], _number(found["partition"]), _number(found["offset"]))


def _number(text: str | None) -> int | None:
    return int(text[:19]) if text and text.isdecimal() else None
