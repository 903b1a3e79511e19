"""Kinds of words by which the spacing lexicon is learned (`word_kinds.toml`)."""

from importlib.resources import files
from tomllib import loads

from workers.nlp.knowledge.affixes import PLURAL
from workers.training.shipped import knowledge


def _kinds() -> dict[str, frozenset[str]]:
    text = files("workers.training.spacing").joinpath("word_kinds.toml").read_text("utf-8")
    return {name: frozenset(words) for name, words in loads(text).items()}


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
NEVER_RIGHT_PART = PLURAL | PARTICIPLES | _KINDS["never_right_part"]
INFLECTIONS = _KINDS["inflections"]
INSIDE_ENDINGS = PLURAL | _KINDS["inside_endings"]
NO_OPTIONAL_TAIL = PLURAL | NO_GLUED_TAIL | _KINDS["no_optional_tail"]
GLUED_PREVERBS = _KINDS["glued_preverbs"]
NEVER_APART = tuple(_KINDS["never_apart"])
LONG_IMPERFECTS = tuple(_KINDS["long_imperfects"])
ADJECTIVE_ENDINGS = _KINDS["adjective_endings"]
PLURALS_AND_ARTICLE = tuple(_KINDS["plurals_and_article"])
PLURALS_OR_ARTICLES = tuple(pair.split(" ") for pair in _KINDS["plurals_or_articles"])
MODALS = knowledge().spacing.kinds.modals
