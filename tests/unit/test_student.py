"""The student network: against a plain computation of the same sums, and in its bounds."""

import gzip
import json
from dataclasses import replace
from importlib.resources import files

import msgspec
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from schemas.article import RawArticle
from workers.nlp.document import Document, Sentence, Token
from workers.nlp.entities import EntityTagger
from workers.nlp.entities import student as module
from workers.nlp.entities.features import WordKnowledge
from workers.nlp.entities.student import Layer, Student, VectorTable, word_attributes
from workers.nlp.knowledge.lexicon import Lexicon
from workers.training.shipped import knowledge, segmented

LABELS = ("O", "B-PER", "I-PER")
KNOWLEDGE = WordKnowledge.of({}, replace(knowledge(), lexicon=Lexicon.of([])))
WORDS = ("مریم", "در", "شیراز", "ماند", "و", "کتاب", "نوشت")


def document_of(body):
    raw = {"id": "t", "body": body}
    return segmented(Document(article=msgspec.convert(raw, RawArticle), raw=raw))


def network(size=6, width=5):
    rng = np.random.default_rng(3)
    names = sorted({a for w in (*WORDS, "<s>", ".") for a in word_attributes(KNOWLEDGE, w)} | {"d=said"})
    layers = []
    channels = size
    for taps, dilation in ((5, 1), (3, 2)):
        weights = rng.standard_normal((taps * channels, width)).astype(np.float32)
        layers.append(Layer(taps, dilation, weights, rng.standard_normal(width).astype(np.float32)))
        channels = width
    return Student(
        labels=LABELS,
        rows={name: row for row, name in enumerate(names)},
        vectors=rng.integers(-127, 128, (len(names), size), np.int8),
        scales=rng.uniform(0.005, 0.02, len(names)).astype(np.float32),
        layers=tuple(layers),
        out=rng.standard_normal((width, len(LABELS))).astype(np.float32),
        out_bias=rng.standard_normal(len(LABELS)).astype(np.float32),
        knowledge=KNOWLEDGE,
        table=VectorTable(size),
    )


