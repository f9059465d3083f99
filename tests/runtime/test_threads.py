"""Other threads: a call that waits is refused there, and the runtime goes from one thread to the next."""

import functools
import signal
import sys
import threading
from _thread import allocate_lock, start_new_thread
from collections.abc import Callable
from typing import Any

import greenlet
import pytest

from gochan import Chan, default, defers, go, recover, recv, run, select, send, timeout
from gochan.runtime import COMPILED, goexit, gosched, num_goroutine, stack
from gochan.runtime.proc import blocker, post
from gochan.runtime.runtime2 import sched
from gochan.runtime.sema import Sema
from gochan.sync import WaitGroup


def in_thread(f: Callable[[], object]) -> Any:
    """Call f in a thread of its own; return its result, or the exception that it raised."""
    results: list[object] = []

    def target() -> None:
        try:
            results.append(f())
        except BaseException as e:
            results.append(e)

    thread = threading.Thread(target=target)
    thread.start()
    thread.join()
    return results[0]


def pair() -> int:
    """Use the runtime: a goroutine, a channel, and two waits."""
    ch = Chan[int]()
    go(ch.send, 5)
    return ch.recv()


def waiting() -> WaitGroup:
    wg = WaitGroup()
    wg.add(1)
    return wg


BLOCKING: dict[str, Callable[[], object]] = {
    "receive": lambda: Chan[int]().recv(),
    "receive ok": lambda: Chan[int]().recv_ok(),
    "range": lambda: list(Chan[int]()),
    "send": lambda: Chan[int]().send(1),
    "select": lambda: select(recv(Chan[int]()), send(Chan[int](), 1)),
    "select none": select,
    "timeout": lambda: select(timeout(1)),
    "gosched": gosched,
    "go": lambda: go(int),
    "run": lambda: run(int),
    "wait group": lambda: waiting().wait(),
    "semaphore": lambda: Sema().acquire(blocker(), "sync.Mutex.Lock"),
    "defers": defers(int),
    "stack": stack,
}


@pytest.mark.parametrize("call", BLOCKING)
@pytest.mark.parametrize("start", [run, lambda main: main()], ids=["run", "without run"])
def test_a_blocking_call_in_another_thread(call: str, start: Callable[..., object]) -> None:
    log: list[object] = []

    def main() -> None:
        ch, done = Chan[int](), Chan[int](1)
        go(lambda: done.send(ch.recv()))
        gosched()
        before = num_goroutine()
        e = in_thread(BLOCKING[call])
        assert type(e) is RuntimeError
        assert str(e).startswith("a call in a thread that is not the runtime's: goroutines run in")
        assert num_goroutine() == before
        ch.send(6)
        log.append(done.recv())
        log.append(pair())

    start(main)
    assert log == [6, 5]


def test_a_blocking_call_in_another_thread_while_all_goroutines_sleep() -> None:
    """The scheduler is idle then: the thread must not take that for no program at all."""

    def main() -> list[str]:
        outcomes = Chan[str](20)

        def thread() -> None:
            for name, call in BLOCKING.items():
                try:
                    text = f"returned {call()!r}"
                except BaseException as e:
                    text = f"{type(e).__name__}: {e}"
                post(functools.partial(outcomes._try_send, f"{name}: {text}"))

        sched.wakers += 1
        try:
            start_new_thread(thread, ())
            return [outcomes.recv() for _ in BLOCKING]
        finally:
            sched.wakers -= 1

    refusal = "RuntimeError: a call in a thread that is not the runtime's: "
    assert [text.partition("goroutines")[0] for text in run(main)] == [
        f"{name}: {refusal}" for name in BLOCKING
    ]


def test_goexit_in_another_thread() -> None:
    def main() -> None:
        e = in_thread(goexit)
        assert type(e) is RuntimeError
        assert str(e).startswith("goexit: no goroutine to end")

    run(main)


