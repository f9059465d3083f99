"""The recorder of gochan.trace: what goroutines do, as records of fixed size (Go's runtime/trace.go).

The hooks are where a goroutine starts, parks, becomes ready, runs and ends.  Each first checks `sched.trace`,
which is None while nothing is recorded.  A record is written within the step that it is about.  The layout of
records and the numbers of events are in ../events.py.

A record refers to no object: code objects, function names and element types are indexes in `held`, which
keeps them alive until the recording stops.  Channels and locks have a number that is never used again.
"""

from __future__ import annotations

import os
import sys
from gc import get_referrers
from types import CodeType, FrameType, FunctionType
from typing import Any, Final, final

from .. import events as ev
from ..functions import function_of, is_own, is_users, name_of
from ..unpatched import get_ident
from . import time
from .chan import Chan
from .fd import FD
from .hooks import hooks
from .interface import sched as scheduler
from .mutex import Mutex
from .rwmutex import RWMutex
from .sema import NotifyList, Sema
from .state import RUNNABLE, RUNNING, WAITING, G, sched
from .step import begin, end
from .waitgroup import WaitGroup

# The limits on the objects that are kept alive, and on the events in a ring.
_MOST_HELD: Final = 65_536
_MOST_EVENTS: Final = 1 << 26
_MAX_INT: Final = (1 << 31) - 1
_KINDS: Final = ("Sleeper", "Expiry", "Sender", "Starter")

# The number of the newest object.
_objects: int = 0


def _number_of(o: Any) -> int:
    """Return the number of a channel, lock, WaitGroup, NotifyList or FD."""
    global _objects
    if o._traced == 0:
        _objects += 1
        o._traced = _objects
    number: int = o._traced
    return number


