"""Chooses the pieces that Persian news needs, out of the 250,002 of the multilingual vocabulary."""

import gzip
from collections import Counter
from collections.abc import Iterable, Sequence
from pathlib import Path

import orjson

from workers.nlp.document import Rejected
from workers.nlp.entities.pieces import PieceModel
from workers.training.e5 import E5
from workers.training.gold import prepare


def choose_pieces(e5: E5, texts: Path, size: int = 16_000, articles: int = 4_000) -> list[int]:
    """Ids of the `size` pieces to keep: special ones, single letters in use, the commonest in the news."""
    model = PieceModel.of(e5.pieces, list(e5.scores), e5.unknown)
    words: Counter[str] = Counter()
    for path in sorted(texts.glob("*.jsonl.gz")):
        rows = gzip.decompress(path.read_bytes()).splitlines()
        for line in rows[:: max(1, len(rows) * 7 // articles)]:
            row = orjson.loads(line)
            try:
                tokens = prepare(row).tokens if row.get("body") else ()
            except Rejected:
                continue
            words.update(token.text for token in tokens)
    counts: Counter[int] = Counter()
    for word, number in words.items():
        for piece in model.encode(word, spaced=True):
            counts[piece] += number
        for piece in model.encode(word, spaced=False):
            counts[piece] += 1
    special = [e5.begin, e5.padding, e5.end, e5.unknown]
    letters = [i for i, p in enumerate(e5.pieces) if len(p.lstrip("▁")) <= 1 and i not in special]
    known = [
        i for i in letters if counts[i] or any("\u0600" <= c <= "\u06ff" or c.isascii() for c in e5.pieces[i])
    ]
    kept = special + known
    have = set(kept)
    kept += [i for i, _ in counts.most_common() if i not in have][: size - len(kept)]
    return kept


def add_pieces(e5: E5, kept: Sequence[int], words: Iterable[str]) -> list[int]:
    """`kept`, then the ids of the other pieces that some words are made of."""
    model = PieceModel.of(e5.pieces, list(e5.scores), e5.unknown)
    used = {piece for word in words for piece in model.encode(word, spaced=True)}
    return [*kept, *sorted(used.difference(kept))]
