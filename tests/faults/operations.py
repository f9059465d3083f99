"""The operations, each in the forms that take different ways through the engine.

An operation is a generator function. It gets a `Stage`, sets up what the operation needs, yields the call, is reported its
`Outcome`, and accounts for it. The call is one of C functions alone, `partial(ch.send, 1)` and not a lambda: then the
first code that can be disturbed is the engine's own.
"""

from __future__ import annotations

import asyncio
import operator
import threading
import time as clock
import traceback
from collections import deque
from collections.abc import Callable, Coroutine, Generator, Sequence
from contextlib import suppress
from functools import partial
from typing import Any

from points import FAULTS
from stage import Outcome, Stage, is_free

from gochan import (
    Chan,
    Panic,
    aio,
    cap,
    close,
    context,
    default,
    go,
    recv,
    runtime,
    select,
    send,
    sync,
    synctest,
    thread,
    time,
    timeout,
)
from gochan.runtime import gosched, num_goroutine

Operation = Callable[[Stage], Generator[Callable[[], object], Outcome, None]]
OPERATIONS: dict[str, Operation] = {}
# Those of packages that are written in Python, on top of the engine; and of these, the ones that asyncio or
# concurrent.futures take part in.
PACKAGES: set[str] = set()
LIBRARIES: set[str] = set()


def operation(name: str, *, package: bool = False, library: bool = False) -> Callable[[Operation], Operation]:
    """Enter an operation into the table."""

    def enter(fn: Operation) -> Operation:
        assert name not in OPERATIONS
        OPERATIONS[name] = fn
        if package or library:
            PACKAGES.add(name)
        if library:
            LIBRARIES.add(name)
        return fn

    return enter


# --- send ------------------------------------------------------------------------------------------------


@operation("send: buffered")
def _(s: Stage) -> Any:
    ch = s.chan(2)
    v = s.fresh()
    s.sent(v, (yield partial(ch.send, v)))


@operation("send: a receiver waits")
def _(s: Stage) -> Any:
    ch = s.chan()
    s.receiver(ch)
    s.let_wait()
    v = s.fresh()
    s.sent(v, (yield partial(ch.send, v)))


@operation("send: waits")
def _(s: Stage) -> Any:
    ch = s.chan()
    s.receiver(ch)
    v = s.fresh()
    s.sent(v, (yield partial(ch.send, v)))


@operation("send: waits behind another, full buffer")
def _(s: Stage) -> Any:
    ch = s.chan(1)
    s.fill(ch, 1)
    s.sender(ch, 2)
    s.let_wait()
    s.receiver(ch)
    v = s.fresh()
    s.sent(v, (yield partial(ch.send, v)))


@operation("send: waits, and a select receives")
def _(s: Stage) -> Any:
    ch, other = s.chan(), s.chan()
    s.chooser(recv(other), recv(ch))
    v = s.fresh()
    s.sent(v, (yield partial(ch.send, v)))


@operation("send: waits, and the channel is closed")
def _(s: Stage) -> Any:
    ch = s.chan()
    s.go(partial(s.close, ch))
    v = s.fresh()
    s.sent(v, (yield partial(ch.send, v)))


@operation("send: to the channel's type")
def _(s: Stage) -> Any:
    ch = Chan[float](1)
    v = s.fresh()
    outcome = yield partial(ch.send, v)
    if outcome.returned or len(ch):
        s.expect(ch.recv() == v, "another value came out")


@operation("send: closed")
def _(s: Stage) -> Any:
    ch = s.chan(1)
    ch.close()
    outcome = yield partial(ch.send, 1)
    s.expect(not outcome.returned, "a closed channel took a value")


# --- receive ---------------------------------------------------------------------------------------------


@operation("recv: buffered")
def _(s: Stage) -> Any:
    ch = s.chan(2)
    s.fill(ch, 2)
    s.got((yield ch.recv))


@operation("recv: a sender waits")
def _(s: Stage) -> Any:
    ch = s.chan()
    s.sender(ch, 2)
    s.let_wait()
    s.got((yield ch.recv))


@operation("recv: buffered, and a sender waits behind")
def _(s: Stage) -> Any:
    ch = s.chan(1)
    s.sender(ch, 3)
    s.let_wait()
    s.got((yield ch.recv))


@operation("recv: waits")
def _(s: Stage) -> Any:
    ch = s.chan()
    s.sender(ch)
    s.got((yield ch.recv))


@operation("recv_ok: waits")
def _(s: Stage) -> Any:
    ch = s.chan()
    s.sender(ch)
    s.got_ok((yield ch.recv_ok))


