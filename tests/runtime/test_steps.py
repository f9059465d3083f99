"""The Python engine, interrupted at chosen points: by a finalizer within a step, by a handler that raises.

CPython may run a finalizer or a signal handler where a function begins or has ended.  These tests choose such
a point: they replace a function of the engine by one that calls something before or after it, once.
"""

import importlib
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest

from gochan import Chan, default, go, recv, run, select, send, thread, time, timeout
from gochan._engine.impl import COMPILED, sched, select_async
from gochan._engine.py import proc, runq, worker
from gochan._engine.py.hooks import hooks
from gochan._engine.py.state import sched as state
from gochan.runtime import gosched, num_goroutine
from gochan.sync import Cond, Mutex, RWMutex, WaitGroup

pytestmark = pytest.mark.skipif(COMPILED, reason="in C, no Python code runs within a step")

Act = Callable[[], object]


@contextmanager
def interrupted(where: Any, name: str, before: Act | None = None, after: Act | None = None) -> Iterator[None]:
    """Call `before` or `after` where the function begins or ends that is called next by this name."""
    function = getattr(where, name)
    calls = [before, after]

    def call(*args: Any) -> Any:
        if calls:
            act, then = calls
            calls.clear()
            if act is not None:
                act()
            result = function(*args)
            if then is not None:
                then()
            return result
        return function(*args)

    setattr(where, name, call)
    try:
        yield
    finally:
        setattr(where, name, function)
    assert not calls, f"{name} was not called"


def fail() -> None:
    raise ZeroDivisionError


# --- a finalizer makes the operation possible that is about to wait --------------------------------------


def receive() -> tuple[Act, Act, object]:
    ch = Chan[int](1)
    return ch.recv, lambda: select(send(ch, 1), default), 1


def receive_a_time() -> tuple[Act, Act, object]:
    timer = time.new_timer(3600)
    return lambda: type(timer.c.recv()), lambda: timer.reset(0), time.Time


def receive_after_close() -> tuple[Act, Act, object]:
    ch = Chan[int]()
    return ch.recv_ok, ch.close, (0, False)


def send_one() -> tuple[Act, Act, object]:
    ch = Chan[int](1)
    ch.send(1)
    return lambda: ch.send(2), lambda: select(recv(ch), default), None


def select_one() -> tuple[Act, Act, object]:
    ch, other = Chan[int](1), Chan[int]()
    timer = time.new_timer(3600)
    cases = recv(other), recv(ch), send(other, 1), recv(timer.c), timeout(3600)
    return lambda: select(*cases), lambda: select(send(ch, 5), default), (1, 5, True)


def lock() -> tuple[Act, Act, object]:
    mutex = Mutex()
    mutex.lock()
    return mutex.lock, mutex.unlock, None


def lock_for_reading() -> tuple[Act, Act, object]:
    mutex = RWMutex()
    mutex.lock()
    return mutex.rlock, mutex.unlock, None


def wait_for_a_group() -> tuple[Act, Act, object]:
    group = WaitGroup()
    group.add(1)
    return group.wait, group.done, None


def wait_for_a_signal() -> tuple[Act, Act, object]:
    cond = Cond(Mutex())
    cond.l.lock()
    return cond.wait, cond.signal, None


WAITS: dict[str, Callable[[], tuple[Act, Act, object]]] = {
    "recv": receive,
    "recv of a timer": receive_a_time,
    "recv_ok": receive_after_close,
    "send": send_one,
    "select": select_one,
    "lock": lock,
    "rlock": lock_for_reading,
    "WaitGroup.wait": wait_for_a_group,
    "Cond.wait": wait_for_a_signal,
}


@pytest.mark.parametrize("where", ["main", "goroutine", "thread"])
@pytest.mark.parametrize("operation", WAITS)
def test_a_finalizer_makes_an_operation_possible_that_is_about_to_wait(operation: str, where: str) -> None:
    """The first attempt has failed, and the caller is not queued yet: without another it waits forever."""

    def main() -> None:
        wait, act, expected = WAITS[operation]()

        def interrupted_wait() -> object:
            with interrupted(proc, "waiter", after=act):
                return wait()

        if where == "main":
            assert interrupted_wait() == expected
        elif where == "goroutine":
            result = Chan[object](1)
            go(lambda: result.send(interrupted_wait()))
            assert result.recv() == expected
        else:
            assert thread.call(interrupted_wait) == expected
        assert num_goroutine() == 1
        assert not sched.threads()

    run(main)


def test_a_finalizer_makes_a_case_possible_that_a_task_is_about_to_wait_for() -> None:
    ch, other = Chan[int](1), Chan[int]()
    module = importlib.import_module("gochan._engine.py.select")  # the package has a function of that name
    with interrupted(module, "enqueue", before=lambda: select(send(ch, 5), default)):
        assert select_async((recv(other), recv(ch)), fail) == (1, 5, True)
    assert select(send(other, 1), default)[0] == 1  # nobody waits there


