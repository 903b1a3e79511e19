"""What a teacher thinks of each word, counted over unlabelled news.

A word that the teacher mostly takes for part of a person's name where the context is clear is a hint for
the student where it is not.
"""

from collections import Counter
from collections.abc import Iterable

from workers.nlp.document import Document
from workers.nlp.entities.features import normal

LEAST = 3  # occurrences


def learn_hints(labelled: Iterable[tuple[Document, list[str]]]) -> dict[str, str]:
    """For each word of the documents, in its normal form, the type it mostly has and how often: «PER9»."""
    counts: dict[str, Counter[str]] = {}
    for document, labels in labelled:
        for token, label in zip(document.tokens, labels, strict=True):
            form = normal(token.text)
            if form[0].isalpha():
                counts.setdefault(form, Counter())[label[2:] or "O"] += 1
    hints: dict[str, str] = {}
    for form, found in counts.items():
        total = sum(found.values())
        if total < LEAST:
            continue
        kind, number = max(
            ((k, n) for k, n in found.items() if k != "O"), key=lambda x: x[1], default=("", 0)
        )
        named = 1 - found["O"] / total
        if named >= 0.1:
            hints[form] = f"{kind}{round(4 * named)}{'' if number > 0.7 * named * total else 'm'}"
        elif total >= 12:
            hints[form] = "O" if named < 0.01 else "o"
    return hints
