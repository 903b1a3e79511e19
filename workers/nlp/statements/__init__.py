"""Statements: who said what, in whose words.

`tokens.py` indexes a document, `clauses.py` its clauses; `cues.py` finds reporting expressions, `frames/`
the content of each, `speakers/` the phrase for the speaker and the entity it stands for. `narrator.py`
reads the article from top to bottom, `decisions/` describes what small linear models decide, `setting.py`
finds addressee and occasion. `values.py` holds the values that they hand on.
"""

from workers.nlp.statements.extract import StatementExtractor
from workers.nlp.statements.speakers.sieves import SpeakerResolver

__all__ = ["SpeakerResolver", "StatementExtractor"]
