"""Trains the student of the tagger: a small convolutional network taught by the larger models.

The student sees the attributes of a word that the random field sees (`entities/features.py`), each as a
learned vector. It sees the words around through a few dilated convolutions (Strubell et al. 2017,
arXiv:1702.02098). It learns the label probabilities of its teachers on unlabelled articles (Hinton et al.
2015, arXiv:1503.02531), together with the gold labels of the annotated ones. Each teacher has an output of
its own.
"""

import math
import random
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from workers.training.crf import write_archive
from workers.training.rows import pack
from workers.training.student_lines import MARKS, ROW, Example, Inventory

Array = NDArray[Any]
Params = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Options:
    """The options of a training run."""

    size: int = 96  # of an attribute's vector
    width: int = 128  # of a hidden layer
    kernels: tuple[tuple[int, int], ...] = ((5, 1), (3, 2), (3, 4), (3, 8))  # (taps, dilation) of each layer
    epochs: float = 8
    minutes: float = math.inf  # the learning rate reaches its end after this time, whatever the epoch
    batch: int = 32
    rate: float = 2e-3
    dropout: float = 0.1
    word_dropout: float = 0.1  # of a word's own vector and its classes'
    gold_share: float = 0.1  # of the rows of a batch
    seed: int = 1


def initial_network(labels: int, teachers: int, options: Options, rng: np.random.Generator) -> Params:
    """Random weights of the convolutions and the outputs."""
    layers = []
    before = options.size
    for taps, _ in options.kernels:
        scale = math.sqrt(2.0 / (before * taps))
        weights = rng.standard_normal((taps * before, options.width)) * scale
        layers.append({"w": weights.astype(np.float32), "b": np.zeros(options.width, np.float32)})
        before = options.width
    out = (rng.standard_normal((before, teachers * labels)) * 0.05).astype(np.float32)
    return {"layers": layers, "out": {"w": out, "b": np.zeros(teachers * labels, np.float32)}}


def _drop(x: Any, rate: float, key: Any) -> Any:
    keep = jax.random.bits(key, x.shape, jnp.uint8) >= jnp.uint8(round(rate * 256))
    return jnp.where(keep, x / (1 - rate), 0.0)


def _spread(x: Any, taps: int, dilation: int) -> Any:
    """The input of a convolution at each token: [batch, tokens, taps * channels]."""
    reach = taps // 2 * dilation
    padded = jnp.pad(x, ((0, 0), (reach, reach), (0, 0)))
    n = x.shape[1]
    return jnp.concatenate([padded[:, i * dilation : i * dilation + n] for i in range(taps)], -1)


def logits(network: Params, options: Options, x: Any, key: Any) -> Any:
    """Label scores, [batch, tokens, teachers * labels], of the tokens' vectors `x`."""
    keys = jax.random.split(key, len(options.kernels) + 1)
    x = _drop(x, options.dropout, keys[0])
    for number, ((taps, dilation), layer) in enumerate(zip(options.kernels, network["layers"], strict=True)):
        new = jax.nn.relu(_spread(x, taps, dilation) @ layer["w"] + layer["b"])
        x = _drop(x + new if number else new, options.dropout, keys[number + 1])
    return x @ network["out"]["w"] + network["out"]["b"]


class _Vectors:
    """The attributes' vectors and their Adam optimiser, which changes only the rows of a batch."""

    def __init__(self, rows: int, size: int, rng: np.random.Generator) -> None:
        self.table = (rng.standard_normal((rows + 1, size)) * 0.1).astype(np.float32)
        self.table[0] = 0
        self.first = np.zeros_like(self.table)
        self.second = np.zeros_like(self.table)

    def step(self, seen: Any, grads: Array, number: int, rate: float) -> None:
        """Take one step.

        `seen` is the sparse matrix that summed the vectors, `grads` are the sums' gradients.
        """
        rows, columns = np.unique(seen.indices, return_inverse=True)
        narrow = sparse.csr_matrix((seen.data, columns, seen.indptr), (seen.shape[0], len(rows)))
        g = narrow.T @ grads
        first = self.first[rows] = 0.9 * self.first[rows] + 0.1 * g
        second = self.second[rows] = 0.99 * self.second[rows] + 0.01 * g * g
        one, two = 1 - 0.9 ** (number + 1), 1 - 0.99 ** (number + 1)
        self.table[rows] -= rate * (first / one) / (np.sqrt(second / two) + 1e-8)


