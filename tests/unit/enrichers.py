"""Factories for processes under test: what each article says is done to its process."""

import os
import signal
import time
from collections.abc import Callable

from schemas.reasons import Reason
from workers.nlp.document import Rejected
from workers.nlp.pipeline import StepFailed


def obedient() -> Callable[[bytes], bytes]:
    """Does what the value says, else gives it back in capitals."""

    def enrich(value: bytes) -> bytes:
        match value.split(b":"):
            case [b"hang", _]:
                while True:
                    time.sleep(1)
            case [b"kill", _]:
                os.kill(os.getpid(), signal.SIGKILL)
            case [b"exit", _]:
                os._exit(7)
            case [b"reject", _]:
                raise Rejected(Reason.EMPTY, "nothing in it")
            case [b"fail", _]:
                raise StepFailed("segment", ValueError("odd"))
            case [b"raise", _]:
                raise RuntimeError("never thought of")
            case [b"slow", _]:
                time.sleep(0.05)
            case _:
                pass
        return value.upper()

    return enrich


def unloadable() -> Callable[[bytes], bytes]:
    raise FileNotFoundError("no such lexicon")


def dies_on_loading() -> Callable[[bytes], bytes]:
    os._exit(5)
