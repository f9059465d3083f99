"""Follows Go's runtime/crash_test.go, and the programs in testdata/testprog that it runs: how programs end.

Go's tests read what the program prints; here a program is a main function, and what `run` raises is looked
at. Go prints the panics that a panic came after, each with what became of it; an exception has them as its
context.
"""

from __future__ import annotations

import traceback
from collections.abc import Callable
from typing import Any, NoReturn

import pytest
from children import python
from goroutines import let_others_run

from gochan import (
    Chan,
    Deadlock,
    Panic,
    close,
    defer,
    defers,
    go,
    panic,
    recover,
    recv,
    run,
    runtime,
    select,
    send,
    sync,
    time,
)

ASLEEP = "all goroutines are asleep - deadlock!"
NO_GOROUTINES = r"no goroutines \(main called runtime.Goexit\) - deadlock!"


def panics_of(main: Callable[[], object]) -> list[object]:
    """Run main; return the values of the panic that ends it, and of those that it came after."""
    with pytest.raises(Panic) as info:
        run(main)
    values: list[object] = []
    exc: BaseException | None = info.value
    while exc is not None:
        assert isinstance(exc, Panic)
        values.append(exc.value)
        exc = exc.__context__
    return values


# --- deadlocks -------------------------------------------------------------------------------------------


def _send_to_full() -> None:
    ch = Chan[int](1)
    ch.send(1)
    ch.send(2)


def _wait() -> None:
    wg = sync.WaitGroup()
    wg.add(1)
    wg.wait()


BLOCKED: dict[str, tuple[Callable[[], object], str]] = {
    "empty select": (select, "select (no cases)"),
    "select of nil": (lambda: select(recv(None), send(None, 1)), "select"),
    "select of both": (lambda: select(recv(Chan[int]()), send(Chan[int](), 1)), "select"),
    "receive": (lambda: Chan[int]().recv(), "chan receive"),
    "receive with ok": (lambda: Chan[int]().recv_ok(), "chan receive"),
    "range": (lambda: list(Chan[int]()), "chan receive"),
    "send": (lambda: Chan[int]().send(1), "chan send"),
    "send to a full one": (_send_to_full, "chan send"),
    "wait group": (_wait, "sync.WaitGroup.Wait"),
}


@pytest.mark.parametrize("way", BLOCKED)
def test_simple_deadlock(way: str) -> None:
    """TestSimpleDeadlock: main blocked alone, in each way that there is."""
    block, state = BLOCKED[way]
    with pytest.raises(Deadlock) as info:
        run(block)
    text = str(info.value)
    assert text.startswith(f"{ASLEEP}\n\ngoroutine 1 [{state}]:\n")
    assert "\n\ngoroutine 2" not in text
    # The innermost line is the one that blocked, and it is the user's.
    first = text.splitlines()[3]
    assert first.startswith(f'  File "{__file__}", line ')


def test_simple_deadlock_is_an_end() -> None:
    """TestSimpleDeadlock: nothing after it is reached, and no deferred call runs: it is not a panic."""
    reached: list[str] = []

    def main() -> None:
        defer(reached.append, "defer")
        defer(lambda: reached.append(str(recover())))
        select()
        reached.append("after")

    with pytest.raises(Deadlock, match=ASLEEP):
        run(main)
    assert reached == []


def test_init_deadlock() -> None:
    """TestInitDeadlock: code that runs before main, here without run, blocks forever."""
    child = python("""
        from gochan import select
        select()
        print("not reached")
    """)
    assert child.status == 1
    assert f"gochan.Deadlock: {ASLEEP}" in child.err


def test_deadlock_with_others_parked() -> None:
    """TestLockedDeadlock2: another goroutine has been blocked for some time when main blocks; both are
    told."""

    def main() -> None:
        go(select)
        time.sleep(time.MILLISECOND)
        select()

    with pytest.raises(Deadlock) as info:
        run(main)
    first, second = str(info.value).removeprefix(f"{ASLEEP}\n\n").split("\n\n")
    assert first.startswith("goroutine 1 [select (no cases)]:\n")
    assert second.startswith("goroutine 2 [select (no cases)]:\n")
    assert "created by goroutine 1 at\n" in second


