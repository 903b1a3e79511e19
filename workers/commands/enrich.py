"""`khabar enrich`: articles from files to enriched events, without Kafka."""

import heapq
import resource
import sys
import time
from collections.abc import Callable, Mapping
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from workers.commands.console import Faults, counted, progress, put, say
from workers.commands.options import (
    InputEncoding,
    InputFormat,
    Lexicons,
    ProfileName,
    load_settings,
    no_traceback_for_files,
)
from workers.failures import EXIT_INTERRUPTED, EXIT_PARTLY

if TYPE_CHECKING:
    from workers.enrichment.crew import Enriched, Refused

PAGE_ARTICLES = 200
"""Most articles of a page: nobody reads a longer one."""


def enrich(
    paths: Annotated[
        list[str],
        typer.Argument(metavar="PATH", help="Files or folders; - is standard input."),
    ],
    jobs: Annotated[int, typer.Option("--jobs", "-j", min=0, help="Processes; 0: one a core.")] = 1,
    view: Annotated[
        bool, typer.Option("--view", help="Show the events for reading, in place of JSON.")
    ] = False,
    html: Annotated[
        Path | None,
        typer.Option("--html", metavar="FILE", help="Also write an annotated page."),
    ] = None,
    rejects: Annotated[
        Path | None, typer.Option("--rejects", metavar="FILE", help="Also write rejections as JSON lines.")
    ] = None,
    slowest: Annotated[int, typer.Option("--slowest", min=0, help="Name the slowest articles.")] = 0,
    format: InputFormat = None,  # noqa: A002 - the option's name
    encoding: InputEncoding = None,
    profile: ProfileName = None,
    lexicon: Lexicons = None,
    quiet: Annotated[bool, typer.Option("--quiet", "-q", help="No summary, no progress.")] = False,
) -> None:
    """Enrich articles from files, folders or standard input; no Kafka needed.

    Prints one enriched event a line, in the order of the input. It is what the topic would carry, without
    topic, partition and offset. With --html, the JSON is not printed on a terminal.

    \b
    Input                         is
      .jsonl .ndjson              one article a line: {"id" or "url", "body", "title", …}
      .json                       one article, or a list of them
      .txt                        one article: the whole file is its body
      .html .htm                  one article: the page's source is its body
      any of these with .gz; a folder: all of them in it and below
    An article without id and url gets the id FILE:LINE:DIGEST; a file of one article, FILE.

    \b
    Examples
      khabar enrich article.txt --view
      khabar enrich crawl.jsonl.gz > enriched.jsonl
      khabar enrich -j 0 crawl/ --rejects rejects.jsonl --slowest 5 > enriched.jsonl
      khabar enrich page.html --html annotated.html
      zcat crawl.jsonl.gz | head -100 | khabar enrich - | jq .statements

    Rejected articles are named on standard error with file, line and reason; the exit code is then 3.
    """
    import os

    settings = load_settings(profile=profile, lexicons=tuple(Path(folder) for folder in lexicon or ()))

    from workers.commands.crews import build_crew
    from workers.enrichment.crew import Enriched
    from workers.reading import ArticleReader, Format, find_inputs

    inputs = find_inputs(paths, Format(format) if format else None)
    if inputs.passed_over and not quiet:
        say(f"khabar: passed over {counted(inputs.passed_over, 'file')} of no known format")
    reader = ArticleReader(inputs.files, encoding)
    crew = build_crew(settings, jobs or os.cpu_count() or 1)
    begin = time.monotonic()
    with ExitStack() as stack:
        stack.enter_context(no_traceback_for_files())
        rejections = stack.enter_context(rejects.open("wb")) if rejects else None
        if html:
            html.touch()  # tell before the work that the page cannot be written
        update, tell = stack.enter_context(progress(inputs.size, wanted=not quiet))
        tally = _Tally(Faults(tell), slowest)
        page = _Page(html)
        show = _shower(view=view, spared=bool(html) and sys.stdout.isatty())
        stack.enter_context(crew)
        try:
            for outcome in crew.run(reader):
                tally.add(outcome)
                page.add(outcome)
                if isinstance(outcome, Enriched):
                    show(outcome.value)
                elif rejections:
                    rejections.write(_rejection(outcome))
                update(reader.consumed, f"{tally.enriched:,} enriched, {tally.faults.count:,} rejected")
        except KeyboardInterrupt:
            tally.tell(time.monotonic() - begin, crew.peak_kib)
            say("khabar: interrupted; the rest was not read")
            raise typer.Exit(EXIT_INTERRUPTED) from None
        page.write(say if not quiet else None)
    if not quiet:
        tally.tell(time.monotonic() - begin, crew.peak_kib)
    if tally.faults.count:
        raise typer.Exit(EXIT_PARTLY)


