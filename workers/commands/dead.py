"""`khabar dead`: what could not be enriched, and why; and sending it again."""

import sys
from typing import TYPE_CHECKING, Annotated, Any

import typer

from workers.commands.console import Faults, counted, one_line, progress, say
from workers.commands.options import Brokers, load_settings
from workers.commands.tables import print_table
from workers.failures import EXIT_PARTLY, CommandFailed, UsageFailed

if TYPE_CHECKING:
    from workers.operations.dead_letters import DeadLetter

dead = typer.Typer(no_args_is_help=True, rich_markup_mode=None)


@dead.callback()
def _root() -> None:
    """List, show and send again dead letters: records that could not be enriched, untouched, with the reason.

    \b
    Examples
      khabar dead list
      khabar dead list --reason not_persian -n 100
      khabar dead show 3:17
      khabar dead show 3:17 --raw > record.bin
      khabar dead resend --reason internal
    """


@dead.command("list")
def list_(
    reason: Annotated[str | None, typer.Option("--reason", "-r", help="Only those of this reason.")] = None,
    number: Annotated[int, typer.Option("-n", "--number", min=0, help="The newest so many; 0: all.")] = 20,
    json: Annotated[bool, typer.Option("--json", help="JSON lines in place of a table.")] = False,
    brokers: Brokers = None,
) -> None:
    """List the newest dead letters, and count all of them by reason.

    \b
    Reasons
      undecodable malformed_json schema empty too_large not_persian timeout crashed internal
    """
    settings = load_settings(brokers=brokers)

    from schemas import headers
    from schemas.reasons import Reason
    from workers.moments import show_moment
    from workers.operations.dead_letters import newest_dead_letters

    if reason is not None and reason not in set(Reason):
        raise UsageFailed(f"{reason!r} is no reason; the reasons are {', '.join(Reason)}")
    letters, counts = newest_dead_letters(settings, number or None, reason=reason)
    if json:
        for letter in letters:
            _print_json(_row(letter))
    elif letters:
        print_table(
            ("place", "time", "reason", "step", "from", "key", "what"),
            [
                (
                    letter.place,
                    show_moment(letter.timestamp),
                    letter.reason,
                    letter.header(headers.ERROR_STEP),
                    letter.source,
                    one_line((letter.key or b"").decode("utf-8", "replace"), 40),
                    one_line(letter.header(headers.ERROR_MESSAGE), 120),
                )
                for letter in letters
            ],
        )
    total = sum(counts.values())
    by_reason = ", ".join(f"{n:,} {r or 'without a reason'}" for r, n in sorted(counts.items()))
    shown = f"; {len(letters):,} shown" if len(letters) < total else ""
    say(f"khabar: {counted(total, 'dead letter')}{': ' if by_reason else ''}{by_reason}{shown}")


