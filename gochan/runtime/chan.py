"""Channels (Go's runtime/chan.go).

Invariants
- At least one of `_recvq` and `_sendq` is empty, but for a goroutine that waits in both with one select.
- Values in the buffer mean that nobody waits in `_recvq`; room in the buffer, that nobody waits in `_sendq`.
- A value goes from hand to hand: a sender that finds a receiver waiting writes into its waiter and makes it
  ready; a receiver that takes from a full buffer moves the first waiting sender's value in behind.
- Nothing runs the user's code between the first look at a channel and the last change to it: the element
  type is checked before.
"""

from __future__ import annotations

from _thread import get_ident
from collections.abc import Iterator
from types import GenericAlias, NoneType
from typing import Any, Final, Generic, NoReturn, TypeVar, final, overload

from .accelerate import COMPILED, accelerated
from .elem import check_type, fits, name, zero
from .ends import RecvChan, SendChan
from .error import Panic
from .proc import blocker, keep_out, park, poll_point, ready
from .runtime2 import G, Waiter, WaitQueue, sched
from .time import ChanTimer

T = TypeVar("T")

# A buffer starts no larger than this and grows as it fills: a large capacity costs nothing until used.
_FIRST: Final = 16

_SEND_ON_CLOSED: Final = "send on closed channel"