def plainly(student, document, marks):
    """The probabilities, one token and one tap at a time."""
    line = [("<s>", ())]
    place = []
    for sentence in document.sentences:
        for number in range(sentence.first, sentence.last):
            place.append(len(line))
            line.append((document.tokens[number].text, marks.get(number, ())))
        line.append(("<s>", ()))
    states = [
        sum(
            (
                student.vectors[student.rows[a]] * float(student.scales[student.rows[a]])
                for a in (*word_attributes(KNOWLEDGE, word), *told)
                if a in student.rows
            ),
            np.zeros(student.vectors.shape[1]),
        )
        for word, told in line
    ]
    for number, layer in enumerate(student.layers):
        channels = len(states[0])
        new = []
        for at in range(len(states)):
            total = layer.bias.astype(np.float64)
            for tap in range(layer.taps):
                seen = at + (tap - layer.taps // 2) * layer.dilation
                if 0 <= seen < len(states):
                    total = total + states[seen] @ layer.weights[tap * channels : (tap + 1) * channels]
            new.append(np.maximum(total, 0) + (states[at] if number else 0))
        states = new
    chances = np.exp(np.array([states[p] @ student.out + student.out_bias for p in place]))
    return chances / chances.sum(1, keepdims=True)


def of_sentences(sentences):
    """A document of these words, without the cleaning's opinion of them."""
    document, tokens, spans, at = document_of("مریم در شیراز ماند و کتاب نوشت ."), [], [], 0
    for words in sentences:
        first, start = len(tokens), at
        for word in words:
            tokens.append(Token(at, at + len(word), word))
            at += len(word) + 1
        spans.append(Sentence(start, at - 1, first, len(tokens)))
    return replace(document, tokens=tuple(tokens), sentences=tuple(spans))


SENTENCES = st.lists(st.lists(st.sampled_from(WORDS), min_size=1, max_size=9), min_size=1, max_size=5)


@settings(max_examples=25, deadline=None)
@given(SENTENCES, st.integers(8, 40))
def test_it_computes_what_a_plain_computation_gives_whatever_the_blocks(sentences, block):
    document, student = of_sentences(sentences), network()
    texts = [t.text for t in document.tokens]
    marks = {0: ["d=said", "d=never met"]}
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(module, "_BLOCK", block)
        found = np.exp(student.scores(document, texts, marks))
    np.testing.assert_allclose(found, plainly(student, document, marks), rtol=1e-3, atol=1e-5)


def test_the_words_kept_are_bounded_and_what_was_read_before_changes_nothing(monkeypatch):
    monkeypatch.setattr(module, "_MOST_WORDS", 4)
    student = network()
    known = document_of("مریم در شیراز ماند .")
    texts = [t.text for t in known.tokens]
    before = student.scores(known, texts, {})
    for number in range(30):
        other = document_of(f"کتاب{number} نوشت{number} و مریم{number} .")
        student.scores(other, [t.text for t in other.tokens], {})
        assert len(student.table.index) <= 2 * 4 + 2
    np.testing.assert_array_equal(student.scores(known, texts, {}), before)


def test_a_file_holds_the_network(tmp_path):
    pytest.importorskip("jax", reason="the extra `train` is not installed")
    from workers.training import student as training

    student = network()
    table = np.zeros((len(student.rows) + 1, 6), np.float32)
    table[1:] = student.vectors * student.scales[:, None]
    params = {
        "table": table,
        "layers": [{"w": layer.weights, "b": layer.bias} for layer in student.layers],
        "out": {"w": student.out, "b": student.out_bias},
    }
    rows = {name: row + 1 for name, row in student.rows.items()}
    options = training.Options(kernels=tuple((layer.taps, layer.dilation) for layer in student.layers))
    training.export(params, options, rows, LABELS, tmp_path / "student.zip")
    read = Student.read((tmp_path / "student.zip").read_bytes(), KNOWLEDGE)
    document = document_of("مریم در شیراز ماند و کتاب نوشت .")
    texts = [t.text for t in document.tokens]
    assert read.labels == LABELS
    assert read.rows == student.rows
    np.testing.assert_allclose(
        np.exp(read.scores(document, texts, {})),
        np.exp(student.scores(document, texts, {})),
        atol=0.01,
    )


def test_the_command_teaches_a_student_from_gold_and_news(tmp_path):
    for module_name in ("jax", "scipy", "onnxruntime"):
        pytest.importorskip(module_name, reason="the extras `train` and `accurate` are not installed")
    from workers.training.ner import train_student

    body = "علی رضایی، وزیر نیرو، دیروز در شیراز گفت: آب شهر پاک است. رضایی سپس به یزد رفت."
    spans = {"PER": [[0, 9]], "LOC": [[body.index("شیراز"), body.index("شیراز") + 5]]}
    entities = [{"type": kind, "mentions": found} for kind, found in spans.items()]
    gold, news, models = tmp_path / "gold.jsonl", tmp_path / "news", tmp_path / "models"
    gold.write_text(json.dumps({"id": "1", "body": body, "entities": entities}) + "\n", "utf-8")
    news.mkdir()
    rows = [{"body": f"مریم نوری روز {day} در تهران گفت: هوا خوب است و باران نمی‌بارد."} for day in range(8)]
    (news / "a.jsonl.gz").write_bytes(gzip.compress("\n".join(map(json.dumps, rows)).encode()))
    models.mkdir()
    for name in ("fast.zip", "accurate.zip"):
        (models / name).write_bytes(files("workers.nlp.models").joinpath(name).read_bytes())
    said = []
    train_student(gold, news, models, said.append)
    tagger = EntityTagger.load(knowledge(), models=models)
    assert tagger.student is not None
    assert tagger.student.labels == tagger.chain.labels
    assert len(tagger.student.layers) == 4
    assert any(line.startswith("rows: 1 gold, ") for line in said)


def test_training_learns_who_is_named(tmp_path):
    pytest.importorskip("jax", reason="the extra `train` is not installed")
    from workers.training import student as training
    from workers.training.student_lines import Inventory, examples, one_hot

    bodies = [f"مریم در {place} ماند . {place} کتاب نوشت ." for place in ("شیراز", "کتاب", "و")] * 4
    inventory = Inventory(KNOWLEDGE)
    read = [(d, inventory.read(d)) for d in map(document_of, bodies)]
    inventory.settle(least_word=1, least=1)
    lines = []
    for document, seen in read:
        labels = [1 if t.text == "مریم" else 0 for t in document.tokens]
        weights = np.ones(len(labels), np.float32)
        lines += examples(inventory, document, seen, one_hot(labels, 3, 2), weights)
    options = training.Options(size=8, width=8, kernels=((3, 1), (3, 2)), epochs=60, batch=2, rate=0.02)
    params = training.train(inventory, lines, [], 3, options, lambda _: None)
    training.export(params, options, inventory.rows, LABELS, tmp_path / "student.zip")
    student = Student.read((tmp_path / "student.zip").read_bytes(), KNOWLEDGE)
    document = document_of("مریم در شیراز ماند .")
    texts = [t.text for t in document.tokens]
    found = student.scores(document, texts, {})
    assert found.argmax(1).tolist() == [1, 0, 0, 0, 0]
    np.testing.assert_allclose(np.exp(found), plainly(student, document, {}), rtol=1e-3, atol=1e-5)
