"""Near-duplicate fingerprint: a 64-bit simhash of the letters of the kept text.

Charikar's simhash over overlapping runs of letters, with everything left out that copies differ in:
spaces, half spaces, punctuation, digits. Two articles are near-duplicates where the Hamming distance
of their fingerprints is at most `NEAR`.
"""

import numpy as np

NEAR = 10
"""Hamming distance up to which two fingerprints are of one story (see docs/decisions.md)."""

_RUN = 9  # letters
_BASE = np.uint64(0x9E3779B97F4A7C15)
_MIX_1, _MIX_2 = np.uint64(0xBF58476D1CE4E5B9), np.uint64(0x94D049BB133111EB)


def fingerprint(text: str) -> str:
    """16 hex digits for a text in standard letters; zeros for a text without letters."""
    codes = np.frombuffer(text.encode("utf-32-le", "replace"), dtype="<u4").astype(np.uint64)
    kept = codes[
        ((codes >= 0x621) & (codes <= 0x6D3) & ~((codes >= 0x640) & (codes <= 0x660)) | (codes == 0x641))
    ]
    return f"{_simhash(kept):016x}"


def distance(left: str, right: str) -> int:
    """Hamming distance of two fingerprints, 0 to 64."""
    return (int(left, 16) ^ int(right, 16)).bit_count()


def _simhash(codes: "np.ndarray[tuple[int], np.dtype[np.uint64]]") -> int:
    if not len(codes):
        return 0
    count = max(1, len(codes) - _RUN + 1)
    hashes = np.zeros(count, dtype=np.uint64)
    for offset in range(min(_RUN, len(codes))):
        hashes = hashes * _BASE + codes[offset : offset + count]
    hashes ^= hashes >> np.uint64(30)
    hashes *= _MIX_1
    hashes ^= hashes >> np.uint64(27)
    hashes *= _MIX_2
    hashes ^= hashes >> np.uint64(31)
    bits = np.unpackbits(np.unique(hashes).view(np.uint8).reshape(-1, 8), axis=1)
    ones = bits.sum(axis=0, dtype=np.int64)
    return int.from_bytes(np.packbits(ones * 2 > len(bits)).tobytes(), "little")
