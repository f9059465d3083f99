"""What rewritten programs call: a point before each operation, at which the explorer may switch goroutines.

Outside of an exploration, and in code that it does not control (a program that ends, other threads), each
does what the code that it replaces did.

An `Op` is what the goroutine will do next.  Two operations depend on each other if they touch the same
location and one of them changes it; only the order of those matters.
"""

from __future__ import annotations

import bisect
import functools
import gc
import heapq
import itertools
import operator
import random
import sys
from collections import Counter, OrderedDict, defaultdict, deque
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, closing, suppress
from dataclasses import dataclass
from types import (
    BuiltinMethodType,
    FunctionType,
    GeneratorType,
    GetSetDescriptorType,
    MemberDescriptorType,
    MethodType,
    ModuleType,
)  # fmt: skip
from typing import TYPE_CHECKING, Any, Final, TypeVar
from weakref import WeakKeyDictionary

from greenlet import GreenletExit

from .. import time as gotime
from .._engine import impl
from .._engine.chan import close
from .._engine.error import Deadlock, Unwind
from .._engine.impl import Chan, Mutex, NotifyList, RLocker, RWMutex, Ticker, Timer, WaitGroup
from .._engine.panic import defer
from ..sync.cond import Cond
from .clocks import LENGTH, WHOLE

if TYPE_CHECKING:
    from .run import Run

# The exploration's run that goes on; None: rewritten code runs as it was written.
current: Run | None = None


class Op:
    """An operation that a goroutine is about to do."""

    __slots__ = ("data", "key", "keys", "lock", "name", "on", "writes")

    def __init__(
        self, name: str, keys: tuple[object, ...], writes: bool, on: object = None, data: bool = False
    ) -> None:
        # What it is called in reports: "send", "lock", "read".
        self.name = name
        # The locations that it touches; whether it changes them.
        self.keys = keys
        self.writes = writes
        # What it is done on, for reports.
        self.on = on
        # Whether it only reads or writes the program's data.
        self.data = data
        # The only location, if that is all there is to compare; None: compare as `_depend` does.
        self.key = keys[0] if len(keys) == 1 and not data else None
        # The mutex that it has to wait for while another goroutine holds it.
        self.lock = keys[0] if name == "lock" and type(on) is Mutex else None


# What may touch anything but data: other functions of gochan, and timers that fire.
ANYTHING: Final = "*"
# The second half of a wait.
WAKE: Final = "wake"
# What depends on the clock.
CLOCK_KEY: Final = "clock"


def dependent(a: Op | None, b: Op | None) -> bool:
    """Return whether the order of two operations matters; None is the code between operations."""
    if a is None or b is None:
        return False
    x, y = a.key, b.key
    # Most operations are of this kind.
    if x is not None and y is not None:
        return (a.writes or b.writes) if x == y != ANYTHING else ANYTHING in (x, y)
    if ANYTHING in a.keys or ANYTHING in b.keys:
        return not (a.data or b.data)
    if a.data and b.data:
        return (a.writes or b.writes) and overlap(a.keys[0], b.keys[0])
    return (a.writes or b.writes) and not set(a.keys).isdisjoint(b.keys)


def overlap(a: Any, b: Any) -> bool:
    """Return whether two pieces of data have something in common: an item, and its list as a whole, have."""
    if a[0] != b[0]:
        return False
    return bool(a[1] == b[1] or a[1] == WHOLE or b[1] == WHOLE)


_ATOMS: Final = (impl.Bool, impl.Int32, impl.Int64, impl.Pointer, impl.Uint32, impl.Uint64, impl.Value)
_LOCKS: Final = (Mutex, RWMutex, RLocker)
_IN_PLACE: Final[dict[str, Callable[[Any, Any], Any]]] = {
    "LShift": operator.ilshift,
    "Add": operator.iadd, "Sub": operator.isub, "Mult": operator.imul, "Div": operator.itruediv,
    "FloorDiv": operator.ifloordiv, "Mod": operator.imod, "Pow": operator.ipow, "BitAnd": operator.iand,
    "BitOr": operator.ior, "BitXor": operator.ixor, "RShift": operator.irshift, "MatMult": operator.imatmul,
}  # fmt: skip

