"""Reads names from BIO labels of tokens, and writes one over others."""

from collections.abc import Iterator, Sequence


def spans(labels: Sequence[str]) -> Iterator[tuple[int, int, str]]:
    """First token, token after the last and type of each name that the labels tell of."""
    first, kind = -1, ""
    for at in range(len(labels) + 1):
        label = labels[at] if at < len(labels) else "O"
        if first >= 0 and label != f"I-{kind}":
            yield first, at, kind
            first = -1
        if label != "O" and first < 0:
            first, kind = at, label[2:]


def write(labels: list[str], first: int, last: int, kind: str) -> None:
    """Label the places [first, last) as one name, as none for the kind `O`.

    What is left of a name after it begins anew.
    """
    if last < len(labels) and labels[last][0] == "I":
        labels[last] = f"B{labels[last][1:]}"
    if kind == "O":
        labels[first:last] = ["O"] * (last - first)
    else:
        labels[first:last] = [f"B-{kind}", *[f"I-{kind}"] * (last - first - 1)]
