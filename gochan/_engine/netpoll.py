"""The idle wait: how the thread sleeps when no goroutine can run (Go's runtime/netpoll.go).

While no goroutine waits for a descriptor, it sleeps on a lock that only `wake` releases.  That works on every
system, its timeout is exact to the kernel's timer slack, and a signal interrupts it, so that the handler runs
and `wake` ends the wait.  While one does, it sleeps in the engine's poller, an epoll; or in `Selectors`,
where there is no epoll, or `sched.use_selectors` is set.

Not every signal ends a sleep.  One may come right before it, or the system may give it to another thread; it
is then noted, and Python runs its handler when the main thread next runs.  So no sleep lasts longer than
MAX_SLEEP.

Invariant: `wake` may be called from any thread and from a signal handler, any number of times; a wake that
comes before the wait makes the next wait return at once.
"""

from __future__ import annotations

import contextlib
import signal
from _thread import RLock
from collections.abc import Callable, Iterator
from functools import partial
from typing import TYPE_CHECKING, Any, Final, TypeAlias, final
from weakref import ref

from .impl import netpoll_fileno, netpoll_ready, netpoll_wait, netpoll_wake, sched
from .unpatched import allocate_lock

if TYPE_CHECKING:
    import selectors
    import socket
    from types import FrameType

    from .impl import FD

# The longest sleep, in nanoseconds.
MAX_SLEEP: Final = 100_000_000
# As in the module selectors.
_READ: Final = 1
_WRITE: Final = 2

# Weak, so that a descriptor without other references is closed, also while its events are asked for.
_Ref: TypeAlias = "ref[FD]"


