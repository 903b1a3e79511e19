"""Words, numbers and marks of a text.

A token is what Universal Dependencies writes as one surface token: a word with its half spaces and
clitics, a number with its decimal or date separators, an address, or a single mark. Every character that
is no white space lies in exactly one token.
"""

import re
from functools import partial
from itertools import accumulate

from workers.nlp.document import Token

_MARKS = r"\u0610-\u061a\u064b-\u065f\u0670\u06d6-\u06dc\u06df-\u06e8\u06ea-\u06ed"
_PERSIAN = r"\u0620-\u064a\u066e\u066f\u0671-\u06d3\u06d5\u06ee\u06ef\u06fa-\u06ff\u0750-\u077f"
_PERSIAN += r"\ufb50-\ufdff\ufe70-\ufefc"  # presentation forms
_LATIN = r"A-Za-z\u00c0-\u024f"

_RULERS = "-_=*#~+،…!؟?«»\"'()[]"
_RUN = re.escape(_RULERS + ".")  # marks that are one token where many stand together

_KINDS = "|".join(
    (
        # Persian words with diacritics and half spaces inside; first, because most tokens are
        rf"[{_PERSIAN}][{_PERSIAN}{_MARKS}\u200d]*+(?:\u200c+[{_PERSIAN}\d][{_PERSIAN}{_MARKS}\u200d\d]*+)*",
        rf"[^\w\s\u200c{_MARKS}{_RUN}]|\.(?!\.)|،(?!،)|«(?!«)|»(?!»)",  # the commonest marks, alone
        # addresses: closing marks and stops at the end are not theirs
        r"(?:https?://|www\.)[^\s«»<>\"“”،؛؟]*[\w/=&%#-]",
        r"[A-Za-z0-9][A-Za-z0-9._%+-]{0,63}+@[A-Za-z0-9-]{1,63}(?:\.[A-Za-z0-9-]{1,63}){1,8}",
        # Latin words with digits, dots, hyphens: F-16, CoRoT-7b, asriran.com, 950XL
        rf"\d*[{_LATIN}](?:[{_LATIN}\d_{_MARKS}]|['’.&-](?=[{_LATIN}\d]))*",
        # numbers, dates, times, decimals, ranges with a per cent sign
        r"\d+(?:[.,٫٬/:]\d+)*[%٪]?",
        rf"(?:(?![{_PERSIAN}{_LATIN}])[^\W\d_])+",  # words of other scripts
        rf"\.{{2,}}|\u200c+|[{_MARKS}]+",
        "|".join(rf"{re.escape(mark)}{{4,}}" for mark in _RULERS),  # rulers and junk
        r"\S",
    )
)
_TOKEN = re.compile(rf"((?=\S)(?:{_KINDS}))")  # white space is passed over before any kind is tried
_make = partial(tuple.__new__, Token)  # much faster than `Token`, which is a function of Python


def tokenize(text: str, start: int = 0, end: int | None = None) -> list[Token]:
    """The tokens of `text[start:end]`, in order, at positions of `text`; linear in the length."""
    parts = _TOKEN.split(text[start:end])  # by turns what parts two tokens, and a token
    bounds = list(accumulate(map(len, parts), initial=start))
    return list(map(_make, zip(bounds[1::2], bounds[2::2], parts[1::2], strict=False)))
