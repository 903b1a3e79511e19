"""Where sentences end.

A sentence ends after a run of stops (. ! ? ؟ …) and the closing marks that follow it, unless

1. the stop lies inside a token (a decimal, an address);
2. it belongs to an initial («م. احمدی»), an abbreviation of letters («ه.ش.») or the number of an item at
   the start of a sentence («۱.»);
3. it is an ellipsis in the middle of a sentence: no verb stands before it;
4. it lies in brackets that open and close inside one sentence;
5. a quotation closes after it and the sentence goes on («…؟» پرسید), or a lesser mark follows;
6. a colon never ends a sentence, except that of a dateline («تهران - ایرنا:»).
"""

import re
import tomllib
from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from workers.nlp.document import Token
from workers.nlp.segmentation.verbs import looks_finite

_STOP = re.compile(r"[.!?؟…]+(?:[ \u00a0]?[.!?؟…]+)*")
_CLOSERS = "»”’)]}"
_OPENERS = {"«": "»", "“": "”", "(": ")", "[": "]", "{": "}"}
_BRACKET = re.compile(r"[«»“”()\[\]{}\"]")
_GOES_ON = ("،", "؛", ":", ",", ";", "»", ")", "]")
_BRACKET_REACH = 200
"""A bracket longer than this many code points holds sentences of its own."""
_INVERTED_REACH = 40
_DATELINE = re.compile(
    r"\s*[^\s.:!?؟«»]+(?: [^\s.:!?؟«»]+){0,3} [-–ـ] [^\s.:!?؟«»]+(?: [^\s.:!?؟«»]+){0,2} ?:(?= \S)"
)
_AGENCY_LINE = re.compile(r"\s*([^\s.:!?؟«»]+(?: [^\s.:!?؟«»]+){0,2}) ?:(?= \S)")


@dataclass(frozen=True, slots=True)
class _Lexicon:
    continuations: frozenset[str]
    letter_heads: frozenset[str]
    agencies: frozenset[str]


@cache
def _lexicon() -> _Lexicon:
    data = tomllib.loads(files("workers.nlp.lexicons").joinpath("sentences.toml").read_text("utf-8"))
    return _Lexicon(*(frozenset(data[k]) for k in ("continuations", "letter_heads", "agencies")))


@dataclass(frozen=True, slots=True)
class _Brackets:
    """Pairs of brackets and quotation marks: openers in order, their closers, and their enclosing openers."""

    opens: list[int]
    closes: list[int]  # -1 where never closed

    @classmethod
    def of(cls, text: str) -> "_Brackets":
        opens: list[int] = []
        closes: list[int] = []
        inverted = -1
        stack: list[tuple[str, int]] = []  # closing mark awaited, index into `opens`
        for found in _BRACKET.finditer(text):
            mark = found.group()
            if mark == '"':
                mark = '"' if not any(w == '"' for w, _ in stack[-4:]) else "close"
            if mark in _OPENERS or mark == '"':
                if found.start() <= inverted:
                    continue
                stack.append((_OPENERS.get(mark, '"'), len(opens)))
                opens.append(found.start())
                closes.append(-1)
                continue
            wanted = '"' if mark == "close" else mark
            for depth in range(len(stack) - 1, max(-1, len(stack) - 5), -1):
                if stack[depth][0] == wanted:
                    closes[stack[depth][1]] = found.start()
                    del stack[depth:]
                    break
            else:
                # A closer without opener: «علی) ع (» is typed in visual order, its «(» opens nothing.
                inverted = found.start() + _INVERTED_REACH
        return cls(opens, closes)

    def around(self, position: int) -> tuple[int, int] | None:
        """The innermost closed pair of marks around a position, looking at the four openers before it."""
        at = bisect_left(self.opens, position) - 1
        for index in range(at, max(-1, at - 4), -1):
            if self.closes[index] >= position:
                return self.opens[index], self.closes[index]
        return None


