"""Characters as Persian writes them: one standard letter for each variant, nothing invisible but U+200C.

Numbered rules, in the order they are applied:

1. Variants that are one character on both sides are translated (`ي` → `ی`, `٤` → `۴`, tab → space).
2. Presentation forms and ligatures are spelled out (`ﷲ` → `الله`, `ﻻ` → `لا`).
3. A letter and its combining hamza or madda become one letter (`ا` + U+0653 → `آ`).
4. What crawls write for the half space becomes U+200C: `¬`, U+200B, U+00AD and direction marks between
   two Persian letters; and the no-break space in a text that uses it so (see `_no_break_spaces`).
5. Kashida goes; between spaces it is a dash.
6. Short vowels go, unless they tell the word apart from another (`بُعد`) or are the tanvin of an adverb.
7. Control and direction characters go. Half spaces that touch no letter go, and so do doubled ones.
8. Runs of white space become one space, and those at the ends go.
9. Latin comma, semicolon and question mark after a Persian letter become Persian.
"""

import re
import tomllib
import unicodedata
from functools import cache
from importlib.resources import files

from workers.nlp.alignment import AlignedText, Edit

_LETTER = "\u0621-\u063a\u0641-\u064a\u0671-\u06d3\u06d5"

_ONE_TO_ONE = {
    **dict.fromkeys("يى", "ی"),
    **dict.fromkeys("كڪ", "ک"),
    "ۀ": "ه",
    **dict.fromkeys("إٱٲٳ", "ا"),
    **{chr(0x660 + n): chr(0x6F0 + n) for n in range(10)},
    **dict.fromkeys(
        "\t\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a\u205f\u3000", " "
    ),
    "\u202f": "\xa0",
    **dict.fromkeys("\r\v\f\x1c\x1d\x1e\x85\u2028\u2029", "\n"),
    **{chr(c): chr(c - 0xFEE0) for c in range(0xFF01, 0xFF5F)},
    "٭": "*",
    "۔": ".",
    "‚": "،",
    "﴾": "(",
    "﴿": ")",
    "\u2010": "-",
    "\u2011": "-",
    "\u2212": "-",
}
_HIDDEN = (
    "\xac\xad\u061c\u200b\u200d-\u200f\u202a-\u202e\u2060-\u206f\ufeff\ue000-\uf8ff"
    "\x00-\x08\x0e-\x1b\x7f-\x84\x86-\x9f\ufff9-\ufffb\ufe00-\ufe0f"
)
_LONGEST_WORD = 30
_TRANSLATION = str.maketrans(_ONE_TO_ONE)
_FOREIGN = re.compile("[ةەہھۂۃېےۍ]")
_FOREIGN_TO_PERSIAN = str.maketrans({**dict.fromkeys("ةەہھۂۃ", "ه"), **dict.fromkeys("ېےۍ", "ی")})

_SPELLED = {
    **{
        chr(c): unicodedata.normalize("NFKC", chr(c)).translate(_TRANSLATION).strip()
        for block in ((0xFB00, 0xFB07), (0xFB50, 0xFDFD), (0xFE70, 0xFEFD))
        for c in range(*block)
        if unicodedata.normalize("NFKC", chr(c)) != chr(c)
    },
    "ﷺ": "(ص)",
    "ﷻ": "",
    "﷽": "بسم الله الرحمن الرحیم",
    "﷼": "ریال",
    "ﷲ": "الله",
    "۝": "",
}
_COMPOSED = {
    "ا\u0653": "آ",
    "ا\u0654": "أ",
    "ا\u0655": "ا",
    "و\u0654": "ؤ",
    "ی\u0654": "ئ",
    "ه\u0654": "ه",
}

_STRANGE = re.compile(
    "(?P<spelled>[\ufb00-\ufb06\ufb50-\ufdfc\ufe70-\ufefc\u06dd])"
    "|(?P<composed>[اویه][\u0653-\u0655])"
    "|(?P<kashida>\u0640+)"
    "|(?P<mark>[\u064b-\u065f\u0670\u0610-\u061a\u06d6-\u06dc\u06de-\u06ed]+)"
    f"|(?P<loose>(?<![{_LETTER}\u064b-\u0652])\u200c+|\u200c+(?![{_LETTER}\u200c{_HIDDEN}]))"
    f"|(?P<hidden>[{_HIDDEN}][\u200c{_HIDDEN}]*|\u200c[\u200c{_HIDDEN}]+)"
    "|(?P<white>[ \xa0]*\n[ \xa0\n]*|[ \xa0]{2,}|\xa0)"
)
_WORD_PART = frozenset(
    chr(c) for c in (*range(0x621, 0x63B), *range(0x641, 0x660), 0x670, *range(0x671, 0x6D4))
)
_MARKS = re.compile("[\u064b-\u065f\u0670]")
_LETTERS = frozenset(c for c in _WORD_PART if not _MARKS.match(c))
_AS_HALF_SPACE = frozenset("\xad\u200b\u200c\u200e\u200f\xac")
_NBSP = re.compile(f"(?<=[{_LETTER}])\xa0(?=[{_LETTER}])")
_NBSP_AFFIX = re.compile(
    f"(?:(?<=(?<![{_LETTER}])می)|(?<=(?<![{_LETTER}])نمی)|(?<=(?<![{_LETTER}])بی))\xa0(?=[{_LETTER}])"
    f"|(?<=[{_LETTER}])\xa0(?=(?:ها|های|هایی|هایم|هایش|هایشان|ای|اید|اند|ایم|ام|اش|شان|تر|ترین)(?![{_LETTER}]))"
)
_NBSP_PADDING = re.compile(f"(?<=[{_LETTER}])\xa0(?![{_LETTER}])")
_LATIN_MARK = re.compile(f"(?<=[{_LETTER}»)])[,;?](?![A-Za-z0-9/=])")
_PERSIAN_MARK = {",": "،", ";": "؛", "?": "؟"}
_HONORIFIC = re.compile("(?<![\u0621-\u06d3])(حج|آی)ة(?=[ \u200c]?(?:الاسلام|الله))")
_TANVIN = re.compile("\u064bا")