# The methods that are operations, by type and name: whether they change what they are called on.
METHODS: Final[dict[tuple[type, str], bool]] = {
    **{(Chan, name): True for name in ("send", "recv", "recv_ok", "close", "__lshift__")},
    **{(Mutex, name): True for name in ("lock", "try_lock", "unlock")},
    **{(RLocker, name): True for name in ("lock", "unlock")},
    **{(RWMutex, name): True for name in ("lock", "try_lock", "unlock", "rlock", "try_rlock", "runlock")},
    **{(WaitGroup, name): True for name in ("add", "done", "wait", "go")},
    **{(NotifyList, name): True for name in ("add", "wait", "notify_one", "notify_all")},
    **{(t, name): True for t in (Timer, Ticker) for name in ("stop", "reset")},
    **{
        (t, name): name != "load"
        for t in _ATOMS
        for name in dir(t)
        if name in ("load", "store", "add", "swap", "compare_and_swap", "and_", "or_")
    },
}

# What the methods of a read side are on its lock.
_READER: Final = {"lock": "rlock", "unlock": "runlock"}

# The methods of containers that read those that they are given.
_TAKERS: Final = frozenset(
    {
        "extend", "extendleft", "update", "difference_update", "intersection_update", "union", "difference",
        "intersection", "isdisjoint", "issubset", "issuperset",
    }
)  # fmt: skip

# The methods of containers: those that change them.
CHANGES: Final[dict[type, set[str]]] = {
    list: {"append", "extend", "insert", "remove", "pop", "clear", "sort", "reverse"},
    dict: {"update", "pop", "popitem", "setdefault", "clear"},
    set: {"add", "discard", "remove", "pop", "clear", "update", "difference_update", "intersection_update"},
    deque: {
        "append",
        "appendleft",
        "extend",
        "extendleft",
        "pop",
        "popleft",
        "remove",
        "rotate",
        "clear",
        "insert",
    },
}
READS: Final[dict[type, set[str]]] = {
    list: {"index", "count", "copy"},
    dict: {"get", "keys", "values", "items", "copy"},
    set: {"copy", "issubset", "issuperset", "union", "difference", "intersection", "isdisjoint"},
    deque: {"index", "count", "copy"},
}  # fmt: skip

# What reads the containers that it is given, and receives from channels.
READERS: Final[set[Any]] = (
    {
        all, any, dict, enumerate, filter, frozenset, iter, list, map, max, min, reversed, set, sorted, sum,
        tuple, zip, deque, Counter, OrderedDict, functools.reduce, heapq.nlargest, heapq.nsmallest,
        bisect.bisect, bisect.bisect_left, bisect.bisect_right, print, repr, str,
        *(each for each in vars(itertools).values() if isinstance(each, type)),
        itertools.chain.from_iterable,
    }
)  # fmt: skip
# Those of them that do not iterate over a channel.
ONLY_SHOW: Final[set[Any]] = {print, repr, str}
# What changes the list that it is given.
_CHANGERS: Final = frozenset(
    {
        heapq.heappush, heapq.heappop, heapq.heapify, heapq.heapreplace, heapq.heappushpop, bisect.insort,
        bisect.insort_left, bisect.insort_right, random.shuffle,
    }
)  # fmt: skip
# The library of ported programs is data to them, as a list is, but for those of its modules that wait or
# order: a call of those is an operation.
_PORTED: Final = "gochan.port.lib"
_PORTED_OPERATIONS: Final = frozenset(
    f"{_PORTED}.{name}"
    for name in ("context", "io", "net", "rate", "singleflight", "synctest", "testing", "time")
)
# What it does on channels that may be nil: the methods of channels that it calls.
_PORTED_CHANNELS: Final = {
    "chan_recv": "recv", "chan_recv_ok": "recv_ok", "chan_send": "send", "recv_zero": "recv_ok",
    "recv_ok_zero": "recv_ok",
}  # fmt: skip

_K = TypeVar("_K")
_V = TypeVar("_V")
# How much is kept of what was found out about classes.
_MOST_KNOWN = 500

# The methods of a Cond, and what the clocks call what they do.
_COND: Final = {"wait": "wait", "signal": "notify_one", "broadcast": "notify_all"}

