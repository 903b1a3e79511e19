"""Near-duplicate fingerprint: a 64-bit simhash of the letters of the kept text.

Charikar's simhash over overlapping runs of letters, with everything left out that copies differ in:
spaces, half spaces, punctuation, digits. Two articles are near-duplicates where the Hamming distance
of their fingerprints is at most `NEAR`.
"""

import numpy as np

NEAR = 10
"""Hamming distance up to which two fingerprints are of one story (see docs/decisions.md)."""

_RUN = 8  # letters
_MANY = 800  # runs, from which on a quarter of them is enough
_BASE = 0x9E3779B97F4A7C15
_POWERS = tuple(np.uint64(pow(_BASE, n, 1 << 64)) for n in (1, 2, 4))
_MIX_1, _MIX_2 = np.uint64(0xBF58476D1CE4E5B9), np.uint64(0x94D049BB133111EB)
_IS_LETTER = np.zeros(0x700, dtype=bool)
_IS_LETTER[0x621:0x63B] = _IS_LETTER[0x641:0x64B] = _IS_LETTER[0x671:0x6D4] = True


def fingerprint(text: str) -> str:
    """16 hex digits for a text in standard letters; zeros for a text without letters."""
    codes = np.frombuffer(text.encode("utf-32-le", "replace"), dtype="<u4")
    letters = codes[_IS_LETTER[np.minimum(codes, 0x6FF)]]
    return f"{_simhash(letters.astype(np.uint64)):016x}"


def distance(left: str, right: str) -> int:
    """Hamming distance of two fingerprints, 0 to 64."""
    return (int(left, 16) ^ int(right, 16)).bit_count()


def _simhash(hashes: "np.ndarray[tuple[int], np.dtype[np.uint64]]") -> int:
    """The majority of each bit over the hashes of all runs; a text shorter than a run counts as one."""
    if not len(hashes):
        return 0
    if len(hashes) < _RUN:
        hashes = np.concatenate([hashes, np.zeros(_RUN - len(hashes), dtype=np.uint64)])
    for width, power in zip((1, 2, 4), _POWERS, strict=True):  # runs of 2, 4 and 8 letters
        hashes = hashes[:-width] * power + hashes[width:]
    hashes ^= hashes >> np.uint64(30)
    hashes *= _MIX_1
    hashes ^= hashes >> np.uint64(27)
    hashes *= _MIX_2
    hashes ^= hashes >> np.uint64(31)
    if len(hashes) > _MANY:  # the text itself chooses which runs count: the same in every copy
        hashes = hashes[hashes >> np.uint64(62) == 0]
    bits = np.unpackbits(hashes.view(np.uint8).reshape(-1, 8), axis=1)
    ones = bits.sum(axis=0, dtype=np.int64)
    return int.from_bytes(np.packbits(ones * 2 > len(bits)).tobytes(), "little")
