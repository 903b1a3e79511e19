"""The `khabar` command; `python -m workers` is the same."""

import os
import sys


def main() -> None:
    """Run the command line and end the process with its exit code (`workers.failures` lists them)."""
    # One process works on each core, and a matrix product that spreads over all cores slows them down.
    # numpy reads this once, so it stands before anything imports numpy; children inherit it.
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
    if sys.argv[1:2] == ["worker"]:
        from workers.lifeline import stop_at_once

        stop_at_once()
    from workers.commands.application import application

    try:
        application(prog_name="khabar")
    finally:
        _flush()


def _flush() -> None:
    """Write out what is left. Say nothing where the reader has gone away, as `head` does."""
    for stream in (sys.stdout, sys.stderr):
        try:
            stream.flush()
        except OSError:
            os.dup2(os.open(os.devnull, os.O_WRONLY), stream.fileno())


if __name__ == "__main__":
    main()
