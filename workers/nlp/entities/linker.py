"""Clusters: one entity for one thing of the article.

FIRST SKETCH to connect the other steps; the entity issue replaces it.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from workers.nlp.document import Document, TextEntity


@dataclass(frozen=True, slots=True)
class EntityLinker:
    """Fills `entities` from `mentions`: one entity for one thing, titles and identifiers attached."""

    @classmethod
    def load(cls, lexicons: Sequence[Path] = ()) -> "EntityLinker":  # noqa: ARG003
        """Load the shipped lexicons and those of a user."""
        return cls()

    def cluster(self, document: Document) -> Document:
        """Cluster the mentions of one document."""
        groups: dict[tuple[str, str], list[int]] = {}
        for number, mention in enumerate(document.mentions):
            groups.setdefault((mention.type, document.slice((mention.start, mention.end))), []).append(number)
        entities = tuple(
            TextEntity(
                f"e{n}", document.mentions[g[0]].type, name, mentions=tuple(document.mentions[i] for i in g)
            )
            for n, ((_, name), g) in enumerate(groups.items(), 1)
        )
        return replace(document, entities=entities)
