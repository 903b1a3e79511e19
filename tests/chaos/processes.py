"""Looks at processes through the kernel: memory over time, and who was left behind."""

import threading
import time
from dataclasses import dataclass
from pathlib import Path
from statistics import median

from tests.broker.cluster import alive
from tests.chaos.supervisor import Supervisor

_EVERY_SECONDS = 2.0
_MIB = 1024 * 1024


@dataclass(frozen=True, slots=True)
class Sample:
    """Resident bytes of one process at a moment, in seconds of its life."""

    part: str  # parent or child
    pid: int
    age: float
    resident: int


class Memory(threading.Thread):
    """Samples all workers and their children every two seconds."""

    def __init__(self, workers: Supervisor) -> None:
        super().__init__(name="memory", daemon=True)
        self.samples: list[Sample] = []
        self._workers = workers
        self._finished = threading.Event()

    def run(self) -> None:
        while not self._finished.wait(_EVERY_SECONDS):
            for life in list(self._workers.lives):
                if life.ended is None:
                    age = time.time() - life.began
                    self._sample("parent", life.pid, age)
                    for child in life.worker.children():
                        self._sample("child", child, age)

    def finish(self) -> None:
        self._finished.set()
        self.join()

    def _sample(self, part: str, pid: int, age: float) -> None:
        if resident := resident_bytes(pid):
            self.samples.append(Sample(part, pid, age, resident))


def resident_bytes(pid: int) -> int:
    """0 for a process that is gone."""
    try:
        status = Path(f"/proc/{pid}/status").read_text()
    except (FileNotFoundError, ProcessLookupError):
        return 0
    found = [line.split()[1] for line in status.splitlines() if line.startswith("VmRSS:")]
    return int(found[0]) * 1024 if found else 0


def memory_lines(samples: list[Sample]) -> list[str]:
    """Per part: the most, and the median by age, which tells whether it grows."""
    lines = []
    for part in ("parent", "child"):
        mine = [s for s in samples if s.part == part]
        if not mine:
            continue
        ages = ((5, 30), (30, 60), (60, 120), (120, 300), (300, 3600))
        told = [
            f"{low}–{high} s {median(found) / _MIB:.0f}"
            for low, high in ages
            if (found := [s.resident for s in mine if low <= s.age < high])
        ]
        most = max(s.resident for s in mine) / _MIB
        lines.append(f"{part}: at most {most:.0f} MiB; median by age, MiB: {', '.join(told)}")
    return lines


def left_behind(group: str) -> list[str]:
    """Processes that were started for this consumer group and still run, by their environment."""
    wanted = f"KHABAR_GROUP={group}".encode()
    found = []
    for entry in Path("/proc").iterdir():
        if not entry.name.isdigit():
            continue
        try:
            environment = (entry / "environ").read_bytes().split(b"\0")
            command = (entry / "cmdline").read_bytes().replace(b"\0", b" ").decode(errors="replace")
        except OSError:
            continue
        if wanted in environment and alive(int(entry.name)):
            found.append(f"{entry.name}: {command[:100]}")
    return found
