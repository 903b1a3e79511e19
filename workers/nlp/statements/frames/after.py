"""F1–F4: the content follows the cue («گفت: C», «گفت: «C»», «گفت که C», «گفت C»)."""

from workers.nlp.statements.frames.scene import Scene
from workers.nlp.statements.frames.spans import next_sentence, quotation, stray_close, subordinate_end
from workers.nlp.statements.values import Candidate


def after(scene: Scene) -> Candidate | None:
    """The content after the cue: one quotation, or all up to the end of sentence or clause."""
    reading, lexicon, cue, last = scene.reading, scene.lexicon, scene.cue, scene.last
    clause, subject = scene.clause, scene.subject
    mark, start = scene.followed
    if start >= last:
        # a colon that ends its line: the content begins with the next sentence
        start, last = next_sentence(reading, last)
    quote = quotation(reading, lexicon, start, last)
    if quote is not None:
        return Candidate(cue, "after", mark, start + 1, quote, clause, subject, quote)
    if start >= last:
        return None
    stray = stray_close(reading, start, last) if mark in ("colon", "quote") else None
    if stray is not None:
        return Candidate(cue, "after", mark, start, stray, clause, subject, stray)
    end = subordinate_end(reading, lexicon, cue, clause, mark, start, last)
    return Candidate(cue, "after", mark, start, end, clause, subject, closed=end < last)
