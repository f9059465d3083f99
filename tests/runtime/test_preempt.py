"""Preemption: a goroutine that computes yields, but only in code of the user's own."""

import asyncio
import gc
import io
import itertools
import json
import logging
import os
import re
import signal
import sys
import threading
import weakref
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from functools import partial
from pathlib import Path
from subprocess import Popen
from textwrap import dedent
from time import monotonic, thread_time
from time import sleep as block
from types import SimpleNamespace
from typing import Any

import pytest

from gochan import (
    Chan,
    Deadlock,
    aio,
    default,
    defer,
    defers,
    go,
    recv,
    run,
    runtime,
    select,
    send,
    sync,
    synctest,
    timeout,
)
from gochan import signal as gosignal
from gochan import time as gotime
from gochan._engine import preempt
from gochan._engine.impl import sched

Python = Callable[[str], "Popen[str]"]

pytestmark = pytest.mark.skipif(not hasattr(signal, "pthread_kill"), reason="the system has no signal for it")

# How long a goroutine computes in a place where it must not be preempted; and how long another waits to be
# preempted, on a busy machine.
SPELL = 0.1
LONG = 20.0


@pytest.fixture(autouse=True)
def off_again() -> Iterator[None]:
    yield
    runtime.set_preempt(False)
    assert not sched.watched
    for t in watchers():
        t.join(LONG)
    assert watchers() == []
    assert signal.getsignal(signal.SIGURG) is signal.SIG_DFL


@pytest.fixture
def on() -> None:
    runtime.set_preempt(True)


