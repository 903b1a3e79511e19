"""Quotations over several paragraphs: each paragraph opens with a mark, and only the last is closed."""

from workers.nlp.knowledge.marks import OPENING
from workers.nlp.statements.tokens import Reading
from workers.nlp.statements.values import Speech


def reopened(reading: Reading, speech: Speech, first: int, last: int) -> tuple[int, bool] | None:
    """Where a speech ends whose quotation opens anew at a token, and whether it is closed there.

    Without a closing mark it ends at `last` for now. None unless the speech is an open quotation and a
    quotation opens there.
    """
    begin = speech.spans[0][0]
    opening = next((i for i in (begin, begin - 1) if i >= 0 and reading.keys[i] in OPENING), None)
    if opening is None or opening in reading.quote_end or reading.keys[first] not in OPENING:
        return None
    close = reading.quote_end.get(first)
    return (last, False) if close is None else (close, True)
