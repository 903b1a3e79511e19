"""The payload of a compressed record batch, read piece by piece: memory stays bounded."""

import gzip
import io
import struct
import zlib
from typing import Protocol, cast

import lz4.frame
import snappy
import zstandard
from kafka.codec import snappy_decode

UNPACKING_ERRORS = (
    *(OSError, EOFError, ValueError, RuntimeError),
    *(struct.error, zlib.error, zstandard.ZstdError, snappy.UncompressError),
)
"""What a payload that is not what its codec says can raise while it is read."""


class Readable(Protocol):
    """A source of bytes."""

    def read(self, size: int, /) -> bytes:
        """At most `size` bytes, none at the end."""


def unpacked(codec: int, payload: bytes) -> Readable:
    """The payload's bytes as they were before compression. Raises ValueError for an unknown codec.

    Snappy is unpacked at once: it expands to 21 times its size at most.
    """
    source = io.BytesIO(payload)
    match codec:
        case 0:  # the numbers are Kafka's: the lowest three bits of a batch's attributes
            return source
        case 1:
            return gzip.GzipFile(fileobj=source)
        case 2:
            return io.BytesIO(snappy_decode(payload))
        case 3:
            return cast(Readable, lz4.frame.LZ4FrameFile(source))
        case 4:
            return zstandard.ZstdDecompressor().stream_reader(source, read_across_frames=True)
        case _:
            raise ValueError(f"there is no codec {codec}")
