"""The document that the pipeline's steps enrich, and the values it is made of.

All positions are code points of `Document.text`, half-open, until `assemble` adds raw positions.
Every value is frozen: a step returns `dataclasses.replace(document, …)`.
"""

from bisect import bisect_right
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from operator import attrgetter
from typing import NamedTuple

from schemas.article import RawArticle
from schemas.enriched import (
    BlockKind,
    Dateline,
    EntityType,
    Field,
    MentionKind,
    Precision,
    ResolvedBy,
    Stance,
    StatementKind,
)
from schemas.reasons import Reason
from workers.nlp.alignment import AlignedText


class Rejected(Exception):  # noqa: N818 - a verdict on the article, not a fault
    """The article cannot be enriched; `reason` says why, in the closed list of the contract.

    `step` names the pipeline's step that said so; "decode" before the first one.
    """

    step = "decode"

    def __init__(self, reason: Reason, detail: str) -> None:
        super().__init__(detail)
        self.reason = reason
        self.detail = detail


class Range(NamedTuple):
    """[start, end) of the text."""

    start: int
    end: int


class Token(NamedTuple):
    """One word, number or mark."""

    start: int
    end: int
    text: str


class Sentence(NamedTuple):
    """[start, end) of the text, and of `Document.tokens` by index."""

    start: int
    end: int
    first: int
    last: int  # exclusive


@dataclass(frozen=True, slots=True)
class TextBlock:
    """A block of the text; a boilerplate block keeps raw positions only, at an empty text range."""

    kind: BlockKind
    start: int
    end: int
    field: Field
    raw_start: int
    raw_end: int


@dataclass(frozen=True, slots=True)
class Quantity:
    """The value of a date, time, sum or percentage."""

    iso: str | None = None
    precision: Precision | None = None
    amount: float | None = None
    currency: str | None = None
    ends: tuple[float, float] | None = None  # of a range or guess, which has no single amount


@dataclass(frozen=True, slots=True)
class TextMention:
    """An expression that stands for an entity."""

    start: int
    end: int
    type: EntityType
    kind: MentionKind = "name"
    quantity: Quantity | None = None  # of a date, time, sum or percentage


@dataclass(frozen=True, slots=True)
class TextEntity:
    """One thing in the article."""

    id: str
    type: EntityType
    canonical: str
    aliases: tuple[str, ...] = ()
    titles: tuple[str, ...] = ()
    mentions: tuple[TextMention, ...] = ()
    quantity: Quantity = Quantity()
    wikidata: str | None = None


@dataclass(frozen=True, slots=True)
class TextSpeaker:
    """Who made a statement, before and after resolution (`entity_id`)."""

    name: str
    mention: Range | None = None
    entity_id: str | None = None
    resolved_by: ResolvedBy = "name"


@dataclass(frozen=True, slots=True)
class TextStatement:
    """One stretch of reported speech."""

    kind: StatementKind
    stance: Stance
    speaker: TextSpeaker | None
    cue: Range | None
    content: tuple[Range, ...]
    confidence: float
    addressee: TextSpeaker | None = None
    occasion: Range | None = None
    lemma: str | None = None  # infinitive of the cue
    frame: str = ""  # id of the rule that found the content, of what a cue reports
    sieve: str = ""  # … and of the one that resolved the speaker


_start = attrgetter("start")


@dataclass(frozen=True, slots=True)
class Document:
    """An article on its way through the pipeline; each step fills what its name tells."""

    article: RawArticle
    raw: Mapping[str, object]  # the article as consumed, unknown fields and all
    aligned: AlignedText = field(default_factory=lambda: AlignedText.identity(""))
    blocks: tuple[TextBlock, ...] = ()
    dateline: Dateline | None = None
    language: str = "und"
    published_at: str | None = None
    tokens: tuple[Token, ...] = ()
    sentences: tuple[Sentence, ...] = ()
    mentions: tuple[TextMention, ...] = ()
    entities: tuple[TextEntity, ...] = ()
    statements: tuple[TextStatement, ...] = ()
    fingerprint: str = ""

    @property
    def text(self) -> str:
        """The cleaned text."""
        return self.aligned.text

    def slice(self, span: tuple[int, int]) -> str:
        """The text of a half-open range."""
        return self.aligned.text[span[0] : span[1]]

    def lines(self) -> Iterator[Range]:
        """The text's lines: one for each block, but a dateline shares its line with what it opens."""
        start = 0
        for line in self.text.split("\n"):
            if line:
                yield Range(start, start + len(line))
            start += len(line) + 1

    def field_at(self, position: int) -> Field:
        """The raw field that the character at a text position came from."""
        following = bisect_right(self.blocks, position, key=_start)
        return self.blocks[following - 1].field if following else "body"
