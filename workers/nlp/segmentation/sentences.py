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
from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from dataclasses import dataclass

from workers.nlp.document import Token
from workers.nlp.knowledge.folding import glue
from workers.nlp.knowledge.morphology import Morphology
from workers.nlp.knowledge.words import SentenceWords

_LETTER = "[\u0621-\u063a\u0641-\u064a\u0671-\u06d3]"
_STOP = re.compile(rf"[.!?؟…](?!(?<=[\s.]{_LETTER}\.){_LETTER})(?:[ \u00a0]?[.!?؟…])*+")
"""A run of stops; the one between the letters of «ه.ش» ends nothing and is passed over."""
_CLOSERS = "»”’)]}"
_OPENERS = {"«": "»", "“": "”", "(": ")", "[": "]", "{": "}"}
_BRACKET = re.compile(r"[«»“”()\[\]{}\"]")
_GOES_ON = "،؛:,;»)]"
_ONWARD_REACH = 24
"""How far behind a stop its sentence may go on."""
_BRACKET_REACH = 200
"""A bracket longer than this many code points holds sentences of its own."""
_INVERTED_REACH = 40
_DEPTH = 4
"""Nested marks that are looked through: unclosed ones in any number cost no more."""
_MOST_OPENERS = 10_000
"""Of one line; it has no sense of its own behind so many."""
_DATELINE_REACH = 80
_FIRST_WORD = re.compile(r"[\w\u200c]+")
_DATELINE = re.compile(
    r"\s*[^\s.:!?؟«»]+(?: [^\s.:!?؟«»]+){0,3} [-–ـ] [^\s.:!?؟«»]+(?: [^\s.:!?؟«»]+){0,2} ?:(?= \S)"
)
_AGENCY_LINE = re.compile(r"\s*([^\s.:!?؟«»]+(?: [^\s.:!?؟«»]+){0,2}) ?:(?= \S)")


@dataclass(frozen=True, slots=True)
class _Brackets:
    """Pairs of brackets and quotation marks: openers in order, and their closers."""

    opens: list[int]
    closes: list[int]  # -1 where never closed

    @classmethod
    def of(cls, text: str, start: int, end: int) -> "_Brackets":
        opens: list[int] = []
        closes: list[int] = []
        inverted = -1
        stack: list[tuple[str, int]] = []  # closing mark awaited, index into `opens`
        for found in _BRACKET.finditer(text, start, end):
            if len(opens) > _MOST_OPENERS:
                break
            mark, at = found.group(), found.start()
            opening = mark in _OPENERS or (mark == '"' and not any(w == '"' for w, _ in stack[-_DEPTH:]))
            if opening:
                if at > inverted:
                    stack.append((_OPENERS.get(mark, '"'), len(opens)))
                    opens.append(at)
                    closes.append(-1)
                continue
            for depth in range(len(stack) - 1, max(-1, len(stack) - 1 - _DEPTH), -1):
                if stack[depth][0] == mark:
                    closes[stack[depth][1]] = at
                    del stack[depth:]
                    break
            else:
                # A closer without opener: «علی) ع (» is typed in visual order, its «(» opens nothing.
                inverted = at + _INVERTED_REACH
        return cls(opens, closes)

    def around(self, position: int) -> tuple[int, int] | None:
        """The innermost closed pair of marks around a position, looking at the nearest openers before it."""
        at = bisect_left(self.opens, position) - 1
        for index in range(at, max(-1, at - _DEPTH), -1):
            if self.closes[index] >= position:
                return self.opens[index], self.closes[index]
        return None

    def closed_at(self, position: int) -> bool:
        """Whether the mark at a position closes a pair."""
        pair = self.around(position)
        return pair is not None and pair[1] == position


def sentence_ends(
    text: str, tokens: Sequence[Token], words: SentenceWords, morphology: Morphology
) -> list[int]:
    """Ends of the sentences of one line, the last one being the end of its last token.

    `tokens` are those of the line, at positions of `text`. No end lies inside a token. Linear in the length.
    """
    if not tokens:
        return []
    line = _Line(text, tokens, words, morphology)
    starts, until = line.starts, line.end
    begin = starts[0]
    ends: list[int] = []
    dateline = line.dateline_end(begin)
    if dateline:
        ends.append(dateline)
        begin = dateline
    for found in _STOP.finditer(text, begin, until):
        stop, after = found.span()
        if stop < begin:
            continue
        first = bisect_right(starts, stop) - 1  # the token that holds the first stop
        if starts[first] < stop:  # rule 1
            continue
        end = after
        if not line.ends_plainly(first, after):
            end = line.with_closers(after) if after < until else after
            if not line.ends(first, after, end, begin):
                continue
        ends.append(end)
        begin = end
        dateline = line.dateline_end(begin)
        if dateline:
            ends.append(dateline)
            begin = dateline
    if not ends or ends[-1] < until:
        ends.append(until)
    return ends


