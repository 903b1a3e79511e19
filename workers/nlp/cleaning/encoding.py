"""Text read in the wrong encoding: told, and mended character by character with its raw places.

Three accidents are known from crawls of Persian sites, each the bytes of one encoding read as another:
UTF-8 read as Windows-1252 or Latin-1 («Ø§ÛŒØ±Ø§Ù†»), UTF-8 read as Windows-1256 («ط§غŒط±ط§ظ†») and
Windows-1256 read as Windows-1252 («ÇíÑÇä»).
"""

import re
from functools import cache

from schemas.reasons import Reason
from workers.nlp.alignment import AlignedText, Edit
from workers.nlp.document import Rejected

_SAMPLE = 20_000  # characters by which a text is judged
_MANY = 0.3  # share of letters from which a text is damaged as a whole
_FEW_LETTERS = 20
_UTF8 = re.compile("[\xc2-\xdf][\x80-\xbf]|[\xe0-\xef][\x80-\xbf]{2}|[\xf0-\xf4][\x80-\xbf]{3}")
_LETTER = re.compile("[^\\W\\d_]")
_LATIN_1 = re.compile("[\xc0-\xff]")
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
    if sample.isascii() and "?" not in sample:
        return text
    letters = len(_LETTER.findall(sample))
    arabic = len(_ARABIC.findall(sample))
    if letters >= _FEW_LETTERS and arabic < 0.5 * letters and len(_LATIN_1.findall(sample)) > _MANY * letters:
        mended = _from_utf8(text, "cp1252")
        if len(_ARABIC.findall(mended.text[:_SAMPLE])) > 0.5 * len(_LETTER.findall(mended.text[:_SAMPLE])):
            return mended
        translated = text.text.translate(_windows_1256())
        if _plausible(translated[:_SAMPLE]):
            return text.with_text(translated)
    if arabic >= _FEW_LETTERS and len(_LEAD_AS_1256.findall(sample)) > _MANY * arabic:
        mended = _from_utf8(text, "cp1256")
        if _plausible(mended.text[:_SAMPLE]):
            return mended
    lost = sample.count("\ufffd")
    if lost >= _FEW_LETTERS // 2 and lost > 0.1 * (letters + lost):
        raise Rejected(
            Reason.UNDECODABLE, f"{lost} of the first {len(sample)} characters are U+FFFD: letters were lost"
        )
    asked = sum(len(m) for m in _QUESTIONS.findall(sample))
    if asked >= _FEW_LETTERS and asked > 0.5 * (letters + asked):
        raise Rejected(Reason.UNDECODABLE, "most letters were replaced by question marks")
    return text


def _from_utf8(text: AlignedText, read_as: str) -> AlignedText:
    as_bytes = text.text.translate(_to_bytes(read_as))
    edits: list[Edit] = []
    for m in _UTF8.finditer(as_bytes):
        try:
            edits.append((m.start(), m.end(), m.group().encode("latin-1").decode("utf-8")))
        except UnicodeDecodeError:
            continue
    return text.edit(edits)


def _plausible(text: str) -> bool:
    """Whether the commonest Persian letters are common in `text`."""
    arabic = len(_ARABIC.findall(text))
    return (
        arabic >= _FEW_LETTERS
        and sum(text.count(c) for c in "ایيرندهم") > 0.3 * arabic
        and arabic > 0.5 * len(_LETTER.findall(text))
    )
