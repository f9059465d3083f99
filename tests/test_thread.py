"""Blocking calls out to threads and processes, and calls in from other threads."""

import concurrent.futures
import contextvars
import gc
import math
import multiprocessing
import os
import random
import signal
import sys
import threading
import time
import weakref
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor, ThreadPoolExecutor
from typing import Any

import pytest
from children import finish, python, start

from gochan import Chan, Deadlock, Panic, close, context, default, go, recv, run, select, send, thread
from gochan import sync as gosync
from gochan import time as gotime
from gochan._engine.impl import sched
from gochan._engine.program import program as running
from gochan.runtime import COMPILED, goexit, gosched, num_goroutine, stack

BACKGROUND = context.background()
# Operations of the stress tests; a soak has them do a million.
OPERATIONS = int(os.environ.get("GOCHAN_OPERATIONS", "20000"))
THREADS = 8


@pytest.fixture(autouse=True)
def nothing_is_left() -> Iterator[None]:
    yield
    assert sched.main is None
    assert running.wakers == 0
    assert not thread._pending


class Gate:
    """Where a thread stands until it is let through."""

    def __init__(self) -> None:
        self.reached = threading.Event()
        self.open = threading.Event()

    def __call__(self, value: Any = None) -> Any:
        self.reached.set()
        assert self.open.wait(30)
        return value


# --- call --------------------------------------------------------------------------------------------------


@pytest.mark.gochan
def test_call() -> None:
    assert thread.call(pow, 2, 5) == 32
    assert thread.call(sorted, "cab", reverse=True) == ["c", "b", "a"]
    assert thread.call(threading.get_ident) != threading.get_ident()
    assert thread.call(lambda: None) is None


def test_other_goroutines_run_during_a_call() -> None:
    def main() -> list[int]:
        gate = Gate()
        result = Chan[str](1)
        go(lambda: result.send(thread.call(gate, "through")))
        ticks = []
        for i in range(3):
            gotime.sleep(0.001)
            ticks.append(i)
        assert len(result) == 0
        gate.open.set()
        assert result.recv() == "through"
        return ticks

    assert run(main) == [0, 1, 2]


@pytest.mark.gochan
def test_many_calls_at_once() -> None:
    """Each in a thread of its own: they wait for each other."""
    barrier = threading.Barrier(50)
    wg = gosync.WaitGroup()
    for _ in range(50):
        wg.go(lambda: thread.call(barrier.wait, 30))
    wg.wait()


@pytest.mark.gochan
def test_more_calls_than_threads() -> None:
    wg = gosync.WaitGroup()
    results: list[int] = []
    for i in range(500):
        wg.go(lambda i=i: results.append(thread.call(lambda: i)))
    wg.wait()
    assert sorted(results) == list(range(500))


def fail(message: str) -> None:
    raise ZeroDivisionError(message)


def test_what_it_raises() -> None:
    """With the traceback, through the thread's frames to where it was raised."""

    def main() -> None:
        with pytest.raises(ZeroDivisionError, match="in the thread") as e:
            thread.call(fail, "in the thread")
        names = [entry.name for entry in e.traceback]
        assert names[0] == "main"
        assert names[-1] == "fail"
        with pytest.raises(SystemExit):
            thread.call(sys.exit, 3)
        thread.call(fail, "unhandled")

    with pytest.raises(ZeroDivisionError, match="unhandled"):
        run(main)


@pytest.mark.gochan
def test_contextvars_go_along() -> None:
    var = contextvars.ContextVar("var", default="none")

    def look() -> str:
        seen = var.get()
        var.set("thread's own")
        return seen

    out = Chan[str]()
    for name in ("a", "b"):

        @go
        def _(name: str = name) -> None:
            var.set(name)
            gosched()
            out.send(thread.call(look) + var.get())

    assert sorted([out.recv(), out.recv()]) == ["aa", "bb"]
    with ThreadPoolExecutor(1) as pool:
        var.set("main's")
        assert thread.call(look, executor=pool) == "main's"
        assert thread.call(look, executor=pool) == "main's"


@pytest.mark.gochan
def test_a_context_that_ends() -> None:
    """The goroutine goes on at once; the late result is dropped."""
    gate, late = Gate(), Gate()
    begin = time.monotonic()
    with context.with_timeout(BACKGROUND, 0.005) as ctx, pytest.raises(context.DeadlineExceeded):
        thread.call(gate, ctx=ctx)
    assert time.monotonic() - begin < 20
    ctx, cancel = context.with_cancel(BACKGROUND)
    go(cancel)
    with pytest.raises(context.Canceled):
        thread.call(late, ctx=ctx)
    gate.open.set()
    late.open.set()
    # Two that come after those have had their time.
    assert [thread.call(pow, 2, n) for n in (1, 2)] == [2, 4]


