"""select and its cases (Go's runtime/select.go).

In one step, a select checks which of its cases can run, and runs one of those, chosen at random.  If there is
none, it takes the default, or it enqueues all cases, in the order given, and parks.  The case that is
dequeued first wins and becomes `G.selected`.  When the goroutine resumes, it takes the other cases out of
their queues.

Invariants
- A case waits for at most one goroutine, `_gp`.  If it is waiting already, because it is used in several
  selects or twice in one, a copy of it waits instead.
- A case that does not wait refers to nothing but its channel and the value to send.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from datetime import timedelta
from opcode import opmap
from sys import is_finalizing
from types import GenericAlias
from typing import TYPE_CHECKING, Any, Final, Generic, NoReturn, TypeVar, final, overload
from warnings import warn

from .. import events as ev
from ..ends import RecvChan, SendChan
from ..error import Panic
from .chan import END, Chan, record_text, record_value
from .hooks import hooks
from .proc import poll_point, timers, wait
from .runq import ready
from .state import IDLE, WAITING, G, Waiter, new_goroutine, public, sched
from .step import MAX_TRIES, begin, end, silence
from .time import HeapTimer, deadline

if TYPE_CHECKING:
    from ..selected import (
        A,
        B,
        C,
        D,
        E,
        F,
        H,
        I,
        Result1,
        Result2,
        Result3,
        Result4,
        Result5,
        Result6,
        Result7,
        Result8,
    )

T = TypeVar("T")
V_co = TypeVar("V_co", covariant=True)

_RECV: Final = 0
_SEND: Final = 1
_TIMEOUT: Final = 2
_DEFAULT: Final = 3

# The instructions with which a statement drops a case: an expression statement, an assignment, del.
_DROPS: Final = frozenset(
    code for name, code in opmap.items() if name.startswith(("POP_TOP", "STORE_", "DELETE_"))
)

# What to write instead of a case that no select got.
_ADVICE: Final = (
    "to receive, write ch.recv()",
    "to send, write ch.send(v)",
    "to wait, write time.sleep(seconds)",
)

# The results of `poll` if no case can run now, and if a case is not valid.
_NONE: Final = -1
_BAD: Final = -2


@final
@public("gochan")
class Case(Waiter, Generic[V_co]):
    """A case of a select, made by `recv`, `send` or `timeout`.

    The type parameter is the type of the value that select returns for this case.

    >>> from gochan import Chan, recv, select, timeout
    >>> cases = [recv(Chan[int]()), timeout(0.001)]
    >>> select(*cases)
    (1, None, True)
    """

    __slots__ = ("_chan", "_given", "_index", "_kind", "_link", "_text", "_timer", "_value")

    _kind: int
    _chan: Chan[Any] | None
    # The value to send, or the timeout in seconds.
    _value: Any
    # While it waits: its index in the select, the select's case that was enqueued before it, a timeout's
    # timer.
    _index: int
    _link: Case[Any] | None
    _timer: Expiry | None
    # The number of the text of the value to send, in a recording of values; 0: none.
    _text: int
    # Whether a select got it.  If no select ever does, that is a mistake, and gochan warns.
    _given: bool

    def __init__(self, *args: object, **kwargs: object) -> None:
        self._given = True  # for __del__
        raise TypeError("a Case is made by recv(ch), send(ch, v) or timeout(seconds)")

    def __class_getitem__(cls, t: Any, /) -> GenericAlias:
        return GenericAlias(cls, t)

    def __repr__(self) -> str:
        if self._kind == _RECV:
            return f"recv({self._chan!r})"
        if self._kind == _SEND:
            return f"send({self._chan!r}, ...)"
        return f"timeout({self._value!r})" if self._kind == _TIMEOUT else "default"

    def __del__(self, is_finalizing: Callable[[], bool] = is_finalizing) -> None:
        if self._given or is_finalizing():
            return
        frame = sys._getframe(1)
        dropped = frame.f_code.co_code[frame.f_lasti] in _DROPS and not frame.f_globals.get(
            "__name__", ""
        ).startswith("gochan.")
        # If neither is true, an exception may have prevented the select.  (The garbage collector holds one
        # more reference to a case that it frees.)
        if dropped or sys.getrefcount(self) > 3:
            advice = _ADVICE[self._kind]
            warn(f"case {self!r} was never given to select; {advice}", RuntimeWarning, stacklevel=2)


def new_case(kind: int, chan: Chan[Any] | None, value: Any) -> Case[Any]:
    """Make a Case."""
    c: Case[Any] = object.__new__(Case)
    c._gp = c._next = c._prev = c._queue = c._elem = None
    c._success = False
    c._kind = kind
    c._chan = chan
    c._value = value
    c._text = 0
    c._given = kind == _DEFAULT
    c._index = 0
    c._link = c._timer = None
    return c


def recv(ch: RecvChan[T] | None, /) -> Case[T]:
    """Return a case for select that receives from ch: Go's `case v, ok := <-ch`.

    If ch is None, Go's nil channel, the case is never ready.

    Raises `TypeError` if ch is not a channel.

    >>> from gochan import Chan, recv, select
    >>> words = Chan[str](1)
    >>> words << "hello"
    >>> select(recv(words), recv(None))
    (0, 'hello', True)
    """
    if ch is not None and not isinstance(ch, Chan):
        raise TypeError(f"recv: {ch!r} is not a Chan; give a channel, or None for a case that is never ready")
    return new_case(_RECV, ch, None)


def send(ch: SendChan[T] | None, v: T, /) -> Case[None]:
    """Return a case for select that sends v into ch: Go's `case ch <- v`.

    If ch is None, Go's nil channel, the case is never ready.

    Raises `TypeError` if ch is not a channel or v is not of its element type.

    >>> from gochan import Chan, default, select, send
    >>> slots = Chan[int](1)
    >>> [select(send(slots, n), default)[0] for n in (1, 2)]
    [0, 1]
    """
    if ch is None:
        return new_case(_SEND, None, v)
    if not isinstance(ch, Chan):
        raise TypeError(f"send: {ch!r} is not a Chan; give a channel, or None for a case that is never ready")
    if ch._cls is not None and type(v) is not ch._cls:
        hooks.check(ch._type, v)
    return new_case(_SEND, ch, v)


def timeout(d: float | timedelta, /) -> Case[None]:
    """Return a case for select that runs when the select has waited for d: Go's `case <-time.After(d)`.

    d is a number of seconds or a timedelta.  If it is 0, negative or NaN, the case runs when no other is
    ready.

    Raises `TypeError` if d is not a duration.

    >>> from gochan import Chan, recv, select, timeout
    >>> match select(recv(Chan[int]()), timeout(0.001)):
    ...     case 0, number, _:
    ...         print(number)
    ...     case _:
    ...         print("too late")
    too late
    """
    return new_case(_TIMEOUT, None, d if type(d) is float else hooks.seconds("timeout", d))


default: Final[Case[None]] = new_case(_DEFAULT, None, None)


@final
class Expiry(HeapTimer):
    """The timer of a timeout that a select waits for."""

    __slots__ = ("case",)

    def __init__(self, case: Case[Any]) -> None:
        super().__init__()
        self.case = case

    def fire(self, now: int) -> None:
        """Let the timeout's case win."""
        case = self.case
        gp = case._gp
        if gp is not None and gp.selected is None:
            gp.selected = case
            case._success = True
            ready(gp)