def test_what_needs_no_waiting_works_in_another_thread() -> None:
    """A channel with room, or a value, and a close are whole steps where the engine is compiled.

    The interpreted one refuses them, and nothing has happened then.
    """

    def main() -> None:
        ch = Chan[int](2)

        def use() -> list[object]:
            ch.send(1)
            ch << 2
            first = ch.recv()
            ch.close()
            return [first, len(ch), select(recv(ch), default), recover(), num_goroutine()]

        if COMPILED:
            assert in_thread(use) == [1, 1, (0, 2, True), None, 1]
            assert ch.recv_ok() == (0, False)
            return
        for f in (use, ch.recv, ch.recv_ok, ch.__next__, ch.close, lambda: select(recv(ch), default)):
            e = in_thread(f)
            assert type(e) is RuntimeError
            assert "thread.submit(f, ...)" in str(e)
        assert select(recv(ch), default) == (1, None, False)

    run(main)


def test_post_wakes_the_scheduler() -> None:
    """From another thread: at once while all goroutines sleep, and soon while one runs."""

    def main() -> list[int]:
        ch = Chan[int](4)
        got: list[int] = []
        sched.wakers += 1
        try:
            start_new_thread(post, (lambda: ch._try_send(1),))
            got.append(ch.recv())
            posted = allocate_lock()
            posted.acquire()
            start_new_thread(lambda: (post(lambda: ch._try_send(2)), posted.release()), ())
            posted.acquire()
            while not len(ch):
                select(recv(Chan[int]()), default)
            got.append(ch.recv())
            # Those that came before the wait are seen before it; all of them, in order.
            post(lambda: ch._try_send(3))
            post(lambda: ch._try_send(4))
            got.extend([ch.recv(), ch.recv()])
        finally:
            sched.wakers -= 1
        return got

    assert run(main) == [1, 2, 3, 4]


def test_a_deadlock_is_none_while_something_outside_may_wake_us() -> None:
    def main() -> int:
        ch = Chan[int](1)
        sched.wakers += 1
        timer = threading.Timer(0.02, post, (lambda: ch._try_send(5),))
        timer.start()
        try:
            return ch.recv()
        finally:
            sched.wakers -= 1
            timer.join()

    assert run(main) == 5


def test_a_run_in_another_thread_after_ours() -> None:
    assert run(pair) == 5
    assert in_thread(lambda: run(pair)) == 5
    assert in_thread(lambda: run(pair)) == 5
    assert run(pair) == 5


def test_many_threads_one_after_another_without_run() -> None:
    """Each leaves goroutines behind and ends; the next begins anew, whatever number the system gives it."""

    def use() -> list[object]:
        log: list[str] = []

        @go
        def _() -> None:
            try:
                Chan[int]().recv()
            finally:
                log.append("unwound")

        gosched()
        return [num_goroutine(), pair(), num_goroutine()]

    for i in range(12):
        if i % 3 == 2:
            assert in_thread(lambda: run(use)) == [2, 5, 2]
        else:
            assert in_thread(use) == [2, 5, 2]
    assert pair() == 5


@pytest.mark.parametrize(
    "first", ["receive", "select", "gosched", "go", "wait group", "defers", "run", "stack"]
)
def test_whatever_the_next_thread_does_first(first: str) -> None:
    def nothing() -> object:
        if first in {"receive", "select", "wait group"}:
            # Somebody must wake it: a timer, in the new program.
            go(select, timeout(3600))
            return "asleep"
        return BLOCKING[first]()

    assert in_thread(pair) == 5
    e = in_thread(nothing)
    assert not isinstance(e, BaseException), e
    assert in_thread(pair) == 5


def test_the_runtime_stays_with_a_thread_that_lives() -> None:
    begin, end = allocate_lock(), allocate_lock()
    begin.acquire()
    end.acquire()
    results: list[object] = []

    def owner() -> None:
        results.append(pair())
        begin.release()
        end.acquire()
        results.append(pair())

    thread = threading.Thread(target=owner)
    thread.start()
    begin.acquire()
    try:
        for call in (pair, lambda: run(pair), gosched):
            with pytest.raises(RuntimeError, match="a thread that is not the runtime's"):
                call()
    finally:
        end.release()
        thread.join()
    assert results == [5, 5]
    assert pair() == 5


