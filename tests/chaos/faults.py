"""The faults of workers and broker, drawn like cards so that even a short run sees each."""

import os
import random
import signal
import time
from collections.abc import Callable
from dataclasses import dataclass, field

from tests.chaos.supervisor import Supervisor

Commits = Callable[[], dict[int, int] | None]
"""The group's committed offsets by partition; None: the brokers do not answer."""

DECK = (
    *("kill", "kill", "terminate", "terminate", "freeze", "freeze parent", "freeze long"),
    *("join or leave", "join or leave", "restart broker", "kill broker", "flurry"),
)
THIRD = 2
_COMMIT_SECONDS = 90.0


@dataclass(slots=True)
class Event:
    """A fault that was done, at Unix seconds. `recovered`: from the broker's return to a commit, seconds."""

    name: str
    at: float
    detail: str = ""
    recovered: float | None = None


@dataclass(slots=True)
class Faults:
    """Does one fault after another."""

    chance: random.Random
    workers: Supervisor
    stop_broker: Callable[[bool], None]  # whether by SIGKILL
    start_broker: Callable[[], None]
    commits: Commits
    session_seconds: float
    events: list[Event] = field(default_factory=list)
    _deck: list[str] = field(default_factory=list)
    _third: bool = False

    def next(self) -> Event:
        """Draw a fault, do it, and wait as long as it lasts."""
        if not self._deck:
            self._deck = list(DECK)
            self.chance.shuffle(self._deck)
        event = Event(self._deck.pop(), time.time())
        self.events.append(event)
        match event.name:
            case "kill" | "terminate":
                self._end(event, event.name)
            case "flurry":  # one after the other, before anybody has recovered
                for name in ("kill", "terminate", "kill"):
                    self._end(event, name)
                    time.sleep(self.chance.uniform(0.2, 2))
            case "freeze" | "freeze parent":
                self._freeze(event, self.chance.uniform(0.5, 4), whole=event.name == "freeze")
            case "freeze long":  # its partitions are given away meanwhile
                self._freeze(event, self.session_seconds + self.chance.uniform(2, 6), whole=False)
            case "join or leave":
                self._join_or_leave(event)
            case _:
                self._restart_broker(event, kill=event.name == "kill broker")
        return event

    def _end(self, event: Event, name: str) -> None:
        slot = self.chance.randrange(2)
        number = signal.SIGKILL if name == "kill" else signal.SIGTERM
        life = self.workers.end(slot, number)
        event.detail += f"{number.name} to {life.pid} "

    def _freeze(self, event: Event, seconds: float, *, whole: bool) -> None:
        life = self.workers.life(self.chance.randrange(2))
        event.detail = f"{life.pid} for {seconds:.1f} s"
        send = os.killpg if whole else os.kill
        try:
            send(life.pid, signal.SIGSTOP)
            time.sleep(seconds)
            send(life.pid, signal.SIGCONT)
        except ProcessLookupError:
            event.detail += " (it had ended)"

    def _join_or_leave(self, event: Event) -> None:
        if self._third:
            event.detail = f"{self.workers.end(THIRD, signal.SIGTERM, leave=True).pid} leaves"
        else:
            event.detail = f"{self.workers.add(THIRD).pid} joins"
        self._third = not self._third

    def _restart_broker(self, event: Event, *, kill: bool) -> None:
        before = self.commits() or {}
        self.stop_broker(kill)
        seconds = self.chance.uniform(0.5, 10)
        time.sleep(seconds)
        self.start_broker()
        returned = time.time()
        event.detail = f"down for {returned - event.at:.1f} s"
        while time.time() - returned < _COMMIT_SECONDS:
            now = self.commits()
            if now is not None and any(offset > before.get(p, -1) for p, offset in now.items()):
                event.recovered = time.time() - returned
                return
            time.sleep(0.1)
        event.detail += ", and no commit since"
