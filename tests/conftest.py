"""What holds for all tests.

One that is marked `soak` runs only when it is asked for by that name. What hypothesis makes up is the same
each time, and may take as long as a busy machine lets it.
"""

import pytest
from hypothesis import HealthCheck, settings

too_slow = [HealthCheck.too_slow]
settings.register_profile("suite", deadline=None, derandomize=True, suppress_health_check=too_slow)
settings.load_profile("suite")


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    if "soak" in (config.option.markexpr or ""):
        return
    long = [item for item in items if item.get_closest_marker("soak")]
    if long:
        items[:] = [item for item in items if not item.get_closest_marker("soak")]
        config.hook.pytest_deselected(items=long)
