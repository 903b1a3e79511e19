"""The form of a dead letter in which the views show it."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class DeadRow:
    """One record that could not be enriched.

    `where` is its origin as a person looks it up: `news.raw[0]@12` for a record of a topic, `crawl.jsonl:7`
    for a line of a file. `value` holds the record's bytes, untouched.
    """

    where: str
    reason: str
    detail: str = ""
    step: str | None = None
    value: bytes = b""
