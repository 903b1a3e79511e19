"""F6: the content stands between noun and verb («خواستار N شد», «تهدید به N کرد»)."""

from workers.nlp.statements.frames.scene import Scene
from workers.nlp.statements.values import Candidate


def inner(scene: Scene) -> Candidate | None:
    """«تهدید به N کرد»."""
    cue, keys = scene.cue, scene.reading.keys
    start = cue.last + 1 + (keys[cue.last] == "نسبت")
    if start >= cue.verb:
        return None
    return Candidate(cue, "infix", "bare", start, cue.verb, scene.clause, scene.subject)


def infix(scene: Scene) -> Candidate | None:
    """«خواستار N شد»."""
    cue = scene.cue
    if not (scene.spec.infix and cue.verb > cue.last):
        return None
    return Candidate(cue, "infix", scene.mark, cue.last, cue.verb, scene.clause, scene.subject)
