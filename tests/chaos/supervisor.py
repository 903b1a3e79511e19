"""Keeps workers running as Kubernetes would: one that ended is started again after a second."""

import contextlib
import os
import signal
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass

from tests.broker.cluster import Worker

RESTART_SECONDS = 1.0
_LOOK_SECONDS = 0.02
_STOP_SECONDS = 60.0


@dataclass(slots=True)
class Life:
    """One process of one slot. Times are Unix seconds."""

    slot: int
    worker: Worker
    began: float
    asked: str = ""  # what we did to end it
    asked_at: float = 0.0
    ended: float | None = None
    code: int | None = None

    @property
    def pid(self) -> int:
        return self.worker.process.pid


class Supervisor(threading.Thread):
    """Slots 0, 1, … each with a worker as long as it is wanted."""

    def __init__(self, start_worker: Callable[[], Worker]) -> None:
        super().__init__(name="supervisor", daemon=True)
        self.lives: list[Life] = []
        self.failure: BaseException | None = None
        self._start_worker = start_worker
        self._lock = threading.RLock()
        self._slots: dict[int, Life] = {}
        self._finished = threading.Event()

    def add(self, slot: int) -> Life:
        """A worker in a slot from now on."""
        with self._lock:
            life = Life(slot, self._start_worker(), time.time())
            self._slots[slot] = life
            self.lives.append(life)
            return life

    def life(self, slot: int) -> Life:
        """The process in a slot; it may just have ended."""
        with self._lock:
            return self._slots[slot]

    def end(self, slot: int, number: signal.Signals, *, leave: bool = False) -> Life:
        """Signal the worker in a slot. `leave`: no other follows it."""
        with self._lock:
            life = self._slots[slot]
            if life.ended is None:
                life.asked, life.asked_at = number.name, time.time()
                with contextlib.suppress(ProcessLookupError):
                    os.kill(life.pid, number)
            if leave:
                del self._slots[slot]
            return life

    def run(self) -> None:
        try:
            while not self._finished.wait(_LOOK_SECONDS):
                self._look()
        except Exception as error:  # noqa: BLE001 - raised by `stop`
            self.failure = error

    def stop(self) -> None:
        """SIGTERM to all, SIGKILL to who does not end; return when all have. Raises what ended the watch."""
        self._finished.set()
        self.join()
        with self._lock:
            for slot in list(self._slots):
                self.end(slot, signal.SIGTERM)
        deadline = time.monotonic() + _STOP_SECONDS
        while any(life.ended is None for life in self.lives):
            self._look(again=False)
            if time.monotonic() > deadline:
                for life in self.lives:
                    if life.ended is None:
                        life.asked = "SIGKILL after SIGTERM brought nothing"
                        life.worker.kill()
            time.sleep(_LOOK_SECONDS)
        if self.failure is not None:
            raise self.failure

    def _look(self, *, again: bool = True) -> None:
        with self._lock:
            now = time.time()
            for life in self.lives:
                if life.ended is None and life.worker.process.poll() is not None:
                    life.ended, life.code = now, life.worker.process.returncode
            for slot, life in list(self._slots.items()):
                if again and life.ended is not None and now - life.ended >= RESTART_SECONDS:
                    self.add(slot)
