"""The broker tests' fixtures, for tests that take minutes."""

from tests.broker.conftest import brokers, new_scenario, scenario

__all__ = ["brokers", "new_scenario", "scenario"]
