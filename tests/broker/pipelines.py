"""Pipelines for tests, named by `KHABAR_PIPELINE_FACTORY`.

An article's title says what happens to the process.
"""

import os
import signal
import time
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from workers.nlp.cleaning import Cleaner
from workers.nlp.document import Document
from workers.nlp.knowledge import Knowledge
from workers.nlp.pipeline import Pipeline, Step, build_pipeline
from workers.nlp.profile import Profile
from workers.nlp.segmentation import Segmenter

HANG = "آزمون: بی‌پایان"
SLEEP = "آزمون: خواب"
EXIT = "آزمون: خروج"
KILL_ONCE = "آزمون: یک مرگ "
"""Before the name of a file that is not there yet: its process dies and leaves the file."""
KILL = "آزمون: مرگ"
RAISE = "آزمون: استثنا"
SLOW = "آزمون: کند"
HUGE = "آزمون: بزرگ"
SLOW_SECONDS = 0.25


def _do_as_told(document: Document) -> Document:
    match document.article.title:
        case t if t == HANG:
            while True:
                pass
        case t if t == SLEEP:
            time.sleep(600)
        case t if t == EXIT:
            os._exit(7)
        case str() as t if t.startswith(KILL_ONCE):
            if not (mark := Path(t.removeprefix(KILL_ONCE))).exists():
                mark.touch()
                os.kill(os.getpid(), signal.SIGKILL)
        case t if t == KILL:
            os.kill(os.getpid(), signal.SIGKILL)
        case t if t == RAISE:
            raise ValueError("as told by the title")
        case t if t == SLOW:
            time.sleep(SLOW_SECONDS)
        case t if t == HUGE:
            return replace(document, raw={**document.raw, "padding": "x" * 20_000_000})
        case _:
            pass
    return document


def poisoned(profile: Profile, lexicons: Sequence[Path]) -> Pipeline:
    """The shipped pipeline after a step that does what the title says."""
    shipped = build_pipeline(profile, lexicons)
    return replace(shipped, steps=(Step("poison", _do_as_told), *shipped.steps))


def light(profile: Profile, lexicons: Sequence[Path]) -> Pipeline:
    """Only the first steps, without models, for tests of the stream."""
    knowledge = Knowledge.load(lexicons)
    steps = (
        Step("clean", Cleaner.of(knowledge).clean),
        Step("segment", Segmenter.of(knowledge).segment),
    )
    return Pipeline((Step("poison", _do_as_told), *steps))


def broken(profile: Profile, lexicons: Sequence[Path]) -> Pipeline:
    """A pipeline that cannot be loaded."""
    raise FileNotFoundError("no such lexicon: cues.toml")


def dies_on_loading(profile: Profile, lexicons: Sequence[Path]) -> Pipeline:
    """A pipeline that takes its process with it."""
    os._exit(5)
