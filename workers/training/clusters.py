"""Word classes from unlabelled news: co-occurrence, singular vectors, k-means.

Words that stand between the same neighbours get the same class. The steps are positive pointwise mutual
information of a word with its neighbours at four places, 64 singular vectors by a randomised method (Halko
et al. 2011), and spherical k-means at three granularities.
"""

from collections import Counter
from collections.abc import Iterable
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from workers.nlp.document import Document
from workers.nlp.entities.features import EDGE, normal

Array = NDArray[Any]
SIZES = (48, 192, 800)


def learn_classes(documents: Iterable[Document], seed: int = 7) -> dict[str, tuple[int, ...]]:
    """A class in each granularity of `SIZES` for the commonest words of the documents."""
    kept, vectors = learn_vectors(documents, seed=seed)
    levels = [_kmeans(vectors, size, seed) for size in SIZES]
    return {w: tuple(int(level[i]) for level in levels) for i, w in enumerate(kept) if w != EDGE}


def learn_vectors(
    documents: Iterable[Document], words: int = 45_000, least: int = 4, contexts: int = 3_000, seed: int = 7
) -> tuple[list[str], Array]:
    """The commonest words' normal forms, and their vectors of length 1, [words, 64]."""
    sentences = [
        [EDGE, *(normal(t.text) for t in d.tokens[s.first : s.last]), EDGE]
        for d in documents
        for s in d.sentences
    ]
    counts = Counter(w for s in sentences for w in s)
    kept = [w for w, n in counts.most_common(words) if n >= least]
    number = {w: i for i, w in enumerate(kept)}
    ids = np.array([number.get(w, -1) for s in sentences for w in s], np.int32)
    table = _mutual_information(ids, len(kept), contexts)
    return kept, _singular_vectors(table, 64, seed)


def _mutual_information(ids: Array, words: int, contexts: int) -> Any:
    blocks = []
    for distance in (1, 2):
        left, right = ids[:-distance], ids[distance:]
        for word, context in ((left, right), (right, left)):
            known = (word >= 0) & (context >= 0) & (context < contexts)
            blocks.append(
                sparse.coo_matrix(
                    (np.ones(known.sum(), np.float32), (word[known], context[known])), (words, contexts)
                ).tocsr()
            )
    table = sparse.hstack(blocks).tocoo()
    rows = np.asarray(table.sum(1)).ravel() + 1e-9
    columns = np.asarray(table.sum(0)).ravel() + 1e-9
    smooth = columns**0.75 / (columns**0.75).sum()
    value = np.log(table.data / rows[table.row] / smooth[table.col])
    keep = value > 0
    return sparse.csr_matrix(
        (value[keep].astype(np.float32), (table.row[keep], table.col[keep])), table.shape
    )


def _singular_vectors(table: Any, size: int, seed: int) -> Array:
    rng = np.random.default_rng(seed)
    sample = table @ rng.standard_normal((table.shape[1], size + 16)).astype(np.float32)
    for _ in range(4):
        sample, _ = np.linalg.qr(table @ (table.T @ sample))
    left, values, _ = np.linalg.svd((table.T @ sample).T, full_matrices=False)
    vectors = (sample @ left)[:, :size] * np.sqrt(values[:size])
    unit: Array = vectors / (np.linalg.norm(vectors, axis=1, keepdims=True) + 1e-9)
    return unit


def _kmeans(vectors: Array, size: int, seed: int, rounds: int = 25) -> Array:
    rng = np.random.default_rng(seed)
    # the commonest words come first: seeds among them give every class a core
    centres = vectors[rng.choice(min(len(vectors), 12 * size), size, replace=False)].copy()
    best = np.zeros(len(vectors), np.int64)
    for _ in range(rounds):
        best = np.concatenate(
            [(vectors[i : i + 4096] @ centres.T).argmax(1) for i in range(0, len(vectors), 4096)]
        )
        sums = np.zeros_like(centres)
        np.add.at(sums, best, vectors)
        empty = np.linalg.norm(sums, axis=1) == 0
        sums[empty] = vectors[rng.integers(0, len(vectors), empty.sum())]
        centres = sums / np.linalg.norm(sums, axis=1, keepdims=True)
    return best
