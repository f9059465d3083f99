"""pytest runs a test as the main goroutine.

A test marked `@pytest.mark.gochan`, or every test where the ini setting `gochan` is true, runs under `run`: a
deadlock fails it with the goroutine report, and so do goroutines that it leaves running, with their stacks.
`@pytest.mark.gochan(synctest=True)` runs it in a bubble on a virtual clock; `leaks=True` lets it leave
goroutines behind.

A test marked `@pytest.mark.explore`, with the arguments of `explore.check`, runs in many of its orders, each
time with new fixtures.

With `--gochan-trace=DIR`, or the ini setting `gochan_trace`, a failed test that used goroutines leaves a
recording of them and the page that shows it in DIR.  Without either, the report of a deadlock names the
option.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Generator, Iterator
from functools import partial
from typing import Any

import pytest


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addini("gochan", "run every test as gochan's main goroutine", type="bool", default=False)
    parser.addini("gochan_trace", "the same as --gochan-trace", type="string", default="")
    parser.getgroup("gochan").addoption(
        "--gochan-trace",
        metavar="DIR",
        help="write a recording and its page for each failed test that used goroutines to this folder",
    )


def pytest_configure(config: pytest.Config) -> None:
    config.addinivalue_line(
        "markers",
        "explore(runs=1000, strategy='auto', seed=0, max_steps=200000, leaks=True, races=True): run the test "
        "with its goroutines in many different orders: see explore.check",
    )
    config.addinivalue_line(
        "markers",
        "gochan(synctest=False, leaks=False): run the test as main goroutine; synctest=True: in a bubble on "
        "a virtual clock; leaks=True: goroutines may be left running",
    )
    if config.getoption("gochan_trace") is not None or config.getini("gochan_trace"):
        # Imported here, so that a session without the option does not pay for it.
        from gochan.trace import _pytest

        config.pluginmanager.register(_pytest.Tracer(_pytest.folder(config)), _TRACER)


_TRACER = "gochan-trace"
_EXPLORE = ("runs", "strategy", "seed", "max_steps", "leaks", "races")


def _explore(item: pytest.Function) -> dict[str, Any] | None:
    """Read the marker `explore`; None if the test has none."""
    marker = item.get_closest_marker("explore")
    if marker is None:
        return None
    if marker.args or marker.kwargs.keys() - set(_EXPLORE):
        raise pytest.UsageError(
            f"{item.nodeid}: @pytest.mark.explore takes {', '.join(_EXPLORE)} by keyword, "
            f"not {', '.join([*map(repr, marker.args), *sorted(marker.kwargs.keys() - set(_EXPLORE))])}"
        )
    return dict(marker.kwargs)


def _options(item: pytest.Function) -> dict[str, bool] | None:
    """Read the nearest marker; None if the test is an ordinary one."""
    marker = item.get_closest_marker("gochan")
    if marker is None:
        return {"synctest": False, "leaks": False} if item.config.getini("gochan") else None
    options = {"synctest": False, "leaks": False}
    if marker.args or marker.kwargs.keys() - options.keys():
        raise pytest.UsageError(
            f"{item.nodeid}: @pytest.mark.gochan takes synctest=True and leaks=True, "
            f"not {', '.join([*map(repr, marker.args), *(marker.kwargs.keys() - options.keys())])}"
        )
    return options | {name: bool(value) for name, value in marker.kwargs.items()}


def _call(item: pytest.Function) -> Callable[[], Any]:
    """Return what calls a test with its fixtures."""
    return partial(item.obj, **{name: item.funcargs[name] for name in item._fixtureinfo.argnames})


def _fresh(item: pytest.Function) -> Iterator[Callable[[], Any]]:
    """Yield what calls a test, each time with new fixtures and a new object: no run may depend on another."""
    yield _call(item)
    defined = item._fixtureinfo.name2fixturedefs.values()
    renewed = item.cls is not None or any(each[-1].scope == "function" for each in defined)
    while True:
        if renewed:
            _renew(item)
        yield _call(item)


def _renew(item: Any) -> None:
    """Do what pytest does after a test, and before the next."""
    # The finalizer of tmp_path removes entries of the stash that pytest needs again.
    stash = dict(item.stash._storage)
    finalizers = item.session._setupstate.stack[item][0]
    while finalizers:
        finalizers.pop()()
    item.stash._storage.update(stash)
    for name in ("_instance", "_obj"):
        vars(item).pop(name, None)
    item._initrequest()
    item.setup()


@pytest.hookimpl(tryfirst=True)
def pytest_pyfunc_call(pyfuncitem: pytest.Function) -> bool | None:
    how = _explore(pyfuncitem)
    if how is not None:
        from gochan import explore
        from gochan.explore.rules import Rules

        fresh = _fresh(pyfuncitem)
        rules = Rules(**{name: how.pop(name) for name in Rules._fields if name in how})
        explore._check(_call(pyfuncitem), lambda: next(fresh), rules, **how)
        return True
    options = _options(pyfuncitem)
    if options is None:
        return None
    # Imported here, so that a session without such a test does not pay for it.
    from gochan import run, synctest

    function = pyfuncitem.obj
    arguments = {name: pyfuncitem.funcargs[name] for name in pyfuncitem._fixtureinfo.argnames}

    def main() -> None:
        before = _others()
        if options["synctest"]:
            synctest.test(function, **arguments)
        else:
            function(**arguments)
        if not options["leaks"]:
            _check_leaks(before)

    run(main)
    return True


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(
    item: pytest.Item, call: pytest.CallInfo[None]
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Say in the report of a deadlock how to see what led there."""
    # If gochan is not imported, this Deadlock is not gochan's.
    deadlock: Any = getattr(sys.modules.get("gochan"), "Deadlock", ())
    failure = None if call.excinfo is None else call.excinfo.value
    if not isinstance(failure, deadlock):
        return (yield)
    from gochan._engine.tracing import PICTURE

    # That is for a program of its own.
    failure.__notes__ = [note for note in getattr(failure, "__notes__", ()) if note != PICTURE]
    report = yield
    if not item.config.pluginmanager.has_plugin(_TRACER):
        text = "For a picture of what led to the deadlock: pytest --gochan-trace=DIR"
        report.sections.append(("gochan", text))
    return report


def _others() -> dict[str, str]:
    """Return the stacks of all goroutines but main, by name: "goroutine 7"."""
    from gochan import runtime

    if runtime.num_goroutine() == 1:
        return {}
    stacks = runtime.stack(all=True).split("\n\n")
    named = {stack.partition(" [")[0]: stack for stack in stacks}
    named.pop("goroutine 1", None)
    return named


def _check_leaks(before: dict[str, str]) -> None:
    """Fail if goroutines are left once all that can run have run.

    Those that a fixture or an unmarked test started, which were there before, are not this test's.
    """
    from gochan import runtime

    # A goroutine that can finish without waiting does so in a few yields; one that spins never does.
    for _ in range(100):
        if runtime.num_goroutine() == 1:
            return
        runtime.gosched()
    left = [stack for name, stack in _others().items() if name not in before]
    if not left:
        return
    count = "1 goroutine" if len(left) == 1 else f"{len(left)} goroutines"
    pytest.fail(f"the test left {count} running:\n\n" + "\n\n".join(left), pytrace=False)
