"""The poller that goroutines wait in for descriptors (Go's runtime/netpoll.go and netpoll_epoll.go).

On Linux it is an epoll, edge-triggered: a descriptor is registered once, when something first waits for it,
and the flags `Side.ready` remember the edges.  `pick` polls without waiting when nothing is runnable, and
every 10 ms otherwise; the hub sleeps in `netpoll_wait`.  Elsewhere, and if `sched.use_selectors` is set, the
hub alone waits, with selectors (see gochan/_engine/netpoll.py): the hook `arm` asks for one event, and
`netpoll_ready` reports it.
"""

from __future__ import annotations

import os
import select
from contextlib import suppress
from typing import TYPE_CHECKING, Any, Final, final

from .state import RUNNABLE, WAITING, G, sched
from .step import begin, end

if TYPE_CHECKING:
    from .fd import FD, Side

# How many events one poll takes, as in Go, and how long goroutines run before the next poll, in ns.
EVENTS: Final = 128
IO_INTERVAL: Final = 10_000_000
# The largest descriptor that select() takes.
_SELECTABLE: Final = 1023

# Taken once: gevent removes or replaces them.
_epoll: Final[Any] = getattr(select, "epoll", None)
_select: Final = select.select
_IN: Final = getattr(select, "EPOLLIN", 0)
_OUT: Final = getattr(select, "EPOLLOUT", 0)
_EDGES: Final = (
    _IN
    | _OUT
    | getattr(select, "EPOLLRDHUP", 0)
    | getattr(select, "EPOLLPRI", 0)
    | getattr(select, "EPOLLET", 0)
)
_FAILED: Final = getattr(select, "EPOLLHUP", 0) | getattr(select, "EPOLLERR", 0)


@final
class Epoll:
    """The epoll, made when something first waits."""

    __slots__ = ("epoll", "fds", "fetched", "number", "process", "wake_fd", "woken")

    def __init__(self) -> None:
        # Which poller it is: a descriptor of an earlier one must be registered again.
        self.number: int = 1
        # Counts forks.
        self.process: int = 0
        self.epoll: Any = None
        self.wake_fd: int = -1
        # The next wait returns at once.
        self.woken: bool = False
        # The sides of what is registered, by number.  Not the FD, which closes when nothing refers to it.
        self.fds: dict[int, tuple[Side, Side]] = {}
        # Events that epoll has reported and that are not handled yet.
        self.fetched: list[list[tuple[int, int]]] = []

    def open(self) -> Any:
        """Return the epoll, making it on first use; raise `NotImplementedError` where there is no epoll."""
        if self.epoll is None:
            if _epoll is None:
                raise NotImplementedError("netpoll: this system has no epoll")
            # The epoll last: a signal handler that raises here leaves what the next call goes on with.
            epoll = _epoll()
            if self.wake_fd < 0:
                self.wake_fd = os.eventfd(0, os.EFD_CLOEXEC | os.EFD_NONBLOCK)
            epoll.register(self.wake_fd, _IN)
            self.epoll = epoll
        return self.epoll

    def close(self) -> None:
        """Close the epoll; what is registered registers with the next one."""
        if self.epoll is not None:
            self.epoll.close()
            os.close(self.wake_fd)
        self.epoll = None
        self.wake_fd = -1
        self.woken = False
        self.fds = {}
        self.fetched = []
        self.number += 1

    def fetch(self, timeout: float) -> None:
        """Get events.  By map, since no handler can run, and raise, between it and `extend`."""
        self.fetched.extend(map(self.epoll.poll, (timeout,), (EVENTS,)))

    def take(self) -> list[G]:
        """Handle the fetched events; return the goroutines that they make ready, the last one first.

        In a step.
        """
        found: list[G] = []
        while self.fetched:
            for sysfd, what in self.fetched[0]:
                if sysfd == self.wake_fd:
                    # In this order: a thread's wake in between is one for which the hub is awake.
                    os.eventfd_read(sysfd)
                    self.woken = False
                    continue
                sides = self.fds.get(sysfd)
                if sides is None:
                    continue
                read, write = sides
                if what & ~(_IN | _OUT):
                    read.hangup = True
                if what & ~_OUT:
                    collect(read, found)
                if what & (_OUT | _FAILED):
                    collect(write, found)
            del self.fetched[0]
        found.reverse()
        return found