def test_a_thread_that_no_module_knows() -> None:
    """One that is not of `threading` is alive all the same."""
    begin, end, ended = allocate_lock(), allocate_lock(), allocate_lock()
    for lock in (begin, end, ended):
        lock.acquire()
    results: list[object] = []

    def owner() -> None:
        results.append(pair())
        begin.release()
        end.acquire()
        results.append(pair())
        ended.release()

    start_new_thread(owner, ())
    begin.acquire()
    with pytest.raises(RuntimeError, match="a thread that is not the runtime's"):
        pair()
    end.release()
    ended.acquire()
    assert results == [5, 5]
    # It is about to be gone.
    while True:
        try:
            assert pair() == 5
            break
        except RuntimeError:
            pass


def test_a_thread_that_is_at_work_in_c() -> None:
    """Compiled, it has no Python frame then, as if it had ended."""
    begin, end = allocate_lock(), allocate_lock()
    begin.acquire()
    end.acquire()
    results: list[object] = []

    def main() -> int:
        go(end.acquire)
        go(begin.release)
        gosched()
        return pair()

    thread = threading.Thread(target=lambda: results.append(run(main)))
    thread.start()
    begin.acquire()
    with pytest.raises(RuntimeError, match="a thread that is not the runtime's"):
        pair()
    end.release()
    thread.join()
    assert results == [5]
    assert pair() == 5


def test_run_as_a_threads_target() -> None:
    """No frame of the user's is below main's."""
    results: list[object] = []
    done = allocate_lock()
    done.acquire()

    def main() -> None:
        results.append(pair())
        results.append(stack().splitlines()[0])
        done.release()

    start_new_thread(run, (main,))
    done.acquire()
    assert results == [5, "goroutine 1 [running]:"]
    while sched.main is not None:
        pass


def test_signals_are_none_of_another_threads_business() -> None:
    """Handlers can be set in the main thread alone; a program in another does without."""
    before = signal.getsignal(signal.SIGINT)
    assert in_thread(lambda: run(lambda: (pair(), signal.getsignal(signal.SIGINT)))) == (5, before)


# --- greenlets and callbacks that are no goroutine's ------------------------------------------------------


def test_a_blocking_call_in_a_greenlet_of_the_users() -> None:
    def main() -> None:
        errors: list[str] = []

        def body() -> None:
            for f in (lambda: Chan[int]().recv(), gosched, lambda: select(timeout(1)), lambda: run(int)):
                try:
                    f()
                except RuntimeError as e:
                    errors.append(str(e))

        greenlet.greenlet(body).switch()
        assert errors[:3] == [
            "a blocking call in a greenlet that is not a goroutine's; start it with go(f)"
        ] * 3
        assert len(errors) == 4
        assert pair() == 5

    run(main)


def test_a_program_in_a_greenlet_of_the_users() -> None:
    """Main may be any greenlet; when that one has ended, the runtime is free."""
    assert greenlet.greenlet(lambda: run(pair)).switch() == 5
    assert greenlet.greenlet(pair).switch() == 5
    assert greenlet.greenlet(pair).switch() == 5
    assert pair() == 5


@pytest.mark.skipif(sys.platform == "win32", reason="no interval timers")
def test_a_blocking_call_in_a_callback_of_the_idle_scheduler() -> None:
    """A signal's handler that finds it asleep is nobody's goroutine; it can start one."""
    ch = Chan[int]()
    errors: list[str] = []
    started: list[str] = []

    def ring(signum: int, frame: object) -> None:
        if not sched.idle:
            return
        for f in (ch.recv, lambda: ch.send(1), gosched):
            try:
                f()
            except RuntimeError as e:
                errors.append(str(e))
        go(started.append, "goroutine")
        signal.setitimer(signal.ITIMER_REAL, 0)

    def main() -> int:
        signal.setitimer(signal.ITIMER_REAL, 0.005, 0.005)
        while not started:
            select(timeout(0.02))
        return pair()

    was = signal.signal(signal.SIGALRM, ring)
    try:
        assert run(main) == 5
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, was)
    assert errors == ["a blocking call in a finalizer or callback that interrupted the scheduler"] * 3
