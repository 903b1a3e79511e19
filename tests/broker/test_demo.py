"""`khabar demo`, as `make demo` runs it."""

import subprocess
import sys
from pathlib import Path

from tests.broker.cluster import ROOT


def demo(folder: Path, *paths: Path) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "workers", "demo", "--html", folder / "demo.html", *paths]
    return subprocess.run([str(c) for c in command], cwd=ROOT, capture_output=True, text=True, timeout=300)


def test_the_samples_are_all_accounted_for(tmp_path: Path) -> None:
    done = demo(tmp_path)
    assert done.returncode == 0, done.stderr + done.stdout
    assert "10 records sent = 9 enriched + 1 dead, 0 unaccounted for" in done.stdout
    assert "malformed_json" in done.stdout
    assert "Who said what" in done.stdout
    page = (tmp_path / "demo.html").read_text(encoding="utf-8")
    assert 'dir="rtl"' in page
    assert page.count("<article") >= 9


def test_a_worker_that_cannot_start_is_told(tmp_path: Path) -> None:
    article = tmp_path / "a.jsonl"
    article.write_text('{"id": "1", "body": "استاندار گفت: پل باز می‌شود."}', encoding="utf-8")
    command = [sys.executable, "-m", "workers", "demo", "--html", str(tmp_path / "d.html"), str(article)]
    done = subprocess.run(
        [*command, "--lexicon", str(tmp_path / "nowhere")], cwd=ROOT, capture_output=True, text=True
    )
    assert done.returncode == 1
    assert "the worker ended by itself" in done.stderr
    assert f"not accounted for: {article}:1" in done.stderr
