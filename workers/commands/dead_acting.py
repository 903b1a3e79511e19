"""`khabar dead resend` and `khabar dead drop`: dead letters are sent again, or marked as dealt with."""

from typing import TYPE_CHECKING, Annotated

import typer

from workers.commands.console import Faults, counted, progress, say
from workers.commands.dead_options import (
    Agencies,
    Dropped,
    FromSource,
    Reasons,
    Since,
    Until,
    choice_of,
    dropped_text,
    reasons_text,
)
from workers.commands.options import Brokers, load_settings
from workers.commands.tables import print_table
from workers.failures import EXIT_PARTLY, CommandFailed, UsageFailed

if TYPE_CHECKING:
    from workers.operations.dead_letters import Letters
    from workers.operations.resend import Resending
    from workers.settings import Settings

MAX_ATTEMPTS = 3
Places = Annotated[
    list[str] | None,
    typer.Argument(metavar="PARTITION:OFFSET", help="PARTITION:OFFSET as `khabar dead list` shows them."),
]


def resend(
    places: Places = None,
    reason: Reasons = None,
    since: Since = None,
    until: Until = None,
    source: FromSource = None,
    agency: Agencies = None,
    max_attempts: Annotated[
        int, typer.Option("--max-attempts", min=1, help="Leave out records that died this often.")
    ] = MAX_ATTEMPTS,
    force: Annotated[bool, typer.Option("--force", help="Also send records that died too often.")] = False,
    dropped: Dropped = False,
    execute: Annotated[bool, typer.Option("--execute", help="Send them.")] = False,
    brokers: Brokers = None,
) -> None:
    """Send dead letters to the raw topic again, as the records they were. Without --execute it only counts.

    Choose by place, reason, moment, source, agency, or several: a letter must fit all. A record that died
    more than once is sent once, and one that died three times only with --force. Letters stay on their
    topic, which forgets only by age. `khabar dead drop` marks those that are dealt with; from then on they
    are left out.

    \b
    Examples
      khabar dead resend --reason internal --reason crashed
      khabar dead resend --reason timeout --since '2026-01-31 09:00 Asia/Tehran' --execute
      khabar dead resend --source news.raw:3 --since yesterday
      khabar dead resend 3:17 3:20 --force --execute

    \b
    Exit codes: 0 counted, or all sent; 3 some were not sent; 1 no broker, no topic, no such letter;
    2 the request is at fault.
    """
    settings = load_settings(brokers=brokers)

    from workers.operations.dead_letters import find_dead_letters, read_dead_letters
    from workers.operations.resend import plan_resending

    if not (places or reason or since or until or source or agency):
        options = "--reason REASON, --since MOMENT, --until MOMENT, --source TOPIC or --agency NAME"
        raise UsageFailed(f"say which: PARTITION:OFFSET, {options}")
    choice = choice_of(
        places=places, reasons=reason, since=since, until=until, source=source, agencies=agency
    )
    letters = find_dead_letters(settings, dropped=dropped)
    plan = plan_resending(read_dead_letters(settings, letters), choice, None if force else max_attempts)
    if plan.missing:
        named = ", ".join(f"{partition}:{offset}" for partition, offset in sorted(plan.missing))
        where = f"{named} of {settings.topic_name('dead')}{dropped_text(letters)}"
        raise CommandFailed(f"no dead letter that fits lies at {where}")
    again = f"; {plan.repeated:,} more hold the same records" if plan.repeated else ""
    worn = f"; {plan.worn:,} died {max_attempts} times or more (--force sends them, too)" if plan.worn else ""
    by_reason, attempts = reasons_text(plan.by_reason), _attempts_text(plan)
    total = counted(len(plan.places), "dead letter")
    say(f"khabar: {total}{by_reason}{attempts}{again}{worn}{dropped_text(letters)}")
    if execute:
        _send(settings, letters, plan)
    else:
        say("khabar: nothing was sent; --execute sends them")


