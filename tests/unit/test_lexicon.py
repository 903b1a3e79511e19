"""Lexicons: shipped, extended by a folder, matched."""

from pathlib import Path

import pytest

from workers.nlp.knowledge.lexicon import Lexicon
from workers.nlp.knowledge.sources import LexiconError, Sources
from workers.training.shipped import knowledge


@pytest.fixture(scope="module")
def lexicon() -> Lexicon:
    return knowledge().lexicon


@pytest.mark.parametrize(
    ("form", "name", "category"),
    [
        ("امريكا", "آمریکا", "countries"),
        ("ایالات متحده آمریکا", "آمریکا", "countries"),
        ("جمهوری اسلامی ایران", "ایران", "countries"),
        ("الرقه", "رقه", "cities"),
        ("تل آویو", "تل‌آویو", "cities"),
        ("ملل متحد", "سازمان ملل متحد", "bodies"),
        ("داعش", "دولت اسلامی عراق و شام", "armed_groups"),
        ("پ ک ک", "حزب کارگران کردستان", "armed_groups"),
    ],
)
def test_forms_lead_to_entries(lexicon: Lexicon, form: str, name: str, category: str) -> None:
    assert (name, category) in [(e.name, e.category) for e in lexicon.find(form)]


def test_shipped_files_are_sound(lexicon: Lexicon) -> None:
    types = {"PER", "ORG", "LOC", "FAC", "EVENT", "PRODUCT", ""}
    assert {e.type for e in lexicon.entries} <= types
    qids = [e.wikidata for e in lexicon.entries if e.wikidata]
    assert all(q[0] == "Q" and q[1:].isdigit() for q in qids)
    assert len(qids) == len(set(qids))
    capitals = [e.attributes["capital"] for e in lexicon.category("countries") if "capital" in e.attributes]
    assert len(capitals) > 120


def test_longest_match_over_words(lexicon: Lexicon) -> None:
    words = ["وزیر", "خارجه", "ایالات", "متحده", "آمریکا", "وارد", "تل\u200cآویو", "شد"]
    found = [(m.first, m.last, m.entries[0].name) for m in lexicon.match(words) if m.entries[0].type]
    assert found == [(2, 5, "آمریکا"), (6, 7, "تل‌آویو")]


def test_a_folder_adds_without_code(tmp_path: Path) -> None:
    (tmp_path / "clubs.tsv").write_text("name\ttype\tvariants\tcolour\nچوکا تالش\tORG\tچوکا\tسبز\n", "utf-8")
    (tmp_path / "rivers.tsv").write_text("# ours\nname\ttype\nشاخاب نمونه\tLOC\n", "utf-8")
    lexicon = Lexicon.read(Sources.read([tmp_path]))
    (club,) = lexicon.find("چوکا")
    assert (club.name, club.category, club.attributes) == ("چوکا تالش", "clubs", {"colour": "سبز"})
    assert lexicon.find("شاخاب نمونه")[0].type == "LOC"
    assert lexicon.find("پرسپولیس")


@pytest.mark.parametrize(
    "text", ["بدون سرستون\tLOC\n", "name\ttype\nالف\tLOC\tزیادی\n", "name\ttype\n\tLOC\n"]
)
def test_a_bad_file_is_named(tmp_path: Path, text: str) -> None:
    (tmp_path / "bad.tsv").write_text(text, "utf-8")
    with pytest.raises(LexiconError, match=r"bad\.tsv:\d"):
        Lexicon.read(Sources.read([tmp_path]))


def test_a_missing_folder_is_named(tmp_path: Path) -> None:
    with pytest.raises(LexiconError, match="no such folder"):
        Sources.read([tmp_path / "absent"])
