"""The name of a pipeline's tagger, in a file of its own so that settings need not load the pipeline."""

from typing import Literal

Profile = Literal["fast", "accurate"]