def sentence_ends(text: str, tokens: Sequence[Token]) -> list[int]:
    """Ends of the sentences of one block, the last one being the end of its last token.

    `tokens` are those of `text`, at its positions. No end lies inside a token. Linear in the length.
    """
    if not tokens:
        return []
    lexicon = _lexicon()
    starts = [t.start for t in tokens]
    brackets = _Brackets.of(text)
    ends: list[int] = []
    begin = 0
    dateline = _dateline_end(text, begin, lexicon)
    if dateline:
        ends.append(dateline)
        begin = dateline
    for found in _STOP.finditer(text):
        if found.start() < begin:
            continue
        first = bisect_right(starts, found.start()) - 1  # the token that holds the first stop
        if tokens[first].start < found.start():  # rule 1
            continue
        end = _with_closers(text, found.end(), brackets)
        if end < begin or not _ends(text, tokens, first, found, end, begin, brackets, lexicon):
            continue
        ends.append(end)
        begin = end
        dateline = _dateline_end(text, begin, lexicon)
        if dateline:
            ends.append(dateline)
            begin = dateline
    if not ends or ends[-1] < tokens[-1].end:
        ends.append(tokens[-1].end)
    return ends


def _with_closers(text: str, end: int, brackets: _Brackets) -> int:
    """The end of the closing marks directly after a stop, with stops that follow them («…»!)."""
    while end < len(text):
        mark = text[end]
        after_quote = mark in ".!?؟…" and text[end - 1] in '»”)]"'
        if after_quote or mark in _CLOSERS or (mark == '"' and _closes(brackets, end)):
            end += 1
        elif text[end : end + 2] == ' "' and _closes(brackets, end + 1):
            end += 2
        else:
            break
    return end


def _closes(brackets: _Brackets, position: int) -> bool:
    pair = brackets.around(position)
    return pair is not None and pair[1] == position


def _ends(
    text: str,
    tokens: Sequence[Token],
    first: int,
    found: re.Match[str],
    end: int,
    begin: int,
    brackets: _Brackets,
    lexicon: _Lexicon,
) -> bool:
    """Whether the sentence that began at `begin` ends with the stops `found`, closed at `end`."""
    stops = found.group()
    rest = text[end : end + 24].lstrip()
    if not rest:
        return True
    if rest.startswith(_GOES_ON):  # rule 5
        return False
    before = tokens[first - 1] if first else None
    glued = text[end : end + 1].isspace() is False
    if stops == "." and before is not None and before.end == found.start():
        if _is_letter(before.text):
            return _letter_ends(tokens, first, rest, glued, lexicon)
        if before.text.isdigit() and not text[begin : before.start][:8].strip(" -–*•"):
            return False  # the number of an item
    pair = brackets.around(found.start())
    closed = end > found.end()
    if pair is not None and not closed and text[pair[0]] in "([{" and pair[1] - pair[0] < _BRACKET_REACH:
        return False  # rule 4
    word = re.match(r"[\w\u200c]+", rest)
    follows = word.group() if word else ""
    ellipsis = stops == "…" or (len(stops) > 1 and set(stops) <= {".", "…"})
    if ellipsis and before is not None and not looks_finite(before.text):
        return False  # rule 3
    if closed and text[found.end() : found.end() + 1] in ("»", "”", '"', " "):
        if follows in lexicon.continuations:
            return False
        if pair is not None and "." not in stops:
            opened = text[max(0, pair[0] - 2) : pair[0]].rstrip()
            return opened.endswith((":", ".", "،")) or not opened or pair[0] <= begin + 1
    return True


def _is_letter(word: str) -> bool:
    return len(word) == 1 and word.isalpha()


def _letter_ends(tokens: Sequence[Token], first: int, rest: str, glued: bool, lexicon: _Lexicon) -> bool:
    """Whether a stop after a single letter ends the sentence (rule 2)."""
    letter = tokens[first - 1].text
    if letter.isascii():
        return not rest[0].isascii()
    if glued:
        return False
    return first >= 2 and tokens[first - 2].text in lexicon.letter_heads


def _dateline_end(text: str, begin: int, lexicon: _Lexicon) -> int | None:
    """The end of a dateline that stands at `begin`, or None."""
    found = _DATELINE.match(text, begin)
    if found:
        return found.end()
    found = _AGENCY_LINE.match(text, begin)
    return found.end() if found and found.group(1) in lexicon.agencies else None
