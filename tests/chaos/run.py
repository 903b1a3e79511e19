"""Chaos on a real Apache Kafka of its own: workers and broker are ended at random, the account is taken.

    python -m tests.chaos.run                        20 minutes
    python -m tests.chaos.run --minutes 5 --seed 7   the same draws as another run with this seed
    python -m tests.chaos.run --poison header-name,zeros
    python -m tests.chaos.run --without hangs,holes

Exit code 0: nothing was lost, nothing came out twice in two ways. 1: something was; the account names it.
75: Apache Kafka cannot be run here.
"""

import argparse
import logging
import random
import sys
import tempfile
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

from deploy.kafka.run import CANNOT_RUN, CannotRunError, Kafka
from tests.broker.cluster import Scenario
from tests.chaos import holes
from tests.chaos.account import NOTHING, Sent, take_account
from tests.chaos.commits import commits
from tests.chaos.faults import Faults
from tests.chaos.outcomes import Outcomes
from tests.chaos.poison import KINDS, MAX_BYTES, Kind, chosen
from tests.chaos.processes import Memory, left_behind
from tests.chaos.production import Production
from tests.chaos.report import Report
from tests.chaos.supervisor import Supervisor

PIPELINES = {"light": "tests.broker.pipelines:light", "shipped": "tests.broker.pipelines:poisoned"}
RATES = {"light": 60.0, "shipped": 12.0}  # articles a second while there are any
PARTITIONS = 8
MINUTES = 20.0
_CALM_SECONDS = (1.0, 14.0)  # between two faults, at least and at most
_SHORT_SECONDS, _SHORT_CALM_SECONDS = 300.0, (0.5, 4.0)  # a short run is to see each fault too
_COMMIT_SECONDS = 20.0  # for commits to follow
_PATIENCE_SECONDS = 60.0  # at the end, without any new outcome


@dataclass(frozen=True, slots=True)
class Plan:
    """The options of a run. The seed decides all draws; the machine decides the moments."""

    seconds: float
    seed: int
    kinds: Mapping[str, Kind]
    holes: bool = True
    pipeline: str = "light"


def chaos(plan: Plan, folder: Path, say: Callable[[str], None] = print) -> Report:
    """Run it all, return what came of it. Raises CannotRunError."""
    for client in ("kafka", "aiokafka"):  # they complain of the broker that is taken from them
        logging.getLogger(client).setLevel(logging.CRITICAL)
    kafka = Kafka(folder / "kafka", properties=holes.BROKER_PROPERTIES)
    kafka.start()
    try:
        scenario = Scenario(
            kafka.address,
            folder,
            embedded=False,
            partitions=PARTITIONS,
            # What producers may send that mean no good: the worker has to stand it.
            topic_config={
                "raw": {
                    "message.timestamp.after.max.ms": str(2**63 - 1),
                    "max.message.bytes": str(8 * 1024 * 1024),
                }
            },
        )
        scenario.create_topics()
        try:
            return _run(plan, kafka, scenario, say)
        finally:
            scenario.close()
    finally:
        kafka.stop()


