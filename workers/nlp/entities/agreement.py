"""One article, one reading: names found in one place of an article are found in its other places too.

In the annotated articles a name of an article stands elsewhere in it without being one 21 times against
9,900 times as the same; the last word of a person's full name stands alone as that person 514 times, as
something else 4 times. Where the words of a whole name stand, they are never annotated as its beginning alone
(0 of 11,818). The tagger sees a sentence or two at a time, so this is left to do.
"""

from collections import Counter
from collections.abc import Iterator, Sequence

_SHORTEST = 3  # letters of a name of one word that may be carried over
_LONGEST = 12  # tokens of a name that may be
_SHARE = 0.34  # of the places of a string: as many must have been found, else the finds are in doubt


Words = tuple[str, ...]


def agree(words: Sequence[str], labels: Sequence[str]) -> list[str]:
    """BIO labels with the names of the document carried over to where none, or only its beginning, was found.

    `words` and `labels` are those of the document's tokens. Linear in the tokens.
    """
    out = list(labels)
    names: dict[Words, Counter[str]] = {}
    people: set[Words] = set()
    for first, last, kind in _names(labels):
        if last - first > _LONGEST:
            continue
        name = tuple(words[first:last])
        names.setdefault(name, Counter())[kind] += 1
        if kind == "PER":
            people |= {name[at:] for at in range(1, len(name))}
    for name in people:
        names.setdefault(name, Counter({"PER": 0}))
    lengths: dict[str, set[int]] = {}
    for name in names:
        if len(name) > 1 or (len(name[0]) >= _SHORTEST and name[0][0].isalpha()):
            lengths.setdefault(name[0], set()).add(len(name))
    free: dict[Words, list[int]] = {}
    at = 0
    while at < len(words):
        step = 1
        for length in sorted(lengths.get(words[at], ()), reverse=True):
            name = tuple(words[at : at + length])
            if name in names and _open(labels[at : at + length], names[name]):
                free.setdefault(name, []).append(at)
                step = length
                break
        at += step
    for name, places in free.items():
        kind, found = names[name].most_common(1)[0]
        if (name in people and kind == "PER") or found >= _SHARE * (found + len(places)):
            for at in places:
                out[at : at + len(name)] = [f"B-{kind}", *[f"I-{kind}"] * (len(name) - 1)]
    return out


def _open(labels: Sequence[str], kinds: Counter[str]) -> bool:
    """Whether no name was found at a place, or only the beginning of one of a kind that the name is."""
    rest = labels
    if labels[0][0] == "B" and kinds[labels[0][2:]]:
        inside = f"I-{labels[0][2:]}"
        size = next((at for at, label in enumerate(labels) if at and label != inside), len(labels))
        rest = labels[size:]
        if not rest:
            return False
    return all(label == "O" for label in rest)


def _names(labels: Sequence[str]) -> Iterator[tuple[int, int, str]]:
    first, kind = -1, ""
    for at in range(len(labels) + 1):
        label = labels[at] if at < len(labels) else "O"
        if first >= 0 and label != f"I-{kind}":
            yield first, at, kind
            first = -1
        if label != "O" and first < 0:
            first, kind = at, label[2:]
