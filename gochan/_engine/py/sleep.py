"""sleep, Timer and Ticker (Go's time/sleep.go and time/tick.go).

The channels of timers and tickers behave as in Go 1.23 and newer: they look unbuffered, no value from before
a `stop` or `reset` is received after it, and an unreferenced timer is garbage, stopped or not.

Invariants
- The timer of a channel is in the heap only while a goroutine waits on the channel.  `_due` is when it is
  due; every other use of the channel fires it if that time has come.
- A timer sends the readings of the wall clock and the monotonic clock.  The receiver makes a Time from them.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from types import TracebackType
from typing import TYPE_CHECKING, Any, Final, final

from ..ends import RecvChan
from ..error import Panic
from .chan import Chan
from .hooks import hooks
from .proc import UNUSUAL, new_g, timers, wait
from .runq import launch, ready
from .state import G, new_goroutine, public, sched
from .step import begin, end
from .time import MAX_WHEN, ChanTimer, HeapTimer, Timers, VirtualTimers, deadline

if TYPE_CHECKING:
    from ..instant import Time

_STOPPED: Final = -1


def _seconds(call: str, d: object) -> float:
    return d if type(d) is float else hooks.seconds(call, d)


@final
class Sleeper(HeapTimer):
    """The timer of `sleep`: makes the sleeping goroutine ready."""

    __slots__ = ("gp",)

    def __init__(self) -> None:
        super().__init__()
        self.gp: G | None = None

    def fire(self, now: int) -> None:
        gp, self.gp = self.gp, None
        if gp is not None:
            ready(gp)


def sleep(d: float | timedelta, /) -> None:
    """Pause the goroutine for d: Go's time.Sleep.

    d is a number of seconds or a timedelta.  If it is 0, negative or NaN, returns at once.

    Raises `TypeError` if d is not a duration.

    >>> from gochan import time
    >>> start = time.now()
    >>> time.sleep(2 * time.MILLISECOND)
    >>> time.since(start) >= 0.002
    True
    """
    d = _seconds("time.sleep", d)
    if not d > 0:
        return
    timer = Sleeper()

    def enqueue(gp: G) -> None:
        timer.gp = gp
        clock = timers()
        gp.when = deadline(clock.now(), d)
        clock.add(timer, gp.when)

    def undo(gp: G, woken: bool = False) -> None:
        if timer.timers is not None:
            timer.timers.remove(timer)

    wait("sleep", lambda: False, enqueue, undo, undo)


@final
class Sender(ChanTimer):
    """Sends the time into its channel, once or, if `period` is not 0, every `period` ns."""

    __slots__ = ("_due", "_fired", "_period", "chan", "clock")

    def __init__(self, clock: Timers, due: int, period: int) -> None:
        super().__init__()
        self.clock = clock
        self._due = min(due, MAX_WHEN)
        self._period = period
        # Whether it has fired, and was not stopped or reset since.
        self._fired: bool = False
        self.chan: Chan[Any] = Chan(1)
        self.chan._set_timer(self)

    def fire_if_due(self) -> None:
        if self._due != _STOPPED and self.index < 0:
            now = self.clock.now()
            if self._due <= now:
                self.fire(now)

    def begin_waiting(self) -> None:
        if self._due != _STOPPED and self.index < 0:
            self.clock.add(self, self._due)

    def end_waiting(self) -> None:
        if not self.chan._recvq.waiting():
            self.clock.remove(self)

    def due(self) -> int:
        return MAX_WHEN if self._due == _STOPPED else self._due

    def fire(self, now: int) -> None:
        due = self._due
        if self._period:
            # As in Go, the next tick is the first one in the future: missed ticks are skipped.
            self._due = due + self._period * (1 + (now - due) // self._period)
            if self._due > MAX_WHEN:
                # A time that no clock reaches, not even a bubble's.
                self._due = _STOPPED
            elif self.chan._recvq.waiting():
                self.clock.add(self, self._due)
        else:
            self._due = _STOPPED
            self._fired = True
        self.chan._try_send((self.clock.wall() - (now - due), due))

    def stop(self) -> bool:
        """Stop the timer; return whether a value was still to come, or had come and was not received."""
        drained = self.chan._drain()
        pending = self._due != _STOPPED or drained
        self._due = _STOPPED
        if pending:
            self._fired = False
        self.clock.remove(self)
        return pending

    def reset(self, due: int, period: int) -> bool:
        """Stop the timer and start it again; return what `stop` returns."""
        pending = self.stop()
        self._due = min(due, MAX_WHEN)
        self._period = period
        self._fired = False
        if self.chan._recvq.waiting():
            self.clock.schedule(self, due)
        return pending

    def state(self) -> str:
        """Describe the state for the reprs."""
        due, period = self._due, self._period
        if period:
            return _state(due, self.clock, False, f" interval={period / 1e9:.6g}s")
        # Nothing has used the channel since the timer was due.
        fired = due != _STOPPED and due <= self.clock.now()
        return _state(_STOPPED if fired else due, self.clock, fired or self._fired)


@final
class Starter(HeapTimer):
    """Starts a goroutine that calls a function, as if the call of after_func had started it.

    The G is made when the timer is set, since no code of the user's, such as a finalizer, may run when it
    fires.
    """

    __slots__ = ("_fired", "_fresh", "_model", "clock")

    def __init__(self, clock: Timers, fn: Callable[[], object]) -> None:
        super().__init__()
        self.clock = clock
        self._fresh: G | None = None
        self._fired: bool = False
        self._model = new_g(fn, (), None)[0]

    def prepare(self) -> G:
        """Return a new G for the goroutine that the timer will start.  Between steps."""
        model = self._model
        gp = new_goroutine()
        gp.fn = model.fn
        gp.parent, gp.code, gp.lasti = model.parent, model.code, model.lasti
        gp.bubble = model.bubble
        if model.context is not None:
            gp.context = model.context.copy()
        return gp

    def fire(self, now: int) -> None:
        gp, self._fresh = self._fresh, None
        self._fired = True
        if gp is not None and not sched.ending and sched.main is not None:
            launch(gp)
            ready(gp)

    def stop(self) -> bool:
        return self.clock.remove(self)

    def set(self, gp: G, due: int) -> bool:
        """Let the timer start gp at `due`; return what `stop` returns."""
        pending = self.stop()
        self._fresh = gp
        self._fired = False
        self.clock.schedule(self, due)
        return pending

    def state(self) -> str:
        """Describe the state for the repr."""
        return _state(self.when if self.index >= 0 else _STOPPED, self.clock, self._fired)


def _state(due: int, clock: Timers, fired: bool, interval: str = "") -> str:
    """Describe a timer: active, with the seconds until it is due, fired or stopped."""
    if due == _STOPPED:
        return f"{'fired' if fired else 'stopped'}{interval}"
    return f"active{interval} due={max(0, due - clock.now()) / 1e9:.6g}s"


def _check_bubble(clock: Timers, what: str) -> None:
    """Raise `Panic` if the timer belongs to a bubble and the caller is outside of it."""
    if isinstance(clock, VirtualTimers) and clock is not timers():
        raise Panic(f"{what} of synctest timer from outside bubble")


@final
@public("gochan.time")
class Timer:
    """A timer that fires once, made by `new_timer` or `after_func`: Go's time.Timer.

    A Timer of `new_timer` sends the time into its channel `c`; one of `after_func` calls a function.  A
    `with` statement stops the timer at its end.

    >>> from gochan import time
    >>> with time.new_timer(3600) as timer:
    ...     timer.stop(), timer.stop()
    (True, False)
    """

    __slots__ = ("_timer",)

    _timer: Sender | Starter

    def __init__(self, *args: object, **kwargs: object) -> None:
        raise TypeError("a Timer is made by new_timer(seconds) or after_func(seconds, f)")

    @property
    def c(self) -> RecvChan[Time]:
        """The channel that receives the time: Go's field C.

        It is None if the Timer was made by `after_func`, although the annotation doesn't say so; in Go, it is
        nil.
        """
        timer = self._timer
        return timer.chan if isinstance(timer, Sender) else None  # type: ignore[return-value]

    def stop(self) -> bool:
        """Keep the timer from firing: Go's Timer.Stop.

        Afterwards no value is received from `c`.  A function that after_func has started keeps running;
        `stop` does not wait for it.

        Returns True if the timer was going to fire, False if it has fired or was stopped before.
        """
        timer = self._timer
        _check_bubble(timer.clock, "stop")
        before = begin()
        try:
            return timer.stop()
        finally:
            end(before)

    def reset(self, d: float | timedelta, /) -> bool:
        """Let the timer fire d from now, whether it has fired before or not: Go's Timer.Reset.

        d is a number of seconds or a timedelta.  Afterwards no value from before is received from `c`.

        Returns True if the timer was going to fire, False if it has fired or was stopped before.

        Raises `TypeError` if d is not a duration.
        """
        timer = self._timer
        d = _seconds("Timer.reset", d)
        _check_bubble(timer.clock, "reset")
        gp = timer.prepare() if isinstance(timer, Starter) else None
        before = begin()
        try:
            due = deadline(timer.clock.now(), d)
            if isinstance(timer, Sender):
                return timer.reset(due, 0)
            assert gp is not None
            return timer.set(gp, due)
        finally:
            end(before)

    def __repr__(self) -> str:
        return f"<Timer {self._timer.state()} at {id(self):#x}>"

    def __enter__(self) -> Timer:
        """Return the timer."""
        return self

    def __exit__(
        self, kind: type[BaseException] | None, exc: BaseException | None, tb: TracebackType | None, /
    ) -> None:
        """Stop the timer."""
        self.stop()


@final
@public("gochan.time")
class Ticker:
    """A timer that sends the time into its channel `c` at intervals, made by `new_ticker`: Go's time.Ticker.

    A slow receiver misses ticks; they don't accumulate.  A `with` statement stops the ticker at its end.

    >>> from gochan import time
    >>> with time.new_ticker(0.001) as ticker:
    ...     first, second = ticker.c.recv(), ticker.c.recv()
    >>> first < second
    True
    """

    __slots__ = ("_sender",)

    _sender: Sender

    def __init__(self, *args: object, **kwargs: object) -> None:
        raise TypeError("a Ticker is made by new_ticker(seconds)")

    @property
    def c(self) -> RecvChan[Time]:
        """The channel that receives the times: Go's field C."""
        return self._sender.chan

    def stop(self) -> None:
        """Stop the ticker: Go's Ticker.Stop.  This does not close its channel."""
        sender = self._sender
        _check_bubble(sender.clock, "stop")
        before = begin()
        try:
            sender.stop()
        finally:
            end(before)

    def reset(self, d: float | timedelta, /) -> None:
        """Let the ticker tick at intervals of d, for the first time d from now: Go's Ticker.Reset.

        d is a number of seconds or a timedelta.

        Raises `Panic` if d is not above 0, `TypeError` if it is not a duration.
        """
        period = _period(_seconds("Ticker.reset", d), "non-positive interval for Ticker.Reset")
        sender = self._sender
        _check_bubble(sender.clock, "reset")
        before = begin()
        try:
            sender.reset(sender.clock.now() + period, period)
        finally:
            end(before)

    def __repr__(self) -> str:
        return f"<Ticker {self._sender.state()} at {id(self):#x}>"

    def __enter__(self) -> Ticker:
        """Return the ticker."""
        return self

    def __exit__(
        self, kind: type[BaseException] | None, exc: BaseException | None, tb: TracebackType | None, /
    ) -> None:
        """Stop the ticker."""
        self.stop()


