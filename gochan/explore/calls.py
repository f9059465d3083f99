"""What rewritten code calls instead of gochan's functions and methods: operations, with a point before.

A method or function that is an operation depends on what it is done on.  Any other function of gochan, which
does several operations inside, is one operation that depends on everything.
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import ExitStack, closing, suppress
from functools import partial
from typing import TYPE_CHECKING, Any, Final

from greenlet import GreenletExit

from .. import time as gotime
from .._engine import impl
from .._engine.chan import close
from .._engine.error import Deadlock, Unwind
from .._engine.impl import Chan, Mutex, NotifyList, RLocker, RWMutex, Ticker, Timer, WaitGroup, sched
from .._engine.panic import defer
from ..semaphore import Weighted
from ..sync import Map, Pool
from ..sync.cond import Cond
from . import active, performing
from .active import explored
from .before import METHODS, REPLACED, before, callback
from .operation import ANYTHING, CLOCK_KEY, EVERYTHING, Op, op_of

if TYPE_CHECKING:
    from .run import Run

_ATOMS: Final = (impl.Bool, impl.Int32, impl.Int64, impl.Pointer, impl.Uint32, impl.Uint64, impl.Value)
_LOCKS: Final = (Mutex, RWMutex, RLocker)

# The methods that are operations, by type.
_OPERATIONS: Final[dict[type, tuple[str, ...]]] = {
    Chan: ("send", "recv", "recv_ok", "close", "__lshift__"),
    Mutex: ("lock", "try_lock", "unlock"),
    RLocker: ("lock", "unlock"),
    RWMutex: ("lock", "try_lock", "unlock", "rlock", "try_rlock", "runlock"),
    WaitGroup: ("add", "done", "wait", "go"),
    NotifyList: ("add", "wait", "notify_one", "notify_all"),
    Timer: ("stop", "reset"),
    Ticker: ("stop", "reset"),
    Map: (
        "load", "store", "load_or_store", "load_and_delete", "delete", "swap", "compare_and_swap",
        "compare_and_delete", "clear",
    ),
    Pool: ("get", "put"),
    Weighted: ("try_acquire", "release"),
    **dict.fromkeys(_ATOMS, ("load", "store", "add", "swap", "compare_and_swap", "and_", "or_")),
}  # fmt: skip

# The functions that read the clock or set a timer.
_TIMED: Final[dict[Any, str]] = {
    impl.sleep: "sleep",
    impl.after: "after",
    impl.after_func: "after_func",
    impl.new_timer: "new_timer",
    impl.new_ticker: "new_ticker",
    impl.tick: "tick",
    gotime.now: "now",
}

# The methods of a read side, and the RWMutex's methods that they call.
_READER: Final = {"lock": "rlock", "unlock": "runlock"}
# The methods of a Cond, and the names of these operations for the race detector's clocks.
_COND: Final = {"wait": "wait", "signal": "notify_one", "broadcast": "notify_all"}
# The functions of contexts that do not order other operations, and whose order does not matter.
_UNORDERED: Final = frozenset(
    {"background", "deadline", "done", "todo", "value", "with_value", "without_cancel"}
)


# --- methods ---------------------------------------------------------------------------------------------


def operation(f: Any, me: Any, name: str, writes: bool) -> Any:
    """Return what calls f, the method `name` of me, as an operation."""
    run = active.current
    if run is None:
        return f
    if type(me) is RLocker:
        me, name = run.names.writer_of(me), _READER[name]
    return run.operations.get(f) or performing.operation(run, f, me, name, writes)


def _changing(f: Any, me: Any, name: str) -> Any:
    return operation(f, me, name, True)


def _reading(f: Any, me: Any, name: str) -> Any:
    return operation(f, me, name, False)


def _rlocker(f: Any, mu: Any, name: str) -> Any:
    """Return a function that does what f does, makes the read side of mu, and notes that it belongs to mu."""

    def call() -> Any:
        locker = f()
        run = active.current
        if run is not None:
            run.names.note_rlocker(locker, mu)
        return locker

    return call


METHODS.update(
    {
        (kind, name): _reading if name == "load" else _changing
        for kind, names in _OPERATIONS.items()
        for name in names
        if hasattr(kind, name)
    }
)
METHODS[RWMutex, "rlocker"] = _rlocker


def lshift(ch: Any, v: Any) -> Any:
    """`ch << v`."""
    if type(ch) is Chan and active.current is not None:
        return operation(ch.send, ch, "send", True)(v)
    return ch << v


class _Held:
    """A lock in a `with` statement."""

    __slots__ = ("lock",)

    def __init__(self, lock: Any) -> None:
        self.lock = lock

    def __enter__(self) -> Any:
        return operation(self.lock.__enter__, self.lock, "lock", True)()

    def __exit__(self, *exc: Any) -> None:
        operation(self.lock.__exit__, self.lock, "unlock", True)(*exc)


class _Left:
    """An object of gochan in a `with` statement, whose end is an operation: an errgroup's waits."""

    __slots__ = ("o",)

    def __init__(self, o: Any) -> None:
        self.o = o

    def __enter__(self) -> Any:
        return self.o.__enter__()

    def __exit__(self, *exc: Any) -> Any:
        return before(self.o.__exit__)(*exc)


def _stop(f: Any, me: Any, name: str) -> Any:
    return operation(f, me, "stop", True)


METHODS.update({(kind, "__exit__"): _stop for kind in (Timer, Ticker)})


