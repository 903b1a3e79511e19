"""Apache Kafka on this machine, for tests and trials: one node, on loopback, data thrown away at the end.

    python deploy/kafka/run.py                       run until Ctrl-C; prints the address
    python deploy/kafka/run.py -- COMMAND…           run COMMAND with KHABAR_BROKERS and KHABAR_TEST_BROKERS
                                                     set, stop Kafka, exit with the command's exit code

Kafka and its dependencies come from Maven Central by the pinned `pom.xml` beside this file, once; then from
`.cache/kafka`. Exit code 75 (EX_TEMPFAIL): Kafka could not be run here (no Java 17, no Maven, or Maven
Central out of reach); nothing was tested. Needs the standard library only.
"""

import argparse
import ctypes
import hashlib
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from pathlib import Path

HERE = Path(__file__).resolve().parent
CACHE = HERE.parents[1] / ".cache" / "kafka"
CANNOT_RUN = 75
RESOLVE_SECONDS = 600

PROPERTIES = """\
process.roles=broker,controller
node.id=1
listeners=PLAINTEXT://127.0.0.1:{port},CONTROLLER://127.0.0.1:{controller}
advertised.listeners=PLAINTEXT://127.0.0.1:{port},CONTROLLER://127.0.0.1:{controller}
controller.listener.names=CONTROLLER
controller.quorum.bootstrap.servers=127.0.0.1:{controller}
log.dirs={data}
auto.create.topics.enable=false
group.initial.rebalance.delay.ms=0
offsets.topic.replication.factor=1
offsets.topic.num.partitions=8
transaction.state.log.replication.factor=1
transaction.state.log.min.isr=1
transaction.state.log.num.partitions=4
share.coordinator.state.topic.replication.factor=1
share.coordinator.state.topic.min.isr=1
log.initial.task.delay.ms=1000
log.retention.check.interval.ms=1000
"""

LOG4J = """\
status = error
appender.file.type = File
appender.file.name = file
appender.file.fileName = {log}
appender.file.layout.type = PatternLayout
appender.file.layout.pattern = %d %p %c: %m%n
rootLogger.level = warn
rootLogger.appenderRef.file.ref = file
"""


class CannotRunError(Exception):
    """Kafka cannot be run on this machine; the message says why."""


class Kafka:
    """One running node; `start` returns when it answers. `data` must be an empty or formatted folder.

    `properties` are lines after the node's own, so theirs win; in them `{port}` and `{controller}` are the
    node's ports. `format_options` go to the tool that formats the storage; `--standalone` makes a cluster of
    one, which further nodes cannot join.
    """

    def __init__(
        self,
        folder: Path,
        port: int = 0,
        java_options: tuple[str, ...] = (),
        properties: str = "",
        format_options: tuple[str, ...] = ("--standalone",),
    ) -> None:
        self.folder = folder
        self.port = port or free_port()
        self.controller_port = free_port()
        self._java = find_java()
        self._classpath = f"{libraries()}/*"
        self._options = java_options
        self._properties = PROPERTIES + properties
        self._format_options = format_options
        self._process: subprocess.Popen[bytes] | None = None

    def configure(self, properties: str, format_options: tuple[str, ...]) -> None:
        """Other lines and options than it was made with, before its first start."""
        self._properties = PROPERTIES + properties
        self._format_options = format_options

    @property
    def address(self) -> str:
        """host:port for clients."""
        return f"127.0.0.1:{self.port}"

    @property
    def pid(self) -> int:
        """Process id of the node."""
        if self._process is None:
            raise CannotRunError("Kafka is not running")
        return self._process.pid

    def start(self, timeout_seconds: float = 90.0) -> None:
        """Format the folder where needed, start, wait until it answers. Raises CannotRunError."""
        self.launch()
        self.wait(timeout_seconds)

    def launch(self) -> None:
        """Format the folder where needed and start, without waiting for it. Raises CannotRunError."""
        self.folder.mkdir(parents=True, exist_ok=True)
        data = self.folder / "data"
        properties = self.folder / "server.properties"
        properties.write_text(
            self._properties.format(port=self.port, controller=self.controller_port, data=data)
        )
        (self.folder / "log4j2.properties").write_text(LOG4J.format(log=self.folder / "kafka.log"))
        if not (data / "meta.properties").exists():
            tool = ("kafka.tools.StorageTool", "format")
            done = subprocess.run(
                self._command(
                    *tool, "-t", "khabarkhabarkhabarkha", "-c", str(properties), *self._format_options
                ),
                capture_output=True,
                text=True,
                check=False,
            )
            if done.returncode != 0:
                raise CannotRunError(f"the storage could not be formatted:\n{done.stdout}{done.stderr}")
        with (self.folder / "out.log").open("ab") as output:
            self._process = subprocess.Popen(
                self._command("kafka.Kafka", str(properties)),
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=output,
                start_new_session=True,
                preexec_fn=end_with_parent,
            )

    def wait(self, timeout_seconds: float = 90.0) -> None:
        """Return when it answers. Raises CannotRunError, which tells the end of its log."""
        deadline = time.monotonic() + timeout_seconds
        while time.monotonic() < deadline and self._process is not None and self._process.poll() is None:
            if answers(self.port):
                return
            time.sleep(0.1)
        told = "\n".join(
            (self.folder / name).read_text(errors="replace")[-2000:]
            for name in ("out.log", "kafka.log")
            if (self.folder / name).exists()
        )
        self.stop()
        raise CannotRunError(f"Kafka did not start:\n{told}")

    def stop(self, *, kill: bool = False) -> None:
        """End it: in order, or as a power cut would."""
        process, self._process = self._process, None
        if process is None:
            return
        process.send_signal(signal.SIGKILL if kill else signal.SIGTERM)
        try:
            process.wait(20)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()

    def _command(self, *arguments: str) -> list[str]:
        options = ("-Xms256m", "-Xmx768m", f"-Dlog4j2.configurationFile={self.folder / 'log4j2.properties'}")
        return [self._java, *options, *self._options, "-cp", self._classpath, *arguments]