def drop(
    places: Places = None,
    until: Until = None,
    everything: Annotated[bool, typer.Option("--all", help="Mark all that are there now.")] = False,
    execute: Annotated[bool, typer.Option("--execute", help="Move the mark.")] = False,
    brokers: Brokers = None,
) -> None:
    """Mark dead letters as dealt with: `list` and `resend` leave out what lies before the mark.

    PARTITION:OFFSET sets the mark of one partition before that letter; --until and --all set it on every
    partition. Nothing is deleted: --dropped shows what lies before the mark, and a mark that is set back
    brings letters back. Without --execute it only shows the plan.

    The mark is kept as committed offsets of the group GROUP.dead. Brokers forget those of a group that
    nobody uses (offsets.retention.minutes, by default seven days); `khabar dead list`, `resend` and `drop`
    keep it alive. Once it is forgotten, all letters are listed again.

    \b
    Examples
      khabar dead drop --until yesterday --execute
      khabar dead drop --all
      khabar dead drop 3:17 --execute                     those of partition 3 before offset 17
      khabar dead drop 3:0 --execute                      brings all of partition 3 back
    """
    settings = load_settings(brokers=brokers)

    from workers.moments import read_moment
    from workers.operations.dead_marks import plan_mark, set_mark
    from workers.operations.tail import parse_place

    if bool(places) + (until is not None) + everything != 1:
        raise UsageFailed("say which, by one of PARTITION:OFFSET, --until MOMENT, --all")
    named = [parse_place(place) for place in places or ()]
    if len({partition for partition, _ in named}) != len(named):
        raise UsageFailed("a partition is named twice")
    moves = plan_mark(
        settings,
        until=None if until is None else read_moment(until).end,
        places=dict(named) if named else None,
    )
    print_table(
        ("partition", "oldest", "end", "mark", "new mark", "dropped", "brought back"),
        [(m.partition, m.begin, m.end, m.current, m.target, m.dropped, m.brought_back) for m in moves],
        f"mark on {settings.topic_name('dead')}",
    )
    dropped, back = sum(m.dropped for m in moves), sum(m.brought_back for m in moves)
    say(f"khabar: {counted(dropped, 'dead letter')} to be dropped, {back:,} to be brought back")
    if execute:
        set_mark(settings, moves)
        say("khabar: done; --dropped shows what lies before the mark")
    else:
        say("khabar: nothing was changed; --execute moves the mark")


def _attempts_text(plan: "Resending") -> str:
    """How often records died: `; died once: 3, twice: 1`."""
    names = {1: "once", 2: "twice"}
    text = ", ".join(
        f"{names.get(attempts, f'{attempts} times')}: {count:,}"
        for attempts, count in sorted(plan.by_attempts.items())
    )
    return f"; died {text}" if text else ""


def _send(settings: "Settings", letters: "Letters", plan: "Resending") -> None:
    from workers.operations.dead_letters import read_dead_letters
    from workers.operations.resend import chosen
    from workers.operations.sending import Confirmed, send

    total, confirmed = len(plan.places), 0
    name = settings.topic_name("raw")
    with progress(total) as (update, tell):
        faults = Faults(tell)
        for result in send(chosen(read_dead_letters(settings, letters), plan.places), settings, name):
            if isinstance(result, Confirmed):
                confirmed += 1
            else:
                faults.add(result.place, result.reason, result.detail)
            update(confirmed + faults.count, f"{confirmed:,} confirmed")
    gone = total - confirmed - faults.count  # a topic may forget by age between two readings
    left = [f"{faults.count:,} not sent ({faults.summary()})"] if faults.count else []
    left += [f"{gone:,} no longer there"] if gone else []
    say("; ".join([f"khabar: {counted(confirmed, 'record')} confirmed on {name}", *left]))
    if left:
        raise typer.Exit(EXIT_PARTLY)
