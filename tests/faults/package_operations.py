"""The operations of the packages above the engine: semaphores, groups, connections. See operations.py."""

from __future__ import annotations

import signal as os_signal
import socket
from collections.abc import Callable
from contextlib import suppress
from datetime import timedelta
from functools import partial
from typing import Any

from operations import operation
from points import FAULTS
from stage import Outcome, Stage

from gochan import Chan, context, errgroup, go, net, rate, semaphore, signal, singleflight, sync, time
from gochan._engine.program import program
from gochan.runtime import gosched

BACKGROUND = context.background()


# --- maps --------------------------------------------------------------------------------------------------


@operation("map: swap", package=True)
def _(s: Stage) -> Any:
    m = sync.Map[str, int]()
    m.store("key", 0)
    # What each swap has replaced, and what is left: every value once.
    found: list[int | None] = []
    stored = [0]

    def swap() -> None:
        stored.append(1)
        found.append(m.swap("key", 1)[0])

    s.act("swap", swap)
    outcome = yield partial(m.swap, "key", 2)
    if outcome.returned:
        stored.append(2)
        found.append(outcome.value[0])
    found.append(m.load("key")[0])
    s.expect(sorted(map(str, found)) == sorted(map(str, stored)), f"stored {stored}, and found {found}")


@operation("map: compare_and_swap", package=True)
def _(s: Stage) -> Any:
    m = sync.Map[str, int]()
    m.store("key", 0)
    swaps: list[int] = []

    def swap() -> None:
        swaps.append(m.load("key")[0] or 0)
        m.compare_and_swap("key", swaps[-1], swaps[-1] + 1)

    s.act("add 1", swap)
    outcome = yield partial(m.compare_and_swap, "key", 0, 10)
    expected = len(swaps) + (10 if outcome.returned and outcome.value else 0)
    s.expect(m.load("key") == (expected, True), f"{expected} expected, and there is {m.load('key')}")


@operation("map: compare_and_delete", package=True)
def _(s: Stage) -> Any:
    m = sync.Map[str, int]()
    m.store("key", 0)
    previous: list[Any] = []
    s.act("swap", lambda: previous.append(m.swap("key", 1)))
    outcome = yield partial(m.compare_and_delete, "key", 0)
    deleted = outcome.returned and outcome.value
    s.expect((0, True) not in previous or not deleted, "a value was replaced, and deleted, too")
    s.expect(
        m.load("key") == ((1, True) if previous else (None, False) if deleted else (0, True)), "another value"
    )


# --- limiters ------------------------------------------------------------------------------------------


def limiter_operation(name: str, change: Callable[[rate.Limiter], object], takes: int) -> None:
    """Enter an operation that takes, or gives back, tokens of a limiter that gets no new ones."""

    @operation(f"rate: {name}", package=True)
    def _(s: Stage) -> Any:
        limiter = rate.Limiter(1e-9, 10)
        limiter.allow_n(time.now(), 5)
        taken: list[int] = []

        def allow() -> None:
            if limiter.allow():
                taken.append(1)

        s.act("allow", allow)
        outcome = yield change(limiter)
        expected = 5 - len(taken) - (takes if outcome.returned else 0)
        left = round(limiter.tokens(), 3)
        s.expect(left == expected, f"{expected} tokens expected, and there are {left}")


limiter_operation("allow_n", lambda limiter: partial(limiter.allow_n, time.now(), 2), 2)
limiter_operation("set_limit", lambda limiter: partial(limiter.set_limit, 2e-9), 0)
limiter_operation("set_burst", lambda limiter: partial(limiter.set_burst, 9), 0)


@operation("rate: cancel", package=True)
def _(s: Stage) -> Any:
    limiter = rate.Limiter(1e-3, 10)
    now = time.now()
    limiter.allow_n(now, 10)
    earlier, later = limiter.reserve_n(now, 3), limiter.reserve_n(now, 2)
    canceled: list[None] = []
    s.act("cancel the later one", lambda: canceled.append(later.cancel()))
    outcome = yield earlier.cancel
    # As in Go, the earlier one keeps the tokens that the later one depends on.
    expected = {(True, True): (-2, 0), (True, False): (-4,), (False, True): (-3,), (False, False): (-5,)}
    left = round(limiter.tokens_at(now), 1)
    s.expect(left in expected[outcome.returned, bool(canceled)], f"{left} tokens")