@final
@accelerated
class Chan(Generic[T]):
    """A channel: goroutines send values into it and receive them from it, in order.

    `Chan[int]()` is unbuffered: a send waits for its receiver.  `Chan[int](3)` holds up to three values
    that wait.  `Chan()` takes values of any type.  Answers to Go's `make(chan int)`, `make(chan int, 3)`.

    capacity is an int of 0 or more: TypeError or ValueError otherwise.

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

    def __init__(self, capacity: int = 0, /) -> None:
        if type(capacity) is not int:
            raise TypeError(
                f"Chan({capacity!r}): the capacity is an int, Chan[int](3), not {type(capacity).__name__}"
            )
        if capacity < 0:
            raise ValueError(f"Chan({capacity}): the capacity is 0 or more")
        self._capacity: int = capacity
        self._count: int = 0
        self._recvx: int = 0
        self._sendx: int = 0
        self._size: int = capacity if capacity < _FIRST else _FIRST
        self._buf: list[Any] = [None] * self._size
        self._closed: bool = False
        gp = sched.curg
        bubble = None if gp is None else gp.bubble
        self._recvq: WaitQueue = WaitQueue(bubble)
        self._sendq: WaitQueue = WaitQueue(bubble)
        # Whether each use must look at the bubble, the timer or the thread first.
        self._guarded: bool = bubble is not None or not COMPILED
        # The class that nearly every value is of; None lets all pass.
        self._cls: Any = None
        self._type: Any = Any
        self._zero: Any = None
        self._timer: ChanTimer | None = None

    @staticmethod
    def _unbubbled(capacity: int) -> Chan[Any]:
        """Make a channel that is no bubble's, wherever this is called: for what comes from outside."""
        ch: Chan[Any] = Chan(capacity)
        ch._recvq.bubble = ch._sendq.bubble = None
        ch._guarded = False
        return ch

    def __class_getitem__(cls, t: Any, /) -> GenericAlias:
        if isinstance(t, tuple) and len(t) == 1:
            # As typing asks for a type again, when it has looked into its arguments.
            t = t[0]
        check_type(t)
        return GenericAlias(cls, t)

    @property
    def __orig_class__(self) -> Any:
        return GenericAlias(Chan, self._type)

    @__orig_class__.setter
    def __orig_class__(self, alias: Any) -> None:
        # `Chan[int](3)` is `Chan(3)`, and then this.
        t = alias.__args__[0]
        self._type = t
        self._zero = zero(t)
        if t is None:
            self._cls = NoneType
        else:
            self._cls = None if t is Any or t is object or isinstance(t, (TypeVar, str)) else t

    def send(self, v: T, /) -> None:
        """Send v, waiting until a receiver or the buffer takes it: Go's `ch <- v`.

        Raises TypeError if v is not of the channel's element type, Panic on a closed channel, also when it
        is closed while the send waits.
        """
        if self._cls is not None and type(v) is not self._cls:
            self._check(v)
        if self._guarded:
            self._guard("send on")
        if self._closed:
            raise Panic(_SEND_ON_CLOSED)
        w = self._recvq.dequeue()
        if w is not None:
            w.elem = v
            w.success = True
            wake(w)
            return
        if self._count < self._capacity:
            self._push(v)
            return
        gp = blocker()
        gp.elem = v
        self._sendq.enqueue(gp)
        park(gp, "chan send")
        gp.elem = None
        if not gp.success:
            raise Panic(_SEND_ON_CLOSED)

    def __lshift__(self, v: T, /) -> None:
        """`ch << v` is `ch.send(v)`."""
        self.send(v)

    def __rlshift__(self, v: object, /) -> NoReturn:
        raise TypeError(f"{v!r} << ch: the channel stands first; to send, write ch << {v!r}")

    def recv(self) -> T:
        """Receive the next value, waiting for it: Go's `<-ch`.

        From a closed channel whose values are all taken it returns the zero value of the element type at
        once: 0, 0.0, False, "", b"", and None for the rest.
        """
        if self._guarded:
            self._guard("receive on")
        if self._count:
            return self._pop()  # type: ignore[no-any-return]
        w = self._sendq.dequeue()
        if w is not None:
            return take(w)  # type: ignore[no-any-return]
        if self._closed:
            return self._zero  # type: ignore[no-any-return]
        gp = blocker()
        self._recvq.enqueue(gp)
        if self._timer is None:
            park(gp, "chan receive")
        else:
            self._park_on_timer(gp)
        v = gp.elem
        gp.elem = None
        return v  # type: ignore[no-any-return]

    def recv_ok(self) -> tuple[T, bool]:
        """Receive the next value and True, or the zero value and False once the channel is closed and empty.

        Go's `v, ok := <-ch`.
        """
        if self._guarded:
            self._guard("receive on")
        if self._count:
            return self._pop(), True
        w = self._sendq.dequeue()
        if w is not None:
            return take(w), True
        if self._closed:
            return self._zero, False
        gp = blocker()
        self._recvq.enqueue(gp)
        if self._timer is None:
            park(gp, "chan receive")
        else:
            self._park_on_timer(gp)
        v = gp.elem
        gp.elem = None
        return v, gp.success

    def close(self) -> None:
        """Close the channel: no more values will be sent.  Go's `close(ch)`.

        Receivers get what is still buffered, then zero values; senders that wait get a Panic, and so does
        a second close.
        """
        if self._guarded:
            self._guard("close of")
        if self._closed:
            raise Panic("close of closed channel")
        if self._timer is not None:
            raise Panic("close of a timer's channel")
        self._closed = True
        # Go collects all waiters on a stack before it makes any ready: the last in line comes first.
        waiters: list[Waiter] = []
        while True:
            w = self._recvq.dequeue()
            if w is None:
                break
            w.elem = self._zero
            w.success = False
            waiters.append(w)
        while True:
            w = self._sendq.dequeue()
            if w is None:
                break
            w.elem = None
            w.success = False
            waiters.append(w)
        while waiters:
            wake(waiters.pop())

    @property
    def cap(self) -> int:
        """How many values the buffer holds at most: Go's `cap(ch)`."""
        return 0 if self._timer is not None else self._capacity

    def __len__(self) -> int:
        # Nothing else lets the others run in a loop that waits for a length.
        poll_point()
        return self._len()

    def __bool__(self) -> bool:
        return True

    def __iter__(self) -> Iterator[T]:
        return self

    def __next__(self) -> T:
        if self._guarded:
            self._guard("receive on")
        if self._count:
            return self._pop()  # type: ignore[no-any-return]
        w = self._sendq.dequeue()
        if w is not None:
            return take(w)  # type: ignore[no-any-return]
        if self._closed:
            raise StopIteration
        gp = blocker()
        self._recvq.enqueue(gp)
        if self._timer is None:
            park(gp, "chan receive")
        else:
            self._park_on_timer(gp)
        v = gp.elem
        gp.elem = None
        if not gp.success:
            raise StopIteration
        return v  # type: ignore[no-any-return]

    def __repr__(self) -> str:
        kind = "Chan" if self._type is Any else f"Chan[{name(self._type)}]"
        state = "closed" if self._closed else "open"
        return f"<{kind} len={self._len()} cap={self.cap} {state} at {id(self):#x}>"

    def __reduce__(self) -> NoReturn:
        raise TypeError("a Chan cannot be pickled or copied: it lives in one process; send its values")

    # --- the steps of the above, and of select ---

    def _len(self) -> int:
        # A timer's is an unbuffered channel's: what has come in can still be taken back by stop or reset.
        return self._count if self._timer is None else 0

    def _check(self, v: Any) -> None:
        """Refuse a value that is not of the element type."""
        if self._cls is not None and type(v) is not self._cls and not fits(v, self._type):
            raise TypeError(
                f"send: {v!r} is a {type(v).__qualname__}, but the channel is a Chan[{name(self._type)}]"
            )

    def _push(self, v: Any) -> None:
        size = self._size
        if self._count == size:
            self._grow()
            size = self._size
        i = self._sendx
        self._buf[i] = v
        i += 1
        self._sendx = 0 if i == size else i
        self._count += 1

    def _pop(self) -> Any:
        """Take the first value of the buffer, and let the first waiting sender's in behind."""
        buf = self._buf
        i = self._recvx
        v = buf[i]
        buf[i] = None
        i += 1
        self._recvx = 0 if i == self._size else i
        self._count -= 1
        if self._sendq.first is not None and self._count < self._capacity:
            w = self._sendq.dequeue()
            if w is not None:
                self._push(take(w))
        return v

    def _grow(self) -> None:
        # The buffer is full: it begins at recvx and goes round.
        buf, i = self._buf, self._recvx
        grown = min(2 * self._size, self._capacity)
        self._buf = buf[i:] + buf[:i] + [None] * (grown - self._size)
        self._recvx = 0
        self._sendx = self._size
        self._size = grown

    def _park_on_timer(self, gp: G) -> None:
        timer = self._timer
        assert timer is not None
        timer.blocked(1)
        try:
            park(gp, "chan receive")
        finally:
            timer.blocked(-1)

    def _set_timer(self, timer: ChanTimer) -> None:
        """Make this a timer's channel."""
        self._timer = timer
        self._guarded = True

    def _guard(self, what: str) -> None:
        """Refuse a use from outside the channel's bubble; let a timer that is due fire.

        The interpreted engine also refuses one by another thread; see thread.py.
        """
        if not COMPILED and sched.thread != get_ident():
            keep_out()
        bubble = self._recvq.bubble
        if bubble is not None:
            gp = sched.curg
            if gp is None or gp.bubble is not bubble:
                raise Panic(f"{what} synctest channel from outside bubble")
        if self._timer is not None:
            self._timer.look()

    def _give_back(self, v: Any) -> None:
        """Put back a received value, as the next to be received: the receive was cancelled."""
        w = self._recvq.dequeue()
        if w is not None:
            w.elem = v
            w.success = True
            wake(w)
            return
        # It may be one more than the capacity: whoever sent it has gone on long ago.
        i, n = self._recvx, self._count
        buf = self._buf[i:] + self._buf[:i]
        self._buf = [v, *buf[:n], *[None] * (self._size - n)]
        self._size += 1
        self._recvx = 0
        self._count = n + 1
        self._sendx = self._count if self._count < self._size else 0

    def _can_recv(self) -> bool:
        """Tell whether a receive would not wait."""
        if self._guarded:
            self._guard("select on")
        return self._count > 0 or self._closed or (self._sendq.first is not None and self._sendq.waiting())

    def _can_send(self) -> bool:
        """Tell whether a send would not wait; on a closed channel it would panic at once."""
        if self._guarded:
            self._guard("select on")
        return (
            self._closed
            or self._count < self._capacity
            or (self._recvq.first is not None and self._recvq.waiting())
        )

    def _try_send(self, v: Any) -> bool:
        """Send v if that needs no waiting.  For timers and signals, whose value is dropped otherwise."""
        if self._closed:
            raise Panic(_SEND_ON_CLOSED)
        w = self._recvq.dequeue()
        if w is not None:
            w.elem = v
            w.success = True
            wake(w)
            return True
        if self._count < self._capacity:
            self._push(v)
            return True
        return False

    def _offer(self, v: Any) -> None:
        """Send v if that needs no waiting and the channel is open; drop it otherwise."""
        if not self._closed:
            self._try_send(v)

    def _wait(self, reason: str) -> None:
        """Receive one value and drop it, parked for this reason: for a call that waits for something else."""
        if self._count:
            self._pop()
            return
        gp = blocker()
        self._recvq.enqueue(gp)
        park(gp, reason)
        gp.elem = None

    def _drain(self) -> bool:
        """Drop what is buffered, so that a timer that is stopped leaves no stale value; True if any."""
        found = self._count > 0
        while self._count:
            self._pop()
        return found


