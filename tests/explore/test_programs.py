"""Every bug is found, its token repeats it, and no mended twin is blamed."""

from __future__ import annotations

from pathlib import Path

import pytest

from gochan.explore.program import File
from gochan.explore.rules import Rules
from gochan.explore.search import repeat, search
from gochan.explore.strategies import STRATEGIES
from gochan.explore.token import decode

from .conftest import KINDS, PROGRAMS, correct, pairs

RUNS = 2000
# More decisions are a livelock.
RULES = Rules(max_steps=500)
SEED = 1


def test_there_are_enough() -> None:
    assert len(pairs()) >= 35


ONCE = [pytest.param(strategy, marks=pytest.mark.once) for strategy in ("random", "pct", "pos")]


@pytest.mark.parametrize("strategy", ["auto", *ONCE])
@pytest.mark.parametrize(("path", "name"), pairs())
def test_a_bug_is_found(path: Path, name: str, strategy: str) -> None:
    program = File(str(path), name)
    found = search(program, STRATEGIES[strategy](SEED), RUNS, RULES._replace(seed=SEED))
    assert found.failure is not None
    assert found.failure.kind in KINDS[path.stem]
    seed, decisions = decode(found.token)
    assert seed == SEED
    for _ in range(3):
        again, fits = repeat(program, decisions, RULES._replace(seed=SEED))
        assert (again.kind, fits) == (found.failure.kind, True)
        assert again.steps == found.failure.steps


@pytest.mark.soak
@pytest.mark.parametrize("strategy", ["auto", "random", "pct", "pos"])
@pytest.mark.parametrize(("path", "name"), pairs())
def test_a_bug_is_found_from_any_seed(path: Path, name: str, strategy: str) -> None:
    program = File(str(path), name)
    for seed in range(10):
        found = search(program, STRATEGIES[strategy](seed), RUNS, RULES._replace(seed=seed))
        assert found.failure is not None
        _, decisions = decode(found.token)
        for _ in range(100):
            again, fits = repeat(program, decisions, RULES._replace(seed=seed))
            assert (again.kind, fits) == (found.failure.kind, True)


@pytest.mark.parametrize(("path", "name"), pairs())
def test_the_mended_twin_is_not_blamed(path: Path, name: str) -> None:
    """All schedules of each are few enough to be run."""
    found = search(File(str(path), f"{name}_mended"), STRATEGIES["exhaustive"](0), RUNS, RULES)
    assert found.failure is None
    assert found.exhausted
    again = search(File(str(path), f"{name}_mended"), STRATEGIES["pos"](3), 100, RULES)
    assert again.failure is None


@pytest.mark.parametrize("name", correct())
def test_a_correct_program_is_not_blamed(name: str) -> None:
    program = File(str(PROGRAMS / "correct.py"), name)
    found = search(program, STRATEGIES["exhaustive"](0), RUNS, RULES)
    assert found.failure is None
    assert found.exhausted
    assert search(program, STRATEGIES["pos"](3), 100, RULES).failure is None


def test_one_that_was_begun_meanwhile_is_not_begun_again() -> None:
    """What it did before a call of the library ended was taken for done by another: a false alarm."""
    program = File(str(PROGRAMS / "correct.py"), "started_beside_a_call_of_the_library")
    assert search(program, STRATEGIES["pos"](0), 300, RULES).failure is None


@pytest.mark.soak
@pytest.mark.parametrize(("path", "name"), pairs())
def test_no_mended_twin_is_blamed_in_many_runs(path: Path, name: str) -> None:
    for strategy in ("random", "pct", "pos"):
        found = search(File(str(path), f"{name}_mended"), STRATEGIES[strategy](1), 35_000, RULES)
        assert found.failure is None
