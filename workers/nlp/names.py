"""One key for the many spellings of a name."""

import re
from functools import lru_cache

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
_MARKS = re.compile("[\u0610-\u061a\u064b-\u065f\u0670]")
_GAP = re.compile(r"[\W_]+")


def fold(name: str) -> str:
    """A key without spelling variance: Arabic and Persian letters, hamza, diacritics, half spaces, hyphens.

    Words stay apart by one space; «سه‌شنبه», «سه شنبه» and «سه-شنبه» share the key «سه شنبه».
    Lower case; linear in the length.
    """
    return _fold_known(name) if len(name) <= _SHORT else _fold(name)


def _fold(name: str) -> str:
    return _GAP.sub(" ", _MARKS.sub("", name.translate(_LETTERS))).strip().lower()


_SHORT = 40  # names worth remembering; what is remembered stays within a few megabytes
_fold_known = lru_cache(maxsize=16384)(_fold)


_STANDARD = str.maketrans("يىكةۀ", "ییکهه", "ـ\u200e\u200f")


def standard(form: str) -> str:
    """A name in standard letters: Persian ی and ک, no kashida, one space between words."""
    return " ".join(form.translate(_STANDARD).split())
