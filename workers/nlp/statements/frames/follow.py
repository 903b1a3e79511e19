"""What comes after a cue: a colon, a quotation, «که» …"""

from workers.nlp.knowledge.cues import CueLexicon
from workers.nlp.knowledge.marks import OPENING, STRAIGHT
from workers.nlp.statements.clauses import COMMA, END
from workers.nlp.statements.cues import phrase_at
from workers.nlp.statements.tokens import Reading
from workers.nlp.statements.values import Follow

COLON_REACH = 12  # tokens between a cue and its colon («گفت در جمع دانشجویان:»)
_BREAKS = END | COMMA | {"که"}


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