def _period(d: float, fault: str) -> int:
    if not d > 0:
        raise Panic(fault)
    return max(1, deadline(0, d))


def _timer(of: Sender | Starter) -> Timer:
    timer: Timer = object.__new__(Timer)
    timer._timer = of
    return timer


def _one_shot(d: float) -> Sender:
    clock = timers()
    return Sender(clock, deadline(clock.now(), d), 0)


def new_timer(d: float | timedelta, /) -> Timer:
    """Return a Timer that sends the time into its channel `c` after d: Go's time.NewTimer.

    d is a number of seconds or a timedelta.  If it is 0, negative or NaN, the timer fires at once.

    Raises `TypeError` if d is not a duration.

    >>> from gochan import time
    >>> timer = time.new_timer(3600)
    >>> timer.reset(0.001)
    True
    >>> moment = timer.c.recv()
    >>> timer.stop()
    False
    """
    return _timer(_one_shot(_seconds("time.new_timer", d)))


def after(d: float | timedelta, /) -> RecvChan[Time]:
    """Return a channel that receives the time after d: Go's time.After.

    d is a number of seconds or a timedelta.  If it is 0, negative or NaN, the channel receives the time at
    once.

    Raises `TypeError` if d is not a duration.

    >>> from gochan import Chan, recv, select, time
    >>> answers = Chan[str]()
    >>> index, moment, _ = select(recv(answers), recv(time.after(0.001)))
    >>> index, type(moment).__name__
    (1, 'Time')
    """
    return _one_shot(_seconds("time.after", d)).chan


