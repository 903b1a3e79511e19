"""The kinds of change between two enrichments, A and B, of one article."""

from typing import Literal, get_args

from msgspec import Struct

Kind = Literal[
    "article-gained",
    "article-lost",
    "article-raw",
    "article-other",
    "text",
    "block-gained",
    "block-lost",
    "block-kind",
    "sentence-gained",
    "sentence-lost",
    "entity-gained",
    "entity-lost",
    "entity-merged",
    "entity-split",
    "entity-type",
    "entity-canonical",
    "entity-mentions",
    "entity-other",
    "statement-gained",
    "statement-lost",
    "statement-speaker",
    "statement-content",
    "statement-kind",
    "statement-stance",
    "statement-cue",
    "statement-confidence",
    "statement-other",
]
KINDS: tuple[Kind, ...] = get_args(Kind)


class Change(Struct, frozen=True, kw_only=True):
    """One difference. `before` is None where only B has something, `after` where only A has."""

    kind: Kind
    article: str
    title: str | None = None
    about: str = ""  # the statement's text, the entity's name, or the field's name
    before: str | None = None
    after: str | None = None


def mirrored(kind: Kind) -> Kind:
    """The kind that the same difference has when A and B change places."""
    for one, other in (("gained", "lost"), ("merged", "split")):
        for found, instead in ((one, other), (other, one)):
            if kind.endswith("-" + found):
                return next(k for k in KINDS if k == kind.removesuffix(found) + instead)
    return kind
