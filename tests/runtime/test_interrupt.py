"""Ctrl-C: KeyboardInterrupt reaches the program wherever it is, and the engine stays whole."""

import os
import signal
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from subprocess import Popen
from time import monotonic, sleep
from types import FrameType

import pytest

from gochan import Chan, default, go, recv, run, runtime, select, send, timeout
from gochan._engine import interrupt
from gochan._engine.functions import is_own
from gochan._engine.impl import sched
from gochan._engine.interrupt import _in_engine, on_interrupt
from gochan.runtime import COMPILED, gosched

Python = Callable[[str], Popen[str]]

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="no signals to send")


def wait_until_asleep(process: Popen[str]) -> None:
    """Wait until the kernel says that it sleeps; where it does not say, for a moment."""
    stat = Path(f"/proc/{process.pid}/stat")
    if not stat.exists():
        sleep(0.05)
        return
    limit = monotonic() + 10
    while stat.read_text().rpartition(")")[2].split()[0] != "S" and monotonic() < limit:
        sleep(0.001)


def interrupted(process: Popen[str], asleep: bool) -> tuple[str, str, float]:
    """Send SIGINT after the line "ready"; return the rest of the output, and how long it took."""
    assert process.stdout is not None
    assert process.stdout.readline() == "ready\n"
    if asleep:
        wait_until_asleep(process)
    begin = monotonic()
    process.send_signal(signal.SIGINT)
    out, err = process.communicate(timeout=100)
    return out, err, monotonic() - begin


PROGRAM = """
    from gochan import *
    from gochan.runtime import gosched, num_goroutine

    def other(ch):
        try:
            ch.recv()
        finally:
            print("other unwound")

    def wait(ch):
        {wait}

    def main():
        ch = Chan[int]()
        go(other, Chan[int]())
        {spawn}
        gosched()
        try:
            print("ready")
            wait(ch)
        except KeyboardInterrupt:
            print("interrupted")
            raise
        finally:
            print("main unwound")

    {start}
"""

IDLE = {
    "receive": "ch.recv_ok()",
    "send": "ch.send(1)",
    "range": "list(ch)",
    "select": "select(recv(ch), send(ch, 1))",
    "timeout": "select(recv(ch), timeout(3600))",
    "nothing": "select()",
}
# Something outside that could still wake it, or it were a deadlock.
OUTSIDE = "go(select, timeout(3600))"


@pytest.mark.parametrize("start", ["run(main)", "main()"], ids=["run", "without run"])
@pytest.mark.parametrize("wait", IDLE)
def test_idle(python: Python, wait: str, start: str) -> None:
    """It comes out of the call that waits, at once, and everyone is unwound."""
    process = python(PROGRAM.format(wait=IDLE[wait], spawn=OUTSIDE, start=start))
    out, err, took = interrupted(process, asleep=True)
    assert out == "interrupted\nmain unwound\nother unwound\n"
    assert err.endswith("\nKeyboardInterrupt\n")
    assert "in wait\n" in err
    assert process.returncode in {-signal.SIGINT, 130, 1}
    assert took < 30


BUSY = {
    "computing": "while True: pass",
    "polling": "while True: select(recv(ch), default)",
    "buffered": "ch = Chan[int](1)\n        while True: ch.send(1); ch.recv()",
    "yielding": "while True: gosched()",
}


@pytest.mark.parametrize("wait", BUSY)
def test_busy_in_main(python: Python, wait: str) -> None:
    process = python(PROGRAM.format(wait=BUSY[wait], spawn="", start="run(main)"))
    out, err, _ = interrupted(process, asleep=False)
    assert out == "interrupted\nmain unwound\nother unwound\n"
    assert err.endswith("\nKeyboardInterrupt\n")


def test_busy_in_a_goroutine(python: Python) -> None:
    """There it is an exception that ends the program like any other; the note says in which goroutine."""
    program = """
        from gochan import *

        def compute(ch):
            try:
                print("ready")
                while True:
                    pass
            finally:
                print("compute unwound")

        def main():
            go(compute, Chan[int]())
            try:
                select()
            finally:
                print("main unwound")

        run(main)
    """
    out, err, _ = interrupted(python(program), asleep=False)
    assert out == "compute unwound\nmain unwound\n"
    assert "\nKeyboardInterrupt\nin goroutine 2, created by goroutine 1 at\n" in err


