"""The embedded broker starts, answers, and ends with whoever started it."""

import os
import signal
import subprocess
import sys

from kafka import KafkaAdminClient

from tests.broker.cluster import ROOT, alive, wait_for
from workers.broker import EmbeddedBroker

_START = """
import sys, time
from workers.broker import EmbeddedBroker
broker = EmbeddedBroker()
broker.start()
print(broker.pid, flush=True)
time.sleep(600)
"""


def test_it_answers_and_ends() -> None:
    with EmbeddedBroker() as broker:
        pid = broker.pid
        admin = KafkaAdminClient(bootstrap_servers=broker.address)
        assert admin.list_topics() == []
        admin.close()
    assert not alive(pid)


def test_it_ends_with_its_parent_even_by_sigkill() -> None:
    parent = subprocess.Popen(
        [sys.executable, "-c", _START], cwd=ROOT, stdout=subprocess.PIPE, start_new_session=True
    )
    assert parent.stdout is not None
    with parent.stdout:
        pid = int(parent.stdout.readline())
    assert alive(pid)
    os.kill(parent.pid, signal.SIGKILL)
    parent.wait()
    wait_for(lambda: not alive(pid), "the broker's end", 10)