@overload
def select() -> NoReturn: ...
@overload
def select(c0: Case[A], /) -> Result1[A]: ...
@overload
def select(c0: Case[A], c1: Case[B], /) -> Result2[A, B]: ...
@overload
def select(c0: Case[A], c1: Case[B], c2: Case[C], /) -> Result3[A, B, C]: ...
@overload
def select(c0: Case[A], c1: Case[B], c2: Case[C], c3: Case[D], /) -> Result4[A, B, C, D]: ...
@overload
def select(c0: Case[A], c1: Case[B], c2: Case[C], c3: Case[D], c4: Case[E], /) -> Result5[A, B, C, D, E]: ...
@overload
def select(
    c0: Case[A], c1: Case[B], c2: Case[C], c3: Case[D], c4: Case[E], c5: Case[F], /
) -> Result6[A, B, C, D, E, F]: ...
@overload
def select(
    c0: Case[A], c1: Case[B], c2: Case[C], c3: Case[D], c4: Case[E], c5: Case[F], c6: Case[H], /
) -> Result7[A, B, C, D, E, F, H]: ...
@overload
def select(
    c0: Case[A], c1: Case[B], c2: Case[C], c3: Case[D], c4: Case[E], c5: Case[F], c6: Case[H], c7: Case[I], /
) -> Result8[A, B, C, D, E, F, H, I]: ...
@overload
def select(*cases: Case[Any]) -> tuple[int, Any, bool]: ...
def select(*cases: Case[Any]) -> Any:
    """Wait until one of the cases can run, and run it: Go's `select`.

    If several can run, one of them is chosen at random; if none can, `default` runs.  Without cases, waits
    forever: Go's `select {}`.

    Returns `(index, value, ok)`: the index of the case that ran, the value that it received (None unless it
    is a receive), and whether the channel was open (True for a send or a timeout, False for default).

    Raises `Panic` if the chosen case sends on a closed channel, `TypeError` if an argument is not a case,
    `ValueError` if default is given twice.

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
    if sched.trace is not None:
        _record_values(cases)
    chosen = -1
    v: Any = None

    def attempt() -> bool:
        nonlocal chosen, v
        chosen = poll(cases)
        if chosen >= 0:
            v = run_case(cases[chosen])
        return chosen != _NONE

    gp = wait(
        "select" if cases else "select (no cases)",
        attempt,
        lambda gp: enqueue(gp, cases),
        lambda gp, woken: give_back(leave(gp)),
        leave,
    )
    if gp is None:
        if chosen == _BAD:
            raise_bad_case(cases)
        return outcome(cases[chosen], chosen, v, False)
    try:
        c, i, v = take_result(gp)
    except BaseException:
        # A signal handler has raised.
        before = begin()
        try:
            give_back(leave(gp))
        finally:
            end(before)
        raise
    return outcome(c, i, v, True)


def raise_bad_case(cases: tuple[Case[Any], ...]) -> None:
    """Raise the exception for what is not a case, or a second default.  Between steps: it calls repr."""
    _mark_given(cases)
    fallback = -1
    for i, c in enumerate(cases):
        if type(c) is not Case:
            raise TypeError(
                f"select: case {i} is {c!r}; a case is recv(ch), send(ch, v), timeout(seconds) or default"
            )
        if c._kind == _DEFAULT:
            if fallback >= 0:
                raise ValueError(f"select: cases {fallback} and {i} are both default; give at most one")
            fallback = i


def _mark_given(cases: tuple[Case[Any], ...]) -> None:
    """Mark cases as given to a select that raises before it has polled all of them."""
    for c in cases:
        if type(c) is Case:
            c._given = True


def outcome(c: Case[Any], i: int, v: Any, waited: bool) -> tuple[int, Any, bool]:
    """Return the result of a select after its step, in which c, the case i, ran and received v.

    Raises `Panic` if c is a send and the channel was closed.
    """
    if sched.trace is not None and sched.trace.values and not waited and v is not END:
        _record_value(c, v)
    if c._kind == _RECV:
        ch = c._chan
        assert ch is not None
        if v is END:
            if not waited:
                poll_point()
            return i, ch._zero, False
        return i, v if ch._timer is None else hooks.make_time(*v), True
    if v is END:
        raise Panic("send on closed channel")
    if c._kind != _SEND and not waited:
        # A loop with a default never waits.
        poll_point()
    return i, None, c._kind != _DEFAULT


def _record_values(cases: tuple[Case[Any], ...]) -> None:
    """Keep the texts of the values that may be sent, if values are recorded.

    This is done before anything else, since a signal handler may raise in it.
    """
    if sched.trace is None or not sched.trace.values:
        return
    try:
        for c in cases:
            if type(c) is Case and c._kind == _SEND:
                c._text = hooks.trace_value(c._value)
    except BaseException:
        _mark_given(cases)
        raise


def _record_value(c: Case[Any], v: Any) -> None:
    """Record the value that c has sent or received; if that fails, give back what it received."""
    ch = c._chan
    if ch is None or ch._timer is not None:
        return
    if c._kind == _SEND:
        if c._text:
            record_text(c._text)
        return
    try:
        record_value(v)
    except BaseException:
        ch._give_back(v)
        raise


# --- the steps of a select -------------------------------------------------------------------------------


def poll(cases: tuple[Case[Any], ...]) -> int:
    """Return the index of a case that can run now; if none can, of the default or of a timeout that is over.

    Returns _NONE if there is none, _BAD if one of them is not a Case or there are two defaults.
    """
    chosen = -1
    found = 0
    fallback = -1
    over = -1
    i = 0
    for c in cases:
        if type(c) is not Case:
            return _BAD
        c._given = True
        ch = c._chan
        if ch is not None:
            try:
                can_run = ch._recv_ready() if c._kind == _RECV else ch._send_ready()
            except Panic:
                _mark_given(cases)
                raise
            if can_run:
                found += 1
                if found == 1 or (found <= sched.ready_case if sched.ready_case else choose(found) == 0):
                    chosen = i
        elif c._kind == _DEFAULT:
            if fallback >= 0:
                return _BAD
            fallback = i
        elif c._kind == _TIMEOUT and over < 0 and not c._value > 0:
            over = i
        i += 1
    if found:
        return chosen
    return fallback if fallback >= 0 else over


def count_ready(cases: tuple[Case[Any], ...], /) -> int:
    """Return how many of the cases can run now, default and timeouts not counted, and mark them as given.

    For gochan.explore, which may end the run before the select.
    """
    found = 0
    for c in cases:
        if type(c) is not Case:
            continue
        c._given = True
        if c._chan is not None:
            found += c._chan._recv_ready() if c._kind == _RECV else c._chan._send_ready()
    return found


def run_case(c: Case[Any]) -> Any:
    """Run a case that can run now; return the received value, or END if the channel is closed."""
    ch = c._chan
    if ch is None:
        return None
    if c._kind == _RECV:
        v = ch._try_recv()
        if sched.trace is not None:
            sched.trace.chan(ev.RECV, ch)
        return v
    if ch._closed:
        return END
    ch._try_send(c._value)
    if sched.trace is not None:
        sched.trace.chan(ev.SEND, ch)
    return None


def enqueue(gp: G, cases: tuple[Case[Any], ...]) -> None:
    """Put each case into its channel's queue, and set a timer for the shortest timeout."""
    shortest: Case[Any] | None = None
    index = 0
    durable = True
    gp.selected = gp.cases = None
    i = 0
    for c in cases:
        ch = c._chan
        if ch is not None:
            w = _wait_in(c, gp, i)
            w._elem = c._value
            if c._kind == _RECV:
                ch._recvq.enqueue(w)
                timer = ch._timer
                if timer is not None:
                    timer.begin_waiting()
                    gp.when = min(gp.when or timer.due(), timer.due())
            else:
                ch._sendq.enqueue(w)
            before = w._prev
            if before is not None and before._gp is gp:
                permute(w)
            durable = durable and ch._recvq.bubble is gp.bubble
        elif c._kind == _TIMEOUT and (shortest is None or c._value < shortest._value):
            shortest = c
            index = i
        i += 1
    if shortest is not None:
        w = _wait_in(shortest, gp, index)
        w._timer = expiry = Expiry(w)
        clock = timers()
        due = deadline(clock.now(), w._value)
        clock.add(expiry, due)
        gp.when = min(gp.when or due, due)
    gp.durable = durable and gp.bubble is not None


