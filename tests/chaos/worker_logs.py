"""Reads the workers' logs: when partitions were taken over, and unexpected lines."""

import json
import re
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from tests.chaos.supervisor import Life

_LOOK_SECONDS = 120.0  # a takeover that took longer was none of this fault's


@dataclass(frozen=True, slots=True)
class Takeover:
    """Seconds from a worker's end until others had all its partitions, and had worked on all of them."""

    how: str
    assigned: float | None
    worked: float | None  # None: not all of them had records


def lines(life: Life) -> Iterator[dict[str, Any]]:
    """The log's lines; those that are no JSON, as of a bare stack trace, come as one `{"raw": the last}`."""
    bare = ""
    for line in life.worker.log.splitlines():
        try:
            parsed = json.loads(line)
        except ValueError:
            parsed = None
        if not isinstance(parsed, dict):
            bare = line
            continue
        if bare:
            yield {"raw": bare}
            bare = ""
        yield parsed
    if bare:
        yield {"raw": bare}


@dataclass(slots=True)
class _Read:
    """What one worker's log says of partitions, with Unix seconds."""

    life: Life
    assigned: list[tuple[float, frozenset[int]]]
    worked: list[tuple[float, int]]


def _read(life: Life) -> _Read:
    read = _Read(life, [], [])
    for line in lines(life):
        if line.get("message") == "partitions assigned":
            read.assigned.append((_seconds(line), frozenset(line["partitions"])))
        elif line.get("message") in ("enriched", "dead letter", "withdrawn"):
            read.worked.append((_seconds(line), line["partition"]))
    return read


def _seconds(line: dict[str, Any]) -> float:
    return datetime.fromisoformat(line["time"]).timestamp()


def takeovers(lives: Iterable[Life]) -> list[Takeover]:
    """One for each worker that we ended while it held partitions."""
    reads = [_read(life) for life in lives]
    found = []
    for mine in reads:
        life = mine.life
        if life.ended is None or life.asked not in ("SIGTERM", "SIGKILL"):
            continue
        held = [partitions for at, partitions in mine.assigned if at <= life.asked_at]
        if not held or not held[-1]:
            continue
        others = [r for r in reads if r is not mine]
        assigned = _last_of_firsts(
            held[-1], life.ended, ((at, p) for r in others for at, ps in r.assigned for p in ps)
        )
        worked = _last_of_firsts(held[-1], life.ended, (w for r in others for w in r.worked))
        found.append(Takeover(life.asked, assigned, worked))
    return found


def _last_of_firsts(
    partitions: frozenset[int], after: float, events: Iterable[tuple[float, int]]
) -> float | None:
    """Seconds until each of the partitions had its first event."""
    first: dict[int, float] = {}
    for at, partition in events:
        if partition in partitions and after <= at < after + _LOOK_SECONDS:
            first[partition] = min(at, first.get(partition, at))
    return max(first.values()) - after if first.keys() == partitions else None


def unexpected_lines(lives: Iterable[Life]) -> list[tuple[str, int]]:
    """Errors and stack traces, with their numbers taken out, and how often; the commonest first."""
    found: Counter[str] = Counter()
    for life in lives:
        for line in lines(life):
            told = _complaint(line)
            if told:
                found[re.sub(r"\d+", "N", told)[:300]] += 1
    return found.most_common()


def _complaint(line: dict[str, Any]) -> str | None:
    if "raw" in line:
        return f"no JSON, its last line: {line['raw']}"
    if "exception" in line:
        last = line["exception"].strip().splitlines()[-1]
        return f"stack trace at {line['level']}, {line['logger']}: {line['message'][:120]}: {last}"
    if line.get("level") in ("ERROR", "CRITICAL"):
        return f"{line['level']}, {line['logger']}: {line['message']}"
    return None
