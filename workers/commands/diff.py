"""`khabar diff`: what changed between two enrichments of the same articles."""

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Annotated

import typer

from workers.commands.console import counted, one_line, progress, put
from workers.commands.options import Brokers, load_settings
from workers.commands.tables import print_table
from workers.failures import EXIT_USAGE, CommandFailed

if TYPE_CHECKING:
    from schemas.enriched import EnrichedArticle
    from workers.comparing.changes import Change, Kind
    from workers.comparing.spool import Side, Spool
    from workers.comparing.tally import Tally
    from workers.settings import Settings

EXIT_DIFFERENT = 1
_TOPIC = "topic:"
_TEXT = 200


class _Trouble(CommandFailed):
    """Nothing was compared. The exit code is 2, as 1 means that there are differences."""

    exit_code = EXIT_USAGE


def diff(
    a: Annotated[str, typer.Argument(metavar="A", help="Before: a file, a folder, -, or topic:NAME.")],
    b: Annotated[str, typer.Argument(metavar="B", help="After: the same.")],
    number: Annotated[int, typer.Option("-n", "--number", min=0, help="Most examples of each kind.")] = 3,
    kind: Annotated[
        list[str] | None,
        typer.Option("--kind", "-k", metavar="KIND", help="Only this kind, or family; repeatable."),
    ] = None,
    confidence: Annotated[
        float,
        typer.Option("--confidence", min=0, max=1, help="Difference of confidence that counts as equal."),
    ] = 0.1,
    json: Annotated[
        bool, typer.Option("--json", help="JSON lines of every change, or of the summary.")
    ] = False,
    summary: Annotated[bool, typer.Option("--summary", help="Only how many changes there are.")] = False,
    brokers: Brokers = None,
) -> None:
    """Compare two outputs of the same articles: what was gained, lost and changed, by kind.

    A and B are files of enriched events, one a line, as `khabar enrich` and `khabar tail enriched --value`
    print them (.gz too), or topics: topic:news.enriched.v2, or topic:enriched for the settings' own.
    Events are joined by article id; the newest of each counts, and a tombstone on a topic drops it.
    Provenance and positions in the cleaned text are not compared.

    \b
    Kinds                of what
      article-           gained lost raw (the article itself differs: nothing else is compared) other
      text               cleaned text
      block- sentence-   gained lost, block-kind
      entity-            gained lost merged split type canonical mentions other
      statement-         gained lost speaker content kind stance cue confidence other
    Statements belong together by id, else by the text they share; entities by the mentions they share.

    \b
    Examples
      khabar diff old.jsonl.gz new.jsonl.gz
      khabar diff topic:news.enriched topic:news.enriched.v2 --summary
      khabar diff old.jsonl new.jsonl --kind statement-speaker --kind entity -n 20
      khabar diff old.jsonl new.jsonl --json | jq 'select(.kind == "statement-lost")'

    Both sides are held compressed in a temporary file (in TMPDIR), not in memory.

    \b
    Exit codes: 0 the same; 1 there are differences (of the wanted kinds); 2 trouble.
    """
    import sqlite3

    from workers.comparing.spool import Spool
    from workers.comparing.tally import Tally

    kinds = _kinds(kind or [])
    settings = load_settings(brokers=brokers)
    tally = Tally(number, kinds)
    try:
        with Spool() as spool, progress(None) as (update, _):
            for side, source in (("a", a), ("b", b)):
                _fill(spool, side, source, settings, update)  # type: ignore[arg-type]  # of two literals
            _compare(spool, tally, confidence, _changes_shown(wanted=json and not summary), update)
            sides = [(name, spool.count(side)) for side, name in (("a", a), ("b", b))]  # type: ignore[arg-type]  # as above
    except sqlite3.Error as error:
        raise _Trouble(f"the temporary file: {error}; TMPDIR names another folder for it") from error
    if not json:
        _tell(tally, sides, examples=not summary)
    elif summary:
        _put_summary(tally, sides)
    if tally.changes:
        raise typer.Exit(EXIT_DIFFERENT)


def _kinds(wanted: list[str]) -> "tuple[Kind, ...]":
    from workers.comparing.changes import KINDS

    chosen = []
    for name in wanted:
        found = [kind for kind in KINDS if kind == name or kind.startswith(name + "-")]
        if not found:
            raise _Trouble(f"there is no kind {name!r}; there are {', '.join(KINDS)}")
        chosen += found
    return tuple(chosen) or KINDS


