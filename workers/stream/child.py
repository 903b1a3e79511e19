"""The process that enriches: reads records from a socket, answers each with its outcome, in order.

Started by `process.PipelineProcess` as `python -m workers.stream.child SOCKET_FD PARENT_PID`. It ends when
the socket closes or its parent ends.
"""

import gc
import importlib
import os
import signal
import socket
import struct
import sys
import time
from collections.abc import Callable, Iterable
from io import BufferedReader, BufferedWriter
from pathlib import Path
from typing import cast

import msgspec

from workers.lifeline import end_with_parent
from workers.nlp.pipeline import Pipeline
from workers.nlp.profile import Profile
from workers.stream.handler import handle
from workers.stream.records import Limits, Outcome, RawRecord

LENGTH = struct.Struct(">I")  # before each MessagePack message: its bytes


FIRST_ARTICLE = '{"id": "1", "body": "وزیر نیرو امروز در تهران گفت: آب کافی است."}'.encode()
"""Enriched before any other, so that whatever is loaded on first use is loaded."""


class Start(msgspec.Struct, frozen=True):
    """The first message to the child: what to load."""

    factory: str  # module:function(profile, lexicons) -> Pipeline
    profile: Profile
    lexicons: tuple[str, ...]
    limits: Limits


class Started(msgspec.Struct, frozen=True):
    """The child's answer: the models it loaded, or why it could not."""

    models: dict[str, str]
    error: str | None = None


def main() -> None:
    """Serve until the socket closes."""
    fd, parent = int(sys.argv[1]), int(sys.argv[2])
    end_with_parent(parent)
    # Ctrl-C and a service manager's stop reach the whole group: the parent decides when the child ends.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    with socket.socket(fileno=fd) as connection:
        incoming, outgoing = connection.makefile("rb"), connection.makefile("wb")
        start = msgspec.msgpack.decode(_read(incoming) or b"", type=Start)
        try:
            pipeline = load_pipeline(start.factory, start.profile, start.lexicons)
            # An article's time limit is its own.
            handle(RawRecord("", 0, 0, None, None, FIRST_ARTICLE), pipeline, start.limits)
            settle()
        except Exception as error:  # noqa: BLE001 - told to the parent, which raises
            _write(outgoing, Started({}, f"{type(error).__name__}: {error}"))
            return
        _write(outgoing, Started(dict(pipeline.models)))
        _serve(incoming, outgoing, pipeline, start.limits)


def load_pipeline(factory: str, profile: Profile, lexicons: Iterable[str]) -> Pipeline:
    """What `module:function(profile, lexicons)` builds. Raises whatever that raises."""
    module, _, name = factory.partition(":")
    build = cast(
        Callable[[Profile, tuple[Path, ...]], Pipeline], getattr(importlib.import_module(module), name)
    )
    return build(profile, tuple(Path(p) for p in lexicons))


def settle() -> None:
    """Spare the collector the walk over lexicons and models, which stay to the end (4 % of the time)."""
    gc.collect()
    gc.freeze()


def _serve(incoming: BufferedReader, outgoing: BufferedWriter, pipeline: Pipeline, limits: Limits) -> None:
    decoder = msgspec.msgpack.Decoder(RawRecord)
    while (message := _read(incoming)) is not None:
        began = time.perf_counter()
        outcome: Outcome = handle(decoder.decode(message), pipeline, limits)
        spent = 1000 * (time.perf_counter() - began)
        _write(outgoing, msgspec.structs.replace(outcome, milliseconds=spent))


def _read(incoming: BufferedReader) -> bytes | None:
    head = incoming.read(LENGTH.size)
    return incoming.read(LENGTH.unpack(head)[0]) if len(head) == LENGTH.size else None


def _write(outgoing: BufferedWriter, message: msgspec.Struct) -> None:
    data = msgspec.msgpack.encode(message)
    outgoing.write(LENGTH.pack(len(data)) + data)
    outgoing.flush()


if __name__ == "__main__":
    try:
        main()
    except (BrokenPipeError, ConnectionResetError):
        os._exit(0)  # the parent went first
