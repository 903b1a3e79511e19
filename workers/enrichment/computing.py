"""How much processor time another process has used: a busy machine makes no good article slow."""

import math
import os
from pathlib import Path

_TICKS = os.sysconf("SC_CLK_TCK")


def computed_seconds(pid: int | None) -> float:
    """Processor time of a process so far; not a number where the system does not tell."""
    try:
        stat = Path(f"/proc/{pid}/stat").read_text()
    except OSError:
        return math.nan
    user, system = stat.rpartition(")")[2].split()[11:13]
    return (int(user) + int(system)) / _TICKS
