"""Gate: characters kept and left out, on our own pages and on gold dev, against floors."""

import os
import re
from collections.abc import Iterable
from pathlib import Path
from tomllib import loads

import pytest

from schemas.article import RawArticle
from tests.pages import pages
from workers.nlp.document import Document, Rejected
from workers.training.gold import read_rows
from workers.training.shipped import segmented

ROOT = Path(__file__).parents[2]
FLOORS = loads((ROOT / "tests" / "quality" / "floors.toml").read_text("utf-8"))["cleaning"]
LETTER = re.compile(r"[\w\u200c]")


def kept(body: str) -> set[int]:
    """Positions of the body's characters that sentences cover."""
    try:
        document = segmented(Document(article=RawArticle(id="1", body=body), raw={}))
    except Rejected:
        return set()
    spans = (document.aligned.raw_span(s.start, s.end) for s in document.sentences)
    return {position for start, end in spans for position in range(start, end)}


def f1(judged: Iterable[tuple[set[int], set[int]]]) -> float:
    """Over pairs of positions found and wanted."""
    both = found = wanted = 0
    for ours, theirs in judged:
        both, found, wanted = both + len(ours & theirs), found + len(ours), wanted + len(theirs)
    return 2 * both / (found + wanted)


def test_whole_pages() -> None:
    shown = [page.shown() for page in pages()]
    article = [{i for a, b in page.article for i in range(a, b)} for page in pages()]
    ours = [kept(page.html) for page in pages()]
    assert len(shown) >= 25
    text = f1((s & k, s & a) for s, k, a in zip(shown, ours, article, strict=True))
    assert text >= FLOORS["pages_kept_f1"]
    chrome = f1((s - k, s - a) for s, k, a in zip(shown, ours, article, strict=True))
    assert chrome >= FLOORS["pages_boilerplate_f1"]


def test_gold_articles() -> None:
    shared = Path(os.environ.get("KHABAR_SHARED", ROOT.parent / "shared"))
    gold = shared / "gold" / "dev.jsonl"
    if not gold.is_file():
        pytest.skip(f"no gold articles at {gold}; KHABAR_SHARED names the folder that holds gold/")
    text, junk = [], []
    for row in read_rows(gold):
        letters = {m.start() for m in LETTER.finditer(row["body"])}
        boilerplate = {i for start, end in row["boilerplate"] for i in range(start, end)} & letters
        ours = kept(row["body"]) & letters
        text.append((ours, letters - boilerplate))
        junk.append((letters - ours, boilerplate))
    assert f1(text) >= FLOORS["gold_kept_f1"]
    assert f1(junk) >= FLOORS["gold_boilerplate_f1"]