def test_goexit_deadlock() -> None:
    """TestGoexitDeadlock: main ends by Goexit, the other goroutines end, and none is left."""
    ended: list[int] = []

    def main() -> None:
        go(ended.append, 1)
        go(ended.append, 2)
        runtime.goexit()

    with pytest.raises(Deadlock, match=NO_GOROUTINES):
        run(main)
    assert sorted(ended) == [1, 2]


def test_goexit_deadlock_with_others_parked() -> None:
    """TestGoexitDeadlock, with one that is left and blocked: then it is all that are asleep."""

    def main() -> None:
        go(select)
        runtime.goexit()

    with pytest.raises(Deadlock) as info:
        run(main)
    assert "goroutine 2 [select (no cases)]:" in str(info.value)
    assert "goroutine 1 [" not in str(info.value)


def test_goexit_crash() -> None:
    """TestGoexitCrash: the same when the other goroutine sleeps first."""
    woken: list[bool] = []

    def main() -> None:
        @go
        def _() -> None:
            time.sleep(time.MILLISECOND)
            woken.append(True)

        runtime.goexit()

    with pytest.raises(Deadlock, match=NO_GOROUTINES):
        run(main)
    assert woken == [True]


def test_goexit_defer() -> None:
    """TestGoexitDefer: a Goexit runs the deferred calls, in which there is nothing to recover."""

    def main() -> object:
        ch = Chan[tuple[object]]()

        @go
        def _() -> None:
            defer(lambda: ch.send((recover(),)))
            runtime.goexit()

        return ch.recv()

    assert run(main) == (None,)


def test_goexit_in_panic() -> None:
    """TestGoexitInPanic: a deferred call ends the goroutine by Goexit: its panic is over."""

    def main() -> None:
        @go
        def _() -> None:
            defer(runtime.goexit)
            panic("hello")

        runtime.goexit()

    with pytest.raises(Deadlock, match=NO_GOROUTINES):
        run(main)


def test_panic_after_goexit() -> None:
    """TestPanicAfterGoexit: a panic in a deferred call of a Goexit ends the program."""

    def main() -> None:
        defer(panic, "hello")
        runtime.goexit()

    with pytest.raises(Panic, match="hello"):
        run(main)


def test_recovered_panic_after_goexit() -> None:
    """TestRecoveredPanicAfterGoexit: one that is recovered where it was leaves the Goexit as it is."""
    seen: list[object] = []

    def main() -> None:
        @defer
        @defers
        def _() -> None:
            defer(lambda: seen.append(recover()))
            panic("hello")

        runtime.goexit()

    with pytest.raises(Deadlock, match=NO_GOROUTINES):
        run(main)
    assert seen == ["hello"]


@pytest.mark.parametrize("more", [0, 2], ids=["", "with more deferred calls"])
def test_recover_before_panic_after_goexit(more: int) -> None:
    """TestRecoverBeforePanicAfterGoexit, TestRecoverBeforePanicAfterGoexit2: one that a deferred call of the
    same function recovers does so too: the Goexit goes on, and the goroutine does not come back."""
    seen: list[object] = []

    def main() -> None:
        @defers
        def body() -> None:
            for _ in range(more):
                defer(seen.append, "deferred")
            defer(lambda: seen.append(recover()))
            defer(panic, "hello")
            runtime.goexit()

        body()
        seen.append("came back")

    with pytest.raises(Deadlock, match=NO_GOROUTINES):
        run(main)
    assert seen == ["hello", *["deferred"] * more]


# --- panics ----------------------------------------------------------------------------------------------