def test_main_can_catch_it_and_go_on(python: Python) -> None:
    program = """
        from gochan import *
        from gochan.runtime import gosched

        def main():
            ch = Chan[int]()
            go(select, timeout(3600))
            try:
                print("ready")
                ch.recv()
            except KeyboardInterrupt:
                print("interrupted")
            go(ch.send, 5)
            print(ch.recv())
            try:
                print("ready")
                select(recv(ch), send(ch, 1))
            except KeyboardInterrupt:
                print("interrupted")
            # It has left the queues.
            print(select(recv(ch), default), select(send(ch, 2), default))

        run(main)
        print("the next program")
        run(lambda: gosched())
    """
    process = python(program)
    assert process.stdout is not None
    for expected in ("ready", "interrupted", "5", "ready"):
        line = process.stdout.readline()
        assert line == f"{expected}\n"
        if line == "ready\n":
            wait_until_asleep(process)
            process.send_signal(signal.SIGINT)
    out, err = process.communicate(timeout=100)
    assert out == "interrupted\n(1, None, False) (1, None, False)\nthe next program\n"
    assert err == ""


def test_twice(python: Python) -> None:
    """A second Ctrl-C reaches the code that is unwound by the first."""
    program = """
        from gochan import *
        from gochan.runtime import gosched

        def slow():
            try:
                select()
            finally:
                try:
                    print("ready")
                    while True:
                        pass
                finally:
                    print("slow unwound")

        def last():
            try:
                select()
            finally:
                print("last unwound")

        def main():
            go(slow)
            gosched()
            go(last)
            gosched()
            print("ready")
            select(timeout(3600))

        run(main)
    """
    process = python(program)
    assert process.stdout is not None
    for _ in range(2):
        assert process.stdout.readline() == "ready\n"
        process.send_signal(signal.SIGINT)
    out, err = process.communicate(timeout=100)
    assert out == "slow unwound\nlast unwound\n"
    assert "KeyboardInterrupt" in err


def test_at_many_moments(python: Python) -> None:
    """Whatever the engine is doing, the interrupt finds the user's code, once, and the next run is unharmed.

    Interpreted, a handler may run between any two bytecodes, in the middle of a switch or of a change to a
    queue.  A thread sends the signals, at times that creep through the steps of a program which does
    nothing but channel operations.
    """
    program = """
        import os, signal, threading, time, warnings
        from gochan import *
        from gochan.runtime import gosched
        from gochan._engine.impl import sched

        # The interrupt may come between the making of a case and its select.
        warnings.simplefilter("ignore")

        unwound = []

        def pong(a, b):
            try:
                for v in a:
                    b << v
            finally:
                unwound.append("pong")

        def selecting(a, b):
            try:
                while True:
                    select(recv(a), send(b, 1), timeout(0.001))
            finally:
                unwound.append("selecting")

        def spawning():
            try:
                while True:
                    go(int)
                    gosched()
            finally:
                unwound.append("spawning")

        def main():
            a, b, c = Chan[int](), Chan[int](), Chan[int](1)
            go(pong, a, b)
            go(selecting, c, Chan[int]())
            go(spawning)
            begin.release()
            try:
                while True:
                    a << 1
                    b.recv()
                    select(send(c, 1), default)
                    gosched()
            finally:
                unwound.append("main")

        begin = threading.Lock()
        begin.acquire()

        def interrupt(delay):
            begin.acquire()
            time.sleep(delay)
            os.kill(os.getpid(), signal.SIGINT)

        interrupted = 0
        for i in range(30):
            unwound.clear()
            thread = threading.Thread(target=interrupt, args=(0.0005 + i * 37e-6,))
            thread.start()
            try:
                run(main)
            except KeyboardInterrupt:
                interrupted += 1
            thread.join()
            assert sched.main is None and not sched.runnable()
            assert "main" in unwound and len(unwound) == len(set(unwound)), unwound
            assert signal.getsignal(signal.SIGINT) is signal.default_int_handler

            # The engine is whole.
            ch = Chan[int]()
            assert run(lambda: [go(ch.send, 7), ch.recv()])[1] == 7
        print(interrupted)
    """
    out, err = python(program).communicate(timeout=100)
    assert err == ""
    assert out == "30\n"


