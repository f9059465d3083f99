"""Descriptors: reading, writing and waiting for them (Go's internal/poll/fd_unix.go and fd_mutex.go).

An operation is tried first, and parks its goroutine only when the system says that it would block.  What
wakes it is the poller: see netpoll.py.

Invariants
- At most one operation holds each direction of a descriptor: `Side.locked`.  So at most one goroutine waits
  in it: `Side.waiter`.
- `waiter` is set only while that goroutine is in `_wait_ready`, which clears it first of all.
- `ready` is False only if an event will come for what the last try did not get.
- The socket is closed only while no call is under way that lets other threads run: `_calls`.  So its number
  is not used again under a call.
"""

from __future__ import annotations

from collections.abc import Callable
from operator import index
from typing import Any, Final, NoReturn, Self, final

from ..error import ErrClosed
from ..pickling import refuse_pickling
from .hooks import hooks
from .netpoll import poller, register_fd, unregister_fd
from .proc import poll_point, wait
from .runq import ready
from .sleep import Sleeper
from .state import WAITING, G, WaitQueue, sched
from .step import begin, end

READ: Final = False
WRITE: Final = True


@final
class Side:
    """One direction of a descriptor."""

    __slots__ = ("deadline", "hangup", "locked", "queue", "ready", "timer", "waiter")

    def __init__(self) -> None:
        # A try may succeed.
        self.ready: bool = True
        # For the side that reads: the peer has hung up, or has sent urgent data.
        self.hangup: bool = False
        # An operation is under way, and those that wait for it to end.
        self.locked: bool = False
        self.queue: WaitQueue = WaitQueue()
        # The goroutine that is parked until the direction is ready, and what wakes it at the deadline.
        self.waiter: G | None = None
        self.timer: Sleeper = Sleeper()
        # In ns on the monotonic clock; 0: none.
        self.deadline: int = 0

    def remove_timer(self) -> None:
        if self.timer.timers is not None:
            self.timer.timers.remove(self.timer)

    def expired(self) -> bool:
        return self.deadline != 0 and self.deadline <= sched.timers.now()


