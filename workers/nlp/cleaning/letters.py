"""Characters as Persian writes them: one standard letter for each variant, U+200C as the only invisible one.

Numbered rules, in the order they are applied:

1. Variants that are one character on both sides are translated (`ي` → `ی`, `٤` → `۴`, tab → space).
2. Presentation forms and ligatures are spelled out (`ﷲ` → `الله`, `ﻻ` → `لا`).
3. A letter and its combining hamza or madda become one letter (`ا` + U+0653 → `آ`).
4. What crawls write for the half space becomes U+200C: `¬`, U+200B, U+00AD and direction marks between
   two Persian letters; and the no-break space in a text that uses it so (see `_no_break_spaces`).
5. Kashida goes; between spaces it is a dash.
6. Short vowels go, unless they tell the word apart from another (`بُعد`) or are the tanvin of an adverb.
7. Control and direction characters go, but for what joins emoji. Half spaces that touch no letter go, and
   so do doubled ones.
8. Runs of white space become one space, and those at the ends go.
9. Latin comma, semicolon and question mark after a Persian letter become Persian.
"""

import re
import unicodedata

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
    "٭": "*",
    "۔": ".",
    "‚": "،",
    "﴿": "(",
    "﴾": ")",
    "\u2010": "-",
    "\u2011": "-",
    "\u2212": "-",
}
_HIDDEN = (
    "\xac\xad\u061c\u200b\u200d-\u200f\u202a-\u202e\u2060-\u206f\ufeff\ue000-\uf8ff"
    "\x00-\x08\x0e-\x1b\x7f-\x84\x86-\x9f\ufff9-\ufffb\ufe00-\ufe0f"
)
_EMOJI = "\u2600"  # code point from which symbols are joined
_LONGEST_WORD = 12  # letters and marks of a word that marks may tell apart
_MOST_MARKS = 2
_TRANSLATION = str.maketrans(_ONE_TO_ONE)
_COMMON = tuple((old, _ONE_TO_ONE[old]) for old in "يكىۀ\t\r")
_UNCOMMON = re.compile("[" + re.escape("".join(_ONE_TO_ONE.keys() - {old for old, _ in _COMMON})) + "]")
_FOREIGN = re.compile("[ةەہھۂۃېےۍ]")
_FOREIGN_TO_PERSIAN = str.maketrans({**dict.fromkeys("ةەہھۂۃ", "ه"), **dict.fromkeys("ېےۍ", "ی")})
_SURELY_FOREIGN = re.compile("[ێۆڵڕڤښځړږټډڼۍٹڈڑں]")
_ODD_WORD = r"[^\s\W]*[ةەہھۂۃېےۍێۆڵڕڤښځړږټډڼٹڈڑں]\w*"
_FOREIGN_WORDS = re.compile(f"{_ODD_WORD}(?: {_ODD_WORD})*")

