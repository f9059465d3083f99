"""sync.Once, once_func, once_value and once_values.

Where a test follows one of Go's, its docstring names it (sync/once_test.go, sync/oncefunc_test.go).
"""

import copy
import gc
import re
import traceback
import weakref
from collections.abc import Callable
from typing import Any

import pytest
from goroutines import let_others_run

from gochan import Chan, Deadlock, Panic, defer, defers, go, panic, recover, run, runtime
from gochan.sync import Once, WaitGroup, once_func, once_value, once_values

MAKERS: dict[str, Callable[[Callable[[], Any]], Callable[[], Any]]] = {
    "once_func": once_func,
    "once_value": once_value,
    "once_values": once_values,
}

# --- Once --------------------------------------------------------------------------------------------------


@pytest.mark.gochan
def test_once() -> None:
    """Go's TestOnce."""
    once = Once()
    n = 0
    done = Chan[int]()

    def increment() -> None:
        nonlocal n
        n += 1

    def worker() -> None:
        once.do(increment)
        done.send(n)

    for _ in range(10):
        go(worker)
    assert [done.recv() for _ in range(10)] == [1] * 10
    assert n == 1


@pytest.mark.gochan
def test_other_callers_wait_until_it_is_done() -> None:
    once, wg = Once(), WaitGroup()
    order: list[int] = []

    def worker(i: int) -> None:
        def slow() -> None:
            order.append(100 + i)
            runtime.gosched()
            runtime.gosched()

        once.do(slow)
        order.append(i)

    for i in range(5):
        wg.go(worker, i)
    wg.wait()
    assert order == [104, 4, 0, 1, 2, 3]


@pytest.mark.gochan
def test_a_panic_counts_as_done() -> None:
    """Go's TestOncePanic."""
    once = Once()
    with pytest.raises(Panic, match="failed"):
        once.do(lambda: panic("failed"))
    once.do(lambda: pytest.fail("called twice"))


@pytest.mark.gochan
@pytest.mark.parametrize("exc", [ZeroDivisionError(), KeyboardInterrupt(), SystemExit(1)])
def test_any_exception_counts_as_done(exc: BaseException) -> None:
    once = Once()

    def fail() -> None:
        raise exc

    with pytest.raises(type(exc)) as caught:
        once.do(fail)
    assert caught.value is exc
    once.do(lambda: pytest.fail("called twice"))


@pytest.mark.gochan
def test_goexit_counts_as_done() -> None:
    once, wg = Once(), WaitGroup()
    returned: list[bool] = []

    @wg.go
    def _() -> None:
        once.do(runtime.goexit)
        returned.append(True)

    wg.wait()
    assert returned == []
    once.do(lambda: pytest.fail("called twice"))


def test_a_do_in_its_own_function_is_a_deadlock() -> None:
    once = Once()
    with pytest.raises(Deadlock, match=r"goroutine 1 \[sync.Mutex.Lock\]:"):
        run(lambda: once.do(lambda: once.do(lambda: None)))
    run(lambda: once.do(lambda: pytest.fail("called twice")))


@pytest.mark.gochan
def test_its_function_may_defer_and_recover() -> None:
    once = Once()
    seen: list[Any] = []

    def f() -> None:
        defer(seen.append, "deferred")
        defer(lambda: seen.append(recover()))
        panic("caught")

    once.do(f)
    assert seen == ["caught", "deferred"]


@pytest.mark.gochan
def test_do_is_also_a_decorator() -> None:
    once = Once()
    seen: list[int] = []
    for i in range(3):

        @once.do
        def _(i: int = i) -> str:
            seen.append(i)
            return "dropped"

    assert seen == [0]


@pytest.mark.parametrize("f", [None, 3, "f"])
def test_do_refuses_what_cannot_be_called(f: Any) -> None:
    once = Once()
    with pytest.raises(TypeError, match=r"^Once.do: .* is not callable; give a function without arguments$"):
        once.do(f)
    seen: list[bool] = []
    once.do(lambda: seen.append(True))
    assert seen == [True]


def test_a_once_is_not_copied() -> None:
    with pytest.raises(TypeError, match=r"^Once cannot be pickled or copied: it lives"):
        copy.copy(Once())


def test_do_refuses_a_function_that_only_makes_a_generator() -> None:
    def numbers() -> Any:
        yield 1

    with pytest.raises(TypeError, match=r"numbers is a generator function, want a plain function"):
        Once().do(numbers)


# --- once_func, once_value, once_values --------------------------------------------------------------------


@pytest.mark.gochan
def test_once_func() -> None:
    """Go's TestOnceFunc; how much it allocates is Go's concern."""
    calls = 0

    def f() -> int:
        nonlocal calls
        calls += 1
        return calls

    once = once_func(f)
    assert calls == 0
    assert [once() for _ in range(3)] == [None] * 3  # type: ignore[func-returns-value]
    assert calls == 1


@pytest.mark.gochan
def test_once_value() -> None:
    """Go's TestOnceValue; how much it allocates is Go's concern."""
    calls = 0

    def f() -> int:
        nonlocal calls
        calls += 1
        return calls

    once = once_value(f)
    assert [once() for _ in range(3)] == [1, 1, 1]
    assert calls == 1


@pytest.mark.gochan
def test_once_values() -> None:
    """Go's TestOnceValues; how much it allocates is Go's concern."""
    calls = 0

    def f() -> tuple[int, int]:
        nonlocal calls
        calls += 1
        return calls, calls + 1

    once = once_values(f)
    assert [once() for _ in range(3)] == [(1, 2)] * 3
    assert calls == 1