class FD:
    """A socket, or another descriptor, in which goroutines can wait: Go's poll.FD.

    `owner` is the socket, non-blocking, which is closed by its method `close`, or None.  `stream` says that
    it is TCP: a read that gets less than it asks for has then taken all there is.

    In each direction one operation is under way at a time; others wait for it to end.  A subclass is a
    connection: its method `_error(operation, err)` makes what `read` and `write` raise for an OSError.
    """

    __slots__ = (
        "__weakref__",
        "_calls",
        "_closing",
        "_owner",
        "_poller",
        "_process",
        "_sides",
        "_stream",
        "_sysfd",
        "_traced",
    )

    # The socket; None after `_close`.
    _owner: Any
    _sysfd: int
    _traced: int
    _stream: bool
    # `_close` or `_detach` was called.
    _closing: bool
    # Calls under way that let other threads run.
    _calls: int
    # The number of the poller that it is registered with, and of the process that used it last.
    _poller: int
    _process: int
    # For reading and for writing.
    _sides: tuple[Side, Side]

    def __new__(cls, owner: Any, sysfd: int, stream: bool, /) -> Self:
        if sysfd < 0:
            raise ValueError(f"FD: {sysfd} is not a file descriptor")
        self = object.__new__(cls)
        self._owner = owner
        self._sysfd = sysfd
        self._stream = stream
        self._closing = False
        self._calls = 0
        self._poller = 0
        self._process = poller.process
        # Its number in recordings; 0: none yet.
        self._traced = 0
        self._sides = (Side(), Side())
        return self

    def __repr__(self) -> str:
        return f"<FD {self._sysfd}{' closed' if self._closing else ''}>"

    def fileno(self) -> int:
        """Return the descriptor's number; -1 after close.

        Pass it to calls that only need the number, such as `getsockopt` or `net.wait_readable`.  Don't read
        or write the descriptor: that would compete with the connection.
        """
        return -1 if self._closing else self._sysfd

    def read(self, n: int = 65536, /) -> bytes:
        """Read at most n bytes, waiting for the first; b"" at the end of the stream: see Conn.read."""
        n = index(n)
        if n < 0:
            raise ValueError(f"Conn.read: got {n}, want 0 or more bytes")
        try:
            data: bytes = self._do(READ, lambda: self._owner.recv(n) if n else b"", n)
            return data
        except OSError as err:
            raise self._error("read", err) from None

    def read_into(self, buffer: bytearray | memoryview, /) -> int:
        """Read into a writable buffer, waiting for the first byte; return how many: see Conn.read_into."""
        with memoryview(buffer) as view:
            if view.readonly:
                raise BufferError("Object is not writable.")
            if not view.c_contiguous:
                raise BufferError("memoryview: underlying buffer is not C-contiguous")
            size = view.nbytes
            try:
                got: int = self._do(READ, lambda: self._owner.recv_into(view) if size else 0, size)
                return got
            except OSError as err:
                raise self._error("read", err) from None

    def write(self, data: bytes | bytearray | memoryview, /) -> int:
        """Write all of data, blocking until it is written; return its length in bytes: see Conn.write."""
        with memoryview(data) as view, _bytes_of(view) as rest:
            sent = 0

            def send() -> int:
                n: int = self._owner.send(rest[sent:])
                return n

            try:
                self._begin(WRITE)
                try:
                    while sent < len(rest):
                        sent += self._try(WRITE, send)
                finally:
                    self._finish(WRITE)
            except OSError as err:
                raise self._error("write", err) from None
            return sent

    def _error(self, operation: str, err: OSError) -> OSError:
        """Return what to raise for err: a connection's says which operation has failed, and where."""
        return err

    def _call(self, mode: bool, fn: Callable[..., Any], /, *args: Any) -> Any:
        """Call fn(*args) again and again, until it raises no BlockingIOError, as the one operation in mode.

        mode is False to read, True to write.
        """
        return self._do(mode, lambda: fn(*args))

    def _close(self) -> bool:
        """Close the socket; every operation under way ends with ErrClosed.  Return whether it was open."""
        if not self._stop_using():
            return False
        self._close_owner()
        return True

    def _detach(self) -> Any:
        """Return the socket, open; for this object it is closed."""
        if self._process != poller.process:
            self._adopt()
        if self._closing:
            _raise_closed()
        if self._calls:
            raise RuntimeError("detach: another thread is in a call on this connection")
        self._stop_using()
        owner, self._owner = self._owner, None
        return owner

    def _set_deadline(self, mode: bool, deadline: int, /) -> None:
        """Set when operations of a mode end with TimeoutError, in ns on the monotonic clock; 0: never."""
        if self._process != poller.process:
            self._adopt()
        if self._closing:
            _raise_closed()
        side = self._sides[mode]
        before = begin()
        try:
            side.deadline = deadline
            gp = side.waiter
            if gp is not None and gp.status == WAITING:
                side.remove_timer()
                if side.expired():
                    ready(gp)
                elif deadline:
                    side.timer.gp = gp
                    gp.when = deadline
                    sched.timers.add(side.timer, deadline)
        finally:
            end(before)

    # --- one operation at a time ---------------------------------------------------------------------------

    def _do(self, mode: bool, attempt: Callable[[], Any], asked: int = 0) -> Any:
        """Do one operation: try it until it does not block."""
        self._begin(mode)
        try:
            return self._try(mode, attempt, asked)
        finally:
            self._finish(mode)

    def _begin(self, mode: bool) -> None:
        """Begin an operation: wait for the one that is under way to end."""
        # A loop of operations that never wait must yield when its time slice is over.
        poll_point()
        if self._process != poller.process:
            self._adopt()
        side = self._sides[mode]

        def free() -> bool:
            if self._closing:
                return True
            if side.locked:
                return False
            side.locked = True
            return True

        def undo(gp: G, woken: bool) -> None:
            if woken and not side.locked:
                self._wake_next(side)

        while wait("semacquire", free, side.queue.enqueue, undo, of=self) is not None:
            pass
        try:
            if self._closing:
                _raise_closed()
            if side.expired():
                raise TimeoutError("i/o timeout")
        except BaseException:
            # The exception may be a signal handler's.
            self._finish(mode)
            raise

    def _finish(self, mode: bool) -> None:
        """End an operation."""
        side = self._sides[mode]
        # This is before any call, because a call may fail near the recursion limit.
        side.locked = False
        if side.queue.first is None:
            return
        before = begin()
        try:
            if not side.locked:
                self._wake_next(side)
        finally:
            end(before)

    def _wake_next(self, side: Side) -> None:
        w = side.queue.dequeue()
        if isinstance(w, G):
            ready(w)

    def _try(self, mode: bool, attempt: Callable[[], Any], asked: int = 0) -> Any:
        """Call attempt, which may raise BlockingIOError, until it succeeds; asked is for how many bytes."""
        side = self._sides[mode]
        while True:
            self._wait_ready(mode, side)
            # Before the call: during it another thread may take the next event, which sets this again.
            side.ready = False
            drained = False
            try:
                # From here on, the descriptor's number stays valid.
                self._calls += 1
                try:
                    if self._closing:
                        # Another thread has closed it since the wait.
                        _raise_closed()
                    result = attempt()
                finally:
                    self._calls -= 1
                    if self._closing:
                        self._close_owner()
                if asked and self._stream and not side.hangup:
                    got = result if isinstance(result, int) else len(result)
                    drained = 0 < got < asked
                return result
            except BlockingIOError:
                drained = True
            finally:
                if not drained:
                    side.ready = True

    def _wait_ready(self, mode: bool, side: Side) -> None:
        """Park until the direction, which the caller has locked, may be ready."""

        def done() -> bool:
            return side.ready or self._closing or side.expired()

        def enqueue(gp: G) -> None:
            if side.waiter is None:
                sched.io_waiters += 1
            side.waiter = gp
            if side.deadline:
                side.timer.gp = gp
                gp.when = side.deadline
                sched.timers.add(side.timer, side.deadline)

        def leave(gp: G | None = None) -> None:
            if side.waiter is not None:
                side.waiter = None
                sched.io_waiters -= 1
                side.remove_timer()

        while True:
            if self._closing:
                _raise_closed()
            if side.ready:
                return
            if side.expired():
                raise TimeoutError("i/o timeout")
            if sched.use_selectors:
                # Before the hook: a signal handler may raise in it after it has asked for the event.
                self._poller = poller.number
                hooks.arm(self, mode)
            elif self._poller != poller.number:
                register_fd(self)
            try:
                wait("IO wait", done, enqueue, cancel=leave, of=self)
            finally:
                leave()

    # --- the end -------------------------------------------------------------------------------------------

    def _stop_using(self) -> bool:
        """Let the operations under way end; return whether this was the first time."""
        if self._process != poller.process:
            self._adopt()
        if self._closing:
            return False
        if not sched.use_selectors:
            unregister_fd(self)
        elif self._poller:
            hooks.arm(self, None)
        before = begin()
        try:
            self._closing = True
            for side in self._sides:
                while (w := side.queue.dequeue()) is not None:
                    assert isinstance(w, G)
                    ready(w)
            for side in self._sides:
                gp = side.waiter
                if gp is not None and gp.status == WAITING:
                    side.remove_timer()
                    ready(gp)
        finally:
            end(before)
        return True

    def _close_owner(self) -> None:
        """Close the socket, once nothing uses its number."""
        if self._calls == 0 and self._owner is not None:
            owner, self._owner = self._owner, None
            owner.close()

    def _adopt(self) -> None:
        """Reset it in a forked child: the goroutines that used it belong to the parent."""
        self._process = poller.process
        self._poller = 0
        self._calls = 0
        before = self._sides
        self._sides = (Side(), Side())
        for side, old in zip(self._sides, before, strict=True):
            side.deadline = old.deadline
            side.hangup = old.hangup

    __reduce__ = refuse_pickling


FD.__module__ = "gochan.net"


def _bytes_of(view: memoryview) -> memoryview:
    """Return the view of its bytes."""
    if not view.c_contiguous:
        raise BufferError("memoryview: underlying buffer is not C-contiguous")
    return view.cast("B")


def _raise_closed() -> NoReturn:
    raise ErrClosed("use of closed network connection")
