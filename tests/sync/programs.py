"""What the tests of sync share."""

import functools
import threading
from collections.abc import Callable
from signal import SIGINT, pthread_kill
from typing import Any

from gochan import go, run, runtime, time
from gochan.runtime.proc import getg, put_global
from gochan.runtime.runtime2 import G, sched


def program(test: Callable[..., None]) -> Callable[..., None]:
    """Run a test as a program of its own; it leaves no goroutine behind."""

    @functools.wraps(test)
    def wrapper(*args: Any, **kwargs: Any) -> None:
        def main() -> None:
            test(*args, **kwargs)
            everyone()
            assert runtime.num_goroutine() == 1, runtime.stack(all=True)

        run(main)

    return wrapper


def everyone() -> None:
    """Let the others run until each of them waits or has ended.

    A single gosched is not enough: at every 61st tick its caller comes back before the others.
    """
    while True:
        runtime.gosched()
        if sched.runnext is None and sched.size == 0 and sched.gsize == 0:
            return


def starve() -> None:
    """Run until whoever waits for a mutex has waited too long, by the clock that it goes by."""
    end = sched.timers.now() + 1_200_000
    while sched.timers.now() < end:
        pass


def interrupt_while_asleep() -> None:
    """Have Ctrl-C come while main waits and nobody can run; a timer keeps that from being a deadlock."""
    main = threading.main_thread().ident
    assert main is not None
    go(time.sleep, 30)

    @go
    def _() -> None:
        # Main waits by now.  Once asleep, the runtime handles a signal at once; before, it waits for that.
        threading.Timer(0.01, pthread_kill, (main, SIGINT)).start()


class ThrownError(Exception):
    """What `throw_into` throws."""


def hold_back(gp: G) -> None:
    """Take a goroutine that was just woken out of the run queue: its turn does not come."""
    assert sched.runnext is gp
    sched.runnext = None


def throw_into(gp: G) -> None:
    """Throw into a goroutine that waits, or is held back; return when it waits again or has ended."""
    put_global(getg())
    sched.curg = gp
    assert gp.greenlet is not None
    gp.greenlet.throw(ThrownError)


def waiter(call: Callable[[], object], then: Callable[[], object] = lambda: None) -> G:
    """Start a goroutine that waits in call, and calls then after that; nothing if something is thrown in."""
    started: list[G] = []

    @go
    def _() -> None:
        started.append(getg())
        try:
            call()
        except ThrownError:
            return
        then()

    everyone()
    return started[0]
