"""Replay with a real worker: what comes again is the same, byte for byte."""

import json
import os
import subprocess
import sys
import time
from collections import Counter

from tests.broker.cluster import ROOT, Scenario

BODY = "استاندار گفت: پل شماره {} تا مهر باز می‌شود و ساخت آن دو سال طول کشید."


def publish(scenario: Scenario, numbers: range) -> None:
    rows = [
        (str(n).encode(), json.dumps({"id": str(n), "body": BODY.format(n)}).encode(), []) for n in numbers
    ]
    assert scenario.produce(rows) == len(rows)


def test_two_hundred_of_three_hundred_come_again(scenario: Scenario) -> None:
    publish(scenario, range(100))
    time.sleep(0.05)  # so that a moment lies between the two
    moment = int(time.time() * 1000)
    time.sleep(0.05)
    publish(scenario, range(100, 300))
    worker = scenario.start_worker()
    scenario.wait_for_sources(300)
    assert worker.stop() == 0
    first = {r.key: r.value for r in scenario.collect("enriched")["enriched"]}
    assert len(first) == 300

    command = [sys.executable, "-m", "workers", "replay", "--to-datetime", str(moment), "--execute"]
    environment = {**os.environ, **scenario.environment}
    done = subprocess.run(command, env=environment, cwd=ROOT, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    assert "200 records will come again" in done.stderr

    command = [sys.executable, "-m", "workers", "replay", "--watch"]
    with subprocess.Popen(command, env=environment, cwd=ROOT, stderr=subprocess.PIPE, text=True) as watching:
        assert watching.stderr is not None
        line = watching.stderr.readline()
        assert line == "khabar: 0 of 200, nothing moves yet: 200 records wait for workers\n"
        scenario.start_worker()
        rest = watching.stderr.read()
    assert watching.returncode == 0, rest
    assert "khabar: through; 200 records in " in rest
    records = scenario.collect("enriched")["enriched"]
    assert len(records) == 500
    assert Counter(r.key for r in records) == {str(n).encode(): 1 if n < 100 else 2 for n in range(300)}
    assert all(r.value == first[r.key] for r in records)
