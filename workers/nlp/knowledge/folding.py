"""One key for the many spellings of a word.

`fold` keeps words apart and compares names and lexicons. `glue` writes words together and compares cues and
the words around them, since a half space, a space or nothing may stand inside one. `fold_figures` is for
numbers and dates: digits become ASCII, half spaces stay. `standard` gives a name as people write it, which
is no key.
"""

import re
from collections.abc import Sequence
from functools import lru_cache

_SHORT = 40  # most letters of a text whose key is kept; the kept keys take a few megabytes
_MARKS = re.compile("[\u0610-\u061a\u064b-\u065f\u0670]")

_LETTERS = str.maketrans(
    {
        "ي": "ی",
        "ى": "ی",
        "ئ": "ی",
        "ك": "ک",
        "ة": "ه",
        "ۀ": "ه",
        "ۂ": "ه",
        "أ": "ا",
        "إ": "ا",
        "ٱ": "ا",
        "آ": "ا",
        "ؤ": "و",
        "ء": "",
        "ـ": "",
        "\u200e": "",
        "\u200f": "",
    }
)
_GAP = re.compile(r"[\W_]+")


def fold(name: str) -> str:
    """A key without spelling variance: Arabic and Persian letters, hamza, diacritics, half spaces, hyphens.

    Words stay apart by one space; «سه‌شنبه», «سه شنبه» and «سه-شنبه» share the key «سه شنبه».
    Lower case; linear in the length.
    """
    return _fold_known(name) if len(name) <= _SHORT else _fold(name)


def _fold(name: str) -> str:
    return _GAP.sub(" ", _MARKS.sub("", name.translate(_LETTERS))).strip().lower()


_fold_known = lru_cache(maxsize=16384)(_fold)

_GLUED_LETTERS = {
    **str.maketrans("يىئكأإآٱؤةۀھہ", "یییکااااوهههه"),
    **dict.fromkeys(map(ord, "\u200c\u200d\u200e\u200f\u00ad\u0640\u0670 \u00a0")),
    **dict.fromkeys(range(0x064B, 0x0656)),
}
_ODD = re.compile("[" + re.escape("".join(map(chr, _GLUED_LETTERS))) + "]")


def glue(text: str) -> str:
    """A spelling key: letters of one shape, no spaces, half spaces or diacritics."""
    return _GLUED[text]


def glue_words(words: Sequence[str]) -> list[str]:
    """The keys of tokens, none of them empty."""
    keys = list(map(_GLUED.__getitem__, words))
    return keys if all(keys) else [key or word for key, word in zip(keys, words, strict=True)]


class _Glued(dict[str, str]):
    """Keys of short texts that were met; the first of them stay."""

    def __missing__(self, text: str) -> str:
        key = text.translate(_GLUED_LETTERS) if _ODD.search(text) else text
        if len(text) <= _SHORT and len(self) < 1 << 15:
            self[text] = key
        return key


_GLUED = _Glued()

FIGURES = str.maketrans("يىئكةۀأإٱآؤ۰۱۲۳۴۵۶۷۸۹٠١٢٣٤٥٦٧٨٩٫", "یییکههااااو01234567890123456789.")
"""Letters and digits → those in which numbers and dates are read; one for one."""
_FIGURE_MARKS = re.compile("[\u0640\u064b-\u065f\u0670]")


def fold_figures(word: str) -> str:
    """A word for reading numbers and dates: ASCII digits, one shape of each letter, no diacritics."""
    return without_marks(word.translate(FIGURES))


def without_marks(word: str) -> str:
    """A word without kashida and diacritics."""
    return _FIGURE_MARKS.sub("", word)


_STANDARD = str.maketrans("يىكةۀ", "ییکهه", "ـ\u200e\u200f")


def standard(form: str) -> str:
    """A name in standard letters: Persian ی and ک, no kashida, one space between words."""
    return " ".join(form.translate(_STANDARD).split())
