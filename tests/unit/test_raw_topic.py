"""What a worker makes of the brokers' answers about the raw topic."""

from typing import Any

import pytest
from kafka.errors import KafkaConnectionError, UnknownTopicOrPartitionError

from workers.stream.consumer.raw_topic import RawTopic, TopicMadeAnew


class Admin:
    """Answers as kafka-python's client does; an exception is raised."""

    def __init__(self, topics: Any, groups: Any = None) -> None:
        self.topics, self.groups, self.closed = topics, groups, 0

    def describe_topics(self, _: list[str]) -> Any:
        return self._answer(self.topics)

    def describe_groups(self, _: list[str]) -> Any:
        return self._answer(self.groups)

    def _answer(self, answer: Any) -> Any:
        if isinstance(answer, Exception):
            raise answer
        return answer

    def close(self) -> None:
        self.closed += 1


def topic(topic_id: str = "a", partitions: int = 3) -> list[dict[str, Any]]:
    numbers = [{"partition_index": n} for n in range(partitions)]
    return [{"error_code": 0, "topic_id": topic_id, "partitions": numbers}]


def group(*assigned: list[int]) -> dict[str, Any]:
    members = [
        {"member_assignment": {"assigned_partitions": [{"topic": "news.raw", "partitions": numbers}]}}
        for numbers in assigned
    ]
    return {"khabar": {"error": None, "members": members}}


def raw_topic(admin: Admin) -> RawTopic:
    return RawTopic("news.raw", "khabar", lambda: admin)


def test_a_topic_with_another_id_is_told() -> None:
    admin = Admin(topic("a"))
    raw = raw_topic(admin)
    assert not raw.fresh
    assert raw.confirm()
    assert raw.confirm()
    assert raw.fresh
    admin.topics = topic("b")
    with pytest.raises(TopicMadeAnew, match=r"news\.raw was deleted and made anew.*id a, now b"):
        raw.confirm()


@pytest.mark.parametrize(
    "answer", [KafkaConnectionError(), OSError(), UnknownTopicOrPartitionError(), [{"error_code": 3}], []]
)
def test_no_answer_is_no_confirmation(answer: Any) -> None:
    assert not raw_topic(Admin(answer)).confirm()


def test_a_client_that_failed_is_made_anew() -> None:
    admin = Admin(KafkaConnectionError())
    raw = raw_topic(admin)
    assert not raw.confirm()
    assert admin.closed == 1
    admin.topics = topic()
    assert raw.confirm()


@pytest.mark.parametrize(
    ("topics", "groups", "reason"),
    [
        pytest.param(topic(), group([0, 1], [2], []), None, id="a stand-by"),
        pytest.param(topic(), group([0], [], []), "nobody reads the partitions [1, 2]", id="left over"),
        pytest.param(UnknownTopicOrPartitionError(), group([]), "there is no topic news.raw", id="no topic"),
        pytest.param(
            [{"error_code": 3}], group([]), "there is no topic news.raw", id="no topic, by its code"
        ),
        pytest.param(KafkaConnectionError(), group([]), None, id="no broker: not known"),
        pytest.param(topic(), ValueError("cannot be read"), None, id="the embedded broker: not known"),
        pytest.param(topic(), {"khabar": {"error": None, "members": []}}, None, id="no members yet"),
    ],
)
def test_why_a_worker_has_no_partitions(topics: Any, groups: Any, reason: str | None) -> None:
    told = raw_topic(Admin(topics, groups)).why_idle()
    assert told is None if reason is None else reason in (told or "")
