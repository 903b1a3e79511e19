"""Near-duplicate fingerprint: 64 bits of a MinHash over the letters of the kept text.

One-permutation MinHash (Li, Owen, Zhang 2012) of overlapping runs of letters, one bit of each of the 64
least hashes (b-bit minwise hashing, Li and König 2010). What copies of one story differ in is left out:
spaces, half spaces, punctuation, digits, and by the caller datelines and boilerplate. The Hamming distance
of two fingerprints is about 32 · (1 - J), where J is the share of runs that the texts have in common. Two
articles are near-duplicates where the distance is at most `NEAR`.
"""

import numpy as np

NEAR = 9
"""Hamming distance of two fingerprints of one story: docs/decisions/minhash.md."""

_RUN = 8  # letters
_BUCKETS = np.arange(64, dtype=np.uint64) << np.uint64(58)
_BASE = 0x9E3779B97F4A7C15
_POWERS = tuple(np.uint64(pow(_BASE, n, 1 << 64)) for n in (1, 2, 4))
_SHIFTS = np.arange(64, dtype=np.uint64) % np.uint64(58)  # takes other bits where one hash serves many ranges
_MIX_1, _MIX_2 = np.uint64(0xBF58476D1CE4E5B9), np.uint64(0x94D049BB133111EB)
_IS_LETTER = np.zeros(0x700, dtype=bool)
_IS_LETTER[0x621:0x63B] = _IS_LETTER[0x641:0x64B] = _IS_LETTER[0x671:0x6D4] = True


def fingerprint(text: str) -> str:
    """16 hex digits for a text in standard letters; zeros for a text without letters."""
    codes = np.frombuffer(text.encode("utf-32-le", "replace"), dtype="<u4")
    letters = codes[_IS_LETTER[np.minimum(codes, 0x6FF)]]
    return f"{_minhash(letters.astype(np.uint64)):016x}"


def distance(left: str, right: str) -> int:
    """Hamming distance of two fingerprints, 0 to 64."""
    return (int(left, 16) ^ int(right, 16)).bit_count()


def _minhash(hashes: "np.ndarray[tuple[int], np.dtype[np.uint64]]") -> int:
    """One bit of the least hash in each of 64 ranges; a text shorter than a run counts as one."""
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
    hashes.sort()
    least = np.searchsorted(hashes, _BUCKETS)  # an empty range takes the least hash behind it, around the end
    bits = (hashes[least % len(hashes)] >> _SHIFTS).astype(np.uint8) & 1
    return int.from_bytes(np.packbits(bits).tobytes(), "big")
