"""Records, templates and linear models: training's text and the model's look-ups mean the same."""

from typing import NamedTuple

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workers.nlp.statements.decisions.linear import LinearModel
from workers.nlp.statements.decisions.models import load_models, read_models, write_models
from workers.nlp.statements.decisions.templates import Feature, Templates, bucket


class Sky(NamedTuple):
    colour: str
    stars: int
    night: bool
    moon: bool | None


SKY = Templates(Sky, ("", "colour", "colour night"), ("stars", "moon"))
DARK = Sky("سیاه", 3, True, None)
BLUE = Sky("آبی", 0, False, True)


def test_features_are_the_values_of_the_fields_as_text() -> None:
    assert list(SKY.features(DARK)) == [
        ("", ""),
        ("colour", "سیاه"),
        ("colour night", "سیاه\tTrue"),
        ("stars", "3"),
    ]
    assert ("moon", "True") in list(SKY.features(BLUE))


SKIES = st.builds(
    Sky,
    st.sampled_from(("سیاه", "آبی", "،", "True", "3")),
    st.integers(-4, 9),
    st.booleans(),
    st.none() | st.just(True),
)
WEIGHTS = st.integers(-30_000, 30_000).map(lambda thousandths: thousandths / 1000)


@given(st.lists(SKIES, min_size=1, max_size=5), st.data())
def test_a_model_adds_the_weights_of_the_features_that_training_saw(
    skies: list[Sky], data: st.DataObject
) -> None:
    seen = sorted({feature for sky in skies[:-1] or skies for feature in SKY.features(sky)})
    weights = {feature: data.draw(WEIGHTS) for feature in seen}
    model = LinearModel(SKY, weights)
    for sky in [*skies, *skies]:  # what is remembered says the same again
        assert model.margin(sky) == pytest.approx(sum(weights.get(f, 0.0) for f in SKY.features(sky)))


@given(st.lists(SKIES, min_size=1, max_size=6))
def test_the_best_option_is_the_first_with_the_greatest_margin(skies: list[Sky]) -> None:
    weights = {Feature("colour", "سیاه"): 1.5, Feature("stars", "3"): -0.25, Feature("", ""): 0.1}
    model = LinearModel(SKY, weights)
    margins = [0.1 + 1.5 * (sky.colour == "سیاه") - 0.25 * (sky.stars == 3) for sky in skies]
    assert [model.margin(sky) for sky in skies] == pytest.approx(margins)
    assert model.best(skies) == max(range(len(skies)), key=lambda i: (round(margins[i], 6), -i))


def test_the_shipped_models_are_written_as_they_were_read() -> None:
    models, digests = load_models()
    raw = write_models(models)
    assert write_models(read_models(raw)) == raw
    assert len(digests["statements"]) == 16


@pytest.mark.parametrize(
    ("number", "size"), [(-2, 0), (0, 0), (1, 1), (2, 2), (4, 3), (5, 4), (20, 6), (33, 7), (34, 8), (999, 8)]
)
def test_sizes_are_coarse(number: int, size: int) -> None:
    assert bucket(number) == size