def libraries() -> Path:
    """The folder with Kafka's jars, resolved by Maven where it is not there yet. Raises CannotRunError."""
    pom = HERE / "pom.xml"
    folder = CACHE / f"libs-{hashlib.sha256(pom.read_bytes()).hexdigest()[:12]}"
    if folder.is_dir():
        return folder
    maven = shutil.which("mvn")
    if maven is None:
        raise CannotRunError("Maven (mvn) is not installed")
    print("== Resolving Apache Kafka from Maven Central (first time only)", file=sys.stderr, flush=True)
    CACHE.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=CACHE) as unfinished:
        target = Path(unfinished) / "libs"
        command = (maven, "-B", "-q", "-f", str(pom), "dependency:copy-dependencies")
        options = ("-DincludeScope=runtime", f"-DoutputDirectory={target}")
        try:
            done = subprocess.run(
                [*command, *options],
                capture_output=True,
                text=True,
                check=False,
                stdin=subprocess.DEVNULL,
                timeout=RESOLVE_SECONDS,
            )
        except subprocess.TimeoutExpired as error:
            raise CannotRunError(f"Maven did not resolve Kafka within {RESOLVE_SECONDS} s") from error
        if done.returncode != 0 or not any(target.glob("kafka_*.jar")):
            raise CannotRunError(f"Maven could not resolve Kafka:\n{(done.stdout + done.stderr)[-2000:]}")
        target.rename(folder)
    return folder


def find_java() -> str:
    """A Java of version 17 or later: JAVA_HOME's, else PATH's. Raises CannotRunError."""
    home = os.environ.get("JAVA_HOME")
    java = str(Path(home) / "bin" / "java") if home else shutil.which("java")
    if java is None or not os.access(java, os.X_OK):
        raise CannotRunError("Java is not installed")
    told = subprocess.run([java, "-version"], capture_output=True, text=True, check=False).stderr
    version = re.search(r'version "(\d+)', told)
    if version is None or int(version[1]) < 17:
        raise CannotRunError(f"Kafka needs Java 17, this is: {told.strip().splitlines()[:1]}")
    return java


def free_port() -> int:
    """A port that nobody listens on just now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def answers(port: int) -> bool:
    """Whether somebody accepts connections."""
    try:
        with socket.create_connection(("127.0.0.1", port), 1.0):
            return True
    except OSError:
        return False


def end_with_parent() -> None:
    """In the child: the kernel ends it when this process ends, even by SIGKILL (Linux only)."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(1, signal.SIGKILL)  # PR_SET_PDEATHSIG


def main() -> int:
    """Run Kafka, and a command beside it where one is given."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--port", type=int, default=0, help="default: a free one")
    parser.add_argument("command", nargs="*", help="after --")
    arguments = parser.parse_args()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    with tempfile.TemporaryDirectory(prefix="khabar-kafka-") as folder:
        try:
            kafka = Kafka(Path(folder), arguments.port)
            kafka.start()
        except CannotRunError as error:
            rule = "!" * 88
            print(f"{rule}\nApache Kafka cannot be run here: {error}\n{rule}", file=sys.stderr)
            return CANNOT_RUN
        try:
            print(f"== Apache Kafka at {kafka.address}", file=sys.stderr, flush=True)
            if not arguments.command:
                print(f"   export KHABAR_BROKERS={kafka.address}", file=sys.stderr, flush=True)
                signal.pause()
            environment = {
                **os.environ,
                "KHABAR_BROKERS": kafka.address,
                "KHABAR_TEST_BROKERS": kafka.address,
                "KHABAR_TEST_KAFKA_PID": str(kafka.pid),
            }
            return subprocess.run(arguments.command, env=environment, check=False).returncode
        except KeyboardInterrupt:
            return 130
        finally:
            kafka.stop()


if __name__ == "__main__":
    sys.exit(main())