def _wait_in(c: Case[Any], gp: G, i: int) -> Case[Any]:
    """Make c the case i that gp waits in, or a copy of c if that is waiting already; return it."""
    if c._gp is not None:
        c = new_case(c._kind, c._chan, c._value)
        c._given = True
    c._gp = gp
    c._index = i
    c._success = False
    c._link = gp.cases
    gp.cases = c
    return c


def permute(w: Case[Any]) -> None:
    """Swap w, the last in its queue, with a random one of its select's cases in this queue.

    Go enqueues the cases in random order, so that of several cases for one channel none is preferred.
    """
    n = 1
    v: Waiter | None = w._prev
    while v is not None and v._gp is w._gp:
        n += 1
        v = v._prev
    other = w
    for _ in range(choose(n)):
        v = other._prev
        assert isinstance(v, Case)
        other = v
    w._index, other._index = other._index, w._index
    w._elem, other._elem = other._elem, w._elem


def leave(gp: G) -> Case[Any] | None:
    """Take gp's cases out of their queues; return the one that won, which still has what it received."""
    # `selected` stays set until the end: a finalizer may run in between, and must not find a waiting case.
    selected = gp.selected
    c = gp.cases
    while c is not None:
        if c._queue is not None:
            c._queue.remove(c)
        ch = c._chan
        if ch is None:
            timer, c._timer = c._timer, None
            if timer is not None and timer.timers is not None:
                timer.timers.remove(timer)
        elif ch._timer is not None and c._kind == _RECV:
            ch._timer.end_waiting()
        before = c._link
        c._gp = c._link = None
        if c is not selected:
            c._elem = None
        c = before
    gp.selected = gp.cases = None
    gp.when = 0
    return selected


