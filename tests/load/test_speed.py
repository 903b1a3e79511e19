"""How fast one worker is on real articles, and where the time goes."""

import gzip
import itertools
import json
import os
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.broker.cluster import ROOT, Scenario, headers, wait_for

pytestmark = pytest.mark.load

NEWS = Path(os.environ.get("KHABAR_SHARED", ROOT.parent / "shared")) / "data" / "news"
ARTICLES = int(os.environ.get("KHABAR_TEST_ARTICLES", "1000"))


def articles() -> Iterator[dict[str, Any]]:
    """From all crawls in turn."""

    def lines(path: Path) -> Iterator[dict[str, Any]]:
        with gzip.open(path, "rt", encoding="utf-8") as file:
            for number, line in enumerate(file):
                yield {"id": f"{path.name}-{number}", **json.loads(line)}

    rows = itertools.zip_longest(*(lines(p) for p in sorted(NEWS.glob("*.jsonl.gz"))))
    return (a for row in rows for a in row if a and isinstance(a.get("body"), str))


def processor_seconds(pid: int) -> float:
    user, system = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[11:13]
    return (int(user) + int(system)) / os.sysconf("SC_CLK_TCK")


@pytest.mark.skipif(not NEWS.is_dir(), reason=f"no articles at {NEWS}")
def test_articles_a_second(new_scenario: Callable[..., Scenario]) -> None:
    scenario = new_scenario(partitions=8)
    scenario.create_topics()
    worker = scenario.start_worker(KHABAR_PIPELINE_FACTORY="workers.nlp.pipeline:build_pipeline")
    wait_for(lambda: "partitions assigned" in worker.log, "the worker's assignment")
    (child,) = worker.children()
    values = [json.dumps(a, ensure_ascii=False).encode() for a in itertools.islice(articles(), ARTICLES)]
    before = processor_seconds(worker.process.pid), processor_seconds(child)
    began = time.time()
    scenario.produce([(str(n).encode(), value, []) for n, value in enumerate(values)])
    scenario.wait_for_sources(len(values), 1500)
    parent, core = (
        processor_seconds(worker.process.pid) - before[0],
        processor_seconds(child) - before[1],
    )
    collected = scenario.collect("enriched", "dead")
    last = max(r.timestamp for records in collected.values() for r in records) / 1000
    spent = [float(headers(r)["khabar_processing_ms"]) for r in collected["enriched"]]
    assert worker.stop() == 0
    print(
        f"\nspeed test: {len(values)} articles, mean {sum(map(len, values)) / len(values) / 1024:.1f} KiB, "
        f"in {last - began:.1f} s: {len(values) / (last - began):.1f} articles/s; "
        f"{len(collected['enriched'])} enriched, {len(collected['dead'])} dead letters; "
        f"enriching {sum(spent) / len(spent):.1f} ms an article (by the clock); processor time an article: "
        f"core {1000 * core / len(values):.2f} ms, Faust and event loop {1000 * parent / len(values):.2f} ms "
        f"({100 * parent / (parent + core):.0f} %)"
    )
