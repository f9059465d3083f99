"""Runs each pair of twins, and compares what they print, byte for byte."""

import itertools
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path

import pytest

from race import race
from twins import TRIES, Ending, compare, difference, pairs

# The first build on a machine compiles Go's standard library too.
pytestmark = pytest.mark.timeout(300)

# These sleep for seconds: all that are wanted start together, and run beside the others.
SLOW = ("fan_out_fan_in", "timeout_quit_context", "worker_pool")


def outcome(binary: Path, name: str) -> str | None:
    """Tell how the halves of a pair differ in every try; None if they once don't."""
    last = None
    for last in itertools.islice(compare(binary, name), TRIES):
        if last is None:
            return None
    return last


@pytest.fixture(scope="module")
def slow(binary: Path, request: pytest.FixtureRequest) -> Iterator[dict[str, Future[str | None]]]:
    wanted = {item.name for item in request.session.items}
    with ThreadPoolExecutor(len(SLOW)) as threads:
        yield {name: threads.submit(outcome, binary, name) for name in SLOW if f"test_pair[{name}]" in wanted}


@pytest.mark.parametrize("name", sorted(pairs(), key=lambda name: (name in SLOW, name)))
def test_pair(binary: Path, slow: dict[str, Future[str | None]], name: str) -> None:
    if name in slow and slow[name].result() is None:
        return
    # A race by a millisecond that was lost beside the others is run again without them.
    differs = outcome(binary, name)
    assert differs is None, differs


def test_a_millisecond_is_enough(binary: Path) -> None:
    endings = race(binary, runs=3, at_once=6)
    for _ in range(10):
        if endings["gochan"]["Jobs done!"]:
            break
        # A machine that is busy may lose all three; a scheduler that oversleeps loses always.
        endings = race(binary, runs=3, at_once=2)
    assert endings["gochan"]["Jobs done!"], endings
    for counted in endings.values():
        assert set(counted) <= {"Jobs done!", "Can't wait that long!"}


def test_a_difference_is_told() -> None:
    def told(go: Ending, python: Ending) -> str:
        return str(difference(go, python))

    go = Ending(b"1\n2\n3\n", 0, "")
    assert difference(go, go) is None
    assert "line 2 differs:\n  Go     '2\\n'\n  gochan '4\\n'" in told(go, Ending(b"1\n4\n3\n", 0, ""))
    assert "line 3 differs:\n  Go     '3\\n'\n  gochan ends here" in told(go, Ending(b"1\n2\n", 0, ""))
    assert "Go ended with 0, Python with 1" in told(go, Ending(go.printed, 1, ""))
    panicked = Ending(b"", 2, "panic: lost\n\ngoroutine 1")
    assert difference(panicked, Ending(b"", 1, "gochan.Panic: lost\n")) is None
    assert "Go's fault is 'lost'" in told(panicked, Ending(b"", 1, "gochan.Panic: found\n"))
