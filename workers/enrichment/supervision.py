"""The rules by which both parents judge a child: time limit, tries, and messages.

A record that takes too long is a dead letter at once. A record over which the child dies is tried once
more, as the cause may have come from outside.
"""

from schemas.reasons import Reason
from workers.enrichment.computing import computed_seconds
from workers.enrichment.dead_letters import dead_letter
from workers.enrichment.records import Outcome, RawRecord
from workers.failures import CommandFailed

LOAD_SECONDS = 180.0
"""Time to start a child and load its pipeline."""

ENDING_SECONDS = 0.05
"""Time that a child has to end by itself before we kill it: its own status tells more than our signal."""

TRIES = 2
"""Number of tries of a record over which the child dies."""

_LIMITS_WITHOUT_COMPUTING = 3
_STEP = "process"


class PipelineFailed(CommandFailed):
    """The pipeline could not be loaded: a lexicon, a model, the factory's name."""


def load_failure(error: str) -> PipelineFailed:
    """The error for a child that reports that it could not load its pipeline."""
    return PipelineFailed(f"the pipeline could not be loaded: {error}")


def start_failure(error: Exception, status: int | None) -> PipelineFailed:
    """The error for a child that could not be started, took too long, or ended with `status`."""
    if status is None:
        return PipelineFailed(f"the enriching process could not be started: {error}")
    if isinstance(error, TimeoutError):
        return PipelineFailed(f"the pipeline was not loaded after {LOAD_SECONDS:g} s")
    return PipelineFailed(f"the enriching process ended while loading; exit status {status}")


class TimeLimit:
    """The time limit of one record, `seconds` of the child's own computing.

    So a good article passes on a machine that is too busy or was asleep. A record that computes nothing and
    does not end gets a few limits.
    """

    def __init__(self, pid: int | None, seconds: float) -> None:
        self.seconds = seconds
        self._pid = pid
        self._before = computed_seconds(pid)
        self._waits = 0

    def is_over(self) -> bool:
        """Whether to give up. Ask each time that `seconds` have passed without an answer."""
        self._waits += 1
        computed = computed_seconds(self._pid) - self._before
        # Where the computed time is unknown it is NaN: then the clock decides.
        return self._waits == _LIMITS_WITHOUT_COMPUTING or not computed < self.seconds / 2


def crashed(record: RawRecord, status: int | None) -> Outcome:
    """The outcome of a record over which the child died each time, last with `status` (< 0: a signal)."""
    detail = f"enriching ended the process, twice; exit status {status}"
    return dead_letter(record, Reason.CRASHED, _STEP, detail)


def timed_out(record: RawRecord, seconds: float) -> Outcome:
    """The outcome of a record that takes longer than its time limit."""
    return dead_letter(record, Reason.TIMEOUT, _STEP, f"enriching took longer than {seconds:g} s")
