"""The messages between a parent and its child: MessagePack over a socket pair, each message after its size.

The parent sends one `Start`, the child answers `Started`. Then each `RawRecord` gets one `Answer`, in order.
"""

import os
import struct
import sys
from io import BufferedReader, BufferedWriter

import msgspec

from workers.enrichment.records import Limits, Outcome
from workers.nlp.profile import Profile

LENGTH = struct.Struct(">I")  # stands before each message: its size in bytes


class Start(msgspec.Struct, frozen=True):
    """The first message to the child: what to load, and which events are wanted."""

    factory: str  # module:function(profile, lexicons) -> Pipeline
    profile: Profile
    lexicons: tuple[str, ...]
    limits: Limits
    derived: bool = True  # whether statement and entity events are wanted beside the enriched one


class Started(msgspec.Struct, frozen=True):
    """The child's answer: the models it loaded, or why it could not."""

    models: dict[str, str]
    error: str | None = None


class Answer(msgspec.Struct, frozen=True, array_like=True):
    """The outcome of a record, and what it cost the child."""

    outcome: Outcome
    processor_milliseconds: float = 0.0
    peak_kib: int = 0  # of the child's memory so far


def child_command(fd: int) -> list[str]:
    """The command that starts a child of this process, which serves on the inherited socket `fd`."""
    return [sys.executable, "-m", "workers.enrichment.child", str(fd), str(os.getpid())]


def child_environment() -> dict[str, str]:
    """The environment of a child: one process a core, one thread each."""
    return {"OPENBLAS_NUM_THREADS": "1", **os.environ}


def framed(message: msgspec.Struct) -> bytes:
    """A message in the form in which it is sent."""
    data = msgspec.msgpack.encode(message)
    return LENGTH.pack(len(data)) + data


def write_message(outgoing: BufferedWriter, message: msgspec.Struct) -> None:
    """Send a message at once."""
    outgoing.write(framed(message))
    outgoing.flush()


def read_message(incoming: BufferedReader) -> bytes | None:
    """Read the next message; None where the other side has closed. Raises EOFError where it ends half-way."""
    head = incoming.read(LENGTH.size)
    if not head:
        return None
    size = LENGTH.unpack(head)[0] if len(head) == LENGTH.size else -1
    data = incoming.read(size) if size >= 0 else b""
    if len(data) != size:
        raise EOFError("the other side ended within a message")
    return data