def _run(plan: Plan, kafka: Kafka, scenario: Scenario, say: Callable[[str], None]) -> Report:
    topic = scenario.settings.topic_name("raw")
    production = Production(kafka.address, topic, PARTITIONS, plan.kinds, plan.seed + 1, RATES[plan.pipeline])
    if plan.holes:
        say(f"{holes.make_holes(scenario, production.ledger)} holes in the raw topic")
    production.all_kinds_once()
    workers = Supervisor(
        lambda: scenario.start_worker(
            KHABAR_PIPELINE_FACTORY=PIPELINES[plan.pipeline],
            KHABAR_ARTICLE_SECONDS="3",
            KHABAR_MAX_BYTES=str(MAX_BYTES),
            KHABAR_STALLED_SECONDS="60",
        )
    )
    memory = Memory(workers)
    faults = Faults(
        chance=random.Random(plan.seed),
        workers=workers,
        stop_broker=lambda kill: kafka.stop(kill=kill),
        start_broker=kafka.start,
        commits=lambda: commits(kafka.address, scenario.name, topic, PARTITIONS),
        session_seconds=scenario.session_seconds,
    )
    calm = _SHORT_CALM_SECONDS if plan.seconds < _SHORT_SECONDS else _CALM_SECONDS
    began = time.time()
    workers.add(0)
    workers.add(1)
    for thread in (workers, memory, production):
        thread.start()
    try:
        while time.time() - began < plan.seconds and workers.failure is production.failure is None:
            time.sleep(faults.chance.uniform(*calm))
            event = faults.next()
            told = "" if event.recovered is None else f"; first commit after {event.recovered:.1f} s"
            say(f"{event.at - began:7.1f} s  {event.name}: {event.detail}{told}")
        production.finish()
        sent_until = time.time()
        say(f"{sent_until - began:7.1f} s  {len(production.ledger.sent)} records sent; working off the rest")
        outcomes = Outcomes(scenario)  # a client that saw the broker go would take its time to come back
        _work_off(production, outcomes)
        drained = time.time() - sent_until
        uncommitted = _uncommitted(kafka.address, scenario.name, topic, production.ledger.sent)
        memory.finish()
    finally:
        workers.stop()
    time.sleep(2)  # children end with their parent, not before
    orphans = left_behind(scenario.name)
    outcomes.read_to_end()
    outcomes.close()
    account = take_account(production.ledger.sent, outcomes.seen, outcomes.derived)
    return Report(
        seed=plan.seed,
        seconds=time.time() - began,
        drained_seconds=drained,
        account=account,
        sent=production.ledger.sent,
        unsure=production.ledger.unsure_reasons,
        lives=workers.lives,
        events=faults.events,
        samples=memory.samples,
        orphans=orphans,
        uncommitted=uncommitted,
    )


def _work_off(production: Production, outcomes: Outcomes) -> None:
    """Wait until every record is accounted for, as long as there is progress."""
    wanted = {s.source for s in production.ledger.sent if not s.expected or s.expected != {NOTHING}}
    changed, left = time.monotonic(), -1
    while time.monotonic() - changed < _PATIENCE_SECONDS:
        outcomes.read_to_end()
        missing = len(wanted - outcomes.sources)
        if missing == 0:
            return
        if missing != left:
            changed, left = time.monotonic(), missing
        time.sleep(0.5)


def _uncommitted(brokers: str, group: str, topic: str, sent: list[Sent]) -> list[str]:
    """Partitions whose committed offset does not come past their last article."""
    last: dict[int, int] = {}
    for partition, offset in (s.source for s in sent if NOTHING not in s.expected):
        last[partition] = max(offset, last.get(partition, 0))
    deadline = time.monotonic() + _COMMIT_SECONDS
    while True:
        places = commits(brokers, group, topic, PARTITIONS) or {}
        behind = [
            f"partition {p}: committed {places.get(p)}, the last record has offset {offset}"
            for p, offset in sorted(last.items())
            if places.get(p, 0) <= offset
        ]
        if not behind or time.monotonic() > deadline:
            return behind
        time.sleep(0.5)


def main() -> int:
    """The command."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--minutes", type=float, default=MINUTES)
    parser.add_argument("--seed", type=int, default=None, help="default: a new one, which is printed")
    parser.add_argument("--pipeline", choices=PIPELINES, default="light")
    parser.add_argument(
        "--poison", default="", help=f"only these kinds, of: {', '.join((*KINDS, holes.NAME))}"
    )
    parser.add_argument("--without", default="", help="all kinds but these")
    parser.add_argument("--keep", type=Path, help="an empty folder for logs, which stay there")
    arguments = parser.parse_args()
    seed = random.SystemRandom().randrange(2**31) if arguments.seed is None else arguments.seed
    only, without = ({n for n in text.split(",") if n} for text in (arguments.poison, arguments.without))
    try:
        kinds = {} if only == {holes.NAME} else chosen(only - {holes.NAME}, without - {holes.NAME})
    except KeyError as error:
        parser.error(error.args[0])
    with_holes = holes.NAME not in without and (not only or holes.NAME in only)
    plan = Plan(60 * arguments.minutes, seed, kinds, with_holes, arguments.pipeline)
    print(f"chaos: seed {seed}, {arguments.minutes:g} minutes, pipeline {plan.pipeline}", flush=True)
    with tempfile.TemporaryDirectory(prefix="khabar-chaos-") as temporary:
        try:
            report = chaos(plan, arguments.keep or Path(temporary), lambda line: print(line, flush=True))
        except CannotRunError as error:
            print(f"Apache Kafka cannot be run here: {error}", file=sys.stderr)
            return CANNOT_RUN
        print(report.text(), flush=True)
        return 1 if report.failures else 0


if __name__ == "__main__":
    sys.exit(main())
