"""select and its cases (Go's runtime/select.go).

A select looks at all its cases and takes one of the ready ones, chosen at random.  With none ready it takes
the default, or enqueues all, in the order given, and parks; whoever dequeues one first makes it win
(`G.selected`), and on waking the others are taken out of their queues.

Invariants
- A case waits for one goroutine at most, `gp`.  It can be used in many selects all the same: where one
  is waiting already, a copy of it waits in its place.
- A case that does not wait refers to nothing but its channel and what it sends.
"""

from __future__ import annotations

from datetime import timedelta
from typing import Any, Final, Generic, Literal, NoReturn, TypeVar, final, overload

from .accelerate import accelerated, called_back
from .chan import Chan
from .ends import RecvChan, SendChan
from .error import Panic
from .proc import blocker, clock, park, poll_point, ready
from .runtime2 import G, Waiter, sched
from .time import CallTimer, deadline, seconds

T = TypeVar("T")
V_co = TypeVar("V_co", covariant=True)
A = TypeVar("A")
B = TypeVar("B")
C = TypeVar("C")
D = TypeVar("D")
E = TypeVar("E")
F = TypeVar("F")
H = TypeVar("H")
I = TypeVar("I")  # noqa: E741

_RECV: Final = 0
_SEND: Final = 1
_TIMEOUT: Final = 2
_DEFAULT: Final = 3


@final
@accelerated
class Case(Waiter, Generic[V_co]):
    """A case of a select, made by recv, send or timeout; V is the type of the value that it yields.

    >>> from gochan import Chan, recv, select, timeout
    >>> cases = [recv(Chan[int]()), timeout(0.001)]
    >>> select(*cases)
    (1, None, True)
    """

    def __init__(self, kind: int, chan: Chan[Any] | None, value: Any) -> None:
        super().__init__()
        # While it waits: its place in the select, and the case enqueued before it.
        self.index: int = 0
        self.link: Case[Any] | None = None
        self.kind: int = kind
        self.chan: Chan[Any] | None = chan
        # What to send, or the timeout in seconds.
        self.value: Any = value

    def is_recv(self) -> bool:
        """Tell whether it receives."""
        return self.kind == _RECV

    def __repr__(self) -> str:
        if self.kind == _RECV:
            return f"recv({self.chan!r})"
        if self.kind == _SEND:
            return f"send({self.chan!r}, ...)"
        return f"timeout({self.value!r})" if self.kind == _TIMEOUT else "default"


@accelerated
def recv(ch: RecvChan[T] | None, /) -> Case[T]:
    """Make the case of a select that receives from ch: Go's `case v, ok := <-ch`.

    From None, Go's nil channel, it is never ready.  Raises TypeError for what is no channel.

    >>> from gochan import Chan, recv, select
    >>> words = Chan[str](1)
    >>> words << "hello"
    >>> select(recv(words), recv(None))
    (0, 'hello', True)
    """
    if ch is not None and not isinstance(ch, Chan):
        raise TypeError(f"recv: {ch!r} is not a Chan; give a channel, or None for a case that is never ready")
    return Case(_RECV, ch, None)


@accelerated
def send(ch: SendChan[T] | None, v: T, /) -> Case[None]:
    """Make the case of a select that sends v into ch: Go's `case ch <- v`.

    Into None, Go's nil channel, it is never ready.  Raises TypeError for what is no channel, and for a v
    that is not of its element type.

    >>> from gochan import Chan, default, select, send
    >>> slots = Chan[int](1)
    >>> [select(send(slots, n), default)[0] for n in (1, 2)]
    [0, 1]
    """
    if ch is None:
        return Case(_SEND, None, v)
    if not isinstance(ch, Chan):
        raise TypeError(f"send: {ch!r} is not a Chan; give a channel, or None for a case that is never ready")
    ch._check(v)
    return Case(_SEND, ch, v)


def timeout(after: float | timedelta, /) -> Case[None]:
    """Make the case of a select that runs when it has waited `after` seconds.

    What Go writes as `case <-time.After(d)`.  after is a number of seconds, or a timedelta; with 0, less, or
    NaN the case runs when no other is ready.  Raises TypeError for anything else.

    >>> from gochan import Chan, recv, select, timeout
    >>> match select(recv(Chan[int]()), timeout(0.001)):
    ...     case 0, number, _:
    ...         print(number)
    ...     case _:
    ...         print("too late")
    too late
    """
    return Case(_TIMEOUT, None, seconds("timeout", after))


default: Final[Case[None]] = Case(_DEFAULT, None, None)


def _expire(waiter: Waiter) -> None:
    """Let the timeout win."""
    gp = waiter.gp
    if gp is not None and gp.selected is None:
        gp.selected = waiter
        ready(gp)