@operation("recv_ok: waits behind another")
def _(s: Stage) -> Any:
    ch = s.chan()
    s.receiver(ch)
    s.let_wait()
    s.sender(ch, 3)
    s.got_ok((yield ch.recv_ok))


@operation("recv_ok: waits, and a select sends")
def _(s: Stage) -> Any:
    ch, other = s.chan(), s.chan()
    v, w = s.fresh(), s.fresh()
    s.chooser(send(other, w), send(ch, v), kinds=(w, v))
    s.got_ok((yield ch.recv_ok))


@operation("recv_ok: waits, and the channel is closed")
def _(s: Stage) -> Any:
    ch = s.chan()
    s.go(partial(s.close, ch))
    s.got_ok((yield ch.recv_ok))


@operation("recv_ok: closed")
def _(s: Stage) -> Any:
    ch = s.chan(1)
    s.fill(ch, 1)
    ch.close()
    s.got_ok((yield ch.recv_ok))
    s.got_ok((yield ch.recv_ok))


@operation("iteration: buffered, a wait, the end")
def _(s: Stage) -> Any:
    ch = s.chan(1)
    s.fill(ch, 1)
    s.got((yield partial(next, ch)))
    s.sender(ch)
    s.got((yield partial(next, ch)))
    s.close(ch)
    s.got((yield partial(next, ch, None)))


@operation("iteration: waits, and the channel is closed")
def _(s: Stage) -> Any:
    ch = s.chan()
    s.go(partial(s.close, ch))
    s.got((yield partial(next, ch, None)))


# --- close -----------------------------------------------------------------------------------------------


@operation("close: nobody waits")
def _(s: Stage) -> Any:
    ch = s.chan(1)
    s.fill(ch, 1)
    yield ch.close


@operation("close: receivers wait")
def _(s: Stage) -> Any:
    ch, other = s.chan(), s.chan()
    for _ in range(3):
        s.receiver(ch)
    s.chooser(recv(other), recv(ch))
    s.let_wait()
    yield partial(close, ch)


@operation("close: senders wait")
def _(s: Stage) -> Any:
    ch = s.chan(1)
    s.fill(ch, 1)
    for _ in range(3):
        s.sender(ch)
    s.let_wait()
    yield ch.close


# --- select ----------------------------------------------------------------------------------------------


@operation("select: sends at once")
def _(s: Stage) -> Any:
    ch, never = s.chan(1), s.chan()
    v = s.fresh()
    s.selected((yield partial(select, send(ch, v), recv(never))), v, "recv")


@operation("select: receives at once")
def _(s: Stage) -> Any:
    ch, full = s.chan(), s.chan(1)
    s.fill(full, 1)
    s.sender(ch)
    s.let_wait()
    v = s.fresh()
    s.selected((yield partial(select, send(full, v), recv(ch))), v, "recv")


@operation("select: chooses among many")
def _(s: Stage) -> Any:
    ch, other = s.chan(1), s.chan(1)
    s.fill(ch, 1)
    v, w = s.fresh(), s.fresh()
    call = partial(select, recv(ch), send(other, v), timeout(1), send(other, w), default)
    s.selected((yield call), "recv", v, "never", w, "never")


@operation("select: default")
def _(s: Stage) -> Any:
    ch = s.chan()
    v = s.fresh()
    outcome = yield partial(select, send(ch, v), recv(ch), default)
    s.selected(outcome, v, "recv", "default")


@operation("select: a timeout of no time")
def _(s: Stage) -> Any:
    ch = s.chan()
    s.selected((yield partial(select, timeout(0), recv(ch))), "timeout", "recv")


@operation("select: waits to receive")
def _(s: Stage) -> Any:
    ch, other = s.chan(), s.chan()
    s.sender(ch)
    s.selected((yield partial(select, recv(other), recv(ch))), "recv", "recv")


@operation("select: waits to send")
def _(s: Stage) -> Any:
    ch, other = s.chan(), s.chan()
    s.receiver(ch)
    v, w = s.fresh(), s.fresh()
    s.selected((yield partial(select, send(other, w), send(ch, v))), w, v)


@operation("select: waits for both ways")
def _(s: Stage) -> Any:
    ch, other = s.chan(), s.chan()
    s.sender(ch)
    s.receiver(other)
    v = s.fresh()
    s.selected((yield partial(select, send(other, v), recv(ch))), v, "recv")


@operation("select: waits, and the channel is closed")
def _(s: Stage) -> Any:
    ch, other = s.chan(), s.chan()
    v = s.fresh()
    s.go(partial(s.close, ch))
    s.selected((yield partial(select, recv(other), recv(ch), send(ch, v))), "recv", "recv", v)


