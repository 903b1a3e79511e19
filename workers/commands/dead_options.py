"""Options that choose among dead letters, and what is told of a choice."""

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Annotated

import typer

from workers.failures import UsageFailed

if TYPE_CHECKING:
    from workers.operations.dead_choice import Choice
    from workers.operations.dead_letters import Letters

Reasons = Annotated[
    list[str] | None, typer.Option("--reason", "-r", help="Those of this reason; repeatable.")
]
Since = Annotated[
    str | None,
    typer.Option("--since", metavar="MOMENT", help="Those that died then or later; as for `replay`."),
]
Until = Annotated[
    str | None,
    typer.Option(
        "--until", metavar="MOMENT", help="Those that died then or earlier; a day counts to its end."
    ),
]
FromSource = Annotated[
    str | None,
    typer.Option("--source", metavar="TOPIC[:PARTITION[:OFFSET]]", help="Those consumed there."),
]
Agencies = Annotated[
    list[str] | None,
    typer.Option("--agency", metavar="NAME", help="Those whose JSON names this agency; repeatable."),
]
Dropped = Annotated[
    bool, typer.Option("--dropped", help="Also those before the mark that `khabar dead drop` set.")
]


def choice_of(
    *,
    places: Iterable[str] | None = None,
    reasons: Iterable[str] | None = None,
    since: str | None = None,
    until: str | None = None,
    source: str | None = None,
    agencies: Iterable[str] | None = None,
) -> "Choice":
    """What the options say together. Raises `UsageFailed`."""
    from schemas.reasons import Reason
    from workers.moments import read_moment
    from workers.operations.dead_choice import Choice, parse_source
    from workers.operations.tail import parse_place

    named = frozenset(reasons or ())
    if unknown := named - set(Reason):
        raise UsageFailed(f"{min(unknown)!r} is no reason; the reasons are {', '.join(Reason)}")
    return Choice(
        places=frozenset(parse_place(place) for place in places or ()),
        reasons=named,
        since=None if since is None else read_moment(since).start,
        until=None if until is None else read_moment(until).end,
        source=None if source is None else parse_source(source),
        agencies=frozenset(agencies or ()),
    )


def told_reasons(by_reason: Mapping[str, int]) -> str:
    """`: 1 schema, 3 timeout`; empty where there are none."""
    told = ", ".join(
        f"{count:,} {reason or 'without a reason'}" for reason, count in sorted(by_reason.items())
    )
    return f": {told}" if told else ""


def told_dropped(letters: "Letters") -> str:
    """How many lie before the mark; empty where none does."""
    if not letters.dropped:
        return ""
    return f"; {letters.dropped:,} before the mark of `khabar dead drop` left out (--dropped takes them, too)"