@called_back
def set_timer(w: Case[Any]) -> None:
    """Set the timer of the timeout w, which gp waits in."""
    w.elem = timer = CallTimer(_expire, w)
    timers = clock()
    timers.add(timer, deadline(timers.now(), w.value))


@called_back
def stop_timer(w: Case[Any]) -> None:
    """Stop what set_timer has set."""
    timer = w.elem
    if isinstance(timer, CallTimer) and timer.timers is not None:
        timer.timers.remove(timer)


@overload
def select() -> NoReturn: ...
@overload
def select(c0: Case[A], /) -> tuple[Literal[0], A, bool]: ...
@overload
def select(c0: Case[A], c1: Case[B], /) -> tuple[Literal[0], A, bool] | tuple[Literal[1], B, bool]: ...
@overload
def select(
    c0: Case[A], c1: Case[B], c2: Case[C], /
) -> (
    tuple[Literal[0], A, bool]
    | tuple[Literal[1], B, bool]
    | tuple[Literal[2], C, bool]
): ...
@overload
def select(
    c0: Case[A], c1: Case[B], c2: Case[C], c3: Case[D], /
) -> (
    tuple[Literal[0], A, bool]
    | tuple[Literal[1], B, bool]
    | tuple[Literal[2], C, bool]
    | tuple[Literal[3], D, bool]
): ...
@overload
def select(
    c0: Case[A], c1: Case[B], c2: Case[C], c3: Case[D], c4: Case[E], /
) -> (
    tuple[Literal[0], A, bool]
    | tuple[Literal[1], B, bool]
    | tuple[Literal[2], C, bool]
    | tuple[Literal[3], D, bool]
    | tuple[Literal[4], E, bool]
): ...
@overload
def select(
    c0: Case[A], c1: Case[B], c2: Case[C], c3: Case[D], c4: Case[E], c5: Case[F], /
) -> (
    tuple[Literal[0], A, bool]
    | tuple[Literal[1], B, bool]
    | tuple[Literal[2], C, bool]
    | tuple[Literal[3], D, bool]
    | tuple[Literal[4], E, bool]
    | tuple[Literal[5], F, bool]
): ...
@overload
def select(
    c0: Case[A], c1: Case[B], c2: Case[C], c3: Case[D], c4: Case[E], c5: Case[F], c6: Case[H], /
) -> (
    tuple[Literal[0], A, bool]
    | tuple[Literal[1], B, bool]
    | tuple[Literal[2], C, bool]
    | tuple[Literal[3], D, bool]
    | tuple[Literal[4], E, bool]
    | tuple[Literal[5], F, bool]
    | tuple[Literal[6], H, bool]
): ...
@overload
def select(
    c0: Case[A], c1: Case[B], c2: Case[C], c3: Case[D], c4: Case[E], c5: Case[F], c6: Case[H], c7: Case[I], /
) -> (
    tuple[Literal[0], A, bool]
    | tuple[Literal[1], B, bool]
    | tuple[Literal[2], C, bool]
    | tuple[Literal[3], D, bool]
    | tuple[Literal[4], E, bool]
    | tuple[Literal[5], F, bool]
    | tuple[Literal[6], H, bool]
    | tuple[Literal[7], I, bool]
): ...
@overload
def select(*cases: Case[Any]) -> tuple[int, Any, bool]: ...
@accelerated
def select(*cases: Case[Any]) -> Any:
    """Wait until one of the cases can go on, and run that one: Go's `select`.

    Returns `(index, value, ok)`: the place of the case that ran, what it received (None for any other kind),
    and whether the channel was open (True for a send or a timeout, False for default).  Among several
    ready cases one is chosen at random; `default` runs when none is ready.  Without any case it waits
    forever: Go's `select {}`.

    Raises Panic when the chosen case sends on a closed channel, TypeError for what is no case, ValueError
    for a second default.

    >>> from gochan import Chan, default, recv, select
    >>> ch = Chan[str](1)
    >>> select(recv(ch), default)
    (1, None, False)
    >>> ch.send("hello")
    >>> match select(recv(ch), default):
    ...     case 0, word, ok:
    ...         print(word, ok)
    ...     case _:
    ...         print("nothing there")
    hello True
    """
    chosen = poll(cases)
    if chosen >= 0:
        return take(cases[chosen], chosen)
    gp = blocker()
    # It waits from here on, in the eyes of whatever runs while its cases are put into their queues.
    gp.waiting = "select" if cases else "select (no cases)"
    last = enqueue(gp, cases)
    try:
        park(gp, gp.waiting)
    except BaseException:
        won = leave(gp, last)
        if won is not None:
            won.elem = None
        raise
    return outcome(leave(gp, last))


