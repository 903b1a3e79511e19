"""Writes a fine-tuned encoder as an ONNX graph with weights of eight bits.

A few channels of this encoder are up to fifty times larger than the rest, so plain dynamic quantisation
(one scale for all activations of a product) changes a twentieth of the labels. Two things mend that.
Channels are evened out between activations and weights (SmoothQuant, Xiao et al. 2023, arXiv:2211.10438),
measured on a few articles. And each token's activations are first divided by their own maximum.
"""

import zipfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import onnx
import onnxruntime
from onnx import TensorProto, helper, numpy_helper

from workers.nlp.entities.encoder import WINDOW

Params = dict[str, Any]
_PADDING = 1
_LEVELS = 63  # seven bits: without VNNI, eight overflow the sixteen-bit sums of AVX2


class _Graph:
    """Nodes and weights as they are added; every `add` returns the name of the new value."""

    def __init__(self) -> None:
        self.nodes: list[Any] = []
        self.weights: list[Any] = []

    def weight(self, value: Any) -> str:
        name = f"w{len(self.weights)}"
        self.weights.append(numpy_helper.from_array(np.ascontiguousarray(value), name))
        return name

    def add(self, kind: str, *inputs: str, **attributes: Any) -> str:
        name = f"v{len(self.nodes)}"
        self.nodes.append(
            helper.make_node(kind, list(inputs), [name], name=f"n{len(self.nodes)}", **attributes)
        )
        return name

    def product(self, x: str, matrix: Any, largest: Any) -> str:
        """`x @ matrix`, in bytes if `largest` has the greatest absolute value of each channel of `x`."""
        if largest is None:
            return self.add("MatMul", x, self.weight(matrix))
        even = np.sqrt(np.maximum(largest, 1e-3) / (np.abs(matrix).max(1) + 1e-6)).astype(np.float32)
        evened = matrix * even[:, None]
        scale = (np.abs(evened).max(0) / _LEVELS + 1e-12).astype(np.float32)
        x = self.add("Mul", x, self.weight(1 / even))
        row = self.add("ReduceMax", self.add("Abs", x), axes=[-1], keepdims=1)
        row = self.add("Add", row, self.weight(np.float32(1e-6)))
        inputs = [self.add("Div", x, row)]
        name = f"v{len(self.nodes)}"
        bytes_, step, zero = name, f"{name}s", f"{name}z"
        self.nodes.append(
            helper.make_node("DynamicQuantizeLinear", inputs, [bytes_, step, zero], name=f"q{name}")
        )
        whole = self.add("MatMulInteger", bytes_, self.weight(np.round(evened / scale).astype(np.int8)), zero)
        product = self.add("Cast", whole, to=TensorProto.FLOAT)
        return self.add("Mul", self.add("Mul", product, self.add("Mul", self.weight(scale), step)), row)


