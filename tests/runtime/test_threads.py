"""Other threads: calls work there as in goroutines, and the runtime goes from one thread to the next."""

import signal
import sys
import threading
from _thread import allocate_lock, start_new_thread
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import greenlet
import pytest
from goroutines import in_thread

from gochan import (
    Chan,
    Deadlock,
    context,
    default,
    defer,
    defers,
    go,
    panic,
    recover,
    recv,
    run,
    select,
    send,
    thread,
    time,
    timeout,
)
from gochan._engine.impl import sched
from gochan._engine.run import program
from gochan.runtime import goexit, gosched, num_goroutine, stack
from gochan.sync import Cond, Mutex, RWMutex, WaitGroup


def pair() -> int:
    """Use the runtime: a goroutine, a channel, and two waits."""
    ch = Chan[int]()
    go(ch.send, 5)
    return ch.recv()


def waiting() -> WaitGroup:
    wg = WaitGroup()
    wg.add(1)
    return wg


def locked(kind: Callable[[], Any] = Mutex) -> Any:
    mutex = kind()
    mutex.lock()
    return mutex


WAITING: dict[str, Callable[[], object]] = {
    "receive": lambda: Chan[int]().recv(),
    "receive ok": lambda: Chan[int]().recv_ok(),
    "range": lambda: list(Chan[int]()),
    "send": lambda: Chan[int]().send(1),
    "select": lambda: select(recv(Chan[int]()), send(Chan[int](), 1)),
    "select none": select,
    "timeout": lambda: select(timeout(3600)),
    "sleep": lambda: time.sleep(3600),
    "after": lambda: time.after(3600).recv(),
    "wait group": lambda: waiting().wait(),
    "mutex": lambda: locked().lock(),
    "rwmutex": lambda: locked(RWMutex).lock(),
    "reader": lambda: locked(RWMutex).rlock(),
    "cond": lambda: Cond(locked()).wait(),
    "context": lambda: context.with_cancel(context.background())[0].done().recv(),
}
# And calls that don't block.
BRIEF: dict[str, Callable[[], object]] = {
    "gosched": gosched,
    "go": lambda: go(int),
    "timeout": lambda: select(timeout(0.001)),
    "sleep": lambda: time.sleep(0.001),
    "defers": defers(int),
    "stack": stack,
}


@pytest.mark.parametrize("call", WAITING)
@pytest.mark.parametrize("start", [run, lambda main: main()], ids=["run", "without run"])
def test_the_programs_end_ends_the_wait_of_another_thread(call: str, start: Callable[..., object]) -> None:
    outcome: list[object] = []

    def thread() -> None:
        try:
            outcome.append(WAITING[call]())
        except BaseException as e:
            outcome.append(e)

    def main() -> threading.Thread:
        gosched()
        before = num_goroutine()
        other = threading.Thread(target=thread, name="waiting")
        other.start()
        while not sched.threads():
            time.sleep(0.001)
        assert pair() == 5
        assert num_goroutine() == before
        assert stack(all=True).splitlines().count(f"thread waiting [{sched.threads()[0].waiting}]:") == 1
        return other

    other: Any = start(main)
    # Where there is no run, this is the end of the program.
    run(lambda: None)
    other.join()
    (e,) = outcome
    assert type(e) is RuntimeError
    assert "program" in str(e) and "ended" in str(e)


@pytest.mark.gochan
@pytest.mark.parametrize("call", BRIEF)
@pytest.mark.parametrize("asleep", [False, True], ids=["", "asleep"])
def test_a_brief_call_in_another_thread(call: str, asleep: bool) -> None:
    """While goroutines run, and while all sleep."""
    result = thread.call(BRIEF[call]) if asleep else in_thread(BRIEF[call])
    assert not isinstance(result, BaseException), result
    gosched()
    assert num_goroutine() == 1


def test_run_in_another_thread() -> None:
    def main() -> None:
        e = in_thread(lambda: run(int))
        assert type(e) is RuntimeError
        assert str(e).startswith("run: goroutines run in another thread already")

    run(main)