# The steps are functions of their own because each returns before the park: what lies on the C stack then is
# copied at every switch.


def poll(cases: tuple[Case[Any], ...]) -> int:
    """Choose a case that can go on now, or else the default, or a timeout of no time; -1 if there is none."""
    chosen = -1
    found = 0
    fallback = -1
    over = -1
    i = 0
    for c in cases:
        if not isinstance(c, Case):
            raise TypeError(
                f"select: case {i} is {c!r}; a case is recv(ch), send(ch, v), timeout(seconds) or default"
            )
        ch = c.chan
        if ch is not None:
            if ch._can_recv() if c.kind == _RECV else ch._can_send():
                found += 1
                if found == 1 or choose(found) == 0:
                    chosen = i
        elif c.kind == _DEFAULT:
            if fallback >= 0:
                raise ValueError(f"select: cases {fallback} and {i} are both default; give at most one")
            fallback = i
        elif c.kind == _TIMEOUT and over < 0 and not c.value > 0:
            over = i
        i += 1
    if found:
        return chosen
    return fallback if fallback >= 0 else over


def take(c: Case[Any], i: int) -> tuple[int, Any, bool]:
    """Run a case that can go on now."""
    ch = c.chan
    if ch is None:
        poll_point()
        return i, None, c.kind == _TIMEOUT
    if c.kind == _SEND:
        ch._try_send(c.value)
        return i, None, True
    v, ok = ch.recv_ok()
    return i, v, ok


def enqueue(gp: G, cases: tuple[Case[Any], ...]) -> Case[Any] | None:
    """Put each case into its channel's queue, and set the timer of the shortest timeout; return the last."""
    last: Case[Any] | None = None
    shortest: Case[Any] | None = None
    place = 0
    durable = True
    i = 0
    for c in cases:
        ch = c.chan
        if ch is not None:
            w = last = _wait_in(c, gp, i, last)
            w.elem = c.value
            if c.kind == _RECV:
                ch._recvq.enqueue(w)
                if ch._timer is not None:
                    ch._timer.blocked(1)
            else:
                ch._sendq.enqueue(w)
            before = w.prev
            if before is not None and before.gp is gp:
                permute(w)
            durable = durable and ch._recvq.bubble is gp.bubble
        elif c.kind == _TIMEOUT and (shortest is None or c.value < shortest.value):
            shortest = c
            place = i
        i += 1
    if shortest is not None:
        w = last = _wait_in(shortest, gp, place, last)
        set_timer(w)
    gp.durable = durable and gp.bubble is not None
    return last


def _wait_in(c: Case[Any], gp: G, i: int, before: Case[Any] | None) -> Case[Any]:
    """Make c, or a copy if c is waiting already, the case at place i that gp waits in."""
    if c.gp is not None:
        c = Case(c.kind, c.chan, c.value)
    c.gp = gp
    c.index = i
    c.link = before
    return c


@called_back
def permute(w: Case[Any]) -> None:
    """Give w, last in its queue, a random place among the waiters of its own select there.

    As Go permutes a select's cases on one channel: whoever comes takes none of them by preference.
    """
    n = 1
    v: Waiter | None = w.prev
    while v is not None and v.gp is w.gp:
        n += 1
        v = v.prev
    other = w
    for _ in range(choose(n)):
        v = other.prev
        assert isinstance(v, Case)
        other = v
    w.index, other.index = other.index, w.index
    w.elem, other.elem = other.elem, w.elem


def leave(gp: G, last: Case[Any] | None) -> Case[Any] | None:
    """Take gp out of all queues; return the case that won, which still has what it received."""
    # As long as it stays set, the places that are left count for nothing: a finalizer may run in between.
    won = gp.selected
    c = last
    while c is not None:
        if c.queue is not None:
            c.queue.remove(c)
        ch = c.chan
        if ch is None:
            stop_timer(c)
        elif ch._timer is not None and c.kind == _RECV:
            ch._timer.blocked(-1)
        before = c.link
        c.gp = c.link = None
        if c is not won:
            c.elem = None
        c = before
    gp.selected = None
    assert won is None or isinstance(won, Case)
    return won


def outcome(c: Case[Any] | None) -> tuple[int, Any, bool]:
    """Tell what the case that won has brought."""
    assert c is not None
    v = c.elem
    c.elem = None
    if c.kind == _RECV:
        return c.index, v, c.success
    if c.kind == _SEND and not c.success:
        raise Panic("send on closed channel")
    return c.index, None, True


def choose(n: int) -> int:
    """Draw a number below n: the one source of chance, so that a seed repeats a program."""
    s = sched
    # Both factors are below 2**30, so that in C the product fits a machine word.
    s.random = s.random * 771645345 % 1073741789
    return s.random % n