# The functions of contexts that order nothing.
_UNORDERED: Final = frozenset(
    {"background", "deadline", "done", "todo", "value", "with_value", "without_cancel"}
)

_NO_OPERATIONS: Final = (
    "gochan._engine.defers", "gochan._engine.panic", "gochan._engine.scope", "gochan.explore",
)  # fmt: skip

# Functions of Python's library, and what is called in their place; see library.py.
REPLACED: Final[dict[Any, Callable[..., Any]]] = {}
# By the type of what is called: what returns what is called in its place.
KINDS: Final[dict[type, Callable[[Any], Any]]] = {}

# gochan's functions that are operations.
FUNCTIONS: Final[dict[object, str]] = {
    impl.go: "go",
    impl.select: "select",
    impl.gosched: "gosched",
    impl.sleep: "sleep",
    impl.after: "after",
    impl.after_func: "after_func",
    impl.new_timer: "new_timer",
    impl.new_ticker: "new_ticker",
    impl.tick: "tick",
    gotime.now: "now",
}


def explored() -> Run | None:
    """Return the run whose goroutine calls this; None if there is none."""
    run = current
    return run if run is not None and run.controls() else None


def before(f: Any) -> Any:
    """Return f, or what does its operation with a point before it."""
    run = current
    if run is None:
        # A class is made before the run.
        return REPLACED[f] if f is dataclass else f
    t = type(f)
    if t is BuiltinMethodType:
        known = run.operations.get(f)
        if known is not None:
            return known
    if t is BuiltinMethodType or t is MethodType:
        me = f.__self__
        kind = type(me)
        if kind is ModuleType:
            # Built-in functions are methods of their modules.
            if f is len:
                return _len
            if f in REPLACED:
                return REPLACED[f]
            return _reader(f) if f in READERS else _changer(f) if f in _CHANGERS else f
        # A method may be made of any callable.
        name = getattr(f, "__name__", "")
        writes = METHODS.get((kind, name))
        if writes is not None:
            if kind is RLocker:
                return _operation(f, run.writer_of(me), _READER[name], True)
            return _operation(f, me, name, writes)
        if kind is RWMutex and name == "rlocker":
            return _rlocker(f, me)
        # A built-in method reads and writes the container itself, though a class may have others.
        base = base_of(kind) if t is BuiltinMethodType else container(kind)
        if base is not None:
            if name in CHANGES[base]:
                return method(f, me, name, True)
            if name in READS[base]:
                return method(f, me, name, False)
            return _counted(f, me, name) if kind in _EXTENDED else f
        if kind is str or kind is bytes:
            return _reader(f, iterates=True) if name in ("join", "format", "format_map") else f
        if kind is GeneratorType:
            return _generator(f, me, name)
        found = FUNCTIONS.get(f)
        if found is not None:
            return _function(f, found)
        if f == itertools.chain.from_iterable:
            return _reader(f)
        if f == random.shuffle:
            return _changer(f)
        if kind is random.Random and f in READERS:
            return _reader(f)
        function = getattr(f, "__func__", None)
        if function is not None and _is_library(getattr(function, "__module__", None) or ""):
            # A subtest is code of the program.
            return _library(f) if name != "run" else f
        if type(function) is FunctionType:
            if kind is ExitStack:
                return _stack(f, name)
            if _is_foreign(function):
                return _library(f)
        return f
    if t is type:
        if f in READERS:
            return _reader(f)
        return _closing if f is closing else f
    if t is functools.partial:
        function = before(f.func)
        return f if function is f.func else functools.partial(function, *f.args, **f.keywords)
    if t is FunctionType:
        if BEFORE in f.__globals__:
            # The program's own.
            return f
        found = FUNCTIONS.get(f)
        if found is not None:
            return _function(f, found)
        if f is close:
            return _close
        module = f.__module__
        if module is not None and module.startswith("gochan"):
            if f is defer:
                return lambda g, /, *args, **kwargs: defer(before(g), *args, **kwargs)
            if module == f"{_PORTED}.atomic":
                return _atomic(f)
            if module == f"{_PORTED}._channels":
                return _ported_channel(f)
            if module.startswith(_PORTED) and module not in _PORTED_OPERATIONS:
                return _reader(f)
            if _is_library(module):
                return _library(f)
        elif f in REPLACED:
            return REPLACED[f]
        elif f in READERS:
            return _reader(f)
        elif _is_foreign(f):
            return _library(f)
    replace = KINDS.get(t)
    return f if replace is None else REPLACED[f] if f in REPLACED else replace(f)