def test_waits_in_another_thread() -> None:
    """It waits in the queue as a goroutine does."""

    def main() -> list[object]:
        ch, reply, done = Chan[int](), Chan[object](), Chan[int]()
        mutex, group = Mutex(), WaitGroup()
        group.add(1)

        def other() -> None:
            for v in ch:
                reply.send(v + 1)
            reply.send(select(recv(done), timeout(3600)))
            reply.send(select(recv(done), timeout(0.001)))
            with mutex:
                reply.send("locked")
            group.wait()
            go(reply.send, "started")

        mutex.lock()
        threading.Thread(target=other).start()
        got: list[object] = []
        for i in range(3):
            ch.send(i)
            got.append(reply.recv())
        ch.close()
        done.send(7)
        got += [reply.recv(), reply.recv()]
        mutex.unlock()
        got.append(reply.recv())
        group.done()
        got.append(reply.recv())
        return got

    assert run(main) == [1, 2, 3, (0, 7, True), (1, None, True), "locked", "started"]


def test_threads_and_goroutines_share_one_queue() -> None:
    def main() -> list[object]:
        ch, log = Chan[int](), Chan[tuple[str, int]](4)

        def receive(name: str) -> None:
            log.send((name, ch.recv()))

        for i in range(2):
            go(receive, f"goroutine {i}")
            gosched()
            threading.Thread(target=receive, args=(f"thread {i}",)).start()
            while len(sched.threads()) == i:
                time.sleep(0.001)
        for i in range(4):
            ch.send(i)
        return sorted((log.recv() for _ in range(4)), key=lambda entry: entry[1])

    assert run(main) == [("goroutine 0", 0), ("thread 0", 1), ("goroutine 1", 2), ("thread 1", 3)]


@pytest.mark.gochan
def test_a_sleep_in_another_thread_while_a_goroutine_computes() -> None:
    """The scheduler's thread does not come by to fire its timer."""
    other = threading.Thread(target=lambda: (time.sleep(0.01), select(timeout(0.01))))
    other.start()
    other.join()


def test_an_interrupt_ends_the_wait_of_pythons_main_thread(python: Callable[[str], Any]) -> None:
    """Goroutines run in another thread; what was received already is given back."""
    program = """
        import os, signal, threading
        from gochan import Chan, go, run, select, recv, timeout, thread
        from gochan.time import sleep

        begun, over = threading.Event(), threading.Event()
        ch = Chan[int]()

        def main():
            begun.set()
            while not over.is_set():
                sleep(0.001)
            return select(recv(ch), timeout(0.01))[0]

        results = []
        other = threading.Thread(target=lambda: results.append(run(main)))
        other.start()
        begun.wait()
        waits = ch.recv, lambda: ch.send(1), lambda: select(recv(ch), timeout(3600)), lambda: sleep(3600)
        for wait in waits:
            threading.Timer(0.05, os.kill, (os.getpid(), signal.SIGINT)).start()
            try:
                wait()
            except KeyboardInterrupt:
                print("interrupted")
        over.set()
        other.join()
        print(results)
    """
    out, err = python(program).communicate(timeout=60)
    assert err == ""
    assert out == "interrupted\n" * 4 + "[1]\n"


def test_the_interpreters_exit_ends_waits(python: Callable[[str], Any]) -> None:
    program = """
        import os, threading
        from concurrent.futures import ThreadPoolExecutor
        from gochan import Chan, go
        from gochan.runtime import gosched

        def wait():
            try:
                Chan[int]().recv()
            except RuntimeError as e:
                os.write(1, f"{e}\\n".encode())
            try:
                Chan[int]().recv()
            except RuntimeError as e:
                os.write(1, f"{e}\\n".encode())

        gosched()
        threading.Thread(target=wait).start()
        ThreadPoolExecutor(1).submit(wait)
    """
    out, err = python(program).communicate(timeout=60)
    assert err == ""
    assert out == "the interpreter is exiting\n" * 4


