"""What holds for all tests.

The tests in DUAL run twice in one session: as `test_x[c]` on the C implementation of the engine and as
`test_x[py]` on the Python one. Each implementation has its own copy of gochan, of the test modules and of the
helpers beside them; `sys.modules` has the copy of the test that runs, as in CPython's tests of modules that
exist in C and in Python. All other tests run on the implementation that an import chooses, and so does
everything if the C is not built or GOCHAN_PURE=1 is set. `-m c` and `-m py` pick one.

A test marked `once` runs on the first implementation only, and one marked `soak` only if -m names that mark.
Those marked `own_process` are run by tests/test_own_process.py, or if GOCHAN_OWN_PROCESS is set.
Hypothesis makes up the same examples in each run, and may take as long as a busy machine needs.
"""

import os
import sys
import threading
from collections.abc import Generator, Iterator
from pathlib import Path
from types import ModuleType

import greenlet
import pytest
from hypothesis import HealthCheck, settings

from gochan.runtime import COMPILED

too_slow = [HealthCheck.too_slow]
settings.register_profile("suite", deadline=None, derandomize=True, suppress_health_check=too_slow)
settings.load_profile("suite")

if "coverage" in sys.modules and sys.version_info < (3, 12):
    # Without this the suite can hang under coverage.  CPython 3.11 loops forever if a thread ends while a
    # traced Python function runs in a pending call; greenlet frees the main greenlet of an ended thread in
    # such a call, and coverage's weak reference to it has a callback in Python.  So none is freed, and
    # greenlet is told not to search the heap for the references that keep them alive.
    greenlet._greenlet.enable_optional_cleanup(False)
    main_greenlets: list[greenlet.greenlet] = []
    set_ident = threading.Thread._set_ident

    def set_ident_and_keep(thread: threading.Thread) -> None:
        # Called in the new thread, and no frame of its stack when it runs its target.
        main_greenlets.append(greenlet.getcurrent())
        set_ident(thread)

    threading.Thread._set_ident = set_ident_and_keep

TESTS = Path(__file__).parent
sys.path.append(str(TESTS))  # for the helpers that all folders share
DUAL = [
    TESTS / name
    for name in ("attacks", "debug", "explore", "faults", "model", "net", "proof", "runtime", "sync")
]
# Of the helpers beside this file, the one that imports gochan and that tests in DUAL use.
SHARED = TESTS / "goroutines.py"


class Implementation:
    """A copy of gochan and of the test modules that use it.

    Only the active one is in sys.modules; an inactive one keeps its modules here.
    """

    def __init__(self, name: str) -> None:
        self.name = name
        self.modules: dict[str, ModuleType] = {}

    def activate(self) -> None:
        """Make this the copy that an import finds, in this process and in its children."""
        global active
        if self is active:
            return
        if gochan := sys.modules.get("gochan"):
            gochan.run(lambda: None)  # end the program that a test without `run` has left
        for name, module in list(sys.modules.items()):
            if has_a_copy(name, module):
                active.modules[name] = sys.modules.pop(name)
        sys.modules |= self.modules
        self.modules.clear()
        if self.name == "py":
            os.environ["GOCHAN_PURE"] = "1"
        else:
            os.environ.pop("GOCHAN_PURE", None)
        active = self


def has_a_copy(name: str, module: ModuleType) -> bool:
    """Return whether each implementation has this module for itself."""
    if name == "gochan" or name.startswith("gochan."):
        return True
    file = getattr(module, "__file__", None)
    return file is not None and (Path(file).parent in DUAL or Path(file) == SHARED)


# What was imported so far, by pytest for the plugin and by this module, is the first copy. The second needs
# no loading: while it is active and has no module `gochan` yet, `import gochan` makes one.
FIRST = active = Implementation("c" if COMPILED else "py")
SECOND = Implementation("py") if COMPILED else None
COPY = pytest.StashKey[Implementation]()


def copy_for(node: pytest.Collector | pytest.Item) -> Implementation:
    """Return the implementation that a module, or something in a module, runs on."""
    module = node.getparent(pytest.Module)
    return FIRST if module is None else module.stash.get(COPY, FIRST)


@pytest.hookimpl(trylast=True)
def pytest_collect_file(file_path: Path, parent: pytest.Collector) -> pytest.Module | None:
    """Collect a module of the tests in DUAL a second time, after pytest has done so itself."""
    if SECOND is None or file_path.parent not in DUAL or not file_path.match("test_*.py"):
        return None
    module: pytest.Module = pytest.Module.from_parent(parent, path=file_path)
    module.stash[COPY] = SECOND
    return module


@pytest.hookimpl(wrapper=True)
def pytest_make_collect_report(
    collector: pytest.Collector,
) -> Generator[None, pytest.CollectReport, pytest.CollectReport]:
    copy_for(collector).activate()
    return (yield)


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Name the implementation in the tests' ids."""
    if metafunc.definition.path.parent in DUAL:
        metafunc.fixturenames.append("implementation")
        metafunc.parametrize("implementation", [copy_for(metafunc.definition).name])


def pytest_itemcollected(item: pytest.Item) -> None:
    item.add_marker(copy_for(item).name)


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    soak = "soak" in (config.option.markexpr or "")
    chosen: list[pytest.Item] = []
    left: list[pytest.Item] = []
    for item in items:
        again = item.get_closest_marker("once") and copy_for(item) is SECOND
        too_long = item.get_closest_marker("soak") and not soak
        elsewhere = item.get_closest_marker("own_process") and "GOCHAN_OWN_PROCESS" not in os.environ
        (left if again or too_long or elsewhere else chosen).append(item)
    if left:
        items[:] = chosen
        config.hook.pytest_deselected(items=left)


@pytest.fixture(autouse=True)
def fresh_runtime(request: pytest.FixtureRequest) -> Iterator[None]:
    """End the program that a test in DUAL without `run` leaves."""
    yield
    if request.path.parent in DUAL:
        import gochan  # the copy under test

        gochan.run(lambda: None)


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_runtest_protocol(item: pytest.Item) -> Generator[None, object, object]:
    copy_for(item).activate()
    return (yield)


def pytest_sessionfinish() -> None:
    FIRST.activate()