def train(
    inventory: Inventory,
    gold: Sequence[Example],
    silver: Sequence[Example],
    labels: int,
    options: Options,
    say: Callable[[str], None],
    begun: Params | None = None,
) -> Params:
    """Fit the network, from random weights or those of an earlier run.

    The weights are `table` [attributes + 1, size], `layers` (each `w` and `b`) and `out`.
    """
    teachers = gold[0].targets.shape[1]
    words = inventory.table()
    droppable = np.zeros(len(inventory.rows) + 1, bool)
    for name, row in inventory.rows.items():
        droppable[row] = name.startswith(("w=", "c")) and name != "w=<s>"
    rng, np_rng = random.Random(options.seed), np.random.default_rng(options.seed)
    vectors = _Vectors(len(inventory.rows), options.size, np_rng)
    network = initial_network(labels, teachers, options, np_rng)
    if begun is not None:
        vectors.table = begun["table"].copy()
        network = {"layers": begun["layers"], "out": begun["out"]}
    network = jax.tree.map(jnp.asarray, network)
    m = v = jax.tree.map(jnp.zeros_like, network)

    def loss(network: Params, x: Any, targets: Any, weights: Any, key: Any) -> Any:
        scores = logits(network, options, x, key)
        scores = jax.nn.log_softmax(scores.reshape(*scores.shape[:2], teachers, labels))
        each = -(targets.astype(jnp.float32) * scores).sum(-1).mean(-1)
        return (each * weights).sum() / jnp.maximum(weights.sum(), 1)

    @jax.jit  # type: ignore[untyped-decorator]  # JAX types it not under strict
    def step(network: Params, m: Params, v: Params, number: Any, rate: Any, *batch: Any) -> Any:
        value, (grads, sums) = jax.value_and_grad(loss, argnums=(0, 1))(network, *batch)
        one, two = 1 - 0.9 ** (number + 1.0), 1 - 0.99 ** (number + 1.0)
        m = jax.tree.map(lambda m, g: 0.9 * m + 0.1 * g, m, grads)
        v = jax.tree.map(lambda v, g: 0.99 * v + 0.01 * g * g, v, grads)
        network = jax.tree.map(
            lambda p, m, v: p - rate * (m / one) / (jnp.sqrt(v / two) + 1e-8), network, m, v
        )
        return network, m, v, value, sums

    gold_rows, silver_rows = (pack([len(e.words) for e in lines], ROW, rng) for lines in (gold, silver))
    share = max(1, round(options.batch * (options.gold_share if silver else 1.0)))
    say(f"rows: {len(gold_rows)} gold, {len(silver_rows)} silver; {len(inventory.rows)} attributes")
    per_epoch = len(silver_rows or gold_rows) / (options.batch - share if silver else share)
    total = max(1, round(options.epochs * per_epoch))
    golds, silvers = _endless(gold_rows, rng), _endless(silver_rows, rng)
    key = jax.random.key(options.seed, impl="rbg")
    started, sliding = time.monotonic(), 0.0
    for number in range(total):
        done = max(number / total, (time.monotonic() - started) / 60 / options.minutes)
        if done >= 1.0:
            break
        chosen = [[gold[i] for i in next(golds)] for _ in range(share)]
        chosen += [[silver[i] for i in next(silvers)] for _ in range(options.batch - share)] if silver else []
        seen, targets, weights = _arrays(chosen, words, droppable, options.word_dropout, np_rng)
        x = (seen @ vectors.table).reshape(len(chosen), ROW, -1)
        key, now = jax.random.split(key)
        rate = options.rate * min(1.0, done / 0.03 + 0.01) * max(0.01, 1.0 - done)
        network, m, v, value, sums = step(network, m, v, float(number), rate, x, targets, weights, now)
        vectors.step(seen, np.asarray(sums).reshape(len(chosen) * ROW, -1), number, rate)
        sliding = float(value) if number == 0 else 0.98 * sliding + 0.02 * float(value)
        if number % 100 == 99:
            say(f"step {number + 1}/{total} loss {sliding:.4f} {time.monotonic() - started:.0f} s")
    return {"table": vectors.table, **jax.tree.map(np.asarray, network)}


def _endless(rows: Sequence[list[int]], rng: random.Random) -> Iterator[list[int]]:
    while rows:
        yield from rng.sample(rows, len(rows))


def _arrays(
    rows: Sequence[Sequence[Example]], table: Array, droppable: Array, drop: float, rng: np.random.Generator
) -> tuple[Any, Array, Array]:
    """A batch: the sparse matrix [tokens, attributes] that sums each token's vectors, targets, weights."""
    first = rows[0][0]
    shape = (len(rows), ROW)
    words = np.full(shape, -1, np.int32)
    marks = np.zeros((*shape, MARKS), np.int32)
    targets = np.zeros((*shape, *first.targets.shape[1:]), np.float16)
    weights = np.zeros(shape, np.float32)
    for number, row in enumerate(rows):
        at = 0
        for line in row:
            part = slice(at, at + len(line.words))
            words[number, part], marks[number, part] = line.words, line.marks
            targets[number, part], weights[number, part] = line.targets, line.weights
            at = part.stop
    own = table[np.maximum(words, 0)].reshape(words.size, -1) * (words.reshape(-1, 1) >= 0)
    # now and then hide a word, so that its letters and neighbours must tell
    hidden = rng.random(len(own)) < drop
    own[hidden] = np.where(droppable[own[hidden]], 0, own[hidden])
    parts = np.concatenate([own, marks.reshape(len(own), -1)], 1)
    used = parts > 0
    ends = np.concatenate([[0], used.sum(1).cumsum()])
    ones = np.ones(ends[-1], np.float32)
    seen = sparse.csr_matrix((ones, parts[used], ends), (len(own), len(droppable)))
    return seen, targets, weights


def export(
    params: Params, options: Options, rows: Mapping[str, int], labels: Sequence[str], save: Path
) -> None:
    """Write the network as the file that `entities.student.Student` reads, with the first teacher's output.

    Attributes' vectors have 8 bits, each with its own scale; the layers have half precision. The outputs of
    the other teachers are left out: they only helped to form the layers.
    """
    vectors = np.asarray(params["table"])[1:]
    scales = np.maximum(np.abs(vectors).max(1), 1e-8) / 127
    arrays: dict[str, Array] = {
        "vectors": np.round(vectors / scales[:, None]).astype(np.int8),
        "scales": scales.astype(np.float32),
        "kernels": np.array(options.kernels, np.int64),
        "out": np.asarray(params["out"]["w"][:, : len(labels)], np.float16),
        "out_bias": np.asarray(params["out"]["b"][: len(labels)], np.float16),
    }
    for number, layer in enumerate(params["layers"]):
        arrays[f"w{number}"] = np.asarray(layer["w"], np.float16)
        arrays[f"b{number}"] = np.asarray(layer["b"], np.float16)
    texts = {
        "attributes.txt": "\n".join(sorted(rows, key=rows.__getitem__)),
        "labels.txt": "\n".join(labels),
    }
    write_archive(save, texts, arrays)