@operation("select: two cases on one channel")
def _(s: Stage) -> Any:
    ch = s.chan()
    s.receiver(ch)
    v, w = s.fresh(), s.fresh()
    s.selected((yield partial(select, send(ch, v), send(ch, w), timeout(0.05))), v, w, "timeout")


@operation("select: a case that waits in another select")
def _(s: Stage) -> Any:
    ch, other = s.chan(), s.chan()
    case, stop = recv(ch), recv(other)
    s.chooser(case, stop)
    s.let_wait()
    s.sender(ch, 2)
    s.selected((yield partial(select, case, stop)), "recv", "recv")


@operation("select: receives before its timeout")
def _(s: Stage) -> Any:
    ch = s.chan()
    s.sender(ch)
    s.selected((yield partial(select, recv(ch), timeout(0.05))), "recv", "timeout")


@operation("select: its timeout ends")
def _(s: Stage) -> Any:
    ch = s.chan()
    v = s.fresh()
    outcome = yield partial(select, recv(ch), timeout(3e-5), timeout(0.05), send(ch, v))
    s.selected(outcome, "recv", "timeout", "never", v)


@operation("select: a ticker's channel among the cases")
def _(s: Stage) -> Any:
    ch = s.chan(1)
    v = s.fresh()
    with time.new_ticker(0.05) as ticker:
        s.act("reset the ticker", partial(ticker.reset, 1e-9))
        s.selected((yield partial(select, recv(ticker.c), send(ch, v))), "ticker", v)


@operation("select: a ticker's channel, and a wait")
def _(s: Stage) -> Any:
    ch = s.chan()
    s.sender(ch)
    with time.new_ticker(0.05) as ticker:
        s.act("stop the ticker", ticker.stop)
        s.act("reset the ticker", partial(ticker.reset, 1e-9))
        s.selected((yield partial(select, recv(ch), recv(ticker.c))), "recv", "ticker")


@operation("select: a ticker ticks")
def _(s: Stage) -> Any:
    ch = s.chan()
    with time.new_ticker(2e-5) as ticker:
        s.selected((yield partial(select, recv(ch), recv(ticker.c))), "recv", "ticker")


# --- goroutines ------------------------------------------------------------------------------------------


@operation("go")
def _(s: Stage) -> Any:
    ran: list[int] = []
    outcome = yield partial(go, ran.append, 1)
    s.quiet()
    s.expect(len(ran) == 1 if outcome.returned else len(ran) <= 1, f"ran {len(ran)} times")


@operation("go: with keywords")
def _(s: Stage) -> Any:
    ran: list[Any] = []

    def fn(a: int, **named: int) -> None:
        ran.append((a, named))

    outcome = yield partial(go, fn, 1, b=2)
    s.quiet()
    s.expect(ran == [(1, {"b": 2})] if outcome.returned else len(ran) <= 1, f"ran {ran}")


@operation("gosched: alone")
def _(s: Stage) -> Any:
    yield gosched


@operation("gosched: with others")
def _(s: Stage) -> Any:
    for _ in range(3):
        s.go(gosched)
    ran = s.once()
    go(ran.append, 1)
    yield gosched


@operation("gosched: a goroutine starts in a greenlet of its own")
def _(s: Stage) -> Any:
    ch = s.chan()
    for _ in range(4):
        s.receiver(ch)
    yield gosched


@operation("num_goroutine")
def _(s: Stage) -> Any:
    outcome = yield num_goroutine
    s.expect(not outcome.returned or outcome.value >= 1, f"{outcome.value} goroutines")


@operation("stack")
def _(s: Stage) -> Any:
    ch = s.chan()
    s.receiver(ch)
    outcome = yield partial(runtime.stack, all=True)
    s.expect(not outcome.returned or "goroutine 1 [" in outcome.value, "main is missing")


@operation("len of a channel")
def _(s: Stage) -> Any:
    ch = s.chan(2)
    s.fill(ch, 1)
    yield partial(map(len, [ch] * 200).__next__)
    yield partial(cap, ch)


@operation("Chan")
def _(s: Stage) -> Any:
    outcome = yield partial(Chan[int], 20)
    if outcome.returned:
        outcome.value.send(1)
        s.expect(outcome.value.recv() == 1, "another value came out")


# --- time ------------------------------------------------------------------------------------------------


@operation("sleep: alone")
def _(s: Stage) -> Any:
    yield partial(time.sleep, 3e-5)


@operation("sleep: with others")
def _(s: Stage) -> Any:
    ch = s.chan()
    s.sender(ch)
    s.receiver(ch)
    yield partial(time.sleep, 3e-5)