# --- the handler ------------------------------------------------------------------------------------------


@contextmanager
def handler(f: object) -> Iterator[None]:
    was = signal.getsignal(signal.SIGINT)
    signal.signal(signal.SIGINT, f)  # type: ignore[arg-type]
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, was)


def test_the_default_handler_is_replaced_while_a_program_runs() -> None:
    with handler(signal.default_int_handler):
        assert run(lambda: signal.getsignal(signal.SIGINT)) is on_interrupt
        assert signal.getsignal(signal.SIGINT) is signal.default_int_handler
        with pytest.raises(ZeroDivisionError):
            run(lambda: 1 // 0)
        assert signal.getsignal(signal.SIGINT) is signal.default_int_handler
        # Without run, from the first use on.
        gosched()
        assert signal.getsignal(signal.SIGINT) is on_interrupt
        run(lambda: None)
        assert signal.getsignal(signal.SIGINT) is signal.default_int_handler


def test_any_other_handler_is_kept() -> None:
    """The Python engine wraps it, and the C engine leaves it alone."""
    calls: list[int] = []

    def mine(signum: int, frame: object) -> None:
        calls.append(signum)

    def main() -> None:
        assert (signal.getsignal(signal.SIGINT) is mine) is COMPILED
        signal.raise_signal(signal.SIGINT)
        select(timeout(0))

    for h in (mine, signal.SIG_IGN):
        with handler(h):
            if h is mine:
                run(main)
            else:
                assert run(lambda: signal.getsignal(signal.SIGINT)) is signal.SIG_IGN
    assert calls == [signal.SIGINT]


def test_a_handler_that_is_set_in_a_program_stays() -> None:
    def mine(signum: int, frame: object) -> None: ...

    with handler(signal.default_int_handler):
        run(lambda: signal.signal(signal.SIGINT, mine))
        assert signal.getsignal(signal.SIGINT) is mine


def test_what_an_idle_handler_raises_is_raised_in_main() -> None:
    """Any signal's handler: Python's own rule, kept while the engine sleeps."""

    class Alarm(Exception):
        pass

    def ring(signum: int, frame: object) -> None:
        raise Alarm

    def main() -> str:
        ch = Chan[int]()
        go(ch.recv)
        # Again and again, should it ring before we are asleep.
        signal.setitimer(signal.ITIMER_REAL, 0.005, 0.005)
        try:
            while True:
                select(timeout(3600))
        except Alarm:
            signal.setitimer(signal.ITIMER_REAL, 0)
            assert select(recv(ch), default)[0] == 1
            return "rang"

    was = signal.signal(signal.SIGALRM, ring)
    try:
        assert run(main) == "rang"
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, was)


@pytest.mark.parametrize(("before", "behind"), [(0, 0), (0, 1), (1, 0), (1, 1), (2, 1)])
def test_a_handler_that_makes_main_ready_and_raises(before: int, behind: int) -> None:
    """Main gets the exception, and doesn't run otherwise; other goroutines that were made ready do."""

    class Alarm(Exception):
        pass

    def main() -> list[object]:
        ch, other, got = Chan[int](), Chan[int](), Chan[int](3)

        def ring(signum: int, frame: object) -> None:
            if not sched.hub_asleep:
                return
            signal.setitimer(signal.ITIMER_REAL, 0)
            for i in range(before + 1 + behind):
                assert select(send(ch, i), default)[0] == 0
            raise Alarm

        def receiver(late: bool) -> None:
            if late:
                gosched()
            got.send(ch.recv())

        signal.signal(signal.SIGALRM, ring)
        for _ in range(before):
            go(receiver, late=False)
        gosched()
        gosched()
        if behind:
            go(receiver, late=True)
        go(select, timeout(3600))
        signal.setitimer(signal.ITIMER_REAL, 0.005, 0.005)
        with pytest.raises(Alarm):
            ch.recv()
        assert not sched.hub_asleep
        results: list[object] = [select(recv(other), timeout(0.002))]
        assert not sched.hub_asleep
        results.append(sorted(got.recv() for _ in range(before + behind)))
        go(other.send, 3)
        results.append(other.recv())
        return results

    was = signal.getsignal(signal.SIGALRM)
    try:
        values = [*range(before), *range(before + 1, before + 1 + behind)]
        assert run(main) == [(1, None, True), values, 3]
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, was)


