"""Verb forms and groups of verb words, told by their shape and place."""

import re
from collections.abc import Sequence

from workers.nlp.document import Token

_FINITE = re.compile(
    r"(?:ن?می‌\w+|[\w‌]+‌(?:ام|ای|ایم|اید|اند)|\w*(?:ست|یست)|است|هست\w*|نیست\w*|ن?(?:بود|شد|کرد|داشت|داد|گفت|رفت|گرفت"
    r"|یافت|ساخت|خواست|گذاشت|نوشت|زد|آمد|آورد|ماند|رسید|افزود|نمود|گشت|گردید|پذیرفت|دانست|خواند|دید)(?:م|ی|یم|ید|ند)?"
    r"|[بن]?(?:کن|شو|ده|گیر|دار|باش|رو|آی|گوی|خواه|توان|رس|یاب|ساز|گرد)(?:م|ی|د|یم|ید|ند))"
)
_PARTICIPLE = re.compile(r"\w{2,}ه")
_AUXILIARY = re.compile(
    r"(?:است|‌?اند|ام|ای|ایم|اید|ن?(?:بود|شد)(?:م|ی|یم|ید|ند|ه)?|ن?می‌شو(?:م|ی|د|یم|ید|ند)|ن?شو(?:م|ی|د|یم|ید|ند)|باش(?:م|ی|د|یم|ید|ند))"
)
_FUTURE = re.compile(r"ن?خواه(?:م|ی|د|یم|ید|ند)")


def looks_finite(word: str) -> bool:
    """Whether a word has the shape of a finite verb that can close a sentence."""
    return _FINITE.fullmatch(word) is not None


def verb_group(tokens: Sequence[Token], index: int) -> tuple[int, int]:
    """The half-open range of tokens of the verb group that the word at `index` belongs to.

    A group is a participle with its auxiliaries («گفته شده است»), or the auxiliary of the future with its
    stem («خواهد گفت»); a word outside any group is a group of its own.
    """
    first = index
    while first and index - first < 4 and _joins(tokens[first - 1].text, tokens[first].text):
        first -= 1
    last = index + 1
    while last < len(tokens) and last - index < 5 and _joins(tokens[last - 1].text, tokens[last].text):
        last += 1
    return first, last


def _joins(left: str, right: str) -> bool:
    if _FUTURE.fullmatch(left):
        return looks_finite(right)
    return (_PARTICIPLE.fullmatch(left) is not None) and _AUXILIARY.fullmatch(right) is not None