def entered(o: Any) -> Any:
    """What a with statement enters."""
    if active.current is None:
        return o
    kind = type(o)
    if kind in _LOCKS:
        return _Held(o)
    module = getattr(getattr(kind, "__exit__", None), "__module__", None) or kind.__module__
    return _Left(o) if module.startswith("gochan.") else o


# --- functions -------------------------------------------------------------------------------------------


def _go(f: Any) -> Callable[..., None]:
    """Return what calls `go`."""

    def call(*args: Any, **kwargs: Any) -> None:
        run = explored()
        if run is None or not args:
            f(*args, **kwargs)
            return
        assert sched.curg is not None
        id = sched.curg.id
        run.step(op_of("go", (), False, _named(args[0])), id)
        f(before(args[0]), *args[1:], **kwargs)
        # No goroutine is started if the run has ended by now.
        started = max(sched.run_queue(), default=id)
        if started not in run.clocks.known:
            run.clocks.begin(started, id)

    return call


def _select(f: Any) -> Callable[..., Any]:
    """Return what calls `select`."""

    def call(*cases: Any) -> Any:
        run = explored()
        return f(*cases) if run is None else performing.select(run, f, cases)

    return call


def _gosched(f: Any) -> Callable[[], None]:
    """Return what calls `gosched`."""

    def call() -> None:
        run = explored()
        if run is not None:
            run.point(Op("gosched", (EVERYTHING,), True))
            run.let_others()
        f()

    return call


def _timed(f: Any, name: str) -> Callable[..., Any]:
    """Return what calls a function that reads the clock or sets a timer."""

    def call(*args: Any, **kwargs: Any) -> Any:
        run = explored()
        if run is None:
            return f(*args, **kwargs)
        run.point(Op(name, (CLOCK_KEY,), name != "now"))
        if name == "after_func":
            args = (*args[:1], *map(before, args[1:2]), *args[2:])
        return performing.perform(run, name, None, partial(f, *args, **kwargs))

    return call


def _named(f: Any) -> str:
    """Return a function's name for reports.  Not its repr: that may contain an address, which changes."""
    return getattr(f, "__qualname__", type(f).__name__)


def library(f: Any) -> Callable[..., Any]:
    """Return what calls another function of gochan: it orders its calls, for the race detector."""

    def call(*args: Any, **kwargs: Any) -> Any:
        run = explored()
        if run is None:
            return f(*args, **kwargs)
        me = getattr(f, "__self__", None)
        if type(me) is Cond and f.__name__ in _COND:
            return _wait(run, me) if f.__name__ == "wait" else _notify(run, me, f)
        unordered = f.__name__ in _UNORDERED and f.__module__ == "gochan.context"
        run.point(Op(f.__name__, () if unordered else (ANYTHING,), True, run.names.shown(me)))
        args = tuple(map(callback, args))
        name = "context" if unordered else "library"
        result = performing.perform(run, name, None, partial(f, *args, **kwargs))
        if unordered and f.__name__ == "done" and result is not None:
            run.names.note_done(result)
        return result

    return call


def _notify(run: Run, cond: Any, f: Any) -> Any:
    """Do `cond.signal()` or `cond.broadcast()`."""
    name = run.names.of(cond)
    run.point(Op(f.__name__, (name,), True, name))
    return performing.perform(run, _COND[f.__name__], cond, f)


def _wait(run: Run, cond: Any) -> None:
    """Do `cond.wait()`, which unlocks the lock, waits, and locks it again."""
    lock = cond.l
    waiters = cond._waiters
    known = type(lock) in _LOCKS
    owner = run.names.writer_of(lock)
    key = run.names.of(owner)
    name = run.names.of(cond)
    run.point(Op("wait", (name, key), True, name))
    ticket = waiters.add()
    if known:
        performing.release(run, owner, key, lock)
    else:
        lock.unlock()
    try:
        performing.perform(run, "wait", cond, partial(waiters.wait, ticket))
    except BaseException:
        # The run is about to end.
        with suppress(Deadlock, Unwind, GreenletExit):
            lock.lock()
        raise
    before(lock.lock)()


def _enter(f: Any, me: Any, name: str) -> Callable[..., Any]:
    """Return what calls f, the method of an ExitStack that enters what may be a lock."""
    return lambda o, /: f(entered(o))


def _push(f: Any, me: Any, name: str) -> Callable[..., Any]:
    """Return what calls f, a method of an ExitStack, which calls what it is given at the end."""
    return lambda o, /, *args, **kwargs: f(callback(o), *args, **kwargs)


METHODS[ExitStack, "enter_context"] = _enter
METHODS.update({(ExitStack, name): _push for name in ("callback", "push")})


class _Closing:
    """`closing(ch)`."""

    __slots__ = ("o",)

    def __init__(self, o: Any) -> None:
        self.o = o

    def __enter__(self) -> Any:
        return self.o

    def __exit__(self, *exc: Any) -> None:
        before(self.o.close)()


def _closing(o: Any) -> Any:
    return _Closing(o) if type(o) is Chan else closing(o)


def _close(ch: Any, /) -> None:
    """`close(ch)`."""
    if type(ch) is Chan:
        operation(ch.close, ch, "close", True)()
    else:
        close(ch)


def _defer(f: Any, /, *args: Any, **kwargs: Any) -> Any:
    """`defer(f, ...)`."""
    return defer(before(f), *args, **kwargs)


REPLACED.update(
    {impl.go: _go(impl.go), impl.select: _select(impl.select), impl.gosched: _gosched(impl.gosched)}
)
REPLACED.update({f: _timed(f, name) for f, name in _TIMED.items()})
REPLACED.update({close: _close, closing: _closing, defer: _defer})
