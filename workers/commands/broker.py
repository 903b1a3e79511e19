"""`khabar broker`: the embedded development broker."""

import signal
import socket
from typing import Annotated

import typer

from workers.commands.console import say
from workers.failures import CommandFailed


def broker(
    port: Annotated[
        int, typer.Option("--port", "-p", min=0, max=65535, help="Port on 127.0.0.1; 0: any free one.")
    ] = 9092,
    topics: Annotated[bool, typer.Option("--topics", help="Also create khabar's topics.")] = False,
) -> None:
    """Run the embedded broker until Ctrl-C. For development: it keeps everything in memory.

    It listens on the port where all commands look for a broker by default. docs/brokers.md lists what it
    cannot do; for anything real, use Apache Kafka.

    \b
    Examples
      khabar broker --topics
      khabar broker --port 0
    """
    from workers.broker import BrokerFailed, EmbeddedBroker

    if port and _is_taken(port):
        raise CommandFailed(f"something listens on port {port} already; --port 0 takes any free one")
    embedded = EmbeddedBroker(port)
    try:
        embedded.start()
    except BrokerFailed as error:
        raise CommandFailed(str(error)) from error
    try:
        signal.signal(signal.SIGTERM, signal.default_int_handler)
        if topics:
            _create_topics(embedded.address)
        say(f"khabar: broker on {embedded.address}, in memory, until Ctrl-C")
        if port != 9092:
            say(f"khabar: elsewhere: export KHABAR_BROKERS={embedded.address}")
        code = embedded.wait()
        raise CommandFailed(f"the embedded broker ended by itself (exit code {code})")
    except KeyboardInterrupt:
        say("khabar: broker stopped")
    finally:
        embedded.stop()


def _is_taken(port: int) -> bool:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return True
    return False


def _create_topics(address: str) -> None:
    from workers.commands.options import load_settings
    from workers.operations.clients import admin_client
    from workers.operations.topics import create

    settings = load_settings(brokers=address)
    with admin_client(settings) as admin:
        create(admin, settings.topics, -1)
