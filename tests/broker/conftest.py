"""Brokers for the tests: those named in KHABAR_TEST_BROKERS, else the embedded one."""

import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from tests.broker.cluster import Khabar, Scenario
from workers.broker import embedded_broker
from workers.commands.application import application

GIVEN = os.environ.get("KHABAR_TEST_BROKERS")


@pytest.fixture(scope="session")
def brokers() -> Iterator[str]:
    """Address of the brokers under test."""
    if GIVEN:
        yield GIVEN
    else:
        with embedded_broker() as address:
            yield address


@pytest.fixture(scope="module")
def new_scenario(brokers: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Callable[..., Scenario]]:
    """Make scenarios that end with the module."""
    made: list[Scenario] = []

    def make(**options: Any) -> Scenario:
        folder: Path = tmp_path_factory.mktemp("scenario")
        made.append(Scenario(brokers, folder, embedded=not GIVEN, **options))
        return made[-1]

    yield make
    for scenario in made:
        scenario.close()


@pytest.fixture
def scenario(new_scenario: Callable[..., Scenario]) -> Iterator[Scenario]:
    """Topics and a group for one test."""
    made = new_scenario()
    made.create_topics()
    yield made
    for worker in made.workers:
        if worker.process.poll() is None:
            worker.kill()


@pytest.fixture
def khabar(scenario: Scenario, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Khabar:
    """Run a command with the scenario's settings: exit code, output, errors."""
    for name, value in scenario.environment.items():
        monkeypatch.setenv(name, value)
    monkeypatch.chdir(tmp_path)
    return run_command


def run_command(*arguments: object, stdin: bytes | None = None) -> tuple[int, str, str]:
    """Run a command with the settings of the environment: exit code, output, errors."""
    result = CliRunner().invoke(application, [str(a) for a in arguments], input=stdin, prog_name="khabar")
    return result.exit_code, result.stdout, result.stderr
