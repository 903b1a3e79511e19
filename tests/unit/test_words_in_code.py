"""No list of Persian words stands in the core: words belong into its tables (docs/knowledge.md)."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

CORE = Path(__file__).parents[2] / "workers" / "nlp"
ALLOWED = {
    "knowledge/affixes.py": "prefixes and endings of inflection: a closed class",
    "knowledge/conjugation.py": "the paradigm of a verb: its auxiliaries and endings are the rule",
    "cleaning/letters.py": "letters, ligatures, and the affixes beside a space that no break may part",
    "cleaning/spacing/orthography.py": "a pattern of affixes",
    "calendars.py": "how `published` writes a clock and a date: a notation",
    "entities/dates.py": "words of one class of which each is read in its own way",
}
LETTER = r"[\u0621-\u063a\u0641-\u064a\u066e-\u06d3\u200c]"
WORDS = re.compile(rf"{LETTER}{{2,}}(?: {LETTER}+)*")
ALTERNATION = re.compile(rf"{LETTER}{{2,}}\s?[)?]*\|[(?: ]*{LETTER}{{2,}}")


def lists(source: str) -> Iterator[int]:
    """The lines of collections, alternations and split texts of two or more Persian words."""
    tree = ast.parse(source)
    prose = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}
    for node in ast.walk(tree):
        if isinstance(node, ast.Set | ast.List | ast.Tuple | ast.Dict):
            if len([w for w in _constants(node) if WORDS.fullmatch(w)]) >= 2:
                yield node.lineno
        elif isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in prose:
            if ALTERNATION.search(node.value):
                yield node.lineno
        elif (
            isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == "split"
        ):
            text = node.func.value
            if isinstance(text, ast.Constant) and len(WORDS.findall(str(text.value))) >= 1:
                yield node.lineno


def _constants(node: ast.expr | None) -> Iterator[str]:
    """The texts in a collection and in the collections in it."""
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        yield node.value
    elif isinstance(node, ast.Dict):
        for part in (*node.keys, *node.values):
            yield from _constants(part)
    elif isinstance(node, ast.Set | ast.List | ast.Tuple):
        for part in node.elts:
            yield from _constants(part)


FILES = {str(path.relative_to(CORE)): path for path in sorted(CORE.rglob("*.py"))}


@pytest.mark.parametrize("name", sorted(FILES.keys() - ALLOWED.keys()))
def test_no_list_of_words_stands_in_the_core(name: str) -> None:
    found = sorted(set(lists(FILES[name].read_text("utf-8"))))
    assert not found, f"workers/nlp/{name}: lines {found}: put the words into workers/nlp/knowledge/tables"


@pytest.mark.parametrize("name", ALLOWED)
def test_what_is_allowed_has_such_a_list(name: str) -> None:
    assert list(lists(FILES[name].read_text("utf-8"))), "take it off the list"


@pytest.mark.parametrize(
    "source",
    [
        'X = ("سال", "ماه")',
        'X = {"سال": 1, "ماه": 2}',
        'X = (("سال", 1), ("ماه", 2))',
        'X = "سال ماه روز".split()',
        'X = re.compile("(?:سال|ماه)")',
        'X = re.compile(f"(?:سال|ماه){y}")',
        'if key in ("پیش", "قبل"): pass',
    ],
)
def test_a_list_is_seen(source: str) -> None:
    assert list(lists(source))


@pytest.mark.parametrize(
    "source",
    [
        'X = "،؛"',
        'X = ("ا", "ی")',
        'if key == "که": pass',
        'def f():\n    "«سال|ماه»"',
        'X = f("سال", "ماه")',
    ],
)
def test_a_letter_or_a_single_word_is_none(source: str) -> None:
    assert not list(lists(source))
