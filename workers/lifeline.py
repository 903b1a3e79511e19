"""Children that end when their parent ends, however it ends (Linux; elsewhere this does nothing).

As a script, `lifeline.py PARENT_PID COMMAND…` ties itself to the parent and becomes the command.
"""

import ctypes
import os
import signal
import sys

_PR_SET_PDEATHSIG = 1


def end_with_parent(parent: int) -> None:
    """Have the kernel kill this process when its parent (process id `parent`) ends, even by SIGKILL.

    The kernel takes the *thread* that started the child for its parent: start children from a thread that
    lives as long as they do.
    """
    try:
        prctl = ctypes.CDLL(None, use_errno=True).prctl
    except (OSError, AttributeError):
        return
    prctl(_PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0)
    if os.getppid() != parent:  # it ended before the call
        os._exit(1)


if __name__ == "__main__":
    end_with_parent(int(sys.argv[1]))
    os.execv(sys.argv[2], sys.argv[2:])  # noqa: S606 - the caller's own command


def stop_at_once() -> None:
    """Let SIGTERM and SIGINT end this process with exit code 0, from now until other handlers are set.

    For a worker that is still starting and has no batch in hand. Process 1 of a container ignores signals
    that it has no handler for.
    """
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: os._exit(0))
