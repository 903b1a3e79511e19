"""`python -m workers.training.spacing`: write `workers/nlp/knowledge/tables/spacing.txt.gz` again.

The corpus is only counted. The word lists are hazm's own (in its wheel, MIT), `vocab.csv`,
`compound_words.csv` and `verbs.csv` of the `shekar` wheel (MIT), and the given names that ship beside it.
"""

import argparse
import csv
import gzip
import sys
from importlib.resources import files
from itertools import chain
from pathlib import Path

from workers.nlp.knowledge.spacing import ZWNJ
from workers.training.spacing.counts import articles, count, plain_texts
from workers.training.spacing.evidence import Published
from workers.training.spacing.learn import learn


def main() -> int:
    """Read the arguments, count, learn, write."""
    parser = argparse.ArgumentParser(prog="python -m workers.training.spacing", description=__doc__)
    parser.add_argument("--articles", type=Path, nargs="+", required=True, help="JSON lines, .gz or not")
    parser.add_argument("--sentences", type=Path, nargs="*", default=[], help="plain text, careful spelling")
    parser.add_argument("--shekar", type=Path, required=True, help="folder of the wheel's CSV files")
    parser.add_argument("--out", type=Path, default=Path("workers/nlp/knowledge/tables/spacing.txt.gz"))
    options = parser.parse_args()
    counts = count(chain(articles(options.articles), plain_texts(options.sentences)))
    sections = learn(counts, _published(options.shekar))
    text = "".join(f"\n[{name}]\n" + "\n".join(lines) for name, lines in sections.items())
    options.out.write_bytes(gzip.compress(text.encode("utf-8"), 9, mtime=0))
    sys.stdout.write(", ".join(f"{name} {len(lines)}" for name, lines in sections.items()) + "\n")
    return 0


def _published(shekar: Path) -> Published:
    verbs = _rows(shekar / "verbs.csv")
    past, present = {row[1] for row in verbs}, {row[0] for row in verbs}
    data = files("hazm").joinpath("data")
    for line in data.joinpath("verbs.dat").read_text("utf-8").splitlines():
        before, _, after = line.strip().partition("#")
        past.add(before)
        present.update(after.split(" یا "))
    words: dict[str, tuple[int, tuple[str, ...]]] = {}
    for line in data.joinpath("words.dat").read_text("utf-8").splitlines():
        word, frequency, parts = line.split("\t")
        words[word] = int(frequency), tuple(parts.split(","))
    names = files("workers.nlp.knowledge.tables").joinpath("given_names.tsv").read_text("utf-8").splitlines()
    return Published(
        vocabulary=frozenset(row[0] for row in _rows(shekar / "vocab.csv") if len(row) > 1),
        compounds=frozenset(row[0] for row in _rows(shekar / "compound_words.csv") if "#" not in row[0]),
        hazm=words,
        given_names=frozenset(name.partition("\t")[0] for name in names),
        past=frozenset(_stems(past)),
        present=frozenset(_stems(present) - {"هست"}),
    )


def _stems(stems: set[str]) -> set[str]:
    last = {stem.replace(" ", ZWNJ).split(ZWNJ)[-1] for stem in stems}
    return {stem for stem in last if len(stem) > 1}


def _rows(path: Path) -> list[list[str]]:
    with path.open(encoding="utf-8", newline="") as lines:
        return [row for row in csv.reader(lines) if row]


if __name__ == "__main__":
    sys.exit(main())
