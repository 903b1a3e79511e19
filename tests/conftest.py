"""How hypothesis runs: never by the clock, and on CI with the same examples every time."""

import os

from hypothesis import HealthCheck, settings

_NO_CLOCK = {"deadline": None, "suppress_health_check": [HealthCheck.too_slow]}

settings.register_profile("local", **_NO_CLOCK)
settings.register_profile("ci", derandomize=True, database=None, print_blob=True, **_NO_CLOCK)
settings.load_profile("ci" if os.environ.get("CI") else "local")
