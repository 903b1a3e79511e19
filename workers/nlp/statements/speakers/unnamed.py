"""Speakers whose name is withheld: they are nobody who is named."""

import re

from workers.nlp.document import Document, TextSpeaker
from workers.nlp.knowledge.cues import WordLists
from workers.nlp.knowledge.folding import glue

BEHIND = 60  # letters behind an expression in which it is told that a name is withheld
_STOP = re.compile(r"[.\n؟!:]")


def is_unnamed(document: Document, words: WordLists, speaker: TextSpeaker) -> bool:
    """Whether a name is withheld: «که نخواست نامش فاش شود», «یک مقام …» that never comes again."""
    if speaker.mention is None:
        return False
    text, end = document.text, speaker.mention.end
    behind = glue(_STOP.split(text[end : end + BEHIND], maxsplit=1)[0])
    if any(phrase in behind for phrase in words.nameless):
        return True
    some, _, rest = speaker.name.partition(" ")
    return some == "یک" and rest != "" and glue(rest.split()[0]) in words.officials and rest not in text[end:]