@dead.command()
def show(
    place: Annotated[str, typer.Argument(metavar="PARTITION:OFFSET", help="As `khabar dead list` tells it.")],
    raw: Annotated[bool, typer.Option("--raw", help="Only write the record's bytes, untouched.")] = False,
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

    from schemas import headers
    from workers.operations.dead_letters import one_dead_letter
    from workers.operations.tail import parse_place

    letter = one_dead_letter(settings, *parse_place(place))
    if omitted := letter.header(headers.ERROR_VALUE_OMITTED):
        message = f"the value ({omitted}) was too large for this topic; it lies at {letter.source}"
        if raw:
            raise CommandFailed(message)
        say(f"khabar: {message}")
    if raw:
        sys.stdout.buffer.write(letter.value or b"")
        sys.stdout.buffer.flush()
    elif json:
        _print_json(_row(letter, whole=True))
    else:
        _print(letter)


@dead.command()
def resend(
    places: Annotated[
        list[str] | None,
        typer.Argument(metavar="PARTITION:OFFSET", help="As `khabar dead list` tells them."),
    ] = None,
    reason: Annotated[
        list[str] | None, typer.Option("--reason", "-r", help="Those of this reason; repeatable.")
    ] = None,
    since: Annotated[
        str | None,
        typer.Option("--since", metavar="MOMENT", help="Those that died then or later; as for `replay`."),
    ] = None,
    execute: Annotated[bool, typer.Option("--execute", help="Send them.")] = False,
    brokers: Brokers = None,
) -> None:
    """Send dead letters to the raw topic again, as the records they were. Only with --execute; else counts.

    Choose by place, by reason, by moment, or by several: a letter must fit all. A record that died more
    than once is sent once. Letters stay where they are (a topic forgets only by age), so name a moment
    after the last resending, or records that are long enriched come again.

    \b
    Examples
      khabar dead resend --reason internal --reason crashed
      khabar dead resend --reason timeout --since '2026-01-31 09:00 Asia/Tehran' --execute
      khabar dead resend 3:17 3:20 --execute

    \b
    Exit codes: 0 counted, or all sent; 3 some were not sent; 1 no broker, no topic, no such letter;
    2 the request is at fault.
    """
    settings = load_settings(brokers=brokers)

    from schemas.reasons import Reason
    from workers.moments import parse_moment
    from workers.operations.resend import Choice, chosen, plan_resending
    from workers.operations.sending import Confirmed, send
    from workers.operations.tail import parse_place

    if not (places or reason or since):
        raise UsageFailed("say which: PARTITION:OFFSET, --reason REASON or --since MOMENT")
    if unknown := set(reason or ()) - set(Reason):
        raise UsageFailed(f"{min(unknown)!r} is no reason; the reasons are {', '.join(Reason)}")
    choice = Choice(
        places=frozenset(parse_place(place) for place in places or ()),
        reasons=frozenset(reason or ()),
        since=None if since is None else parse_moment(since),
    )
    plan = plan_resending(settings, choice)
    if plan.missing:
        named = ", ".join(f"{partition}:{offset}" for partition, offset in sorted(plan.missing))
        raise CommandFailed(f"no dead letter that fits lies at {named} of {settings.topic_name('dead')}")
    total = len(plan.places)
    by_reason = ", ".join(f"{n:,} {r or 'without a reason'}" for r, n in sorted(plan.by_reason.items()))
    again = f"; {plan.repeated:,} more hold the same records" if plan.repeated else ""
    say(f"khabar: {counted(total, 'dead letter')}{': ' if by_reason else ''}{by_reason}{again}")
    if not execute:
        say("khabar: nothing was sent; --execute sends them")
        return
    name, confirmed = settings.topic_name("raw"), 0
    with progress(total) as (update, tell):
        faults = Faults(tell)
        for result in send(chosen(settings, plan.places), settings, name):
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


def _print(letter: "DeadLetter") -> None:
    from schemas import headers
    from workers.moments import show_moment

    names = {
        "reason": headers.ERROR_REASON,
        "step": headers.ERROR_STEP,
        "exception": headers.ERROR_EXCEPTION,
        "message": headers.ERROR_MESSAGE,
        "attempt": headers.ERROR_ATTEMPT,
        "worker": headers.ERROR_VERSION,
    }
    print(f"dead letter  {letter.place}, {show_moment(letter.timestamp)}")
    print(f"came from    {letter.source or '–'}")
    for label, name in names.items():
        if told := letter.header(name):
            print(f"{label:<12} {one_line(told, 1000)}")
    print(f"key          {one_line(_text(letter.key), 300) or '–'}")
    for name, value in letter.own_headers:
        print(
            f"header       {one_line(name)}: {one_line((value or b'').decode('utf-8', 'backslashreplace'))}"
        )
    if trace := letter.header(headers.ERROR_STACKTRACE):
        print("stack trace")
        print("\n".join("  " + one_line(line, 500) for line in trace.splitlines()))
    value = letter.value or b""
    print(f"value        {counted(len(value), 'byte')}; --raw writes them untouched")
    print(one_line(value[:4000].decode("utf-8", "backslashreplace"), 4000))


def _text(data: bytes | None) -> str:
    return (data or b"").decode("utf-8", "backslashreplace")


def _row(letter: "DeadLetter", *, whole: bool = False) -> dict[str, Any]:
    import base64

    from schemas import headers

    row: dict[str, Any] = {
        "partition": letter.partition,
        "offset": letter.offset,
        "timestamp": letter.timestamp,
        "reason": letter.reason,
        "step": letter.header(headers.ERROR_STEP),
        "exception": letter.header(headers.ERROR_EXCEPTION),
        "message": letter.header(headers.ERROR_MESSAGE),
        "source": {
            "topic": letter.header(headers.ERROR_TOPIC),
            "partition": letter.header(headers.ERROR_PARTITION),
            "offset": letter.header(headers.ERROR_OFFSET),
        },
        "attempt": letter.header(headers.ERROR_ATTEMPT),
        "version": letter.header(headers.ERROR_VERSION),
        "key": (letter.key or b"").decode("utf-8", "backslashreplace"),
        "bytes": letter.value_bytes,
    }
    if whole:
        row["headers"] = [
            [name, (value or b"").decode("utf-8", "backslashreplace")] for name, value in letter.own_headers
        ]
        row["stacktrace"] = letter.header(headers.ERROR_STACKTRACE)
        row["value_base64"] = base64.b64encode(letter.value or b"").decode("ascii")
    return row


def _print_json(row: dict[str, Any]) -> None:
    import orjson

    from workers.commands.console import put

    put(orjson.dumps(row))
