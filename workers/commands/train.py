"""`khabar train`: make the shipped models again."""

import importlib
import runpy
import sys
from pathlib import Path
from typing import Annotated, Any

import typer

from workers.commands.console import say
from workers.failures import UsageFailed

train = typer.Typer(no_args_is_help=True, rich_markup_mode=None)
_PASSED_ON = {"allow_extra_args": True, "ignore_unknown_options": True}


@train.callback()
def _root() -> None:
    """Make the shipped models again, from annotated articles. For people who work on khabar.

    \b
    Examples
      khabar train ner --gold train.jsonl --news news/ --part chain
      khabar train statements -- train.jsonl --cross-validate
      khabar train spacing -- --help
      khabar train verbs
    """


@train.command()
def ner(
    gold: Annotated[Path, typer.Option("--gold", metavar="FILE", help="Annotated articles.")],
    news: Annotated[Path, typer.Option("--news", metavar="FOLDER", help="Unlabelled *.jsonl.gz.")],
    models: Annotated[
        Path, typer.Option("--models", metavar="FOLDER", help="Where to write the models.")
    ] = Path("workers/nlp/models"),
    part: Annotated[
        str,
        typer.Option(
            "--part",
            metavar="encoder|chain|student|all",
            help="accurate.zip, fast.zip, student.zip, or all.",
        ),
    ] = "all",
    minutes: Annotated[
        float, typer.Option("--minutes", min=0, help="Time for the encoder, and for the student.")
    ] = 62.0,
) -> None:
    """Train the entity tagger: the encoder of `accurate`, then the chain and the student of `fast`.

    The encoder teaches the chain a little and, with it, the student. Needs the extras `train` and
    `accurate` (pip install 'khabar[train,accurate]').

    \b
    Examples
      khabar train ner --gold train.jsonl --news news/
    """
    if part not in ("encoder", "chain", "student", "all"):
        raise UsageFailed(f"{part!r} is no part; the parts are encoder, chain, student, all")
    _must_be_there(gold, news)
    models.mkdir(parents=True, exist_ok=True)
    module: Any = importlib.import_module("workers.training.ner")
    try:
        if part in ("encoder", "all"):
            module.train_encoder(gold, news, models, say, minutes)
        if part in ("chain", "all"):
            module.train_chain(gold, news, models, say)
        if part in ("student", "all"):
            module.train_student(gold, news, models, say, minutes)
    except ModuleNotFoundError as error:
        raise UsageFailed(
            f"{error}: the extras `train` and `accurate` are needed, pip install 'khabar[train,accurate]'"
        ) from error


@train.command(context_settings=_PASSED_ON)
def verbs(context: typer.Context) -> None:
    """Write the table of verb forms again, from the installed hazm; arguments after -- go to its own.

    \b
    Examples
      khabar train verbs
      khabar train verbs -- --out verbs.txt.gz
    """
    _run("workers.training.verbs", context.args)


@train.command(context_settings=_PASSED_ON)
def statements(context: typer.Context) -> None:
    """Train the models of the statement extractor; arguments after -- go to its own command line.

    \b
    Examples
      khabar train statements -- train.jsonl --cross-validate
      khabar train statements -- train.jsonl -o workers/nlp/models/statements.json
    """
    _run("workers.training.statements", context.args)


@train.command(context_settings=_PASSED_ON)
def spacing(context: typer.Context) -> None:
    """Count the lexicon of half spaces again; arguments after -- go to its own command line.

    \b
    Examples
      khabar train spacing -- --help
      khabar train verbs
    """
    _run("workers.training.spacing", context.args)


def _run(module: str, arguments: list[str]) -> None:
    sys.argv = [f"python -m {module}", *arguments]
    runpy.run_module(module, run_name="__main__", alter_sys=True)


def _must_be_there(*paths: Path) -> None:
    for path in paths:
        if not path.exists():
            raise UsageFailed(f"no such file or folder: {path}")
