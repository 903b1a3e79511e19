"""Reading the Dockerfile, for `make image-steps`."""

from pathlib import Path

import pytest

from deploy import image_steps


def test_logical_lines_without_comments() -> None:
    text = '# head\nARG A=1\nFROM a AS b\nRUN one \\\n && two\n  # between\nCOPY x y\n\nFROM c\nCMD ["d"]\n'
    assert list(image_steps.instructions(text)) == [
        ("ARG", "A=1"),
        ("FROM", "a AS b"),
        ("RUN", "one && two"),
        ("COPY", "x y"),
        ("FROM", "c"),
        ("CMD", '["d"]'),
    ]
    assert image_steps.build_stage(text) == [("RUN", "one && two"), ("COPY", "x y")]


def test_the_build_stage_uses_only_instructions_that_can_be_run_here() -> None:
    stage = image_steps.build_stage(image_steps.DOCKERFILE.read_text(encoding="utf-8"))
    assert {name for name, _ in stage} == {"ENV", "WORKDIR", "COPY", "RUN"}
    assert stage[0][0] == "ENV"


@pytest.mark.parametrize(
    ("target", "expected"), [("requirements/", "requirements/a.txt"), ("b.txt", "b.txt"), ("./", "a.txt")]
)
def test_copy_of_a_file(tmp_path: Path, target: str, expected: str) -> None:
    source = tmp_path / "a.txt"
    source.write_text("x", encoding="utf-8")
    image = tmp_path / "image"
    image.mkdir()
    image_steps.copy(source, image / target)
    assert (image / expected).read_text(encoding="utf-8") == "x"


def test_copy_of_a_folder_is_its_content(tmp_path: Path) -> None:
    (tmp_path / "pkg" / "__pycache__").mkdir(parents=True)
    (tmp_path / "pkg" / "m.py").write_text("", encoding="utf-8")
    image_steps.copy(tmp_path / "pkg", tmp_path / "image" / "pkg")
    assert [p.name for p in (tmp_path / "image" / "pkg").iterdir()] == ["m.py"]
