"""The command line, put together. A module of a subcommand imports what is heavy only when it runs."""

import sys
from typing import Any

import typer
from typer.core import TyperGroup

from workers.commands.boilerplate import boilerplate
from workers.commands.broker import broker
from workers.commands.console import say
from workers.commands.dead import dead
from workers.commands.demo import demo
from workers.commands.diff import diff
from workers.commands.enrich import enrich
from workers.commands.evaluate import evaluate
from workers.commands.produce import produce
from workers.commands.replay import replay
from workers.commands.settings import settings
from workers.commands.statements import statements
from workers.commands.status import status
from workers.commands.tail import tail
from workers.commands.topics import topics
from workers.commands.train import train
from workers.commands.worker import worker
from workers.failures import CommandFailed

_HELP = """
Enrich Persian news: clean text, names, and who said what.

\b
Without Kafka
  khabar enrich article.txt --view         read one article's enrichment
  khabar enrich crawl/ > enriched.jsonl    enrich a folder
  khabar statements enriched.jsonl         who said what, about whom, when
With Kafka, on this machine
  khabar demo                              see everything at work, in half a minute
  khabar broker                            start a development broker, then elsewhere:
  khabar topics create                     make the topics
  khabar worker                            enrich what comes in
  khabar produce crawl.jsonl.gz            publish raw articles
  khabar tail enriched                     watch the results
When something is odd
  khabar status                            how far behind is the worker?
  khabar dead list                         what could not be enriched, and why?
  khabar replay --to-datetime 2026-01-31   plan to enrich again from a moment on
  khabar diff old.jsonl new.jsonl          what does another version find?

Settings come from KHABAR_... variables, .env or khabar.toml: `khabar settings` shows them.

\b
Exit codes: 0 all done; 1 failed; 2 the request is at fault; 3 done, but something was left
out and named on standard error; 130 interrupted.
"""


class _Group(TyperGroup):
    """Tells failures in a line instead of a traceback."""

    def invoke(self, ctx: Any) -> Any:
        try:
            return super().invoke(ctx)
        except CommandFailed as failure:
            message, code = str(failure), failure.exit_code
        except Exception as error:
            if not _is_of_a_broker(error):
                raise
            message, code = f"the broker: {type(error).__name__}: {error}", CommandFailed.exit_code
        say(f"khabar: {message}")
        raise typer.Exit(code)


def _is_of_a_broker(error: Exception) -> bool:
    errors = sys.modules.get("kafka.errors")  # not imported, not raised
    return errors is not None and isinstance(error, errors.KafkaError)


_CONTEXT = {"help_option_names": ["-h", "--help"], "max_content_width": 100}

application = typer.Typer(
    name="khabar",
    cls=_Group,
    help=_HELP,
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode=None,  # its import alone would cost half a second
    pretty_exceptions_enable=False,
    context_settings=_CONTEXT,
)
_COMMANDS = (
    *(demo, enrich, statements, broker, worker, produce, tail, status, replay, settings),
    *(diff, evaluate, boilerplate),
)
for _command in _COMMANDS:
    application.command(context_settings=_CONTEXT)(_command)
for _name, _commands in (("topics", topics), ("dead", dead), ("train", train)):
    application.add_typer(_commands, name=_name)


@application.callback(invoke_without_command=True)
def _root(
    context: typer.Context,
    version: bool = typer.Option(False, "--version", help="Print the version."),
) -> None:
    if version:
        from workers import __version__

        print(f"khabar {__version__}")
        raise typer.Exit
    if context.invoked_subcommand is None:
        print(context.get_help())
