"""sync.WaitGroup.

Where a test follows one of Go's, its docstring names it (sync/waitgroup_test.go).  The orders are those that
Go shows at GOMAXPROCS=1.
"""

import contextvars
from typing import Any

import pytest

from gochan import (
    Chan,
    Deadlock,
    Panic,
    default,
    defer,
    go,
    panic,
    recover,
    recv,
    run,
    runtime,
    select,
    synctest,
)
from gochan.sync import WaitGroup

# --- add, done, wait ---------------------------------------------------------------------------------------


@pytest.mark.gochan
def test_two_groups_as_a_barrier() -> None:
    """Go's TestWaitGroup."""
    one, other = WaitGroup(), WaitGroup()
    for _ in range(8):
        n = 16
        one.add(n)
        other.add(n)
        exited = Chan[bool](n)

        def worker(exited: Chan[bool] = exited) -> None:
            one.done()
            other.wait()
            exited.send(True)

        for _ in range(n):
            go(worker)
        one.wait()
        for _ in range(n):
            assert select(recv(exited), default)[0] == 1
            other.done()
        for _ in range(n):
            exited.recv()


@pytest.mark.gochan
def test_wait_returns_when_all_are_done() -> None:
    """Go's TestWaitGroupRace."""
    for _ in range(100):
        wg = WaitGroup()
        n = 0

        def worker(wg: WaitGroup = wg) -> None:
            nonlocal n
            n += 1
            wg.done()

        wg.add(1)
        go(worker)
        wg.add(1)
        go(worker)
        wg.wait()
        assert n == 2


@pytest.mark.gochan
def test_wait_for_nothing_does_not_even_yield() -> None:
    started: list[bool] = []
    go(started.append, True)
    wg = WaitGroup()
    wg.wait()
    wg.add(0)
    wg.wait()
    wg.add(1)
    wg.done()
    wg.wait()
    assert not started


@pytest.mark.gochan
def test_add_takes_any_number_of_64_bits() -> None:
    wg = WaitGroup()
    wg.add(5)
    waiting = Chan[None]()

    @go
    def _() -> None:
        wg.wait()
        waiting.close()

    runtime.gosched()
    wg.add(10**18)
    for n in [2**63, 10**30, 2**63 - 1 - 10**18]:
        with pytest.raises(OverflowError, match=r"^WaitGroup.add: the counter is too large$"):
            wg.add(n)
    wg.add(-(10**18) - 4)
    assert select(recv(waiting), default)[0] == 1
    wg.add(2)
    wg.add(-3)
    waiting.recv()


@pytest.mark.gochan
def test_waiters_wake_in_gos_order() -> None:
    wg, all_done = WaitGroup(), WaitGroup()
    order: list[int] = []
    wg.add(1)

    def waiter(i: int) -> None:
        wg.wait()
        order.append(i)
        all_done.done()

    for i in range(5):
        all_done.add(1)
        go(waiter, i)
    runtime.gosched()
    runtime.gosched()
    wg.done()
    all_done.wait()
    assert order == [3, 4, 0, 1, 2]


@pytest.mark.gochan
def test_a_group_is_used_again() -> None:
    wg = WaitGroup()
    counted: list[int] = []
    for round_ in range(3):
        for _ in range(round_ + 1):
            wg.go(counted.append, round_)
        wg.wait()
    assert counted == [0, 1, 1, 2, 2, 2]


# --- misuse ------------------------------------------------------------------------------------------------


@pytest.mark.gochan
def test_a_count_below_zero() -> None:
    """Go's TestWaitGroupMisuse."""
    wg = WaitGroup()
    wg.add(1)
    wg.done()
    with pytest.raises(Panic, match=r"^sync: negative WaitGroup counter$") as caught:
        wg.done()
    assert caught.value.value == "sync: negative WaitGroup counter"
    wg.add(2)
    with pytest.raises(Panic, match=r"^sync: negative WaitGroup counter$"):
        wg.add(-3)
    # The count is as it was.
    wg.add(-2)
    wg.wait()


@pytest.mark.gochan
def test_reuse_before_wait_has_returned() -> None:
    wg = WaitGroup()
    outcome = Chan[Any](1)

    @go
    def _() -> None:
        defer(lambda: outcome.send(recover()))
        wg.wait()

    wg.add(1)
    runtime.gosched()
    wg.done()
    wg.add(1)  # a waiter has been woken, and has not run yet
    assert outcome.recv() == "sync: WaitGroup is reused before previous Wait has returned"
    wg.done()


@pytest.mark.parametrize("delta", ["1", None, 1.0, True, [1]])
def test_add_refuses_a_non_number(delta: Any) -> None:
    wg = WaitGroup()
    with pytest.raises(TypeError, match=r"^WaitGroup.add: .* is not a number of goroutines; give an int"):
        wg.add(delta)
    wg.wait()


def test_a_wait_without_a_done_is_a_deadlock() -> None:
    def main() -> None:
        wg = WaitGroup()
        wg.add(2)
        go(wg.wait)
        wg.done()
        wg.wait()

    with pytest.raises(Deadlock) as caught:
        run(main)
    assert "goroutine 1 [sync.WaitGroup.Wait]:" in str(caught.value)
    assert "goroutine 2 [sync.WaitGroup.Wait]:" in str(caught.value)


def test_a_group_can_be_used_after_a_wait_that_was_broken_off() -> None:
    """Without run, the code goes on after a Deadlock; so do other owners of a group when a program ends."""
    wg = WaitGroup()
    wg.add(1)
    for _ in range(2):
        with pytest.raises(Deadlock):
            wg.wait()
    with pytest.raises(Deadlock):
        run(wg.wait)
    wg.done()
    wg.wait()
    wg.go(lambda: None)
    wg.wait()


