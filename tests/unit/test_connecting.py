"""Reaching the brokers: whom is asked, and what is told where none answers."""

import logging

import pytest
from kafka.errors import KafkaTimeoutError

from workers.failures import CommandFailed
from workers.operations import connecting
from workers.settings import Settings

SETTINGS = Settings.model_validate({"brokers": "one:9092,two:9092,three:9092"})


@pytest.mark.parametrize(
    ("answers", "asked"),
    [((None,), 1), (("refused", None), 2), (("refused", "timed out", None), 3)],
)
def test_one_broker_that_answers_is_enough(
    monkeypatch: pytest.MonkeyPatch, answers: tuple[str | None, ...], asked: int
) -> None:
    seen: list[str] = []

    def refusal(broker: str) -> str | None:
        seen.append(broker)
        return answers[len(seen) - 1]

    monkeypatch.setattr(connecting, "_refusal", refusal)
    with connecting.connected(SETTINGS):
        pass
    assert seen == list(SETTINGS.brokers[:asked])


def connect(logged: str = "", error: Exception | None = None) -> None:
    with connecting.connected(SETTINGS):
        logging.getLogger("kafka.net.manager").warning(logged)
        if error is not None:
            raise error


def test_where_none_answers_the_first_reason_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(connecting, "_refusal", "{} is down".format)
    with pytest.raises(CommandFailed, match=r"one:9092, two:9092, three:9092 \(one:9092 is down\)"):
        connect()


@pytest.mark.parametrize(
    ("logged", "told"),
    [
        (
            "Bootstrap connection to b-0 failed: KafkaConnectionError: bad certificate (backoff 0.1 secs)",
            "bad cert",
        ),
        (
            "Bootstrap connection to b-0 failed: KafkaConnectionError: socket disconnected (backoff 1 secs)",
            "SASL",
        ),
        (
            "Bootstrap connection to b-0 failed: KafkaProtocolError: Invalid frame length: 352518912",
            "wants TLS",
        ),
        ("<KafkaConnection node_id=b-0>: Connection lost: KafkaConnectionError: socket disconnected", "SASL"),
        ("something else", "no broker answers at one:9092"),
    ],
)
def test_what_the_client_logged_is_the_reason(
    monkeypatch: pytest.MonkeyPatch, logged: str, told: str
) -> None:
    monkeypatch.setattr(connecting, "_refusal", lambda _broker: None)
    with pytest.raises(CommandFailed, match=told):
        connect(logged, KafkaTimeoutError("time is up"))


def test_that_time_was_up_is_no_reason_where_there_was_one(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(connecting, "_refusal", lambda _broker: None)
    logged = (
        "Bootstrap connection to b-0 failed: KafkaConnectionError: bad certificate (backoff 0.1 secs)",
        "Bootstrap connection to b-0 failed: KafkaTimeoutError: Timeout during ApiVersions check",
    )

    def connect_twice() -> None:
        with connecting.connected(SETTINGS):
            for line in logged:
                logging.getLogger("kafka.net.manager").warning(line)
            raise KafkaTimeoutError("time is up")

    with pytest.raises(CommandFailed, match="bad certificate"):
        connect_twice()