@operation("rate: wait", package=True)
def _(s: Stage) -> Any:
    limiter = rate.Limiter(1e-9, 10)
    outcome = yield partial(limiter.wait_n, BACKGROUND, 2)
    expected = 10 - (2 if outcome.returned else 0)
    left = round(limiter.tokens(), 3)
    s.expect(left == expected, f"{expected} tokens expected, and there are {left}")


# --- semaphores --------------------------------------------------------------------------------------------


def all_free(s: Stage, sem: semaphore.Weighted, size: int) -> None:
    """Expect that nothing is held, and that nobody waits."""
    s.quiet(0.1)
    if sem.try_acquire(size):
        sem.release(size)
    else:
        s.problem(f"not free: {sem!r}")


def hold(sem: semaphore.Weighted, n: int) -> None:
    """Acquire n, and release it a little later."""
    sem.acquire(BACKGROUND, n)
    gosched()
    sem.release(n)


@operation("semaphore: acquire", package=True)
def _(s: Stage) -> Any:
    sem = semaphore.Weighted(2)
    outcome = yield partial(sem.acquire, BACKGROUND, 2)
    if outcome.returned:
        sem.release(2)
    all_free(s, sem, 2)


@operation("semaphore: acquire waits", package=True)
def _(s: Stage) -> Any:
    sem = semaphore.Weighted(2)
    s.go(partial(hold, sem, 2))
    s.let_wait()
    for n in (1, 2, 1):
        s.go(partial(hold, sem, n))
    outcome = yield partial(sem.acquire, BACKGROUND, 1)
    if outcome.returned:
        sem.release(1)
    all_free(s, sem, 2)


@operation("semaphore: acquire waits in front", package=True)
def _(s: Stage) -> Any:
    sem = semaphore.Weighted(2)
    sem.acquire(BACKGROUND, 1)
    go(lambda: s.go(partial(hold, sem, 1)))
    outcome = yield partial(sem.acquire, context.with_timeout(BACKGROUND, 2e-4)[0], 2)
    if isinstance(outcome.exc, context.DeadlineExceeded):
        outcome.exc = None
    if outcome.returned:
        sem.release(2)
    sem.release(1)
    all_free(s, sem, 2)


@operation("semaphore: release: others wait", package=True)
def _(s: Stage) -> Any:
    sem = semaphore.Weighted(3)
    sem.acquire(BACKGROUND, 3)
    for _ in range(3):
        s.go(partial(hold, sem, 1))
    s.let_wait()
    s.act("acquire", lambda: sem.try_acquire(1) and sem.release(1))
    outcome = yield partial(sem.release, 3)
    if not outcome.returned:
        s.quiet()
        with suppress(Exception):
            sem.release(3)
    all_free(s, sem, 3)


# --- groups ------------------------------------------------------------------------------------------------


@operation("errgroup: go", package=True)
def _(s: Stage) -> Any:
    group = errgroup.Group()
    ran: list[int] = []
    outcome = yield partial(group.go, ran.append, 1)
    group.wait()
    s.expect(len(ran) == 1 if outcome.returned else len(ran) <= 1, f"ran {len(ran)} times")


@operation("errgroup: go, at the limit", package=True)
def _(s: Stage) -> Any:
    group = errgroup.Group()
    group.set_limit(1)
    s.go(partial(group.go, gosched))
    s.let_wait()
    ran: list[int] = []
    outcome = yield partial(group.go, ran.append, 1)
    s.quiet()
    group.wait()
    s.expect(len(ran) == 1 if outcome.returned else len(ran) <= 1, f"ran {len(ran)} times")
    s.expect(group.try_go(gosched), "a slot is lost")
    group.wait()


@operation("errgroup: wait", package=True)
def _(s: Stage) -> Any:
    group, ctx = errgroup.with_context(BACKGROUND)
    for _ in range(3):
        group.go(gosched)
    yield group.wait
    group.wait()
    s.expect(ctx.err() is not None, "the context goes on")


