"""Fine-tunes the E5 encoder with a token head, in JAX on the CPU.

The encoder is BERT's (post-layer-norm, learned positions); one linear layer gives each token's first piece
its label. Windows of whole sentences up to `WINDOW` pieces, title first, so that a name is seen in the
context of its article; several windows share a row, apart by their segment numbers. AdamW, linear decay
after a warm-up, lower learning rates in lower layers.

The lower half of the layers stays as it is. Its output is computed once for each of a few ways to cut the
articles into windows, and the epochs use the kept output. An epoch costs a quarter by that: two shared cores
train the upper half in an hour.
"""

import math
import pickle
import random
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np

from workers.nlp.entities.pieces import PieceModel
from workers.training.e5 import E5
from workers.training.gold import IGNORED, LABELS, Labelled
from workers.training.rows import pack

NUMBER = {label: number for number, label in enumerate(LABELS)}
WINDOW = 128
Params = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Options:
    """The options of a training run."""

    epochs: int = 8
    minutes: float = math.inf  # the learning rate reaches its end after this time, whatever the epoch
    batch: int = 8
    rate: float = 2e-4
    head_rate: float = 2e-3
    decay_by_layer: float = 0.92
    frozen: int = 6  # layers, from below, left as they are with the embeddings
    views: int = 3  # ways to cut the articles into windows
    dropout: float = 0.1
    piece_dropout: float = 0.08
    seed: int = 1


def initial_params(e5: E5, kept: Sequence[int], seed: int) -> Params:
    """The encoder's own weights with the kept pieces' embeddings, and a new head."""
    t = {k: jnp.asarray(v) for k, v in e5.tensors.items()}
    params: Params = {
        "word": t["emb.word"][jnp.asarray(kept)],
        "pos": t["emb.pos"][:WINDOW] + t["emb.type"][0],
        "eln": (t["emb.ln.w"], t["emb.ln.b"]),
        "layers": [],
    }
    # The weights in the file are those of y = W x + b and nothing else.
    for n in range(e5.layers):
        own = {k.partition(".")[2]: v for k, v in t.items() if k.startswith(f"l{n}.")}
        params["layers"].append(
            {
                "qkv": (
                    jnp.concatenate([own["q.w"], own["k.w"], own["v.w"]]).T,
                    jnp.concatenate([own["q.b"], own["k.b"], own["v.b"]]),
                ),
                "ao": (own["ao.w"].T, own["ao.b"]),
                "aln": (own["aln.w"], own["aln.b"]),
                "fi": (own["fi.w"].T, own["fi.b"]),
                "fo": (own["fo.w"].T, own["fo.b"]),
                "oln": (own["oln.w"], own["oln.b"]),
            }
        )
    key = jax.random.PRNGKey(seed)
    hidden = params["word"].shape[1]
    params["head"] = (jax.random.normal(key, (hidden, len(LABELS))) * 0.02, jnp.zeros(len(LABELS)))
    return params


def _norm(x: Any, scale: Any) -> Any:
    mean = x.mean(-1, keepdims=True)
    centred = x - mean
    return centred * jax.lax.rsqrt((centred * centred).mean(-1, keepdims=True) + 1e-12) * scale[0] + scale[1]


def _drop(x: Any, rate: float, key: Any) -> Any:
    if key is None or rate == 0.0:
        return x
    # one random byte a number: an eighth of the cost of uniform floats on a CPU
    keep = jax.random.bits(key, x.shape, jnp.uint8) >= jnp.uint8(round(rate * 256))
    return jnp.where(keep, x / (1 - rate), 0.0)


def lower(params: Params, ids: Any, places: Any) -> Any:
    """The embeddings [batch, pieces, hidden]; `places` are positions within a window."""
    return _norm(params["word"][ids] + params["pos"][places], params["eln"])


def layers(
    stack: Sequence[Params], x: Any, segments: Any, heads: int, dropout: float = 0.0, key: Any = None
) -> Any:
    """The output of some layers; a piece sees the pieces with its number in `segments` (0: padding)."""
    keys = iter(jax.random.split(key, 2 * len(stack) + 1)) if key is not None else iter([None] * 99)
    x = _drop(x, dropout, next(keys))
    batch, length, hidden = x.shape
    size = hidden // heads
    bias = jnp.where(segments[:, :, None] == segments[:, None, :], 0.0, -1e9)[:, None]
    for layer in stack:
        qkv = x.reshape(-1, hidden) @ layer["qkv"][0] + layer["qkv"][1]
        q, k, v = (
            part.reshape(batch, length, heads, size).transpose(0, 2, 1, 3)
            for part in jnp.split(qkv, 3, axis=-1)
        )
        weights = jax.nn.softmax(q @ k.transpose(0, 1, 3, 2) / math.sqrt(size) + bias, axis=-1)
        context = (weights @ v).transpose(0, 2, 1, 3).reshape(-1, hidden)
        out = (context @ layer["ao"][0] + layer["ao"][1]).reshape(x.shape)
        x = _norm(x + _drop(out, dropout, next(keys)), layer["aln"])
        inner = jax.nn.gelu(x.reshape(-1, hidden) @ layer["fi"][0] + layer["fi"][1], approximate=False)
        out = (inner @ layer["fo"][0] + layer["fo"][1]).reshape(x.shape)
        x = _norm(x + _drop(out, dropout, next(keys)), layer["oln"])
    return x


