"""`khabar dead`: what could not be enriched, and why."""

import sys
from typing import Annotated

import typer

from workers.commands.console import counted, disarmed, say
from workers.commands.dead_acting import drop, resend
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
from workers.commands.dead_printing import print_counts, print_json, print_letter, print_letters, row_of
from workers.commands.options import Brokers, load_settings
from workers.failures import CommandFailed

dead = typer.Typer(no_args_is_help=True, rich_markup_mode=None)


@dead.callback()
def _root() -> None:
    """Dead letters: records that could not be enriched, untouched, with the reason.

    List, show and count them, send them again, or mark those that are dealt with.

    \b
    Examples
      khabar dead list
      khabar dead list --reason not_persian -n 100
      khabar dead show 3:17
      khabar dead show 3:17 --raw > record.bin
      khabar dead list --by reason,agency
      khabar dead resend --reason internal
      khabar dead drop --until yesterday
    """


@dead.command("list")
def list_(
    reason: Reasons = None,
    since: Since = None,
    until: Until = None,
    source: FromSource = None,
    agency: Agencies = None,
    by: Annotated[
        str | None, typer.Option("--by", metavar="FIELD,…", help="Count them by these fields.")
    ] = None,
    number: Annotated[
        int,
        typer.Option(
            "-n", "--number", min=0, help="Most letters, the newest, or most counts, the largest; 0: all."
        ),
    ] = 20,
    dropped: Dropped = False,
    json: Annotated[bool, typer.Option("--json", help="JSON lines in place of a table.")] = False,
    brokers: Brokers = None,
) -> None:
    """List the newest dead letters that fit, or count those that fit. Also counts all of them by reason.

    \b
    Reasons
      undecodable malformed_json schema empty too_large not_persian timeout crashed internal
    Fields for --by
      reason step agency topic partition version exception day
    Topic and partition are those of the source. The agency is read from the record's JSON. Days are in UTC.

    \b
    Examples
      khabar dead list --since yesterday --reason internal
      khabar dead list --source news.raw:3 --until 1404-11-11
      khabar dead list --by reason,agency
      khabar dead list --by day --reason timeout --json
    """
    settings = load_settings(brokers=brokers)

    from workers.operations.dead_letters import find_dead_letters, read_dead_letters
    from workers.operations.dead_listing import counted_by, newest, parse_fields

    choice = choice_of(reasons=reason, since=since, until=until, source=source, agencies=agency)
    fields = parse_fields(by) if by else ()
    letters = find_dead_letters(settings, dropped=dropped)
    if fields:
        groups = counted_by(read_dead_letters(settings, letters), choice, fields)
        print_counts(groups[: number or None], fields, json=json)
        total = sum(count.number for _, count in groups)
        shown = f"; {number:,} counts of {len(groups):,} shown" if 0 < number < len(groups) else ""
        say(f"khabar: {counted(total, 'dead letter')}{shown}{dropped_text(letters)}")
        return
    found = newest(read_dead_letters(settings, letters), choice, number or None)
    if json:
        for letter in found.letters:
            print_json(row_of(letter))
    elif found.letters:
        print_letters(found.letters)
    total = sum(found.by_reason.values())
    fit = f"; {found.fitting:,} asked for" if found.fitting < total else ""
    shown = f"; {len(found.letters):,} shown" if len(found.letters) < total else ""
    by_reason = reasons_text(found.by_reason)
    say(f"khabar: {counted(total, 'dead letter')}{by_reason}{fit}{shown}{dropped_text(letters)}")


@dead.command()
def show(
    place: Annotated[
        str,
        typer.Argument(metavar="PARTITION:OFFSET", help="PARTITION:OFFSET as `khabar dead list` shows it."),
    ],
    raw: Annotated[bool, typer.Option("--raw", help="Write only the record's bytes, untouched.")] = False,
    json: Annotated[bool, typer.Option("--json", help="One JSON object, the value in base64.")] = False,
    brokers: Brokers = None,
) -> None:
    """Show one dead letter: reason, exception, source, headers, and the record's own bytes.

    \b
    Examples
      khabar dead show 3:17
      khabar dead show 3:17 --raw | khabar enrich - --view
    """
    settings = load_settings(brokers=brokers)

    from workers.operations.dead_letters import one_dead_letter
    from workers.operations.tail import parse_place

    letter = one_dead_letter(settings, *parse_place(place))
    for omitted in letter.omitted:
        message = f"{omitted} was too large for this topic; it lies at {letter.source}"
        if raw and omitted.startswith("the value"):
            raise CommandFailed(message)
        say(f"khabar: {message}")
    if raw:
        value = letter.value or b""
        sys.stdout.buffer.write(disarmed(value) if sys.stdout.isatty() else value)
        sys.stdout.buffer.flush()
    elif json:
        print_json(row_of(letter, whole=True))
    else:
        print_letter(letter)


dead.command()(resend)
dead.command()(drop)
