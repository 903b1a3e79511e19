"""The end of a content that follows its cue: one quotation, a subordinate clause, the next sentence."""

from bisect import bisect_left, bisect_right

from workers.nlp.knowledge.cues import CueLexicon
from workers.nlp.knowledge.marks import CLOSING
from workers.nlp.statements.clauses import COMMA, END, SHORT_QUOTE
from workers.nlp.statements.cues import phrase_at
from workers.nlp.statements.tokens import Reading
from workers.nlp.statements.values import Cue, Follow

_COMMAS = frozenset("،,؛")


def quotation(reading: Reading, lexicon: CueLexicon, start: int, last: int) -> int | None:
    """The closing mark where the content is one quotation, longer than scare quotes or a quoted word."""
    keys = reading.keys
    close = reading.quote_end.get(start)
    if close is None:
        return None
    if close <= start + SHORT_QUOTE:
        # «گفت: «هرگز!» …», «گفت: «هفت تا». …»: a word with a stop of its own, behind a colon
        stopped = keys[close - 1] in END or close + 1 >= last or keys[close + 1] in END
        return close if keys[start - 1] == ":" and stopped else None
    after = close + 1
    if after >= last or keys[after] in END or keys[after] in lexicon.words.conjunctions or keys[after] == "؛":
        return close
    if keys[close - 1] in END:
        return close  # it has a full stop of its own: the sentence after it is another
    if keys[after] in COMMA and close - start > 2 * SHORT_QUOTE:
        return close
    return None


def stray_close(reading: Reading, start: int, last: int) -> int | None:
    """A mark that closes a quotation nobody opened, after a full stop: the speech ends there."""
    keys = reading.keys
    for at in range(start + SHORT_QUOTE, last):
        if keys[at] in CLOSING and at not in reading.quote_start and keys[at - 1] in END:
            return at
    return None


def subordinate_end(
    reading: Reading, lexicon: CueLexicon, cue: Cue, clause: int, mark: Follow, start: int, last: int
) -> int:
    """Where the report of a subordinate clause ends: at its verb before the main clause.

    «در حالی که X معتقد است C، اما …», «N که گفته می‌شود C است، …».
    """
    keys = reading.keys
    if mark not in ("that", "bare", "comma"):
        return last
    first = reading.firsts[bisect_right(reading.firsts, cue.first) - 1]
    concessive = phrase_at(keys, first, cue.first, lexicon, "concessive") is not None
    relative = clause > first + 1 and keys[clause - 1] == "که" and not reading.clauses.is_finite(clause - 2)
    if not (concessive or relative):
        return last
    turns = _COMMAS | lexicon.words.adversatives if concessive else _COMMAS
    for place in range(start + 2, last - 2):
        verb = place - 2 if keys[place - 1] in CLOSING else place - 1
        if keys[place] in turns and reading.clauses.is_finite(verb):
            return place
    return last


def next_sentence(reading: Reading, last: int) -> tuple[int, int]:
    """The tokens of the sentence after the one that ends at `last`; none after the last sentence."""
    place = bisect_left(reading.firsts, last)
    if place >= len(reading.sentences):
        return last, last
    sentence = reading.sentences[place]
    return sentence.first, sentence.last
