"""Finite verb forms, told by their shape."""

import re

_FINITE = re.compile(
    r"(?:ن?می‌\w+|[\w‌]+‌(?:ام|ای|ایم|اید|اند)|\w*(?:ست|یست)|است|هست\w*|نیست\w*|ن?(?:بود|شد|کرد|داشت|داد|گفت|رفت|گرفت"
    r"|یافت|ساخت|خواست|گذاشت|نوشت|زد|آمد|آورد|ماند|رسید|افزود|نمود|گشت|گردید|پذیرفت|دانست|خواند|دید)(?:م|ی|یم|ید|ند)?"
    r"|[بن]?(?:کن|شو|ده|گیر|دار|باش|رو|آی|گوی|خواه|توان|رس|یاب|ساز|گرد)(?:م|ی|د|یم|ید|ند))"
)


def looks_finite(word: str) -> bool:
    """Whether a word has the shape of a finite verb that can close a sentence."""
    return _FINITE.fullmatch(word) is not None
