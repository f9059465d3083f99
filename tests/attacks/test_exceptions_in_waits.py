"""An exception that comes while a goroutine parks or yields leaves the operation complete or not started."""

import pytest
from children import python

from gochan.runtime import COMPILED

needs_c = pytest.mark.skipif(not COMPILED, reason="what a signal handler raises may hit a step of the Python engine")

# What makes the engine run Python code when it switches.
SURROUNDINGS = {
    "nothing": "pass",
    "watchdog": "runtime.set_watchdog(5)",
    "timeout": "time.after_func(3600, int)",
    "event loop": "aio.await_(asyncio.sleep(0))",
}

# main: what the exception met is consistent, and the engine goes on.
PARKS = """
    import asyncio, signal, sys
    from functools import partial
    from operator import call
    from gochan import *
    from gochan import aio, runtime, time
    from tricks import *

    SIGNUM, EXC = {signum}

    def main():
        {surroundings}
        ch, told = Chan(), Chan(3)

        def receiver():
            try:
                told.send(during(SIGNUM, ch.recv))
            except EXC:
                told.send("raised")

        # Somebody else can run all the time, with no code of its own that a handler could interrupt.
        go(list, map(call, [runtime.gosched] * 100))
        go(receiver)
        in_spite_of(EXC, runtime.gosched)
        in_spite_of(EXC, runtime.gosched)
        sent = in_spite_of(EXC, partial(select, send(ch, "sent"), timeout(0.05)))[0] == 0
        result = told.recv()
        assert result == ("sent" if sent else "raised"), (sent, result)
        # Its goroutine has ended, and nobody is in the queue.
        assert select(send(ch, 1), default)[0] == 1
        for i in range(100):
            go(ch.send, i)
            assert ch.recv() == i
        for _ in range(200):
            runtime.gosched()
        assert runtime.num_goroutine() == 1, runtime.stack(all=True)
        runtime.set_watchdog(None)
        print("over")

    try:
        run(main)
    except KeyboardInterrupt:
        # The handler of a program's own may raise it later, wherever the user's code runs by then.
        print("over")
"""


@needs_c
@pytest.mark.parametrize("surroundings", SURROUNDINGS)
@pytest.mark.parametrize(
    "signum", ["(signal.SIGALRM, Alarm)", "(signal.SIGINT, KeyboardInterrupt)"], ids=["handler", "ctrl-c"]
)
def test_a_signal_while_a_goroutine_parks(signum: str, surroundings: str) -> None:
    """Either the receive raises, and no send finds a receiver, or it goes on waiting."""
    python(PARKS.format(signum=signum, surroundings=SURROUNDINGS[surroundings])).check("over\n")


@needs_c
@pytest.mark.parametrize("surroundings", SURROUNDINGS)
def test_waits_go_on_after_a_handler_that_raised(surroundings: str) -> None:
    """The scheduler is alive: no wait returns before its time, or with a value that nobody sent."""
    program = """
        import asyncio, signal, sys
        from functools import partial
        from time import monotonic
        from gochan import *
        from gochan import aio, runtime, time
        from tricks import *

        def main():
            {surroundings}
            raised = 0
            for wait in (partial(time.sleep, 1e-3), partial(select, timeout(1e-3)), runtime.gosched):
                for others in (0, 3):
                    for _ in range(others):
                        go(select, timeout(1e-3))
                    try:
                        during(signal.SIGALRM, wait)
                    except Alarm:
                        raised += 1
                    begin = monotonic()
                    time.sleep(0.002)
                    assert monotonic() - begin > 0.0019
                    ch = Chan()
                    time.after_func(1e-3, partial(ch.send, 5))
                    assert ch.recv() == 5
            runtime.set_watchdog(None)
            print(raised)

        run(main)
    """
    python(program.format(surroundings=SURROUNDINGS[surroundings])).check("6\n")


@needs_c
@pytest.mark.parametrize("first", [True, False], ids=["first wait", "later wait"])
@pytest.mark.parametrize("wait", ["ch.recv", "partial(ch.send, 1)", "partial(select, recv(ch), timeout(9))"])
def test_a_recursion_error_while_a_goroutine_parks(wait: str, first: bool) -> None:
    """At each depth near Python's limit: the operation raises, and is in no queue, or it waits.

    The first wait of a program starts the scheduler, which must not stay at that depth.
    """
    program = """
        import sys
        from functools import partial
        from gochan import *
        from gochan import runtime, time
        from tricks import *

        sys.setrecursionlimit(200)

        def main(left):
            ch, told = Chan(), Chan(1)

            def other():
                if select(send(ch, 1), recv(ch), timeout(0.02))[0] != 2:
                    told.send("met")

            if not FIRST:
                go(runtime.gosched)
                runtime.gosched()
                runtime.gosched()
            go(other)
            try:
                with_frames_left(left, WAIT)
                result = "met"
            except RecursionError:
                result = "raised"
            # Its partner met the operation, or nobody.
            assert select(recv(told), timeout(0.03))[0] == (0 if result == "met" else 1), result
            time.sleep(1e-4)
            assert runtime.num_goroutine() == 1, runtime.stack(all=True)
            go(ch.send, 5)
            assert ch.recv() == 5
            return result

        results = [run(main, left) for left in range(-5, 35)]
        assert {*results} == {"raised", "met"}, results
        print("over")
    """
    python(program.replace("WAIT", wait).replace("FIRST", str(first))).check("over\n")


@needs_c
@pytest.mark.parametrize("wait", ["ch.recv", "partial(ch.send, 1)", "partial(select, recv(ch), timeout(9))"])
def test_a_memory_error_while_a_goroutine_parks(wait: str) -> None:
    """When any single allocation fails: the operation raises, and is in no queue, or it waits."""
    pytest.importorskip("_testcapi")
    program = """
        from _testcapi import remove_mem_hooks, set_nomemory
        from functools import partial
        from operator import call
        from gochan import *
        from gochan import runtime
        from tricks import *

        def main():
            # Greenlets for those below.
            for _ in range(3):
                go(runtime.gosched)
            runtime.gosched()
            runtime.gosched()
            for n in range(N, 40):
                print(n, flush=True)
                ch, told = Chan(), Chan(1)
                wait = WAIT

                def waiter():
                    results = []
                    # Whoever runs when it waits has memory.
                    go(remove_mem_hooks)
                    try:
                        results.extend(map(call, (partial(set_nomemory, n, n + 1), wait, remove_mem_hooks)))
                    except MemoryError:
                        remove_mem_hooks()
                        told.send("raised")
                    else:
                        told.send(results[1])

                go(waiter)
                runtime.gosched()
                runtime.gosched()
                if len(told):
                    assert told.recv() == "raised"
                    assert select(send(ch, 1), recv(ch), default)[0] == 2
                else:
                    assert select(send(ch, 1), recv(ch), default)[0] != 2
                    told.recv()
                assert runtime.num_goroutine() == 1, runtime.stack(all=True)
                go(ch.send, 5)
                assert ch.recv() == 5
            print("over")

        run(main)
    """
    n = 0
    while True:
        child = python(program.replace("WAIT", wait).replace("N,", f"{n},"))
        if "greenlet: Failed low-level slp_switch" in child.err:
            # greenlet cannot save a stack then, and ends the process.
            n = int(child.out.split()[-1]) + 1
            continue
        break
    assert child.status == 0 and child.out.endswith("over\n"), str(child)