def logits(params: Params, ids: Any, places: Any, segments: Any, heads: int) -> Any:
    """Label scores [batch, pieces, labels]."""
    x = layers(params["layers"], lower(params, ids, places), segments, heads)
    return x @ params["head"][0] + params["head"][1]


@dataclass(frozen=True, slots=True)
class Encoded:
    """A document as pieces: sentence by sentence, (ids, labels or -1) of each."""

    sentences: tuple[tuple[tuple[int, ...], tuple[int, ...]], ...]


def encode(labelled: Labelled, pieces: PieceModel) -> Encoded:
    """Cut a labelled document's tokens into pieces; a token's first piece carries its label."""
    out = []
    document, before = labelled.document, -1
    for sentence in document.sentences:
        ids: list[int] = []
        marks: list[int] = []
        for number in range(sentence.first, sentence.last):
            token = document.tokens[number]
            found = pieces.encode(token.text, token.start != before)
            before = token.end
            name = labelled.labels[number]
            ids += found
            marks += [-1 if name == IGNORED else NUMBER[name]] + [-1] * (len(found) - 1)
        out.append((tuple(ids), tuple(marks)))
    return Encoded(tuple(out))


def windows(
    encoded: Encoded, limit: int = WINDOW, first: int | None = None
) -> Iterator[tuple[list[int], list[int]]]:
    """Pieces and labels of runs of sentences, each with <s> and </s>; `first` shortens the first run."""
    room = (first or limit) - 2
    ids: list[int] = []
    marks: list[int] = []
    for sentence_ids, sentence_marks in encoded.sentences:
        for at in range(0, max(1, len(sentence_ids)), limit - 2):
            part, part_marks = sentence_ids[at : at + limit - 2], sentence_marks[at : at + limit - 2]
            if ids and len(ids) + len(part) > room:
                yield [0, *ids, 2], [-1, *marks, -1]
                ids, marks, room = [], [], limit - 2
            ids += part
            marks += part_marks
    if ids:
        yield [0, *ids, 2], [-1, *marks, -1]


def rows_of(encoded: Sequence[Encoded], view: int, seed: int) -> list[list["Window"]]:
    """All windows, packed into rows. View 0 has full windows; the others cut at random places."""
    rng = random.Random(seed + view)
    pool = []
    for document in encoded:
        limit = WINDOW if view == 0 else rng.choice((48, 80, WINDOW))
        for window in windows(document, limit, None if view == 0 else rng.randrange(32, limit + 1)):
            marks = window[1]
            if any(m > 0 for m in marks) or (any(m == 0 for m in marks) and rng.random() < 0.6):
                pool.append(window)
    packed = pack([len(ids) for ids, _ in pool], WINDOW, rng)
    return [[pool[number] for number in row] for row in packed]


Window = tuple[list[int], list[int]]


def arrays(
    rows: Sequence[Sequence[Window]], rng: random.Random | None = None, drop: float = 0.0
) -> tuple[Any, ...]:
    """The arrays of some rows; each piece is hidden (3: <unk>) with probability `drop`."""
    shape = (len(rows), WINDOW)
    ids, places, segments = (np.zeros(shape, np.int32) for _ in range(3))
    ids += 1
    marks = np.full(shape, -1, np.int32)
    for number, row in enumerate(rows):
        at = 0
        for segment, (piece_ids, piece_marks) in enumerate(row, 1):
            n = len(piece_ids)
            if rng and drop:
                piece_ids = [
                    3 if 0 < i < n - 1 and rng.random() < drop else p for i, p in enumerate(piece_ids)
                ]
            part = slice(at, at + n)
            ids[number, part], marks[number, part] = piece_ids, piece_marks
            places[number, part], segments[number, part] = np.arange(n), segment
            at += n
    return ids, places, segments, marks