@operation("sleep: others sleep, too")
def _(s: Stage) -> Any:
    for n in range(3):
        s.go(partial(time.sleep, n * 1e-5))
    s.let_wait()
    yield partial(time.sleep, 1e-5)


@operation("new_timer")
def _(s: Stage) -> Any:
    outcome = yield partial(time.new_timer, 3600)
    if outcome.returned:
        s.expect(outcome.value.stop(), "it was not pending")
        s.expect(not outcome.value.stop(), "it was stopped twice")


@operation("Timer.stop")
def _(s: Stage) -> Any:
    timer = time.new_timer(3600)
    s.act("reset the timer", partial(timer.reset, 3600))
    yield timer.stop
    timer.stop()
    s.expect(not timer.stop(), "it was stopped twice")


@operation("Timer.reset")
def _(s: Stage) -> Any:
    timer = time.new_timer(3600)
    s.act("stop the timer", timer.stop)
    yield partial(timer.reset, 3600)
    timer.reset(3600)
    s.expect(timer.stop(), "it was not pending")


@operation("Timer.reset: a goroutine waits for it")
def _(s: Stage) -> Any:
    timer = time.new_timer(3600)
    came = s.once()
    s.go(lambda: [timer.c.recv(), came.append(1)])
    s.let_wait()
    s.act("stop the timer", timer.stop)
    yield partial(timer.reset, 1e-6)
    timer.reset(1e-6)
    s.quiet(0.5)
    if not came:
        # It fired without a receiver: that is what the second reset took back.
        s.expect(timer.stop() is False, "it was pending")


@operation("Timer.stop: a goroutine waits for it")
def _(s: Stage) -> Any:
    timer = time.new_timer(3600)
    came = s.once()
    s.go(lambda: [timer.c.recv(), came.append(1)])
    s.let_wait()
    s.act("reset the timer", partial(timer.reset, 3600))
    yield timer.stop
    timer.reset(1e-6)
    s.quiet(0.5)


@operation("a timer's channel: waits")
def _(s: Stage) -> Any:
    timer = time.new_timer(2e-5)
    outcome = yield timer.c.recv
    if outcome.returned:
        s.expect(isinstance(outcome.value, time.Time), f"{outcome.value!r} came in")
    else:
        s.expect(select(recv(timer.c), timeout(0.5))[0] == 0, "the time was lost")


@operation("a timer's channel: it is due")
def _(s: Stage) -> Any:
    timer = time.new_timer(1e-9)
    clock.sleep(1e-6)
    outcome = yield timer.c.recv_ok
    if outcome.returned:
        s.expect(isinstance(outcome.value[0], time.Time), f"{outcome.value!r} came in")
    else:
        s.expect(select(recv(timer.c), timeout(0.5))[0] == 0, "the time was lost")


@operation("after")
def _(s: Stage) -> Any:
    outcome = yield partial(time.after, 1e-5)
    if outcome.returned:
        s.expect(select(recv(outcome.value), timeout(0.5))[0] == 0, "the time was lost")


@operation("Ticker: waits")
def _(s: Stage) -> Any:
    with time.new_ticker(2e-5) as ticker:
        yield ticker.c.recv
        s.expect(select(recv(ticker.c), timeout(0.5))[0] == 0, "it ticks no more")


@operation("Ticker: made, reset and stopped")
def _(s: Stage) -> Any:
    outcome = yield partial(time.new_ticker, 3600)
    ticker = outcome.value if outcome.returned else time.new_ticker(3600)
    yield partial(ticker.reset, 1e-6)
    ticker.reset(1e-6)
    s.expect(select(recv(ticker.c), timeout(0.5))[0] == 0, "it does not tick")
    yield ticker.stop
    ticker.stop()
    s.expect(select(recv(ticker.c), default)[0] == 1, "it ticks when it is stopped")


@operation("after_func: it runs")
def _(s: Stage) -> Any:
    ran: list[int] = []
    outcome = yield partial(time.after_func, 1e-6, partial(ran.append, 1))
    time.sleep(1e-4)
    s.quiet()
    s.expect(len(ran) == 1 if outcome.returned else len(ran) <= 1, f"ran {len(ran)} times")


@operation("after_func: stopped and reset")
def _(s: Stage) -> Any:
    ran: list[int] = []
    timer = time.after_func(3600, partial(ran.append, 1))
    yield timer.stop
    timer.stop()
    s.expect(not timer.stop(), "it was stopped twice")
    yield partial(timer.reset, 1e-6)
    timer.stop()
    s.quiet()
    n = len(ran)
    timer.reset(1e-6)
    time.sleep(1e-4)
    s.quiet()
    s.expect(len(ran) == n + 1, "it did not run")


