"""What recurs in a source is a candidate; what its articles say is none."""

from tomllib import loads

from tests.pages import FOLDER
from workers.training.boilerplate import candidates

ARTICLES = loads((FOLDER / "articles.toml").read_text("utf-8"))["article"]


def test_recurring_lines_of_a_source_are_found() -> None:
    rows = [
        {
            "id": article["id"],
            "agency": "نمونه",
            "body": "\n".join([*article["paragraphs"], f"گیرنده پیام شماره {number}: دفتر نمونه"]),
        }
        for number, article in enumerate(ARTICLES)
    ]
    found = candidates([*rows, {"id": "x", "body": ""}, {"id": "y"}], at_least=5)
    assert [(c.source, c.position, c.text, c.articles, c.share) for c in found] == [
        ("نمونه", "line", "گیرنده پیام شماره #: دفتر نمونه", len(ARTICLES), 1.0)
    ]
    assert candidates(rows, at_least=len(ARTICLES) + 1) == []
