"""Each decision is short, dated and in the index."""

import datetime
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
FOLDER = ROOT / "docs" / "decisions"
INDEX = FOLDER / "README.md"
FILES = sorted(set(FOLDER.glob("*")) - {INDEX})
FORM = re.compile(
    r"# (?P<title>\S.*)\n\n"
    r"Status: (?P<status>accepted|replaced by \[.+\]\(.+\.md\))\n"
    r"Date: (?P<date>\d{4}-\d\d-\d\d)\n\n"
    r"(?P<reason>(?:\S.*\n){3,6})"
)
LINE = 125  # characters


def test_there_are_decisions() -> None:
    assert FILES


@pytest.mark.parametrize("path", FILES, ids=lambda p: p.name)
def test_a_decision_has_a_title_a_status_a_date_and_a_reason_of_three_to_six_lines(path: Path) -> None:
    found = FORM.fullmatch(path.read_text(encoding="utf-8"))
    assert found, "wanted: title, Status, Date, three to six lines"
    assert datetime.date.fromisoformat(found["date"]) <= datetime.datetime.now(datetime.UTC).date()
    assert max(map(len, found["reason"].splitlines())) <= LINE


def test_the_index_names_each_decision_once_by_its_title() -> None:
    named = re.findall(r"(?m)^- \[(.+)\]\(([\w-]+\.md)\)$", INDEX.read_text(encoding="utf-8"))
    titles = {p.name: p.read_text(encoding="utf-8").splitlines()[0].removeprefix("# ") for p in FILES}
    assert sorted((name, title) for title, name in named) == sorted(titles.items())


def test_a_decision_that_is_referred_to_is_there() -> None:
    sources = [p for room in ("workers", "schemas", "tests", "deploy") for p in (ROOT / room).rglob("*.py")]
    named = {
        n for p in sources for n in re.findall(r"docs/decisions/[\w-]+\.md", p.read_text(encoding="utf-8"))
    }
    assert named
    assert all((ROOT / name).exists() for name in named), named
