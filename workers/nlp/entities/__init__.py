"""Entities: mentions found and typed, then one entity for one thing.

FIRST SKETCH to connect the other steps; the entity issue replaces it.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from workers.nlp.document import Document
from workers.nlp.entities.linker import EntityLinker

__all__ = ["EntityLinker", "EntityTagger"]


@dataclass(frozen=True, slots=True)
class EntityTagger:
    """Fills `mentions`: names, dates, times, sums, percentages, each with its type."""

    digests: dict[str, str] = field(default_factory=dict)

    @classmethod
    def load(cls, profile: str, lexicons: Sequence[Path] = ()) -> "EntityTagger":  # noqa: ARG003
        """Load the shipped model of a profile (`fast` or `accurate`)."""
        return cls()

    def tag(self, document: Document) -> Document:
        """Tag one document."""
        return document
