"""Connects to the brokers, and says in plain words why that fails.

A client of kafka-python that is refused tries again until its time is up, and then reports only a timeout.
What the brokers answered stands in its log alone.
"""

import contextlib
import logging
import re
import socket
from collections.abc import Iterator
from typing import TYPE_CHECKING

from kafka.errors import KafkaError, KafkaTimeoutError

from workers.failures import CommandFailed

if TYPE_CHECKING:
    from workers.settings import Settings

CONNECT_SECONDS = 10.0

PROBE_SECONDS = 5.0  # for each broker, before a client is made
_LOG = logging.getLogger("kafka")
_LOG.setLevel(logging.CRITICAL)  # whoever connects reports failures
_REASON = re.compile(
    r"(?:connection to \S+ failed|Connection (?:failed|lost)): \w+: (?P<reason>.+?)(?: \(backoff .*)?$"
)
_CUT_OFF = "socket disconnected"  # what we see of a broker that refuses a login
_NO_KAFKA = "Invalid frame length"  # what an answer in TLS looks like to a client without TLS


class _Answers(logging.Handler):
    """Keeps why the last attempt to connect failed; a timeout replaces no other reason."""

    reason = ""

    def emit(self, record: logging.LogRecord) -> None:
        found = _REASON.search(record.getMessage())
        if found and not (self.reason and found["reason"].startswith("Timeout")):
            self.reason = found["reason"]


@contextlib.contextmanager
def connected(settings: "Settings") -> Iterator[None]:
    """Make a client in this context. Raises `CommandFailed` with the reason where it cannot connect."""
    brokers = ", ".join(settings.brokers)
    refused = []
    for broker in settings.brokers:
        fault = _refusal(broker)
        if fault is None:
            break  # one is enough, as a client waits for a silent one
        refused.append(fault)
    else:
        raise CommandFailed(
            f"no broker answers at {brokers} ({refused[0]}); --brokers or KHABAR_BROKERS names others, "
            "and `khabar broker` starts one for development"
        )
    with _listening() as answers:
        try:
            yield
        except OSError as error:  # files of keys and certificates
            raise CommandFailed(f"cannot connect to {brokers}: {error}") from error
        except KafkaTimeoutError as error:
            if answers.reason:
                reason = _explained(answers.reason, settings)
                raise CommandFailed(f"cannot connect to {brokers}: {reason}") from error
            raise CommandFailed(
                f"no broker answers at {brokers} after {CONNECT_SECONDS:g} s: {error}"
            ) from error
        except KafkaError as error:
            raise CommandFailed(f"cannot connect to {brokers}: {type(error).__name__}: {error}") from error


@contextlib.contextmanager
def _listening() -> Iterator[_Answers]:
    answers = _Answers(logging.WARNING)
    level, propagate = _LOG.level, _LOG.propagate
    _LOG.addHandler(answers)
    _LOG.setLevel(logging.WARNING)
    _LOG.propagate = False
    try:
        yield answers
    finally:
        _LOG.removeHandler(answers)
        _LOG.setLevel(level)
        _LOG.propagate = propagate


def _explained(reason: str, settings: "Settings") -> str:
    if reason.startswith(_NO_KAFKA):
        return "the answer is no Kafka: the broker wants TLS (KHABAR_TLS=true), or is none"
    if reason != _CUT_OFF:
        return reason
    if settings.sasl_mechanism:
        login = f"as {settings.sasl_username!r} by {settings.sasl_mechanism}"
        return f"the broker ends the connection; it refuses the login {login}, or wants TLS or none"
    return "the broker ends the connection; it wants TLS, a login by SASL, or neither"


def _refusal(broker: str) -> str | None:
    """The reason if a connection is refused at once: the clients would try for long."""
    host, _, port = broker.rpartition(":")
    try:
        socket.create_connection((host.strip("[]"), int(port)), PROBE_SECONDS).close()
    except OSError as error:
        return error.strerror or str(error)
    return None
