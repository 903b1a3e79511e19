"""F18: a passive with its content before it («N از سوی S اعلام شد»)."""

from workers.nlp.statements.frames.scene import Scene
from workers.nlp.statements.frames.subjects import agent_at
from workers.nlp.statements.speakers.lead_in import skip_opening
from workers.nlp.statements.values import Candidate

LEAST = 3  # tokens of a content


def is_passive(scene: Scene) -> bool:
    """Whether the cue is a passive that nothing follows."""
    return scene.cue.passive and scene.mark in ("end", "and")


def passive(scene: Scene) -> Candidate | None:
    """«N از سوی S اعلام شد»."""
    cue = scene.cue
    start = skip_opening(scene.reading, scene.lexicon, scene.clause, cue.first)
    end = agent_at(scene.reading.keys, start, cue.first)
    if end - start < LEAST:
        return None
    return Candidate(cue, "passive", scene.mark, start, end, scene.clause, scene.subject)
