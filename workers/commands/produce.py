"""`khabar produce`: publish raw articles."""

import time
from typing import Annotated

import typer

from workers.commands.console import Faults, counted, progress, say
from workers.commands.options import Brokers, InputEncoding, InputFormat, load_settings
from workers.failures import EXIT_INTERRUPTED, EXIT_PARTLY


def produce(
    paths: Annotated[
        list[str], typer.Argument(metavar="PATH", help="Files or folders; - is standard input.")
    ],
    topic: Annotated[
        str | None, typer.Option("--topic", "-t", help="Topic in place of the settings' raw topic.")
    ] = None,
    unchecked: Annotated[
        bool,
        typer.Option(
            "--unchecked", help="Also send lines that are no articles; the worker makes dead letters of them."
        ),
    ] = False,
    format: InputFormat = None,  # noqa: A002 - the option's name
    encoding: InputEncoding = None,
    brokers: Brokers = None,
    quiet: Annotated[bool, typer.Option("--quiet", "-q", help="No summary, no progress.")] = False,
) -> None:
    """Publish raw articles from files, folders or standard input. Reads what `enrich` reads.

    The key of a record is the article's id, else a digest of its url; an article with neither gets the
    id FILE:LINE:DIGEST, a file of one article the id FILE. A line that is no raw article is left out and
    named on standard error.
    A record counts once the brokers have confirmed it.

    \b
    Examples
      khabar produce crawl.jsonl.gz
      khabar produce articles/ -b kafka-1:9092,kafka-2:9092
      tail -F crawl.jsonl | khabar produce -

    \b
    Exit codes: 0 all published; 3 some lines were left out or not confirmed; 1 no broker or no topic;
    2 no such file.
    """
    settings = load_settings(brokers=brokers)

    from workers.operations.sending import Confirmed
    from workers.producing import produce as send
    from workers.reading import ArticleReader, Format, find_inputs

    inputs = find_inputs(paths, Format(format) if format else None)
    if inputs.passed_over and not quiet:
        say(f"khabar: passed over {counted(inputs.passed_over, 'file')} of no known format")
    name = topic or settings.topic_name("raw")
    reader = ArticleReader(inputs.files, encoding, verbatim=unchecked)
    begin, confirmed, interrupted = time.monotonic(), 0, False
    with progress(inputs.size, wanted=not quiet) as (update, tell):
        faults = Faults(tell)
        try:
            for result in send(reader, settings, name, unchecked=unchecked):
                if isinstance(result, Confirmed):
                    confirmed += 1
                else:
                    faults.add(result.place, result.reason, result.detail)
                rate = confirmed / max(time.monotonic() - begin, 0.001)
                update(reader.consumed, f"{confirmed:,} confirmed, {rate:,.0f} a second")
        except KeyboardInterrupt:
            interrupted = True
    seconds = time.monotonic() - begin
    if not quiet:
        left_out = f"; {faults.count:,} left out ({faults.summary()})" if faults.count else ""
        rate = confirmed / max(seconds, 0.001)
        articles = counted(confirmed, "article")
        say(f"khabar: {articles} confirmed on {name} in {seconds:.1f} s, {rate:,.0f} a second{left_out}")
    if interrupted:
        say("khabar: interrupted: what was on its way may or may not have arrived")
        raise typer.Exit(EXIT_INTERRUPTED)
    if faults.count:
        raise typer.Exit(EXIT_PARTLY)
