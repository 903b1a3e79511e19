"""One article, one reading: names found in one place of an article are found in its other places too.

In the annotated articles a name of an article stands elsewhere in it without being one 21 times against
9,900 times as the same; the last word of a person's full name stands alone as that person 514 times, as
something else 4 times. Where the words of a whole name stand, a part of them alone is annotated 5 times
against 6,889. Of 1,756 names that stand more than once, 7 have two types in one article. The tagger sees a
sentence or two at a time, so it cannot use this.
"""

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from itertools import pairwise

from workers.nlp.entities.bio import spans, write

_SHORTEST = 3  # letters of a name of one word that may be carried over
_LONGEST = 12  # tokens of a name that may be
_SHARE = 3  # one in this many of a string's places must have been found; fewer finds are in doubt


_NONE: Counter[str] = Counter()

Words = tuple[str, ...]


def agree(  # noqa: C901 - one pass over the labels
    words: Sequence[str],
    labels: Sequence[str],
    told: Mapping[Words, str] | None = None,
    titles: Collection[int] = (),
) -> list[str]:
    """BIO labels with the document's names carried over to where none, or only a part of one, was found.

    A name found under two types takes the one it is known to have (`told`), else has oftener. `words` and
    `labels` are those of the document's tokens. `titles` are the first words of names that keep their type
    and say nothing of other places («فیلم «محمد مصدق»»), but where a title of several words has no other
    reading. Linear in the tokens.
    """
    told = told or {}
    out = list(labels)
    names: dict[Words, Counter[str]] = {}
    people: set[Words] = set()
    found: list[tuple[int, Words, str]] = []
    called: dict[Words, Counter[str]] = {}
    for first, last, kind in spans(labels):
        if last - first > _LONGEST:
            continue
        name = tuple(words[first:last])
        if first in titles:
            if len(name) > 1:
                called.setdefault(name, Counter())[kind] += 1
            continue
        found.append((first, name, kind))
        names.setdefault(name, Counter())[kind] += 1
        if kind == "PER":
            people |= {name[at:] for at in range(1, len(name))}
    for name in people:
        names.setdefault(name, Counter())["PER"] += 0
    names = called | names
    for first, name, kind in found:
        kinds = names[name]
        if len(kinds) > 1 and kind != (chosen := told.get(name) or _type(kinds, name in people)):
            write(out, first, first + len(name), chosen)
    labels = list(out)
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
            if name in names and _open(words, labels, at, at + length, names, titles):
                free.setdefault(name, []).append(at)
                step = length
                break
        at += step
    for name, places in free.items():
        kinds = names[name]
        kind, times = told.get(name) or _type(kinds, name in people), kinds.total()
        if (name in people and kind == "PER") or _SHARE * times >= times + len(places):
            for at in places:
                write(out, at, at + len(name), kind)
                if kind == "PER" and name in people and at and out[at - 1][2:] == "PER":
                    out[at] = "I-PER"  # «مها غازی برهم» beside «علاء برهم»: her name goes on
    _join_turned(words, out, names)
    return out


def _join_turned(words: Sequence[str], out: list[str], names: Mapping[Words, Counter[str]]) -> None:
    """Make one name of two neighbours that stand elsewhere the other way round: «کارتر اشتون»."""
    people = [(first, last) for first, last, kind in spans(out) if kind == "PER"]
    for (first, middle), (after, last) in pairwise(people):
        turned = (*words[after:last], *words[first:middle])
        if middle == after and last - first <= _LONGEST and names.get(turned, _NONE)["PER"]:
            out[middle] = "I-PER"


def _type(kinds: Counter[str], person: bool) -> str:
    """The commonest type of a name; the end of a person's name counts as a find more, and wins a draw."""
    told = {"PER"} if person else set()
    return max(kinds, key=lambda kind: (kinds[kind] + (kind in told), kind in told))


def _open(
    words: Sequence[str],
    labels: Sequence[str],
    first: int,
    last: int,
    names: Mapping[Words, Counter[str]],
    titles: Collection[int],
) -> bool:
    """Whether no name stands at the places [first, last), or only parts of the one that fills them.

    A part is the beginning of the whole and of a type of it, or stands nowhere else as a name; no title is.
    """
    if labels[first][0] == "I" or (last < len(labels) and labels[last][0] == "I"):
        return False
    whole = names[tuple(words[first:last])]
    for start, end, kind in spans(labels[first:last]):
        part = tuple(words[first + start : first + end])
        if end - start == last - first or first + start in titles:
            return False
        if not (start == 0 and whole[kind]) and names[part].total() > 1:
            return False
    return True