@operation("after_func: runs while another sleeps")
def _(s: Stage) -> Any:
    ran = s.once()
    time.after_func(1e-5, partial(ran.append, 1))
    yield partial(time.sleep, 5e-5)
    time.sleep(1e-4)


@operation("time.now")
def _(s: Stage) -> Any:
    yield time.now


# --- locks -----------------------------------------------------------------------------------------------


def in_a_row(*steps: Callable[[], object]) -> Callable[[], object]:
    """Make a call that makes these calls: no code of the tests runs in between, and it allocates nothing."""
    return partial(deque(maxlen=0).extend, map(operator.call, steps))


def locking(s: Stage, lock: Any) -> list[int]:
    """Start a goroutine that locks and unlocks."""
    had = s.once(at_least=0)

    s.go(in_a_row(lock.lock, lock.unlock, partial(had.append, 1)))
    return had


def holder(s: Stage, lock: Any, *steps: Callable[[], object]) -> None:
    """Start a goroutine that makes these calls and then unlocks, and unlock for it if an exception has ended it."""
    over: list[int] = []

    def rescue() -> None:
        if s.delivered and not over:
            over.append(1)
            with suppress(Panic):
                lock.unlock()

    s.go(in_a_row(*steps, lock.unlock, partial(over.append, 1)))
    s.rescues.append(rescue)


def hold(s: Stage, lock: Any) -> None:
    """Have a goroutine hold the lock for a while."""
    holder(s, lock, lock.lock, gosched, gosched, gosched)
    gosched()


def try_it(s: Stage, lock: Any) -> None:
    """Offer to try the lock."""

    def attempt() -> None:
        if lock.try_lock():
            lock.unlock()

    def attempt_to_read() -> None:
        if lock.try_rlock():
            lock.runlock()

    s.act("try the lock", attempt)
    if isinstance(lock, sync.RWMutex):
        s.act("try the lock to read", attempt_to_read)


def unlocked(s: Stage, outcome: Outcome, lock: Any) -> None:
    """Account for a lock that has ended: free it."""
    if outcome.returned:
        lock.unlock()
    s.quiet()
    if hasattr(lock, "try_lock"):
        is_free(s, lock)


def whole(mu: Any) -> Any:
    """Choose the lock itself: for an RWMutex, that is the writers'."""
    return mu


def readers(mu: sync.RWMutex) -> Any:
    """Choose the readers' lock."""
    return mu.rlocker()


Choice = Callable[[Any], Any]


def lock_operation(
    name: str, kind: type[Any], held: Choice | None = None, waiting: Sequence[Choice] = (), reading: bool = False
) -> None:
    """Define an operation that locks: another goroutine may hold the lock, and others may wait for it."""

    @operation(name)
    def _(s: Stage) -> Any:
        mu = kind()
        if held is not None:
            hold(s, held(mu))
        had = [locking(s, choose(mu)) for choose in waiting]
        if had and kind is sync.Mutex:
            gosched()
        try_it(s, mu)
        outcome = yield mu.rlock if reading else mu.lock
        unlocked(s, outcome, readers(mu) if reading else mu)
        s.expect(all(had) or s.delivered, "the others did not get it")
        is_free(s, mu)


lock_operation("Mutex.lock: free", sync.Mutex)
lock_operation("Mutex.lock: waits", sync.Mutex, whole)
lock_operation("Mutex.lock: waits behind another", sync.Mutex, whole, [whole])
lock_operation("RWMutex.lock: readers hold it", sync.RWMutex, readers, [readers, whole])
lock_operation("RWMutex.rlock: a writer holds it", sync.RWMutex, whole, [readers, whole], reading=True)


@operation("Mutex.lock: waits, starving")
def _(s: Stage) -> Any:
    mu = sync.Mutex()
    mu.lock()

    # It is faster than the one that it woke, which then asks for the lock to be handed over.
    holder(s, mu, partial(clock.sleep, 0.0012), mu.unlock, mu.lock, gosched)
    had = locking(s, mu)
    try_it(s, mu)
    outcome = yield mu.lock
    if s.delivered and not outcome.returned:
        # It may have come to the one that was to unlock it.
        s.quiet()
        outcome.returned = not mu.try_lock()
        if not outcome.returned:
            mu.unlock()
    unlocked(s, outcome, mu)
    s.expect(had or s.delivered, "the other did not get it")