@final
class Selectors:
    """Waits for descriptors by the module selectors: for one event at a time, asked for by `arm`."""

    __slots__ = (
        "_armed",
        "_broken",
        "_fetched",
        "_lock",
        "_ready",
        "_selector",
        "_woken",
        "make",
        "number",
        "wake_receiver",
        "wake_sender",
    )

    def __init__(self) -> None:
        # The class of the selector, which is made at the first wait; None: the system's best.
        self.make: Callable[[], selectors.BaseSelector] | None = None
        # Held while the selector changes, because any thread may use a connection.  Reentrant, because
        # finalizers and signal handlers may close a connection.
        self._lock = RLock()
        # The number of selectors that were made.
        self.number = 0
        self._selector: selectors.BaseSelector | None = None
        # An exception, such as a signal handler's, has interrupted a change of the selector, which may now
        # differ from `_armed`.  A new one is then made from `_armed`.
        self._broken = False
        # The requests, by descriptor number: the descriptor and a mask.
        self._armed: dict[int, tuple[_Ref, int]] = {}
        # Events that the selector has reported and that are not handled yet.
        self._fetched: list[list[tuple[Any, int]]] = []
        # The requests of these events, not yet reported to the scheduler.
        self._ready: list[tuple[FD, bool]] = []
        self._woken = False
        self.wake_receiver: socket.socket | None = None
        self.wake_sender: socket.socket | None = None

    def _open(self) -> selectors.BaseSelector:
        if self._broken and self._selector is not None:
            self._selector.close()
            self._selector = None
        if self._selector is None:
            from selectors import DefaultSelector
            from socket import socketpair

            selector = (self.make or DefaultSelector)()
            if self.wake_receiver is None:
                pair = socketpair()
                for end in pair:
                    end.setblocking(False)
                self.wake_receiver, self.wake_sender = pair
            selector.register(self.wake_receiver, _READ)
            for sysfd, (of, mask) in list(self._armed.items()):
                try:
                    selector.register(sysfd, mask, of)
                except (OSError, ValueError):
                    # Other code has closed the descriptor's number.
                    del self._armed[sysfd]
            self._selector = selector
            self._broken = False
            self.number += 1
        return self._selector

    def close(self) -> None:
        """Start afresh: in a forked child, or with another selector."""
        for each in (self._selector, self.wake_receiver, self.wake_sender):
            if each is not None:
                each.close()
        self._selector = self.wake_receiver = self.wake_sender = None
        self._broken = False
        self._armed = {}
        self._fetched = []
        self._ready = []
        # In a forked child, a thread that does not exist there may hold the lock.
        self._lock = RLock()
        self._woken = False

    def fileno(self) -> int | None:
        """Return the descriptor that is readable while there are events; None if the selector has none."""
        try:
            number: int = self._open().fileno()  # type: ignore[attr-defined]
        except AttributeError:
            return None
        return number

    def changed(self, number: int) -> bool:
        """Return whether the selector is another one than that of a number."""
        self._open()
        return self.number != number

    def arm(self, fd: FD, mode: bool | None) -> None:
        """Ask for one event of fd: mode is False to read, True to write, None to cancel the request."""
        with self._lock:
            sysfd = fd.fileno()
            if sysfd < 0:
                # Another thread has just closed it.
                return
            of, mask = self._armed.get(sysfd, (None, 0))
            if of is not None and of() is not fd:
                # Other code has closed its number, which is used again.
                self._change(sysfd, of, 0)
                of = None
                mask = 0
            if of is None:
                if mode is None:
                    return
                of = ref(fd, partial(self._forget, sysfd))
            try:
                self._change(sysfd, of, 0 if mode is None else mask | (_WRITE if mode else _READ))
            except OSError:
                if fd.fileno() >= 0:
                    raise

    def _forget(self, sysfd: int, of: _Ref) -> None:
        """Cancel the requests for an FD that is being freed; called before its number is closed."""
        with self._lock:
            if self._armed.get(sysfd, (None, 0))[0] is of:
                self._change(sysfd, of, 0)

    def _change(self, sysfd: int, of: _Ref, wanted: int) -> None:
        """Ask for the events in the mask `wanted` only.  With the lock."""
        selector = self._open()
        _, mask = self._armed.get(sysfd, (of, 0))
        if wanted == mask:
            return
        try:
            if wanted:
                self._armed[sysfd] = of, wanted
            else:
                del self._armed[sysfd]
            if not wanted:
                selector.unregister(sysfd)
            elif mask:
                selector.modify(sysfd, wanted, of)
            else:
                selector.register(sysfd, wanted, of)
        except BaseException as exc:
            self._broken = True
            if wanted and isinstance(exc, (OSError, ValueError)):
                # The system refuses the request, as it would with a new selector, or a signal handler has
                # raised.
                if mask:
                    self._armed[sysfd] = of, mask
                else:
                    self._armed.pop(sysfd, None)
            raise

    def take_armed(self) -> list[tuple[FD, bool]]:
        """Return the requests, as pairs of an FD and a mode, and cancel them."""
        with self._lock:
            # Copies, since the collector may call `_forget` at any time.
            armed = [(of(), mask) for of, mask in list(self._armed.values())]
            for sysfd, (of, _) in list(self._armed.items()):
                self._change(sysfd, of, 0)
        return [
            (fd, bit == _WRITE)
            for fd, mask in armed
            for bit in (_READ, _WRITE)
            if fd is not None and mask & bit
        ]

    def wait(self, ns: int) -> bool:
        """Sleep until an event, a wake, or for ns nanoseconds; make ready what the events are for.

        Returns whether it was woken.  A signal handler may raise in here, and no event is lost.
        """
        selector = self._open()
        timeout = 0 if self._fetched or self._ready else None if ns < 0 else ns / 1e9
        # By map, so that no signal handler can raise between the call and `extend`.
        self._fetched.extend(map(selector.select, (timeout,)))
        # From here on, Ctrl-C is deferred.
        sched.hub_asleep = False
        woken = False
        while self._fetched:
            with self._lock:
                for key, found in self._fetched[0]:
                    if key.data is None:
                        woken = True
                        self._woken = False
                        assert self.wake_receiver is not None
                        with contextlib.suppress(BlockingIOError):
                            self.wake_receiver.recv(16)
                        continue
                    of, mask = self._armed.get(key.fd, (None, 0))
                    fd = None if of is None or of is not key.data else of()
                    if of is not None and fd is not None and found & mask:
                        self._ready += [(fd, bit == _WRITE) for bit in (_READ, _WRITE) if found & mask & bit]
                        self._change(key.fd, of, mask & ~found)
                del self._fetched[0]
        netpoll_ready(self._ready)
        self._ready = []
        return woken

    def wake(self) -> None:
        """End the wait that is under way, or the next one."""
        if self.wake_sender is not None and not self._woken:
            self._woken = True
            with contextlib.suppress(BlockingIOError):
                self.wake_sender.send(b"\0")


fallback: Final = Selectors()


def use_selectors(make: Callable[[], selectors.BaseSelector] | None = None) -> None:
    """Wait for descriptors by selectors from now on, by those that `make` makes."""
    fallback.close()
    fallback.make = make
    sched.use_selectors = True


def use_epoll() -> None:
    """Wait for descriptors by epoll from now on."""
    fallback.close()
    sched.use_selectors = False


def wait_for_io(ns: int) -> bool:
    """Sleep in the poller until an event, a wake, or for ns nanoseconds; return whether it was woken."""
    return fallback.wait(ns) if sched.use_selectors else netpoll_wait(ns)


def fileno() -> int | None:
    """Return the descriptor that is readable while there are events; None if the poller has none."""
    return fallback.fileno() if sched.use_selectors else netpoll_fileno()


class WithoutLoop:
    """The answers of an idle sleep that shares the thread with no event loop: see `aio._loop.SharedLoop`.

    A signal handler or another thread may ask between any two lines in which a loop is shared or left.
    """

    __slots__ = ()

    uninterruptible: Final = 0

    def end_if_closed(self, main: object) -> bool:
        """End the program of this main if it needs an event loop that is closed; return whether it does."""
        return False

    def in_loop(self) -> bool:
        """Return whether the caller is a task or callback of the loop."""
        return False

    def interrupt(self, frame: FrameType | None) -> bool:
        """Return whether a Ctrl-C has interrupted the loop's own code."""
        return False

    def stacks(self) -> Iterator[str]:
        """Return the stacks of the loop's tasks."""
        return iter(())


