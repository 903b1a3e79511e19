"""Factories for processes under test: what each article says is done to its process."""

import os
import signal
import time

from schemas.reasons import Reason
from workers.enriching import Enrich, Refusal


def obedient() -> Enrich:
    """Does what the value says, else gives it back in capitals."""

    def enrich(value: bytes) -> bytes | Refusal:
        match value:
            case b"hang":
                while True:
                    pass
            case b"sleep":
                time.sleep(600)
            case b"kill":
                os.kill(os.getpid(), signal.SIGKILL)
            case b"exit":
                os._exit(7)
            case b"reject":
                return Refusal(Reason.EMPTY, "nothing in it", "clean")
            case b"raise":
                raise RuntimeError("never thought of")
            case b"slow":
                time.sleep(0.05)
            case _:
                pass
        return value.upper()

    return enrich


def unloadable() -> Enrich:
    raise FileNotFoundError("no such lexicon")


def dies_on_loading() -> Enrich:
    os._exit(5)