class _Line:
    """One line of the text, and the questions that the rules ask about it."""

    def __init__(
        self, text: str, tokens: Sequence[Token], words: SentenceWords, morphology: Morphology
    ) -> None:
        self.text = text
        self.tokens = tokens
        self.starts = [t[0] for t in tokens]
        self.end = tokens[-1].end
        self.brackets = _Brackets.of(text, tokens[0].start, self.end)
        self.lexicon, self.morphology = words, morphology
        self._colon = -1  # the last one looked at

    def dateline_end(self, begin: int) -> int | None:
        """The end of a dateline that stands at `begin`, or None; asked from left to right."""
        if self._colon < begin:
            found_at = self.text.find(":", begin, self.end)
            self._colon = found_at if found_at >= 0 else self.end + _DATELINE_REACH
        if self._colon >= begin + _DATELINE_REACH:
            return None
        found = _DATELINE.match(self.text, begin, self.end)
        if found:
            return found.end()
        found = _AGENCY_LINE.match(self.text, begin, self.end)
        return found.end() if found and found.group(1) in self.lexicon.desks else None

    def ends_plainly(self, first: int, after_stops: int) -> bool:
        """Whether the stop at the token `first` ends its sentence and no rule needs to be asked: most do."""
        text, start = self.text, self.starts[first]
        if (
            self.brackets.opens
            or after_stops - start > 1
            or after_stops + 1 >= self.end
            or text[after_stops] != " "
            or not text[after_stops + 1].isalnum()
        ):
            return False
        if text[start] == ".":
            word = self.tokens[first - 1][2] if first else ""
            return len(word) > 1 and not word.isdigit() and word not in self.lexicon.before_no_end
        return text[start] != "…"

    def with_closers(self, end: int) -> int:
        """The end of the closing marks directly after a stop, with stops that follow them («…»!)."""
        text, closed_at = self.text, self.brackets.closed_at
        if text[end].isalpha() or (text[end] == " " and not text.startswith('"', end + 1)):
            return end  # most stops
        while end < self.end:
            mark = text[end]
            after_quote = mark in ".!?؟…" and text[end - 1] in '»”)]"'
            if after_quote or mark in _CLOSERS or (mark == '"' and closed_at(end)):
                end += 1
            elif text[end : end + 2] == ' "' and closed_at(end + 1):
                end += 2
            else:
                break
        return end

    def ends(self, first: int, after_stops: int, end: int, begin: int) -> bool:
        """Whether the sentence from `begin` ends with the stops from the token `first` to `after_stops`."""
        text, tokens = self.text, self.tokens
        onward, last = end, min(end + _ONWARD_REACH, self.end)
        while onward < last and text[onward].isspace():
            onward += 1
        if onward == last:
            return True
        if text[onward] in _GOES_ON:  # rule 5
            return False
        before = tokens[first - 1] if first else None
        start = self.starts[first]
        several = after_stops - start > 1
        if not several and before is not None and before.end == start and text[start] == ".":
            word = before.text
            if len(word) == 1 and word.isalpha():
                return self._letter_ends(first, text[onward], glued=onward == end)
            number = word.isdigit() or word in self.lexicon.item_words
            if number and not text[begin : min(before.start, begin + 8)].strip(" -–*•"):
                return False  # the number of an item
            if not text[after_stops].isspace() and self._in_abbreviation(first):
                return False
            names = self.lexicon.letter_names
            if word in names and first + 1 < len(tokens) and tokens[first + 1].text in names:
                return False
        pair = self.brackets.around(start) if self.brackets.opens else None
        closed = end > after_stops
        if pair is not None and not closed and text[pair[0]] in "([{" and pair[1] - pair[0] < _BRACKET_REACH:
            return False  # rule 4
        if several or text[start] == "…":
            stops = text[start:after_stops]
            if (
                _is_ellipsis(stops)
                and before is not None
                and not self.morphology.is_finite(glue(before.text))
            ):
                return False  # rule 3
        if closed and text[after_stops] in '»”" ':
            return self._quotation_ends(text[start:after_stops], pair, text[onward:last], begin)
        return True

    def _letter_ends(self, first: int, following: str, glued: bool) -> bool:
        """Whether a stop after a single letter ends the sentence (rule 2); `following` is a character."""
        if self.tokens[first - 1].text.isascii():
            return not following.isascii()
        return not glued and first >= 2 and self.tokens[first - 2].text in self.lexicon.letter_heads

    def _in_abbreviation(self, first: int) -> bool:
        """Whether a stop stands in a row of short words and stops («سی.ان.ان»)."""
        tokens = self.tokens
        row = tokens[max(0, first - 3) : first + 4]
        at = min(first, 3)
        if at + 1 >= len(row) or row[at + 1].start > row[at].end or len(row[at + 1].text) > 3:
            return False
        if len(row[at - 1].text) > 3:
            return False
        onward = at + 2 < len(row) and row[at + 2].text == "." and row[at + 2].start == row[at + 1].end
        back = at >= 2 and row[at - 2].text == "." and row[at - 2].end == row[at - 1].start
        return back or (onward and at + 3 < len(row) and row[at + 3].start == row[at + 2].end)

    def _quotation_ends(self, stops: str, pair: tuple[int, int] | None, rest: str, begin: int) -> bool:
        """Whether a sentence ends with the quotation that closes after its stops (rule 5)."""
        word = _FIRST_WORD.match(rest)
        if word and word.group() in self.lexicon.continuations:
            return False
        if pair is None or "." in stops:
            return True
        opened = self.text[max(begin, pair[0] - 2) : pair[0]].rstrip()
        return not opened or opened.endswith((":", ".", "،")) or pair[0] <= begin + 1


def _is_ellipsis(stops: str) -> bool:
    return stops == "…" or (len(stops) > 1 and set(stops) <= {".", "…"})
