"""`khabar status`: how far the workers are."""

from typing import Annotated, Any

import typer

from workers.commands.console import counted, put
from workers.commands.options import Brokers, load_settings
from workers.commands.tables import print_table
from workers.failures import EXIT_FAILED

_COLUMNS = ("partition", "oldest", "committed", "end", "lag")


def status(
    group: Annotated[str | None, typer.Option("--group", "-g", help="In place of KHABAR_GROUP.")] = None,
    max_lag: Annotated[
        int | None, typer.Option("--max-lag", min=0, help="Exit with 1 when more records wait.")
    ] = None,
    json: Annotated[bool, typer.Option("--json", help="One JSON object in place of tables.")] = False,
    brokers: Brokers = None,
) -> None:
    """Show how many raw records wait on each partition, who works on them, and what came out.

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
        rows = [(p.partition, p.begin, p.committed, p.end, p.lag) for p in found.partitions]
        print_table(_COLUMNS, rows, f"group {found.group.name} on {found.topic}")
        state = found.group.state or "not told by this broker"
        members = ", ".join(found.group.members)
        print(f"{counted(found.lag, 'record')} wait; group: {state}{': ' + members if members else ''}")
        counts = ", ".join(f"{name} {'missing' if n is None else f'{n:,}'}" for name, n in found.held.items())
        print(f"records held: {counts}")
    if max_lag is not None and found.lag > max_lag:
        raise typer.Exit(EXIT_FAILED)


def _print_json(found: Any) -> None:
    import orjson

    row = {
        "group": found.group.name,
        "topic": found.topic,
        "state": found.group.state,
        "members": found.group.members,
        "lag": found.lag,
        "partitions": [
            dict(zip(_COLUMNS, (p.partition, p.begin, p.committed, p.end, p.lag), strict=True))
            for p in found.partitions
        ],
        "records": found.held,
    }
    put(orjson.dumps(row))