# The name by which rewritten code calls `before`: what has it among its globals is the program's.
BEFORE: Final = "_gochan_before"
# Whether a module that is not rewritten uses gochan.
_foreign: Final[dict[str, bool]] = {}


def _is_foreign(f: Any) -> bool:
    """Return whether f, a function that is not rewritten, may do operations of gochan."""
    module = f.__module__ or ""
    if f.__globals__.get("__name__", "").startswith(_NO_OPERATIONS):
        # It is under @defers.
        return False
    found = _foreign.get(module)
    if found is None:
        found = BEFORE not in f.__globals__ and uses_gochan(f.__globals__)
        if module in sys.modules:
            _foreign[module] = found
    return found


def uses_gochan(namespace: dict[str, Any]) -> bool:
    """Return whether a module has something of gochan's among its globals."""
    for value in list(namespace.values()):
        name = value.__name__ if isinstance(value, ModuleType) else getattr(value, "__module__", None)
        if isinstance(name, str) and name.partition(".")[0] == "gochan":
            return True
    return False


def _is_library(module: str) -> bool:
    """Return whether the functions of a module are operations of gochan."""
    if module.startswith(_PORTED):
        return module in _PORTED_OPERATIONS
    return module.startswith("gochan.") and not module.startswith(_NO_OPERATIONS)


def _rlocker(f: Any, mu: Any) -> Callable[[], Any]:
    """Return what makes the read side of mu, and notes whose it is."""

    def call() -> Any:
        locker = f()
        run = current
        if run is not None:
            run.note_rlocker(locker, mu)
        return locker

    return call


def _operation(f: Any, me: Any, name: str, writes: bool) -> Any:
    """Return what calls f, a method of me, as an operation."""
    run = current
    if run is None:
        return f
    known = run.operations.get(f)
    return known or run.operation(f, me, name, writes)


def _function(f: Any, name: str) -> Callable[..., Any]:
    """Return what calls a function of gochan as an operation."""

    def call(*args: Any, **kwargs: Any) -> Any:
        run = explored()
        if run is None:
            return f(*args, **kwargs)
        if name == "select":
            return run.select(f, args)
        if name == "go":
            run.point(Op("go", (), False, args[0] if args else None))
        elif name == "gosched":
            run.point(Op("gosched", (), False))
        else:
            run.point(Op(name, (CLOCK_KEY,), name != "now"))
        if name in ("go", "after_func"):
            at = 0 if name == "go" else 1
            args = (*args[:at], *map(before, args[at : at + 1]), *args[at + 1 :])
        return run.perform(name, None, f, args, kwargs)

    return call


def _library(f: Any) -> Callable[..., Any]:
    """Return what calls another function of gochan: it orders its calls, for the race detector."""

    def call(*args: Any, **kwargs: Any) -> Any:
        run = explored()
        if run is None:
            return f(*args, **kwargs)
        me = getattr(f, "__self__", None)
        if type(me) is Cond and f.__name__ in _COND:
            return _wait(run, me) if f.__name__ == "wait" else _notify(run, me, f)
        run.point(Op(f.__name__, (ANYTHING,), True, me))
        args = tuple(map(_callback, args))
        if f.__name__ in _UNORDERED and f.__module__ == "gochan.context":
            return run.perform("context", None, f, args, kwargs)
        return run.perform("library", None, f, args, kwargs)

    return call


def _notify(run: Run, cond: Any, f: Any) -> Any:
    """Do `cond.signal()` or `cond.broadcast()`."""
    run.point(Op(f.__name__, (run.key(cond),), True, cond))
    return run.perform(_COND[f.__name__], cond, f, (), {})


