"""gochan.port.lib.testing: a Go test as a pytest function."""

from __future__ import annotations

import sys
from collections.abc import Callable

import pytest

from gochan import go, time
from gochan.port.lib import synctest, testing
from gochan.port.lib.testing import T


def report(f: Callable[[T], object]) -> str:
    """Run a test that fails; return its report."""
    with pytest.raises(AssertionError) as failure:
        testing.run_test(f)
    return str(failure.value)


def lines(text: str) -> list[str]:
    """Return a report's lines without the places."""
    return [line.partition(": ")[2] or line for line in text.splitlines()]


@testing.test
def test_a_test_that_passes(t: T) -> None:
    t.log("fine")


def test_the_decorated_function_has_no_parameters() -> None:
    assert test_a_test_that_passes.__code__.co_argcount == 0
    assert test_a_test_that_passes.__name__ == "test_a_test_that_passes"


def test_errorf_goes_on_and_fatal_does_not() -> None:
    def f(t: T) -> None:
        t.errorf("got %d, want %d", 1, 2)
        t.fatal("stop", 3)
        t.error("not reached")

    assert lines(report(f)) == ["got 1, want 2", "stop 3"]


def test_a_subtest_that_fails_fails_its_parent() -> None:
    results = []

    def f(t: T) -> None:
        results.append(t.run("a b", lambda t: t.fatal(t.name())))
        results.append(t.run("a b", lambda t: t.parallel()))
        results.append(t.failed())

    text = report(f)
    assert results == [False, True, True]
    assert text.startswith("--- FAIL: f/a_b (")
    assert "#01" not in text


def test_cleanups_run_last_first_after_a_failure() -> None:
    order = []

    def f(t: T) -> None:
        t.cleanup(lambda: order.append("first"))
        t.cleanup(lambda: order.append("second"))
        t.fail_now()

    report(f)
    assert order == ["second", "first"]


def test_skip() -> None:
    with pytest.raises(pytest.skip.Exception, match="not today"):
        testing.run_test(lambda t: t.skip("not today"))


def test_a_temporary_folder_is_removed() -> None:
    import os

    found = []

    def f(t: T) -> None:
        found.append(t.temp_dir())
        found.append(os.path.isdir(found[0]))

    testing.run_test(f)
    assert found[1]
    assert not os.path.exists(found[0])


def test_the_context_ends_before_the_cleanups() -> None:
    errs = []

    def f(t: T) -> None:
        ctx = t.context()
        t.cleanup(lambda: errs.append(ctx.err()))
        errs.append(ctx.err())

    testing.run_test(f)
    assert errs[0] is None
    assert errs[1] is not None


@testing.test
def test_synctest(t: T) -> None:
    def f(t: T) -> None:
        start = time.now()
        go(time.sleep, 3600)
        time.sleep(7200)
        if time.since(start) != 7200:
            t.error(time.since(start))

    synctest.test(t, f)


def test_the_recursion_limit_is_that_of_the_process_again() -> None:
    limit = sys.getrecursionlimit()
    inside: list[int] = []
    testing.run_test(lambda t: inside.append(sys.getrecursionlimit()))
    assert inside[0] > limit
    assert sys.getrecursionlimit() == limit
