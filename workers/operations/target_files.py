"""Reads files of offsets to set a group to: khabar's plan files, and the CSV of Kafka's own tool."""

import csv
from pathlib import Path

from workers.failures import UsageFailed
from workers.operations.plans import load_plan


def load_offsets(path: Path, topic: str, group: str) -> dict[int, int]:
    """The offset of each partition that a file names: a plan's `from`, or the CSV's third column.

    `kafka-consumer-groups --reset-offsets --export` prints lines of `topic,partition,offset`, and with
    several groups of `group,topic,partition,offset`; those of other topics and groups are left out.
    Raises `UsageFailed` that names the file and what is wrong in it.
    """
    try:
        text = path.read_text(encoding="utf-8-sig")
    except OSError as error:
        raise UsageFailed(f"{path}: {error.strerror}") from error
    except UnicodeDecodeError as error:
        raise UsageFailed(f"{path} is neither a plan file nor a CSV: it is not UTF-8") from error
    if not text.lstrip().startswith("{"):
        return _of_csv(path, text, topic, group)
    plan = load_plan(path)
    if plan.topic != topic:
        raise UsageFailed(f"{path} is a plan for {plan.topic}, and the group reads {topic}")
    if not plan.partitions:
        raise UsageFailed(f"{path} names no partition")
    return {span.partition: span.start for span in plan.partitions}


def _of_csv(path: Path, text: str, topic: str, group: str) -> dict[int, int]:
    offsets: dict[int, int] = {}
    for number, row in enumerate(csv.reader(text.splitlines()), 1):
        cells = [cell.strip() for cell in row]
        if not any(cells):
            continue
        named = cells[0] if len(cells) == 4 else group
        place = cells[-3:]
        if len(cells) not in (3, 4) or not (place[1].isdecimal() and place[2].isdecimal()):
            raise UsageFailed(
                f"{path}:{number} is no line of topic,partition,offset: {','.join(row)[:100]!r}"
            )
        if named != group or place[0] != topic:
            continue
        if int(place[1]) in offsets:
            raise UsageFailed(f"{path}:{number} names partition {int(place[1])} a second time")
        offsets[int(place[1])] = int(place[2])
    if not offsets:
        raise UsageFailed(f"{path} names no offset of {topic} for the group {group}")
    return offsets