@pytest.fixture
def often(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Preemption far more often than each 10 ms."""
    monkeypatch.setattr(preempt, "TICK", 0.0005)
    interval = sys.getswitchinterval()
    sys.setswitchinterval(0.0001)
    runtime.set_preempt(True)
    yield
    sys.setswitchinterval(interval)


def watchers() -> list[threading.Thread]:
    return [t for t in threading.enumerate() if t.name == "gochan-preempt"]


def count() -> int:
    """How many times a goroutine was preempted."""
    assert preempt._current is not None
    return preempt._current.count


def compute(seconds: float = SPELL) -> None:
    """Use the processor, whatever else the machine does."""
    end = thread_time() + seconds
    while thread_time() < end:
        pass


def compute_until_preempted() -> None:
    before = count()
    end = monotonic() + LONG
    while count() == before:
        assert monotonic() < end, "it was not preempted"


# --- what it is for ----------------------------------------------------------------------------------------


def test_one_that_sleeps_among_three_that_compute(on: None) -> None:
    def compute() -> None:
        n = 0
        while n < 4_000_000:
            n += 1

    late: list[float] = []

    def main() -> None:
        computing = True

        @go
        def _() -> None:
            while computing:
                due = monotonic() + 0.02
                gotime.sleep(0.02)
                late.append(monotonic() - due)

        wg = sync.WaitGroup()
        for _ in range(3):
            wg.go(compute)
        wg.wait()
        computing = False

    # Other programs may have the processors.
    for _ in range(5):
        late.clear()
        run(main)
        if sorted(late)[len(late) // 2] <= 0.04:
            break
    assert sorted(late)[len(late) // 2] <= 0.04


def test_without_it() -> None:
    """It is off at first, and costs nothing."""
    log = []

    def main() -> None:
        go(log.append, "other")
        compute()
        log.append("main")

    run(main)
    assert log == ["main"]
    assert not sched.watched
    assert watchers() == []


class Computes:
    def __init__(self) -> None:
        compute_until_preempted()

    def __call__(self) -> None:
        compute_until_preempted()

    def __add__(self, other: object) -> None:
        compute_until_preempted()

    def __getitem__(self, index: int) -> None:
        compute_until_preempted()

    @property
    def value(self) -> None:
        compute_until_preempted()


def bare() -> Computes:
    return Computes.__new__(Computes)


def decorated(fn: Callable[..., None]) -> Callable[..., None]:
    def wrapper(*args: Any, **kwargs: Any) -> None:
        fn(*args, **kwargs)

    return wrapper


def numbers() -> Iterator[int]:
    before = count()
    end = monotonic() + LONG
    for n in itertools.count():
        if count() != before:
            return
        assert monotonic() < end
        yield n


def with_defer() -> None:
    defer(compute_until_preempted)


def only_calls() -> None:
    """Where a handler nearly always runs after a call of a function in C, a point that is not safe."""
    before = count()
    end = monotonic() + LONG
    data = bytes(3_000_000)
    while count() == before and monotonic() < end:
        sum(data)
    assert count() != before


def only_compares() -> None:
    """Python 3.11 makes one instruction of the comparison and the jump."""

    def loop(seconds: float) -> None:
        end = monotonic() + seconds
        while monotonic() < end:
            pass

    for _ in range(20):
        loop(0)
    before = count()
    loop(1)
    assert count() != before


SHAPES: dict[str, Callable[[], object]] = {
    "a loop": compute_until_preempted,
    "__init__": Computes,
    "a method": lambda: bare().__call__(),
    "an operator": lambda: bare() + 1,
    "an index": lambda: bare()[0],
    "a property": lambda: bare().value,
    "a decorator": decorated(compute_until_preempted),
    "a partial": partial(compute_until_preempted),
    "a loop over a generator": lambda: [None for _ in numbers()],
    "a generator expression": lambda: sum(n for n in numbers()),
    "a deferred call": with_defer,
    "a function under @defers": lambda: defers(compute_until_preempted)(),  # noqa: PLW0108
    "a loop that compares": only_compares,
    "a key function": lambda: sorted([1, 2], key=lambda n: compute_until_preempted() or n),
    "map": lambda: list(map(lambda n: compute_until_preempted() or n, [1])),  # noqa: C417
    "exec": lambda: exec("f()", {"f": compute_until_preempted}),
    "only calls": only_calls,
}


@pytest.mark.parametrize("shape", SHAPES)
@pytest.mark.parametrize("where", ["goroutine", "main"])
def test_it_is_preempted_in(shape: str, where: str, on: None) -> None:
    if where == "main":
        run(SHAPES[shape])
        return

    def main() -> None:
        wg = sync.WaitGroup()
        wg.go(SHAPES[shape])
        wg.wait()

    run(main)


# --- where it must not be preempted ------------------------------------------------------------------------


def undisturbed(fn: Callable[..., object] = compute, *args: Any) -> None:
    """Call fn, which must not be preempted, in straight-line code."""
    # So that no signal is under way, since one would be allowed where fn begins.
    runtime.gosched()
    runtime.gosched()
    undisturbed_now(fn, *args)


def undisturbed_now(fn: Callable[..., object] = compute, *args: Any) -> None:
    """Do what `undisturbed` does, where the caller cannot yield."""
    assert preempt._current is not None
    before = preempt._current.count
    fn(*args)
    after = preempt._current.count
    assert after == before


class Handler(logging.Handler):
    """A handler of the user's is called with a lock of the logging module held."""

    def emit(self, record: logging.LogRecord) -> None:
        compute()


def log_a_line() -> None:
    logger = logging.Logger("preempted")
    logger.addHandler(Handler())
    logger.warning("slow")


def dump() -> None:
    # Big, in pure Python (indent), so that it is far longer than 10 ms.
    json.dumps(list(range(200_000)), indent=1)


def load_with_hook() -> None:
    json.loads("[{}]", object_hook=lambda found: compute())


class Finalized:
    def __del__(self) -> None:
        compute()


def drop() -> None:
    dropped: Any = Finalized()
    dropped = None
    assert dropped is None


def collect() -> None:
    cycle = Finalized()
    cycle.me = cycle  # type: ignore[attr-defined]
    del cycle
    gc.collect()


class Weak:
    pass


def drop_weakly() -> None:
    dropped: Any = Weak()
    ref = weakref.ref(dropped, lambda _: compute())
    dropped = None
    assert ref() is dropped


class Manager:
    def __enter__(self) -> None:
        compute()

    def __exit__(self, *exc: object) -> None:
        compute()


def enter_and_exit() -> None:
    with Manager():
        pass


@contextmanager
def managed() -> Iterator[None]:
    compute()
    yield


def enter_a_generator() -> None:
    with managed():
        pass


async def coroutine() -> None:
    compute()


def send_to_a_coroutine() -> None:
    c = coroutine()
    with suppress(StopIteration):
        c.send(None)


class Raw(io.RawIOBase):
    def writable(self) -> bool:
        return True

    def write(self, data: Any) -> int:
        compute()
        return len(data)


def flush() -> None:
    """The buffered file holds a lock of its own while it calls the raw one."""
    file = io.BufferedWriter(Raw())
    file.write(b"data")
    file.flush()
    file.detach()


def handle(signum: int, frame: object) -> None:
    compute()


class Handles:
    def __call__(self, signum: int, frame: object) -> None:
        compute()

    def method(self, signum: int, frame: object) -> None:
        compute()


def handle_a_signal(handler: Any) -> None:
    before = signal.signal(signal.SIGUSR1, handler)
    try:
        signal.raise_signal(signal.SIGUSR1)
    finally:
        signal.signal(signal.SIGUSR1, before)


def once() -> None:
    """gochan's own functions hold gochan's locks."""
    sync.Once().do(compute)


UNDISTURBED: dict[str, Callable[[], object]] = {
    "logging": log_a_line,
    "json.dumps": dump,
    "a hook of json.loads": load_with_hook,
    "a finalizer": drop,
    "a finalizer in a collection": collect,
    "the callback of a weak reference": drop_weakly,
    "__enter__ and __exit__": enter_and_exit,
    "a context manager of contextlib": enter_a_generator,
    "a coroutine": send_to_a_coroutine,
    "a raw file": flush,
    "a signal handler": partial(handle_a_signal, handle),
    "a method that handles signals": partial(handle_a_signal, Handles().method),
    "an object that handles signals": partial(handle_a_signal, Handles()),
    "a partial that handles signals": partial(handle_a_signal, partial(handle)),
    "a function of gochan": once,
}


@pytest.mark.parametrize("place", UNDISTURBED)
def test_it_is_not_preempted_in(place: str, on: None) -> None:
    def main() -> None:
        wg = sync.WaitGroup()
        wg.go(undisturbed, UNDISTURBED[place])
        wg.wait()
        undisturbed(UNDISTURBED[place])
        # It goes on elsewhere.
        compute_until_preempted()

    run(main)


SLOW_MODULE = """
from time import thread_time
from threading import Lock

lock = Lock()

def compute():
    with lock:
        end = thread_time() + 0.1
        while thread_time() < end:
            pass

compute()
"""


def test_it_is_not_preempted_in_an_import(on: None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "slow_module.py").write_text(SLOW_MODULE)
    monkeypatch.syspath_prepend(tmp_path)
    run(lambda: undisturbed(__import__, "slow_module"))
    del sys.modules["slow_module"]


def test_it_is_not_preempted_in_a_library(on: None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Four goroutines in a library's locked section: if one yielded there, the next would block forever."""
    folder = tmp_path / "site-packages"
    folder.mkdir()
    (folder / "slow_library.py").write_text(SLOW_MODULE)
    monkeypatch.syspath_prepend(folder)
    library = __import__("slow_library")

    def main() -> None:
        wg = sync.WaitGroup()
        for _ in range(4):
            wg.go(undisturbed, library.compute)
        wg.wait()

    run(main)
    del sys.modules["slow_library"]


def test_an_installed_package_that_calls_run(python: Python, tmp_path: Path) -> None:
    """It is the program, so its own code is preempted."""
    package = tmp_path / "site-packages" / "installed_program"
    package.mkdir(parents=True)
    (package / "__init__.py").write_text("")
    (package / "computing.py").write_text(
        dedent("""
        def compute(done):
            while not done:
                pass
        """)
    )
    (package / "__main__.py").write_text(
        dedent("""
        from gochan import go, run, runtime, time
        from .computing import compute

        def main():
            done = []
            go(compute, done)
            time.sleep(0.01)
            done.append(True)
            print("over")

        runtime.set_preempt(True)
        run(main)
        """)
    )
    child = python(
        f"""
        import runpy, sys
        sys.path.insert(0, {str(package.parent)!r})
        runpy.run_module("installed_program", run_name="__main__")
        """
    )
    assert child.communicate(timeout=100) == ("over\n", "")


def test_the_next_point_is_tried(monkeypatch: pytest.MonkeyPatch) -> None:
    """In a call of a function in C, which may hold a lock, it is not preempted, but soon after."""

    def main() -> None:
        assert preempt._current is not None
        before = count()
        preempt._current.retries = 0
        signal.raise_signal(signal.SIGURG)
        for _ in range(10):
            pass
        assert count() == before
        preempt._current.retries = preempt.MAX_RETRIES
        signal.raise_signal(signal.SIGURG)
        after = preempt._current.count
        assert after == before
        for _ in range(10):
            pass
        assert count() == before + 1
        # The attempts are limited.
        preempt._current.retries = preempt.MAX_RETRIES
        dump()
        assert count() == before + 1

    # The watcher sends no signal.
    monkeypatch.setattr(preempt, "TICK", 1000)
    runtime.set_preempt(True)
    run(main)


def test_between_calls_of_a_library(on: None) -> None:
    """A loop that spends its time in a library is preempted between two calls."""

    def main() -> None:
        before = count()
        data = list(range(100_000))
        end = monotonic() + LONG
        while count() == before and monotonic() < end:
            json.dumps(data)
        assert count() != before

    run(main)


def test_a_call_that_blocks_is_not_interrupted(on: None) -> None:
    """No signal is sent to a goroutine that waits in a call, and none ends a read."""
    reader, writer = os.pipe()
    seen: list[object] = []

    def write() -> None:
        block(0.2)
        os.write(writer, b"x")

    def main() -> None:
        assert preempt._current is not None
        thread = threading.Thread(target=write)
        thread.start()
        preempt._current.retries = -1
        assert os.read(reader, 1) == b"x"
        seen.append(preempt._current.retries)
        thread.join()

    run(main)
    os.close(reader)
    os.close(writer)
    assert seen == [-1]


def test_in_a_bubble(on: None) -> None:
    """As in Go: the others run, and the bubble's clock stands still."""

    def test() -> None:
        begin = gotime.now()
        wg = sync.WaitGroup()
        for _ in range(2):
            wg.go(compute_until_preempted)
        wg.wait()
        assert gotime.since(begin) == 0
        gotime.sleep(3600)
        assert gotime.since(begin) == 3600

    run(lambda: synctest.test(test))


def test_beside_an_event_loop(on: None) -> None:
    """Goroutines are preempted for the loop, and its tasks and callbacks are not."""

    ticks = []

    def callback(done: Chan[bool]) -> None:
        undisturbed_now()
        done.close()

    async def task(done: Chan[bool]) -> None:
        undisturbed_now()
        asyncio.get_running_loop().call_soon(callback, done)
        await asyncio.sleep(0.05)
        ticks.append(True)

    def main() -> None:
        done = Chan[bool]()
        go(aio.await_, task(done))
        end = monotonic() + LONG
        while not ticks and monotonic() < end:
            pass
        assert ticks
        done.recv()
        compute_until_preempted()

    asyncio.run(aio.run(main))


def test_a_deadlock_is_still_found(on: None) -> None:
    def main() -> None:
        wg = sync.WaitGroup()
        wg.go(compute_until_preempted)
        wg.wait()
        Chan[int]().recv()

    with pytest.raises(Deadlock, match="all goroutines are asleep"):
        run(main)


def test_the_stack_of_a_preempted_goroutine(on: None) -> None:
    """It is runnable, and only the user's frames are shown."""

    def main() -> None:
        go(compute_until_preempted)
        runtime.gosched()
        stack = runtime.stack(all=True).split("\n\n")[1]
        assert re.match(r"goroutine \d+ \[runnable\]:\n", stack)
        assert "compute_until_preempted" in stack
        assert os.path.dirname(preempt.__file__) not in stack

    run(main)


# --- attacks -----------------------------------------------------------------------------------------------


def traffic(until: Callable[[], bool]) -> None:
    """Goroutines that compute and use everything at once; nothing may be lost or counted twice."""
    values = Chan[int](3)
    other = Chan[int]()
    received: list[int] = []
    total = [0]
    mu = sync.Mutex()
    ended = [0]
    senders = sync.WaitGroup()
    receivers = sync.WaitGroup()
    sent = [0] * 6

    def one(n: int) -> int:
        # Some take several times as long as a goroutine may compute.
        for _ in range(n % 50 * 1000):
            n += 0
        return n

    def produce(me: int) -> None:
        try:
            while not until():
                n = me + 6 * sent[me]
                if n % 3 == 0:
                    values.send(one(n))
                elif n % 3 == 1:
                    select(send(values, one(n)), send(other, n))
                else:
                    while select(send(other, n), default)[0] != 0:
                        one(n)
                        runtime.gosched()
                sent[me] += 1
        finally:
            ended[0] += 1

    def consume() -> None:
        mine = 0
        while True:
            index, n, ok = select(recv(values), recv(other), timeout(5))
            if not ok:
                assert index != 2 or until()
                break
            received.append(n)
            with mu:
                before = total[0]
                one(n)
                total[0] = before + 1
            mine += 1
            if mine % 64 == 0:
                gotime.sleep(0)

    for me in range(6):
        senders.go(produce, me)
    for _ in range(4):
        receivers.go(consume)
    senders.wait()
    values.close()
    receivers.wait()
    want = sorted(me + 6 * i for me in range(6) for i in range(sent[me]))
    assert sorted(received) == want
    assert total[0] == len(want)
    assert ended[0] == 6


def test_nothing_is_lost(often: None) -> None:
    run(traffic, lambda: count() >= 500)


@pytest.mark.soak
@pytest.mark.timeout(3600)
def test_nothing_is_lost_in_a_hundred_thousand_preemptions(often: None) -> None:
    while count() < 100_000:
        goal = count() + 5_000
        run(traffic, lambda: count() >= goal)  # noqa: B023


def test_deep_recursion(often: None) -> None:
    """A recursion that fits the limit still does."""
    limit = sys.getrecursionlimit()

    def depth(n: int) -> int:
        return 0 if n == 0 else 1 + depth(n - 1)

    def room() -> int:
        """How many more calls fit."""
        low, high = 0, limit
        while low < high:
            middle = (low + high + 1) // 2
            try:
                depth(middle)
                low = middle
            except RecursionError:
                high = middle - 1
        return low

    def recur() -> None:
        runtime.set_preempt(False)
        n = room() - 8
        runtime.set_preempt(True)
        before = count()
        end = monotonic() + LONG
        while count() < before + 100 and monotonic() < end:
            assert depth(n) == n

    def main() -> None:
        wg = sync.WaitGroup()
        wg.go(recur)
        wg.wait()
        recur()

    run(main)


@pytest.mark.skipif("coverage" in sys.modules, reason="the tracer's own code would be disturbed, too")
def test_a_handler_that_raises(often: None) -> None:
    """Its exception reaches the code that it interrupts, while goroutines are preempted all the time."""

    class AlarmError(Exception):
        pass

    def alarm(signum: int, frame: object) -> None:
        raise AlarmError

    ended = []

    def other() -> None:
        end = monotonic() + LONG
        while not ended and monotonic() < end:
            pass

    def main() -> None:
        go(other)
        wg = sync.WaitGroup()
        wg.go(other)
        caught = 0
        while caught < 20:
            with suppress(AlarmError):
                signal.setitimer(signal.ITIMER_REAL, 0.003)
                # The other goroutines' code is interrupted as well, which would end the program.
                gotime.sleep(0)
                with suppress(AlarmError):
                    end = monotonic() + LONG
                    while monotonic() < end:
                        pass
                caught += 1
        ended.append(True)
        wg.wait()

    before = signal.signal(signal.SIGALRM, alarm)
    try:
        for _ in range(10):
            ended.clear()
            # An alarm in a goroutine ends the program, in order.
            with suppress(AlarmError):
                run(main)
            signal.setitimer(signal.ITIMER_REAL, 0)
        assert runtime.num_goroutine() == 1
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)
    # The runtime is whole.
    run(traffic, lambda: count() >= 100)


def test_the_program_ends_while_goroutines_are_preempted(often: None) -> None:
    """They are unwound wherever they are."""
    ended = []

    def forever(n: int) -> None:
        try:
            while True:
                pass
        finally:
            ended.append(n)

    def main() -> None:
        for n in range(10):
            go(forever, n)
        gotime.sleep(0.02)

    for _ in range(20):
        ended.clear()
        run(main)
        # One that has not run yet has nothing to unwind.
        assert len(set(ended)) == len(ended) > 0


def test_a_goroutine_that_is_unwound_is_not_preempted(often: None) -> None:
    """It could not go on, since the program has ended: its `finally` block would be cut off."""
    ended = []

    def forever() -> None:
        try:
            Chan[int]().recv()
        finally:
            for _ in range(5):
                compute(0.01)
            ended.append(True)

    def main() -> None:
        go(forever)
        runtime.gosched()

    run(main)
    assert ended == [True]


def test_the_engine_is_not_preempted() -> None:
    """When a goroutine has ended, all of its frames are the engine's."""
    code = preempt.preempt_signal.__code__
    outer: Any = SimpleNamespace(f_code=code, f_back=None, f_lasti=0)
    inner: Any = SimpleNamespace(f_code=code, f_back=outer, f_lasti=0)
    assert not preempt._Points().may_yield(outer, False)
    assert not preempt._Points().may_yield(inner, False)


def test_an_exception_ends_the_program(often: None) -> None:
    def fail() -> None:
        compute_until_preempted()
        raise ValueError("in the end")

    def main() -> None:
        go(fail)
        while True:
            pass

    with pytest.raises(ValueError, match="in the end"):
        run(main)


def test_ctrl_c(python: Python) -> None:
    child = python(
        """
        import os, signal, threading, time
        from gochan import go, run, runtime

        def forever():
            while True:
                pass

        def main():
            try:
                for _ in range(3):
                    go(forever)
                threading.Timer(0.5, os.kill, (os.getpid(), signal.SIGINT)).start()
                forever()
            finally:
                print("main ends")

        runtime.set_preempt(True)
        try:
            run(main)
        except KeyboardInterrupt:
            print("interrupted")
        """
    )
    out, err = child.communicate(timeout=100)
    assert (out, err) == ("main ends\ninterrupted\n", "")


def test_two_settings(on: None) -> None:
    """The second one changes nothing."""
    first = preempt._current
    runtime.set_preempt(True)
    assert preempt._current is first
    assert len(watchers()) == 1
    runtime.set_preempt(False)
    runtime.set_preempt(False)
    runtime.set_preempt(True)
    run(compute_until_preempted)


def test_it_is_switched_off_while_a_signal_is_under_way(often: None) -> None:
    """Python would report an error if one had no handler any more."""

    def main() -> None:
        for _ in range(50):
            runtime.set_preempt(True)
            assert preempt._current is not None
            preempt._current.retries = 1000
            signal.raise_signal(signal.SIGURG)
            runtime.set_preempt(False)
            for _ in range(10):
                pass

    run(main)


def test_it_is_set_while_a_program_runs() -> None:
    def main() -> None:
        runtime.set_preempt(True)
        compute_until_preempted()
        runtime.set_preempt(False)
        compute()

    run(main)


def test_with_a_watchdog(on: None) -> None:
    """Each works without the other."""
    runtime.set_watchdog(5)
    runtime.set_watchdog(None)
    run(compute_until_preempted)
    runtime.set_watchdog(5)
    runtime.set_preempt(False)
    assert sched.watched
    runtime.set_watchdog(None)
    assert not sched.watched


@pytest.mark.parametrize("on", [1, None, "1"])
def test_bad_input(on: Any) -> None:
    with pytest.raises(TypeError, match=re.escape(f"runtime.set_preempt: {on!r} is not a bool")):
        runtime.set_preempt(on)


def test_in_another_thread() -> None:
    raised: list[BaseException] = []

    def call() -> None:
        try:
            runtime.set_preempt(True)
        except RuntimeError as exc:
            raised.append(exc)

    thread = threading.Thread(target=call)
    thread.start()
    thread.join()
    assert str(raised[0]).startswith("runtime.set_preempt: not in Python's main thread")


def test_goroutines_in_another_thread(on: None) -> None:
    """They are not preempted, since Python runs no handler there; and the main thread is left alone."""
    seen = []

    def main() -> None:
        undisturbed()
        seen.append(1)

    assert preempt._current is not None
    preempt._current.retries = -1
    thread = threading.Thread(target=run, args=(main,))
    thread.start()
    while thread.is_alive():
        pass
    assert seen == [1]
    assert preempt._current.retries == -1

    begun, over = threading.Event(), threading.Event()

    def refuse() -> None:
        begun.set()
        while not over.is_set():
            gotime.sleep(0.01)

    runtime.set_preempt(False)
    thread = threading.Thread(target=run, args=(refuse,))
    thread.start()
    assert begun.wait(LONG)
    try:
        with pytest.raises(RuntimeError, match="goroutines run in another thread"):
            runtime.set_preempt(True)
    finally:
        over.set()
        thread.join()


def test_a_handler_of_the_users() -> None:
    before = signal.signal(signal.SIGURG, handle)
    try:
        with pytest.raises(RuntimeError, match=r"SIGURG has the handler <function handle at"):
            runtime.set_preempt(True)
    finally:
        signal.signal(signal.SIGURG, before)
    assert preempt._current is None


def test_a_handler_that_is_set_later(on: None) -> None:
    """It gets no signal that is not meant for it, and stays."""
    calls = []
    signal.signal(signal.SIGURG, lambda signum, frame: calls.append(signum))
    try:
        run(compute)
        assert calls == []
        runtime.set_preempt(False)
        assert signal.getsignal(signal.SIGURG) is not signal.SIG_DFL
    finally:
        signal.signal(signal.SIGURG, signal.SIG_DFL)


def test_signals_for_channels(on: None) -> None:
    def main() -> None:
        ch = Chan[gosignal.Signal](1)
        for call in (partial(gosignal.notify, ch), gosignal.ignore):
            with pytest.raises(ValueError, match=r"SIGURG is in use, by runtime.set_preempt\(True\)"):
                call(signal.SIGURG)
        # All others.
        gosignal.notify(ch)
        compute_until_preempted()
        gosignal.stop(ch)

    run(main)


@pytest.mark.skipif(not hasattr(os, "fork"), reason="no fork")
@pytest.mark.filterwarnings("ignore:This process .* is multi-threaded:DeprecationWarning")
@pytest.mark.parametrize("where", ["outside", "main", "goroutine", "thread"])
def test_in_a_forked_child(where: str, on: None) -> None:
    """It goes on."""
    if where == "thread" and sys.version_info >= (3, 13):
        pytest.skip("from 3.13 on, CPython runs no signal handler in such a child while it computes")
    pids: list[int] = []

    def fork() -> None:
        pid = os.fork()
        if pid:
            pids.append(pid)
            return
        status = 1
        try:
            run(compute_until_preempted)
            status = 0
        finally:
            os._exit(status)

    if where == "outside":
        fork()
    elif where == "main":
        run(fork)
    elif where == "goroutine":
        wg = sync.WaitGroup()
        wg.go(fork)
        wg.wait()
    else:
        thread = threading.Thread(target=fork)
        thread.start()
        thread.join()
    [pid] = pids
    assert os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]) == 0
    run(compute_until_preempted)