@operation("singleflight: do", package=True)
def _(s: Stage) -> Any:
    group = singleflight.Group()
    ran: list[int] = []
    s.go(lambda: group.do("key", gosched))
    yield partial(group.do, "key", partial(ran.append, 1))
    s.quiet(0.1)
    group.do("key", partial(ran.append, 1))


@operation("singleflight: do, alone", package=True)
def _(s: Stage) -> Any:
    group = singleflight.Group()
    ran: list[int] = []
    outcome = yield partial(group.do, "key", partial(ran.append, 1))
    s.quiet(0.1)
    group.do("key", partial(ran.append, 1))
    s.expect(not outcome.returned or len(ran) == 2, f"ran {len(ran)} times")


@operation("singleflight: do_chan", package=True)
def _(s: Stage) -> Any:
    group = singleflight.Group()
    ran: list[int] = []
    outcome = yield partial(group.do_chan, "key", partial(ran.append, 1))
    s.quiet(0.1)
    if outcome.returned:
        s.expect(outcome.value.recv().err is None, "an error")
    group.do("key", partial(ran.append, 1))


@operation("Once.do", package=True)
def _(s: Stage) -> Any:
    once = sync.Once()
    ran: list[int] = []
    s.go(partial(once.do, gosched))
    yield partial(once.do, partial(ran.append, 1))
    s.quiet(0.1)
    once.do(partial(ran.append, 1))
    s.expect(len(ran) <= 1, f"ran {len(ran)} times")


# --- contexts and signals ------------------------------------------------------------------------------------


@operation("context: cancel a child", package=True)
def _(s: Stage) -> Any:
    root, stop = context.with_cancel(BACKGROUND)
    ctx, cancel = context.with_timeout(root, 3600)
    yield cancel
    cancel()
    s.expect(ctx.err() is not None, "the context goes on")
    s.expect("children=0" in repr(root), f"its parent keeps it: {root!r}")
    stop()


def no_notification(s: Stage) -> None:
    """Expect that signals are handled as before, and that the program waits for none."""
    s.quiet(0.1)
    s.expect(os_signal.getsignal(SIGNAL) is os_signal.SIG_DFL, "the signal is still handled")
    s.expect(program.wakers == 0, "the program still waits for signals")
    program.wakers = 0


SIGNAL = os_signal.SIGUSR2


@operation("signal.notify", package=True)
def _(s: Stage) -> Any:
    ch = Chan[Any](1)
    outcome = yield partial(signal.notify, ch, SIGNAL)
    if outcome.returned:
        signal.stop(ch)
    no_notification(s)


@operation("signal.stop", package=True)
def _(s: Stage) -> Any:
    ch = Chan[Any](1)
    signal.notify(ch, SIGNAL)
    yield partial(signal.stop, ch)
    signal.stop(ch)
    no_notification(s)


@operation("signal.notify_context", package=True)
def _(s: Stage) -> Any:
    outcome = yield partial(signal.notify_context, BACKGROUND, SIGNAL)
    if outcome.returned:
        outcome.value[1]()
    no_notification(s)


# --- connections -------------------------------------------------------------------------------------------


class Ends:
    """The two ends of a connection, and what goes from the second one to the first."""

    def __init__(self, s: Stage, a: Any, b: Any) -> None:
        self.s = s
        self.a = a
        self.b = b
        self.deadline(2)

    def deadline(self, d: float) -> None:
        """Let nothing wait for longer than d seconds."""
        for conn in (self.a, self.b):
            conn.set_deadline(time.now() + timedelta(seconds=d))

    def go(self, use: Callable[[], object]) -> None:
        """Start a partner.  What raises in it ends the operation's wait."""

        def partner() -> None:
            try:
                use()
            except FAULTS:
                self.close()
                raise
            except (TimeoutError, net.ErrClosed):
                pass

        self.s.go(partner)

    def ended(self, outcome: Outcome) -> None:
        """Account for an operation that a partner's end may have ended."""
        if isinstance(outcome.exc, net.ErrClosed) and self.s.delivered:
            outcome.exc = None

    def work(self, writer: Any, reader: Any) -> None:
        """Expect that what one end writes arrives at the other, with what a partner has yet to write; close."""
        got = bytearray()

        def read() -> None:
            while b"end." not in got:
                got.extend(reader.read())

        if not self.s.delivered:
            self.deadline(0.5)
            self.go(read)
            self.go(lambda: writer.write(b"end."))
            self.s.quiet(0.5)
            self.s.expect(b"end." in got, f"the connection is stuck: {bytes(got)!r}")
        self.close()

    def close(self) -> None:
        """Stop the timers of the deadlines, and close both ends."""
        for conn in (self.a, self.b):
            with suppress(net.ErrClosed):
                conn.set_deadline(None)
        self.a.close()
        self.b.close()