def take_result(gp: G) -> tuple[Case[Any], int, Any]:
    """Return the case that has won gp's select, its index, and what it received.  Ends the wait."""
    before = begin()
    try:
        c = leave(gp)
        assert c is not None
        v, c._elem = c._elem, None
        if c._kind == _SEND:
            return c, c._index, None if c._success else END
        return c, c._index, v if c._success else END
    finally:
        sched.step = before


def give_back(c: Case[Any] | None) -> None:
    """Put back the value that c, the case that has won, has received.  A value that was sent stays sent."""
    if c is None:
        return
    v, c._elem = c._elem, None
    if c._kind == _RECV and c._success and c._chan is not None:
        c._chan._put_back(v)


def choose(n: int) -> int:
    """Return a random number below n.  It is the engine's only source of chance, so a seed repeats a run."""
    s = sched
    # Both factors are below 2**30, so that the product fits a machine word in C.
    s.random = s.random * 771645345 % 1073741789
    return s.random % n


# --- aio.select: a select that an asyncio task waits for ---------------------------------------------------


@final
class AsyncSelect:
    """A select that an asyncio task waits for.  Its G is in the queues instead of a goroutine."""

    __slots__ = ("gp", "over")

    def __init__(self, gp: G) -> None:
        self.gp = gp
        # Whether `result` or `cancel` was called.
        self.over: bool = False

    def result(self) -> tuple[int, Any, bool]:
        """Do what G.result does."""
        if self.over or self.gp.selected is None:
            raise RuntimeError("G.result: no case has won")
        self.over = True
        c, i, v = take_result(self.gp)
        return outcome(c, i, v, True)

    def cancel(self) -> bool:
        """Do what G.cancel does."""
        gp = self.gp
        before = begin()
        try:
            if self.over:
                return False
            self.over = True
            give_back(leave(gp))
            if gp.status == WAITING:
                # It will never run.
                gp.status = IDLE
                gp.waiting = ""
                gp.fn = None
                gp.args = ()
        finally:
            end(before)
        return True