def _wait(run: Run, cond: Any) -> None:
    """Do `cond.wait()`, which lets the lock go, waits, and then competes for the lock with the others."""
    lock = cond.l
    waiters = cond._waiters
    known = type(lock) in _LOCKS
    key = run.key(run.writer_of(lock))
    run.point(Op("wait", (run.key(cond), key), True, cond))
    ticket = waiters.add()
    if known:
        run.release(run.writer_of(lock), key, lock)
    else:
        lock.unlock()
    try:
        run.perform("wait", cond, waiters.wait, (ticket,), {})
    except BaseException:
        # The run is about to end.
        with suppress(Deadlock, Unwind, GreenletExit):
            lock.lock()
        raise
    before(lock.lock)()


def _callback(f: Any) -> Any:
    """Return what calls f with a point, if it is an operation that others are given to call."""
    return before(f) if type(f) is BuiltinMethodType or type(f) is MethodType else f


def _stack(f: Any, name: str) -> Callable[..., Any]:
    """Return what calls a method of an ExitStack, which enters locks and calls operations."""

    def call(o: Any, /, *args: Any, **kwargs: Any) -> Any:
        return f(entered(o) if name == "enter_context" else _callback(o), *args, **kwargs)

    return call if name in ("enter_context", "callback", "push") else f


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


def _counted(f: Any, me: Any, name: str) -> Any:
    """Return what calls a method of a container that the standard library has in Python."""
    writes = _EXTENDED[type(me)].get(name)
    return f if writes is None else method(f, me, name, writes)


def _changer(f: Any) -> Callable[..., Any]:
    """Return what calls f, which changes its first argument."""

    def call(*args: Any, **kwargs: Any) -> Any:
        if args and container(type(args[0])) is not None:
            access(args[0], WHOLE, f.__name__, True)
        return f(*args, **kwargs)

    return call


def method(f: Any, me: Any, name: str, writes: bool) -> Callable[..., Any]:
    """Return what calls f, a method of the container me."""
    taker = _reader(f, iterates=True) if name in _TAKERS else f

    def call(*args: Any, **kwargs: Any) -> Any:
        access(me, WHOLE, name, writes)
        return taker(*args, **kwargs)

    return call


def _reader(f: Any, *, iterates: bool = False) -> Callable[..., Any]:
    """Return what calls f, which reads the containers among its arguments, and the values that it copies."""
    iterates = iterates or (f in READERS and f not in ONLY_SHOW)

    def call(*args: Any, **kwargs: Any) -> Any:
        run = explored()
        if run is not None:
            name = getattr(f, "__name__", "call")
            if iterates:
                # What they iterate over, or call, does operations.
                args = tuple(_receive(o) if type(o) is Chan else _callback(o) for o in args)
            for i, o in enumerate((*args, *kwargs.values())):
                whole = _whole(o)
                if whole is not None:
                    run.access(whole, WHOLE, name, False)
                elif name in ("copy", "assign"):
                    for part in getattr(o, "__dataclass_fields__", ()):
                        run.access(o, part, f".{part}", name == "assign" and i == 0)
        return f(*args, **kwargs)

    return call


def _ported_channel(f: Any) -> Callable[..., Any]:
    """Return what calls f, which does an operation on the channel, or nil, that it is given."""

    def call(ch: Any, /, *args: Any) -> Any:
        if type(ch) is not Chan:
            return f(ch, *args)
        if f.__name__ == "chan_range":
            return _receive(ch)
        name = _PORTED_CHANNELS.get(f.__name__)
        if name is None:
            return _len(ch)
        run = current
        if run is None:
            return f(ch, *args)
        known = run.operations.get((f, ch))
        return (known or run.operation(functools.partial(f, ch), ch, name, True, (f, ch)))(*args)

    return call


def _atomic(f: Any) -> Callable[..., Any]:
    """Return what calls f, an atomic operation on the variable that its first argument points to."""

    def call(addr: Any, /, *args: Any) -> Any:
        run = explored()
        if run is None or addr is None:
            return f(addr, *args)
        return run.atomic(f, addr, args, *_place(addr, "v"))

    return call


def _close(ch: Any, /) -> None:
    """`close(ch)`."""
    if type(ch) is Chan:
        _operation(ch.close, ch, "close", True)()
    else:
        close(ch)


