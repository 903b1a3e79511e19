"""Kinds of words by which the spacing lexicon is learned (`word_kinds.toml`), and endings."""

from importlib.resources import files
from tomllib import loads


def _kinds() -> dict[str, frozenset[str]]:
    text = files("workers.training.spacing").joinpath("word_kinds.toml").read_text("utf-8")
    return {name: frozenset(words) for name, words in loads(text).items()}


PLURALS = ("هایشان", "هایمان", "هایتان", "هایی", "هایم", "هایت", "هایش", "هاست", "های", "ها")
POSSESSIVES = ("شان", "مان", "تان")

_KINDS = _kinds()
FUNCTION = _KINDS["function"]
NUMBERS = _KINDS["numbers"]
ALWAYS = _KINDS["always"]
RIGHT = _KINDS["right"]
PARTICIPLES = _KINDS["participles"]
NO_TAIL = _KINDS["no_tail"]
NO_GLUED_TAIL = _KINDS["no_glued_tail"]
NO_GLUED_HEAD = _KINDS["no_glued_head"]
BOUND_TAILS = _KINDS["bound_tails"]
BOUND_INSIDE = _KINDS["bound_inside"]
COMPARATIVES = _KINDS["comparatives"]
PREFIXES = _KINDS["prefixes"]
VERBAL_ENDINGS = _KINDS["verbal_endings"]
OPENERS = _KINDS["openers"] | _KINDS["closers"]
PARTED = {words.replace(" ", ""): words for words in _KINDS["parted"]}
COMBINING = _KINDS["combining"]
ATTRIBUTIVE = _KINDS["attributive"]
NO_ATTRIBUTE = _KINDS["no_attribute"]
NEVER_RIGHT_PART = frozenset((*PLURALS, *PARTICIPLES, "ای", "ام", "ات", "اش", "ان", "تر"))