@final
class Tracer:
    """The recording that is under way: `sched.trace`."""

    __slots__ = (
        "buffer",
        "count",
        "error",
        "fd",
        "held",
        "indexes",
        "layout",
        "room",
        "system",
        "threads",
        "total",
        "value",
        "values",
        "wrapped",
    )

    def __init__(self, fd: int, room: int, values: bool) -> None:
        # The file that a full buffer is written to; -1: a ring.
        self.fd = fd
        self.room = room
        self.layout = ev.layout()
        self.buffer = bytearray(room * self.layout.size)
        self.count = 0
        self.total = 0
        self.wrapped = False
        self.error = 0
        self.held: list[Any] = [None]
        self.indexes: dict[int, int] = {}
        self.threads: list[int] = []
        # Whether timers or the poller act, instead of the running goroutine.
        self.system = False
        # Whether values are recorded; the text of the value that is being sent.
        self.values = values
        self.value = 0

    # --- records ---

    def hold(self, o: Any) -> int:
        """Return the index of o, which is kept alive from now on; 0 if there is no room."""
        found = self.indexes.get(id(o))
        if found is not None:
            return found
        if len(self.held) > _MOST_HELD:
            return 0
        self.held.append(o)
        self.indexes[id(o)] = i = len(self.held) - 1
        return i

    def add(  # noqa: PLR0917  # the fields of a record
        self,
        kind: int,
        gp: G | None,
        other: int = 0,
        number: int = 0,
        type_: int = 0,
        arg: int = 0,
        place: tuple[int, int] = (0, 0),
        reason: int = 0,
        what: int = 0,
        flags: int = 0,
        lane: int = -1,
        clock: time.VirtualTimers | None = None,
    ) -> None:
        """Append an event of gp, or of the scheduler; `clock`: of a bubble's."""
        if gp is not None and gp.bubble is not None and gp is not gp.bubble.root:
            clock = gp.bubble.timers
        if lane < 0:
            lane = 0 if gp is None else self.lane_of(gp)
        if self.count >= self.room:
            if self.fd < 0:
                self.count = 0
                self.wrapped = True
            else:
                self.flush()
        offset = self.count * self.layout.size
        self.count += 1
        self.total += 1
        self.layout.pack_into(
            self.buffer,
            offset,
            sched.timers.now() if clock is None else clock.moment,
            lane,
            other,
            number,
            type_,
            arg,
            place[0],
            place[1],
            0 if clock is None else clock.bubble,
            reason,
            0 if sched.main is None else sched.program & 0xFFFF,
            kind,
            what,
            flags,
        )

    def flush(self) -> None:
        """Write the buffer to the file.  A failure is reported when the recording stops."""
        data = memoryview(self.buffer)[: self.count * self.layout.size]
        self.count = 0
        try:
            while data and not self.error:
                data = data[os.write(self.fd, data) :]
        except OSError as err:
            self.error = err.errno or 5

    def lane_of(self, gp: G) -> int:
        return self.thread_lane(gp.thread) if gp.thread else gp.id

    def thread_lane(self, ident: int) -> int:
        """Return the lane of a thread."""
        if ident not in self.threads:
            self.threads.append(ident)
            hooks.name_threads()
        return ev.THREAD_LANES + self.threads.index(ident) + 1

    def actor(self) -> tuple[G | None, int]:
        """Return the goroutine that acts, or None, and the lane of that or of the calling thread."""
        if self.system:
            return None, 0
        ident = get_ident()
        if ident != sched.thread and sched.thread:
            return None, self.thread_lane(ident)
        gp = sched.curg
        return gp, 0 if gp is None else gp.id

    # --- what events refer to ---

    def place(self, frame: FrameType | None) -> tuple[int, int]:
        """Return the place: of the innermost frame of the user's, from `frame` outward."""
        while frame is not None and is_own(frame.f_code):
            frame = frame.f_back
        return (0, 0) if frame is None else (self.hold(frame.f_code), frame.f_lasti)

    def start_of(self, gp: G) -> tuple[int, int]:
        """Return the place where gp was started."""
        code = gp.code
        return (0, 0) if code is None or is_own(code) else (self.hold(code), gp.lasti)

    def here(self) -> tuple[int, int]:
        """Return the caller's place; where its goroutine was started if there is no frame of the user's."""
        place = self.place(sys._getframe(2))
        return self.start_of(sched.curg) if not place[0] and sched.curg is not None else place

    def object_of(self, o: Any) -> tuple[int, int, int, int]:
        """Return an object's number, its type, its argument and its kind."""
        if isinstance(o, Chan):
            timer = o._timer is not None
            type_ = 0 if timer or o._type is Any else self.hold(o._type)
            return _number_of(o), type_, min(o._capacity, _MAX_INT), ev.TIMER_CHAN if timer else ev.CHAN
        if isinstance(o, FD):
            return _number_of(o), 0, o._sysfd, ev.FILE
        if isinstance(o, Mutex):
            return _number_of(o), 0, 0, ev.RWMUTEX if o._of_rwmutex else ev.MUTEX
        if isinstance(o, (WaitGroup, NotifyList)):
            return _number_of(o), 0, 0, ev.WAIT_GROUP if isinstance(o, WaitGroup) else ev.COND
        return 0, 0, 0, 0

    def function(self, gp: G) -> tuple[int, tuple[int, int]]:
        """Return the name of gp's function and its place, for its runs."""
        if gp.traced is None:
            fn = None if gp.fn is None else function_of(gp.fn, gp.args)
            if fn is None:
                gp.traced = _outermost(gp)
            elif isinstance(fn, FunctionType):
                gp.traced = fn.__qualname__, fn.__code__ if is_users(fn) else None
            else:
                gp.traced = sys.intern(name_of(fn)), None
        name, code = gp.traced
        # The indexes are not stored: if the goroutine outlives the recording, they would be wrong in the next
        # one.
        return self.hold(name) if name else 0, (0, 0) if code is None else (self.hold(code), -1)

    # --- the hooks ---

    def go(self, gp: G) -> None:
        """A goroutine starts."""
        gp.traced = None
        name, _ = self.function(gp)
        self.add(ev.GO, gp, self.actor()[1], type_=name, place=self.start_of(gp))

    def ready(self, gp: G) -> None:
        """A goroutine or thread becomes ready."""
        self.add(ev.READY, gp, self.actor()[1], arg=self.value)

    def polled(self, gp: G) -> None:
        """The poller makes a goroutine ready."""
        self.add(ev.READY, gp)

    def run(self, gp: G) -> None:
        """A goroutine or thread runs."""
        name, place = (0, (0, 0)) if gp.thread else self.function(gp)
        self.add(ev.RUN, gp, type_=name, place=place)

    def begin_main(self, gp: G) -> None:
        """Main begins."""
        self.add(ev.RUN, gp, place=self.here())

    def park(self, gp: G, reason: str, of: Any) -> None:
        """The caller parks."""
        self.wait(gp, reason, of, self.here())

    def wait(self, gp: G, reason: str, of: Any, place: tuple[int, int], flags: int = 0) -> None:
        """Record what gp waits for."""
        c = gp.cases
        while c is not None:
            if c._chan is not None:
                number, type_, arg, what = self.object_of(c._chan)
                self.add(
                    ev.CASE,
                    gp,
                    number=number,
                    type_=type_,
                    arg=arg,
                    what=what,
                    flags=int(c._queue is c._chan._sendq),
                )
            c = c._link
        number, type_, arg, what = self.object_of(of)
        text = self.hold(sys.intern(reason))
        self.add(ev.PARK, gp, self.value, number, type_, arg, place, text, what, flags)
        self.value = 0

    def yields(self, gp: G) -> None:
        """The caller yields."""
        self.add(ev.YIELD, gp, place=self.here())

    def ended(self, gp: G) -> None:
        """A goroutine ends."""
        self.add(ev.END, gp)

    def chan(self, kind: int, ch: Chan[Any]) -> None:
        """A send, receive or close is done without a wait."""
        gp, lane = self.actor()
        number, type_, arg, what = self.object_of(ch)
        self.add(kind, gp, self.value, number, type_, arg, self.here(), what=what, lane=lane)
        self.value = 0

    def received(self, text: int) -> None:
        """The caller has received a value without a wait, or has sent one in a select."""
        gp, lane = self.actor()
        self.add(ev.VALUE, gp, arg=text, lane=lane)

    def fire(self, timers: time.Timers, t: time.HeapTimer, now: int) -> None:
        """Fire a timer."""
        kind = type(t).__name__
        number, type_, _, what = self.object_of(getattr(t, "chan", None))
        self.add(
            ev.TIMER,
            None,
            number=number,
            type_=type_,
            arg=_KINDS.index(kind) if kind in _KINDS else 0,
            what=what,
            clock=timers if isinstance(timers, time.VirtualTimers) else None,
        )
        self.system = True
        try:
            t.fire(now)
        finally:
            self.system = False