def test_a_context_that_ends_before_the_call_has_a_thread() -> None:
    """Then the function is never called."""
    called: list[int] = []

    def main() -> None:
        gate = Gate()
        with ThreadPoolExecutor(1) as pool:
            go(lambda: thread.call(gate, executor=pool))
            gosched()
            with context.with_timeout(BACKGROUND, 0.005) as ctx, pytest.raises(context.DeadlineExceeded):
                thread.call(called.append, 1, executor=pool, ctx=ctx)
            gate.open.set()
            thread.call(called.append, 2, executor=pool, ctx=BACKGROUND)

    run(main)
    assert called == [2]


def test_the_end_of_the_program() -> None:
    """It does not wait for the thread, whose late result is dropped; nor is what has not begun called."""
    gate = Gate()
    called: list[int] = []
    pool = ThreadPoolExecutor(1)

    def main() -> str:
        go(lambda: thread.call(gate, executor=pool))
        gosched()
        go(lambda: thread.call(called.append, 1, executor=pool))
        gosched()
        assert gate.reached.wait(30)
        return "over"

    assert run(main) == "over"
    gate.open.set()
    pool.shutdown()
    assert called == []
    # A result that the thread posted too late doesn't affect the next program.
    assert run(lambda: thread.call(pow, 2, 3)) == 8


@pytest.mark.gochan
def test_processes() -> None:
    """Any executor of concurrent.futures."""
    with ProcessPoolExecutor(2, multiprocessing.get_context("spawn")) as pool:
        results: dict[int, int] = {}
        wg = gosync.WaitGroup()
        for n in (20, 30, 40):
            wg.go(lambda n=n: results.update({n: thread.call(math.factorial, n, executor=pool)}))
        wg.wait()
        assert results == {n: math.factorial(n) for n in (20, 30, 40)}
        assert thread.call(os.getpid, executor=pool) != os.getpid()
        with pytest.raises(ValueError, match=r"math domain error|expected a positive input") as e:
            thread.call(math.log, -1, executor=pool)
        assert "Traceback (most recent call last):" in str(e.value.__cause__)
        with pytest.raises(Exception, match=r"pickle|local object"):
            thread.call(lambda: None, executor=pool)


@pytest.mark.gochan
def test_an_executor_that_is_shut_down() -> None:
    pool = ThreadPoolExecutor(1)
    pool.shutdown()
    with pytest.raises(RuntimeError, match="cannot schedule new futures after shutdown"):
        thread.call(int, executor=pool)


class AtOnce(concurrent.futures.Executor):
    """Has the result before it returns the future."""

    def submit(self, fn: Callable[..., Any], /, *args: Any, **kwargs: Any) -> "Future[Any]":
        future: Future[Any] = Future()
        future.set_result(fn(*args, **kwargs))
        return future


def test_an_executor_that_is_done_at_once() -> None:
    assert run(lambda: thread.call(pow, 3, 2, executor=AtOnce())) == 9


@pytest.mark.gochan
def test_bad_input_to_call() -> None:
    with pytest.raises(TypeError, match=r"^thread.call: 3 is not callable; give the function and"):
        thread.call(3)  # type: ignore[arg-type]
    with pytest.raises(TypeError, match=r"^thread.call: 'pool' is not a concurrent.futures.Executor; give"):
        thread.call(int, executor="pool")  # type: ignore[arg-type]
    with pytest.raises(TypeError, match=r"^thread.call: 5 is not a context; give context\.background"):
        thread.call(int, ctx=5)  # type: ignore[arg-type]
    with pytest.raises(TypeError, match=r"^thread.submit: 3 is not callable; give the function and its"):
        thread.submit(3)  # type: ignore[arg-type]


@pytest.mark.gochan
def test_a_call_in_a_foreign_thread() -> None:
    """It waits like any operation: here a thread of the pool for another one."""
    assert thread.call(thread.call, pow, 2, 5) == 32
    gate = Gate()
    with context.with_timeout(BACKGROUND, 0.005) as ctx, pytest.raises(context.DeadlineExceeded):
        thread.call(lambda: thread.call(gate, ctx=ctx))
    gate.open.set()


@pytest.mark.gochan
def test_nothing_of_a_call_is_kept() -> None:
    class Big:
        pass

    result = weakref.ref(thread.call(Big))
    # The thread may be about to let go of it.
    for _ in range(1000):
        if result() is None:
            break
        time.sleep(0.001)
    gc.collect()
    assert result() is None


@pytest.mark.gochan(leaks=True)
def test_the_stack_of_a_goroutine_that_calls() -> None:
    gate = Gate()
    go(lambda: thread.call(gate))
    gosched()
    assert "goroutine 2 [thread call]:" in stack(all=True)
    gate.open.set()


@pytest.mark.skipif(sys.platform == "win32", reason="no signals to send")
def test_ctrl_c_during_a_call() -> None:
    gate = Gate()

    def main() -> str:
        try:
            threading.Timer(0.01, os.kill, (os.getpid(), signal.SIGINT)).start()
            thread.call(gate)
        except KeyboardInterrupt:
            gate.open.set()
            return "interrupted"
        return "not interrupted"

    assert run(main) == "interrupted"


# --- the pool ----------------------------------------------------------------------------------------------


