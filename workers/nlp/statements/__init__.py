"""Statements: who said what, in whose words.

FIRST SKETCH to connect the other steps; the statement issue replaces it.
"""

import re
from dataclasses import dataclass, field, replace

from workers.nlp.document import Document, Range, TextStatement

_CUE = re.compile(r"\b(گفت|افزود|تأکید کرد|تاکید کرد|اظهار داشت|اعلام کرد)\b\s*[::]?\s*(?:که )?")


@dataclass(frozen=True, slots=True)
class StatementExtractor:
    """Fills `statements`: cue, content, kind, stance and the speaker's mention, not yet resolved."""

    digests: dict[str, str] = field(default_factory=dict)

    @classmethod
    def load(cls) -> "StatementExtractor":
        """Load the cue lexicon and the shipped model."""
        return cls()

    def extract(self, document: Document) -> Document:
        """Extract the statements of one document."""
        found = []
        for block in document.blocks:
            if block.kind != "paragraph":
                continue
            cue = _CUE.search(document.text, block.start, block.end)
            if cue and cue.end() < block.end:
                content = (Range(cue.end(), block.end),)
                found.append(TextStatement("direct", "say", None, Range(*cue.span(1)), content, 0.5))
        return replace(document, statements=tuple(found))


def resolve_speakers(document: Document) -> Document:
    """Link each statement's speaker to an entity; may add nominal and pronoun mentions to entities."""
    return document
