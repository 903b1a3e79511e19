"""The names of news agencies and papers in `lexicons/datelines.toml` as one regular expression."""

import re
import tomllib
from functools import cache
from importlib.resources import files


@cache
def agency_pattern() -> str:
    """An alternation of all forms, longest first; a space in a name may be missing or a half space."""
    data = tomllib.loads(files("workers.nlp.lexicons").joinpath("datelines.toml").read_text("utf-8"))
    forms = sorted({form for forms in data["agencies"] for form in forms}, key=lambda f: (-len(f), f))
    spaced = (re.sub("[ \u200c]", "[ \u200c]*", re.escape(form).replace("\\ ", " ")) for form in forms)
    return f"(?:{'|'.join(spaced)})"
