"""News agencies, papers and sites as datelines name them: a column of `tables/agencies.tsv`."""

import re
from dataclasses import dataclass
from typing import NamedTuple

from workers.nlp.knowledge.folding import glue
from workers.nlp.knowledge.sources import Sources

_NONE = "-"


class Agency(NamedTuple):
    """A medium that datelines name: the name given out, and all forms."""

    name: str
    forms: tuple[str, ...]
    always: bool  # its forms name it outside datelines too


@dataclass(frozen=True, slots=True)
class Agencies:
    """The media that datelines name."""

    agencies: tuple[Agency, ...]

    @classmethod
    def read(cls, sources: Sources) -> "Agencies":
        """The agencies among the rows of the table. Raises `LexiconError`."""
        found = []
        for _, cells in sources.rows("agencies.tsv"):
            told = cells.get("dateline") or "|".join((cells["name"], cells.get("variants", "")))
            forms = tuple(f.strip() for f in told.split("|") if f.strip())
            if forms != (_NONE,):
                found.append(Agency(forms[0], forms, "only" not in cells))
        return cls(tuple(found))

    def names(self) -> dict[str, str]:
        """The name given out by each form, glued."""
        return {glue(form): agency.name for agency in self.agencies for form in agency.forms}

    def pattern(self) -> str:
        """An alternation of all forms, longest first; a space in a name may be missing or a half space."""
        forms = sorted({f for agency in self.agencies for f in agency.forms}, key=lambda f: (-len(f), f))
        spaced = (re.sub("[ \u200c]", "[ \u200c]*", re.escape(form).replace("\\ ", " ")) for form in forms)
        return f"(?:{'|'.join(spaced)})"
