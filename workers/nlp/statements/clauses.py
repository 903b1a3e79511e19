"""Around a cue: what follows it, and where the narrator's clause begins."""

from workers.nlp.knowledge.cues import CueLexicon
from workers.nlp.knowledge.marks import CLOSING, OPENING, STRAIGHT
from workers.nlp.statements.cues import phrase_at
from workers.nlp.statements.tokens import Reading
from workers.nlp.statements.values import Follow

COLON_REACH = 12  # tokens between a cue and its colon («گفت در جمع دانشجویان:»)
SHORT_QUOTE = 4  # tokens: a shorter quotation is a name or a scare quote
END = frozenset(".!؟?…")
COMMA = frozenset("،,؛;")
_BREAKS = END | COMMA | {"که"}
_STRONG = frozenset("؛.!؟?:…")
_LINKS = frozenset(("،", ",", "که"))
_TURNS = _STRONG | _LINKS | CLOSING | STRAIGHT  # and conjunctions: nothing else ends a clause


def follow(reading: Reading, lexicon: CueLexicon, at: int, last: int) -> tuple[Follow, int]:
    """What comes after a cue, and where the content begins then."""
    keys = reading.keys
    if at >= last or keys[at] in END:
        return "end", at
    key = keys[at]
    if key == ":":
        return "colon", at + 1
    if key in OPENING or key in STRAIGHT:
        return "quote", at
    if key == "که":
        return "that", at + 1
    if key in COMMA:
        if at + 1 >= last:
            return "end", at
        if keys[at + 1] in OPENING or keys[at + 1] in STRAIGHT:
            return "quote", at + 1
        if keys[at + 1] == "که":
            return "that", at + 2
        return "comma", at + 1
    if key == "تا":
        return "to", at + 1
    if key in lexicon.words.conjunctions:
        return "and", at
    if phrase_at(keys, at, last, lexicon, "provenance"):
        return "end", at  # a line without a full stop, and the agency's after it
    forms = lexicon.forms
    for place in range(at, min(last, at + COLON_REACH)):
        key = keys[place]
        if key == ":":
            return "colon", place + 1
        if key in _BREAKS or (key in forms and len(key) > 2):
            break
    return "bare", at


def clause_start(reading: Reading, lexicon: CueLexicon, low: int, cue: int) -> int:
    """Where the clause of a cue begins: after the last finite verb or strong stop before it."""
    keys, conjunctions = reading.keys, lexicon.words.conjunctions
    for at in range(cue, low, -1):
        key = keys[at - 1]
        if key not in _TURNS and key not in conjunctions:
            continue
        if key in _STRONG or (is_long_quote(reading, at - 1) and (at == cue or keys[at] in COMMA)):
            return at
        if key in conjunctions and at - 2 >= low and (_closes(reading, lexicon, at - 2) or at == cue):
            return at
        if key in _LINKS and at - 2 >= low and _closes(reading, lexicon, at - 2):
            return at
    return low


def _closes(reading: Reading, lexicon: CueLexicon, at: int) -> bool:
    """Whether a token may end a finite clause."""
    key = reading.keys[at]
    if is_long_quote(reading, at) or key in END or key in "،؛":
        return True
    if at + 2 < len(reading.keys) and reading.keys[at + 1] == "و" and reading.keys[at + 2].startswith("گو"):
        return False  # «گفت و گو»
    return lexicon.morphology.is_finite(key)


def is_long_quote(reading: Reading, at: int) -> bool:
    """Whether a token closes a quotation that may be a content."""
    start = reading.quote_start.get(at)
    return start is not None and at - start > SHORT_QUOTE