def _fill(
    spool: "Spool", side: "Side", source: str, settings: "Settings", update: Callable[[int, str], None]
) -> None:
    import msgspec

    class Reference(msgspec.Struct):
        id: str

    class Keyed(msgspec.Struct):
        article: Reference

    decoder = msgspec.json.Decoder(Keyed)
    topic = source.removeprefix(_TOPIC) if source.startswith(_TOPIC) else None
    events = _of_files(source) if topic is None else _of_topic(settings, topic)
    for count, (place, key, value) in enumerate(events, 1):
        if value is None:
            if key is not None:
                spool.put(side, key, None)
            continue
        try:
            spool.put(side, decoder.decode(value).article.id, value)
        except (msgspec.DecodeError, UnicodeDecodeError) as error:
            raise _Trouble(f"{place} holds no enriched event: {error}") from error
        if count % 100 == 0:
            update(0, f"{source}: {count:,} events read")


def _of_files(source: str) -> Iterator[tuple[str, None, bytes]]:
    from workers.reading import ArticleReader, Format, Unreadable, find_inputs

    try:
        inputs = find_inputs([source], Format.JSONL)
    except CommandFailed as failure:
        raise _Trouble(str(failure)) from failure
    for item in ArticleReader(inputs.files, verbatim=True):
        if isinstance(item, Unreadable):
            raise _Trouble(f"{item.place} holds no enriched event: {item.detail}")
        yield str(item.place), None, item.value


def _of_topic(settings: "Settings", topic: str) -> Iterator[tuple[str, str | None, bytes | None]]:
    from kafka.errors import KafkaError

    from workers.operations.tail import Start, tail

    name = settings.topic_name("enriched") if topic == "enriched" else topic
    try:
        for record in tail(settings, name, Start("beginning"), follow=False):
            key = None if record.key is None else record.key.decode("utf-8", "backslashreplace")
            yield f"{name} {record.partition}:{record.offset}", key, record.value
    except CommandFailed as failure:
        raise _Trouble(str(failure)) from failure
    except KafkaError as error:
        raise _Trouble(f"the broker: {type(error).__name__}: {error}") from error


def _compare(
    spool: "Spool",
    tally: "Tally",
    confidence: float,
    show: Callable[["Change"], None],
    update: Callable[[int, str], None],
) -> None:
    import msgspec

    from schemas.enriched import EnrichedArticle
    from workers.comparing.events import compare

    decoder = msgspec.json.Decoder(EnrichedArticle)

    def decoded(value: bytes | None, key: str) -> "EnrichedArticle | None":
        try:
            return None if value is None else decoder.decode(value)
        except msgspec.DecodeError as error:
            raise _Trouble(f"the event of article {one_line(key, 80)} cannot be read: {error}") from error

    for count, (key, one, other) in enumerate(spool.pairs(), 1):
        before, after = decoded(one, key), decoded(other, key)
        for change in tally.add(before, after, compare(before, after, confidence)):
            show(change)
        if count % 100 == 0:
            update(0, f"{count:,} articles compared")


def _changes_shown(*, wanted: bool) -> Callable[["Change"], None]:
    import msgspec

    encoder = msgspec.json.Encoder()
    return (lambda change: put(encoder.encode(change))) if wanted else (lambda _: None)


def _tell(tally: "Tally", sides: list[tuple[str, int]], *, examples: bool) -> None:
    from workers.comparing.changes import KINDS

    for letter, (name, articles) in zip("AB", sides, strict=True):
        print(f"{letter}: {name}, {counted(articles, 'article')}")
    both = tally.equal + tally.different
    print(
        f"{both:,} in both: {tally.equal:,} equal, {tally.different:,} differ; "
        f"{tally.only_a:,} only in A, {tally.only_b:,} only in B"
    )
    statements, entities = tally.statements, tally.entities
    print(f"statements {statements[0]:,} → {statements[1]:,}; entities {entities[0]:,} → {entities[1]:,}")
    found = [kind for kind in KINDS if tally.changes[kind]]
    if not found:
        return
    print_table(("kind", "changes", "articles"), [(k, tally.changes[k], tally.articles[k]) for k in found])
    for kind in found if examples else ():
        shown = tally.examples(kind)
        if shown:
            print(f"{kind}, {len(shown):,} of {tally.changes[kind]:,}")
        for change in shown:
            _example(change)


def _example(change: "Change") -> None:
    print(f"  {one_line(change.article, 80)}  {one_line(str(change.title or ''), 100)}".rstrip())
    for mark, text in (("of", change.about), ("-", change.before), ("+", change.after)):
        if text:
            print(f"    {mark:<2} {one_line(text, _TEXT)}")


def _put_summary(tally: "Tally", sides: list[tuple[str, int]]) -> None:
    import orjson

    row = {
        side: {"name": name, "articles": articles, "statements": statements, "entities": entities}
        for side, (name, articles), statements, entities in zip(
            "ab", sides, tally.statements, tally.entities, strict=True
        )
    } | {
        "equal": tally.equal,
        "different": tally.different,
        "only_a": tally.only_a,
        "only_b": tally.only_b,
        "changes": dict(tally.changes),
        "articles": dict(tally.articles),
    }
    put(orjson.dumps(row))
