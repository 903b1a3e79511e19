"""Processor time of another process: unlike the clock, it does not grow on a busy machine."""

import math
import os
from pathlib import Path

_TICKS = os.sysconf("SC_CLK_TCK")


def computed_seconds(pid: int | None) -> float:
    """Processor time of a process so far, in seconds; NaN where the system does not report it."""
    try:
        stat = Path(f"/proc/{pid}/stat").read_text()
    except OSError:
        return math.nan
    user, system = stat.rpartition(")")[2].split()[11:13]
    return (int(user) + int(system)) / _TICKS