def encoder_graph(params: Params, heads: int, largest: Sequence[Any] = ()) -> onnx.ModelProto:
    """The graph: `ids` [windows, pieces] to `scores` [windows, pieces, labels]; padding is masked out.

    `largest` has, for each product in turn, the greatest absolute value of each input channel. Without it the
    graph keeps 32-bit floats, and also returns the input of each product.
    """
    g = _Graph()
    measured = iter(largest)
    seen_by: list[str] = []
    hidden = params["word"].shape[1]

    def linear(x: str, pair: Any) -> str:
        if not largest:
            seen_by.append(x)
        return g.add("Add", g.product(x, pair[0], next(measured, None)), g.weight(pair[1]))

    def norm(x: str, pair: Any) -> str:
        return g.add("LayerNormalization", x, g.weight(pair[0]), g.weight(pair[1]), axis=-1, epsilon=1e-12)

    def one(*values: int) -> str:
        return g.weight(np.array(values, np.int64))

    # embeddings: one byte a weight and one scale a piece
    word = params["word"]
    scale = np.abs(word).max(1, keepdims=True) / 127 + 1e-9
    bytes_ = g.add("Gather", g.weight(np.round(word / scale).astype(np.int8)), "ids")
    x = g.add("Mul", g.add("Cast", bytes_, to=TensorProto.FLOAT), g.add("Gather", g.weight(scale), "ids"))
    length = g.add("Gather", g.add("Shape", "ids"), one(1))
    places = g.add("Slice", g.weight(params["pos"][:WINDOW]), one(0), length, one(0))
    x = norm(g.add("Add", x, places), params["eln"])
    padding = g.add("Cast", g.add("Equal", "ids", one(_PADDING)), to=TensorProto.FLOAT)
    bias = g.add("Unsqueeze", g.add("Mul", padding, g.weight(np.float32(-1e4))), one(1, 2))
    for layer in params["layers"]:
        qkv = linear(x, layer["qkv"])
        parts = []
        for part in range(3):
            own = g.add("Slice", qkv, one(part * hidden), one((part + 1) * hidden), one(2))
            shaped = g.add("Reshape", own, one(0, 0, heads, hidden // heads))
            parts.append(g.add("Transpose", shaped, perm=[0, 2, 3, 1] if part == 1 else [0, 2, 1, 3]))
        match = g.add(
            "Mul", g.add("MatMul", parts[0], parts[1]), g.weight(np.float32((hidden // heads) ** -0.5))
        )
        seen = g.add("MatMul", g.add("Softmax", g.add("Add", match, bias), axis=-1), parts[2])
        merged = g.add("Reshape", g.add("Transpose", seen, perm=[0, 2, 1, 3]), one(0, 0, hidden))
        x = norm(g.add("Add", x, linear(merged, layer["ao"])), layer["aln"])
        inner = linear(x, layer["fi"])
        half = g.add("Mul", inner, g.weight(np.float32(0.5)))
        bell = g.add(
            "Add", g.add("Erf", g.add("Mul", inner, g.weight(np.float32(0.5**0.5)))), g.weight(np.float32(1))
        )
        x = norm(g.add("Add", x, linear(g.add("Mul", half, bell), layer["fo"])), layer["oln"])
    g.nodes.append(helper.make_node("Identity", [linear(x, params["head"])], ["scores"], name="out"))
    graph = helper.make_graph(
        g.nodes,
        "encoder",
        [helper.make_tensor_value_info("ids", TensorProto.INT64, ["windows", "pieces"])],
        [
            helper.make_tensor_value_info(
                "scores", TensorProto.FLOAT, ["windows", "pieces", params["head"][0].shape[1]]
            ),
            *(helper.make_tensor_value_info(name, TensorProto.FLOAT, None) for name in seen_by[:-1]),
        ],
        g.weights,
    )
    return helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=9)


def largest_inputs(params: Params, heads: int, windows: Sequence[Sequence[int]]) -> list[Any]:
    """For each product but the last, the greatest absolute value of each channel over some windows."""
    graph = encoder_graph(params, heads).SerializeToString()
    session = onnxruntime.InferenceSession(graph, providers=["CPUExecutionProvider"])
    largest: list[Any] = []
    for ids in windows:
        found = [np.abs(x).max((0, 1)) for x in session.run(None, {"ids": np.array([ids], np.int64)})[1:]]
        largest = [np.maximum(a, b) for a, b in zip(largest, found, strict=True)] if largest else found
    return largest


def export(
    params: Params,
    heads: int,
    windows: Sequence[Sequence[int]],
    labels: Sequence[str],
    pieces: Sequence[str],
    scores: Sequence[float],
    save: Path,
) -> None:
    """Write the file that `encoder.Encoder` reads: graph, pieces, labels.

    `windows` are the pieces of a few dozen windows, to measure the channels on.
    """
    graph = encoder_graph(params, heads, largest_inputs(params, heads, windows)).SerializeToString()
    rows = "\n".join(f"{p}\t{s:.4f}" for p, s in zip(pieces, scores, strict=True))
    with zipfile.ZipFile(save, "w") as archive:
        for name, data in (
            ("labels.txt", "\n".join(labels).encode()),
            ("pieces.tsv", rows.encode()),
            ("model.onnx", graph),
        ):
            archive.writestr(zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0)), data, zipfile.ZIP_DEFLATED, 9)
