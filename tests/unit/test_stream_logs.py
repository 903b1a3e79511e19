"""Log lines: JSON with every extra field, and no client that repeats itself."""

import json
import logging

from workers.stream.logs import JsonFormatter, OnceInAWhile, OneLine, TextFormatter


def record(name: str, message: str, created: float = 0.0, **extra: object) -> logging.LogRecord:
    made = logging.makeLogRecord({"name": name, "msg": message, "levelname": "WARNING", **extra})
    made.created = created
    return made


def test_a_line_of_json_has_all_fields() -> None:
    line = json.loads(JsonFormatter().format(record("workers.x", "dead letter", outcome="empty", offset=7)))
    assert (line["message"], line["outcome"], line["offset"]) == ("dead letter", "empty", 7)
    assert line["time"].startswith("1970-01-01T00:00:00")


def test_exceptions_stay_on_their_line() -> None:
    error = ValueError("آب")
    told = record("workers.x", "worker ends", exc_info=(ValueError, error, None))
    assert "ValueError: آب" in json.loads(JsonFormatter().format(told))["exception"]
    assert "\n" not in JsonFormatter().format(told)
    assert "ValueError: آب" in TextFormatter().format(told)


def test_clients_that_repeat_themselves_are_heard_once_in_a_while() -> None:
    heard = OnceInAWhile()
    told = [heard.filter(record("aiokafka", "Topic %s not found", t)) for t in (100.0, 101.0, 109.9, 110.1)]
    assert told == [True, False, False, True]
    assert heard.filter(record("aiokafka", "another", 101.0))
    assert all(heard.filter(record("workers.stream", "dead letter", 100.0)) for _ in range(3))


def test_stack_traces_of_clients_become_one_line() -> None:
    error = ValueError("a\nb" + "x" * 500)
    told = record("aiohttp.server", "Error handling request", exc_info=(ValueError, error, None), levelno=40)
    assert OneLine().filter(told)
    line = json.loads(JsonFormatter().format(told))
    assert "exception" not in line
    assert line["level"] == "WARNING"
    assert line["message"].startswith("Error handling request (ValueError('a\\nb")
    assert len(line["message"]) < 250
    ours = record("workers.x", "worker ends", exc_info=(ValueError, error, None))
    assert OneLine().filter(ours)
    assert "ValueError" in json.loads(JsonFormatter().format(ours))["exception"]
