"""Why a worker ended: a sentence that says what to do, for every end that may be expected."""

import pytest
from aiokafka import errors

from workers.settings import Settings
from workers.stream.batches import NotConfirmed
from workers.stream.consumer.raw_topic import TopicMadeAnew
from workers.stream.endings import explained
from workers.stream.watchdog import Stalled

SETTINGS = Settings(
    group="archive", sasl_mechanism="PLAIN", sasl_username="reader", sasl_password="x", topic_prefix="a."
)


def caused(error: Exception, cause: Exception) -> Exception:
    error.__cause__ = cause
    return error


@pytest.mark.parametrize(
    ("error", "sentence"),
    [
        (Stalled("no progress for 120 s"), "no progress for 120 s"),
        (caused(RuntimeError("crashed"), TopicMadeAnew("made anew")), "made anew"),
        (
            errors.TopicAuthorizationFailedError("a.news.raw"),
            "--allow-principal User:reader --operation Read --topic a.news.raw",
        ),
        (
            caused(NotConfirmed("…"), errors.TopicAuthorizationFailedError()),
            "--operation Write --topic a.news.enriched --topic a.news.statements",
        ),
        (errors.GroupAuthorizationFailedError("archive"), "--operation Read --group archive"),
        (errors.ClusterAuthorizationFailedError(), "--operation IdempotentWrite --cluster"),
        (caused(NotConfirmed("KafkaTimeoutError()"), errors.KafkaTimeoutError()), "KafkaTimeoutError()"),
        (caused(NotConfirmed("…"), errors.InvalidTimestampError()), "set its clock"),
        (errors.CorrelationIdError("odd"), "CorrelationIdError"),
    ],
)
def test_sentences(error: Exception, sentence: str) -> None:
    told = explained(error, SETTINGS)
    assert told is not None
    assert sentence in told


def test_what_nobody_expects_keeps_its_stack_trace() -> None:
    assert explained(ZeroDivisionError("division by zero"), SETTINGS) is None
