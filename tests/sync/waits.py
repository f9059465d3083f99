"""What the tests of sync share."""

import functools
import threading
from collections.abc import Callable
from signal import SIGINT, pthread_kill
from time import sleep as thread_sleep

from goroutines import let_others_run

from gochan import go, runtime, time
from gochan._engine.impl import G, getg, sched


def starve() -> None:
    """Run until those that wait for a mutex have waited too long, by the engine's clock."""
    end = sched.now() + 1_200_000
    while sched.now() < end:
        pass


def interrupt_while_asleep() -> None:
    """Send Ctrl-C while main waits and no goroutine can run; a timer keeps that from being a deadlock."""
    main = threading.main_thread().ident
    assert main is not None
    go(time.sleep, 30)

    def interrupt() -> None:
        # Earlier, the signal could meet other code of the user's, and be raised there.
        while not sched.hub_asleep:
            thread_sleep(0.001)
        pthread_kill(main, SIGINT)

    threading.Thread(target=interrupt).start()


class ThrownError(Exception):
    """What `throw_into` throws."""


def throw_into_at_next_switch(gp: G) -> None:
    """Have the hub throw into a goroutine that waits, before any other runs.

    It may have been woken by then; it has not run since.
    """
    assert gp.greenlet is not None
    sched.post(functools.partial(gp.greenlet.throw, ThrownError))


def throw_into(gp: G) -> None:
    """Throw into a goroutine that waits, or was woken; return when it waits again or has ended."""
    throw_into_at_next_switch(gp)
    runtime.gosched()


def let_hub_return() -> None:
    """Let the hub return from a throw.

    Until it does, the goroutine that was thrown into is not counted as ended.
    """
    time.sleep(0.002)


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

    let_others_run()
    return started[0]
