"""`khabar replay`: enrich again from a place on."""

from typing import TYPE_CHECKING, Annotated

import typer

from workers.commands.console import counted, say
from workers.commands.options import Brokers, load_settings
from workers.commands.tables import print_table
from workers.failures import CommandFailed, UsageFailed

if TYPE_CHECKING:
    from workers.operations.replay import Plan, Target


def replay(
    to_earliest: Annotated[bool, typer.Option("--to-earliest", help="To the oldest record.")] = False,
    to_datetime: Annotated[
        str | None, typer.Option("--to-datetime", metavar="MOMENT", help="To the first record from then on.")
    ] = None,
    to_offset: Annotated[
        list[str] | None,
        typer.Option("--to-offset", metavar="PARTITION=OFFSET", help="One partition; repeatable."),
    ] = None,
    execute: Annotated[bool, typer.Option("--execute", help="Carry the plan out.")] = False,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only show the plan: the default.")] = False,
    allow_skip: Annotated[
        bool, typer.Option("--allow-skip", help="Also move forward, past records that were never enriched.")
    ] = False,
    group: Annotated[str | None, typer.Option("--group", "-g", help="In place of KHABAR_GROUP.")] = None,
    brokers: Brokers = None,
) -> None:
    """Set the workers' group back, so that records come again. Shows the plan; acts only with --execute.

    The group must have no live workers: stop them, replay, start them. Events that come again have the
    same keys, ids and bytes as long as pipeline and models are the same.

    A moment is ISO 8601: 2026-01-31, 2026-01-31T09:00+03:30, 2026-01-31T05:30Z, or with the name of a
    zone, '2026-01-31 09:00 Asia/Tehran'. Without a zone it is in UTC, whatever this machine's zone is.
    Bare numbers of nine digits and more are Unix time (milliseconds from twelve on). It is compared with
    the timestamps of the raw records.

    \b
    Examples
      khabar replay --to-earliest
      khabar replay --to-datetime '2026-01-31 09:00 Asia/Tehran' --execute
      khabar replay --to-offset 0=1200 --to-offset 3=900 --execute

    \b
    Exit codes: 0 planned or done; 1 refused (live group) or failed; 2 the request is at fault.
    """
    from workers.operations.clients import admin_client
    from workers.operations.replay import execute as carry_out
    from workers.operations.replay import make_plan

    if execute and dry_run:
        raise UsageFailed("--execute and --dry-run exclude each other")
    target = _target(to_earliest, to_datetime, to_offset or [])
    settings = load_settings(brokers=brokers, group=group)
    with admin_client(settings) as admin:
        plan = make_plan(settings, admin, settings.group, settings.topic_name("raw"), target)
        _show(plan, target)
        if plan.skipped and not allow_skip:
            message = (
                f"{counted(plan.skipped, 'record')} would be skipped and never enriched; --allow-skip does it"
            )
            if execute:
                raise CommandFailed(message)
            say(f"khabar: {message}")
        if execute:
            carry_out(settings, admin, plan)
            say(f"khabar: done; {counted(plan.again, 'record')} will come again once workers start")
    if not execute:
        say("khabar: nothing was changed; --execute carries this out")


def _target(to_earliest: bool, to_datetime: str | None, to_offset: list[str]) -> "Target":
    from workers.moments import parse_moment
    from workers.operations.replay import Target
    from workers.operations.tail import parse_place

    if to_earliest + (to_datetime is not None) + bool(to_offset) != 1:
        options = "--to-earliest, --to-datetime MOMENT, --to-offset PARTITION=OFFSET"
        raise UsageFailed(f"say where to, by one of {options}")
    if to_offset:
        places = [parse_place(text, "=") for text in to_offset]
        if len({partition for partition, _ in places}) != len(places):
            raise UsageFailed("--to-offset names a partition twice")
        return Target(offsets=dict(places))
    return Target(earliest=to_earliest, moment=None if to_datetime is None else parse_moment(to_datetime))


def _show(plan: "Plan", target: "Target") -> None:
    from workers.moments import show_moment_twice

    if target.moment is not None:
        print(f"to the first record at or after {show_moment_twice(target.moment)}")
    rows = [
        (move.partition, move.begin, move.end, move.current, move.target, move.again, move.skipped)
        for move in plan.moves
    ]
    title = f"group {plan.group.name} on {plan.topic}"
    print_table(("partition", "oldest", "end", "current", "target", "again", "skipped"), rows, title)
    print(f"{counted(plan.again, 'record')} to come again, {counted(plan.skipped, 'record')} skipped")
    match plan.group.is_live:
        case True:
            members = ", ".join(plan.group.members) or plan.group.state
            print(f"the group is live ({members}): stop its workers before --execute")
        case False:
            print(f"the group has no live members ({plan.group.state})")
        case None:
            print("this broker does not tell whether the group is live; for a live one --execute is refused")
    for note in plan.notes:
        print(f"note: {note}")