# --- the environment, and programs of their own ------------------------------------------------------------


@pytest.mark.parametrize("start", ["python program.py", "python -m"])
def test_set_by_the_environment(start: str, python: Python, tmp_path: Path) -> None:
    """Also in a program that does not call run, and if Python has started it by -m."""
    program = dedent(
        """
        import os
        os.environ["GOCHAN_PREEMPT"] = "1"
        from gochan import go, time

        done = []

        def forever():
            while not done:
                pass
            print("over")

        go(forever)
        time.sleep(0.05)
        done.append(True)
        time.sleep(0.05)
        while not done:
            pass
        other = []
        go(other.append, 1)
        while not other:
            pass
        print("main is preempted, too")
        """
    )
    if start == "python -m":
        (tmp_path / "started.py").write_text(program)
        program = f"""
        import runpy, sys
        sys.path.insert(0, {str(tmp_path)!r})
        runpy.run_module("started", run_name="__main__")
        """
    assert python(program).communicate(timeout=100) == ("over\nmain is preempted, too\n", "")


@pytest.mark.parametrize(
    ("value", "text"),
    [("", ""), ("0", ""), ("yes", "ValueError: GOCHAN_PREEMPT='yes': give 1 to preempt goroutines, or 0")],
)
def test_other_environments(value: str, text: str, python: Python) -> None:
    child = python(
        f"""
        import os, threading
        os.environ["GOCHAN_PREEMPT"] = {value!r}
        import gochan
        assert threading.active_count() == 1
        """
    )
    out, err = child.communicate(timeout=100)
    assert out == ""
    assert err.rstrip("\n").rpartition("\n")[2] == text


