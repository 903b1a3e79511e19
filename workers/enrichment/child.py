"""The process that enriches: reads records from a socket, answers each with its outcome, in order.

A parent (`process.PipelineProcess`, `blocking.BlockingProcess`) starts it as
`python -m workers.enrichment.child SOCKET_FD PARENT_PID`. It ends when the socket closes or its parent ends.
"""

import gc
import importlib
import os
import resource
import signal
import socket
import sys
import threading
import time
from collections.abc import Callable, Iterable
from contextlib import suppress
from io import BufferedReader, BufferedWriter
from pathlib import Path
from typing import cast

import msgspec

from workers.enrichment.handler import handle
from workers.enrichment.protocol import Answer, Start, Started, read_message, write_message
from workers.enrichment.records import RawRecord
from workers.lifeline import end_with_parent
from workers.nlp.pipeline import Pipeline
from workers.nlp.profile import Profile

FIRST_ARTICLE = '{"id": "1", "body": "وزیر نیرو امروز در تهران گفت: آب کافی است."}'.encode()
"""Enriched before any other article, so that all that is loaded on first use is loaded."""

HAZM_AFTER = 20
"""Articles after which hazm itself is loaded: a process that has done so many will do more."""


def main() -> None:
    """Serve until the socket closes."""
    fd, parent = int(sys.argv[1]), int(sys.argv[2])
    end_with_parent(parent)
    # Ctrl-C and a service manager's stop reach all processes of the group; the parent decides when the child
    # ends.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    with socket.socket(fileno=fd) as connection:
        incoming, outgoing = connection.makefile("rb"), connection.makefile("wb")
        start = msgspec.msgpack.decode(read_message(incoming) or b"", type=Start)
        try:
            pipeline = warmed_pipeline(start)
        except Exception as error:  # noqa: BLE001 - told to the parent, which raises
            write_message(outgoing, Started({}, f"{type(error).__name__}: {error}"))
            return
        write_message(outgoing, Started(dict(pipeline.models)))
        _serve(incoming, outgoing, pipeline, start)


def warmed_pipeline(start: Start) -> Pipeline:
    """The pipeline with all that its first article loads: loading must not count in an article's time."""
    pipeline = load_pipeline(start.factory, start.profile, start.lexicons)
    handle(RawRecord.of_file(FIRST_ARTICLE), pipeline, start.limits)
    settle()
    return pipeline


def load_pipeline(factory: str, profile: Profile, lexicons: Iterable[str]) -> Pipeline:
    """Build the pipeline by `module:function(profile, lexicons)`. Raises what that raises."""
    module, _, name = factory.partition(":")
    build = cast(
        Callable[[Profile, tuple[Path, ...]], Pipeline], getattr(importlib.import_module(module), name)
    )
    return build(profile, tuple(Path(p) for p in lexicons))


def settle() -> None:
    """Take lexicons and models out of garbage collection: they stay to the end. Saves 4 % of the time."""
    gc.collect()
    gc.freeze()


def load_hazm(pipeline: Pipeline) -> None:
    """Have the pipeline ask hazm; where hazm cannot be loaded, say so: its table goes on answering."""
    try:
        pipeline.load_hazm()
    except Exception as error:  # noqa: BLE001 - told, and the table gives the same answers
        sys.stderr.write(f"khabar: hazm cannot be loaded, its table answers: {error}\n")
    gc.freeze()


def _serve(incoming: BufferedReader, outgoing: BufferedWriter, pipeline: Pipeline, start: Start) -> None:
    decoder = msgspec.msgpack.Decoder(RawRecord)
    articles = 0
    while (message := read_message(incoming)) is not None:
        articles += 1
        if articles == HAZM_AFTER:  # beside the articles, none of which waits for it
            threading.Thread(target=load_hazm, args=(pipeline,), daemon=True).start()
        began, computed = time.perf_counter(), time.thread_time()
        outcome = handle(decoder.decode(message), pipeline, start.limits, derived=start.derived)
        spent = 1000 * (time.perf_counter() - began)
        outcome = msgspec.structs.replace(outcome, milliseconds=spent)
        computed = 1000 * (time.thread_time() - computed)
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        write_message(outgoing, Answer(outcome, computed, peak))


if __name__ == "__main__":
    with suppress(BrokenPipeError, ConnectionResetError):  # the parent ended first
        main()
    os._exit(0)  # hazm may still be loading: nobody waits for it
