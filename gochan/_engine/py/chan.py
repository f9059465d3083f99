"""Channels (Go's runtime/chan.go).

Invariants
- At least one of `_recvq` and `_sendq` is empty, unless a single select waits in both.
- While there are values in the buffer, `_recvq` is empty; while the buffer has room, `_sendq` is.
- Values are handed off directly: a sender that finds a waiting receiver stores the value in its waiter and
  makes it ready.  A receive from a full buffer moves the first waiting sender's value into the buffer.
- No user code runs within a step: the element type is checked before, and a timer's Time is made after it.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator
from sys import maxsize
from types import GenericAlias
from typing import Any, Final, Generic, NoReturn, TypeVar, final

from .. import events as ev
from ..error import Panic
from .hooks import hooks
from .proc import poll_point, running, wait
from .runq import ready
from .state import G, Waiter, WaitQueue, public, sched
from .step import begin, end
from .time import ChanTimer
from .worker import current

T = TypeVar("T")

_SEND_ON_CLOSED: Final = "send on closed channel"


class _Mark:
    """A value that user code cannot have."""

    __slots__ = ()


# What a receive finds in a closed and empty channel, and in an open and empty one.
END: Final[Any] = _Mark()
WAIT: Final[Any] = _Mark()


@final
@public("gochan")
class Chan(Generic[T]):
    """A channel, through which goroutines send values to each other: Go's `make(chan int)`.

    `Chan[int]()` is unbuffered: a send waits for a receiver.  `Chan[int](3)` has a buffer for three values:
    Go's `make(chan int, 3)`.  `Chan()` takes values of any type.

    Raises `TypeError` if `capacity` is not an int, `ValueError` if it is negative, or above `sys.maxsize`.

    >>> ch = Chan[int](2)
    >>> ch.send(1)
    >>> ch << 2
    >>> len(ch), ch.cap
    (2, 2)
    >>> ch.close()
    >>> list(ch)
    [1, 2]
    >>> ch.recv_ok()
    (0, False)
    """

    __slots__ = (
        "__weakref__",
        "_buf",
        "_capacity",
        "_closed",
        "_cls",
        "_count",
        "_guarded",
        "_recvq",
        "_sendq",
        "_timer",
        "_traced",
        "_type",
        "_zero",
    )

    def __init__(self, capacity: int = 0, /) -> None:
        if type(capacity) is not int:
            raise TypeError(
                f"Chan({capacity!r}): the capacity is an int, Chan[int](3), not {type(capacity).__name__}"
            )
        if capacity < 0:
            raise ValueError(f"Chan({capacity}): the capacity is 0 or more")
        if capacity > maxsize:
            raise ValueError(f"Chan({capacity}): the capacity is at most {maxsize}")
        self._capacity: int = capacity
        self._count: int = 0
        self._buf: deque[Any] = deque() if capacity else _NO_BUFFER
        self._closed: bool = False
        gp = sched.curg
        bubble = None if gp is None or gp.bubble is None or running() is not gp else gp.bubble
        self._recvq: WaitQueue = WaitQueue(bubble)
        self._sendq: WaitQueue = WaitQueue(bubble)
        # Whether each operation must call `_guard` first.
        self._guarded: bool = bubble is not None
        # The class of most values, for a fast check; None if every value fits.
        self._cls: Any = None
        self._type: Any = Any
        self._zero: Any = None
        self._timer: ChanTimer | None = None
        # Its number in recordings; 0: none yet.
        self._traced: int = 0

    @staticmethod
    def _unbubbled(capacity: int) -> Chan[Any]:
        """Make a channel that belongs to no bubble, for values from outside: signals, threads, asyncio."""
        ch: Chan[Any] = Chan(capacity)
        ch._recvq.bubble = ch._sendq.bubble = None
        ch._guarded = False
        return ch

    def __class_getitem__(cls, t: Any, /) -> GenericAlias:
        if isinstance(t, tuple) and len(t) == 1:
            # typing passes a tuple when it substitutes type variables.
            t = t[0]
        hooks.check_type(t)
        return GenericAlias(cls, t)

    @property
    def __orig_class__(self) -> Any:
        return GenericAlias(Chan, self._type)

    @__orig_class__.setter
    def __orig_class__(self, alias: Any) -> None:
        # `Chan[int](3)` calls `Chan(3)` and then sets this attribute.
        t = alias.__args__[0]
        cls, zero = hooks.element(t)
        self._type = t
        self._cls = cls
        self._zero = zero

    def send(self, v: T, /) -> None:
        """Send v, waiting until a receiver or the buffer takes it: Go's `ch <- v`.

        Raises `TypeError` if v is not of the channel's element type, `Panic` if the channel is closed, also
        if that happens while the send waits.
        """
        if self._cls is not None and type(v) is not self._cls:
            hooks.check(self._type, v)
        s = sched
        if (
            self._count < self._capacity
            and self._recvq.first is None
            and not (self._closed or self._guarded or s.step or s.trace is not None)
        ):
            self._count += 1
            self._buf.append(v)
            return

        def attempt() -> bool:
            if self._guarded:
                self._guard("send on")
            if not self._try_send(v):
                return False
            if s.trace is not None:
                s.trace.chan(ev.SEND, self)
            return True

        def enqueue(gp: G) -> None:
            gp._elem = v
            self._sendq.enqueue(gp)

        tracer = s.trace
        if tracer is not None and tracer.values:
            # Another thread may stop the recording in between.
            tracer.value = hooks.trace_value(v)
        # Without an `undo`: what a receiver has taken stays sent, also if an exception ends the wait.
        gp = wait("chan send", attempt, enqueue, of=self)
        if gp is not None:
            gp._elem = None
            if not gp._success:
                raise Panic(_SEND_ON_CLOSED)

    def __lshift__(self, v: T, /) -> None:
        """Send v: the same as `ch.send(v)`."""
        self.send(v)

    def __rlshift__(self, v: object, /) -> NoReturn:
        """Raise `TypeError`: the channel is on the left side."""
        raise TypeError(f"{v!r} << ch: the channel stands first; to send, write ch << {v!r}")

    def recv(self) -> T:
        """Receive the next value, waiting until there is one: Go's `<-ch`.

        Once the channel is closed and empty, returns the zero value of the element type at once: 0, 0.0,
        False, "", b"", and None for any other type.
        """
        v = self._recv("chan receive")
        return self._zero if v is END else v  # type: ignore[no-any-return]

    def recv_ok(self) -> tuple[T, bool]:
        """Receive a value, and return it and True: Go's `v, ok := <-ch`.

        Once the channel is closed and empty, returns the zero value of the element type and False.
        """
        v = self._recv("chan receive")
        return (self._zero, False) if v is END else (v, True)

    def close(self) -> None:
        """Close the channel, so that no more values can be sent: Go's `close(ch)`.

        Receivers get the values that are still buffered, then zero values.

        Raises `Panic` if the channel is closed already.  Sends that are waiting raise `Panic`, too.
        """
        before = begin()
        try:
            if self._guarded:
                self._guard("close of")
            if self._closed:
                raise Panic("close of closed channel")
            if self._timer is not None:
                raise Panic("close of a timer's channel")
            self._closed = True
            if sched.trace is not None:
                sched.trace.chan(ev.CLOSE, self)
            # As in Go: all waiters are collected before any is made ready, and the last in line is readied
            # first.  `ready` gives each the run-next slot, so the first in line runs first, then the rest in
            # reverse.  Only a select that waits in both queues is in both; it gets its receive.
            waiters: list[Waiter] = []
            for queue in (self._recvq, self._sendq):
                w = queue.dequeue()
                while w is not None:
                    w._success = False
                    waiters.append(w)
                    w = queue.dequeue()
            while waiters:
                wake(waiters.pop())
        finally:
            end(before)

    @property
    def cap(self) -> int:
        """The capacity of the buffer: Go's `cap(ch)`."""
        return 0 if self._timer is not None else self._capacity

    def __len__(self) -> int:
        # So that a loop that waits for a length lets other goroutines run.
        poll_point()
        return self._len()

    def __bool__(self) -> bool:
        return True

    def __iter__(self) -> Iterator[T]:
        return self

    def __next__(self) -> T:
        v = self._recv("chan receive")
        if v is END:
            raise StopIteration
        return v  # type: ignore[no-any-return]

    def __repr__(self) -> str:
        kind = "Chan" if self._type is Any else f"Chan[{hooks.type_name(self._type)}]"
        state = "closed" if self._closed else "open"
        return f"<{kind} len={self._len()} cap={self.cap} {state} at {id(self):#x}>"

    # --- for gochan's other modules ---

    def _can_recv(self) -> bool:
        """Return whether a receive would return at once."""
        before = begin()
        try:
            return self._recv_ready()
        finally:
            end(before)

    def _offer(self, v: Any, /) -> bool:
        """Send v if that needs no waiting; return False if the channel is closed or full."""
        before = begin()
        try:
            if self._closed or not self._try_send(v):
                return False
            if sched.trace is not None:
                sched.trace.chan(ev.SEND, self)
            return True
        finally:
            end(before)

    def _wait(self, reason: str, /) -> None:
        """Receive a value and drop it; `reason` is what the caller waits for in the eyes of the user."""
        self._recv(reason)

    def _give_back(self, v: Any, /) -> None:
        """Put back a received value, as the next one to be received, because the receive was canceled."""
        before = begin()
        try:
            self._put_back(v)
        finally:
            end(before)

    # --- for this file and select ---

    def _recv(self, reason: str) -> Any:
        """Receive the next value; return END once the channel is closed and empty."""
        s = sched
        if self._count and self._sendq.first is None and not (self._guarded or s.step or s.trace is not None):
            self._count -= 1
            return self._buf.popleft()
        v: Any = WAIT

        def attempt() -> bool:
            nonlocal v
            if self._guarded:
                self._guard("receive on")
            v = self._try_recv()
            if v is WAIT:
                return False
            if s.trace is not None:
                s.trace.chan(ev.RECV, self)
            return True

        of = self if reason == "chan receive" else None
        gp = wait(reason, attempt, self._enqueue_recv, self._undo_recv, self._cancel_recv, of)
        if s.trace is not None and s.trace.values and gp is None and v is not END and self._timer is None:
            try:
                record_value(v)
            except BaseException:
                # A signal handler has raised.
                self._give_back(v)
                raise
        if gp is not None:
            # Nothing is called before this, so no signal handler can raise and lose the value.
            v = gp._elem if gp._success else END
            gp._elem = None
        if self._timer is not None:
            if gp is not None:
                self._end_waiting()
            return hooks.make_time(*v)
        if v is END and gp is None:
            # A loop that receives from a closed channel never parks.
            poll_point()
        return v

    def _enqueue_recv(self, gp: G) -> None:
        """Put gp, which is to wait for a value, into the queue of receivers."""
        self._recvq.enqueue(gp)
        if self._timer is not None:
            self._timer.begin_waiting()
            gp.when = self._timer.due()

    def _cancel_recv(self, gp: G) -> None:
        """Take back `_enqueue_recv`."""
        if self._timer is not None:
            self._timer.end_waiting()

    def _undo_recv(self, gp: G, woken: bool) -> None:
        """Give back what gp has received, because an exception has ended its wait."""
        v, gp._elem = gp._elem, None
        self._cancel_recv(gp)
        if gp._success:
            gp._success = False
            self._put_back(v)

    def _try_recv(self) -> Any:
        """Receive a value if that needs no waiting; END: none will come any more; WAIT: there is none yet."""
        if self._count:
            self._count -= 1
            v = self._buf.popleft()
            if self._sendq.first is not None and self._count < self._capacity:
                w = self._sendq.dequeue()
                if w is not None:
                    self._count += 1
                    self._buf.append(take(w))
            return v
        if self._sendq.first is not None:
            w = self._sendq.dequeue()
            if w is not None:
                return take(w)
        return END if self._closed else WAIT

    def _try_send(self, v: Any) -> bool:
        """Send v if that needs no waiting, and return whether it was sent."""
        if self._closed:
            raise Panic(_SEND_ON_CLOSED)
        if self._recvq.first is not None:
            w = self._recvq.dequeue()
            if w is not None:
                w._elem = v
                w._success = True
                wake(w)
                return True
        if self._count < self._capacity:
            self._count += 1
            self._buf.append(v)
            return True
        return False

    def _recv_ready(self) -> bool:
        """Return whether a receive would return at once."""
        if self._guarded:
            self._guard("select on")
        return self._count > 0 or self._closed or (self._sendq.first is not None and self._sendq.waiting())

    def _send_ready(self) -> bool:
        """Return whether a send would return, or panic, at once."""
        if self._guarded:
            self._guard("select on")
        return (
            self._closed
            or self._count < self._capacity
            or (self._recvq.first is not None and self._recvq.waiting())
        )

    def _put_back(self, v: Any) -> None:
        """Make v, which was received, the next value to be received.  In a step."""
        w = self._recvq.dequeue()
        if w is not None:
            w._elem = v
            w._success = True
            wake(w)
            return
        if self._buf is _NO_BUFFER:
            self._buf = deque()
        # This may be one more than the capacity, since the sender of v has returned.
        self._count += 1
        self._buf.appendleft(v)

    def _end_waiting(self) -> None:
        """Let the timer know that a wait has ended."""
        before = begin()
        try:
            assert self._timer is not None
            self._timer.end_waiting()
        finally:
            sched.step = before

    def _set_timer(self, timer: ChanTimer) -> None:
        """Make this a timer's channel."""
        self._timer = timer
        self._guarded = True

    def _guard(self, what: str) -> None:
        """Raise `Panic` if the caller is outside of the channel's bubble; fire the timer if it is due."""
        bubble = self._recvq.bubble
        if bubble is not None:
            gp = sched.curg
            if gp is None or gp.bubble is not bubble or current() is not gp.greenlet:
                raise Panic(f"{what} synctest channel from outside bubble")
        if self._timer is not None:
            self._timer.fire_if_due()

    def _len(self) -> int:
        # A timer's channel looks unbuffered, since stop and reset can still drop its value.
        return self._count if self._timer is None else 0

    def _drain(self) -> bool:
        """Drop the buffered values, of a timer that is stopped; return whether there were any."""
        found = self._count > 0
        self._count = 0
        self._buf.clear()
        return found


# The buffer of all channels that have none.
_NO_BUFFER: Final[deque[Any]] = deque(maxlen=0)


def take(w: Waiter) -> Any:
    """Take the value of a waiting sender, and make the sender ready."""
    v = w._elem
    w._elem = None
    w._success = True
    wake(w)
    return v


def record_value(v: object) -> None:
    """Record the value that the caller has received without a wait."""
    record_text(hooks.trace_value(v))


def record_text(text: int) -> None:
    """Record that the caller has received the value of this text without a wait, or sent it in a select."""
    before = begin()
    try:
        if sched.trace is not None:
            sched.trace.received(text)
    finally:
        end(before)


def wake(w: Waiter) -> None:
    """Make the goroutine of a dequeued waiter ready."""
    gp = w._gp
    ready(w if gp is None else gp)  # type: ignore[arg-type]