def lshift(ch: Any, v: Any) -> Any:
    """`ch << v`."""
    if type(ch) is Chan and current is not None:
        return _operation(ch.send, ch, "send", True)(v)
    return ch << v


def in_place(op: str, a: Any, b: Any) -> Any:
    """`a op= b`."""
    if op == "LShift" and type(a) is Chan:
        return lshift(a, b)
    if current is not None:
        if type(b) is Chan and type(a) is list:
            b = _receive(b)
        if container(type(a)) is not None:
            seen(b)
            access(a, WHOLE, "update", True)
    return _IN_PLACE[op](a, b)


def iterated(o: Any) -> Any:
    """What a for loop goes over."""
    if current is not None:
        if type(o) is Chan:
            return _receive(o)
        _read(o, "iterate")
    return o


def each(o: Any, named: bool) -> Any:
    """What a for loop goes over; others may have an iterator, too, that is named.

    There is a read before each item, since others may have changed the container after the one before.
    """
    if current is None:
        return o
    if type(o) is Chan:
        return _receive(o)
    if explored() is None:
        return o
    if _whole(o) is not None:
        return _items(o)
    return _values(o) if named and (type(o) is GeneratorType or type(o) in _ITERATORS) else o


def _generator(f: Any, me: Any, name: str) -> Any:
    """Return what calls a method of a generator that continues it."""

    def call(*args: Any) -> Any:
        advanced(me)
        return f(*args)

    return call if name in ("send", "throw", "close") else f


# What identifies a generator: the run must not keep it, since its end is a part of the program.
_generators: Final[WeakKeyDictionary[Any, Cell]] = WeakKeyDictionary()


def advanced(o: Any) -> None:
    """An iterator is about to be asked for its next value."""
    kind = type(o)
    if kind is GeneratorType:
        cell = _generators.get(o)
        if cell is None:
            cell = _generators[o] = Cell(f"the generator {o.__name__}")
        access(cell, "", cell.name, True)
    elif kind in _ITERATORS:
        access(o, WHOLE, "next", True)


def _values(o: Any) -> Iterator[Any]:
    """Yield what an iterator does that goroutines may share."""
    while True:
        advanced(o)
        try:
            value = next(o)
        except StopIteration:
            return
        yield value


def _items(o: Any) -> Iterator[Any]:
    rest = iter(o)
    read = _whole(o)
    count = -1
    while True:
        run = explored()
        if run is not None and run.clocks.count() != count:
            # What was done in the loop's body may order what others do before this.
            run.access(read, WHOLE, "iterate", False)
            count = run.clocks.count()
        try:
            item = next(rest)
        except StopIteration:
            return
        yield item


def matched(o: Any, attributes: Sequence[str]) -> Any:
    """What a match statement takes apart; the attributes that its patterns name."""
    if current is not None:
        if container(type(o)) is not None:
            access(o, WHOLE, "match", False)
        else:
            for name in attributes:
                get(o, name, False)
    return o


def seen(o: Any) -> Any:
    """What is compared, tested or formatted."""
    if current is not None:
        _read(o, "read")
    return o


def sliced(o: Any, writes: bool) -> Any:
    """What a slice is taken of, or assigned to."""
    if current is not None and container(type(o)) is not None:
        access(o, WHOLE, "[:]", writes)
    return o


def _receive(ch: Any) -> Iterator[Any]:
    receive = _operation(ch.recv_ok, ch, "recv_ok", True)
    while True:
        v, ok = receive()
        if not ok:
            return
        yield v


class _Held:
    """A lock in a `with` statement."""

    __slots__ = ("lock",)

    def __init__(self, lock: Any) -> None:
        self.lock = lock

    def __enter__(self) -> Any:
        lock = self.lock
        run = current
        if type(lock) is RLocker and run is not None:
            return _operation(lock.__enter__, run.writer_of(lock), "rlock", True)()
        return _operation(lock.__enter__, lock, "lock", True)()

    def __exit__(self, *exc: Any) -> None:
        lock = self.lock
        run = current
        if type(lock) is RLocker and run is not None:
            _operation(lock.__exit__, run.writer_of(lock), "runlock", True)(*exc)
        else:
            _operation(lock.__exit__, lock, "unlock", True)(*exc)