def panics_with(v: object, once: Callable[[], object]) -> None:
    """Check that two calls panic with v."""
    for _ in range(2):
        recovered: list[Any] = []

        @defers
        def call(recovered: list[Any] = recovered) -> None:
            defer(lambda: recovered.append(recover()))
            once()

        call()
        assert recovered == [v]


@pytest.mark.gochan
@pytest.mark.parametrize("name", MAKERS)
def test_a_panic_comes_again_at_each_call(name: str) -> None:
    """Go's TestOnceFuncPanic, TestOnceValuePanic, TestOnceValuesPanic."""
    calls = 0

    def f() -> Any:
        nonlocal calls
        calls += 1
        panic("x")

    panics_with("x", MAKERS[name](f))
    assert calls == 1


NIL_PANIC = "panic called with nil argument (use GODEBUG=panicnil=1 to disable)"


@pytest.mark.gochan
def test_a_panic_with_nil_comes_again() -> None:
    """Go's TestOnceFuncPanicNil."""
    panics_with(NIL_PANIC, once_func(lambda: panic(None)))


@pytest.mark.parametrize("exc", [ValueError("x"), KeyboardInterrupt(), SystemExit(3)])
def test_it_is_the_same_exception_and_its_traceback_does_not_grow(exc: BaseException) -> None:
    @once_value
    def f() -> int:
        raise exc

    depths: list[int] = []
    for _ in range(4):
        with pytest.raises(type(exc)) as caught:
            f()
        assert caught.value is exc
        depths.append(len(traceback.extract_tb(exc.__traceback__)))
    assert depths[1] == depths[2] == depths[3]


@pytest.mark.gochan
def test_goexit_is_not_called_twice() -> None:
    """Go's TestOnceFuncGoexit.  What it panics with is what it does in Go."""
    calls = 0

    def f() -> None:
        nonlocal calls
        calls += 1
        runtime.goexit()

    once = once_func(f)
    wg = WaitGroup()
    recovered: list[Any] = []

    def worker() -> None:
        defer(lambda: recovered.append(recover()))
        once()

    for _ in range(2):
        wg.go(worker)
        wg.wait()
    assert calls == 1
    assert recovered == [NIL_PANIC] * 2


def test_a_program_that_ends_midway_leaves_no_result() -> None:
    once = once_value(lambda: Chan[int]().recv())
    run(lambda: (go(once), let_others_run()))
    with pytest.raises(Panic, match="panic called with nil argument"):
        run(once)


@pytest.mark.parametrize("call", [1, 2])
def test_the_traceback_leads_to_the_origin(call: int) -> None:
    """Go's TestOnceFuncPanicTraceback, which asks for it at the first call."""

    def the_origin() -> None:
        panic("x")

    def main() -> None:
        once = once_func(the_origin)
        for _ in range(call - 1):
            with pytest.raises(Panic):
                once()
        once()

    with pytest.raises(Panic, match=r"^x$") as caught:
        run(main)
    assert "the_origin" in [frame.name for frame in traceback.extract_tb(caught.value.__traceback__)]


class Buffer(bytearray):
    """An object that takes weak references."""


@pytest.mark.usefixtures("collector")
@pytest.mark.parametrize("name", MAKERS)
@pytest.mark.parametrize("panics", [False, True])
def test_the_function_is_let_go(name: str, panics: bool) -> None:
    """Go's TestOnceXGC.

    An exception keeps the frames that it went through, and what they hold, as everywhere in Python: here they
    are let go first.
    """
    buffer = Buffer(1024)
    alive = weakref.ref(buffer)

    def make(buffer: Buffer) -> Callable[[], Any]:
        def f() -> tuple[None, None]:
            buffer[0] = 1
            if panics:
                panic("test panic")
            return None, None

        return MAKERS[name](f)

    once = make(buffer)
    del buffer
    gc.collect()
    assert alive() is not None
    for _ in range(2):
        if panics:
            with pytest.raises(Panic, match="test panic") as caught:
                once()
            caught.value.__traceback__ = None
            del caught
        else:
            once()
        gc.collect()
        assert alive() is None


@pytest.mark.gochan
def test_its_function_may_recover() -> None:
    recovered: list[Any] = []

    def f() -> int:
        defer(lambda: recovered.append(recover()))
        panic("caught")

    once = once_value(f)
    assert once() is None
    assert once() is None
    assert recovered == ["caught"]


@pytest.mark.gochan
def test_all_wait_for_the_first_call() -> None:
    calls = 0

    @once_value
    def f() -> int:
        nonlocal calls
        calls += 1
        runtime.gosched()
        return calls

    wg = WaitGroup()
    seen: list[int] = []
    for _ in range(5):
        wg.go(lambda: seen.append(f()))
    wg.wait()
    assert seen == [1] * 5


def test_as_decorators_they_keep_the_name() -> None:
    @once_value
    def settings() -> dict[str, int]:
        """Read the settings."""
        return {"a": 1}

    assert settings.__name__ == "settings"
    assert settings.__doc__ == "Read the settings."
    assert settings() is settings()


@pytest.mark.parametrize("name", MAKERS)
def test_they_refuse_what_cannot_be_called(name: str) -> None:
    with pytest.raises(TypeError, match=rf"^sync.{name}: 3 is not callable; give a function without"):
        MAKERS[name](3)  # type: ignore[arg-type]


def test_the_repr() -> None:
    once = Once()
    seen: list[str] = []
    assert re.fullmatch(r"<Once not done at 0x\w+>", repr(once))
    once.do(lambda: seen.append(repr(once)))
    assert re.fullmatch(r"<Once done at 0x\w+>", repr(once))
    assert re.fullmatch(r"<Once not done at 0x\w+>", seen[0]), "done is when it has returned"
