"""What a sentence written for khabar is, and what must be found in it."""

from typing import NamedTuple


class Said(NamedTuple):
    """What must be found of one statement; `speaker` is the resolved name, None for nobody."""

    cue: str
    content: str
    speaker: str | None
    kind: str = "direct"


class Case(NamedTuple):
    """A text, the names in it by type, and its statements."""

    name: str
    text: str
    names: dict[str, str]
    said: list[Said]
