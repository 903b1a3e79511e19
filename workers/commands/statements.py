"""`khabar statements`: who said what."""

import itertools
from collections.abc import Callable, Iterable, Iterator
from contextlib import ExitStack
from typing import TYPE_CHECKING, Annotated

import typer

from workers.commands.console import Faults, counted, one_line, progress, put, say
from workers.commands.options import Brokers, Lexicons, ProfileName, load_settings
from workers.failures import EXIT_PARTLY, UsageFailed

if TYPE_CHECKING:
    from schemas.derived import StatementEvent
    from workers.settings import Settings

STANCES = ("say", "claim", "deny", "request", "warn", "promise", "praise", "condemn", "ask", "hope")


def statements(
    paths: Annotated[
        list[str] | None,
        typer.Argument(metavar="PATH", help="Enriched events or raw articles; without one: the topic."),
    ] = None,
    speaker: Annotated[
        str | None, typer.Option("--speaker", "-s", metavar="NAME", help="Said by this name, alias or title.")
    ] = None,
    about: Annotated[
        str | None, typer.Option("--about", "-a", metavar="NAME", help="About this person, place, body …")
    ] = None,
    stance: Annotated[
        list[str] | None, typer.Option("--stance", metavar="STANCE", help="say, deny, warn …; repeatable.")
    ] = None,
    since: Annotated[
        str | None, typer.Option("--since", metavar="MOMENT", help="Published then or later.")
    ] = None,
    until: Annotated[
        str | None,
        typer.Option("--until", metavar="MOMENT", help="Published then or earlier; a day counts whole."),
    ] = None,
    contains: Annotated[
        str | None, typer.Option("--contains", metavar="TEXT", help="With this text.")
    ] = None,
    confidence: Annotated[float, typer.Option("--confidence", min=0, max=1, help="Least confidence.")] = 0.0,
    number: Annotated[int | None, typer.Option("-n", "--number", min=1, help="Stop after this many.")] = None,
    json: Annotated[bool, typer.Option("--json", help="Statement events as JSON lines.")] = False,
    start: Annotated[
        str,
        typer.Option(
            "--from", metavar="PLACE", help="On the topic: beginning, end, a moment, or PARTITION:OFFSET."
        ),
    ] = "beginning",
    follow: Annotated[bool, typer.Option("--follow", "-f", help="On the topic: go on until Ctrl-C.")] = False,
    jobs: Annotated[int, typer.Option("--jobs", "-j", min=1, help="Processes for raw articles.")] = 1,
    profile: ProfileName = None,
    lexicon: Lexicons = None,
    brokers: Brokers = None,
) -> None:
    """Print who said what: from files, or from the topic of statements.

    Files may hold enriched events (as `khabar enrich` prints them) or raw articles, which are enriched
    first. A part of a name is enough, whatever its letters, half spaces and hyphens: --speaker لودریان finds
    «ژان-ایو لودریان». Moments are written as for `replay`: 2026-01-31, 1404/11/11, yesterday, '2h ago'; dates
    may be in words, too («۱۱ بهمن ۱۴۰۴»).

    From the topic, the events of each article's newest enrichment are printed, each once, and none of an
    article that was withdrawn. With --follow they come as they are sent, equal ones once.

    \b
    Examples
      khabar statements article.txt
      khabar statements enriched.jsonl.gz --speaker 'وزیر نیرو' --stance deny --stance warn
      khabar statements enriched.jsonl.gz --about ایران --since 1398/01/01 --json > iran.jsonl
      khabar statements -f --from end --stance warn          from the topic, as they come in

    \b
    Stances: say claim deny request warn promise praise condemn ask hope
    Exit code 3: some articles could not be enriched and were named on standard error.
    """
    unknown = sorted(set(stance or ()) - set(STANCES))
    if unknown:
        raise UsageFailed(f"{unknown[0]!r} is no stance; the stances are {', '.join(STANCES)}")
    overrides = {"profile": profile, "lexicons": tuple(lexicon or ()), "brokers": brokers}
    settings = load_settings(**overrides)

    from workers.moments import read_moment
    from workers.quoting import Query

    query = Query(
        speaker=speaker,
        about=about,
        stances=frozenset(stance or ()),  # type: ignore[arg-type]  # checked above
        since=None if since is None else read_moment(since),
        until=None if until is None else read_moment(until),
        contains=contains,
        least_confidence=confidence,
    )
    show = _put_event if json else _lines()
    count = 0
    with ExitStack() as stack:
        if paths:
            update, tell = stack.enter_context(progress(None))
            faults = Faults(tell)
            events = _from_files(settings, paths, jobs, faults, stack, update)
        else:
            faults = Faults(say)
            events = _from_topic(settings, start, faults, stack, follow=follow)
        asked = (event for event in events if query.accepts(event))
        try:
            for event in itertools.islice(asked, number):
                show(event)
                count += 1
        except KeyboardInterrupt:
            if not follow:
                raise
    say(
        f"khabar: {counted(count, 'statement')}" + (f"; left out: {faults.summary()}" if faults.count else "")
    )
    if faults.count:
        raise typer.Exit(EXIT_PARTLY)


