"""Structured logs: one JSON object a line on standard error, or plain text for people."""

import json
import logging
import sys
from datetime import UTC, datetime
from typing import Literal

_STANDARD = frozenset(logging.makeLogRecord({}).__dict__) | {"message", "asctime", "taskName", "data"}
# Below warnings these say much that no operator needs.
_QUIET = ("faust", "mode", "aiokafka", "kafka", "asyncio", "aiohttp", "hazm")
_REPEAT_SECONDS = 10.0
_REPEATS_KNOWN = 1000
_ERROR_CHARACTERS = 200


class OnceInAWhile(logging.Filter):
    """Lets a repeated message through once in ten seconds: clients of a lost broker repeat theirs."""

    def __init__(self) -> None:
        super().__init__()
        self._seen: dict[tuple[str, str], float] = {}

    def filter(self, record: logging.LogRecord) -> bool:
        """Whether to log the record."""
        if record.name.startswith("workers"):
            return True
        key = (record.name, str(record.msg))
        if record.created - self._seen.get(key, 0.0) < _REPEAT_SECONDS:
            return False
        if len(self._seen) > _REPEATS_KNOWN:
            self._seen.clear()
        self._seen[key] = record.created
        return True


class OneLine(logging.Filter):
    """Shortens stack traces of client libraries to one line: our own messages say what they mean."""

    def filter(self, record: logging.LogRecord) -> bool:
        """True: every message stays."""
        if record.exc_info and record.name.startswith(_QUIET):
            error = record.exc_info[1]
            record.msg = f"{record.getMessage()} ({_cut(repr(error))})" if error else record.getMessage()
            record.msg = " ".join(record.msg.split())
            record.args = record.exc_info = record.exc_text = None
            if record.name == "aiohttp.server":  # a client's fault, not ours
                record.levelno, record.levelname = logging.WARNING, "WARNING"
        return True


def _cut(text: str) -> str:
    return text if len(text) <= _ERROR_CHARACTERS else text[: _ERROR_CHARACTERS - 1] + "…"


class JsonFormatter(logging.Formatter):
    """Formats time, level, logger, message, and every field given as `extra`, as JSON."""

    def format(self, record: logging.LogRecord) -> str:
        """One line of JSON."""
        line: dict[str, object] = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname,
            "logger": record.name,
            "message": record.getMessage(),
        }
        line.update(_fields(record))
        if record.exc_info:
            line["exception"] = self.formatException(record.exc_info)
        return json.dumps(line, ensure_ascii=False, default=str)


class TextFormatter(logging.Formatter):
    """Formats the same as plain text for people."""

    def format(self, record: logging.LogRecord) -> str:
        """One line, and a stack trace where there is one."""
        moment = datetime.fromtimestamp(record.created, UTC)
        fields = " ".join(f"{name}={value}" for name, value in _fields(record).items())
        line = f"{moment:%H:%M:%S} {record.levelname:7} {record.getMessage()} {fields}".rstrip()
        return f"{line}\n{self.formatException(record.exc_info)}" if record.exc_info else line


def _fields(record: logging.LogRecord) -> dict[str, object]:
    return {name: value for name, value in record.__dict__.items() if name not in _STANDARD}


def configure_logs(style: Literal["json", "text"], level: str) -> None:
    """Set up logging for a worker's process."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(JsonFormatter() if style == "json" else TextFormatter())
    handler.addFilter(OnceInAWhile())
    if level != "DEBUG":
        handler.addFilter(OneLine())
    logging.basicConfig(level=level, handlers=[handler], force=True)
    for name in _QUIET:
        logging.getLogger(name).setLevel(max(logging.WARNING, logging.getLevelName(level)))
    # Reports each connection that it closes itself as an error; its failures reach us as exceptions.
    logging.getLogger("kafka").setLevel(logging.CRITICAL)