@pytest.mark.gochan
def test_threads_are_used_again(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(thread, "_threads", thread._Threads())
    assert len({thread.call(threading.get_ident) for _ in range(50)}) == 1


@pytest.mark.gochan
def test_there_are_128_threads_at_most(monkeypatch: pytest.MonkeyPatch) -> None:
    """Further calls wait for one that ends; one that is canceled before is not called."""
    pool = thread._Threads()
    monkeypatch.setattr(thread, "_threads", pool)
    called: list[int] = []
    gates = [Gate() for _ in range(128)]
    wg = gosync.WaitGroup()
    for gate in gates:
        wg.go(thread.call, gate)
    while pool._threads < 128:
        gosched()
    for gate in gates:
        assert gate.reached.wait(30)
    wg.go(thread.call, called.append, 1)
    gosched()
    with context.with_timeout(BACKGROUND, 0.01) as ctx, pytest.raises(context.DeadlineExceeded):
        thread.call(called.append, 2, ctx=ctx)
    assert (called, pool._threads) == ([], 128)
    for gate in gates:
        gate.open.set()
    wg.wait()
    assert called == [1]
    thread.call(called.append, 3)
    assert (called, pool._threads) == ([1, 3], 128)


@pytest.mark.gochan
def test_no_thread_can_be_started(monkeypatch: pytest.MonkeyPatch) -> None:
    """Then the call fails, and no later one calls its function; where there are threads, it waits for one."""
    monkeypatch.setattr(thread, "_threads", thread._Threads())
    called: list[int] = []

    def refuse(*_: object) -> None:
        raise RuntimeError("can't start new thread")

    with monkeypatch.context() as patch:
        patch.setattr(thread, "start_new_thread", refuse)
        with pytest.raises(RuntimeError, match="can't start new thread"):
            thread.call(called.append, 1)
    gate, wg = Gate(), gosync.WaitGroup()
    wg.go(thread.call, gate)
    gosched()
    assert gate.reached.wait(30)
    with monkeypatch.context() as patch:
        patch.setattr(thread, "start_new_thread", refuse)
        wg.go(thread.call, called.append, 2)
        gosched()
        assert called == []
        gate.open.set()
        wg.wait()
    thread.call(called.append, 3)
    assert called == [2, 3]


@pytest.mark.skipif(
    not COMPILED, reason="in the Python engine a handler that raises may interrupt any operation"
)
@pytest.mark.skipif(sys.platform == "win32", reason="no signals to send")
def test_a_handler_raises_while_a_thread_is_started() -> None:
    """At each point: the pool has as many threads as it counts, so no later call waits for a missing one."""
    python("""
        import threading
        from functools import partial
        from points import Alarm, Fault
        from gochan import run, sync, thread

        def main():
            for n in range(100):
                pool = thread._threads = thread._Threads()
                alarm = Alarm(n, int)
                try:
                    alarm.perform(partial(thread.call, int))
                except Fault:
                    pass
                alarm.stop()
                thread.call(int)
                # All at the same time.
                meet = threading.Barrier(pool._threads)
                with_all = sync.WaitGroup()
                for _ in range(pool._threads):
                    with_all.go(thread.call, meet.wait, 10)
                with_all.wait()
                if not alarm.fired:
                    break
            assert n > 10

        run(main)
    """).check()


BLOCKS_FOREVER = """
import os, socket, threading
from gochan import go, run, runtime, thread

listener = socket.create_server(("127.0.0.1", 0))
reached = threading.Event()

def accept():
    # Not by print, so that this thread does not hold the lock of stdout when Python ends.
    os.write(1, b"ready\\n")
    reached.set()
    listener.accept()
"""


def test_a_call_that_blocks_forever_does_not_keep_the_process() -> None:
    """Its thread ends with the process: when run returns, and when the program never had a run."""
    main = """
def main():
    go(thread.call, accept)
    runtime.gosched()
    reached.wait()

"""
    for end in ["run(main)\n", "main()\n"]:
        python(BLOCKS_FOREVER + main + end + "print('end')").check("ready\nend\n", err="")


def test_an_executor_of_threads_does() -> None:
    """As without gochan: Python waits for it."""
    program = """
import concurrent.futures, time
from gochan import go, run, runtime, thread

def main():
    pool = concurrent.futures.ThreadPoolExecutor(1)
    go(lambda: thread.call(lambda: (time.sleep(0.1), print("finished")), executor=pool))
    runtime.gosched()

run(main)
print("end")
"""
    python(program).check("end\nfinished\n", err="")


@pytest.mark.skipif(sys.platform == "win32", reason="no signals to send")
def test_ctrl_c_ends_a_process_whose_call_blocks_forever() -> None:
    process = start(sys.executable, "-c", BLOCKS_FOREVER + "run(lambda: thread.call(accept))")
    assert process.stdout is not None
    assert process.stdout.readline() == "ready\n"
    process.send_signal(signal.SIGINT)
    child = finish(process, 20)
    assert (child.status, child.out) == (-signal.SIGINT, ""), child
    assert child.err.endswith("KeyboardInterrupt\n")


# --- a daemon thread's program at exit ---------------------------------------------------------------------

DAEMON = """
import atexit, sys, threading, time

# Registered before gochan's own, and so called after it.
@atexit.register
def check():
    print("stopped" if sys._current_frames()[program.ident].f_code.co_name == "_stop" else "running")

from gochan import Chan, go, run, runtime
from gochan import time as gotime

begun = threading.Event()

def ping_pong():
    a, b = Chan(), Chan()
    @go
    def _():
        for x in a:
            b << x
    begun.set()
    while True:
        a << 1
        b.recv()

def spawn():
    begun.set()
    while True:
        go(int)
        runtime.gosched()

def sleep():
    def nap():
        while True:
            gotime.sleep(0.0005)
    for _ in range(20):
        go(nap)
    begun.set()
    nap()

def deadline():
    begun.set()
    gotime.sleep(1000)

def compute():
    a = Chan()
    go(lambda: a << 1)
    a.recv()
    begun.set()
    while True:
        pass

def compute_in_a_goroutine():
    def busy():
        begun.set()
        while True:
            pass
    go(busy)
    Chan().recv()

def asyncio_loop():
    import asyncio
    from gochan import aio
    ch = Chan()
    async def task():
        while True:
            await asyncio.sleep(0)
            await aio.send(ch, 1)
    def receive():
        for _ in ch:
            begun.set()
    go(receive)
    aio.await_(task())

program = threading.Thread(target=run, args=(WHAT,), daemon=True)
program.start()
assert begun.wait(10)
time.sleep(0.1)

# Keeps the interpreter in its finalization for a while.
class Slow:
    def __del__(self):
        for _ in range(500_000):
            pass

sys.modules["slow"] = Slow()
print("end")
"""


@pytest.mark.skipif(sys.version_info >= (3, 14), reason="Python stops such threads without harm")
@pytest.mark.parametrize(
    "what",
    ["ping_pong", "spawn", "sleep", "deadline", "compute", "compute_in_a_goroutine", "asyncio_loop"],
)
def test_a_program_in_a_daemon_thread_at_exit(what: str) -> None:
    """Ended by Python in the middle of a switch, such a thread would take the process with it."""
    for _ in range(1 if "compute" in what else 3):
        python(DAEMON.replace("WHAT", what)).check("end\nstopped\n", err="")


# --- submit ------------------------------------------------------------------------------------------------


def in_thread(f: Callable[[], Any]) -> Any:
    """Call f in a foreign thread while the goroutines run; return or raise what it does."""
    return thread.call(f)


@pytest.mark.gochan
def test_submit() -> None:
    runtime = threading.get_ident()

    def foreign() -> None:
        assert threading.get_ident() != runtime
        assert thread.submit(threading.get_ident).result(30) == runtime
        assert thread.submit(sorted, "ba", reverse=True).result(30) == ["b", "a"]
        ch = Chan[int]()
        sending = thread.submit(ch.send, 5)
        assert thread.submit(ch.recv).result(30) == 5
        assert sending.result(30) is None

    in_thread(foreign)


@pytest.mark.gochan
def test_the_goroutine_is_one_like_any_other() -> None:
    """It may wait, defer, start others, and run where its thread does not wait for it."""
    log: list[str] = []

    def serve() -> str:
        from gochan import defer

        defer(log.append, "deferred")
        ch = Chan[str]()
        go(ch.send, "from another")
        gotime.sleep(0.001)
        return ch.recv()

    assert in_thread(lambda: thread.submit(serve).result(30)) == "from another"
    assert log == ["deferred"]
    future = thread.submit(serve)
    while not future.done():
        gotime.sleep(0.001)
    assert future.result() == "from another"
    assert num_goroutine() == 1


def test_what_a_submitted_function_raises() -> None:
    """It is the future's, and ends no program."""

    def main() -> str:
        def foreign() -> None:
            with pytest.raises(ZeroDivisionError, match="mine") as e:
                thread.submit(fail, "mine").result(30)
            assert e.traceback[-1].name == "fail"
            with pytest.raises(Panic, match="close of nil channel"):
                thread.submit(close, None).result(30)
            with pytest.raises(SystemExit):
                thread.submit(sys.exit, 3).result(30)
            with pytest.raises(RuntimeError, match=r"thread.submit: the goroutine ended by goexit, with"):
                thread.submit(goexit).result(30)

        in_thread(foreign)
        return "alive"

    assert run(main) == "alive"


@pytest.mark.skipif(sys.platform == "win32", reason="no signals to send")
def test_ctrl_c_in_a_submitted_goroutine() -> None:
    """It ends the program, and the future has it, too."""
    futures: list[Future[Any]] = []

    def compute() -> None:
        os.kill(os.getpid(), signal.SIGINT)
        while True:
            pass

    def main() -> None:
        futures.append(thread.submit(compute))
        gotime.sleep(60)

    with pytest.raises(KeyboardInterrupt):
        run(main)
    assert type(futures[0].exception(0)) is KeyboardInterrupt


@pytest.mark.gochan
def test_contextvars_of_the_foreign_thread() -> None:
    var = contextvars.ContextVar("var", default="none")
    var.set("main's")

    def foreign() -> str:
        var.set("thread's")
        return thread.submit(var.get).result(30)

    with ThreadPoolExecutor(1) as pool:
        assert contextvars.Context().run(thread.call, foreign, executor=pool) == "thread's"


@pytest.mark.gochan
def test_what_one_thread_submits_starts_in_order() -> None:
    """So that a callback's values come out of a channel as they went in."""
    ch, buffered = Chan[int](), Chan[int](1000)

    def foreign() -> None:
        for i in range(1000):
            thread.submit(ch.send, i)
            thread.submit(buffered.send, i)

    go(lambda: in_thread(foreign))
    assert [ch.recv() for _ in range(1000)] == list(range(1000))
    assert [buffered.recv() for _ in range(1000)] == list(range(1000))


def test_it_wakes_a_program_that_sleeps() -> None:
    def main() -> str:
        ch = Chan[str]()
        with thread.guests():
            threading.Timer(0.005, thread.submit, (ch.send, "wake up")).start()
            return ch.recv()

    def took() -> float:
        begin = time.monotonic()
        assert run(main) == "wake up"
        return time.monotonic() - begin

    # It polls every tenth of a second in any case.
    assert any(took() < 0.05 for _ in range(100))


def test_a_deadlock_unless_guests_are_expected() -> None:
    def main() -> None:
        with thread.guests():
            timer = threading.Timer(0.002, thread.submit, (int,))
            timer.start()
            timer.join()
        # No other thread is expected any more.
        Chan[int]().recv()

    with pytest.raises(Deadlock):
        run(main)


def test_no_deadlock_during_a_call() -> None:
    def main() -> int:
        ch = Chan[int]()
        go(lambda: thread.call(lambda: thread.submit(ch.send, 5).result(30)))
        return ch.recv()

    assert run(main) == 5


def test_submit_needs_a_program() -> None:
    with pytest.raises(RuntimeError, match=r"^thread.submit: no program runs; call it between run's start"):
        thread.submit(int)

    log: list[str] = []

    def main() -> None:
        try:
            pass
        finally:
            go(leave)
            gosched()

    def leave() -> None:
        try:
            Chan[int]().recv()
        finally:
            try:
                thread.submit(int)
            except RuntimeError as e:
                log.append(str(e))

    run(main)
    assert log == ["thread.submit: no program runs; call it between run's start and its end"]


def test_the_program_ends_first() -> None:
    """Pending calls are canceled, running ones are unwound, and no thread waits for either forever."""
    futures: list[Future[Any]] = []
    begun = threading.Event()

    def lasting() -> None:
        begun.set()
        Chan[int]().recv()

    def main() -> None:
        futures.append(thread.submit(lasting))
        while not begun.is_set():
            gosched()
        futures.append(thread.submit(int))

    run(main)
    assert concurrent.futures.wait(futures, 0).not_done == set()
    for future in futures:
        with pytest.raises(concurrent.futures.CancelledError):
            future.result(0)


def test_the_end_of_the_program_completes_the_future_of_a_call_that_cannot_be_unwound() -> None:
    futures: list[Future[None]] = []

    def stubborn() -> None:
        while True:
            try:
                Chan[int]().recv()
            except BaseException:
                futures[0].done()

    def main() -> int:
        futures.append(thread.submit(stubborn))
        gosched()
        gosched()
        assert futures[0].running()
        return 7

    assert run(main) == 7
    assert isinstance(futures[0].exception(0), concurrent.futures.CancelledError)


@pytest.mark.gochan
def test_a_future_that_is_cancelled() -> None:
    called: list[int] = []
    future = thread.submit(called.append, 1)
    assert future.cancel()
    gotime.sleep(0.001)
    assert called == []
    gate = Chan[int]()
    running = thread.submit(gate.recv)
    gotime.sleep(0.001)
    assert not running.cancel()
    gate.send(5)
    gotime.sleep(0.001)
    assert running.result(0) == 5


def test_programs_that_end_while_threads_submit() -> None:
    """Each future has an outcome, whenever the program ends; none of them is served by the next one."""
    over = threading.Event()
    outcomes: Counter[str] = Counter()
    lock = threading.Lock()
    program = 0

    def foreign() -> None:
        mine: Counter[str] = Counter()
        while not over.is_set():
            try:
                future = thread.submit(lambda: program)
            except RuntimeError:
                mine["refused"] += 1
                continue
            try:
                future.result(30)
                mine["served"] += 1
            except concurrent.futures.CancelledError:
                mine["cancelled"] += 1
        with lock:
            outcomes.update(mine)

    threads = [threading.Thread(target=foreign) for _ in range(4)]
    for t in threads:
        t.start()
    chance = random.Random(1)

    def main() -> None:
        with thread.guests():
            gotime.sleep(chance.random() / 500)

    try:
        for program in range(60):  # noqa: B007
            run(main)
    finally:
        over.set()
        for t in threads:
            t.join()
    assert outcomes["served"] > 0
    assert outcomes.keys() <= {"served", "refused", "cancelled"}


def test_guests_is_a_decorator_too() -> None:
    @thread.guests()
    def main() -> int:
        ch = Chan[int]()
        threading.Timer(0.002, thread.submit, (ch.send, 5)).start()
        return ch.recv()

    assert run(main) == 5


# --- foreign threads and channels --------------------------------------------------------------------------


@pytest.mark.gochan
def test_a_thread_waits_as_a_goroutine_does() -> None:
    """In the queue of its channel, while the goroutines go on; the report shows it as a thread."""
    ch = Chan[int]()

    def foreign() -> list[Any]:
        got: list[Any] = [ch.recv(), ch.recv_ok()]
        ch.send(3)
        got.append(select(recv(Chan[int]()), recv(ch)))
        return [*got, list(ch)]

    out = Chan[list[Any]](1)
    go(lambda: out.send(thread.call(foreign)))
    while "[chan receive]" not in stack(all=True).partition("thread gochan-thread-call_")[2]:
        gotime.sleep(0.001)
    ch.send(1)
    ch.send(2)
    assert ch.recv() == 3
    ch.send(4)
    ch.send(5)
    ch.close()
    assert out.recv() == [1, (2, True), (1, 4, True), [5]]


def test_a_thread_sends_to_a_program_that_sleeps() -> None:
    """No submit and no guests are needed: the thread was started by the program."""

    def main() -> int:
        ch = Chan[int]()
        threading.Timer(0.005, ch.send, (5,)).start()
        return ch.recv()

    assert run(main) == 5


@pytest.mark.gochan
def test_go_in_a_thread() -> None:
    ch = Chan[int]()
    thread.call(lambda: go(lambda: ch.send(threading.get_ident())))
    assert ch.recv() == threading.get_ident()


def test_locks_and_groups_in_threads() -> None:
    def main() -> int:
        mu, wg = gosync.Mutex(), gosync.WaitGroup()
        total = 0

        def work() -> None:
            nonlocal total
            for _ in range(100):
                with mu:
                    before = total
                    time.sleep(0)
                    total = before + 1
            wg.done()

        wg.add(4)
        for _ in range(4):
            threading.Thread(target=work).start()
        wg.wait()
        return total

    assert run(main) == 400


@pytest.mark.gochan
def test_a_context_is_canceled_in_a_thread() -> None:
    ctx, cancel = context.with_cancel(BACKGROUND)
    child, _ = context.with_timeout(ctx, 60)
    go(thread.call, cancel)
    done = child.done()
    assert done is not None
    done.recv()
    assert isinstance(child.err(), context.Canceled)


def stress(
    use: Callable[[Chan[int], int], None], consume: Callable[[Chan[int]], int | None], capacity: int
) -> None:
    """Have threads put numbers into a channel, all of them different, and goroutines take them out."""
    share = OPERATIONS // THREADS
    got: list[int] = []

    def main() -> None:
        ch = Chan[int](capacity)
        wg = gosync.WaitGroup()

        def foreign(first: int) -> None:
            for v in range(first, first + share):
                use(ch, v)

        def consumer() -> None:
            while (v := consume(ch)) is not None:
                got.append(v)

        consumers = gosync.WaitGroup()
        for _ in range(4):
            consumers.go(consumer)
        for i in range(THREADS):
            wg.go(lambda i=i: thread.call(foreign, i * share))
        wg.wait()
        while len(ch) or len(thread._pending):
            gotime.sleep(0.001)
        close(ch)
        consumers.wait()

    run(main)
    assert len(got) == share * THREADS
    assert set(got) == set(range(share * THREADS))


def receive(ch: Chan[int]) -> int | None:
    v, ok = ch.recv_ok()
    return v if ok else None


def receive_by_select(ch: Chan[int]) -> int | None:
    _, v, ok = select(recv(ch), recv(Chan[int]()))
    return v if ok else None


@pytest.mark.parametrize("consume", [receive, receive_by_select])
@pytest.mark.parametrize("capacity", [0, 10])
@pytest.mark.timeout(600)
def test_stress_submit(capacity: int, consume: Callable[[Chan[int]], int | None]) -> None:
    """Nothing is lost and nothing comes twice."""
    waiting = threading.local()

    def use(ch: Chan[int], v: int) -> None:
        # No more than a few hundred goroutines at a time, or a soak's memory is full of them.
        future = thread.submit(ch.send, v)
        futures = waiting.__dict__.setdefault("futures", [])
        futures.append(future)
        if len(futures) == 50:
            while futures:
                futures.pop().result(60)

    stress(use, consume, capacity)


@pytest.mark.parametrize("consume", [receive, receive_by_select])
@pytest.mark.timeout(600)
def test_stress_submit_and_wait(consume: Callable[[Chan[int]], int | None]) -> None:
    stress(lambda ch, v: thread.submit(ch.send, v).result(60), consume, 0)


@pytest.mark.parametrize("consume", [receive, receive_by_select])
@pytest.mark.parametrize("way", ["send", "select"])
@pytest.mark.timeout(600)
def test_stress_operations_that_need_no_waiting(way: str, consume: Callable[[Chan[int]], int | None]) -> None:
    """A channel that has room takes the value and wakes the goroutine that waits for it."""
    room = threading.Semaphore(100)

    def use(ch: Chan[int], v: int) -> None:
        room.acquire()
        if way == "send":
            ch.send(v)
        else:
            assert select(send(ch, v), default)[0] == 0

    def consume_and_make_room(ch: Chan[int]) -> int | None:
        v = consume(ch)
        room.release()
        return v

    stress(use, consume_and_make_room, 100)


@pytest.mark.parametrize("consume", [receive, receive_by_select])
@pytest.mark.parametrize("capacity", [0, 10])
@pytest.mark.parametrize("way", ["send", "select"])
@pytest.mark.timeout(600)
def test_stress_operations_that_wait(
    way: str, capacity: int, consume: Callable[[Chan[int]], int | None]
) -> None:
    """The threads wait in the channel's queue, and sleep until they are woken."""

    def use(ch: Chan[int], v: int) -> None:
        if way == "send":
            ch.send(v)
        else:
            assert select(recv(Chan[int]()), send(ch, v))[0] == 1

    stress(use, consume, capacity)


@pytest.mark.timeout(600)
def test_stress_both_ways() -> None:
    """Threads ask and get an answer, by submit, from a goroutine that owns the data."""
    share = OPERATIONS // THREADS // 2

    def main() -> int:
        asked, answers = Chan[tuple[int, Chan[int]]](), 0

        def owner() -> None:
            nonlocal answers
            for n, reply in asked:
                answers += 1
                reply << n * n

        def ask(n: int) -> int:
            reply = Chan[int](1)
            asked << (n, reply)
            return reply.recv()

        def foreign(first: int) -> int:
            return sum(thread.submit(ask, n).result(60) for n in range(first, first + share))

        go(owner)
        total = Chan[int](THREADS)
        for i in range(THREADS):
            go(lambda i=i: total.send(thread.call(foreign, i * share)))
        result = sum(total.recv() for _ in range(THREADS))
        assert answers == share * THREADS
        return result

    assert run(main) == sum(n * n for n in range(share * THREADS))


# --- fork --------------------------------------------------------------------------------------------------

forks = pytest.mark.skipif(not hasattr(os, "fork"), reason="no fork")
# Other tests' threads are no danger to a child that only uses gochan.
forks_in_peace = pytest.mark.filterwarnings("ignore:This process .* is multi-threaded:DeprecationWarning")


def child(f: Callable[[], object]) -> int:
    """Call f in a forked child; return the status with which it ended, 0 if f returned."""
    pid = os.fork()
    if pid == 0:
        status = 1
        try:
            f()
            status = 0
        except BaseException as e:
            print(f"in the child: {type(e).__name__}: {e}", file=sys.stderr, flush=True)
        finally:
            os._exit(status)
    return wait_for(pid)


def wait_for(pid: int) -> int:
    limit = time.monotonic() + 30
    while time.monotonic() < limit:
        ended, status = os.waitpid(pid, os.WNOHANG)
        if ended:
            return os.waitstatus_to_exitcode(status)
        time.sleep(0.001)
    os.kill(pid, signal.SIGKILL)
    os.waitpid(pid, 0)
    pytest.fail("the child hangs")


def use_everything() -> None:
    """A program that uses all that could be left over from the parent's."""
    import asyncio

    from gochan import aio

    def main() -> str:
        assert num_goroutine() == 1
        ch = Chan[str]()
        go(ch.send, "hello")
        assert ch.recv() == "hello"
        assert thread.call(pow, 2, 3) == 8
        assert thread.call(lambda: thread.submit(int).result(30)) == 0
        assert aio.await_(asyncio.sleep(0.001, 5)) == 5
        gotime.sleep(0.001)
        with pytest.raises(Deadlock):
            ch.recv()
        return "fine"

    assert run(main) == "fine"


@forks
@forks_in_peace
@pytest.mark.parametrize("where", ["main", "goroutine", "without run", "no program", "asyncio"])
def test_fork(where: str, capfd: pytest.CaptureFixture[str]) -> None:
    """The child has a runtime of its own, and runs nothing of the parent's; the parent goes on."""
    import asyncio

    from gochan import aio

    log: list[str] = []
    parent = os.getpid()

    def lasting(wait: Callable[[], object]) -> None:
        try:
            log.append(f"got {wait()}")
        finally:
            if os.getpid() != parent:
                print("a finally block of the parent's ran in the child", flush=True)

    def fork() -> None:
        def in_child() -> None:
            assert sched.main is None
            use_everything()
            use_everything()
            gc.collect()

        assert child(in_child) == 0

    def main() -> None:
        ch = Chan[int]()
        ticks = gotime.new_ticker(0.001)
        thread.call(int)
        if where == "asyncio":
            aio.await_(asyncio.sleep(0))
        go(lasting, ch.recv)
        go(lasting, lambda: gotime.sleep(0.05))
        gosched()
        if where == "goroutine":
            done = Chan[None]()
            go(lambda: (fork(), done.close()))
            done.recv()
        elif where == "asyncio":

            async def fork_in_a_task() -> None:
                await asyncio.sleep(0)
                fork()
                await asyncio.sleep(0.001)

            aio.await_(fork_in_a_task())
            assert aio.await_(asyncio.sleep(0.001, 5)) == 5
        else:
            fork()
        ch << 5
        gotime.sleep(0.1)
        assert ticks.c.recv()
        ticks.stop()
        assert thread.call(pow, 2, 5) == 32

    if where == "no program":
        fork()
        use_everything()
    elif where == "without run":
        main()
        run(lambda: None)
    else:
        run(main)
    assert sorted(log) == ([] if where == "no program" else ["got 5", "got None"])
    assert capfd.readouterr() == ("", "")


@forks
@forks_in_peace
def test_a_child_that_goes_on_with_main(capfd: pytest.CaptureFixture[str]) -> None:
    """main returns in both; the goroutines are unwound in the parent alone."""
    log: list[str] = []

    def waiting() -> None:
        try:
            Chan[int]().recv()
        finally:
            log.append("unwound")

    def main() -> int:
        go(waiting)
        gosched()
        pid = os.fork()
        if pid == 0:
            ch = Chan[int](1)
            go(ch.send, 1)
            ch.recv()
        return pid

    pid = run(main)
    if pid == 0:
        os._exit(10 + len(log) if sched.main is None else 20)
    assert wait_for(pid) == 10
    assert log == ["unwound"]


@forks
@forks_in_peace
@pytest.mark.parametrize(
    ("end", "status", "err"),
    [
        (lambda: None, 0, ""),
        (lambda: sys.exit(7), 7, ""),
        (lambda: sys.exit("bye"), 1, "bye\n"),
        (lambda: fail("in the child"), 1, "ZeroDivisionError: in the child\n"),
    ],
    ids=["return", "exit", "exit with words", "exception"],
)
def test_a_child_that_a_goroutine_forks_ends_with_it(
    end: Callable[[], object], status: int, err: str, capfd: pytest.CaptureFixture[str]
) -> None:
    def fork(pids: Chan[int]) -> None:
        pid = os.fork()
        if pid == 0:
            ch = Chan[int](1)
            go(ch.send, 1)
            ch.recv()
            end()
            return
        pids << pid

    def main() -> int:
        pids = Chan[int]()
        go(fork, pids)
        return wait_for(pids.recv())

    assert run(main) == status
    assert capfd.readouterr().err.endswith(err)


@forks_in_peace
@forks
def test_a_child_that_main_forks_leaves_run_as_main_does() -> None:
    """Also if it has not used gochan, of which it has no program."""
    parent = os.getpid()

    def main() -> int:
        go(Chan[int]().recv)
        gosched()
        pid = os.fork()
        if pid == 0:
            sys.exit(7)
        return pid

    status = 1
    try:
        pid = run(main)
    except SystemExit as exc:
        status = int(str(exc.code))
    finally:
        if os.getpid() != parent:
            os._exit(status)
    assert wait_for(pid) == 7


def square_in_child(n: int) -> int:
    """What multiprocessing's child does: a program of its own."""

    def main() -> int:
        ch = Chan[int]()
        go(lambda: ch.send(n * n))
        return ch.recv()

    return run(main)


@pytest.mark.gochan(leaks=True)
@forks
@forks_in_peace
def test_multiprocessing_that_forks() -> None:
    go(Chan[int]().recv)
    gosched()
    fork = multiprocessing.get_context("fork")
    with ProcessPoolExecutor(2, fork) as pool:
        results = Chan[int](10)
        for n in range(10):
            go(lambda n=n: results.send(thread.call(square_in_child, n, executor=pool)))
        assert sorted(results.recv() for _ in range(10)) == [n * n for n in range(10)]
    process = fork.Process(target=square_in_child, args=(5,))
    process.start()
    thread.call(process.join)
    assert process.exitcode == 0


@forks
@forks_in_peace
def test_signals_in_a_child() -> None:
    """Ctrl-C has Python's default effect there, and SIGQUIT the system's."""

    def main() -> None:
        def look() -> None:
            assert signal.getsignal(signal.SIGINT) is signal.default_int_handler
            assert signal.getsignal(signal.SIGQUIT) is signal.SIG_DFL

        assert child(look) == 0
        assert signal.getsignal(signal.SIGQUIT) is not signal.SIG_DFL

    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    try:
        run(main)
    finally:
        signal.signal(signal.SIGINT, before)


@pytest.mark.gochan
@forks
@forks_in_peace
def test_a_fork_while_threads_submit() -> None:
    """Nothing that another thread does at that moment is half done in the child."""
    over = threading.Event()

    def foreign() -> None:
        while not over.is_set():
            thread.submit(int).result(30)

    done = gosync.WaitGroup()
    for _ in range(4):
        done.go(lambda: thread.call(foreign))
    gotime.sleep(0.002)
    for _ in range(10):
        assert child(use_everything) == 0
        gotime.sleep(0.001)
    over.set()
    done.wait()
