"""TLS and SASL against a real Apache Kafka: commands and workers get in."""

import shutil
import subprocess
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

import pytest

from deploy.kafka.run import Kafka, free_port
from tests.broker.articles import article, encoded
from tests.broker.cluster import Khabar, Scenario
from tests.broker.conftest import GIVEN, run_command

OPENSSL = shutil.which("openssl") or ""
pytestmark = [
    pytest.mark.skipif(
        not GIVEN, reason="needs a real Kafka (make test-kafka): the embedded broker has no TLS"
    ),
    pytest.mark.skipif(not OPENSSL, reason="openssl is not installed"),
]

USER, PASSWORD = "khabar", "s3cret-«پ»"
PROPERTIES = """
listeners=PLAINTEXT://127.0.0.1:{{port}},CONTROLLER://127.0.0.1:{{controller}},SASL_SSL://127.0.0.1:{sasl_ssl},\
SSL://127.0.0.1:{ssl},SASL_PLAINTEXT://127.0.0.1:{sasl}
advertised.listeners=PLAINTEXT://127.0.0.1:{{port}},SASL_SSL://127.0.0.1:{sasl_ssl},SSL://127.0.0.1:{ssl},\
SASL_PLAINTEXT://127.0.0.1:{sasl}
listener.security.protocol.map=CONTROLLER:PLAINTEXT,PLAINTEXT:PLAINTEXT,SSL:SSL,SASL_SSL:SASL_SSL,\
SASL_PLAINTEXT:SASL_PLAINTEXT
sasl.enabled.mechanisms=PLAIN,SCRAM-SHA-256,SCRAM-SHA-512
ssl.keystore.type=PEM
ssl.keystore.location={folder}/server.pem
ssl.truststore.type=PEM
ssl.truststore.location={folder}/ca.pem
listener.name.ssl.ssl.client.auth=required
"""
PLAIN_LOGIN = """\
listener.name.{listener}.plain.sasl.jaas.config=\
org.apache.kafka.common.security.plain.PlainLoginModule required user_{user}="{password}";
"""
SCRAM_LOGIN = """\
listener.name.{listener}.{mechanism}.sasl.jaas.config=\
org.apache.kafka.common.security.scram.ScramLoginModule required;
"""


@dataclass(frozen=True)
class Secured:
    """A running node with a port for each way in, and the certificates to get in by."""

    folder: Path
    sasl_ssl: int
    ssl: int
    sasl: int

    def way_in(self, name: str) -> tuple[str, dict[str, str]]:
        """The address and settings of one way in."""
        login = {"sasl_username": USER, "sasl_password": PASSWORD}
        trust = {"tls": "true", "tls_ca": str(self.folder / "ca.pem")}
        match name:
            case "tls with a client's certificate":
                pair = {"tls_certificate": "client.crt", "tls_key": "client.key"}
                return self._at(self.ssl), trust | {n: str(self.folder / f) for n, f in pair.items()}
            case "SCRAM-SHA-512 in the clear":
                return self._at(self.sasl), {"sasl_mechanism": "SCRAM-SHA-512", **login}
            case mechanism:
                return self._at(self.sasl_ssl), {"sasl_mechanism": mechanism, **login, **trust}

    def _at(self, port: int) -> str:
        return f"127.0.0.1:{port}"


WAYS_IN = (
    "PLAIN",
    "SCRAM-SHA-512",
    "tls with a client's certificate",
    "SCRAM-SHA-512 in the clear",
)


def openssl(folder: Path, *arguments: str) -> None:
    done = subprocess.run(
        [OPENSSL, *arguments],
        cwd=folder,
        capture_output=True,
        text=True,
        check=False,
        stdin=subprocess.DEVNULL,
    )
    assert done.returncode == 0, done.stderr


def make_certificates(folder: Path, authority: str = "ca") -> None:
    """`ca.pem`, `server.pem` (key and chain), `client.crt` and `client.key`."""
    key = ("-newkey", "rsa:2048", "-nodes", "-days", "2")
    openssl(folder, "req", "-x509", *key, "-keyout", "ca.key", "-out", "ca.pem", "-subj", f"/CN={authority}")
    (folder / "names").write_text("subjectAltName=IP:127.0.0.1\n")
    for who in ("server", "client"):
        request = ("-keyout", f"{who}.key", "-out", f"{who}.csr", "-subj", f"/CN={who}")
        openssl(folder, "req", "-newkey", "rsa:2048", "-nodes", *request)
        signed = ("-CA", "ca.pem", "-CAkey", "ca.key", "-CAcreateserial", "-days", "2", "-extfile", "names")
        openssl(folder, "x509", "-req", "-in", f"{who}.csr", "-out", f"{who}.crt", *signed)
    parts = [(folder / name).read_text() for name in ("server.key", "server.crt", "ca.pem")]
    (folder / "server.pem").write_text("".join(parts))


@pytest.fixture(scope="module")
def secured(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Secured]:
    folder = tmp_path_factory.mktemp("secured")
    make_certificates(folder)
    node = Secured(folder, free_port(), free_port(), free_port())
    properties = PROPERTIES.format(folder=folder, sasl_ssl=node.sasl_ssl, ssl=node.ssl, sasl=node.sasl)
    for listener in ("sasl_ssl", "sasl_plaintext"):
        properties += PLAIN_LOGIN.format(listener=listener, user=USER, password=escaped(PASSWORD))
        for mechanism in ("scram-sha-256", "scram-sha-512"):
            properties += SCRAM_LOGIN.format(listener=listener, mechanism=mechanism)
    users = [
        argument
        for mechanism in ("SCRAM-SHA-256", "SCRAM-SHA-512")
        for argument in ("--add-scram", f"{mechanism}=[name={USER},password={PASSWORD}]")
    ]
    kafka = Kafka(folder / "node", properties=properties, format_options=("--standalone", *users))
    kafka.start()
    yield node
    kafka.stop()


def escaped(text: str) -> str:
    """A text for a file of Java properties, which are Latin-1."""
    return "".join(c if c.isascii() else f"\\u{ord(c):04x}" for c in text)


@pytest.fixture(scope="module")
def scenario_of(
    secured: Secured, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Callable[[str], Scenario]]:
    made: list[Scenario] = []

    def make(way_in: str) -> Scenario:
        brokers, security = secured.way_in(way_in)
        folder = tmp_path_factory.mktemp("scenario")
        made.append(Scenario(brokers, folder, embedded=False, partitions=1, security=security))
        return made[-1]

    yield make
    for scenario in made:
        scenario.close()


def command(environment: Mapping[str, str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Khabar:
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    monkeypatch.chdir(tmp_path)
    return run_command


@pytest.mark.parametrize("way_in", WAYS_IN)
def test_commands_and_worker_get_in(
    scenario_of: Callable[[str], Scenario], way_in: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    scenario = scenario_of(way_in)
    khabar = command(scenario.environment, monkeypatch, tmp_path)
    code, _, err = khabar("topics", "create")
    assert code == 0, err
    code, _, err = khabar("produce", "-", stdin=encoded(article(1)))
    assert code == 0, err
    worker = scenario.start_worker()
    scenario.partitions = scenario.settings.topics[0].partitions
    scenario.wait_for_sources(1)
    assert worker.stop() == 0, worker.log[-2000:]
    code, out, err = khabar("status")
    assert code == 0, err
    assert scenario.settings.topic_name("raw") in out
