"""Go's package testing, for tests that pytest runs.

A ported test is a pytest function that calls `run_test`; its T reports failures as pytest's.
"""

from __future__ import annotations

import sys
import tempfile
from collections.abc import Callable
from contextlib import redirect_stdout
from functools import partial
from io import StringIO
from typing import Any, NoReturn, Protocol

from gochan import panic

from . import fmt, os, time
from ._exit import deepen
from ._panics import go_error
from ._stdio import write_stderr, write_stdout
from .fmt._printer import unpack

__all__ = [
    "TB",
    "F",
    "InternalBenchmark",
    "InternalExample",
    "InternalTest",
    "T",
    "example",
    "fuzz_test",
    "main",
    "run_test",
    "short",
    "test",
    "testing",
    "verbose",
]


class _FailNow(BaseException):
    """Ends a test that failed or is skipped: Go's runtime.Goexit."""


class TB(Protocol):
    """What T and Go's B have in common."""

    def error(self, *args: Any) -> None: ...
    def errorf(self, format: str, *args: Any) -> None: ...
    def fatal(self, *args: Any) -> NoReturn: ...
    def fatalf(self, format: str, *args: Any) -> NoReturn: ...
    def log(self, *args: Any) -> None: ...
    def logf(self, format: str, *args: Any) -> None: ...
    def helper(self) -> None: ...
    def cleanup(self, f: Callable[[], object], /) -> None: ...


class T:
    """Go's testing.T."""

    def __init__(self, name: str = "", parent: T | None = None) -> None:
        self._name = name
        self._parent = parent
        self._failed = False
        self._skipped = False
        self._done = False
        self._lines: list[str] = []
        self._cleanups: list[Callable[[], object]] = []
        self._names: dict[str, int] = {}
        self._context: Any = None
        self._cancel: Any = None

    def name(self) -> str:
        return self._name

    # --- reporting ----------------------------------------------------------------------------------------

    def _log(self, text: str) -> None:
        frame = sys._getframe(2)
        while frame.f_back is not None and frame.f_code.co_filename == __file__:
            frame = frame.f_back
        file = frame.f_code.co_filename.rpartition("/")[2]
        # What a test says after its end, its parent says.
        t: T | None = self
        while t is not None and t._done:
            t = t._parent
        if t is None:
            panic(f"Log in goroutine after {self._name} has completed: {text}")
        t._lines.append(f"{file}:{frame.f_lineno}: {text.removesuffix(chr(10))}")

    def log(self, *args: Any) -> None:
        self._log(fmt.sprintln(*args))

    def logf(self, format: str, *args: Any) -> None:
        self._log(fmt.sprintf(format, *args))

    def error(self, *args: Any) -> None:
        self._log(fmt.sprintln(*args))
        self.fail()

    def errorf(self, format: str, *args: Any) -> None:
        self._log(fmt.sprintf(format, *args))
        self.fail()

    def fatal(self, *args: Any) -> NoReturn:
        self._log(fmt.sprintln(*args))
        self.fail_now()

    def fatalf(self, format: str, *args: Any) -> NoReturn:
        self._log(fmt.sprintf(format, *args))
        self.fail_now()

    def skip(self, *args: Any) -> NoReturn:
        self._log(fmt.sprintln(*args))
        self.skip_now()

    def skipf(self, format: str, *args: Any) -> NoReturn:
        self._log(fmt.sprintf(format, *args))
        self.skip_now()

    def skip_now(self) -> NoReturn:
        self._skipped = True
        raise _FailNow

    def fail(self) -> None:
        self._failed = True
        if self._parent is not None:
            self._parent.fail()

    def fail_now(self) -> NoReturn:
        self.fail()
        raise _FailNow

    def failed(self) -> bool:
        return self._failed

    def skipped(self) -> bool:
        return self._skipped

    # --- the rest -----------------------------------------------------------------------------------------

    def helper(self) -> None:
        """Do nothing: the line that is reported is that of the caller of T's method."""

    def parallel(self) -> None:
        """Do nothing: tests run one after another."""

    def cleanup(self, f: Callable[[], object]) -> None:
        self._cleanups.append(f)

    def setenv(self, key: str, value: str) -> None:
        from os import environ

        old = environ.get(key)
        environ[key] = value

        def restore() -> None:
            if old is None:
                environ.pop(key, None)
            else:
                environ[key] = old

        self.cleanup(restore)

    def chdir(self, dir: str) -> None:
        from os import chdir, getcwd

        old = getcwd()
        chdir(dir)
        self.cleanup(lambda: chdir(old))

    def temp_dir(self) -> str:
        folder = tempfile.TemporaryDirectory()
        self.cleanup(folder.cleanup)
        return folder.name

    def context(self) -> Any:
        """Return a context that is canceled before the cleanups run."""
        if self._context is None:
            from gochan import context

            self._context, self._cancel = context.with_cancel(context.background())
        return self._context

    def deadline(self) -> tuple[Any, bool]:
        return time.Time(), False

    def run(self, name: str, f: Callable[[T], object]) -> bool:
        """Run a subtest; return whether it did not fail."""
        name = "_".join(name.split(" ")) or "#00"
        if name in self._names:
            self._names[name] += 1
            name = f"{name}#{self._names[name]:02d}"
        else:
            self._names[name] = 0
        child = T(f"{self._name}/{name}" if self._name else name, self)
        start = time.now()
        child._execute(f)
        if child._failed:
            self._lines.append(f"--- FAIL: {child._name} ({time.since(start).seconds():.2f}s)")
            self._lines += [f"    {line}" for line in child._lines]
        return not child._failed

    def _execute(self, f: Callable[[T], object]) -> None:
        try:
            f(self)
        except _FailNow:
            pass
        finally:
            if self._cancel is not None:
                self._cancel()
            while self._cleanups:
                try:
                    self._cleanups.pop()()
                except _FailNow:
                    continue
            self._done = True