def take(w: Waiter) -> Any:
    """Take the value of a sender that waits, and let it go on."""
    v = w.elem
    w.elem = None
    w.success = True
    wake(w)
    return v


def wake(w: Waiter) -> None:
    """Make ready the goroutine whose waiter was dequeued."""
    gp = w.gp
    if gp is not None:
        ready(gp)
    elif isinstance(w, G):
        ready(w)


@overload
def close(ch: SendChan[Any], /) -> None: ...
@overload
def close(ch: None, /) -> NoReturn: ...
def close(ch: SendChan[Any] | None, /) -> None:
    """Close a channel: Go's `close(ch)`; see Chan.close.

    Raises Panic for None, which is Go's nil channel, and TypeError for anything else that is no channel.

    >>> from gochan import Chan, close
    >>> ch = Chan[str](1)
    >>> ch << "last"
    >>> close(ch)
    >>> list(ch)
    ['last']
    """
    if isinstance(ch, Chan):
        ch.close()
    elif ch is None:
        raise Panic("close of nil channel")
    else:
        raise TypeError(f"close: {ch!r} is not a Chan")


def cap(ch: RecvChan[Any] | SendChan[Any] | None, /) -> int:
    """Tell the capacity of a channel's buffer: Go's `cap(ch)`; 0 for None, which is Go's nil channel.

    Raises TypeError for what is no channel.

    >>> from gochan import Chan, cap
    >>> cap(Chan[int](3)), cap(Chan[int]()), cap(None)
    (3, 0, 0)
    """
    if isinstance(ch, Chan):
        return ch.cap
    if ch is None:
        return 0
    raise TypeError(f"cap: {ch!r} is not a Chan")