def test_recursive_panic() -> None:
    """TestRecursivePanic: a deferred call recovers and panics again; that is what the caller recovers."""
    seen: list[object] = []

    def main() -> None:
        @defers
        def outer() -> None:
            defer(lambda: seen.append(recover()))

            @defers
            def inner(large: bytes) -> None:
                @defer
                def _() -> None:
                    err = recover()
                    if err is not None:
                        panic("wrap: " + err)

                panic("bad")

            inner(bytes(8192))

        outer()
        panic("again")

    assert panics_of(main) == ["again"]
    assert seen == ["wrap: bad"]


def test_recursive_panic_2() -> None:
    """TestRecursivePanic2: recovered in one deferred call, and panicked in the next."""
    seen: list[object] = []

    def main() -> None:
        @defers
        def outer() -> None:
            defer(lambda: seen.append(recover()))

            @defers
            def inner(large: bytes) -> None:
                defer(panic, "second panic")
                defer(lambda: seen.append(recover()))
                panic("first panic")

            inner(bytes(8192))

        outer()
        panic("third panic")

    assert panics_of(main) == ["third panic"]
    assert seen == ["first panic", "second panic"]


def test_recursive_panic_3() -> None:
    """TestRecursivePanic3: a panic recovered within a deferred call does not stop the one that runs it."""

    def main() -> None:
        @defer
        @defers
        def _() -> None:
            @defer
            def _() -> None:
                recover()

            panic("second panic")

        panic("first panic")

    assert panics_of(main) == ["first panic"]


def test_recursive_panic_4() -> None:
    """TestRecursivePanic4: a panic in the function that recovered another comes after it."""

    def main() -> None:
        @defer
        def _() -> None:
            recover()
            panic("second panic")

        panic("first panic")

    assert panics_of(main) == ["second panic", "first panic"]


def test_recursive_panic_5() -> None:
    """TestRecursivePanic5: recover, panic and recover among the deferred calls of one function; its caller
    goes on."""
    seen: list[object] = []

    @defers
    def three() -> None:
        defer(lambda: None)
        defer(lambda: seen.append(recover()))

        @defer
        def _() -> None:
            seen.append(recover())
            panic("second panic")

        panic("first panic")

    @defers
    def two() -> None:
        defer(seen.append, "two")
        three()

    def main() -> None:
        two()
        panic("third panic")

    assert panics_of(main) == ["third panic"]
    assert seen == ["first panic", "second panic", "two"]


def test_repanicked_panic() -> None:
    """TestRepanickedPanic: recovered and panicked with again."""

    def main() -> None:
        defer(lambda: panic(recover()))
        panic("message")

    assert panics_of(main) == ["message", "message"]


def test_repanicked_exception() -> None:
    """TestRepanickedPanic, with an exception: it is the very same, and not its own context."""
    error = LookupError("message")

    def main() -> None:
        defer(lambda: panic(recover()))
        raise error

    with pytest.raises(LookupError) as info:
        run(main)
    assert info.value is error
    assert error.__context__ is None


def test_repanicked_middle_panic() -> None:
    """TestRepanickedMiddlePanic: three panics one after the other, the second one panicked with twice."""

    def main() -> None:
        @defer
        def _() -> None:
            recover()
            panic("outer")

        @defers
        def middle() -> None:
            defer(lambda: panic(recover()))

            @defers
            def inner() -> None:
                @defer
                def _() -> None:
                    recover()
                    panic("middle")

                panic("inner")

            inner()

        middle()

    assert panics_of(main) == ["outer", "middle", "middle", "inner"]


def test_repanicked_panic_sandwich() -> None:
    """TestRepanickedPanicSandwich: the value of the first panic is that of the third."""

    def main() -> None:
        outer: list[object] = []

        @defer
        def _() -> None:
            recover()
            panic(outer[0])

        @defers
        def body() -> None:
            @defer
            def _() -> None:
                outer.append(recover())
                panic("inner")

            panic("outer")

        body()

    assert panics_of(main) == ["outer", "inner", "outer"]


