"""A broker whose disk is full: the worker ends and loses nothing; with room again, all is done."""

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from deploy.kafka.run import CannotRunError, Kafka
from tests.broker.articles import article, encoded
from tests.broker.cluster import Scenario, wait_for

pytestmark = [
    pytest.mark.load,
    pytest.mark.skipif(
        sys.platform != "linux" or os.geteuid() != 0 or not shutil.which("mount"),
        reason="needs root, to make a small disk",
    ),
]
ARTICLES = 60
MOUNT = shutil.which("mount") or ""
DISK_MIB = 200


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    disk = tmp_path / "disk"
    disk.mkdir()
    made = subprocess.run(
        [MOUNT, "-t", "tmpfs", "-o", f"size={DISK_MIB}m", "tmpfs", str(disk)],
        check=False,
        capture_output=True,
    )
    if made.returncode != 0:
        pytest.skip(f"cannot mount a small disk: {made.stderr.decode()}")
    yield disk
    subprocess.run([shutil.which("umount") or "umount", "-l", str(disk)], check=True)


def test_a_full_disk_loses_nothing(small_disk: Path, tmp_path: Path) -> None:
    try:
        kafka = Kafka(small_disk / "kafka")
        kafka.start()
    except CannotRunError as error:
        pytest.skip(f"no Apache Kafka here: {error}")
    try:
        scenario = Scenario(kafka.address, tmp_path, embedded=False, partitions=1)
        scenario.create_topics()
        # A group of its own writes the offsets topic before the disk is full.
        warm = scenario.start_worker(KHABAR_STALLED_SECONDS="15")
        wait_for(lambda: "partitions assigned" in warm.log, "the worker's assignment")
        scenario.produce([(b"first", encoded(article(0)), [])])
        scenario.wait_for_sources(1)
        assert warm.stop() == 0
        scenario.produce([(b"%d" % n, encoded(article(n, paragraphs=200)), []) for n in range(1, ARTICLES)])
        ballast = small_disk / "ballast"
        with ballast.open("wb") as file:
            free = shutil.disk_usage(small_disk).free
            file.write(b"\0" * max(0, free - 256 * 1024))
        scenario.disconnect()
        worker = scenario.start_worker(KHABAR_STALLED_SECONDS="30")
        assert worker.wait(240) == 1
        ballast.unlink()
        kafka.stop(kill=True)
        kafka.start()
        scenario.start_worker()
        found = scenario.wait_for_sources(ARTICLES, 240)
        assert len(found) == ARTICLES
        print(f"\ndisk-full test: {ARTICLES} records, the worker ended with exit code 1, none lost")
        scenario.close()
    finally:
        kafka.stop()