def entered(o: Any) -> Any:
    """What a with statement enters."""
    return _Held(o) if current is not None and type(o) in _LOCKS else o


# --- shared data -----------------------------------------------------------------------------------------


def _whole(o: Any) -> Any:
    """Return the container that is read where o is read as a whole; None if there is none."""
    kind = type(o)
    if kind in _VIEWS:
        # It has nothing else that it could refer to.
        o = gc.get_referents(o)[0]
        kind = type(o)
    return o if container(kind) is not None else None


def _read(o: Any, name: str) -> None:
    whole = _whole(o)
    if whole is not None:
        access(whole, WHOLE, name, False)


def _place(o: Any, part: Any) -> tuple[Any, Any]:
    """Return what o's attribute or item really is a part of, and which: a pointer's is its variable."""
    place = getattr(type(o), "__explore_place__", None)
    return (o, part) if place is None else place(o, part)


def access(o: Any, part: object, name: str, writes: bool) -> None:
    """Note a read or write of part of o, if the caller is explored."""
    run = explored()
    if run is not None:
        run.access(o, part, name, writes)


def _len(o: Any, /) -> int:
    """`len(o)`."""
    run = explored()
    if run is not None:
        whole = _whole(o)
        if whole is not None:
            # Assigning an item does not change how many there are.
            run.access(whole, LENGTH if isinstance(whole, list) else WHOLE, "len", False)
        elif type(o) is Chan:
            run.point(Op("len", (run.key(o),), False, o))
    return len(o)


def get(o: Any, name: str, writes: bool) -> Any:
    """The owner of an attribute that is about to be read or assigned."""
    run = explored()
    if run is None:
        return o
    if isinstance(o, ModuleType):
        if BEFORE in vars(o):
            run.access_global(name, o.__name__, writes)
        return o
    if hasattr(type(o), "__explore_place__"):
        owner, part = _place(o, name)
        run.access(owner, part, f".{part}" if type(part) is str else f"[{part!r}]", writes)
        return o
    holder = _holder(o, name, writes)
    if holder is not None:
        run.access(holder, name, f".{name}", writes)
    return o


def attribute(o: Any, name: str, writes: bool) -> None:
    """An attribute of o itself is about to be read or written, whatever its class says."""
    access(o, name, f".{name}", writes)


def is_program(kind: type) -> bool:
    """Return whether a class is the program's."""
    module = sys.modules.get(kind.__module__)
    return module is not None and BEFORE in vars(module)


def _holder(o: Any, name: str, writes: bool) -> Any:
    """Return what has the attribute: o, or a class; None if a method of the class decides that."""
    is_class = isinstance(o, type)
    kind = type(o)
    how = _ATTRIBUTES.get((kind, name))
    if how is None:
        how = _remember(_ATTRIBUTES, (kind, name), _attribute(kind, name))
    if how[writes]:
        return None
    if writes:
        return o
    if is_class:
        return _class_with(o, name) or o
    if how[2] and name not in getattr(o, "__dict__", ()):
        # Looked up anew: it may have been assigned since.
        return _class_with(kind, name) or o
    return o


def _class_with(kind: type, name: str) -> type | None:
    """Return the class, of kind and its bases, in which an attribute of kind's is."""
    return next((each for each in kind.__mro__ if name in vars(each)), None)


def _remember(known: dict[_K, _V], key: _K, value: _V) -> _V:
    """Keep what was found out about a class, of which a program has others in each run."""
    if len(known) >= _MOST_KNOWN:
        known.clear()
    known[key] = value
    return value


# By type and name: whether code of the class is called for a read, and for a write, and whether the class may
# have the attribute.
_ATTRIBUTES: Final[dict[tuple[type, str], tuple[bool, bool, bool]]] = {}


def _attribute(kind: type, name: str) -> tuple[bool, bool, bool]:
    owner = _class_with(kind, name)
    of_class = None if owner is None else vars(owner)[name]
    if isinstance(of_class, (MemberDescriptorType, GetSetDescriptorType)):
        return False, False, False
    about = type(of_class)
    reads = hasattr(about, "__get__") and not isinstance(of_class, FunctionType)
    writes = hasattr(about, "__set__")
    return (
        reads or isinstance(kind.__getattribute__, FunctionType) or hasattr(kind, "__getattr__"),
        writes or isinstance(kind.__setattr__, FunctionType),
        True,
    )


