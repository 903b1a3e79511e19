"""`khabar topics`: create, check, describe."""

from typing import Annotated

import typer

from workers.commands.console import say
from workers.commands.options import Brokers, OutputSuffix, load_settings, suffixed
from workers.commands.tables import print_table
from workers.failures import EXIT_FAILED

topics = typer.Typer(no_args_is_help=True, rich_markup_mode=None)


@topics.callback()
def _root() -> None:
    """Create, check and describe khabar's topics, as declared in schemas/topics.py.

    \b
    Examples
      khabar topics create
      khabar topics check && echo ready
      KHABAR_TOPIC_PREFIX=test. khabar topics create
      khabar topics create --output-suffix v2    news.enriched.v2 and so on, for a replay beside the live
    """


@topics.command()
def create(
    partitions: Annotated[
        int | None, typer.Option("--partitions", min=1, help="Partitions, in place of the declared number.")
    ] = None,
    output_suffix: OutputSuffix = None,
    brokers: Brokers = None,
) -> None:
    """Create the topics that are missing. Topics that exist stay as they are.

    Replicas: KHABAR_REPLICATION_FACTOR, by default the broker's own default.
    """
    settings = suffixed(load_settings(brokers=brokers), output_suffix)

    from workers.operations.clients import admin_client
    from workers.operations.topics import create as create_topics

    with admin_client(settings) as admin:
        made = create_topics(admin, settings.topics, settings.replication_factor, partitions)
    for topic in settings.topics:
        print(f"{topic.name}: {'created' if topic.name in made else 'there already'}")


@topics.command()
def check(output_suffix: OutputSuffix = None, brokers: Brokers = None) -> None:
    """Compare the topics with their declaration: missing, partitions, replicas, configuration.

    Exit code 0 when all is as declared, 1 when something differs.
    """
    settings = suffixed(load_settings(brokers=brokers), output_suffix)

    from workers.operations.clients import admin_client
    from workers.operations.topics import differences, look_up

    with admin_client(settings) as admin:
        found = look_up(admin, [t.name for t in settings.topics])
    untold = [name for name, topic in found.items() if topic.config is None]
    if untold:
        say(f"khabar: this broker does not tell the configuration of {', '.join(untold)}: not compared")
    rows = differences(settings, found)
    if not rows:
        print(f"{len(found)} topics, all as declared")
        return
    print_table(
        ("topic", "what", "declared", "found"), [(r.topic, r.what, r.declared, r.found) for r in rows]
    )
    raise typer.Exit(EXIT_FAILED)


@topics.command()
def describe(output_suffix: OutputSuffix = None, brokers: Brokers = None) -> None:
    """Show the topics: what they carry, and how they are set up on the brokers."""
    settings = suffixed(load_settings(brokers=brokers), output_suffix)

    from workers.operations.clients import admin_client
    from workers.operations.topics import look_up

    with admin_client(settings) as admin:
        found = look_up(admin, [t.name for t in settings.topics])
    rows = []
    for topic in settings.topics:
        there = found.get(topic.name)
        config = topic.config if there is None or there.config is None else there.config
        place = f"{there.partitions} × {there.replication}" if there else "missing"
        kept = ", ".join(f"{key}={config.get(key, 'not set')}" for key in topic.config)
        rows.append((topic.name, place, topic.value, topic.key, kept, topic.description))
    print_table(("topic", "partitions × replicas", "value", "key", "configuration", "description"), rows)