def test_the_watchdog_reports_a_lock_of_threading(python: Python) -> None:
    """A goroutine that is preempted while it holds one blocks the thread, if another wants it."""
    child = python(
        """
        import os, signal, threading, time
        os.environ["GOCHAN_PREEMPT"] = "1"
        os.environ["GOCHAN_WATCHDOG"] = "0.2"
        from gochan import go, run
        from gochan._engine import watchdog

        lock = threading.Lock()

        def hold():
            with lock:
                while True:
                    pass

        def want():
            with lock:
                pass

        def stop():
            while not watchdog._current.reported:
                time.sleep(0.01)
            time.sleep(0.1)
            os._exit(0)

        def main():
            threading.Thread(target=stop).start()
            go(want)
            hold()

        run(main)
        """
    )
    _, err = child.communicate(timeout=100)
    assert "has held the thread for 0.2 s; all others wait." in err
    assert "in want\n    with lock:\n" in err
    assert "It is blocked in a call." in err or "If it is blocked in a call" in err


def test_the_process_ends_with_it_on(python: Python) -> None:
    child = python(
        """
        from gochan import go, run, runtime
        runtime.set_preempt(True)

        def forever():
            while True:
                pass

        def main():
            for _ in range(3):
                go(forever)
            n = 0
            while n < 1_000_000:
                n += 1

        run(main)
        print("over")
        """
    )
    assert child.communicate(timeout=100) == ("over\n", "")
    assert child.returncode == 0


def test_an_exception_as_it_is_turned_on(monkeypatch: pytest.MonkeyPatch) -> None:
    """Another signal's handler may raise in it, after any call."""

    def fail(*args: object) -> None:
        raise KeyError

    before = signal.getsignal(signal.SIGURG)
    monkeypatch.setattr(signal, "siginterrupt", fail)
    with pytest.raises(KeyError):
        runtime.set_preempt(True)
    monkeypatch.undo()
    assert signal.getsignal(signal.SIGURG) == before
    assert not sched.watched
    runtime.set_preempt(True)
    runtime.set_preempt(False)
    assert signal.getsignal(signal.SIGURG) == before
