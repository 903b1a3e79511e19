"""Finds text that was read in the wrong encoding, and mends it character by character with its raw places.

Three accidents are known from crawls of Persian sites, each the bytes of one encoding read as another:
UTF-8 read as Windows-1252 or Latin-1 («Ø§ÛŒØ±Ø§Ù†»), UTF-8 read as Windows-1256 («ط§غŒط±ط§ظ†») and
Windows-1256 read as Windows-1252 («ÇíÑÇä»).
"""

import re
from functools import cache

from schemas.reasons import Reason
from workers.nlp.alignment import AlignedText
from workers.nlp.document import Rejected

_SAMPLE = 4_000  # characters by which a text is judged
_COMMON_AS_1252 = "ØÙÛÚÇíÑäÏåæ"  # what the bytes of common Persian letters look like
_COMMON_AS_1256 = "طظغ"
_FEW_LETTERS = 20
_UTF8 = re.compile("[\xc2-\xdf][\x80-\xbf]|[\xe0-\xef][\x80-\xbf]{2}|[\xf0-\xf4][\x80-\xbf]{3}")
_LETTER = re.compile("[^\\W\\d_]")
_ARABIC = re.compile("[\u0620-\u06d5\ufb50-\ufefc]")
_LEAD_AS_1256 = re.compile(
    "[طظغع][\u0080-\u00ff\u2010-\u2122\u0152-\u0192\u02c6\u0679-\u06d2\u200c-\u200fءآأؤإئابةتثجحخدذرزسش]"
)
_QUESTIONS = re.compile(r"\?{2,}")


@cache
def _to_bytes(encoding: str) -> dict[int, int]:
    """Code points that `encoding` reads single bytes as, to those bytes; undefined bytes stay as they are."""
    table = {}
    for byte in range(0x80, 0x100):
        try:
            table[ord(bytes([byte]).decode(encoding))] = byte
        except UnicodeDecodeError:
            table[byte] = byte
    return table


@cache
def _windows_1256() -> dict[int, str]:
    return {
        code: bytes([byte]).decode("cp1256")
        for code, byte in _to_bytes("cp1252").items()
        if bytes([byte]).decode("cp1256", "ignore")
    }


def repair(text: AlignedText) -> AlignedText:
    """`text` in the letters it was written in; raises `Rejected` (UNDECODABLE) where they are lost."""
    sample = text.text[:_SAMPLE]
    suspect = 0.1 * len(sample)
    if sum(map(sample.count, _COMMON_AS_1252)) > suspect:
        known = len(_ARABIC.findall(sample))
        mended = _from_utf8(text, "cp1252")
        if _plausible(mended.text[:_SAMPLE], known):
            return mended
        translated = text.text.translate(_windows_1256())
        if _plausible(translated[:_SAMPLE], known):
            return text.with_text(translated)
    if sum(map(sample.count, _COMMON_AS_1256)) > suspect and len(_LEAD_AS_1256.findall(sample)) > suspect:
        mended = _from_utf8(text, "cp1256")
        if _plausible(mended.text[:_SAMPLE]):
            return mended
    lost = sample.count("\ufffd")
    if lost >= _FEW_LETTERS and lost > suspect:
        raise Rejected(
            Reason.UNDECODABLE, f"{lost} of the first {len(sample)} characters are U+FFFD: letters were lost"
        )
    asked = sum(map(len, _QUESTIONS.findall(sample))) if "???" in sample else 0
    if asked >= _FEW_LETTERS and asked > 0.3 * len(sample):
        raise Rejected(Reason.UNDECODABLE, "most letters were replaced by question marks")
    return text


def _from_utf8(text: AlignedText, read_as: str) -> AlignedText:
    as_bytes = text.text.translate(_to_bytes(read_as))
    read = _Decoded()
    edits = [(m.start(), m.end(), read[m.group()]) for m in _UTF8.finditer(as_bytes)]
    return text.edit([edit for edit in edits if edit[2]])


class _Decoded(dict[str, str]):
    """Each sequence of bytes, written as Latin-1, to what it says as UTF-8; empty where that is nothing."""

    def __missing__(self, sequence: str) -> str:
        try:
            self[sequence] = sequence.encode("latin-1").decode("utf-8")
        except UnicodeDecodeError:
            self[sequence] = ""
        return self[sequence]


def _plausible(text: str, known: int = 0) -> bool:
    """Whether the commonest Persian letters are common in `text`, many of which were not `known` before."""
    arabic = len(_ARABIC.findall(text))
    return (
        arabic - known >= _FEW_LETTERS
        and sum(text.count(c) for c in "ایيرندهم") > 0.3 * arabic
        and arabic > 0.5 * len(_LETTER.findall(text))
    )
