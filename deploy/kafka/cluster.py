"""Several nodes of Apache Kafka on this machine, each broker and controller: for what one cannot show.

    python deploy/kafka/cluster.py                   three nodes until Ctrl-C; prints the address

Like `run.py`, from which the nodes are: on loopback, data thrown away at the end, standard library only.
"""

import signal
import sys
import tempfile
import time
from pathlib import Path

if __package__ in (None, ""):
    sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from deploy.kafka.run import CANNOT_RUN, CannotRunError, Kafka

NODES = 3
HEAP = ("-Xms128m", "-Xmx320m")
_PROPERTIES = """\
node.id={node}
controller.quorum.voters={voters}
default.replication.factor={copies}
min.insync.replicas={in_sync}
offsets.topic.replication.factor={copies}
transaction.state.log.replication.factor={copies}
transaction.state.log.min.isr={in_sync}
controlled.shutdown.enable=true
"""


class Cluster:
    """Running nodes, numbered from 1. A topic has a copy on each; a write needs all of them but one."""

    def __init__(self, folder: Path, nodes: int = NODES, properties: str = "") -> None:
        self.nodes = {n: Kafka(folder / f"node-{n}", java_options=HEAP) for n in range(1, nodes + 1)}
        voters = ",".join(f"{n}@127.0.0.1:{node.controller_port}" for n, node in self.nodes.items())
        for number, node in self.nodes.items():
            node.configure(
                _PROPERTIES.format(node=number, voters=voters, copies=nodes, in_sync=max(1, nodes - 1))
                + properties,
                format_options=(),
            )

    @property
    def address(self) -> str:
        """host:port of all nodes, for clients."""
        return ",".join(node.address for node in self.nodes.values())

    def start(self) -> None:
        """Start all, return when all answer. Raises CannotRunError."""
        for node in self.nodes.values():
            node.launch()
        for node in self.nodes.values():
            node.wait()

    def stop(self) -> None:
        """End all, in order of their numbers."""
        for node in self.nodes.values():
            # The last ones find no majority to tell of their leaving.
            node.stop(kill=True)


def main() -> int:
    """Run three nodes until Ctrl-C or SIGTERM."""
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    with tempfile.TemporaryDirectory(prefix="khabar-cluster-") as folder:
        try:
            cluster = Cluster(Path(folder))
            cluster.start()
        except CannotRunError as error:
            print(f"Apache Kafka cannot be run here: {error}", file=sys.stderr)
            return CANNOT_RUN
        try:
            print(f"== Apache Kafka at {cluster.address}", file=sys.stderr, flush=True)
            while True:
                time.sleep(3600)
        except KeyboardInterrupt:
            return 130
        finally:
            cluster.stop()


if __name__ == "__main__":
    sys.exit(main())