_SPELLED = {
    **{chr(c): chr(c - 0xFEE0) for c in range(0xFF01, 0xFF5F)},
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

_RARE = re.compile(  # begins with one set of characters: what follows is looked at only behind one of them
    "[\ufb00-\ufb06\ufb50-\ufdfc\ufe70-\ufefc\uff01-\uff5e\u06dd\u0653-\u0655\u0640"
    f"{_HIDDEN}](?:(?<=\u0640)\u0640*+|(?<=[{_HIDDEN}])[\u200c{_HIDDEN}]*+)?"
)
"""What the rules 2 to 5 and 7 look at: little of it is in most articles."""

_MARK_RUN = re.compile("[\u064b-\u065f\u0670\u0610-\u061a\u06d6-\u06dc\u06de-\u06ed]+")

_LOOSE_AFTER = re.compile(f"\u200c+(?![{_LETTER}])")
_LOOSE_BEFORE = re.compile(f"\u200c(?<![{_LETTER}\u064b-\u0652]\u200c)")
_SPACES = re.compile("  +")
_HAMZA = frozenset("\u0653\u0654\u0655")
_WORD_PART = frozenset(
    chr(c) for c in (*range(0x621, 0x63B), *range(0x641, 0x660), 0x670, *range(0x671, 0x6D4), 0x6D5)
)
_WORD_REST = re.compile("[\u0621-\u063a\u0641-\u065f\u0670\u0671-\u06d3\u06d5]*+")
_MARKS = re.compile("[\u064b-\u065f\u0670]")
_LETTERS = frozenset(c for c in _WORD_PART if not _MARKS.match(c))
_AS_HALF_SPACE = frozenset("\xad\u200b\u200c\u200e\u200f\xac")
_NBSP = re.compile(f"(?<=[{_LETTER}])\xa0(?=[{_LETTER}])")
_NBSP_AFFIX = re.compile(
    f"(?:(?<=(?<![{_LETTER}])می)|(?<=(?<![{_LETTER}])نمی)|(?<=(?<![{_LETTER}])بی))\xa0(?=[{_LETTER}])"
    f"|(?<=[{_LETTER}])\xa0(?=(?:ها|های|هایی|هایم|هایش|هایشان|ای|اید|اند|ایم|ام|اش|شان|تر|ترین)(?![{_LETTER}]))"
)
_NBSP_SIGNS = ("می\xa0", "\xa0ها", "\xa0ای ", "\xa0اند", "\xa0تر")  # as few texts would write a space
_NBSP_BESIDE = ("\xa0 ", " \xa0", "\xa0.", "\xa0،", "\xa0:", "\xa0\n")
_LATIN_MARK = re.compile(f"(?<=[{_LETTER}»)])[,;?](?![A-Za-z0-9/=])")
_PERSIAN_MARK = {",": "،", ";": "؛", "?": "؟"}
_HONORIFIC = re.compile("(?<![\u0621-\u06d3])(حج|آی)ة(?=[ \u200c]?(?:الاسلام|الله))")
_TANVIN = re.compile("\u064bا")


def one_to_one(text: AlignedText) -> AlignedText:
    """Rule 1, and of rule 4 what needs the whole field: a text of the same length."""
    content = text.text
    for old, new in _COMMON:
        if old in content:
            content = content.replace(old, new)
    if _UNCOMMON.search(content):
        content = content.translate(_TRANSLATION)
    if "\xa0" in content:
        content = _no_break_spaces(content).replace("\xa0", " ")
    return text if content is text.text else text.with_text(content)


def persian_letters(text: AlignedText) -> AlignedText:
    """Letters of other languages as Persian writes them: the last step, once the language is known.

    Words in a row stay that have such letters and, one of them, a letter that no Persian text has by mistake.
    """
    if not _FOREIGN.search(text.text):
        return text
    content = _HONORIFIC.sub(lambda m: m.group(1) + "ت", text.text)
    kept = [m.span() for m in _FOREIGN_WORDS.finditer(content) if _SURELY_FOREIGN.search(m.group())]
    parts, at = [], 0
    for start, end in kept:
        parts += [content[at:start].translate(_FOREIGN_TO_PERSIAN), content[start:end]]
        at = end
    return text.with_text("".join(parts) + content[at:].translate(_FOREIGN_TO_PERSIAN))


def standard_letters(text: AlignedText, told_apart: frozenset[str]) -> AlignedText:
    """Rules 2 to 9 on what `one_to_one` made; newlines stay.

    `told_apart` are the words, without vowels, that short vowels tell apart.
    """
    content = text.text
    if "\u064b" in content:
        text = text.with_text(content := _TANVIN.sub("ا\u064b", content))
    text = text.edit([_edit(content, m) for m in _RARE.finditer(content)])
    content = text.text
    text = text.edit(_loose_marks(content, told_apart))
    content = text.text
    loose = [(m.start(), m.end(), "") for m in _LOOSE_AFTER.finditer(content)]
    text = text.edit(loose) if loose else text
    loose = [(m.start(), m.end(), "") for m in _LOOSE_BEFORE.finditer(text.text)]
    text = text.edit(loose) if loose else text
    if "  " in text.text:
        text = text.edit([(m.start(), m.end(), " ") for m in _SPACES.finditer(text.text)])
    content = text.text
    for mark in ",;?":
        if mark in content:
            content = _LATIN_MARK.sub(lambda m: _PERSIAN_MARK[m.group()], content)
            break
    return text if content is text.text else text.with_text(content)


def _edit(content: str, match: re.Match[str]) -> Edit:
    """The replacement of one match of `_RARE`."""
    start, end = match.span()
    found = match.group()
    spelled = _SPELLED.get(found)
    if spelled is not None:
        return start, end, spelled
    before = content[start - 1] if start else ""
    if found[0] == "\u0640":
        dash = len(found) == 1 and before in ("", " ", "\n") and content[end : end + 1] in ("", " ", "\n")
        return start, end, "-" if dash else ""
    if found in _HAMZA:
        return (
            (start - 1, end, _COMPOSED[before + found]) if before + found in _COMPOSED else (start, end, "")
        )
    if "\u200d" in found and before >= _EMOJI and content[end : end + 1] >= _EMOJI:
        return start, end, "\u200d"  # joined emoji are one
    inside = before in _WORD_PART and content[end : end + 1] in _LETTERS
    return start, end, "\u200c" if inside and not _AS_HALF_SPACE.isdisjoint(found) else ""


def _loose_marks(content: str, told_apart: frozenset[str]) -> list[Edit]:
    """The edits that take away the marks that neither tell their word apart nor are an adverb's tanvin."""
    edits: list[Edit] = []
    until, tells = 0, False  # the end of the word last looked at, and whether its marks tell it apart
    for found in _MARK_RUN.finditer(content):
        start, end = found.span()
        if found.group() == "\u064b":
            if start and content[start - 1] in "اءه" and content[end : end + 1] not in _WORD_PART:
                continue
        elif end - start <= _MOST_MARKS:
            if start >= until:
                until, tells = _marked_word(content, start, end, told_apart)
            if tells:
                continue
        edits.append((start, end, ""))
    return edits


def _marked_word(content: str, start: int, end: int, told_apart: frozenset[str]) -> tuple[int, bool]:
    """The end of the word with the marks at [start, end), and whether marks tell it apart."""
    head, least = start, max(0, start - _LONGEST_WORD)
    while head > least and content[head - 1] in _WORD_PART:
        head -= 1
    rest = _WORD_REST.match(content, end)
    until = rest.end() if rest else end
    if until - end > _LONGEST_WORD:
        return until, False
    word = content[head:until]
    bare = _MARKS.sub("", word)
    return until, len(word) - len(bare) <= _MOST_MARKS and bare in told_apart


def _no_break_spaces(content: str) -> str:
    """Every no-break space read as the half space or the space it stands for; the length stays.

    Some crawls (Hamshahri) write the half space as U+00A0: then it stands before `ها` and after `می`, and the
    text has few of U+200C. In texts that also pad every word with it («است\\xa0 .») only affixes are sure.
    """
    affixes = sum(map(content.count, _NBSP_SIGNS))
    padding = sum(map(content.count, _NBSP_BESIDE))
    single = content.count("\xa0") - padding
    if affixes and affixes >= 0.1 * single and content.count("\u200c") <= affixes:
        content = (_NBSP_AFFIX if padding > 0.5 * single else _NBSP).sub("\u200c", content)
    return content
