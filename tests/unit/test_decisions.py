"""Decisions are a file each, short, dated and in the index."""

import re
from datetime import date
from pathlib import Path

import pytest

FOLDER = Path(__file__).parents[2] / "docs" / "decisions"
INDEX = (FOLDER / "README.md").read_text(encoding="utf-8")
FILES = sorted(path for path in FOLDER.glob("*.md") if path.name != "README.md")
HEAD = re.compile(r"# (.+)\n\nStatus: (?:accepted|replaced by .+)\nDate: (\d{4}-\d\d-\d\d)\n\n")


@pytest.mark.parametrize("path", FILES, ids=lambda p: p.stem)
def test_a_decision_has_a_status_a_date_and_three_to_six_lines(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    head = HEAD.match(text)
    assert head, "title, status, date"
    assert date.fromisoformat(head[2]) <= date.today()  # noqa: DTZ011 - any zone will do
    assert 3 <= len(text[head.end() :].strip().split("\n")) <= 6
    assert f"- [{head[1]}]({path.name})\n" in INDEX


def test_the_index_names_nothing_else() -> None:
    assert sorted(re.findall(r"\]\(([\w-]+\.md)\)", INDEX)) == [path.name for path in FILES]