def _from_files(
    settings: "Settings",
    paths: Iterable[str],
    jobs: int,
    faults: Faults,
    stack: ExitStack,
    update: Callable[[int, str], None],
) -> Iterator["StatementEvent"]:
    from workers.commands.crews import build_crew
    from workers.enrichment.crew import Enriched
    from workers.quoting import is_enriched, statements_of
    from workers.reading import ArticleReader, find_inputs

    crew = build_crew(settings, jobs, is_enriched)
    reader = ArticleReader(find_inputs(list(paths)).files)
    stack.enter_context(crew)
    for number, outcome in enumerate(crew.run(reader), 1):
        if isinstance(outcome, Enriched):
            yield from statements_of(outcome.value)
        else:
            faults.add(outcome.place, outcome.refusal.reason, outcome.refusal.detail)
        update(reader.consumed, counted(number, "article"))


def _from_topic(
    settings: "Settings", start: str, faults: Faults, stack: ExitStack, *, follow: bool
) -> Iterator["StatementEvent"]:
    from workers.operations.latest_statements import Newest, NewIds, Said, Withdrawn, read_statement
    from workers.operations.tail import parse_start, tail

    begin = parse_start(start, 0)

    def records(*, tell: bool) -> "Iterator[Said | Withdrawn]":
        for record in tail(settings, settings.topic_name("statements"), begin, follow=follow):
            found = read_statement(record)
            if isinstance(found, Said | Withdrawn):
                yield found
            elif found is not None and tell:
                faults.add(found.place, found.reason, found.detail)

    if follow:
        ids = NewIds()
        for record in records(tell=True):
            if not ids.add(record.id):
                continue
            if isinstance(record, Withdrawn):
                say(f"khabar: withdrawn: {record.article}")
            else:
                yield record.event
        return
    newest = stack.enter_context(Newest())
    newest.learn(records(tell=True))
    yield from newest.select(records(tell=False))


def _put_event(event: "StatementEvent") -> None:
    import msgspec

    put(msgspec.json.encode(event))


def _lines() -> Callable[["StatementEvent"], None]:
    """The lines of statements, article by article, for reading."""
    before: list[str] = []

    def show(event: "StatementEvent") -> None:
        if before != [event.article.id]:
            before[:] = [event.article.id]
            day = (event.article.published_at or "undated")[:10]
            print(f"\n{day}  {one_line(event.article.title or event.article.id)}", flush=True)
        statement = event.statement
        print(f"  {_speaker(event)} [{statement.stance}] → {one_line(statement.text, 400)}", flush=True)

    return show


def _speaker(event: "StatementEvent") -> str:
    speaker = event.statement.speaker
    if speaker is None:
        return "?"
    titles = event.speaker_entity.titles if event.speaker_entity else []
    return one_line(speaker.name + (f" ({titles[0]})" if titles else ""), 80)
