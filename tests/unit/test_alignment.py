"""Edits of aligned text, few and many, against a model that goes character by character."""

from hypothesis import given
from hypothesis import strategies as st

from workers.nlp.alignment import AlignedText, Edit, change_lines

GAPS = st.lists(
    st.tuples(st.integers(0, 3), st.integers(0, 3), st.sampled_from(("", "آ", "بب", "ccc"))), max_size=300
)


def edits_of(gaps: list[tuple[int, int, str]]) -> tuple[int, list[Edit]]:
    """Ordered edits, each so far behind the last one, and a length of text that holds them."""
    at = 0
    edits: list[Edit] = []
    for gap, width, new in gaps:
        edits.append((at + gap, at + gap + width, new))
        at += gap + width
    return at + 2, edits


def model(text: AlignedText, edits: list[Edit]) -> list[tuple[str, int, int]]:
    places = list(zip(text.text, text.starts, text.ends, strict=True))
    out: list[tuple[str, int, int]] = []
    at = 0
    for start, end, new in edits:
        out += places[at:start]
        for number, letter in enumerate(new):
            if len(new) == end - start:
                out.append((letter, *places[start + number][1:]))
            elif start < end:
                out.append((letter, places[start][1], places[end - 1][2]))
            else:
                here = places[start - 1][2] if start else places[0][1]
                out.append((letter, here, here))
        at = end
    return out + places[at:]


@given(GAPS, GAPS, st.integers(0, 9))
def test_edits_keep_places(
    first: list[tuple[int, int, str]], second: list[tuple[int, int, str]], at: int
) -> None:
    length, edits = edits_of(first)
    text = AlignedText.identity("x" * length, at)
    for batch in (edits, [e for e in edits_of(second)[1] if e[1] <= length // 2]):
        fitting = [edit for edit in batch if edit[1] <= len(text)]
        wanted = model(text, fitting)
        text = text.edit(fitting)
        assert list(zip(text.text, text.starts, text.ends, strict=True)) == wanted


def test_insertions_into_nothing() -> None:
    assert AlignedText.identity("").edit([(0, 0, "a")] * 200).text == "a" * 200


LINES = st.lists(st.text("ab \n", max_size=6), max_size=5)


@given(LINES, st.sampled_from(("", "x", "xy", "\n")))
def test_lines_changed_together_are_lines_changed_alone(raws: list[str], new: str) -> None:
    def change(text: AlignedText) -> AlignedText:
        return text.edit([(n, n + 1, new) for n, letter in enumerate(text.text) if letter == "a"])

    lines = [AlignedText.identity(raw, 10 * n) for n, raw in enumerate(raws)]
    assert change_lines(lines, change) == [change(line) for line in lines]
