"""Options that choose among dead letters, and the words that describe a choice."""

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Annotated

import typer

from workers.failures import UsageFailed

if TYPE_CHECKING:
    from workers.operations.dead_choice import Choice
    from workers.operations.dead_letters import Letters

Reasons = Annotated[list[str] | None, typer.Option("--reason", "-r", help="Only this reason; repeatable.")]
Since = Annotated[
    str | None,
    typer.Option(
        "--since", metavar="MOMENT", help="Only letters that died then or later; MOMENT as for `replay`."
    ),
]
Until = Annotated[
    str | None,
    typer.Option(
        "--until", metavar="MOMENT", help="Only letters that died then or earlier; a day counts to its end."
    ),
]
FromSource = Annotated[
    str | None,
    typer.Option("--source", metavar="TOPIC[:PARTITION[:OFFSET]]", help="Those consumed there."),
]
Agencies = Annotated[
    list[str] | None,
    typer.Option("--agency", metavar="NAME", help="Only letters whose JSON names this agency; repeatable."),
]
Dropped = Annotated[
    bool, typer.Option("--dropped", help="Also letters before the mark that `khabar dead drop` set.")
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
    """The choice that the options make together. Raises `UsageFailed`."""
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


def reasons_text(by_reason: Mapping[str, int]) -> str:
    """The counts by reason, `: 1 schema, 3 timeout`; empty where there are none."""
    text = ", ".join(
        f"{count:,} {reason or 'without a reason'}" for reason, count in sorted(by_reason.items())
    )
    return f": {text}" if text else ""


def dropped_text(letters: "Letters") -> str:
    """A note on how many letters lie before the mark; empty where none does."""
    if not letters.dropped:
        return ""
    return f"; {letters.dropped:,} before the mark of `khabar dead drop` left out (--dropped takes them, too)"
