"""The trace of a text names the rules that decided."""

from pathlib import Path

from workers.training.measure.trace import trace


def test_names_cues_and_the_rules_that_decided_are_told() -> None:
    lines = list(trace("فرماندار رشت گفت: راه باز است.\nوی بر تعمیر پل تأکید کرد."))
    assert lines == [
        "name       رشت · LOC",
        "cue        گفت · frame after",
        "cue        تأکید کرد · frame nominal",
        "statement  راه باز است",
        "  frame    after",
        "  speaker  فرماندار رشت · sieve role · فرماندار رشت",
        "statement  تعمیر پل",
        "  frame    nominal",
        "  speaker  وی · sieve anaphor · فرماندار رشت",
    ]


def test_a_cue_that_is_refused_stands_without_a_statement() -> None:
    assert list(trace("آنها به سرمایه خود افزودند تا کار تمام شود.")) == [
        "cue        افزودند · no frame, or one that refuses"
    ]


def test_a_folder_adds_words(tmp_path: Path) -> None:
    text = "فرماندار رشت پژواک داد که راه باز است."
    row = 'id = "x", noun = ["پژواک"], verb = ["دادن"], class = "neutral", stance = "say", clause = true'
    (tmp_path / "cues.toml").write_text(f"cues = [{{ {row} }}]\n", encoding="utf-8")
    assert not [line for line in trace(text) if line.startswith("cue")]
    assert [line for line in trace(text, [tmp_path]) if line.startswith("cue")] == [
        "cue        پژواک داد · frame after"
    ]
