"""What a reading is made of: cues, who speaks, contents, speeches. Positions are tokens, half-open."""

from dataclasses import dataclass
from typing import Literal, NamedTuple

from schemas.enriched import Stance
from workers.nlp.knowledge.conjugation import VerbForm
from workers.nlp.knowledge.cues import CueSpec
from workers.nlp.statements.tokens import Named

Follow = Literal["colon", "quote", "that", "comma", "to", "and", "end", "bare"]
"""What comes after a cue."""
FrameName = Literal[
    "after", "object", "predicate", "infix", "opener", "opener_np", "marker", "before", "that", "passive"
]
PhraseKind = Literal["name", "title", "pronoun", "demonstrative", "expression"]


class Cue(NamedTuple):
    """One reporting expression."""

    first: int
    last: int
    kind: Literal["verb", "opener", "marker"]
    id: str
    stance: Stance
    verb: int  # where its verb begins, which may stand apart; of a cue without a verb, where it begins itself
    end: int  # after cue and verb
    spec: CueSpec | None = None
    form: VerbForm | None = None
    passive: bool = False
    np: bool = False  # an opener that takes a noun phrase
    clause: bool = False  # an opener that ends in a clause word: a clause follows
    that: bool = False  # an opener that points to the sentence before
    inner: bool = False  # a nominal content between noun and verb («تهدید به N کرد»)
    to: bool = False  # an opener whose noun phrase may be followed by an addressee («با تبریک N به A»)
    bare: bool = False  # a noun whose verb is shared with a later one («محکوم و … تحریم کردند»)


class SpeakerPhrase(NamedTuple):
    """The expression that stands for who speaks."""

    kind: PhraseKind
    first: int  # the expression itself
    last: int
    begin: int  # the whole phrase, titles and all
    end: int
    entity: int | None = None  # index of the entity whose name it is
    addition: bool = False  # «نیز»: somebody else than before

    @classmethod
    def whole(cls, kind: PhraseKind, begin: int, end: int) -> "SpeakerPhrase":
        """A phrase that is the expression."""
        return cls(kind, begin, end, begin, end)

    @classmethod
    def named(cls, named: Named, begin: int, end: int) -> "SpeakerPhrase":
        """A name and the words around it."""
        return cls("name", named.first, named.last, begin, end, named.entity)


class Omitted(NamedTuple):
    """A subject that is left out: the verb alone tells that somebody speaks."""

    kind: Literal["omitted"] = "omitted"
    addition: bool = False
    end: int | None = None  # where one could end: «طبق گزارش‌ها، C»
    entity: None = None


type Subject = SpeakerPhrase | Omitted

OMITTED = Omitted()


class Candidate(NamedTuple):
    """A cue with the content it would have."""

    cue: Cue
    frame: FrameName
    follow: Follow
    start: int  # the content in the sentence of the cue; empty where the sentence before is the content
    end: int
    clause: int  # the narrator's clause begins here: earlier content ends
    subject: Subject
    quote: int | None = None  # closing mark of a quotation that is the content
    firm: bool = False  # the frame leaves no doubt: rare orders that no model can learn
    opened: int | None = None  # where the opener before the cue begins
    closed: bool = False  # the sentence goes on without it: the cue stands in a subordinate clause
    options: tuple[int, ...] = ()  # where a nominal content may begin; `start` is the rule's choice
    rule: str = ""  # id of the frame that proposed it


@dataclass(slots=True)
class Speech:
    """A statement being read: content as token spans, the last of which may still grow."""

    candidate: Candidate
    spans: list[tuple[int, int]]
    subject: Subject
    score: float  # of the decision that it is a statement
    sentence: int
    paragraph: int
    direct: bool
    cut: float = 0.0  # score of the decision that ended it

    @property
    def end(self) -> int:
        """The token after its last."""
        return self.spans[-1][1]