# --- a handler raises between the pick and the switch ----------------------------------------------------


@pytest.mark.parametrize("ready", [0, 1, 2, 3])
@pytest.mark.parametrize("operation", [*WAITS, "gosched", "sleep"])
def test_a_handler_raises_before_the_switch(operation: str, ready: int) -> None:
    """The operation has not happened, and the goroutine that was picked is not lost."""
    log: list[int] = []

    def main() -> None:
        for i in range(ready):
            go(log.append, i)
        before = num_goroutine()
        if operation == "gosched":
            wait: Act = gosched
        elif operation == "sleep":
            wait = lambda: time.sleep(3600)  # noqa: E731
        else:
            wait, act, expected = WAITS[operation]()
        with interrupted(proc, "switch_away", before=fail), pytest.raises(ZeroDivisionError):
            wait()
        assert num_goroutine() == before
        assert log == []
        if operation in WAITS:
            if operation == "Cond.wait":
                go(act)
            else:
                act()
            assert wait() == expected
        while num_goroutine() > 1:
            gosched()

    run(main)
    assert sorted(log) == list(range(ready))


def test_a_handler_raises_before_a_thread_sleeps() -> None:
    """The value that it has received by then goes back to its channel."""

    def main() -> None:
        ch = Chan[int]()

        def receive() -> str:
            def interrupt() -> None:
                while not (state.sleepers and all(gp._success for gp in state.sleepers)):
                    pass
                raise ZeroDivisionError

            with interrupted(worker, "sleep_thread", before=interrupt):
                try:
                    return str(ch.recv())
                except ZeroDivisionError:
                    return "interrupted"

        results: list[str] = []
        other = threading.Thread(target=lambda: results.append(receive()))
        other.start()
        ch.send(1)
        other.join()
        assert results == ["interrupted"]
        # Received, and put back.
        assert ch.recv() == 1
        assert not state.sleepers

    run(main)


# --- a handler raises between two goroutines -------------------------------------------------------------


@pytest.mark.parametrize("name", ["_recycle", "switch_away"])
def test_a_handler_raises_between_two_goroutines(name: str) -> None:
    """That is for main: no goroutine runs."""
    log: list[int] = []

    def main() -> int:
        ch = Chan[int]()
        go(log.append, 1)
        with interrupted(worker, "_recycle", after=None if name == "switch_away" else fail):
            if name == "switch_away":
                # The worker that has nothing left to do switches to main.
                go(lambda: setattr(worker, "_recycle", recycle_and_fail(worker._recycle)))
            with pytest.raises(ZeroDivisionError):
                ch.recv()
        go(ch.send, 5)
        assert ch.recv() == 5
        gosched()
        return num_goroutine()

    assert run(main) == 1
    assert log == [1]


def recycle_and_fail(recycle: Callable[[Any], None]) -> Callable[[Any], None]:
    """Return a `_recycle` that makes the next switch of an idle worker fail."""
    real = worker.switch_away

    def failing(gp: Any) -> None:
        worker.switch_away = real
        assert gp is worker._NO_GOROUTINE
        raise ZeroDivisionError

    def call(gp: Any) -> None:
        worker.switch_away = failing
        recycle(gp)

    return call


def test_a_handler_raises_as_the_hub_starts_a_goroutine() -> None:
    """Its greenlet has not begun, so nothing is unwound: the program ends with the handler's exception."""
    log: list[str] = []

    def main() -> None:
        go(log.append, "never")
        with interrupted(worker, "_start", after=fail):
            gosched()

    with pytest.raises(ZeroDivisionError):
        run(main)
    assert log == []
    assert run(lambda: 1) == 1


def test_a_handler_raises_as_a_goroutine_ends() -> None:
    """What it raises ends the program in place of what the goroutine raised."""

    def main() -> None:
        go([].remove, 5)
        gosched()

    with interrupted(hooks, "goroutine_ended", before=fail), pytest.raises(ZeroDivisionError) as info:
        run(main)
    assert info.value.__notes__[0].startswith("in goroutine 2, ")


# --- calls where they are not allowed --------------------------------------------------------------------


def test_only_what_waits_is_made_ready() -> None:
    def main() -> None:
        assert state.main is not None
        with pytest.raises(RuntimeError, match="goroutine 1 "):
            runq.ready(state.main)
        gosched()

    run(main)


def test_the_hub_cannot_yield() -> None:
    """A finalizer that runs there may unlock a mutex whose next owner is to run at once."""

    def main() -> list[str]:
        log: list[str] = []
        sched.post(proc.yield_local)
        go(log.append, "goroutine")
        time.sleep(0.001)
        return log

    assert run(main) == ["goroutine"]
