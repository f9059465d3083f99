"""Signal handlers and threads at the wrong moment: what must not wait is refused, and harms nothing else."""

import signal
import sys
import threading
from _thread import interrupt_main
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from functools import partial
from operator import call
from types import FrameType
from typing import Any

import pytest
from greenlet import greenlet

from gochan import Chan, go, run, select, thread, time, timeout
from gochan._engine import interrupt
from gochan._engine.impl import COMPILED, sched
from gochan.runtime import gosched, stack
from gochan.sync import Mutex, WaitGroup

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="no signals to send")


@contextmanager
def handler(signum: int, function: Any) -> Iterator[None]:
    before = signal.signal(signum, function)
    try:
        yield
    finally:
        signal.signal(signum, before)


def in_thread(call: Callable[[], object]) -> list[object]:
    """Call it in a thread of its own, and return what it raised, in a list."""
    raised: list[object] = []

    def target() -> None:
        try:
            call()
        except BaseException as exc:
            raised.append(exc)

    other = threading.Thread(target=target)
    other.start()
    other.join()
    return raised


def test_handlers_are_set_in_pythons_main_thread_alone() -> None:
    """A program that runs in another thread leaves them as they are."""
    with handler(signal.SIGINT, interrupt.on_interrupt), handler(signal.SIGQUIT, interrupt.on_quit):
        assert in_thread(interrupt.unguard_interrupts) == []
        assert in_thread(interrupt.unguard_quit) == []
        assert signal.getsignal(signal.SIGINT) is interrupt.on_interrupt
        assert signal.getsignal(signal.SIGQUIT) is interrupt.on_quit
    with handler(signal.SIGINT, signal.default_int_handler), handler(signal.SIGQUIT, signal.SIG_DFL):
        assert in_thread(interrupt.guard_interrupts) == []
        assert in_thread(interrupt.guard_quit) == []
        assert in_thread(lambda: run(gosched)) == []
        assert signal.getsignal(signal.SIGINT) is signal.default_int_handler
        assert signal.getsignal(signal.SIGQUIT) == signal.SIG_DFL


def test_an_interrupt_is_sent_again() -> None:
    log: list[int] = []
    with handler(signal.SIGINT, lambda signum, frame: log.append(signum)):
        interrupt._raise_again(threading.main_thread().ident or 0)
        while not log:
            pass
    assert log == [signal.SIGINT]


WAITS: dict[str, Callable[[], object]] = {
    "recv": lambda: Chan[int]().recv(),
    "send": lambda: Chan[int]().send(1),
    "select": lambda: select(timeout(3600)),
    "sleep": lambda: time.sleep(3600),
    "lock": lambda: locked().lock(),
    "wait": lambda: group().wait(),
}


def locked() -> Mutex:
    mutex = Mutex()
    mutex.lock()
    return mutex


def group() -> WaitGroup:
    wg = WaitGroup()
    wg.add(1)
    return wg


@pytest.mark.parametrize("wait", WAITS)
def test_a_handler_cannot_wait_while_its_thread_waits(wait: str) -> None:
    """The program runs in another thread.  The refusal ends the wait that the handler interrupted."""
    begun, stop = threading.Event(), Chan[int]()

    def program() -> None:
        with thread.guests():
            begun.set()
            stop.recv()

    def act(signum: int, frame: object) -> None:
        WAITS[wait]()

    other = threading.Thread(target=run, args=(program,))
    other.start()
    begun.wait()
    try:
        with handler(signal.SIGALRM, act):
            signal.setitimer(signal.ITIMER_REAL, 0.05)
            try:
                with pytest.raises(RuntimeError, match="a blocking call in a signal handler or finalizer"):
                    Chan[int]().recv()
            finally:
                signal.setitimer(signal.ITIMER_REAL, 0)
        assert not sched.threads()
    finally:
        # The thread can wait again, and send.
        stop.send(1)
        other.join()


@pytest.mark.parametrize("wait", WAITS)
def test_a_thread_cannot_wait_while_the_program_ends(wait: str) -> None:
    raised: list[object] = []

    def goroutine() -> None:
        try:
            Chan[int]().recv()
        finally:
            raised.extend(in_thread(WAITS[wait]))

    def main() -> None:
        go(goroutine)
        gosched()

    run(main)
    (refusal,) = raised
    assert isinstance(refusal, RuntimeError)
    assert str(refusal) == "the program has ended"