def test_a_program_that_ends_after_the_wake_up_and_before_the_run() -> None:
    """Code without run waits, is woken, and gets what ended the other goroutine instead of running."""
    wg = WaitGroup()

    @wg.go
    def _() -> None:
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        wg.wait()
    wg.done()
    wg.add(1)

    @go
    def _() -> None:
        wg.done()
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        wg.wait()
    wg.go(lambda: None)
    wg.wait()


# --- go ----------------------------------------------------------------------------------------------------


@pytest.mark.gochan
def test_go() -> None:
    """Go's TestWaitGroupGo."""
    wg = WaitGroup()
    i = 0

    @wg.go
    def _() -> None:
        nonlocal i
        i += 1

    wg.wait()
    assert i == 1


@pytest.mark.gochan
def test_go_starts_them_in_the_order_of_go() -> None:
    wg = WaitGroup()
    order: list[int] = []
    for i in range(4):
        wg.go(order.append, i)
    assert order == []
    wg.wait()
    assert order == [3, 0, 1, 2]


@pytest.mark.gochan
def test_go_takes_arguments() -> None:
    wg = WaitGroup()
    seen: list[Any] = []

    def f(*args: Any, **kwargs: Any) -> str:
        seen.append((args, kwargs))
        return "dropped"

    wg.go(f)
    wg.wait()
    wg.go(f, 1, 2, fn=3, self=4, args=5, kwargs=6)
    wg.wait()
    assert seen == [((), {}), ((1, 2), {"fn": 3, "self": 4, "args": 5, "kwargs": 6})]


@pytest.mark.gochan
def test_go_within_go() -> None:
    wg = WaitGroup()
    seen: list[int] = []

    def countdown(n: int) -> None:
        seen.append(n)
        if n:
            wg.go(countdown, n - 1)

    wg.go(countdown, 3)
    wg.wait()
    assert seen == [3, 2, 1, 0]


@pytest.mark.gochan
def test_deferred_calls_run_before_it_counts_as_done() -> None:
    wg = WaitGroup()
    seen: list[str] = []

    @wg.go
    def _() -> None:
        defer(seen.append, "deferred")
        seen.append("done")

    wg.wait()
    assert seen == ["done", "deferred"]


@pytest.mark.gochan
def test_a_panic_that_is_recovered_counts_as_done() -> None:
    wg = WaitGroup()
    recovered: list[Any] = []

    @wg.go
    def _() -> None:
        defer(lambda: recovered.append(recover()))
        panic("caught")

    wg.wait()
    assert recovered == ["caught"]


@pytest.mark.gochan
def test_goexit_counts_as_done() -> None:
    wg = WaitGroup()
    seen: list[str] = []

    @wg.go
    def _() -> None:
        defer(seen.append, "deferred")
        try:
            runtime.goexit()
        finally:
            seen.append("finally")

    wg.wait()
    assert seen == ["finally", "deferred"]


@pytest.mark.parametrize(
    "exc", [ZeroDivisionError("test"), Panic("test"), SystemExit(3), KeyboardInterrupt()]
)
def test_an_exception_ends_the_program_and_not_the_wait(exc: BaseException) -> None:
    """Go's TestIssue76126."""
    returned: list[bool] = []

    def fail() -> None:
        raise exc

    def main() -> None:
        wg = WaitGroup()
        wg.go(fail)
        wg.wait()
        returned.append(True)

    with pytest.raises(type(exc)) as caught:
        run(main)
    assert caught.value is exc
    assert not returned
    (note,) = exc.__notes__
    assert note.startswith("in goroutine 2, created by goroutine 1 at\n")
    assert "wg.go(fail)" in note


def test_those_that_are_left_are_unwound_and_not_counted() -> None:
    seen: list[str] = []
    wg = WaitGroup()

    def worker() -> None:
        try:
            Chan[None]().recv()
        finally:
            seen.append("unwound")

    def main() -> None:
        wg.go(worker)
        runtime.gosched()

    run(main)
    assert seen == ["unwound"]
    with pytest.raises(Deadlock):
        run(wg.wait)


@pytest.mark.gochan
def test_go_runs_in_a_copy_of_the_context() -> None:
    variable = contextvars.ContextVar("variable", default="unset")
    wg = WaitGroup()
    seen: list[str] = []

    def worker() -> None:
        seen.append(variable.get())
        variable.set("changed")

    variable.set("set")
    wg.go(worker)
    wg.wait()
    assert seen == ["set"]
    assert variable.get() == "set"


@pytest.mark.parametrize("f", [None, 3, "f"])
def test_go_refuses_what_cannot_be_called(f: Any) -> None:
    wg = WaitGroup()
    with pytest.raises(TypeError, match=r"^WaitGroup.go: .* is not callable; give the function"):
        wg.go(f)
    wg.wait()  # it was not counted


def test_go_refuses_a_function_that_only_makes_a_generator() -> None:
    def numbers() -> Any:
        yield 1

    def main() -> None:
        wg = WaitGroup()
        wg.go(numbers)
        wg.wait()

    with pytest.raises(TypeError, match=r"numbers is a generator function, want a plain function"):
        run(main)


# --- bubbles -----------------------------------------------------------------------------------------------


@pytest.mark.gochan
def test_a_group_belongs_to_one_bubble() -> None:
    def inside(wg: WaitGroup) -> None:
        with pytest.raises(
            Panic, match=r"^sync: WaitGroup.Add called from inside and outside synctest bubble$"
        ):
            wg.add(1)

    wg = WaitGroup()
    wg.add(1)
    synctest.test(inside, wg)
    wg.done()
    # It counts nothing now: it belongs to the bubble that adds first.
    synctest.test(lambda: (wg.go(lambda: None), wg.wait()))
    wg.go(lambda: None)
    wg.wait()
