"""The first moments of a worker: a stop is heard at once, and nothing in /tmp is in its way."""

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from tests.broker.cluster import ROOT, Scenario, wait_for

_SIGTERM_BIT = 1 << (signal.SIGTERM - 1)


def hears_sigterm(pid: int) -> bool:
    """True if the process has a handler for SIGTERM, by the kernel."""
    status = Path(f"/proc/{pid}/status").read_text()
    caught = next(line for line in status.splitlines() if line.startswith("SigCgt:"))
    return bool(int(caught.split()[1], 16) & _SIGTERM_BIT)


@pytest.mark.skipif(not Path("/proc/self/status").exists(), reason="no /proc to look at signal handlers")
def test_sigterm_is_heard_from_the_first_moment(scenario: Scenario) -> None:
    process = subprocess.Popen(
        [sys.executable, "-m", "workers", "worker"],
        env={**os.environ, **scenario.environment},
        cwd=ROOT,
        stderr=subprocess.PIPE,
    )
    wait_for(lambda: hears_sigterm(process.pid), "a handler", 20)
    process.send_signal(signal.SIGTERM)
    _, told = process.communicate(timeout=30)
    assert process.returncode == 0, told.decode()
    assert b"Traceback" not in told


def test_the_data_folder_is_private(scenario: Scenario, tmp_path: Path) -> None:
    trap = tmp_path / "khabar-faust"
    trap.symlink_to(tmp_path / "elsewhere")
    worker = scenario.start_worker(TMPDIR=str(tmp_path))
    wait_for(lambda: "partitions assigned" in worker.log, "the assignment")
    (folder,) = (p for p in tmp_path.glob("khabar-*") if p != trap)
    assert folder.stat().st_mode & 0o777 == 0o700
    assert worker.stop() == 0
    assert list(tmp_path.iterdir()) == [trap], "something was left behind, or the link was followed"