def _outermost(gp: G) -> tuple[str, CodeType | None]:
    """Return the function of a goroutine that had begun before the recording did."""
    frame = None if gp.greenlet is None or gp is sched.main else gp.greenlet.gr_frame
    if frame is None and gp is sched.curg and gp is not sched.main:
        frame = sys._getframe()
    code: CodeType | None = None
    while frame is not None:
        if not is_own(frame.f_code):
            code = frame.f_code
        frame = frame.f_back
    return ("", None) if code is None else (code.co_qualname, code)


# --- what Python calls -----------------------------------------------------------------------------------


def trace_start(fd: int, room: int, values: bool, /) -> int:
    """Begin to record into the file fd, or, if fd is -1, keep the last `room` events.

    With `values`, the hook `trace_value` is called with what is sent and received.  Returns the time, in ns
    on the monotonic clock.  Raises `ValueError` if room is out of range, `RuntimeError` during a recording.
    """
    if not 1 <= room <= _MOST_EVENTS:
        raise ValueError(f"trace_start: got room for {room} events, want 1 to {_MOST_EVENTS}")
    tracer = Tracer(fd, room, bool(values))
    # A step, so that no other thread is inside one: the recording would have only a part of it.
    before = begin()
    try:
        if sched.trace is not None:
            raise RuntimeError("trace_start: a recording is under way")
        found = [] if sched.main is None else scheduler.goroutines()
        now = sched.timers.now()
        for gp in found:
            _record_state(tracer, gp)
        time.tracer = sched.trace = tracer
        return now
    finally:
        end(before)