def sockets() -> tuple[Any, Any]:
    """Make two connected sockets."""
    a, b = socket.socketpair()
    return net.from_socket(a), net.from_socket(b)


def connection_operations(name: str, make: Callable[[], tuple[Any, Any]], size: int) -> None:
    """Define the operations of a kind of connection; a write of so many bytes has to wait."""

    @operation(f"{name}: read", package=True)
    def _(s: Stage) -> Any:
        ends = Ends(s, *make())
        ends.go(lambda: ends.b.write(b"data"))
        gosched()
        ends.ended((yield partial(ends.a.read, 10)))
        ends.work(ends.b, ends.a)

    @operation(f"{name}: read waits", package=True)
    def _(s: Stage) -> Any:
        ends = Ends(s, *make())
        ends.go(lambda: [gosched(), ends.b.write(b"data")])
        ends.ended((yield partial(ends.a.read, 10)))
        ends.work(ends.b, ends.a)

    @operation(f"{name}: write", package=True)
    def _(s: Stage) -> Any:
        ends = Ends(s, *make())
        got = bytearray()

        def read() -> None:
            while len(got) < size:
                got.extend(ends.b.read(size // 2))

        ends.go(read)
        outcome = yield partial(ends.a.write, bytes(size))
        ends.ended(outcome)
        s.quiet(0.1 if outcome.returned else 0)
        s.expect(len(got) == size or s.delivered or not outcome.returned, f"{len(got)} bytes came")
        if len(got) < size and not s.delivered:
            # The partner takes it.
            ends.deadline(0.5)
            ends.a.write(bytes(size - len(got)))
            s.quiet(0.1)
        ends.work(ends.a, ends.b)

    @operation(f"{name}: close: others wait", package=True)
    def _(s: Stage) -> Any:
        ends = Ends(s, *make())
        ends.go(partial(ends.a.read, 10))
        ends.go(partial(ends.a.read, 10))
        s.let_wait()
        for conn in (ends.a, ends.b):
            conn.set_deadline(None)
        yield ends.a.close
        ends.close()
        s.quiet(0.1)


connection_operations("pipe", net.pipe, 4)
connection_operations("socket", sockets, 500_000)


@operation("net: accept", package=True)
def _(s: Stage) -> Any:
    with net.listen("tcp", "127.0.0.1:0") as listener, socket.socket() as sock:
        # The kernel connects, so that there need not be a partner.
        sock.connect(("127.0.0.1", listener.addr().port))
        outcome = yield listener.accept
        if outcome.returned:
            outcome.value.close()


@operation("net: accept waits", package=True)
def _(s: Stage) -> Any:
    with net.listen("tcp", "127.0.0.1:0") as listener, socket.socket() as sock:
        s.go(lambda: [gosched(), sock.connect(("127.0.0.1", listener.addr().port))])
        listener.set_deadline(time.now() + timedelta(seconds=1))
        outcome = yield listener.accept
        if outcome.returned:
            outcome.value.close()
        elif isinstance(outcome.exc, TimeoutError) and s.delivered:
            outcome.exc = None
        s.quiet()


@operation("net: dial", package=True)
def _(s: Stage) -> Any:
    with net.listen("tcp", "127.0.0.1:0") as listener:
        outcome = yield partial(net.dial, "tcp", str(listener.addr()))
        if outcome.returned:
            outcome.value.close()
        s.quiet(0.1)


@operation("net: wait_readable", package=True)
def _(s: Stage) -> Any:
    a, b = socket.socketpair()
    s.go(lambda: [gosched(), b.send(b"x")])
    with a, b:
        outcome = yield partial(net.wait_readable, a, 2)
        if isinstance(outcome.exc, TimeoutError) and s.delivered:
            outcome.exc = None
        s.quiet()
