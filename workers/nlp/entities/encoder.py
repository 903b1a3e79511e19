"""The encoder of the `accurate` profile: label probabilities from a fine-tuned transformer, in ONNX.

Sentences are put together in windows of up to `WINDOW` pieces, so that a name is read in its context; each
token's label is read at its first piece. One thread: the worker runs one process a core.
"""

import io
import zipfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from workers.nlp.document import Document
from workers.nlp.entities.crf import Array
from workers.nlp.entities.pieces import PieceModel

WINDOW = 128  # pieces, with the two that mark the ends: what the training saw
_BEGIN, _PADDING, _END, _UNKNOWN = 0, 1, 2, 3
_BATCH = 4  # windows of like length that are run together
_SURE = 1e-6
_MOST_TOKENS = 20_000  # of a document that are read: ten seconds; what follows is left to the random field

Pieces = tuple[list[int], list[tuple[int, int]]]
"""The ids of a window, and (token, place in the window) of each token's first piece."""


@dataclass(frozen=True, slots=True)
class Encoder:
    """A loaded model: `session` is onnxruntime's."""

    labels: tuple[str, ...]
    pieces: PieceModel
    session: Any

    @classmethod
    def read(cls, data: bytes) -> "Encoder":
        """The encoder in a file's bytes.

        Raises `ModuleNotFoundError` where onnxruntime is not installed (extra `accurate`).
        """
        try:
            import onnxruntime
        except ModuleNotFoundError as error:
            message = "the profile `accurate` needs onnxruntime: pip install khabar[accurate]"
            raise ModuleNotFoundError(message, name=error.name) from error
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            labels = tuple(archive.read("labels.txt").decode().split("\n"))
            rows = [line.split("\t") for line in archive.read("pieces.tsv").decode().split("\n")]
            graph = archive.read("model.onnx")
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = options.inter_op_num_threads = 1
        options.log_severity_level = 3
        session = onnxruntime.InferenceSession(graph, options, providers=["CPUExecutionProvider"])
        return cls(
            labels, PieceModel.of([r[0] for r in rows], [float(r[1]) for r in rows], _UNKNOWN), session
        )

    def scores(self, document: Document, labels: Sequence[str]) -> Array:
        """The logarithm of the probability of each of `labels` at each token, [tokens, labels].

        What the encoder knows beyond these (dates, sums) counts as O. Tokens from the 20,000th on have
        the score 0 for all labels.
        """
        known = np.exp(self.log_probabilities(document))
        out = known[:, [self.labels.index(name) for name in labels]]
        out[:, labels.index("O")] += known[:, [i for i, n in enumerate(self.labels) if n not in labels]].sum(
            1
        )
        scores: Array = np.log(np.maximum(out, np.float32(_SURE)))
        scores[_MOST_TOKENS:] = 0.0
        return scores

    def log_probabilities(self, document: Document) -> Array:
        """The logarithm of the probability of each of the encoder's own labels, [tokens, labels]."""
        out = np.zeros((len(document.tokens), len(self.labels)), np.float32)
        ready = sorted(self.windows(document), key=lambda w: len(w[0]))
        for at in range(0, len(ready), _BATCH):
            part = ready[at : at + _BATCH]
            width = max(len(ids) for ids, _ in part)
            ids = np.full((len(part), width), _PADDING, np.int64)
            for row, (own, _) in enumerate(part):
                ids[row, : len(own)] = own
            scores = self.session.run(None, {"ids": ids})[0]
            for row, (_, firsts) in enumerate(part):
                tokens, places = np.array(firsts, np.int64).reshape(-1, 2).T
                found = scores[row, places]
                found = found - found.max(1, keepdims=True)
                out[tokens] = found - np.log(np.exp(found).sum(1, keepdims=True))
        return out

    def windows(self, document: Document) -> Iterator[Pieces]:
        """Runs of whole sentences; a sentence longer than a window is cut between tokens."""
        ids: list[int] = [_BEGIN]
        firsts: list[tuple[int, int]] = []
        tokens = document.tokens
        before = -1
        for sentence in document.sentences:
            found: list[tuple[int, tuple[int, ...]]] = []
            for number in range(sentence.first, min(sentence.last, _MOST_TOKENS)):
                token = tokens[number]
                found.append((number, self.pieces.encode(token.text, token.start != before)[: WINDOW - 2]))
                before = token.end
            if len(ids) > 1 and len(ids) + sum(len(p) for _, p in found) >= WINDOW:
                yield [*ids, _END], firsts
                ids, firsts = [_BEGIN], []
            for number, pieces in found:
                if len(ids) + len(pieces) >= WINDOW:
                    yield [*ids, _END], firsts
                    ids, firsts = [_BEGIN], []
                firsts.append((number, len(ids)))
                ids += pieces
        if firsts:
            yield [*ids, _END], firsts
