"""Entities: mentions found and typed, then one entity for one thing."""

from workers.nlp.entities.linker import EntityLinker
from workers.nlp.entities.tagger import EntityTagger

__all__ = ["EntityLinker", "EntityTagger"]
