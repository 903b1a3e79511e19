"""F7, F12: the content stands before the narrator's clause («C»، S گفت)."""

from workers.nlp.statements.frames.scene import Scene
from workers.nlp.statements.speakers.lead_in import skip_opening
from workers.nlp.statements.speakers.subject import find_subject
from workers.nlp.statements.values import Candidate


def before(scene: Scene) -> Candidate | None:
    """Content first (F7, F12): «C»، S گفت."""
    reading, lexicon, cue, low, clause = scene.reading, scene.lexicon, scene.cue, scene.low, scene.clause
    keys, mark = reading.keys, scene.mark
    end = clause
    while end > low and not keys[end - 1][0].isalnum():
        end -= 1
    start = skip_opening(reading, lexicon, low, end)
    if end - start < 3:
        return None
    after = next((i + 1 for i in range(clause, min(cue.first, clause + 4)) if keys[i] == "را"), clause)
    subject = find_subject(reading, lexicon, after, cue.first)  # «این را S پس از بازی گفت»
    quote = next((i for i in range(end, clause) if reading.clauses.is_long_quote(i)), None)
    if quote is not None and reading.quote_start[quote] >= low - 1:
        start = reading.quote_start[quote] + 1
        return Candidate(cue, "before", mark, start, quote, clause, subject, quote, firm=True)
    if cue.spec is not None and cue.spec.mark and cue.spec.document:
        return None  # «دکتر ج. م. علوی آمد و نشست»
    spoken = cue.spec is not None and cue.spec.cue_class == "neutral" and not cue.spec.noun
    firm = spoken and mark == "end" and end < clause and subject.kind != "omitted" and not cue.passive
    return Candidate(cue, "before", mark, start, end, clause, subject, firm=firm)