def test_an_interrupt_in_the_middle_of_an_engine_step() -> None:
    """It comes a little later, in the user's code; compiled, the engine has no such frame."""
    log: list[str] = []

    def worker() -> None:
        try:
            on_interrupt(signal.SIGINT, sys._getframe().f_back)
            log.append("later")
            while True:
                pass
        finally:
            log.append("finally")

    def main() -> None:
        go(worker)
        gosched()

    with handler(signal.default_int_handler), pytest.raises(KeyboardInterrupt) as info:
        run(main)
    assert log == (["finally"] if COMPILED else ["later", "finally"])
    assert info.value.__notes__[0].startswith("in goroutine 2, ")


def test_an_interrupt_without_any_frame() -> None:
    with pytest.raises(KeyboardInterrupt):
        on_interrupt(signal.SIGINT, None)


def test_a_finalizer_of_the_engine_is_not_interrupted() -> None:
    """Python ignores an exception in a finalizer, so KeyboardInterrupt must not be raised there."""
    functions: dict[str, Callable[[Callable[[], bool]], bool]] = {}
    for name in ("__del__", "recv"):
        source = f"def {name}(in_engine): return in_engine()"
        exec(compile(source, interrupt.__file__, "exec"), functions)
    assert functions["__del__"](lambda: _in_engine(sys._getframe(1)))
    # Any other function that the user's code has just called may be interrupted.
    assert not functions["recv"](lambda: _in_engine(sys._getframe(1)))


def test_a_thread_that_the_engine_starts_is_not_interrupted() -> None:
    """An exception in the middle of Thread.start may leave a lock of the module threading unlocked."""
    seen: list[tuple[bool, bool]] = []

    def tracer(frame: FrameType, event: str, arg: object) -> object:
        if frame.f_globals.get("__name__") == "threading":
            outer: FrameType | None = frame
            while outer is not None and outer.f_globals.get("__name__") == "threading":
                outer = outer.f_back
            assert outer is not None
            seen.append((is_own(outer.f_code), _in_engine(frame)))
            return tracer
        return None

    def traced(fn: Callable[[], object]) -> None:
        was = sys.gettrace()
        sys.settrace(tracer)
        try:
            fn()
        finally:
            sys.settrace(was)

    def main() -> None:
        traced(lambda: runtime.set_watchdog(5))
        runtime.set_watchdog(None)
        # The user's own thread may be interrupted, as without gochan.
        traced(threading.Event().set)

    run(main)
    assert {engine for engine, _ in seen} == {True, False}
    assert all(engine == refused for engine, refused in seen), seen


def test_whether_an_engine_step_has_begun() -> None:
    """One that the user's code has just called has done nothing yet; any further call is a part of it."""
    seen: dict[str, list[bool]] = {}

    def tracer(frame: FrameType, event: str, arg: object) -> object:
        if is_own(frame.f_code):
            seen.setdefault(frame.f_code.co_name, []).append(_in_engine(frame))
            return tracer
        assert not _in_engine(frame)
        return None

    ch = Chan[int](1)
    was = sys.gettrace()
    sys.settrace(tracer)
    try:
        ch.close()
    finally:
        sys.settrace(was)
    if COMPILED:
        assert seen == {}
    else:
        first, *rest = seen.pop("close")
        assert (first, all(rest)) == (False, True)
        assert seen
        assert all(all(lines) for lines in seen.values())


def test_an_interrupt_in_this_process() -> None:
    """Raised in the user's own code it is raised there and then."""
    log: list[str] = []

    def main() -> None:
        go(log.append, "never")
        try:
            os.kill(os.getpid(), signal.SIGINT)
            for _ in range(1000):
                pass
            log.append("too late")
        finally:
            log.append("finally")

    with handler(signal.default_int_handler), pytest.raises(KeyboardInterrupt):
        run(main)
    assert log == ["finally"]
