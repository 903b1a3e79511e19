"""`khabar replay`: enrich again from a place on."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from workers.commands.console import counted, one_line, say
from workers.commands.options import Brokers, load_settings
from workers.commands.tables import print_table
from workers.failures import CommandFailed, UsageFailed

if TYPE_CHECKING:
    from kafka import KafkaAdminClient

    from workers.operations.replay import Plan
    from workers.operations.targets import Target
    from workers.settings import Settings

TARGETS = (
    "--to-earliest, --to-latest, --to-current, --to-datetime MOMENT, --to-offset PARTITION=OFFSET, "
    "--shift-by NUMBER, --by-duration DURATION, --from-file FILE"
)


def replay(
    to_earliest: Annotated[bool, typer.Option("--to-earliest", help="Go to the oldest record.")] = False,
    to_latest: Annotated[bool, typer.Option("--to-latest", help="To the end.")] = False,
    to_current: Annotated[
        bool, typer.Option("--to-current", help="Stay where the group is; with --export, to save that place.")
    ] = False,
    to_datetime: Annotated[
        str | None,
        typer.Option("--to-datetime", metavar="MOMENT", help="Go to the first record from then on."),
    ] = None,
    to_offset: Annotated[
        list[str] | None,
        typer.Option("--to-offset", metavar="PARTITION=OFFSET", help="One partition; repeatable."),
    ] = None,
    shift_by: Annotated[
        int | None,
        typer.Option(
            "--shift-by", metavar="NUMBER", help="Move by this many offsets; backwards where negative."
        ),
    ] = None,
    by_duration: Annotated[
        str | None,
        typer.Option(
            "--by-duration", metavar="DURATION", help="Go back from now by this much: 90m, 2d, PT1H30M."
        ),
    ] = None,
    from_file: Annotated[
        Path | None,
        typer.Option(
            "--from-file", metavar="FILE", help="Go to the offsets of a plan, or of Kafka's own CSV."
        ),
    ] = None,
    partition: Annotated[
        list[int] | None,
        typer.Option("--partition", "-p", min=0, help="Move only this partition; repeatable."),
    ] = None,
    export: Annotated[
        Path | None, typer.Option("--export", metavar="FILE", help="Also write the plan, from target to end.")
    ] = None,
    execute: Annotated[bool, typer.Option("--execute", help="Carry the plan out.")] = False,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only show the plan: the default.")] = False,
    allow_skip: Annotated[
        bool,
        typer.Option("--allow-skip", help="Allow moving forward, past records that were never enriched."),
    ] = False,
    watch: Annotated[
        bool, typer.Option("--watch", help="Follow the group until it is through; after --execute or alone.")
    ] = False,
    group: Annotated[str | None, typer.Option("--group", "-g", help="In place of KHABAR_GROUP.")] = None,
    brokers: Brokers = None,
) -> None:
    """Set the workers' group back, so that records come again. Without --execute it only shows the plan.

    The group must have no live workers: stop them, replay, start them. Events that come again have the
    same keys, ids and bytes as long as pipeline and models are the same.

    A moment is compared with the timestamps of the raw records. It is ISO 8601 (2026-01-31,
    2026-01-31T09:00+03:30, '2026-01-31 09:00 Asia/Tehran'), in UTC where no zone is given; Jalali
    (1404-11-11, '۱۴۰۴/۱۱/۱۱ ۰۹:۰۰'), in Tehran's time where no zone is given; a word (now, today,
    'yesterday 14:30', '2h ago'); or Unix time in nine digits and more.

    A FILE is a plan as --export writes it (the group goes to each "from"), or lines of
    topic,partition,offset as kafka-consumer-groups --reset-offsets --export prints them. Where an offset of a
    file or of --shift-by is gone or still to come, the oldest or the end is taken, and the plan says so.

    \b
    Examples
      khabar replay --to-earliest
      khabar replay --to-datetime '2026-01-31 09:00 Asia/Tehran' --execute --watch
      khabar replay --by-duration 2h --partition 3 --execute
      khabar replay --shift-by -500
      khabar replay --to-offset 0=1200 --to-offset 3=900 --execute
      khabar replay --to-current --export before.json     keep the place; then, to go back there:
      khabar replay --from-file before.json --allow-skip --execute
      khabar replay --watch                               how long until all that waits is enriched?

    \b
    Exit codes: 0 planned, done or through; 1 refused (live group) or failed; 2 the request is at fault;
    130 no longer watched.
    """
    if execute and dry_run:
        raise UsageFailed("--execute and --dry-run exclude each other")
    chosen = {
        "--to-earliest": to_earliest or None,
        "--to-latest": to_latest or None,
        "--to-current": to_current or None,
        "--to-datetime": to_datetime,
        "--to-offset": to_offset or None,
        "--shift-by": shift_by,
        "--by-duration": by_duration,
        "--from-file": from_file,
    }
    given = [name for name, value in chosen.items() if value is not None]
    only_watch = watch and not given and not execute and export is None
    if len(given) > 1:
        raise UsageFailed(f"{' and '.join(given)} exclude each other: say where to by one of {TARGETS}")
    if not given and not only_watch:
        raise UsageFailed(f"say where to, by one of {TARGETS}")
    if watch and given and not execute:
        raise UsageFailed("--watch goes with --execute, or stands alone")
    settings = load_settings(brokers=brokers, group=group)

    from workers.operations.clients import admin_client

    limits = frozenset(partition or ())
    if only_watch:
        with admin_client(settings) as admin:
            _watch_what_waits(settings, admin, limits)
        return
    target = _target(settings, given[0], chosen[given[0]], limits)
    with admin_client(settings) as admin:
        _carry_out(
            settings, admin, target, export=export, execute=execute, allow_skip=allow_skip, watch=watch
        )


def _carry_out(
    settings: "Settings",
    admin: "KafkaAdminClient",
    target: "Target",
    *,
    export: Path | None,
    execute: bool,
    allow_skip: bool,
    watch: bool,
) -> None:
    from workers.commands.watching import watch as watch_group
    from workers.operations.plans import save_plan
    from workers.operations.replay import execute as carry_out
    from workers.operations.replay import make_plan
    from workers.operations.watching import Way

    plan = make_plan(settings, admin, settings.group, settings.topic_name("raw"), target)
    _show(plan, target)
    if export is not None:
        save_plan(plan.file, export)
        say(f"khabar: the plan is in {export}")
    if plan.skipped and not allow_skip:
        message = (
            f"{counted(plan.skipped, 'record')} would be skipped and never enriched; --allow-skip does it"
        )
        if execute:
            raise CommandFailed(message)
        say(f"khabar: {message}")
    if not execute:
        say("khabar: nothing was changed; --execute carries this out")
        return
    carry_out(settings, admin, plan)
    say(f"khabar: done; {counted(plan.again, 'record')} will come again once workers start")
    if watch:
        spans = {move.partition: (move.target, move.position) for move in plan.moves if move.again}
        watch_group(settings, admin, Way(plan.topic, spans))


def _watch_what_waits(settings: "Settings", admin: "KafkaAdminClient", limits: frozenset[int]) -> None:
    from workers.commands.watching import watch as watch_group
    from workers.operations.replay import make_plan
    from workers.operations.targets import Kind, Target
    from workers.operations.watching import Way

    topic = settings.topic_name("raw")
    plan = make_plan(settings, admin, settings.group, topic, Target(Kind.CURRENT, partitions=limits))
    spans = {move.partition: (move.position, move.end) for move in plan.moves}
    watch_group(settings, admin, Way(topic, spans))


def _target(settings: "Settings", option: str, value: object, limits: frozenset[int]) -> "Target":
    """The target that an option and its value name. Raises `UsageFailed`."""
    from workers.moments import now_milliseconds, parse_duration, parse_moment
    from workers.operations.tail import parse_place
    from workers.operations.target_files import load_offsets
    from workers.operations.targets import Kind, Target

    match option, value:
        case "--to-earliest", _:
            return Target(Kind.EARLIEST, partitions=limits)
        case "--to-latest", _:
            return Target(Kind.LATEST, partitions=limits)
        case "--to-current", _:
            return Target(Kind.CURRENT, partitions=limits)
        case "--to-datetime", str():
            return Target(Kind.MOMENT, moment=parse_moment(value), partitions=limits)
        case "--by-duration", str():
            moment = now_milliseconds() - parse_duration(value)
            return Target(Kind.MOMENT, moment=moment, partitions=limits)
        case "--to-offset", list():
            places = [parse_place(text, "=") for text in value]
            if len({number for number, _ in places}) != len(places):
                raise UsageFailed("--to-offset names a partition twice")
            return Target(Kind.OFFSETS, offsets=dict(places), partitions=limits)
        case "--shift-by", int():
            return Target(Kind.SHIFT, shift=value, partitions=limits)
        case "--from-file", Path():
            offsets = load_offsets(value, settings.topic_name("raw"), settings.group)
            return Target(Kind.FILE, offsets=offsets, partitions=limits)
        case _:
            raise AssertionError(f"no target: {option} {value!r}")


def _show(plan: "Plan", target: "Target") -> None:
    from workers.moments import show_moment_twice
    from workers.operations.targets import Kind

    if target.kind is Kind.MOMENT:
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
            members = one_line(", ".join(plan.group.members), None) or plan.group.state
            print(f"the group is live ({members}): stop its workers before --execute")
        case False:
            print(f"the group has no live members ({plan.group.state})")
        case None:
            print("this broker does not tell whether the group is live; for a live one --execute is refused")
    for note in plan.notes:
        print(f"note: {note}")