def unlock_operation(
    name: str, kind: type[Any], waiting: Sequence[Choice], reading: bool = False, starving: bool = False
) -> None:
    """Define an operation that unlocks while other goroutines wait."""

    @operation(name)
    def _(s: Stage) -> Any:
        mu = kind()
        lock, unlock = (mu.rlock, mu.runlock) if reading else (mu.lock, mu.unlock)
        lock()
        had = [locking(s, choose(mu)) for choose in waiting]
        s.let_wait()
        if starving:
            clock.sleep(0.0012)
            unlock()
            lock()
            gosched()
        outcome = yield unlock
        s.quiet()
        # A reader unlocks for the writer that waits first.
        if not outcome.returned and not any(had[:1] if reading else had):
            unlock()
            s.quiet()
        s.expect(all(had) or s.delivered, "a waiter did not get it")
        is_free(s, mu)


unlock_operation("Mutex.unlock: others wait", sync.Mutex, [whole, whole])
unlock_operation("Mutex.unlock: handed over", sync.Mutex, [whole, whole], starving=True)
unlock_operation("RWMutex.unlock: others wait", sync.RWMutex, [readers, whole, readers])
unlock_operation("RWMutex.runlock: a writer waits", sync.RWMutex, [whole, readers], reading=True)


@operation("Mutex.try_lock")
def _(s: Stage) -> Any:
    mu = sync.Mutex()
    with mu:
        for _ in range(3):
            outcome = yield mu.try_lock
            s.expect(not outcome.returned or outcome.value is False, "it was locked")
    outcome = yield mu.try_lock
    if outcome.returned and outcome.value:
        mu.unlock()
    is_free(s, mu)


def at_zero(s: Stage, wg: sync.WaitGroup) -> None:
    """Expect a group whose counter is zero."""
    try:
        wg.done()
    except Panic:
        return
    s.problem("the counter was above zero")


@operation("WaitGroup.wait")
def _(s: Stage) -> Any:
    wg = sync.WaitGroup()
    wg.add(2)
    go(wg.done)
    go(wg.done)
    s.go(wg.wait)
    yield wg.wait
    s.quiet()
    at_zero(s, wg)


@operation("WaitGroup.done: others wait")
def _(s: Stage) -> Any:
    wg = sync.WaitGroup()
    wg.add(1)
    woken = [s.once(), s.once()]
    for ran in woken:
        s.go(lambda ran=ran: [wg.wait(), ran.append(1)])
    s.let_wait()
    outcome = yield wg.done
    s.quiet()
    if not outcome.returned and not any(woken):
        wg.done()
        s.quiet()
    at_zero(s, wg)


@operation("WaitGroup.add")
def _(s: Stage) -> Any:
    wg = sync.WaitGroup()
    outcome = yield partial(wg.add, 1)
    if outcome.returned:
        wg.done()
    else:
        try:
            wg.done()
        except Panic:
            pass
    at_zero(s, wg)


@operation("WaitGroup.go")
def _(s: Stage) -> Any:
    wg = sync.WaitGroup()
    ran: list[int] = []
    outcome = yield partial(wg.go, ran.append, 1)
    s.quiet()
    s.expect(len(ran) == 1 if outcome.returned else len(ran) <= 1, f"ran {len(ran)} times")
    at_zero(s, wg)


@operation("Cond.wait")
def _(s: Stage) -> Any:
    cond = sync.Cond(sync.Mutex())
    s.act("signal", cond.signal)
    s.act("broadcast", cond.broadcast)
    cond.l.lock()

    def signal() -> None:
        # More than once: on a busy machine the time slice may end before the wait has begun.
        for _ in range(5):
            cond.signal()
            gosched()

    s.go(signal)
    s.rescues.append(cond.broadcast)
    yield cond.wait
    s.expect(not cond.l.try_lock(), "the wait ended without the lock")
    cond.l.unlock()
    is_free(s, cond.l)


@operation("Cond.wait: the lock is taken")
def _(s: Stage) -> Any:
    cond = sync.Cond(sync.Mutex())
    cond.l.lock()

    def signal() -> None:
        with cond.l:
            cond.signal()
            gosched()

    s.go(signal)
    s.rescues.append(cond.broadcast)
    yield cond.wait
    s.expect(not cond.l.try_lock(), "the wait ended without the lock")
    cond.l.unlock()
    s.quiet()
    is_free(s, cond.l)


def cond_waiters(s: Stage, cond: sync.Cond[Any], n: int) -> list[list[int]]:
    """Start goroutines that wait for a signal each."""
    woken = [s.once() for _ in range(n)]

    def wait(ran: list[int]) -> None:
        with cond.l:
            cond.wait()
            ran.append(1)

    for ran in woken:
        s.go(partial(wait, ran))
    s.let_wait()
    return woken