def train(
    e5: E5,
    kept: Sequence[int],
    encoded: Sequence[Encoded],
    options: Options,
    save: Path,
    say: Callable[[str], None],
    every: int = 100,
) -> Params:
    """Fine-tune; a checkpoint of all parameters goes to `save` at regular steps."""
    everything = initial_params(e5, kept, options.seed)
    params = {"layers": everything["layers"][options.frozen :], "head": everything["head"]}
    heads = e5.heads
    views = [_view(everything, encoded, options, heads, number, say) for number in range(options.views)]
    total = sum(-(-len(views[n % options.views][0]) // options.batch) for n in range(options.epochs))
    rates = _rates(params, options)
    m = v = jax.tree.map(jnp.zeros_like, params)

    def whole(params: Params) -> Params:
        return {
            **everything,
            "layers": everything["layers"][: options.frozen] + params["layers"],
            "head": params["head"],
        }

    def loss(params: Params, x: Any, segments: Any, marks: Any, key: Any) -> Any:
        x = layers(params["layers"], x.astype(jnp.float32), segments, heads, options.dropout, key)
        scores = jax.nn.log_softmax(x @ params["head"][0] + params["head"][1])
        known = marks >= 0
        picked = jnp.take_along_axis(scores, jnp.maximum(marks, 0)[..., None], -1)[..., 0]
        return -(picked * known).sum() / jnp.maximum(known.sum(), 1)

    @jax.jit  # type: ignore[untyped-decorator]  # JAX types it not under strict
    def step(
        params: Params,
        m: Params,
        v: Params,
        number: Any,
        pace: Any,
        x: Any,
        segments: Any,
        marks: Any,
        key: Any,
    ) -> Any:
        value, grads = jax.value_and_grad(loss)(params, x, segments, marks, key)
        size = jnp.sqrt(sum((g * g).sum() for g in jax.tree.leaves(grads)))
        scale = jnp.minimum(1.0, 1.0 / (size + 1e-6))
        one, two = 1 - 0.9 ** (number + 1.0), 1 - 0.999 ** (number + 1.0)

        def update(p: Any, g: Any, m: Any, v: Any, rate: float) -> tuple[Any, Any, Any]:
            g = g * scale
            m = 0.9 * m + 0.1 * g
            v = 0.999 * v + 0.001 * g * g
            change = (m / one) / (jnp.sqrt(v / two) + 1e-8) + (0.01 * p if p.ndim > 1 else 0.0)
            return p - pace * rate * change, m, v

        flat, tree = jax.tree.flatten(params)
        parts = zip(flat, *map(jax.tree.leaves, (grads, m, v)), rates, strict=True)
        news = [update(*part) for part in parts]
        return *(jax.tree.unflatten(tree, [n[i] for n in news]) for i in range(3)), value

    started = time.monotonic()
    rng = np.random.default_rng(options.seed)
    key = jax.random.key(options.seed, impl="rbg")
    number, sliding = 0, 0.0
    for epoch in range(options.epochs):
        x, segments, marks = views[epoch % options.views]
        order = rng.permutation(len(x))
        order = np.concatenate([order, order[: -len(order) % options.batch]])
        for at in range(0, len(order), options.batch):
            some = order[at : at + options.batch]
            key, now = jax.random.split(key)
            done = max(number / total, (time.monotonic() - started) / 60 / options.minutes)
            if done >= 1.0:
                break
            pace = min(1.0, done / 0.06 + 0.01) * max(0.02, 1.0 - done)
            params, m, v, value = step(
                params, m, v, float(number), pace, x[some], segments[some], marks[some], now
            )
            number += 1
            sliding = float(value) if number == 1 else 0.98 * sliding + 0.02 * float(value)
            if number % 20 == 0:
                seconds = time.monotonic() - started
                say(f"epoch {epoch} step {number}/{total} loss {sliding:.4f} {seconds:.0f} s")
            if number % every == 0:
                save_params(whole(params), save)
    save_params(whole(params), save)
    return whole(params)


def _view(
    params: Params,
    encoded: Sequence[Encoded],
    options: Options,
    heads: int,
    number: int,
    say: Callable[[str], None],
) -> tuple[Any, ...]:
    """The output of the frozen layers for all rows of one view: [rows, pieces, hidden] in half precision."""
    rows = rows_of(encoded, number, options.seed)
    rows += rows[: -len(rows) % 16]
    rng = random.Random(options.seed + number)
    ids, places, segments, marks = arrays(rows, rng, options.piece_dropout if number else 0.0)
    stack = params["layers"][: options.frozen]
    run = jax.jit(lambda i, p, s: layers(stack, lower(params, i, p), s, heads).astype(jnp.float16))
    parts = [
        np.asarray(run(ids[at : at + 16], places[at : at + 16], segments[at : at + 16]))
        for at in range(0, len(ids), 16)
    ]
    say(f"view {number}: {len(ids)} rows")
    return np.concatenate(parts), segments, marks


def _rates(params: Params, options: Options) -> list[float]:
    depth = len(params["layers"])
    rates = {
        "head": (options.head_rate, options.head_rate),
        "layers": [
            jax.tree.map(lambda _, n=n: options.rate * options.decay_by_layer ** (depth - 1 - n), layer)
            for n, layer in enumerate(params["layers"])
        ],
    }
    leaves: list[float] = jax.tree.leaves(rates)
    return leaves


def save_params(params: Params, path: Path) -> None:
    """Write a checkpoint of numpy arrays atomically."""
    temporary = path.with_suffix(".tmp")
    temporary.write_bytes(pickle.dumps(jax.tree.map(np.asarray, params)))
    temporary.replace(path)
