"""F7: the words before are the content, and the cue points to them («C. این را S گفت که …»)."""

from workers.nlp.statements.frames.scene import Scene
from workers.nlp.statements.speakers.subject import find_subject
from workers.nlp.statements.values import Candidate, Omitted

REACH = 4  # tokens of «این جمله را»


def pointing(scene: Scene) -> Candidate | None:
    """«این جمله را S گفت» right behind a quotation; a relative clause behind the cue is no content."""
    reading, lexicon, cue, low = scene.reading, scene.lexicon, scene.cue, scene.low
    keys, words = reading.keys, lexicon.words
    if not scene.fresh or keys[low] not in words.demonstratives:
        return None
    place = next((i for i in range(low + 1, min(cue.first, low + REACH)) if keys[i] == "را"), None)
    if place is None or not words.told.issuperset(keys[low + 1 : place]):
        return None
    if not any(reading.clauses.is_long_quote(i) for i in range(max(0, low - 2), low)):
        return None
    subject = find_subject(reading, lexicon, place + 1, cue.first, scene.known)
    if isinstance(subject, Omitted) or subject.begin > place + 1:
        return None
    return Candidate(cue, "that", scene.mark, 0, 0, low, subject, firm=True)
