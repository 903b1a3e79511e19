"""Rights that are missing or taken away while a worker runs: it ends, and says which right to grant."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from kafka import KafkaAdminClient
from kafka.admin import ACL, ACLOperation, ACLPermissionType, ResourcePattern, ResourceType

from deploy.kafka.run import Kafka, free_port
from tests.broker.articles import article, encoded
from tests.broker.cluster import Scenario, Worker
from tests.broker.conftest import GIVEN

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(not GIVEN, reason="needs a real Kafka: the embedded broker knows no rights"),
]

PROPERTIES = """
listeners=PLAINTEXT://127.0.0.1:{{port}},CONTROLLER://127.0.0.1:{{controller}},SASL://127.0.0.1:{sasl}
advertised.listeners=PLAINTEXT://127.0.0.1:{{port}},SASL://127.0.0.1:{sasl}
listener.security.protocol.map=CONTROLLER:PLAINTEXT,PLAINTEXT:PLAINTEXT,SASL:SASL_PLAINTEXT
sasl.enabled.mechanisms=PLAIN
listener.name.sasl.plain.sasl.jaas.config=\
org.apache.kafka.common.security.plain.PlainLoginModule required user_reader="secret";
authorizer.class.name=org.apache.kafka.metadata.authorizer.StandardAuthorizer
super.users=User:ANONYMOUS
"""


class Guarded:
    """A node with an authorizer: a super user without a login, and the user `reader`."""

    def __init__(self, folder: Path) -> None:
        self.sasl = free_port()
        self.kafka = Kafka(folder, properties=PROPERTIES.format(sasl=self.sasl))
        self.kafka.start()
        self.admin = KafkaAdminClient(bootstrap_servers=self.kafka.address)

    def grant(self, operation: str, resource: str, name: str) -> None:
        self.admin.create_acls([self._acl(operation, resource, name)])

    def revoke(self, operation: str, resource: str, name: str) -> None:
        self.admin.delete_acls([self._acl(operation, resource, name)])

    def _acl(self, operation: str, resource: str, name: str) -> ACL:
        return ACL(
            principal="User:reader",
            host="*",
            operation=ACLOperation[operation],
            permission_type=ACLPermissionType.ALLOW,
            resource_pattern=ResourcePattern(ResourceType[resource], name),
        )


@pytest.fixture(scope="module")
def guarded(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Guarded]:
    made = Guarded(tmp_path_factory.mktemp("guarded"))
    yield made
    made.admin.close()
    made.kafka.stop()


@pytest.fixture
def allowed(guarded: Guarded, tmp_path: Path) -> Iterator[Scenario]:
    """A scenario whose workers log in as `reader`, with all the rights that a worker needs."""
    scenario = Scenario(guarded.kafka.address, tmp_path, embedded=False, partitions=1)
    scenario.create_topics()
    scenario.environment |= {
        "KHABAR_BROKERS": f"127.0.0.1:{guarded.sasl}",
        "KHABAR_SASL_MECHANISM": "PLAIN",
        "KHABAR_SASL_USERNAME": "reader",
        "KHABAR_SASL_PASSWORD": "secret",
    }
    for topic in scenario.settings.topics:
        guarded.grant("DESCRIBE", "TOPIC", topic.name)
        guarded.grant("READ" if topic.role == "raw" else "WRITE", "TOPIC", topic.name)
    guarded.grant("READ", "GROUP", scenario.name)
    yield scenario
    scenario.close()


def ending(worker: Worker) -> dict[str, Any]:
    lines = [json.loads(line) for line in worker.log.splitlines()]
    assert not any("Traceback" in json.dumps(line) for line in lines)
    return next(line for line in lines if line["message"].startswith("worker ends"))


def at_work(scenario: Scenario) -> Worker:
    worker = scenario.start_worker(KHABAR_STALLED_SECONDS="20", KHABAR_LOG_LEVEL="INFO")
    scenario.produce([(b"1", encoded(article(1)), [])])
    scenario.wait_for_sources(1)
    return worker


def test_these_rights_are_enough(allowed: Scenario) -> None:
    worker = at_work(allowed)
    assert worker.stop() == 0


@pytest.mark.parametrize(
    ("operation", "resource", "role", "told"),
    [
        ("READ", "TOPIC", "raw", "--operation Read --topic {name}"),
        ("WRITE", "TOPIC", "enriched", "--operation Write --topic {name}"),
        ("READ", "GROUP", None, "--operation Read --group {name}"),
    ],
)
def test_a_right_that_is_taken_away_is_named(
    guarded: Guarded, allowed: Scenario, operation: str, resource: str, role: Any, told: str
) -> None:
    worker = at_work(allowed)
    name = allowed.settings.topic_name(role) if role else allowed.name
    guarded.revoke(operation, resource, name)
    allowed.produce([(b"%d" % n, encoded(article(n)), []) for n in range(2, 6)])
    assert worker.wait(90) == 1
    message = ending(worker)["message"]
    assert "kafka-acls --add --allow-principal User:reader" in message
    assert told.format(name=name) in message


def test_a_right_that_is_missing_at_the_start_is_named(guarded: Guarded, allowed: Scenario) -> None:
    guarded.revoke("READ", "GROUP", allowed.name)
    worker = allowed.start_worker(KHABAR_LOG_LEVEL="INFO")
    assert worker.wait(90) == 1
    assert f"--operation Read --group {allowed.name}" in worker.log
    assert "Traceback" not in worker.log