def _item(o: Any, i: Any, writes: bool) -> None:
    """An item is about to be read or assigned."""
    o, i = _place(o, i)
    kind = container(type(o))
    if kind is list or kind is bytearray:
        if type(i) is int:
            access(o, i if i >= 0 else i + len(o), f"[{i!r}]", writes)
    elif kind is not None:
        # A defaultdict adds what is not there.
        access(o, WHOLE, "[...]", writes or (type(o) is defaultdict and i not in o))


def item(o: Any, i: Any) -> Any:
    """`o[i]`."""
    if current is not None:
        _item(o, i, False)
    return o[i]


def setitem(v: Any, o: Any, i: Any) -> None:
    """`o[i] = v`."""
    if current is not None:
        _item(o, i, True)
    o[i] = v


def delitem(o: Any, i: Any) -> None:
    """`del o[i]`."""
    if current is not None and container(type(o)) is not None:
        access(o, WHOLE, "del", True)
    del o[i]


def own(names: Any) -> Any:
    """Return what `locals()`, `vars()` or `dir()` has, without the names that rewritten code adds."""
    if type(names) is list:
        return [name for name in names if not name.startswith("_gochan_")]
    for name in [name for name in names if name.startswith("_gochan_")]:
        del names[name]
    return names


def written(o: Any, i: Any) -> Any:
    """The owner of an item that is about to be assigned."""
    if current is not None:
        _item(o, i, True)
    return o


# The containers of the standard library with methods that are not built in: whether those change them.
_EXTENDED: Final[dict[type, dict[str, bool]]] = {
    Counter: {
        "update": True, "subtract": True, "most_common": False, "elements": False, "total": False,
        "copy": False,
    },
    OrderedDict: {"move_to_end": True},
}  # fmt: skip
# The views of dicts; the iterators of the language.  `itertools.count` is not among them: it often numbers
# things for many, and does so in one step.
_VIEWS: Final = frozenset({type({}.keys()), type({}.values()), type({}.items())})
_ITERATORS: Final[frozenset[type]] = frozenset(
    {
        enumerate,
        filter,
        map,
        zip,
        reversed,
        type(iter([])),
        type(iter(())),
        type(iter({})),
        type(iter(set())),
        type(iter({}.values())),
        type(iter({}.items())),
    }
)
# What a type is as a container: list, dict, set or deque; None: it is none, or its own methods decide.
_containers: Final[dict[type, type | None]] = {}
_ACCESSES: Final = ("__getitem__", "__setitem__", "__delitem__", "__iter__", "__contains__", "__len__")


def base_of(kind: type) -> type | None:
    """Return which container a type is one of, or inherits from."""
    return next((base for base in CHANGES if issubclass(kind, base)), None)


def container(kind: type) -> type | None:
    """Return which container a type is one of; None if its own methods decide what is read and written."""
    try:
        return _containers[kind]
    except KeyError:
        pass
    found = base_of(kind)
    if found is not None:
        for each in kind.__mro__[: kind.__mro__.index(found)]:
            if each.__module__ != "collections" and any(name in vars(each) for name in _ACCESSES):
                found = None
                break
    return _remember(_containers, kind, found)


class Cell:
    """Identifies a captured variable of one call of its function."""

    __slots__ = ("name",)

    def __init__(self, name: str) -> None:
        self.name = name

    def __repr__(self) -> str:
        return self.name


new_cell: Final = Cell


def read_cell(cell: Cell) -> None:
    """A captured variable is about to be read."""
    if current is not None:
        access(cell, "", cell.name, False)


def stored_cell(cell: Cell, v: Any) -> Any:
    """A captured variable is about to be assigned v."""
    if current is not None:
        access(cell, "", cell.name, True)
    return v


def read(name: str, module: str) -> None:
    """A global is about to be read."""
    run = explored()
    if run is not None:
        run.access_global(name, module, False)


def stored(name: str, v: Any, module: str) -> Any:
    """A global is about to be assigned v."""
    run = explored()
    if run is not None:
        run.access_global(name, module, True)
    return v