@operation("Cond.signal")
def _(s: Stage) -> Any:
    cond = sync.Cond(sync.Mutex())
    woken = cond_waiters(s, cond, 2)
    outcome = yield cond.signal
    s.quiet()
    n = sum(map(len, woken))
    s.expect(n == 1 if outcome.returned else n <= 1, f"{n} were woken")
    cond.broadcast()
    s.quiet()
    is_free(s, cond.l)


@operation("Cond.broadcast")
def _(s: Stage) -> Any:
    cond = sync.Cond(sync.Mutex())
    woken = cond_waiters(s, cond, 3)
    outcome = yield cond.broadcast
    s.quiet()
    n = sum(map(len, woken))
    s.expect(n == 3 if outcome.returned else n in (0, 3), f"{n} of 3 were woken")
    cond.broadcast()
    s.quiet()


# --- contexts --------------------------------------------------------------------------------------------


@operation("context: cancel", package=True)
def _(s: Stage) -> Any:
    root, cancel = context.with_cancel(context.background())
    line = [root]
    for _ in range(3):
        line.append(context.with_cancel(line[-1])[0])
    line.append(context.with_timeout(line[-1], 3600)[0])
    ran = s.once()
    context.after_func(line[2], partial(ran.append, 1))
    for ctx in line:
        s.go(ctx.done().recv)
    s.let_wait()
    s.act("cancel", cancel)
    yield cancel
    cancel()
    s.quiet()
    for n, ctx in enumerate(line):
        s.expect(ctx.err() is not None, f"context {n} goes on")


@operation("context: with_timeout", package=True)
def _(s: Stage) -> Any:
    root, stop = context.with_cancel(context.background())
    s.act("cancel", stop)
    outcome = yield partial(context.with_timeout, root, 3600)
    stop()
    s.quiet()
    if outcome.returned:
        s.expect(outcome.value[0].err() is not None, "the context goes on")


@operation("context: its time ends", package=True)
def _(s: Stage) -> Any:
    ctx, cancel = context.with_timeout(context.background(), 2e-5)
    s.act("cancel", cancel)
    yield ctx.done().recv
    s.expect(select(recv(ctx.done()), timeout(0.5))[0] == 0, "the context goes on")
    cancel()


@operation("context: after_func", package=True)
def _(s: Stage) -> Any:
    ctx, cancel = context.with_cancel(context.background())
    ran: list[int] = []
    outcome = yield partial(context.after_func, ctx, partial(ran.append, 1))
    cancel()
    s.quiet()
    s.expect(len(ran) == 1 if outcome.returned else len(ran) <= 1, f"ran {len(ran)} times")


# --- threads and asyncio ---------------------------------------------------------------------------------


@operation("thread.call", library=True)
def _(s: Stage) -> Any:
    ran: list[int] = []
    outcome = yield partial(thread.call, ran.append, 1)
    s.expect(len(ran) == 1 if outcome.returned else len(ran) <= 1, f"ran {len(ran)} times")


@operation("thread.call: with a context", library=True)
def _(s: Stage) -> Any:
    ctx, cancel = context.with_cancel(context.background())
    s.act("cancel", cancel)
    outcome = yield partial(thread.call, int, ctx=ctx)
    if isinstance(outcome.exc, context.Canceled):
        outcome.exc = None
    cancel()


@operation("thread.submit", library=True)
def _(s: Stage) -> Any:
    ran: list[int] = []
    outcome = yield partial(thread.submit, ran.append, 1)
    s.quiet()
    s.expect(len(ran) == 1 if outcome.returned else len(ran) <= 1, f"ran {len(ran)} times")
    s.expect(not outcome.returned or outcome.value.done(), "its future is pending")


@operation("thread.submit: from another thread", library=True)
def _(s: Stage) -> Any:
    ch = s.chan()
    v = s.fresh()
    futures: list[Any] = []
    other = threading.Thread(target=lambda: futures.append(thread.submit(ch.send, v)))
    with thread.guests():
        other.start()
        s.selected((yield partial(select, recv(ch), timeout(0.05))), "recv", "timeout")
    other.join()
    s.settle()
    if futures[0].done():
        exc = futures[0].exception()
        s.delivered += isinstance(exc, FAULTS)
        s.sent(v, Outcome(returned=exc is None, exc=exc))
    else:
        s.problem("its future is pending")


def awaiting(s: Stage, coro: Callable[[], Coroutine[Any, Any, Any]]) -> Callable[[], object]:
    """Make the call that awaits what coro returns."""
    return partial(next, map(aio.await_, map(operator.call, [coro])))


