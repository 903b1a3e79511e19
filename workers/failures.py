"""The errors that a command shows in place of a traceback, and the exit codes it ends with.

CommandFailed            exit 1: could not be done (no broker, no topic, refused, timed out)
└─ UsageFailed           exit 2: the request itself is at fault (no such file, unreadable date)
"""

EXIT_FAILED = 1
EXIT_USAGE = 2
EXIT_PARTLY = 3
"""Exit code: the command left something out or was stopped before its end, and said what is left."""
EXIT_INTERRUPTED = 130


class CommandFailed(Exception):  # noqa: N818 - names the event, as `Rejected` does
    """A command could not do its work; the message is written for its user."""

    exit_code = EXIT_FAILED


class UsageFailed(CommandFailed):
    """The request cannot be carried out as it was put."""

    exit_code = EXIT_USAGE