def test_double_panic_with_same_value() -> None:
    """TestDoublePanicWithSameValue: two panics with one value, neither recovered."""
    value = "message"

    def main() -> None:
        defer(panic, value)
        panic(value)

    assert panics_of(main) == ["message", "message"]


def test_double_panic() -> None:
    """TestDoublePanic: both are reported, although the second was raised in the middle of the first."""

    def main() -> None:
        defer(panic, "YYY")
        panic("XXX")

    assert panics_of(main) == ["YYY", "XXX"]


@pytest.mark.gochan
def test_go_nil() -> None:
    """TestGoNil: `go` refuses None, and starts nothing."""
    with pytest.raises(TypeError, match="go: None is not callable"):
        go(None)  # type: ignore[arg-type]
    assert runtime.num_goroutine() == 1


def test_main_goroutine_id() -> None:
    """TestMainGoroutineID: main is goroutine 1."""
    assert run(runtime.stack).startswith("goroutine 1 [running]:\n")


def test_no_helper_goroutines() -> None:
    """TestNoHelperGoroutines: a timer that is set needs no goroutine that anyone would see."""

    def main() -> str:
        time.after_func(time.HOUR, lambda: None)
        return runtime.stack(all=True)

    goroutines = [line for line in run(main).splitlines() if line.startswith("goroutine ")]
    assert goroutines == ["goroutine 1 [running]:"]


def _send_on_closed() -> None:
    ch = Chan[int]()
    close(ch)
    ch.send(1)


FAULTS: dict[str, Callable[[], object]] = {
    "close twice": lambda: [close(ch) for ch in [Chan[int]()] * 2],
    "send on closed": _send_on_closed,
    "close nil": lambda: close(None),
    "negative counter": lambda: sync.WaitGroup().done(),
}


@pytest.mark.parametrize("name", FAULTS)
def test_runtime_panic_with_runtime_error(name: str) -> None:
    """TestRuntimePanicWithRuntimeError: a fault of the runtime is a Panic, which is a RuntimeError."""
    with pytest.raises(Panic) as info:
        run(FAULTS[name])
    assert isinstance(info.value, RuntimeError)
    assert isinstance(info.value.value, str)


def test_runtime_panic_of_python() -> None:
    """TestRuntimePanicWithRuntimeError: Python's own faults are the exceptions that Python has for them."""
    faults: list[tuple[Callable[[], Any], type[Exception]]] = [
        (lambda: list[int]()[2], IndexError),
        (lambda: Chan[bool](-1), ValueError),
    ]
    for fault, kind in faults:
        with pytest.raises(kind):
            run(fault)


def test_panic_traceback() -> None:
    """TestPanicTraceback: three panics, the last first, and in its traceback the chain of calls."""

    @defers
    def pt1() -> None:
        defer(fails_1)
        pt2()

    @defers
    def pt2() -> None:
        defer(fails_2)
        panic("hello")

    def fails_1() -> None:
        panic("panic pt1")

    def fails_2() -> None:
        panic("panic pt2")

    with pytest.raises(Panic) as info:
        run(pt1)
    chain: list[BaseException] = []
    exc: BaseException | None = info.value
    while exc is not None:
        chain.append(exc)
        exc = exc.__context__
    assert [str(e) for e in chain] == ["panic pt1", "panic pt2", "hello"]
    calls = [[frame.name for frame in traceback.extract_tb(e.__traceback__)] for e in chain]
    assert "fails_1" in calls[0]
    assert "fails_2" in calls[1]
    assert calls[2][-2:] == ["pt2", "panic"] or calls[2][-1] == "pt2"