# --- handlers that are put off until the user's code runs ------------------------------------------------


class Alarm(Exception):
    pass


def ring(signum: int, frame: object) -> None:
    raise Alarm


def during(operation: Callable[[], object]) -> None:
    """Run the operation with SIGALRM pending: no bytecode of ours runs in between."""
    calls: list[Callable[[], object]] = [partial(interrupt_main, signal.SIGALRM), operation]
    list(map(call, calls))


@pytest.mark.parametrize("operation", [gosched, partial(time.sleep, 1e-3), partial(select, timeout(1e-3))])
def test_a_handler_that_raises_leaves_an_operation_whole(operation: Callable[[], object]) -> None:
    """The operation is over, or has not begun, when it is called, and main can wait again."""

    def main() -> None:
        for _ in range(3):
            with suppress(Alarm):
                during(operation)
            ch = Chan[int]()
            go(ch.send, 1)
            assert ch.recv() == 1

    with handler(signal.SIGALRM, ring):
        run(main)


def test_a_handler_of_the_users_is_restored() -> None:
    """A program leaves each handler as it was, and a handler that was set meanwhile."""

    def main() -> None:
        assert (signal.getsignal(signal.SIGALRM) is ring) is COMPILED
        signal.signal(signal.SIGUSR1, later)

    def later(signum: int, frame: object) -> None:
        pass

    with handler(signal.SIGALRM, ring), handler(signal.SIGUSR1, ring):
        run(main)
        assert signal.getsignal(signal.SIGALRM) is ring
        assert signal.getsignal(signal.SIGUSR1) is later


def test_a_handler_is_called_in_the_users_code_and_while_all_sleep() -> None:
    called: list[str] = []

    def note(signum: int, frame: object) -> None:
        called.append("noted")

    def main() -> None:
        signal.raise_signal(signal.SIGALRM)
        assert called == ["noted"]
        signal.setitimer(signal.ITIMER_REAL, 0.01)
        time.sleep(0.05)
        assert called == ["noted", "noted"]

    with handler(signal.SIGALRM, note):
        run(main)


@pytest.mark.skipif(COMPILED, reason="the C engine's steps cannot be interrupted")
@pytest.mark.skipif("coverage" in sys.modules, reason="a tracer changes where a signal is handled")
def test_a_program_is_whole_after_one_whose_step_did_not_end() -> None:
    """A handler that is set while the program runs is not put off: here it raises as a step ends."""
    from gochan._engine.py.step import end

    def raise_at_the_end(signum: int, frame: FrameType) -> object:
        if frame.f_code is end.__code__:
            raise Alarm
        return interrupt.sender(signum)()

    def main() -> None:
        with handler(signal.SIGALRM, raise_at_the_end), pytest.raises(Alarm):
            during(gosched)

    run(main)
    run(gosched)


@pytest.mark.parametrize("whole", [False, True])
def test_a_handler_reads_the_stacks_while_all_sleep(whole: bool) -> None:
    """It runs in the hub, in no goroutine: its own stack is that of the thread."""
    found: list[str] = []

    def main() -> None:
        go(Chan[int]().recv)
        with handler(signal.SIGALRM, lambda *_: found.append(stack(all=whole))):
            signal.setitimer(signal.ITIMER_REAL, 0.01)
            while not found:
                time.sleep(0.02)

    run(main)
    heads = [line for line in found[0].splitlines() if not line.startswith(" ") and line.endswith(":")]
    assert heads == (
        ["goroutine 1 [sleep]:", "goroutine 2 [chan receive]:"] if whole else ["thread MainThread [running]:"]
    )


def test_a_greenlet_that_is_no_goroutines_reads_the_stacks() -> None:
    found: list[str] = []

    def main() -> None:
        greenlet(lambda: found.extend((stack(), stack(all=True)))).switch()

    run(main)
    assert [text.splitlines()[0] for text in found] == [
        "thread MainThread [running]:",
        "goroutine 1 [running]:",
    ]