poller: Final = Epoll()


def collect(side: Side, found: list[G]) -> None:
    """Note that a direction is ready, and add the goroutine that waits for it.  In a step."""
    side.ready = True
    gp = side.waiter
    if gp is None or gp.status != WAITING:
        return
    if side.timer.timers is not None:
        side.timer.timers.remove(side.timer)
    if sched.trace is not None:
        sched.trace.polled(gp)
    gp.waiting = ""
    gp.status = RUNNABLE
    if gp.wakeup is not None:
        gp.wakeup.release()
    else:
        found.append(gp)


def register_fd(fd: FD) -> None:
    """Register fd with the poller, which reports its events from now on."""
    p = poller
    p.open()
    # A step, so that another thread handles the first event only once `fds` says whose it is.
    before = begin()
    try:
        p.epoll.register(fd._sysfd, _EDGES)
        p.fds[fd._sysfd] = fd._sides
        fd._poller = p.number
    finally:
        end(before)


def unregister_fd(fd: FD) -> None:
    """Stop reporting fd's events.

    To close it is not enough: a copy, for example in a child process, may stay open.
    """
    p = poller
    if fd._poller == p.number and p.fds.get(fd._sysfd) is fd._sides:
        del p.fds[fd._sysfd]
        # Other code may have closed its number.
        with suppress(OSError):
            p.epoll.unregister(fd._sysfd)
    fd._poller = 0


def forget_poller() -> None:
    """Start afresh in a forked child: the poller, and what is registered with it, is the parent's."""
    poller.close()
    poller.process += 1


def poll_now() -> list[G]:
    """Poll without waiting; return what that makes ready, the first to run first.  In a step."""
    sched.io_due = sched.timers.now() + IO_INTERVAL
    if poller.epoll is None:
        return []
    poller.fetch(0)
    return poller.take()


def netpoll_wait(ns: int, /) -> bool:
    """Sleep until an event, a wake, or for ns nanoseconds (-1: no limit), and handle the events.

    Returns whether it was woken.  A signal handler may raise in here, and no event is lost.
    """
    p = poller
    p.open()
    woken = p.woken
    if woken or p.fetched:
        ns = 0
    if ns > 0 and p.epoll.fileno() <= _SELECTABLE:
        # Exact, where epoll's own timeout is in milliseconds.
        _select([p.epoll], [], [], ns / 1e9)
        ns = 0
    p.fetch(-1 if ns < 0 else ns / 1e9)
    # From here on a Ctrl-C is put off.
    sched.hub_asleep = False
    woken |= p.woken
    before = begin()
    try:
        sched.runq.extend(p.take())
        sched.io_due = sched.timers.now() + IO_INTERVAL
    finally:
        sched.step = before
    return woken


def netpoll_wake() -> None:
    """End the wait that is under way, or the next one: from a thread or a signal handler."""
    p = poller
    if p.epoll is not None and not p.woken:
        p.woken = True
        os.eventfd_write(p.wake_fd, 1)


def netpoll_fileno() -> int:
    """Return the descriptor that is readable while there are events."""
    fileno: int = poller.open().fileno()
    return fileno


def netpoll_ready(events: list[tuple[FD, bool]], /) -> None:
    """Report events that selectors have seen: pairs of an FD and a mode, in the order in which they came."""
    found: list[G] = []
    before = begin()
    try:
        for fd, mode in events:
            fd._sides[False].hangup = True
            collect(fd._sides[mode], found)
        found.reverse()
        sched.runq.extend(found)
        sched.io_due = sched.timers.now() + IO_INTERVAL
    finally:
        sched.step = before