@operation("aio.await_", library=True)
def _(s: Stage) -> Any:
    async def coro() -> int:
        await asyncio.sleep(0)
        return 7

    outcome = yield awaiting(s, coro)
    s.expect(not outcome.returned or outcome.value == 7, f"the result was {outcome.value!r}")


@operation("aio.await_: others run", library=True)
def _(s: Stage) -> Any:
    ch = s.chan()
    s.sender(ch, 3)
    s.receiver(ch)
    yield partial(next, map(aio.await_, map(asyncio.sleep, [1e-5])))


@operation("aio.await_: with a context", library=True)
def _(s: Stage) -> Any:
    ctx, cancel = context.with_timeout(context.background(), 2e-5)
    outcome = yield partial(next, map(partial(aio.await_, ctx=ctx), map(asyncio.sleep, [5])))
    s.expect(not outcome.returned, "it slept for five seconds")
    if isinstance(outcome.exc, context.DeadlineExceeded):
        outcome.exc = None
    cancel()


async def run_task(s: Stage, call: Callable[[], Coroutine[Any, Any, Any]], *cases: int | str) -> None:
    """Select in a task, and account for it there."""
    outcome = Outcome()
    try:
        try:
            outcome.value = await call()
            outcome.returned = True
        except (asyncio.CancelledError, Panic) as e:
            outcome.exc = e
        finally:
            s.selected(outcome, *cases)
    except FAULTS as e:
        frames = [frame for frame in traceback.extract_tb(e.__traceback__) if frame.name != "on_interrupt"]
        # In the user's code it may have come when a value had just been received.
        s.forgive = frames[-1].filename == __file__
        s.forgive |= frames[-1].name == "selected"
        raise


def tasks_end(s: Stage) -> None:
    """Let the tasks that were canceled end."""
    for _ in range(3):
        aio.await_(asyncio.sleep(0))
    s.quiet()


@operation("aio.recv: waits", library=True)
def _(s: Stage) -> Any:
    ch = s.chan()
    s.sender(ch, 2)
    yield awaiting(s, lambda: run_task(s, lambda: aio.select(recv(ch)), "recv"))
    tasks_end(s)


@operation("aio.send: waits", library=True)
def _(s: Stage) -> Any:
    ch = s.chan()
    s.receiver(ch)
    v = s.fresh()
    yield awaiting(s, lambda: run_task(s, lambda: aio.select(send(ch, v)), v))
    tasks_end(s)


@operation("aio.select: its timeout ends", library=True)
def _(s: Stage) -> Any:
    ch = s.chan()
    yield awaiting(s, lambda: run_task(s, lambda: aio.select(recv(ch), timeout(2e-5)), "recv", "timeout"))
    tasks_end(s)


@operation("aio.select: canceled while a sender comes", library=True)
def _(s: Stage) -> Any:
    ch, other = s.chan(), s.chan()
    v = s.fresh()

    async def coro() -> None:
        task = asyncio.ensure_future(run_task(s, lambda: aio.select(recv(ch), send(other, v)), "recv", v))
        try:
            await asyncio.sleep(0)
            s.sender(ch, 2)
            await asyncio.sleep(0)
        finally:
            task.cancel()
            await task

    yield awaiting(s, coro)
    tasks_end(s)


@operation("aio.select: canceled when a value came", library=True)
def _(s: Stage) -> Any:
    ch = s.chan()

    async def coro() -> None:
        task = asyncio.ensure_future(run_task(s, lambda: aio.select(recv(ch)), "recv"))
        try:
            await asyncio.sleep(0)
            s.offer(ch)
        finally:
            task.cancel()
            await task

    yield awaiting(s, coro)
    tasks_end(s)


# --- bubbles ---------------------------------------------------------------------------------------------


@operation("synctest", package=True)
def _(s: Stage) -> Any:
    ran: list[int] = []

    def sleeper(ch: Chan[int]) -> None:
        time.sleep(60)
        ch.send(1)

    def fn() -> None:
        ch = Chan[int]()
        go(sleeper, ch)
        select(recv(ch), timeout(3600))
        synctest.wait()
        with time.new_ticker(1) as ticker:
            ticker.c.recv()
        ran.append(1)

    outcome = yield partial(synctest.test, fn)
    s.expect(not outcome.returned or len(ran) == 1, "it did not run")


@operation("synctest: others outside", package=True)
def _(s: Stage) -> Any:
    ch = s.chan()
    s.sender(ch, 2)

    def fn() -> None:
        wg = sync.WaitGroup()
        for n in range(3):
            wg.go(time.sleep, n)
        wg.wait()

    bag = s.bag()
    s.go(partial(bag.extend, ch))
    yield partial(synctest.test, fn)