def _shower(*, view: bool, spared: bool) -> Callable[[bytes], None]:
    """The function that prints an event."""
    if view:
        from workers.commands.views import value_viewer

        return value_viewer()
    return (lambda _value: None) if spared else put


def _rejection(refused: "Refused") -> bytes:
    import orjson

    row = {
        "file": refused.place.source,
        "line": refused.place.line,
        "item": refused.place.item,
        "reason": refused.refusal.reason,
        "detail": refused.refusal.detail,
        "step": refused.refusal.step,
        "exception": refused.refusal.exception,
    }
    return orjson.dumps(row) + b"\n"


class _Page:
    """The articles and rejections of the page, the first of each."""

    def __init__(self, path: Path | None) -> None:
        self._path = path
        self._values: list[bytes] = []
        self._refused: list[Refused] = []
        self._left_out = 0

    def add(self, outcome: "Enriched | Refused") -> None:
        from workers.enrichment.crew import Enriched

        if self._path is None:
            return
        if isinstance(outcome, Enriched):
            if len(self._values) < PAGE_ARTICLES:
                self._values.append(outcome.value)
            else:
                self._left_out += 1
        elif len(self._refused) < PAGE_ARTICLES:
            self._refused.append(outcome)

    def write(self, tell: Callable[[str], None] | None) -> None:
        if self._path is None:
            return
        import msgspec

        from schemas.enriched import EnrichedArticle
        from workers.view import DeadRow, html_page

        decoder = msgspec.json.Decoder(EnrichedArticle)
        rows = [
            DeadRow(
                str(refused.place),
                refused.refusal.reason,
                refused.refusal.detail,
                refused.refusal.step,
                refused.value,
            )
            for refused in self._refused
        ]
        self._path.write_text(html_page(map(decoder.decode, self._values), rows), encoding="utf-8")
        if tell:
            rest = f" (the first {PAGE_ARTICLES} articles of it)" if self._left_out else ""
            tell(f"khabar: page in {self._path}{rest}")


class _Tally:
    """Counts, and the slowest articles."""

    def __init__(self, faults: Faults, slowest: int) -> None:
        self.faults = faults
        self.enriched = 0
        self._slowest = slowest
        self._slow: list[tuple[float, int, int, str]] = []  # a heap: milliseconds, number, bytes, place

    def add(self, outcome: "Enriched | Refused") -> None:
        from workers.enrichment.crew import Enriched

        if not isinstance(outcome, Enriched):
            self.faults.add(outcome.place, outcome.refusal.reason, outcome.refusal.detail)
            return
        self.enriched += 1
        if self._slowest:
            row = (outcome.milliseconds, self.enriched, outcome.read_bytes, str(outcome.place))
            heapq.heappush(self._slow, row)
            if len(self._slow) > self._slowest:
                heapq.heappop(self._slow)

    def tell(self, seconds: float, peaks_kib: Mapping[int, int]) -> None:
        """Print the summary on standard error."""
        total = self.enriched + self.faults.count
        rejected = f"{self.faults.count:,} rejected" + (
            f" ({self.faults.summary()})" if self.faults.count else ""
        )
        rate = f"{total / seconds:,.1f} a second" if seconds > 0 else ""
        articles = counted(total, "article")
        say(f"khabar: {articles}: {self.enriched:,} enriched, {rejected}; {seconds:.1f} s, {rate}")
        own = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
        children = [kib // 1024 for kib in peaks_kib.values()]
        if children:
            several = f"{len(children)} × up to " if len(children) > 1 else ""
            say(f"khabar: peak memory {own} MiB, and {several}{max(children)} MiB of the enriching process")
        for milliseconds, _, size, place in sorted(self._slow, reverse=True):
            say(f"khabar: slow: {milliseconds:,.1f} ms of processor time for {size:,} bytes: {place}")
