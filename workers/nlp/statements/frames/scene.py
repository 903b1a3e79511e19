"""A cue in its sentence, with the facts that frames ask for, each found once."""

from dataclasses import dataclass
from functools import cached_property

from workers.nlp.knowledge.cues import CueLexicon, CueSpec
from workers.nlp.statements.frames.follow import follow
from workers.nlp.statements.frames.subjects import subject_of
from workers.nlp.statements.tokens import Reading
from workers.nlp.statements.values import Cue, Follow, Subject

REACH = 160  # most tokens before a cue that may belong to its clause: this keeps the reading linear


@dataclass
class Scene:
    """A cue in a sentence that ends at `last`, of which tokens before `low` are taken already."""

    reading: Reading
    lexicon: CueLexicon
    cue: Cue
    low: int
    last: int
    known: frozenset[str] | set[str]  # keys of the expressions that were subjects
    fresh: bool  # nothing in this sentence is taken

    @cached_property
    def clause(self) -> int:
        """Where the narrator's clause begins."""
        return self.reading.clauses.begin(self.low, self.cue.first)

    @cached_property
    def subject(self) -> Subject:
        """The subject of the cue's clause."""
        low = self.low if self.fresh else self.clause
        return subject_of(self.reading, self.lexicon, self.cue, low, self.clause, self.known)

    @property
    def spec(self) -> CueSpec:
        """The row of a verb's cue."""
        assert self.cue.spec is not None  # noqa: S101 - a verb has one
        return self.cue.spec

    @cached_property
    def followed(self) -> tuple[Follow, int]:
        """What follows the cue, and where the content begins."""
        return follow(self.reading, self.lexicon, self.cue.last, self.last)

    @property
    def mark(self) -> Follow:
        """What comes after the cue."""
        return self.followed[0]

    @property
    def marked(self) -> bool:
        """Whether a mark of speech follows the cue."""
        return self.mark in ("colon", "quote", "that")