def test_a_deadlock_while_a_thread_waits() -> None:
    """It is shown; it cannot wake a goroutine."""
    outcome: list[object] = []

    def main() -> None:
        def wait() -> None:
            try:
                Chan[int]().recv()
            except RuntimeError as e:
                outcome.append(str(e))

        other = threading.Thread(target=wait, name="stuck")
        other.start()
        outcome.append(other)
        Chan[int]().recv()

    with pytest.raises(Deadlock) as info:
        run(main)
    lines = str(info.value).splitlines()
    assert "goroutine 1 [chan receive]:" in lines
    assert "thread stuck [chan receive]:" in lines
    assert f'  File "{__file__}"' in lines[-2]
    thread = outcome[0]
    assert isinstance(thread, threading.Thread)
    thread.join()
    assert outcome[1:] == ["the program has ended"]


def test_no_deadlock_while_a_thread_could_come_in() -> None:
    """One that was started after the program began."""

    def main() -> int:
        ch = Chan[int]()
        threading.Timer(0.3, ch.send, (5,)).start()
        return ch.recv()

    assert run(main) == 5


def test_a_deadlock_beside_a_thread_from_before() -> None:
    over = threading.Event()
    other = threading.Thread(target=over.wait)
    other.start()
    try:
        with pytest.raises(Deadlock):
            run(Chan[int]().recv)
    finally:
        over.set()
        other.join()


def test_a_deadlock_beside_an_idle_pool() -> None:
    with ThreadPoolExecutor(1) as pool, pytest.raises(Deadlock):
        run(lambda: (pool.submit(int).result(), Chan[int]().recv()))


@pytest.mark.gochan
def test_goexit_in_another_thread() -> None:
    e = in_thread(goexit)
    assert type(e) is RuntimeError
    assert str(e).startswith("goexit: no goroutine to end")


@pytest.mark.gochan
def test_deferred_calls_in_another_thread() -> None:
    """Under @defers, as anywhere; not in the thread's own function."""
    log: list[object] = []

    @defers
    def visit() -> None:
        defer(lambda: log.append(recover()))
        Chan[int](1).send(1)
        panic("recovered")

    assert in_thread(visit) is None
    assert log == ["recovered"]
    e = in_thread(lambda: defer(int))
    assert type(e) is RuntimeError


@pytest.mark.gochan
def test_what_needs_no_waiting_works_in_another_thread() -> None:
    """A channel with room, or a value, and a close are whole steps."""
    ch = Chan[int](2)

    def use() -> list[object]:
        ch.send(1)
        ch << 2
        first = ch.recv()
        ch.close()
        return [first, len(ch), select(recv(ch), default), recover(), num_goroutine()]

    assert in_thread(use) == [1, 1, (0, 2, True), None, 1]
    assert ch.recv_ok() == (0, False)


@pytest.mark.parametrize("capacity", [0, 1, 16])
def test_threads_and_goroutines_over_channels(capacity: int) -> None:
    """Each value once, whichever thread sends and receives it."""
    n = 400
    interval = sys.getswitchinterval()
    sys.setswitchinterval(1e-5)

    def main() -> list[int]:
        ch, out = Chan[int](capacity), Chan[int](capacity)
        senders, relays = WaitGroup(), WaitGroup()
        total: list[int] = []

        def sender(first: int) -> None:
            for i in range(first, first + n):
                if i % 3:
                    ch.send(i)
                else:
                    select(send(ch, i), timeout(3600))
            senders.done()

        def relay() -> None:
            other = Chan[int]()
            while True:
                _, v, ok = select(recv(ch), recv(other))
                if not ok:
                    break
                out.send(v)
            relays.done()

        for i in range(6):
            senders.add(1)
            relays.add(1)
            if i % 2:
                go(sender, i * n)
                go(relay)
            else:
                threading.Thread(target=sender, args=(i * n,)).start()
                threading.Thread(target=relay).start()

        @go
        def _() -> None:
            senders.wait()
            ch.close()
            relays.wait()
            out.close()

        total.extend(out)
        return total

    try:
        assert sorted(run(main)) == list(range(6 * n))
    finally:
        sys.setswitchinterval(interval)


@pytest.mark.parametrize("kind", [Mutex, RWMutex])
def test_threads_and_goroutines_over_a_lock(kind: type[Mutex] | type[RWMutex]) -> None:
    n = 300
    interval = sys.getswitchinterval()
    sys.setswitchinterval(1e-5)

    def main() -> int:
        mutex, group = kind(), WaitGroup()
        count = [0]

        def worker() -> None:
            for i in range(n):
                with mutex:
                    before = count[0]
                    if i % 10 == 0:
                        gosched()
                    count[0] = before + 1
            group.done()

        for i in range(6):
            group.add(1)
            if i % 2:
                go(worker)
            else:
                threading.Thread(target=worker).start()
        group.wait()
        return count[0]

    try:
        assert run(main) == 6 * n
    finally:
        sys.setswitchinterval(interval)


