"""`khabar status`: how far behind the workers are."""

from typing import TYPE_CHECKING, Annotated

import typer

from workers.commands.console import counted, one_line, put
from workers.commands.options import Brokers, load_settings
from workers.commands.tables import print_table
from workers.failures import EXIT_FAILED

if TYPE_CHECKING:
    from workers.operations.lag import Standing

_COLUMNS = ("partition", "oldest", "committed", "end", "lag", "lost")


def status(
    group: Annotated[str | None, typer.Option("--group", "-g", help="In place of KHABAR_GROUP.")] = None,
    max_lag: Annotated[
        int | None, typer.Option("--max-lag", min=0, help="Exit with 1 when more records wait than this.")
    ] = None,
    json: Annotated[bool, typer.Option("--json", help="One JSON object in place of tables.")] = False,
    brokers: Brokers = None,
) -> None:
    """Show how many raw records wait on each partition, who works on them, and what came out.

    `lost` counts the offsets that retention deleted before the group had read them; `lag` leaves them out.
    `lag` also leaves out marks of transactions, and the records of aborted and of open ones.

    \b
    Examples
      khabar status
      khabar status --json | jq .lag
      khabar status --max-lag 1000 || echo "the workers fall behind"
    """
    settings = load_settings(brokers=brokers, group=group)

    from workers.operations.clients import admin_client
    from workers.operations.lag import look

    with admin_client(settings) as admin:
        found = look(settings, admin)
    if json:
        _print_json(found)
    else:
        print_table(_COLUMNS, _rows(found), f"group {found.group.name} on {found.topic}")
        state = found.group.state or "not reported by this broker"
        members = f": {one_line(', '.join(found.group.members), None)}" if found.group.members else ""
        lost = f", {counted(found.lost, 'record')} lost" if found.lost else ""
        print(f"{counted(found.lag, 'record')} wait{lost}; group: {state}{members}")
        counts = ", ".join(f"{name} {'missing' if n is None else f'{n:,}'}" for name, n in found.held.items())
        print(f"records held: {counts}")
        for note in found.notes:
            print(f"note: {note}")
    if max_lag is not None and found.lag > max_lag:
        raise typer.Exit(EXIT_FAILED)


def _rows(found: "Standing") -> list[tuple[int | None, ...]]:
    return [(p.partition, p.begin, p.committed, p.end, p.lag, p.lost) for p in found.partitions]


def _print_json(found: "Standing") -> None:
    import orjson

    row = {
        "group": found.group.name,
        "topic": found.topic,
        "state": found.group.state,
        "members": found.group.members,
        "lag": found.lag,
        "lost": found.lost,
        "partitions": [dict(zip(_COLUMNS, row, strict=True)) for row in _rows(found)],
        "records": found.held,
        "notes": found.notes,
    }
    put(orjson.dumps(row))
