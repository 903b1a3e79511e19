"""A linear-chain conditional random field, decoded in numpy for a whole document at once.

The score of a label at a token is a sum of weights over attributes. Attributes of a word are the same
wherever the word stands, so each word's sum is formed once for each offset and then looked up; what is
left for a token is seven additions of a row, a few pairs, and the chain itself. All sentences advance
together, longest first.
"""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float32]
_LOW = -1e4


def by_length(lengths: Sequence[int]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Sentences' order, longest first, and for each position how many of them reach it."""
    order = np.argsort(-np.asarray(lengths), kind="stable")
    longest = max(lengths, default=0)
    reach = np.searchsorted(-np.asarray(lengths)[order], -np.arange(longest), side="left")
    return order, reach


def viterbi(
    scores: Array, starts: Sequence[int], lengths: Sequence[int], transitions: Array
) -> NDArray[np.int64]:
    """The best label of each token.

    `scores` is [tokens, labels], `transitions` [labels, labels] (from, to); sentence i holds the tokens
    `starts[i]` to `starts[i] + lengths[i]`.
    """
    best = np.zeros(len(scores), np.int64)
    if not len(scores):
        return best
    order, reach = by_length(lengths)
    first = np.asarray(starts)[order]
    onward = transitions[:, None, :]  # [from, 1, to]: the maximum over the first axis is the fast one
    states = [scores[first]]
    for at in range(1, len(reach)):
        n = reach[at]
        steps = states[-1][:n].T[:, :, None] + onward
        states.append(np.maximum.reduce(steps, axis=0) + scores[first[:n] + at])
    # The way back asks again for the best label before, of one label only: cheaper than to note them all.
    label = np.zeros(len(first), np.int64)
    n = 0
    for at in range(len(reach) - 1, -1, -1):
        before, n = n, int(reach[at])
        if before:
            label[:before] = (states[at][:before] + transitions[:, label[:before]].T).argmax(1)
        if n > before:
            label[before:n] = states[at][before:n].argmax(1)
        best[first[:n] + at] = label[:n]
    return best


def marginals(scores: Array, starts: Sequence[int], lengths: Sequence[int], transitions: Array) -> Array:
    """The probability of each label at each token, [tokens, labels]: forward-backward with scaling."""
    out = np.zeros_like(scores)
    if not len(scores):
        return out
    order, reach = by_length(lengths)
    first = np.asarray(starts)[order]
    move = np.exp(transitions - transitions.max())
    weight = np.exp(scores - scores.max(1, keepdims=True)) + 1e-30
    forward = np.zeros_like(weight)
    state = weight[first[: reach[0]]]
    for at in range(len(reach)):
        n = reach[at]
        if at:
            state = (state[:n] @ move) * weight[first[:n] + at]
        state = state / (state.sum(1, keepdims=True) + 1e-30)
        forward[first[:n] + at] = state
    back = np.zeros((0, scores.shape[1]), np.float32)
    for at in range(len(reach) - 1, -1, -1):
        n = reach[at]
        ones = np.ones((n - len(back), scores.shape[1]), np.float32)
        back = np.concatenate([back, ones]) if len(back) else ones
        out[first[:n] + at] = forward[first[:n] + at] * back
        back = (weight[first[:n] + at] * back) @ move.T
        back /= back.sum(1, keepdims=True) + 1e-30
    out /= out.sum(1, keepdims=True) + 1e-30
    return out


def bio_transitions(labels: Sequence[str], transitions: Array) -> Array:
    """The transitions with a wall before each I that does not continue a name of its type."""
    walled = transitions.copy()
    for j, to in enumerate(labels):
        if to.startswith("I-"):
            for i, origin in enumerate(labels):
                if origin[2:] != to[2:] or origin == "O":
                    walled[i, j] = _LOW
    return walled