def test_panic_inlined() -> None:
    """TestPanicInlined: what is recovered knows the method that failed."""
    caught: list[BaseException] = []

    class Point:
        x: Any = None

        def negate(self) -> None:
            self.x.value = -self.x.value

    @defers
    def body() -> None:
        defer(lambda: caught.append(recover()))
        Point().negate()

    body()
    assert [frame.name for frame in traceback.extract_tb(caught[0].__traceback__)][-1] == "negate"


def test_crash_handler() -> None:
    """TestCrashHandler: a fault is recovered in main, in other goroutines, and in main again."""
    seen: list[str] = []

    @defers
    def attempt(name: str) -> None:
        @defer
        def _() -> None:
            seen.append(f"{name}: {'recovered ' if recover() is not None else ''}done")

        nothing: Any = None
        nothing.fault()
        seen.append("not reached")

    def main() -> None:
        done = Chan[bool]()

        def elsewhere(name: str) -> None:
            attempt(name)
            done.send(True)

        attempt("main")
        go(elsewhere, "second")
        done.recv()
        go(elsewhere, "third")
        done.recv()
        attempt("main again")

    run(main)
    assert seen == [f"{name}: recovered done" for name in ("main", "second", "third", "main again")]


def test_panic_race() -> None:
    """TestPanicRace: a panic in one of many goroutines that are released at once ends the program; the
    report has its value, and where its goroutine was started."""
    ran: list[int] = []

    def main() -> None:
        gate, wg = Chan[None](), sync.WaitGroup()

        def crash(n: int) -> None:
            gate.recv()
            ran.append(n)
            if n == 3:
                panic("crash")

        for n in range(5):
            wg.go(crash, n)
        let_others_run()
        close(gate)
        wg.wait()
        pytest.fail("not reached")

    with pytest.raises(Panic, match="crash") as info:
        run(main)
    assert ran[-1] == 3
    (note,) = info.value.__notes__
    assert "created by goroutine 1 at\n" in note
    assert f'File "{__file__}"' in note


# --- panics whose value has something to say -------------------------------------------------------------


def test_panic_deadlock_gosched() -> None:
    """TestPanicDeadlockGosched: the value's text, asked for at the very end, lets others run."""
    child = python("""
        from gochan import panic, run, runtime
        class Error:
            def __str__(self):
                runtime.gosched()
                return "text after gosched"
        run(panic, Error())
    """)
    assert child.status == 1
    assert "gochan.Panic: text after gosched" in child.err


def test_panic_deadlock_syscall() -> None:
    """TestPanicDeadlockSyscall: it prints."""
    child = python("""
        from gochan import panic, run
        class Error:
            def __str__(self):
                print("1")
                print("2")
                return "3"
        run(panic, Error())
    """)
    assert (child.status, child.out) == (1, "1\n2\n")
    assert "gochan.Panic: 3" in child.err


@pytest.mark.parametrize(
    "body",
    [
        pytest.param("panic('double error')", id="PanicLoop, ErrorPanic, StringerPanic"),
        pytest.param("panic(Error())", id="DoubleErrorPanic, CircularPanic"),
        pytest.param("return str(Error())", id="without end"),
    ],
)
def test_panic_loop(body: str) -> None:
    """TestPanicLoop, TestPanicWhilePanicking: it panics itself: the program ends, and says that it could not
    be told."""
    child = python(f"""
        from gochan import panic, run
        class Error:
            def __str__(self):
                {body}
        run(panic, Error())
    """)
    assert child.status == 1
    assert "gochan.Panic: <exception str() failed>" in child.err


@pytest.mark.parametrize(
    ("value", "text"),
    [
        ("important multi-line\nstring message", "important multi-line\nstring message"),
        (None, "panic called with nil argument (use GODEBUG=panicnil=1 to disable)"),
    ],
    ids=["StringPanic", "NilPanic"],
)
def test_panic_while_panicking(value: object, text: str) -> None:
    """TestPanicWhilePanicking: values that can be shown are."""

    def main() -> NoReturn:
        panic(value)

    with pytest.raises(Panic) as info:
        run(main)
    assert str(info.value) == text
