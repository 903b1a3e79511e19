"""Writes a fine-tuned encoder as an ONNX graph with weights of eight bits.

Each block of 32 weights has a scale of its own (`MatMulNBits` of onnxruntime), and so have the activations
it meets. One scale a matrix, as dynamic quantisation has it, loses a twentieth of the labels: few channels
of this encoder are far larger than the rest.
"""

import zipfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper

from workers.nlp.entities.encoder import WINDOW

_PADDING = 1
_BLOCK = 32


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

    def product(self, x: str, matrix: Any, bits: int) -> str:
        """`x @ matrix`; the matrix in blocks of bytes where `bits` is 8, as it is where 32."""
        rows, columns = matrix.shape
        if bits == 32:
            return self.add("MatMul", x, self.weight(matrix))
        blocks = np.ascontiguousarray(matrix.T).reshape(columns, rows // _BLOCK, _BLOCK)
        scale = np.abs(blocks).max(2, keepdims=True) / 127 + 1e-12
        packed = (np.round(blocks / scale) + 128).astype(np.uint8)
        return self.add(
            "MatMulNBits",
            x,
            self.weight(packed),
            self.weight(scale.reshape(-1).astype(np.float32)),
            domain="com.microsoft",
            K=rows,
            N=columns,
            bits=bits,
            block_size=_BLOCK,
            accuracy_level=4,
        )


def encoder_graph(params: dict[str, Any], heads: int, bits: int = 8) -> onnx.ModelProto:
    """The graph: `ids` [windows, pieces] to `scores` [windows, pieces, labels]; padding is masked out."""
    g = _Graph()
    hidden = params["word"].shape[1]

    def linear(x: str, pair: Any) -> str:
        return g.add("Add", g.product(x, pair[0], bits), g.weight(pair[1]))

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
            )
        ],
        g.weights,
    )
    opsets = [helper.make_opsetid("", 17), helper.make_opsetid("com.microsoft", 1)]
    return helper.make_model(graph, opset_imports=opsets, ir_version=9)


def export(
    params: dict[str, Any],
    heads: int,
    labels: Sequence[str],
    pieces: Sequence[str],
    scores: Sequence[float],
    save: Path,
) -> None:
    """Write the file that `encoder.Encoder` reads: graph, pieces, labels."""
    graph = encoder_graph(params, heads).SerializeToString()
    rows = "\n".join(f"{p}\t{s:.4f}" for p, s in zip(pieces, scores, strict=True))
    with zipfile.ZipFile(save, "w") as archive:
        for name, data in (
            ("labels.txt", "\n".join(labels).encode()),
            ("pieces.tsv", rows.encode()),
            ("model.onnx", graph),
        ):
            archive.writestr(zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0)), data, zipfile.ZIP_DEFLATED, 9)