def after_func(d: float | timedelta, fn: Callable[[], object], /) -> Timer:
    """Call fn in a new goroutine after d; return a Timer that can prevent the call: Go's time.AfterFunc.

    d is a number of seconds or a timedelta.  If it is 0, negative or NaN, fn is called at once.

    Raises `TypeError` if d is not a duration or fn is not callable.

    >>> from gochan import Chan, run, time
    >>> def main() -> None:
    ...     told = Chan[str](1)
    ...     time.after_func(0.001, lambda: told << "time is up")
    ...     print(told.recv())
    >>> run(main)
    time is up
    """
    d = _seconds("time.after_func", d)
    if not callable(fn):
        raise TypeError(f"time.after_func: {fn!r} is not callable; give the function: after_func(seconds, f)")
    if type(fn) in UNUSUAL:
        hooks.check_namespace("time.after_func", fn, (), {})
    clock = timers()
    starter = Starter(clock, fn)
    gp = starter.prepare()
    before = begin()
    try:
        starter.set(gp, deadline(clock.now(), d))
    finally:
        end(before)
    return _timer(starter)


def new_ticker(d: float | timedelta, /) -> Ticker:
    """Return a Ticker that sends the time into its channel `c` at intervals of d: Go's time.NewTicker.

    d is a number of seconds or a timedelta.

    Raises `Panic` if d is not above 0, `TypeError` if it is not a duration.

    >>> from gochan import time
    >>> ticker = time.new_ticker(0.001)
    >>> for _ in range(3):
    ...     moment = ticker.c.recv()
    >>> ticker.stop()
    """
    period = _period(_seconds("time.new_ticker", d), "non-positive interval for NewTicker")
    clock = timers()
    ticker: Ticker = object.__new__(Ticker)
    ticker._sender = Sender(clock, clock.now() + period, period)
    return ticker


def tick(d: float | timedelta, /) -> RecvChan[Time]:
    """Return a channel that receives the time at intervals of d: Go's time.Tick.

    d is a number of seconds or a timedelta.  If it is 0, negative or NaN, the channel never receives
    anything, as with the nil channel that Go returns.

    Raises `TypeError` if d is not a duration.

    >>> from gochan import time
    >>> beats = time.tick(0.001)
    >>> beats.recv() < beats.recv()
    True
    """
    d = _seconds("time.tick", d)
    return new_ticker(d).c if d > 0 else Chan[Any]()
