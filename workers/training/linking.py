"""Measures linker and date grammar alone on gold articles.

Run `python -m workers.training.linking GOLD.jsonl [--errors N]`. It prints

- B-cubed over the name mentions of each type; the linker gets the gold mentions on the raw body;
- strict precision, recall and F1 of dates, times, sums and percentages by the grammar alone, without those in
  boilerplate and in names;
- statements whose speaker is named by an office: how many of these offices are nominal mentions of the
  right person, of a wrong one, or of nobody.
"""

import argparse
import sys
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any, NamedTuple

from schemas.article import RawArticle
from workers.nlp.alignment import AlignedText
from workers.nlp.calendars import parse_published
from workers.nlp.document import Document, TextBlock, TextMention
from workers.training.gold import TYPES, read_rows, trim
from workers.training.measure.clusters import b_cubed
from workers.training.shipped import find_quantities, linker, months, segment

QUANTITIES = TYPES[6:]


class Score(NamedTuple):
    """B-cubed sums: precision, recall and the number of mentions."""

    precision: float
    recall: float
    mentions: int

    @property
    def f1(self) -> float:
        """Harmonic mean of the two averages."""
        p, r = self.precision / max(self.mentions, 1), self.recall / max(self.mentions, 1)
        return 2 * p * r / (p + r) if p + r else 0.0


def gold_document(row: dict[str, Any]) -> Document:
    """The gold article as a document on its raw body, with the gold mentions and no entities."""
    body = row["body"]
    text = body.replace("&zwnj;", "\u200c" * 6).replace("&nbsp;", " " * 6)
    aligned = AlignedText.identity(text)
    document = Document(
        article=RawArticle(body=body),
        raw={"id": row["id"]},
        aligned=aligned,
        blocks=(TextBlock("paragraph", 0, len(text), "body", 0, len(text)),),
        published_at=parse_published(row.get("published"), months()),
    )
    values = {(m.start, m.end): m.quantity for m in find_quantities(document)}
    spans = sorted((*span, entity["type"]) for entity in row["entities"] for span in entity["mentions"])
    mentions = [
        TextMention(start, end, kind, quantity=values.get((start, end))) for start, end, kind in spans
    ]
    return replace(segment(document), mentions=tuple(mentions))


def compare(row: dict[str, Any], document: Document) -> Iterator[tuple[str, float, float, str]]:
    """Type, B-cubed precision and recall, and a note on the error, of each gold mention."""
    gold = {tuple(m): e["id"] for e in row["entities"] for m in e["mentions"]}
    found = {(m.start, m.end): e.id for e in document.entities for m in e.mentions if m.kind == "name"}
    types = {e["id"]: e["type"] for e in row["entities"]}
    for shared in b_cubed(gold, found):
        kind = types[gold[shared.mention]]
        note = ""
        if shared.found != shared.gold:
            note = f"{kind} got {_forms(document, shared.found)} wanted {_forms(document, shared.gold)}"
        yield kind, shared.precision, shared.recall, note


def _forms(document: Document, spans: Iterable[tuple[int, ...]]) -> str:
    return "[" + " = ".join(sorted({document.text[s[0] : s[1]] for s in spans})) + "]"


def evaluate(rows: Sequence[dict[str, Any]]) -> tuple[dict[str, Score], Counter[str]]:
    """Scores by type and in all, and the errors counted."""
    sums: dict[str, list[float]] = defaultdict(lambda: [0.0, 0.0, 0.0])
    errors: Counter[str] = Counter()
    for row in rows:
        for kind, p, r, note in compare(row, linker().cluster(gold_document(row))):
            for key in (kind, "all"):
                sums[key][0] += p
                sums[key][1] += r
                sums[key][2] += 1
            if note:
                errors[f"{row['id']} {note}"] += 1
    return {k: Score(v[0], v[1], int(v[2])) for k, v in sums.items()}, errors


def grammar(rows: Sequence[dict[str, Any]]) -> dict[str, tuple[int, int, int]]:
    """Right, predicted and gold mentions of each type of quantity."""
    counts = {kind: [0, 0, 0] for kind in QUANTITIES}
    for row in rows:
        document = gold_document(row)
        text = document.text
        gold = {
            (trim(text, (s, e)), entity["type"])
            for entity in row["entities"]
            for s, e in entity["mentions"]
            if entity["type"] in QUANTITIES
        }
        elsewhere: set[int] = set()
        for entity in row["entities"]:
            if entity["type"] not in QUANTITIES:
                elsewhere.update(i for s, e in entity["mentions"] for i in range(s, e))
        elsewhere.update(i for s, e in row["boilerplate"] for i in range(s, e))
        found = {
            (trim(text, (m.start, m.end)), m.type)
            for m in find_quantities(document)
            if elsewhere.isdisjoint(range(m.start, m.end))
        }
        for kind, count in counts.items():
            mine, theirs = ({x for x in side if x[1] == kind} for side in (found, gold))
            count[0] += len(mine & theirs)
            count[1] += len(mine)
            count[2] += len(theirs)
    return {kind: (c[0], c[1], c[2]) for kind, c in counts.items()}


def offices(rows: Sequence[dict[str, Any]]) -> Counter[str]:
    """Offices that speak: `right`, `wrong` or `missed` as nominal mentions.

    `nobody`: linked without a name.
    """
    counts: Counter[str] = Counter()
    for row in rows:
        document = linker().cluster(gold_document(row))
        names = {(m.start, m.end): e.id for e in document.entities for m in e.mentions if m.kind == "name"}
        nominal = [
            (m.start, m.end, e.id) for e in document.entities for m in e.mentions if m.kind == "nominal"
        ]
        people = {e["id"]: e["mentions"] for e in row["entities"] if e["type"] == "PER"}
        unnamed = {s["id"] for s in row["speakers"]}
        for statement in row["statements"]:
            if not statement.get("mention"):
                continue
            start, end = statement["mention"]
            over = {i for s, e, i in nominal if s < end and e > start}
            spans = people.get(statement["speaker"])
            if statement["speaker"] in unnamed:
                counts["nobody"] += bool(over)
            elif spans and not any(s < end and e > start for s, e in spans):
                words = document.text[start:end].split()
                if words[0] in _NO_OFFICE:
                    continue
                person = {names[s, e] for s, e in spans}
                counts["right" if over & person else "wrong" if over else "missed"] += 1
    return counts


_NO_OFFICE = frozenset(("وی", "وي", "او", "ایشان", "خودش", "آنها", "آنان", "من", "ما", "این", "اين"))


def main(arguments: Sequence[str] | None = None) -> int:
    """Print the tables."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("gold", type=Path)
    parser.add_argument("--errors", type=int, default=0)
    options = parser.parse_args(arguments)
    rows = read_rows(options.gold)
    scores, errors = evaluate(rows)
    write = sys.stdout.write
    for kind, score in sorted(scores.items()):
        n = max(score.mentions, 1)
        p, r = score.precision / n, score.recall / n
        write(f"clusters {kind:8} P {p:.4f} R {r:.4f} F1 {score.f1:.4f} of {score.mentions}\n")
    for kind, (right, predicted, gold) in grammar(rows).items():
        p, r = right / max(predicted, 1), right / max(gold, 1)
        write(f"grammar  {kind:8} P {p:.4f} R {r:.4f} F1 {2 * p * r / max(p + r, 1e-9):.4f} of {gold}\n")
    write(f"offices  {dict(sorted(offices(rows).items()))}\n")
    for note, _ in sorted(errors.items())[: options.errors]:
        write(note.replace("\n", "⏎") + "\n")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
