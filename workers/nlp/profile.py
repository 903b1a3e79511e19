"""Which name tagger a pipeline has. Apart, so that settings need not load the pipeline."""

from typing import Literal

Profile = Literal["fast", "accurate"]