def test_post_wakes_the_scheduler() -> None:
    """From another thread: at once while all goroutines sleep, and soon while one runs."""

    def main() -> list[int]:
        ch = Chan[int](4)
        got: list[int] = []
        program.wakers += 1
        try:
            start_new_thread(sched.post, (lambda: ch._offer(1),))
            got.append(ch.recv())
            posted = allocate_lock()
            posted.acquire()
            start_new_thread(lambda: (sched.post(lambda: ch._offer(2)), posted.release()), ())
            posted.acquire()
            while not len(ch):
                select(recv(Chan[int]()), default)
            got.append(ch.recv())
            # Those that came before the wait are seen before it; all of them, in order.
            sched.post(lambda: ch._offer(3))
            sched.post(lambda: ch._offer(4))
            got.extend([ch.recv(), ch.recv()])
        finally:
            program.wakers -= 1
        return got

    assert run(main) == [1, 2, 3, 4]


def test_a_deadlock_is_none_while_something_outside_may_wake_us() -> None:
    def main() -> int:
        ch = Chan[int](1)
        program.wakers += 1
        timer = threading.Timer(0.02, sched.post, (lambda: ch._offer(5),))
        timer.start()
        try:
            return ch.recv()
        finally:
            program.wakers -= 1
            timer.join()

    assert run(main) == 5


def test_a_run_in_another_thread_after_ours() -> None:
    assert run(pair) == 5
    assert in_thread(lambda: run(pair)) == 5
    assert in_thread(lambda: run(pair)) == 5
    assert run(pair) == 5


def test_many_threads_one_after_another_without_run() -> None:
    """Each leaves goroutines behind and ends; the next begins again, whatever number the system gives it."""

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
def test_the_next_thread_may_start_with_any_call(first: str) -> None:
    def nothing() -> object:
        if first in {"receive", "select", "wait group"}:
            # Something must wake it: a timer, in the new program.
            go(lambda: select(timeout(3600)))
            return "asleep"
        return run(int) if first == "run" else BRIEF[first]()

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
        time.sleep(0.1)

    other = threading.Thread(target=owner)
    other.start()
    begin.acquire()
    threading.Timer(0.02, end.release).start()
    with pytest.raises(RuntimeError, match=r"^run: goroutines run in another thread already"):
        run(pair)
    # The goroutine runs in the other thread, once that one comes to it.
    assert pair() == 5
    other.join()
    assert results == [5, 5]
    assert pair() == 5


def test_the_runtimes_thread_ends_while_another_waits() -> None:
    """Its program did not end by `run`: that ends the wait, too, a moment later."""
    waits = threading.Event()

    def owner() -> None:
        pair()
        waits.wait()

    other = threading.Thread(target=owner)
    other.start()
    while sched.main is None:
        pass
    threading.Timer(0.02, waits.set).start()
    with pytest.raises(RuntimeError, match="the program has ended"):
        Chan[int]().recv()
    other.join()
    assert pair() == 5


def test_a_thread_that_no_module_knows() -> None:
    """One that is not of `threading` is alive anyway."""
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
    with pytest.raises(RuntimeError, match=r"^run: goroutines run in another thread already"):
        run(pair)
    end.release()
    ended.acquire()
    assert results == [5, 5]
    # It is about to be gone.
    while True:
        try:
            assert run(pair) == 5
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

    other = threading.Thread(target=lambda: results.append(run(main)))
    other.start()
    begin.acquire()
    with pytest.raises(RuntimeError, match=r"^run: goroutines run in another thread already"):
        run(pair)
    end.release()
    other.join()
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
    """A signal handler that runs while it is asleep runs in no goroutine; it can start one."""
    ch = Chan[int]()
    errors: list[str] = []
    started: list[str] = []

    def ring(signum: int, frame: object) -> None:
        if not sched.hub_asleep:
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