def select_async(cases: tuple[Case[Any], ...], fn: Callable[[G], object], /) -> tuple[int, Any, bool] | G:
    """Do a select without waiting: return its result, or a G that waits for it.

    When a case wins, the G becomes a goroutine that calls fn(g).  `g.result()` returns the select's result;
    `g.cancel()` cancels it.
    """
    if sched.trace is not None:
        _record_values(cases)
    gp = new_goroutine()
    gp.parent = 1
    gp.pending = AsyncSelect(gp)
    gp.uncounted = True
    gp.fn = fn
    gp.args = (gp,)
    tries = 0
    restore: Callable[[], None] | None = None
    before = begin()
    try:
        while True:
            if tries > MAX_TRIES and restore is None:
                restore = silence()
            tries += 1
            seen = sched.nested
            chosen = poll(cases)
            if chosen >= 0:
                v = run_case(cases[chosen])
                break
            if chosen == _BAD:
                break
            gp.status = WAITING
            gp.waiting = "select" if cases else "select (no cases)"
            gp.since = 0
            enqueue(gp, cases)
            if sched.nested == seen or gp.selected is not None:
                return gp
            leave(gp)
    finally:
        end(before)
        if restore is not None:
            restore()
    # gp was returned to no caller.
    gp.args = ()
    gp.pending = None
    if chosen == _BAD:
        raise_bad_case(cases)
    return outcome(cases[chosen], chosen, v, False)
