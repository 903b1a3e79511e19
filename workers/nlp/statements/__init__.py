"""Statements: who said what, in whose words.

`cues.py` finds reporting expressions by the lexicon and morphology, `frames.py` the content of each,
`subject.py` the expression for the speaker (with `lead_in.py`, `noun_phrase.py`, `embedded_subject.py`,
`sources.py`), `reader.py` reads the article from top to bottom and decides
with small linear models, `resolution.py` links speakers to entities.
"""

from workers.nlp.statements.extract import StatementExtractor
from workers.nlp.statements.resolution import SpeakerResolver

__all__ = ["SpeakerResolver", "StatementExtractor"]
