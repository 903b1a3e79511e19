"""Role nouns: one row each, whatever asks for them."""

import pytest

from workers.nlp.knowledge.folding import fold, glue
from workers.nlp.pipeline import Pipeline
from workers.training.shipped import knowledge

ROLES = knowledge().roles


@pytest.mark.parametrize("role", ["رئیس", "مالک", "دستیار", "سرکرده", "بنیان‌گذار", "فرستاده", "قهرمان"])
def test_whoever_has_a_role_speaks_not_their_body(pipeline: Pipeline, role: str) -> None:
    body = f"باشگاه سپاهان نشستی برگزار کرد. در پایان این نشست {role} این باشگاه گفت: کار تمام شده است."
    (found,) = pipeline.enrich({"id": "1", "body": body}).statements
    assert found.speaker is not None
    assert found.speaker.name == f"{role} این باشگاه"


@pytest.mark.parametrize("noun", ROLES.nouns, ids=lambda noun: noun.forms[0])
def test_a_role_is_known_in_all_its_spellings_wherever_it_is_asked_for(noun) -> None:
    known = knowledge()
    for form in noun.forms:
        if "speaks" in noun.properties:
            assert glue(form) in known.cues.words.roles
        if noun.properties & {"title", "alone"}:
            assert tuple(fold(form).split()) in known.titles.heads
        if "announces" in noun.properties:
            assert form in known.triggers.role


def test_no_noun_stands_in_two_rows() -> None:
    keys = [glue(form) for noun in ROLES.nouns for form in dict.fromkeys(map(glue, noun.forms))]
    assert len(keys) == len(set(keys))
