"""`khabar evaluate`: measure quality on annotated articles."""

from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from workers.commands.console import Faults, one_line, progress, say
from workers.commands.options import Lexicons, ProfileName, load_settings
from workers.commands.tables import print_table
from workers.failures import UsageFailed

if TYPE_CHECKING:
    from workers.settings import Settings

GOLD_FIELDS = ("id", "url", "title", "lead", "body", "published", "agency")


def evaluate(
    gold: Annotated[Path, typer.Argument(metavar="GOLD", help="Annotated articles, JSON lines.")],
    enriched: Annotated[
        Path | None,
        typer.Option(
            "--enriched", metavar="FILE", help="Events of the articles; without it they are made now."
        ),
    ] = None,
    errors: Annotated[int, typer.Option("--errors", min=0, help="Number of errors to show.")] = 0,
    rules: Annotated[
        bool,
        typer.Option("--rules", help="Show what each rule of the statements is worth, in place of figures."),
    ] = False,
    leave_out: Annotated[
        str | None,
        typer.Option(
            "--leave-out",
            metavar="FIELD",
            help="Train without each value of a field («source»), measure on it.",
        ),
    ] = None,
    beside: Annotated[
        list[Path] | None,
        typer.Option("--beside", metavar="FILE", help="With --leave-out: train on these too; repeatable."),
    ] = None,
    json: Annotated[bool, typer.Option("--json", help="One JSON object in place of a table.")] = False,
    jobs: Annotated[int, typer.Option("--jobs", "-j", min=1, help="Processes.")] = 1,
    profile: ProfileName = None,
    lexicon: Lexicons = None,
) -> None:
    """Measure entities, clusters, statements and boilerplate on annotated articles.

    The definitions are those in workers/training/measure/events.py.

    \b
    Examples
      khabar evaluate dev.jsonl
      khabar evaluate dev.jsonl --profile accurate --errors 40
      khabar evaluate --rules dev.jsonl
      khabar evaluate --leave-out source train_others.jsonl --beside train.jsonl
      khabar enrich dev.jsonl > events.jsonl; khabar evaluate dev.jsonl --enriched events.jsonl
    """
    settings = load_settings(profile=profile, lexicons=tuple(lexicon or ()))
    if leave_out is not None:
        _print_left_out(leave_out, gold, beside or [])
        return

    import orjson

    from workers.training.measure.events import score

    rows = _rows(gold)
    if rules:
        _print_ledger(settings, rows)
        return
    events = _rows(enriched) if enriched else _enrich(settings, rows, jobs)
    scores = score(rows, {event["article"]["id"]: event for event in events})
    if json:
        figures = {
            name: {"precision": p, "recall": r, "f1": f1, "gold": g, "predicted": n}
            for name, p, r, f1, g, n in scores.rows()
        }
        print(orjson.dumps({"articles": scores.articles, "figures": figures}).decode())
    else:
        print_table(
            ("figure", "precision", "recall", "F1 / accuracy", "gold", "predicted"),
            [(name, _four(p), _four(r), _four(f1), g, n) for name, p, r, f1, g, n in scores.rows()],
            f"{scores.articles} articles",
        )
    for fault in scores.faults[:errors]:
        say("\t".join(one_line(part) for part in fault))
    if scores.missing:
        say(f"khabar: no event for {len(scores.missing)} of them: {', '.join(scores.missing[:10])}")


def _print_left_out(field: str, gold: Path, beside: list[Path]) -> None:
    from workers.training.leave_out import leave_out
    from workers.training.statements import read_annotated

    for path in (gold, *beside):
        _rows(path)  # tells of what cannot be read
    articles = read_annotated(gold)
    if any(field not in article.row for article in articles):
        raise UsageFailed(f"{gold}: not every article has the field {field!r}")
    reliability: list[tuple[float, float, int]] = []
    rows = []
    for found in leave_out(articles, field, [a for path in beside for a in read_annotated(path)]):
        figures = found.report.figures()
        rows.append((found.name, found.articles, *(f"{v:.4f}" for v in figures.values())))
        reliability = found.report.reliability()
    print_table((field, "articles", *figures), rows, "statements, names by hand")
    print_table(
        ("confidence", "right", "statements"),
        [(f"{sure:.3f}", f"{right:.3f}", size) for sure, right, size in reliability],
        "confidence by fifths, on outlets left out",
    )


def _print_ledger(settings: "Settings", rows: list[dict[str, Any]]) -> None:
    from workers.nlp.pipeline import build_pipeline
    from workers.training.measure.rules import ledger

    print_table(
        ("rule", "fired", "right", "wrong", "lost without it", "example"),
        [
            (entry.rule, entry.fired, entry.right, entry.wrong, entry.lost, entry.example)
            for entry in ledger(rows, build_pipeline(settings.profile, settings.lexicons))
        ],
        f"{len(rows)} articles",
    )


def _four(figure: float | None) -> str | None:
    return None if figure is None else f"{figure:.4f}"


def _rows(path: Path) -> list[dict[str, Any]]:
    import orjson

    try:
        lines = path.read_bytes().splitlines()
    except OSError as error:
        raise UsageFailed(f"{path}: {error.strerror}") from error
    rows = []
    for number, line in enumerate(lines, 1):
        try:
            if line.strip():
                rows.append(orjson.loads(line))
        except orjson.JSONDecodeError as error:
            raise UsageFailed(f"{path}:{number}: {error}") from error
    return rows


def _enrich(settings: "Settings", rows: list[dict[str, Any]], jobs: int) -> list[dict[str, Any]]:
    import orjson

    from workers.commands.crews import build_crew
    from workers.enrichment.crew import Enriched
    from workers.reading import Place, Readable

    raw = [
        Readable(Place(row["id"]), orjson.dumps({name: row[name] for name in GOLD_FIELDS if name in row}))
        for row in rows
    ]
    events = []
    with ExitStack() as stack:
        update, tell = stack.enter_context(progress(len(raw)))
        faults = Faults(tell)
        crew = stack.enter_context(build_crew(settings, jobs))
        for number, outcome in enumerate(crew.run(raw), 1):
            if isinstance(outcome, Enriched):
                events.append(orjson.loads(outcome.value))
            else:
                faults.add(outcome.place, outcome.refusal.reason, outcome.refusal.detail)
            update(number, "articles")
    return events
