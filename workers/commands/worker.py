"""`khabar worker`: enrich what comes in."""

from typing import Annotated

import typer

from workers.commands.options import Brokers, Lexicons, ProfileName, load_settings


def worker(
    brokers: Brokers = None,
    profile: ProfileName = None,
    lexicon: Lexicons = None,
    web_port: Annotated[
        int | None, typer.Option("--web-port", min=0, max=65535, help="Of probes and metrics; 0: none.")
    ] = None,
) -> None:
    """Run a worker: it reads raw articles, publishes what it found in them, and commits.

    One a core; all workers of a group (KHABAR_GROUP) share the partitions. It ends by itself, with exit
    code 1, when it can no longer do its work: let a supervisor start it again. SIGTERM finishes or gives
    back the batch in hand.

    \b
    Examples
      khabar worker
      KHABAR_PROFILE=accurate khabar worker -b kafka-1:9092 --web-port 6067
    """
    settings = load_settings(
        brokers=brokers, profile=profile, lexicons=tuple(lexicon or ()), web_port=web_port
    )

    from workers.stream.run import run_worker

    raise typer.Exit(run_worker(settings))
