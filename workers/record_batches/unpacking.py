"""Reads the payload of a compressed record batch piece by piece, so that memory stays bounded."""

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
"""Errors that reading a payload can raise that does not match its codec."""


class Readable(Protocol):
    """A source of bytes."""

    def read(self, size: int, /) -> bytes:
        """Read at most `size` bytes; none at the end."""


def unpacked(codec: int, payload: bytes) -> Readable:
    """The payload's bytes as they were before compression. Raises ValueError for an unknown codec.

    Snappy is unpacked at once, as it expands to at most 21 times its size.
    """
    source = io.BytesIO(payload)
    match codec:
        case 0:  # Kafka's numbers: the lowest three bits of a batch's attributes
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