@final
class IdleSleep(WithoutLoop):
    """Sleeps until a time or a wake, whichever comes first."""

    __slots__ = ("_lock", "_polls")

    def __init__(self) -> None:
        self._lock = allocate_lock()
        self._lock.acquire()
        # The sleep is in the poller.
        self._polls = False

    def wait(self, ns: int) -> bool:
        """Sleep for ns nanoseconds, or with -1 until woken, but for MAX_SLEEP at most.

        Returns whether it was woken.  Raises what a signal handler raises.
        """
        cut = not 0 <= ns <= MAX_SLEEP
        if cut:
            ns = MAX_SLEEP
        if sched.io_waiters:
            self._polls = True
            try:
                # A wake from before the flag was set has released the lock.
                woken = self._lock.acquire(False) or wait_for_io(ns)
            finally:
                self._polls = False
        else:
            woken = ns > 0 and self._lock.acquire(True, ns * 1e-9)
        if cut and not woken:
            # Any call does: CPython runs the handlers of pending signals when it returns.
            signal.getsignal(signal.SIGINT)
        return woken

    def pending(self) -> bool:
        """Return whether a goroutine waits for a descriptor, whose event may wake it."""
        return sched.io_waiters > 0

    def wake(self) -> None:
        """End the wait that is under way, or the next one."""
        if not self._polls:
            # Another wake has released it already.
            with contextlib.suppress(RuntimeError):
                self._lock.release()
        elif sched.use_selectors:
            fallback.wake()
        else:
            netpoll_wake()

    def arm(self, fd: FD, mode: bool | None) -> None:
        """Ask `Selectors` for one event: the engine's hook."""
        fallback.arm(fd, mode)


@final
class LoopReaders:
    """Makes an event loop that shares the thread wait for the descriptors that goroutines wait for.

    The poller's own descriptor is one more reader in the loop.  If the poller has none, each descriptor that
    a goroutine waits for is.
    """

    __slots__ = ("_back", "_fileno", "_loop", "_selector", "_waited")

    def __init__(self, loop: Any, back: Callable[[], None]) -> None:
        self._loop = loop
        # Switches to the goroutines.
        self._back = back
        self._fileno: int | None = None
        # The number of the selector that it watches.
        self._selector = 0
        # What the loop waits for instead of the poller.
        self._waited: dict[tuple[int, bool], _Ref] = {}

    def __len__(self) -> int:
        """Return the number of readers and writers that this object has added to the loop."""
        return (self._fileno is not None) + len(self._waited)

    def watch(self) -> None:
        """Add the poller to the loop's readers if something waits in it.  Called before the loop runs."""
        if sched.use_selectors and self._fileno is not None and fallback.changed(self._selector):
            self._loop.remove_reader(self._fileno)
            self._fileno = None
        if sched.io_waiters and self._fileno is None:
            self._fileno = fileno()
            self._selector = fallback.number
            if self._fileno is not None:
                self._loop.add_reader(self._fileno, self._poll)

    def arm(self, fd: FD, mode: bool | None) -> None:
        """Ask for one event of fd: the engine's hook."""
        if fallback.fileno() is not None:
            fallback.arm(fd, mode)
            return
        sysfd = fd.fileno()
        if mode is None:
            self._disarm(sysfd, False)
            self._disarm(sysfd, True)
            return
        self._waited[sysfd, mode] = ref(fd, partial(self._forget, sysfd, mode))
        add = self._loop.add_writer if mode else self._loop.add_reader
        add(sysfd, self._report, sysfd, mode)

    def _disarm(self, sysfd: int, mode: bool) -> FD | None:
        of = self._waited.pop((sysfd, mode), None)
        if of is None:
            return None
        (self._loop.remove_writer if mode else self._loop.remove_reader)(sysfd)
        return of()

    def _forget(self, sysfd: int, mode: bool, of: _Ref) -> None:
        """Stop waiting for an FD that is being freed: called before its number is closed."""
        if self._waited.get((sysfd, mode)) is of:
            self._disarm(sysfd, mode)

    def _report(self, sysfd: int, mode: bool) -> None:
        """Make the goroutine ready that waits for a descriptor: called in the loop."""
        fd = self._disarm(sysfd, mode)
        if fd is not None:
            netpoll_ready([(fd, mode)])
            self._run_goroutines()

    def _poll(self) -> None:
        """Make ready what the poller has events for: called in the loop."""
        idle = sched.hub_asleep
        sched.hub_asleep = False
        wait_for_io(0)
        sched.hub_asleep = idle
        self._run_goroutines()

    def _run_goroutines(self) -> None:
        if sched.runnable():
            # The hub runs soon, so nothing has to wake it.
            sched.hub_asleep = False
            self._back()

    def close(self) -> None:
        """Remove its readers and writers from the loop."""
        if self._fileno is not None:
            self._loop.remove_reader(self._fileno)
            self._fileno = None
        for sysfd, mode in list(self._waited):
            self._disarm(sysfd, mode)
