"""Each test runs with every poller that the system has, and must close its sockets."""

from __future__ import annotations

import gc
import os
import select
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

# For the module beside this one.
sys.path.insert(0, str(Path(__file__).parent))

POLLERS = ["epoll", "selectors"] if hasattr(select, "epoll") else ["selectors"]


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Run each test with the system's own poller and with selectors, unless it says otherwise."""
    given = [mark.args[0] for mark in metafunc.definition.iter_markers("parametrize")]
    if "poller" in metafunc.fixturenames and "poller" not in given:
        metafunc.parametrize("poller", POLLERS, indirect=True)


@pytest.fixture(autouse=True)
def poller(request: pytest.FixtureRequest) -> Iterator[str]:
    """Use a poller, by its name."""
    # Not at the top: each of the engine's implementations has its own.
    from gochan._engine import netpoll
    from gochan._engine.impl import sched

    before = sched.use_selectors
    if request.param == "epoll":
        netpoll.use_epoll()
    else:
        netpoll.use_selectors(None if request.param == "selectors" else _select)
    # It stays open, and is no test's.
    netpoll.fileno()
    yield request.param
    netpoll.use_epoll()
    sched.use_selectors = before


def _select() -> Any:
    from selectors import SelectSelector

    return SelectSelector()


@pytest.fixture(autouse=True)
def no_socket_is_left(poller: str) -> Iterator[None]:
    """Fail if the test leaves a socket open."""
    before = open_sockets()
    yield
    left = open_sockets() - before
    if left:
        gc.collect()
        left = open_sockets() - before
    assert not left


def open_sockets() -> set[str]:
    """Return the names of this process's sockets; none where the system does not tell."""
    folder = Path("/proc/self/fd")
    found: set[str] = set()
    for path in folder.iterdir() if folder.exists() else ():
        try:
            name = os.readlink(path)
        except OSError:
            # The listing's own.
            continue
        if name.startswith("socket:"):
            found.add(name)
    return found