def _record_state(tracer: Tracer, gp: G) -> None:
    """Record what gp does when the recording begins."""
    if gp.status == WAITING and gp.waiting:
        tracer.wait(gp, gp.waiting.removesuffix(" (durable)"), _awaited(gp), tracer.place(gp.frame), 2)
    elif gp.status == RUNNABLE:
        tracer.add(ev.READY, gp, type_=tracer.function(gp)[0], flags=2)
    elif gp.status == RUNNING:
        name, place = tracer.function(gp)
        tracer.add(ev.RUN, gp, type_=name, place=place, flags=2)


def _awaited(gp: G) -> Any:
    """Return the object that gp, which is parked, waits for, if that can be found."""
    if gp._queue is None or gp.cases is not None:
        return None
    for o in get_referrers(gp._queue):
        if isinstance(o, (Chan, NotifyList)):
            return o
        if isinstance(o, Sema):
            for owner in get_referrers(o):
                if isinstance(owner, RWMutex):
                    return owner._mutex
                if isinstance(owner, (Mutex, WaitGroup)):
                    return owner
    return None


def trace_stop() -> tuple[int, bytes, int, int, list[Any]]:
    """Stop the recording.

    Returns the time, in ns on the monotonic clock, the events of the ring, how many it has lost, the errno of
    a write that failed or 0, and the objects that the events refer to.  Raises `RuntimeError` if nothing is
    recorded.
    """
    before = begin()
    try:
        tracer = sched.trace
        if tracer is None:
            raise RuntimeError("trace_stop: nothing is recorded")
        time.tracer = sched.trace = None
    finally:
        end(before)
    data = b""
    lost = 0
    if tracer.fd < 0:
        size = tracer.count * tracer.layout.size
        used = bytes(memoryview(tracer.buffer)[:size])
        data = bytes(memoryview(tracer.buffer)[size:]) + used if tracer.wrapped else used
        lost = max(0, tracer.total - tracer.room)
    else:
        tracer.flush()
    return sched.timers.now(), data, lost, tracer.error, tracer.held


def trace_event(kind: int, object: int = 0, arg: int = 0, other: int = 0, /) -> None:
    """Append an event of the caller's; raise `ValueError` if kind is not one that Python records."""
    if not _FIRST_OF_PYTHON <= kind <= 255:
        raise ValueError(f"trace_event: {kind} is not a kind of event that Python records")
    tracer = sched.trace
    if tracer is None:
        return
    before = begin()
    try:
        if kind < _FIRST_OF_GOROUTINES:
            tracer.add(kind, None, other, object, 0, arg)
        else:
            gp, lane = tracer.actor()
            tracer.add(kind, gp, other, object, 0, arg, tracer.here(), lane=lane)
    finally:
        end(before)


# The kinds from the first on are Python's; those from the second on are goroutines', not the scheduler's.
_FIRST_OF_PYTHON: Final = 32
_FIRST_OF_GOROUTINES: Final = 38


def trace_threads() -> list[int]:
    """Return the idents of the threads that were recorded, by lane."""
    return [] if sched.trace is None else list(sched.trace.threads)


def trace_number(o: Any, /) -> int:
    """Return the number of a channel, lock, WaitGroup, NotifyList or FD in recordings.

    Raises `TypeError` for any other object.
    """
    if isinstance(o, RWMutex):
        o = o._mutex
    elif not isinstance(o, (Chan, Mutex, WaitGroup, NotifyList, FD)):
        raise TypeError(f"trace_number: {o!r} has no number")
    return _number_of(o)
