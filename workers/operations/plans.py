"""A plan file names the offsets of a topic to read, by partition. `khabar replay --export` writes it.

    {"topic": "news.raw", "partitions": [{"partition": 0, "from": 1200, "to": 4711}]}

Each span is half-open: `from` is the first offset to read, `to` the offset after the last.
"""

from pathlib import Path

import msgspec

from workers.failures import UsageFailed


class PlanSpan(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Offsets of one partition."""

    partition: int
    start: int = msgspec.field(name="from")
    end: int = msgspec.field(name="to")

    def __post_init__(self) -> None:
        """Raise ValueError for a span that runs backwards or holds a negative number."""
        if self.partition < 0 or not 0 <= self.start <= self.end:
            raise ValueError(f"partition {self.partition} has no offsets {self.start} to {self.end}")


class PlanFile(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Spans of one topic, at most one a partition."""

    topic: str
    partitions: tuple[PlanSpan, ...]

    def __post_init__(self) -> None:
        """Raise ValueError for a partition named twice."""
        numbers = [span.partition for span in self.partitions]
        if len(set(numbers)) != len(numbers):
            raise ValueError("a partition stands twice")


def load_plan(path: Path) -> PlanFile:
    """Read a plan file. Raises `UsageFailed` that names the file and what is wrong in it."""
    try:
        return msgspec.json.decode(path.read_bytes(), type=PlanFile)
    except OSError as error:
        raise UsageFailed(f"{path}: {error.strerror}") from error
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise UsageFailed(f"{path} is no plan file: {error}") from error


def save_plan(plan: PlanFile, path: Path) -> None:
    """Write a plan file, one partition a line. Raises `UsageFailed` where the file cannot be written."""
    text = msgspec.json.format(msgspec.json.encode(plan), indent=2)
    try:
        path.write_bytes(text + b"\n")
    except OSError as error:
        raise UsageFailed(f"{path}: {error.strerror}") from error
