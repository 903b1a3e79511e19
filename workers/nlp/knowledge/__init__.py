"""All word knowledge of the core, loaded once and handed to every step.

`Knowledge.load(folders)` reads the shipped tables (`tables/`) and what a user's folders add to them. No other
module reads a table, and none keeps one in a global.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from workers.nlp.knowledge.agencies import Agencies
from workers.nlp.knowledge.cues import CueLexicon
from workers.nlp.knowledge.lexicon import Lexicon
from workers.nlp.knowledge.markup import MarkupLexicon
from workers.nlp.knowledge.roles import Roles
from workers.nlp.knowledge.sources import LexiconError, Sources
from workers.nlp.knowledge.spacing import SpacingLexicon
from workers.nlp.knowledge.titles import TitleWords
from workers.nlp.knowledge.words import (
    BoilerplatePatterns,
    CalendarNames,
    DatelineWords,
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
    """Every table, and a digest of them all."""

    digest: str  # 16 hexadecimal digits; it differs where any table does
    lexicon: Lexicon
    own: Lexicon  # the typed names that a user's folders add
    agencies: Agencies
    roles: Roles
    titles: TitleWords
    cues: CueLexicon
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
    triggers: TriggerWords
    quantities: QuantityWords

    @classmethod
    def load(cls, folders: Sequence[Path] = ()) -> "Knowledge":
        """Read the shipped tables and those of each folder. Raises `LexiconError`."""
        sources = Sources.read(folders)
        lexicon, agencies, roles = Lexicon.read(sources), Agencies.read(sources), Roles.read(sources)
        return cls(
            digest=sources.digest,
            lexicon=lexicon,
            own=_own(sources) if folders else Lexicon.of(()),
            agencies=agencies,
            roles=roles,
            titles=TitleWords.read(sources, roles, lexicon),
            cues=CueLexicon.build(sources.toml("cues.toml"), roles),
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
            triggers=TriggerWords.read(sources, roles),
            quantities=QuantityWords.read(sources),
        )


def _own(sources: Sources) -> Lexicon:
    ours = {(*e.forms, e.category, e.type) for e in Lexicon.read(sources.before).entries}
    added = Lexicon.read(sources.added).entries
    return Lexicon.of(e for e in added if e.type and (*e.forms, e.category, e.type) not in ours)
