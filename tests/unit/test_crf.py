"""The chain's decoding against what trying everything finds."""

from itertools import pairwise, product

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from workers.nlp.entities.crf import bio_transitions, marginals, viterbi


@st.composite
def chains(draw):
    labels = draw(st.integers(2, 4))
    lengths = draw(st.lists(st.integers(1, 4), min_size=1, max_size=4))
    rng = np.random.default_rng(draw(st.integers(0, 2**32 - 1)))
    scores = rng.normal(size=(sum(lengths), labels)).astype(np.float32) * 2
    transitions = rng.normal(size=(labels, labels)).astype(np.float32)
    starts = np.cumsum([0, *lengths[:-1]]).tolist()
    return scores, starts, lengths, transitions


def paths(scores, transitions):
    for path in product(range(scores.shape[1]), repeat=len(scores)):
        total = sum(scores[i, y] for i, y in enumerate(path))
        yield path, total + sum(transitions[a, b] for a, b in pairwise(path))


@settings(max_examples=60, deadline=None)
@given(chains())
def test_viterbi_finds_the_best_of_all_paths(chain):
    scores, starts, lengths, transitions = chain
    found = viterbi(scores, starts, lengths, transitions)
    for start, length in zip(starts, lengths, strict=True):
        part = scores[start : start + length]
        best = max(paths(part, transitions), key=lambda p: p[1])[1]
        own = next(t for p, t in paths(part, transitions) if p == tuple(found[start : start + length]))
        assert np.isclose(own, best, atol=1e-4)


@settings(max_examples=40, deadline=None)
@given(chains())
def test_marginals_are_sums_over_all_paths(chain):
    scores, starts, lengths, transitions = chain
    found = marginals(scores, starts, lengths, transitions)
    for start, length in zip(starts, lengths, strict=True):
        every = list(paths(scores[start : start + length], transitions))
        weights = np.exp([t for _, t in every])
        for at in range(length):
            wanted = np.zeros(scores.shape[1])
            for (path, _), weight in zip(every, weights, strict=True):
                wanted[path[at]] += weight
            assert np.allclose(found[start + at], wanted / weights.sum(), atol=1e-3)


def test_no_inside_without_a_beginning():
    labels = ("O", "B-PER", "I-PER", "B-ORG", "I-ORG")
    walled = bio_transitions(labels, np.zeros((5, 5), np.float32))
    allowed = {(a, b) for i, a in enumerate(labels) for j, b in enumerate(labels) if walled[i, j] == 0}
    assert ("B-PER", "I-PER") in allowed
    assert ("I-PER", "I-PER") in allowed
    assert not {("O", "I-PER"), ("B-ORG", "I-PER"), ("I-ORG", "I-PER")} & allowed


def test_nothing_to_decode():
    empty = np.zeros((0, 3), np.float32)
    assert len(viterbi(empty, [], [], np.zeros((3, 3), np.float32))) == 0
    assert marginals(empty, [], [], np.zeros((3, 3), np.float32)).shape == (0, 3)
