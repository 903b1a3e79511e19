"""`khabar tail`: watch a topic."""

import itertools
from collections.abc import Callable
from typing import TYPE_CHECKING, Annotated, Any

import typer

from workers.commands.console import put, say
from workers.commands.options import Brokers, load_settings

if TYPE_CHECKING:
    from workers.settings import Settings

ROLES = ("raw", "enriched", "statements", "entities", "dead")


def tail(
    topic: Annotated[
        str, typer.Argument(help="raw, enriched, statements, entities, dead, or any topic's name.")
    ] = "enriched",
    number: Annotated[
        int | None,
        typer.Option("-n", "--number", min=0, help="Most records; by default 10, with --from all."),
    ] = None,
    start: Annotated[
        str | None,
        typer.Option("--from", metavar="PLACE", help="beginning, end, a moment, or PARTITION:OFFSET[,…]."),
    ] = None,
    follow: Annotated[
        bool, typer.Option("--follow", "-f", help="Go on with new records until Ctrl-C.")
    ] = False,
    json: Annotated[
        bool, typer.Option("--json", help="JSON lines of topic, partition, offset, key, headers, value.")
    ] = False,
    value: Annotated[bool, typer.Option("--value", help="Only the values, one a line.")] = False,
    view: Annotated[
        bool, typer.Option("--view", help="Show enriched articles at length, for reading.")
    ] = False,
    brokers: Brokers = None,
) -> None:
    """Print records of a topic: the newest ten, or from a place on. Nothing is committed.

    A moment is written as for `replay`: ISO 8601, in UTC where no zone is given; Jalali (1404/11/11), in
    Tehran's time; now, today, yesterday, '2h ago'; or Unix time. Records of aborted transactions are not
    shown. A record that no well-behaved client sends is shown with its fault ("fault" in JSON): a header name
    that is not UTF-8 is escaped, a part of gigabytes is left out.

    \b
    Examples
      khabar tail                                the newest ten enriched articles
      khabar tail statements -f                  who says what, as it comes in
      khabar tail raw --from 2026-01-31 --json
      khabar tail raw --from '2h ago'
      khabar tail enriched --from 3:1700 -n 1 --view
      khabar tail enriched --from beginning --value | gzip > enriched.jsonl.gz
    """
    settings = load_settings(brokers=brokers)

    from workers.operations.tail import parse_start
    from workers.operations.tail import tail as read_tail

    name = settings.topic_name(topic) if topic in ROLES else topic  # type: ignore[arg-type]  # a role, by the test before
    newest = start is None
    if newest and follow and number is None:
        number = 10
    begin = parse_start(start, 10 if number is None else number)
    show = _shower(settings, name, json=json, value=value, view=view)
    records = read_tail(settings, name, begin, follow=follow)
    count = 0
    try:
        for record in itertools.islice(records, None if newest else number):
            show(record)
            count += 1
    except KeyboardInterrupt:
        raise typer.Exit(0 if follow else 130) from None
    if not count:
        say(f"khabar: no records on {name} there")


def _shower(settings: "Settings", name: str, *, json: bool, value: bool, view: bool) -> Callable[[Any], None]:
    if value:
        return _put_value
    if json:
        return lambda record: put(_json(record))
    role = next((t.role for t in settings.topics if t.name == name), None)
    if view and role == "enriched":
        from workers.commands.views import viewer

        return viewer()
    from workers.commands.lines import line

    return lambda record: print(line(record, role), flush=True)


def _put_value(record: Any) -> None:
    from workers.record_batches.fetched import fault_of

    fault = fault_of(record.headers)
    if fault is not None:
        say(f"khabar: {record.partition}:{record.offset}: {fault.reason}: {fault.detail}")
        if record.value is None:
            return
    put(record.value or b"")


def _json(record: Any) -> bytes:
    import base64

    import orjson

    from workers.record_batches.fetched import fault_of

    row: dict[str, Any] = {
        "topic": record.topic,
        "partition": record.partition,
        "offset": record.offset,
        "timestamp": record.timestamp,
        "key": None if record.key is None else record.key.decode("utf-8", "backslashreplace"),
        "headers": {n: (v or b"").decode("utf-8", "backslashreplace") for n, v in record.headers},
    }
    if fault := fault_of(record.headers):
        row["fault"] = {"reason": fault.reason, "detail": fault.detail, "omitted": dict(fault.omitted)}
    try:
        row["value"] = None if record.value is None else orjson.loads(record.value)
    except orjson.JSONDecodeError:
        row["value_base64"] = base64.b64encode(record.value).decode("ascii")
    return orjson.dumps(row)
