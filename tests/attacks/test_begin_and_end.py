"""An exception in the lines of `run` itself, at any of them, leaves no program behind: the next one begins."""

import sys

import pytest
from children import python

from gochan.runtime import COMPILED

# A trace or profile function, or the handler of a signal, raises at the n-th point, n = 0, 1, 2, ...
PROGRAM = """
    import gc, os, signal, sys, threading
    import gochan, points
    from gochan import *
    from gochan._engine.impl import sched

    KIND = {kind!r}
    EVENTS = {{"trace": ("line", "call", "return"), "profile": ("call", "return", "c_call", "c_return")}}
    OWN = os.path.dirname(gochan.__file__), "gochan/"

    def main():
        ch = Chan[int]()
        go(ch.send, 1)
        go(Chan[int]().recv)
        assert ch.recv() == 1
        if FAILS:
            raise KeyError

    class Raiser(points.Alarm):
        where = None

        def perform(self, operation):
            self.passed = 0
            if KIND == "alarm":
                return super().perform(operation)
            set_function = getattr(sys, "set" + KIND)
            set_function(self.count)
            try:
                operation()
            finally:
                set_function(None)

        def count(self, frame, event, arg):
            if frame.f_code.co_filename.startswith(OWN) and event in EVENTS[KIND]:
                if self.passed == self.n:
                    self.strike()
                self.passed += 1
            return self.count

        def strike(self):
            self.passed += 1
            frame = sys._getframe(2)
            self.where = frame.f_code.co_name, frame.f_lineno
            raise points.Fault

    def begins(where):
        assert sched.main is None, where
        assert signal.getsignal(signal.SIGINT) is signal.default_int_handler, where
        assert signal.getsignal(signal.SIGQUIT) is signal.SIG_DFL, where
        assert run(int) == 0
        results = []
        thread = threading.Thread(target=lambda: results.append(run(int)))
        thread.start()
        thread.join()
        assert results == [0], where

    gc.disable()
    for FAILS in False, True:
        n = 0
        while True:
            raiser = Raiser(n, None)
            try:
                raiser.perform(lambda: run(main))
            except (points.Fault, KeyError):
                pass
            raiser.stop()
            if raiser.where is None:
                break
            begins(raiser.where)
            n += 1
        assert n > 40, n
    print("over")
"""


@pytest.mark.skipif(not COMPILED, reason="what is raised may hit a step of the Python engine")
@pytest.mark.skipif("coverage" in sys.modules, reason="the program sets a trace function itself")
@pytest.mark.parametrize("kind", ["alarm", "trace", "profile"])
def test_run_leaves_no_program(kind: str) -> None:
    assert python(PROGRAM.format(kind=kind)).out == "over\n"


# The same for a program in an event loop, and for one that makes its own.
WITH_A_LOOP = """
    import asyncio, gc, logging, signal, sys
    import points
    from gochan import *
    from gochan import aio
    from gochan._engine.impl import sched
    from gochan._engine.netpoll import IdleSleep
    from gochan._engine.program import program

    def main():
        ch = Chan[int]()
        go(ch.send, 1)
        assert ch.recv() == 1
        if {awaits}:
            aio.await_(asyncio.sleep(0))
        return 2

    async def in_a_loop():
        return await aio.run(main)

    def begin():
        return run(main) if {awaits} else asyncio.run(in_a_loop())

    class Raiser(points.Alarm):
        where = None

        def strike(self):
            frame = sys._getframe(2)
            self.where = frame.f_code.co_name, frame.f_lineno
            raise points.Fault

    # What a handler raises in a callback, and the coroutine that was about to be awaited.
    logging.disable(logging.CRITICAL)
    sys.unraisablehook = lambda args: None
    gc.disable()
    assert begin() == 2
    n = 0
    while True:
        raiser = Raiser(n, None)
        try:
            raiser.perform(begin)
        except points.Fault:
            pass
        raiser.stop()
        where = raiser.where
        if where is None:
            break
        assert sched.main is None and not sched.shared and program.wakers == 0, where
        assert isinstance(program.idle, IdleSleep), where
        assert signal.getsignal(signal.SIGINT) is signal.default_int_handler, where
        assert asyncio._get_running_loop() is None, where
        assert begin() == 2, where
        assert run(int) == 0, where
        n += 1
    assert n > 60, n
    print("over")
"""


@pytest.mark.skipif(not COMPILED, reason="what is raised may hit a step of the Python engine")
@pytest.mark.parametrize("awaits", [False, True])
def test_a_program_with_a_loop_gives_it_back(awaits: bool) -> None:
    assert python(WITH_A_LOOP.format(awaits=awaits)).out == "over\n"


# A handler that uses the engine, or another thread that runs a program, at the n-th point at which a program begins.
OTHERS_BEGIN = """
    import gc, sys, threading
    import points
    from contextlib import suppress
    from functools import partial
    from gochan import *
    from gochan import runtime, time
    from gochan._engine.impl import sched
    from gochan._engine.run import end_implicit

    def main():
        ch = Chan[int]()
        go(ch.send, 7)
        return ch.recv()

    def received():
        ch = Chan[int](1)
        go(ch.send, 7)
        return ch.recv()

    def run_if_free():
        with suppress(RuntimeError):
            run(int)

    OPERATIONS = {
        "run": lambda: run(main),
        "go": received,
        "select": lambda: select(timeout(1e-6)) == (0, None, True) and 7,
        "sleep": lambda: time.sleep(1e-6) or 7,
        "after_func": lambda: time.after_func(1e-6, int) and 7,
        "gosched": lambda: runtime.gosched() or 7,
        "stack": lambda: runtime.stack().startswith("goroutine 1 [running]:") and 7,
    }

    KINDS = [(points.Handler, partial(go, int))]
    if runtime.COMPILED:
        # In the Python engine the thread waits for the step that is interrupted.
        KINDS.append((points.OtherThread, run_if_free))
    gc.disable()
    for name, operation in OPERATIONS.items():
        for kind, act in KINDS:
            # What is imported on first use is no point.
            assert operation() == 7
            end_implicit()
            n = 0
            while True:
                disturbance = kind(n, act)
                disturbance.perform(operation)
                assert disturbance.results[1] == 7, (name, kind, n, disturbance.results)
                if not disturbance.fired:
                    break
                end_implicit()
                assert sched.main is None and run(main) == 7, (name, kind, n)
                n += 1
            assert n > 5, (name, n)
            end_implicit()
    print("over")
"""


def test_another_program_begins_meanwhile() -> None:
    """The operation joins it, if it is of a handler, or begins one of its own after it."""
    python(OTHERS_BEGIN, patience=120).check("over\n")


# A handler that was set before the program began runs at the n-th point.
HANDLED = """
    import asyncio, gc, signal
    import points
    from gochan import *
    from gochan import aio

    calls = []
    signal.signal(signal.SIGALRM, lambda *_: calls.append(1))

    def operation():
        return run(lambda: aio.await_(asyncio.sleep(0, 7)))

    gc.disable()
    assert operation() == 7
    n = 0
    while True:
        disturbance = points.Timeout(n, points.NOTHING)
        disturbance.perform(operation)
        assert disturbance.results[1] == 7, (n, disturbance.results)
        if not disturbance.fired:
            break
        n += 1
        assert len(calls) == n, (n, len(calls))
    assert n > 60, n
    print("over")
"""


def test_a_handler_while_a_loop_is_shared_and_left() -> None:
    python(HANDLED).check("over\n", "")