class F(T):
    """Go's testing.F, as it is without -fuzz: the fuzz target gets the seeds alone."""

    def __init__(self, name: str = "", parent: T | None = None) -> None:
        super().__init__(name, parent)
        self._seeds: list[list[Any]] = []

    def add(self, *args: Any) -> None:
        self._seeds.append([unpack(arg)[0] for arg in args])

    def fuzz(self, ff: Any) -> None:
        target = unpack(ff)[0]
        for number, seed in enumerate(self._seeds):
            self.run(f"seed#{number}", partial(_call, target, seed))


def _call(target: Callable[..., object], seed: list[Any], t: T) -> None:
    target(t, *seed)


def run_test(f: Callable[[T], object]) -> None:
    """Run a test in a program of gochan's; fail, in pytest's way, if it does.

    >>> def test_sum(t: T) -> None:
    ...     if 1 + 1 != 2:
    ...         t.errorf("1 + 1 = %d", 1 + 1)
    >>> run_test(test_sum)
    """
    _run_with(T(f.__name__), f)


def _run_with(t: T, f: Callable[..., object]) -> None:
    _run(t._execute, f)
    report = "\n".join(t._lines)
    if t._failed:
        raise AssertionError(report or f"{t.name()} failed")
    if report:
        sys.stdout.write(report + "\n")
    if t._skipped:
        import pytest

        pytest.skip(report)


def _run(f: Callable[..., object], *args: Any) -> None:
    from gochan import run

    limit = sys.getrecursionlimit()
    deepen()
    try:
        run(f, *args)
    except (AttributeError, TypeError, LookupError, ArithmeticError) as exc:
        error = go_error(exc)
        if error is None:
            raise
        # In Go's words: nil dereference, index out of range, integer divide by zero.
        raise error from exc
    finally:
        sys.setrecursionlimit(limit)  # of the process, in which other tests run too


def example(output: str, *, unordered: bool = False) -> Callable[[Callable[[], object]], Callable[[], None]]:
    """Make a pytest function of a Go example, which prints `output`: a decorator.

    With `unordered`, the lines may be in any order.
    """

    def decorate(f: Callable[[], object]) -> Callable[[], None]:
        def run() -> None:
            printed = StringIO()
            with redirect_stdout(printed):
                _run(f)
            got, want = printed.getvalue().strip(), output.strip()
            if unordered:
                got, want = ("\n".join(sorted(text.split("\n"))) for text in (got, want))
            if got != want:
                raise AssertionError(f"got:\n{got}\nwant:\n{want}")

        return _like(f, run)

    return decorate


class InternalTest:
    """Go's testing.InternalTest: what `main` runs."""

    __slots__ = ("f", "name")
    __go_pointer__ = False

    def __init__(self, name: str = "", f: Any = None) -> None:
        self.name = name
        self.f = f


class InternalBenchmark(InternalTest):
    """Go's testing.InternalBenchmark, which `main` leaves out."""

    __slots__ = ()


class InternalExample(InternalTest):
    """Go's testing.InternalExample, which `main` leaves out."""

    __slots__ = ()


def main(
    match_string: Callable[[str, str], tuple[bool, Any]],
    tests: Any,
    benchmarks: Any = None,
    examples: Any = None,
) -> NoReturn:
    """Run tests, print what failed, and PASS or FAIL, and end the program: Go's testing.Main."""
    root = T()
    for case in tests:
        matched, err = match_string("", case.name)
        if err is None and matched:
            root.run(case.name, case.f)
    if not len(tests):
        write_stderr("testing: warning: no tests to run\n")
    write_stdout("".join(f"{line}\n" for line in root._lines) + ("FAIL\n" if root._failed else "PASS\n"))
    os.exit(1 if root._failed else 0)


def test(f: Callable[[T], object]) -> Callable[[], None]:
    """Make a pytest function of a Go test: a decorator."""

    def run() -> None:
        run_test(f)

    return _like(f, run)


def fuzz_test(f: Callable[[F], object]) -> Callable[[], None]:
    """Make a pytest function of a Go fuzz test, which runs it on its seeds: a decorator."""

    def run() -> None:
        _run_with(F(f.__name__), f)

    return _like(f, run)


def _like(f: Callable[..., object], run: Callable[[], None]) -> Callable[[], None]:
    # functools.wraps would show pytest the parameters of f.
    run.__name__ = f.__name__
    run.__qualname__ = f.__qualname__
    run.__module__ = f.__module__
    run.__doc__ = f.__doc__
    return run


def short() -> bool:
    return False


def verbose() -> bool:
    return False


def testing() -> bool:
    return True
