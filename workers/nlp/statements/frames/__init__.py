"""Where the content of a cue stands: the frames of the cue reference, in the order they are tried.

`FRAMES` is the order. The first frame whose `applies` holds and that proposes something gets the cue. A
frame that `closes` is the last one asked where it applies, even if it proposes nothing. A frame without
`propose` refuses the cue.
"""

from collections.abc import Callable, Sequence
from typing import NamedTuple

from workers.nlp.knowledge.cues import CueLexicon
from workers.nlp.statements.frames import refusals
from workers.nlp.statements.frames.after import after
from workers.nlp.statements.frames.before import before
from workers.nlp.statements.frames.marker import marker
from workers.nlp.statements.frames.nominal import nominal
from workers.nlp.statements.frames.opener import opener
from workers.nlp.statements.frames.passive import is_passive, passive
from workers.nlp.statements.frames.pointing import pointing
from workers.nlp.statements.frames.scene import REACH, Scene
from workers.nlp.statements.frames.split import infix, inner
from workers.nlp.statements.tokens import Reading
from workers.nlp.statements.values import Candidate, Cue

__all__ = ["FRAMES", "REACH", "Frame", "build", "without"]


class Frame(NamedTuple):
    """A rule: which cues it is for, and the content it proposes."""

    id: str
    reference: str  # in the cue reference (docs/linguistics.md)
    example: str
    applies: Callable[[Scene], bool]
    propose: Callable[[Scene], Candidate | None] | None  # None: it refuses
    closes: bool = False


def _always(_scene: Scene) -> bool:
    return True


FRAMES: tuple[Frame, ...] = (
    Frame("marker", "F10", "به گفته S، C", lambda s: s.cue.kind == "marker", marker, closes=True),
    Frame("opener", "F8", "با بیان اینکه C، …", lambda s: s.cue.kind == "opener", opener, closes=True),
    Frame("inner", "F6", "S تهدید به N کرد", lambda s: s.cue.inner, inner, closes=True),
    Frame("pointing", "F7", "«C.» این را S گفت", _always, pointing),
    Frame("unquoted", "-", "خندید و رفت", refusals.unquoted, None),
    Frame("court", "-", "دادگاه او را به دو سال حبس محکوم کرد", refusals.court, None),
    Frame("addition", "-", "به سرمایه خود افزودند", refusals.addition, None),
    Frame("infix", "F6", "S خواستار N شد", _always, infix),
    Frame("nominal", "F5, F9", "S بر N تأکید کرد", _always, nominal),
    Frame("passive", "F18", "N از سوی S اعلام شد", is_passive, passive, closes=True),
    Frame("clauseless", "-", "از او تجلیل کردند", refusals.clauseless, None),
    Frame("before", "F7, F12", "«C»، S گفت", lambda s: s.mark in ("end", "and"), before, closes=True),
    Frame("unmarked", "-", "به تهران آمده است؛ …", refusals.unmarked, None),
    Frame("after", "F1–F4", "S گفت: C", _always, after, closes=True),
)
"""The frames in the order they are tried."""


def build(
    reading: Reading,
    lexicon: CueLexicon,
    cue: Cue,
    low: int,
    last: int,
    known: frozenset[str] | set[str] = frozenset(),
    *,
    fresh: bool = True,
    frames: Sequence[Frame] = FRAMES,
) -> Candidate | None:
    """The candidate of a cue in a sentence that ends at `last`.

    Tokens before `low` are taken already; `fresh` means that nothing in this sentence is taken.
    """
    scene = Scene(reading, lexicon, cue, max(low, cue.first - REACH), last, known, fresh)
    for frame in frames:
        if frame.applies(scene):
            candidate = frame.propose(scene) if frame.propose is not None else None
            if candidate is not None:
                return candidate._replace(rule=frame.id)
            if frame.propose is None or frame.closes:
                return None
    return None


def without(rule: str) -> tuple[Frame, ...]:
    """The frames without one: what it would propose is refused, what it would refuse goes on."""
    kept = []
    for frame in FRAMES:
        if frame.id != rule:
            kept.append(frame)
        elif frame.closes:
            kept.append(frame._replace(propose=None))
    return tuple(kept)
