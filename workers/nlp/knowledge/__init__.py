"""All word knowledge of the core, loaded once and handed to every step.

`Knowledge.load(folders)` reads the shipped tables (`tables/`) and what a user's folders add to them. Only
this package reads tables, and it keeps none in a global.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

import workers.nlp.knowledge.hazm_verbs as hazm_verbs
from workers.nlp.knowledge.agencies import Agencies
from workers.nlp.knowledge.cues import CueLexicon, stems_of
from workers.nlp.knowledge.lexicon import Lexicon
from workers.nlp.knowledge.markup import MarkupLexicon
from workers.nlp.knowledge.morphology import Morphology
from workers.nlp.knowledge.roles import Roles
from workers.nlp.knowledge.sources import LexiconError, Sources
from workers.nlp.knowledge.spacing import SpacingLexicon
from workers.nlp.knowledge.speakers import speakers
from workers.nlp.knowledge.titles import TitleWords
from workers.nlp.knowledge.words import (
    BoilerplatePatterns,
    CalendarNames,
    DatelineWords,
    EdgeWords,
    LanguageWords,
    NameParts,
    NamingWords,
    ParagraphWords,
    QuantityWords,
    SentenceWords,
    TriggerWords,
)

__all__ = ["Knowledge", "LexiconError"]


@dataclass(frozen=True, slots=True)
class Knowledge:
    """Every table, and a digest of them all and of hazm's data."""

    digest: str  # 16 hexadecimal digits; it differs where any table does
    lexicon: Lexicon
    own: Lexicon  # the typed names that a user's folders add
    agencies: Agencies
    roles: Roles
    titles: TitleWords
    cues: CueLexicon
    morphology: Morphology
    languages: LanguageWords
    calendar: CalendarNames
    sentences: SentenceWords
    paragraphs: ParagraphWords
    datelines: DatelineWords
    boilerplate: BoilerplatePatterns
    markup: MarkupLexicon
    spacing: SpacingLexicon
    vowels: frozenset[str]  # words, without vowels, that short vowels tell apart
    name_parts: NameParts
    naming: NamingWords
    edges: EdgeWords
    triggers: TriggerWords
    quantities: QuantityWords

    @classmethod
    def load(cls, folders: Sequence[Path] = ()) -> "Knowledge":
        """Read the shipped tables and those of each folder. Raises `LexiconError`."""
        sources = Sources.read(folders)
        cues = sources.toml("cues.toml")
        morphology = Morphology.read(sources, stems_of(cues))
        lexicon, agencies, roles = Lexicon.read(sources), Agencies.read(sources), Roles.read(sources)
        return cls(
            digest=_digest(sources.digest, hazm_verbs.data_digest()),
            lexicon=lexicon,
            own=_own(sources) if folders else Lexicon.of(()),
            agencies=agencies,
            roles=roles,
            titles=TitleWords.read(sources, roles, lexicon),
            cues=CueLexicon.build(cues, roles, speakers(sources), morphology),
            morphology=morphology,
            languages=LanguageWords.read(sources),
            calendar=CalendarNames.read(sources),
            sentences=SentenceWords.read(sources, agencies),
            paragraphs=ParagraphWords.read(sources, roles),
            datelines=DatelineWords.read(sources),
            boilerplate=BoilerplatePatterns.read(sources),
            markup=MarkupLexicon.read(sources),
            spacing=SpacingLexicon.read(sources, roles),
            vowels=frozenset(sources.toml("vowels.toml")["words"]),
            name_parts=NameParts.read(sources),
            naming=NamingWords.read(sources, roles, lexicon),
            edges=EdgeWords.read(sources),
            triggers=TriggerWords.read(sources, roles),
            quantities=QuantityWords.read(sources),
        )


def _digest(*parts: str) -> str:
    return sha256("\0".join(parts).encode()).hexdigest()[:16]


def _own(sources: Sources) -> Lexicon:
    ours = {(*e.forms, e.category, e.type) for e in Lexicon.read(sources.before).entries}
    added = Lexicon.read(sources.added).entries
    return Lexicon.of(e for e in added if e.type and (*e.forms, e.category, e.type) not in ours)
