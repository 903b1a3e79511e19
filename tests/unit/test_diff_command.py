"""`khabar diff` as its user meets it; exit codes as those of diff."""

import gzip
import json
from pathlib import Path
from typing import Any

import msgspec
import pytest
from typer.testing import CliRunner

from schemas.enriched import EnrichedArticle
from workers.commands.application import application


def khabar(*arguments: object, stdin: bytes | None = None) -> tuple[int, str, str]:
    result = CliRunner().invoke(application, [str(a) for a in arguments], input=stdin, prog_name="khabar")
    return result.exit_code, result.stdout, result.stderr


@pytest.fixture(autouse=True)
def nobody_at_home(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("KHABAR_BROKERS", "127.0.0.1:1")


@pytest.fixture
def old(sample_events: list[EnrichedArticle], tmp_path: Path) -> Path:
    path = tmp_path / "old.jsonl.gz"
    path.write_bytes(gzip.compress(b"".join(msgspec.json.encode(e) + b"\n" for e in sample_events)))
    return path


@pytest.fixture
def new(sample_events: list[EnrichedArticle], tmp_path: Path) -> Path:
    """The first article is gone, the second has lost its first statement, a newer third comes twice."""
    rows: list[dict[str, Any]] = [msgspec.to_builtins(e) for e in sample_events]
    said = next(row for row in rows[1:] if row["statements"])
    del said["statements"][0]
    outdated = {**rows[-1], "entities": []}
    path = tmp_path / "new.jsonl"
    path.write_text("\n".join(json.dumps(row) for row in [outdated, *rows[1:]]) + "\n\n")
    return path


def test_a_file_is_the_same_as_itself(old: Path, sample_events: list[EnrichedArticle]) -> None:
    code, out, err = khabar("diff", old, old)
    assert (code, err) == (0, "")
    assert f"{len(sample_events)} in both: {len(sample_events)} equal, 0 differ" in out


def test_differences_are_counted_and_shown(
    old: Path, new: Path, sample_events: list[EnrichedArticle]
) -> None:
    code, out, _ = khabar("diff", old, new)
    assert code == 1
    both = len(sample_events) - 1
    assert f"{both} in both: {both - 1} equal, 1 differ; 1 only in A, 0 only in B" in out
    assert "statement-lost, 1 of 1" in out
    assert "article-lost, 1 of 1" in out
    said = next(e for e in sample_events[1:] if e.statements)
    assert said.statements[0].text[:40] in out
    assert said.article["id"] in out


def test_only_the_wanted_kinds_decide(old: Path, new: Path) -> None:
    assert khabar("diff", old, new, "--kind", "entity")[0] == 0
    code, out, _ = khabar("diff", old, new, "--kind", "statement", "--summary")
    assert code == 1
    assert "statement-lost" in out
    assert "article-lost" not in out
    assert "of 1" not in out


def test_json_lines(old: Path, new: Path, sample_events: list[EnrichedArticle]) -> None:
    code, out, _ = khabar("diff", old, new, "--json")
    assert code == 1
    rows = [json.loads(line) for line in out.splitlines()]
    assert sorted(row["kind"] for row in rows) == ["article-lost", "statement-lost"]
    assert {row["article"] for row in rows if row["kind"] == "article-lost"} == {
        sample_events[0].article["id"]
    }
    code, out, _ = khabar("diff", new, old, "--json", "--summary")
    (row,) = [json.loads(line) for line in out.splitlines()]
    assert row["changes"] == {"article-gained": 1, "statement-gained": 1}
    assert row["b"]["articles"] == len(sample_events)


def test_standard_input_is_a_side(old: Path) -> None:
    code, _, err = khabar("diff", old, "-", stdin=gzip.decompress(old.read_bytes()))
    assert (code, err) == (0, "")


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (b'{"article": {"id": "1"}}\n{"article"\n', "bad.jsonl:2 holds no enriched event"),
        (b'{"id": "1", "body": "x"}\n', "bad.jsonl:1 holds no enriched event"),
        (b'{"article": {"id": "1"}}\n', "the event of article 1 cannot be read"),
        (b'{"article": {"id": "\xff"}}\n', "bad.jsonl:1 holds no enriched event"),
    ],
)
def test_what_is_no_event_is_trouble(old: Path, tmp_path: Path, content: bytes, told: str) -> None:
    (tmp_path / "bad.jsonl").write_bytes(content)
    code, _, err = khabar("diff", old, "bad.jsonl")
    assert code == 2
    assert told in err


def test_other_trouble(old: Path) -> None:
    code, _, err = khabar("diff", old, "none.jsonl")
    assert (code, "no such file" in err) == (2, True)
    code, _, err = khabar("diff", old, "topic:enriched")
    assert (code, "no broker answers" in err) == (2, True)
    code, _, err = khabar("diff", old, old, "--kind", "speaker")
    assert (code, "there is no kind 'speaker'" in err) == (2, True)
