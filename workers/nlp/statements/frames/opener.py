"""F8: a clause before the main cue («با بیان اینکه C1، گفت: C2»)."""

from workers.nlp.statements.clauses import COMMA
from workers.nlp.statements.frames.scene import Scene
from workers.nlp.statements.frames.spans import quotation
from workers.nlp.statements.values import Candidate

OPENER_REACH = 40  # tokens of an opener's noun phrase before its addressee


def opener(scene: Scene) -> Candidate | None:
    """«با بیان اینکه C», «با انتقاد از N», «با اعلام این خبر»."""
    reading, lexicon, cue = scene.reading, scene.lexicon, scene.cue
    clause, last, subject = scene.clause, scene.last, scene.subject
    keys = reading.keys
    if cue.that:
        return Candidate(cue, "that", "bare", 0, 0, clause, subject)
    start = cue.last
    if start < last and keys[start] in COMMA:
        start += 1
    quote = quotation(reading, lexicon, start, last)
    if quote is not None:
        return Candidate(cue, "opener", "that", start + 1, quote, clause, subject, quote)
    if start >= last:
        return None
    if cue.clause:
        return Candidate(cue, "opener", "that", start, last, clause, subject)
    if cue.to:
        # «با تبریک N به A گفت»: the addressee is no content
        causes = lexicon.words.causes
        places = range(start + 2, min(last, start + OPENER_REACH))
        last = next((i for i in places if keys[i] == "به" and causes.isdisjoint(keys[i + 1 : i + 2])), last)
        if keys[start] == "به" and not causes.isdisjoint(keys[start + 1 : start + 2]):
            start += 2
    return Candidate(cue, "opener_np", "that", start, last, clause, subject)
