"""`khabar boilerplate`: what recurs in a source."""

from collections.abc import Iterator
from dataclasses import asdict
from typing import TYPE_CHECKING, Annotated, Any

import typer

from workers.commands.console import counted, one_line, progress, put, say
from workers.commands.tables import print_table

if TYPE_CHECKING:
    from workers.reading import Inputs


def boilerplate(
    paths: Annotated[
        list[str], typer.Argument(metavar="PATH", help="Files or folders; - is standard input.")
    ],
    at_least: Annotated[
        int, typer.Option("--at-least", min=2, help="Least number of articles that hold it.")
    ] = 5,
    share: Annotated[
        float,
        typer.Option("--share", min=0, max=1, help="Least share of its source's articles that hold it."),
    ] = 0.0,
    number: Annotated[int, typer.Option("-n", "--number", min=1, help="Most candidates to print.")] = 50,
    json: Annotated[bool, typer.Option("--json", help="JSON lines in place of a table.")] = False,
) -> None:
    """Print what recurs in a source and survives cleaning: candidates for boilerplate rules.

    A source is the article's agency, else the host of its url, else the file. Figures are shown as #.
    Judge the candidates before you add patterns to workers/nlp/knowledge/tables/boilerplate.toml: the refrain
    of a column recurs too.

    \b
    Examples
      khabar boilerplate crawl.jsonl.gz
      khabar boilerplate crawl/ --at-least 20 --share 0.05 --json > candidates.jsonl
    """
    import orjson

    from workers.reading import find_inputs
    from workers.training.boilerplate import candidates

    found = [c for c in candidates(_articles(find_inputs(paths)), at_least) if c.share >= share][:number]
    if json:
        for candidate in found:
            put(orjson.dumps(asdict(candidate)))
    else:
        rows = [
            (one_line(c.source, 30), c.articles, f"{c.share:.1%}", c.position, one_line(c.text, 100))
            for c in found
        ]
        print_table(("source", "articles", "of all", "where", "text"), rows)
    say(f"khabar: {counted(len(found), 'candidate')}")


def _articles(inputs: "Inputs") -> Iterator[dict[str, Any]]:
    """The readable articles, each with a source for its agency."""
    from urllib.parse import urlsplit

    import orjson

    from workers.reading import ArticleReader, Readable

    reader, read, unread = ArticleReader(inputs.files), 0, 0
    with progress(inputs.size) as (update, tell):
        for item in reader:
            if not isinstance(item, Readable):
                unread += 1
                continue
            article = orjson.loads(item.value)
            read += 1
            if not article.get("agency"):
                url = article.get("url")
                host = urlsplit(url).hostname if isinstance(url, str) else None
                article["agency"] = host or item.place.source
            yield article
            update(reader.consumed, counted(read, "article"))
        tell(f"khabar: {counted(read, 'article')} read, {unread:,} unreadable")
