"""Cues that report nothing here: a frame that refuses ends the search."""

from workers.nlp.knowledge.cues import CueLexicon
from workers.nlp.statements.frames.scene import Scene
from workers.nlp.statements.speakers.noun_phrase import able
from workers.nlp.statements.tokens import Reading
from workers.nlp.statements.values import Cue

NEAR = 3  # tokens from the narrator's clause in which a quotation before it ends
PENALTY_REACH = 6  # tokens behind «به» among which what a court sentences to is named


def court(scene: Scene) -> bool:
    """A court's sentence: «او را به دو سال حبس محکوم کرد»."""
    return scene.spec.court and _sentenced(scene.reading, scene.lexicon, scene.cue, scene.low)


def addition(scene: Scene) -> bool:
    """Something is added to a thing: «به سرمایه خود افزودند»."""
    if not scene.spec.adds or scene.mark in ("colon", "quote"):
        return False
    return _adds(scene.reading, scene.lexicon, scene.clause, scene.cue.first)


def clauseless(scene: Scene) -> bool:
    """A cue that takes no clause, with no object: «از او تجلیل کردند»."""
    return not scene.spec.clause and not (scene.spec.infix and scene.marked)


def unmarked(scene: Scene) -> bool:
    """A verb of other senses without a mark of speech: «به تهران آمده است؛ …»."""
    spec = scene.spec
    if spec.mark and scene.mark == "bare":
        return True
    if spec.document and spec.mark and scene.mark == "comma":
        documents = scene.lexicon.words.documents
        return documents.isdisjoint(scene.reading.keys[scene.clause : scene.cue.first])
    return False


def unquoted(scene: Scene) -> bool:
    """A manner of speaking or looking without a quotation beside it: «خندید و رفت»."""
    if not scene.spec.quoted:
        return False
    reading, start = scene.reading, scene.followed[1]
    if reading.keys[start : start + 1] and start in reading.quote_end:
        return False
    behind = range(max(scene.low, scene.clause - NEAR), min(scene.clause + NEAR, scene.cue.first))
    return not any(at in reading.quote_start for at in behind)


def _sentenced(reading: Reading, lexicon: CueLexicon, cue: Cue, low: int) -> bool:
    """«او را به دو سال حبس محکوم کرد», «محکوم به حبس کرد»: what a court does, not «به صراحت محکوم کرد»."""
    keys, words = reading.keys, lexicon.words
    place = next((i for i in range(cue.first - 1, low, -1) if keys[i] == "را"), cue.first)
    for at in (*range(place, cue.first), *range(cue.first + 1, cue.verb)):
        if keys[at] != "به" or keys[at] + keys[at + 1] in words.adverbials:
            continue
        for key in keys[at + 1 : min(at + 1 + PENALTY_REACH, cue.first if at < cue.first else cue.verb)]:
            if key in words.penalties:
                return True
            if key in words.prepositions:
                break  # «به تندی در ماه گذشته»
    return False


def _adds(reading: Reading, lexicon: CueLexicon, low: int, cue: int) -> bool:
    """«به سرمایه خود افزودند»: something was added to a thing."""
    keys = reading.keys
    for at in range(cue - 2, max(low, cue - 6) - 1, -1):
        if keys[at] in lexicon.words.added_to:
            return at + 1 not in reading.inside and not able(lexicon, keys[at + 1])
    return False