@cache
def _told_apart() -> frozenset[str]:
    """Skeletons of words whose short vowels tell them apart, from `lexicons/vowels.toml`."""
    data = tomllib.loads(files("workers.nlp.lexicons").joinpath("vowels.toml").read_text("utf-8"))
    return frozenset(data["words"])


def one_to_one(text: AlignedText) -> AlignedText:
    """Rule 1, and of rule 4 what needs the whole field: a text of the same length."""
    content = text.text.translate(_TRANSLATION)
    if "\xa0" in content:
        content = _no_break_spaces(content)
    return text.with_text(content)


def persian_letters(text: AlignedText) -> AlignedText:
    """Letters of other languages as Persian writes them: the last step, once the language is known."""
    if not _FOREIGN.search(text.text):
        return text
    content = _HONORIFIC.sub(lambda m: m.group(1) + "ت", text.text)
    return text.with_text(content.translate(_FOREIGN_TO_PERSIAN))


def standard_letters(text: AlignedText) -> AlignedText:
    """Rules 2 to 9 on what `one_to_one` made; a run of white space is one space, or one newline."""
    content = text.text
    if "\u064b" in content:
        content = _TANVIN.sub("ا\u064b", content)
    edits = [edit for m in _STRANGE.finditer(content) if (edit := _edit(content, m)) is not None]
    text = text.with_text(content).edit(edits)
    content = _LATIN_MARK.sub(lambda m: _PERSIAN_MARK[m.group()], text.text)
    return text if content == text.text else text.with_text(content)


def _edit(content: str, match: re.Match[str]) -> Edit | None:
    start, end = match.span()
    found = match.group()
    inside = (
        start > 0 and content[start - 1] in _WORD_PART and end < len(content) and content[end] in _LETTERS
    )
    match match.lastgroup:
        case "spelled":
            new = _SPELLED.get(found, found)
        case "composed":
            new = _COMPOSED[found] if found in _COMPOSED else found[0]
        case "kashida":
            alone = not inside and not (start and content[start - 1] in _WORD_PART)
            new = "-" if alone else ""
        case "mark":
            new = found if _keeps(content, start, end) else ""
        case "hidden":
            new = "\u200c" if inside and not _AS_HALF_SPACE.isdisjoint(found) else ""
        case "white":
            new = "\n" if "\n" in found else " "
        case _:
            new = ""
    return None if new == found else (start, end, new)


def _keeps(content: str, start: int, end: int) -> bool:
    """Whether the marks at [start, end) tell their word apart or are an adverb's tanvin."""
    if content[start:end] == "\u064b":
        return (
            start > 0
            and content[start - 1] in "اءه"
            and not (end < len(content) and content[end] in _WORD_PART)
        )
    first, last = start, end
    while first and start - first < _LONGEST_WORD and content[first - 1] in _WORD_PART:
        first -= 1
    while last < len(content) and last - end < _LONGEST_WORD and content[last] in _WORD_PART:
        last += 1
    word = content[first:last]
    bare = _MARKS.sub("", word)
    return len(word) - len(bare) <= 2 and bare in _told_apart()


def _no_break_spaces(content: str) -> str:
    """Every no-break space read as the half space or the space it stands for; the length stays.

    Some crawls (Hamshahri) write the half space as U+00A0: then it stands before `ها` and after `می`, and the
    text has few of U+200C. In texts that also pad every word with it («است\\xa0 .») only affixes are sure.
    """
    affixes = len(_NBSP_AFFIX.findall(content))
    single = len(_NBSP.findall(content))
    if affixes and affixes >= 0.1 * single and content.count("\u200c") <= affixes:
        padded = len(_NBSP_PADDING.findall(content)) > 0.5 * single
        content = (_NBSP_AFFIX if padded else _NBSP).sub("\u200c", content)
    return content
