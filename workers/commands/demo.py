"""`khabar demo`: everything at work, in half a minute."""

import time
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from workers.commands.console import counted, progress, say
from workers.commands.options import Lexicons, ProfileName, load_settings
from workers.commands.tables import print_table
from workers.failures import EXIT_FAILED, CommandFailed, UsageFailed

if TYPE_CHECKING:
    from workers.demonstrating import Results

EXCERPT = 8


def demo(
    paths: Annotated[
        list[str] | None,
        typer.Argument(metavar="PATH", help="Files or folders; by default samples/."),
    ] = None,
    html: Annotated[Path, typer.Option("--html", metavar="FILE", help="Where to write the page.")] = Path(
        "out/demo.html"
    ),
    timeout: Annotated[
        float, typer.Option("--timeout", min=1, help="Give up when nothing comes out for this many seconds.")
    ] = 60.0,
    profile: ProfileName = None,
    lexicon: Lexicons = None,
) -> None:
    """See everything at work on this machine: broker, topics, worker, articles, results.

    Starts the embedded broker on a free port, creates the topics, starts a worker, publishes the articles
    as they are (broken ones too), waits until each is enriched or a dead letter, shows the results, writes
    an annotated right-to-left page, and stops everything.

    \b
    Examples
      khabar demo
      khabar demo crawl.jsonl.gz --html crawl.html
      make demo ARTICLES=crawl.jsonl.gz

    Exit code 0 when every record is accounted for, else 1.
    """
    own = load_settings(profile=profile, lexicons=tuple(lexicon or ()))

    from workers.broker import BrokerFailed, EmbeddedBroker
    from workers.demonstrating import (
        Results,
        collect,
        demo_settings,
        end_of,
        feed,
        make_topics,
        topic_counts,
        worker_process,
    )
    from workers.reading import ArticleReader, find_inputs

    inputs = find_inputs(paths or [_samples()])
    html.parent.mkdir(parents=True, exist_ok=True)
    log = html.with_suffix(".worker.log")
    results, begin = Results(), time.monotonic()
    broker = EmbeddedBroker()
    try:
        broker.start()
        settings = demo_settings(broker.address, own)
        _step(begin, f"embedded broker on {broker.address}")
        _step(begin, f"topics: {', '.join(make_topics(settings))}")
        with worker_process(settings, log) as worker:
            _step(begin, f"worker started (process {worker.pid}, log in {log})")
            feed(settings, ArticleReader(inputs.files, verbatim=True), results, lambda: None)
            sent = len(results.places)
            _step(begin, f"{counted(sent, 'record')} published and confirmed")
            with progress(sent) as (update, _):
                collect(
                    settings,
                    results,
                    worker,
                    timeout,
                    lambda: update(sent - len(results.waiting), "records accounted for"),
                )
            _step(begin, "every record is accounted for")
            counts = topic_counts(settings)
        _step(begin, f"worker stopped (exit code {worker.returncode})")
    except BrokerFailed as error:
        raise CommandFailed(str(error)) from error
    except CommandFailed as error:
        for line in end_of(log):
            say(f"  worker: {line}")
        waiting = sorted(str(results.places[place]) for place in results.waiting)
        missing = f"; not accounted for: {', '.join(waiting[:10])}" if waiting else ""
        raise CommandFailed(f"{error}{missing}") from error
    finally:
        broker.stop()
    _show(results, counts)
    _write_page(results, html)
    print(f"\nThe annotated page is in {html}")
    for fault in results.not_sent:
        say(f"khabar: not sent: {fault}")
    if results.not_sent or results.waiting:
        raise typer.Exit(EXIT_FAILED)


def _samples() -> str:
    import workers

    for folder in (Path("samples"), Path(workers.__file__).parents[1] / "samples"):
        if folder.is_dir():
            return str(folder)
    raise UsageFailed("no folder samples/ here; name files of your own: khabar demo PATH")


def _step(begin: float, message: str) -> None:
    print(f"{time.monotonic() - begin:5.1f} s  {message}", flush=True)


def _show(results: "Results", counts: dict[str, int | None]) -> None:
    from schemas import headers
    from workers.commands.console import one_line
    from workers.view.facts import headline

    def place(partition: str | int | None, offset: str | int | None) -> str:
        return str(results.places[int(partition or 0), int(offset or 0)])

    rows: list[tuple[object, ...]] = [
        (
            Path(place(e.provenance.partition, e.provenance.offset)).name,
            one_line(headline(e), 60),
            len(e.sentences),
            len(e.entities),
            len(e.statements),
        )
        for e in results.events
    ]
    print()
    print_table(("file", "article", "sentences", "entities", "statements"), rows)
    if results.enriched_count > len(rows):
        print(f"… and {counted(results.enriched_count - len(rows), 'article')} more\n")
    if results.dead:
        rows = [
            (
                Path(place(d.header(headers.ERROR_PARTITION), d.header(headers.ERROR_OFFSET))).name,
                d.reason,
                d.header(headers.ERROR_STEP),
                one_line(d.header(headers.ERROR_MESSAGE), 60),
            )
            for d in results.dead
        ]
        print_table(("dead letter", "reason", "step", "what"), rows)
    _excerpt(results)
    print()
    print("records on the topics: " + ", ".join(f"{name} {count or 0:,}" for name, count in counts.items()))
    accounted = f"{results.enriched_count:,} enriched + {results.dead_count:,} dead"
    print(f"{len(results.places):,} records sent = {accounted}, {len(results.waiting):,} unaccounted for")


def _excerpt(results: "Results") -> None:
    """A few statements, from as many articles as there are."""
    from workers.commands.console import one_line
    from workers.view.facts import headline

    spoken = [(e, [s for s in e.statements if s.speaker]) for e in results.events]
    spoken = [(event, statements) for event, statements in spoken if statements]
    each = max(1, EXCERPT // max(1, len(spoken)))
    if spoken:
        print("Who said what (an excerpt)")
    for event, statements in spoken[:EXCERPT]:
        print(f"\n  {one_line(headline(event), 70)}")
        for statement in statements[:each]:
            name = statement.speaker.name if statement.speaker else "?"
            print(f"    {one_line(name, 40)} → {one_line(statement.text, 100)}")


def _write_page(results: "Results", path: Path) -> None:
    from schemas import headers
    from workers.view import DeadRow, html_page

    rows = [
        DeadRow(
            letter.source,
            letter.reason,
            letter.header(headers.ERROR_MESSAGE),
            letter.header(headers.ERROR_STEP),
            letter.value or b"",
        )
        for letter in results.dead
    ]
    path.write_text(html_page(results.events, rows), encoding="utf-8")
