"""How much the tests with many cases try: a part by default, all with `--hypothesis-profile thorough`.

The default profile draws the same examples in every run, the thorough one others each time.
"""

import math

from hypothesis import HealthCheck, settings

THOROUGH = "thorough"
#: One case in DEFAULT_EVERY is tried by default, but at least MIN_CASES.
DEFAULT_EVERY = 4
MIN_CASES = 5
#: Hypothesis's own number of examples.
MAX_EXAMPLES = 100


def register_profiles() -> None:
    """Define the profiles and load the default one; pytest then loads the one of its command line."""
    common = {"deadline": None, "suppress_health_check": [HealthCheck.function_scoped_fixture]}
    settings.register_profile(THOROUGH, max_examples=MAX_EXAMPLES, **common)
    settings.register_profile(
        "default", max_examples=math.ceil(MAX_EXAMPLES / DEFAULT_EVERY), derandomize=True, **common
    )
    settings.load_profile("default")


def every(step: int = DEFAULT_EVERY) -> int:
    """Return the distance between the cases of a long list that are tried."""
    return 1 if settings.get_current_profile_name() == THOROUGH else step


def scaled(count: int) -> int:
    """Return how many of `count` cases are tried."""
    return max(min(count, MIN_CASES), math.ceil(count / every()))
