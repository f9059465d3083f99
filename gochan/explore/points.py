"""What rewritten programs call: a point before each operation, at which the explorer may switch goroutines.

Outside of an exploration, and in code that it does not control (a program that ends, other threads), each
does what the code that it replaces did.

An `Op` is what the goroutine will do next.  Two operations depend on each other if they touch the same
location and one of them changes it; only the order of those matters.
"""

from __future__ import annotations

import operator
from collections import deque
from collections.abc import Callable, Iterator
from types import BuiltinMethodType, FunctionType, MethodType, ModuleType
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from .. import time as gotime
from .._engine import impl
from .._engine.chan import close
from .._engine.impl import Chan, Mutex, NotifyList, RLocker, RWMutex, Ticker, Timer, WaitGroup
from .._engine.panic import defer
from ..sync.cond import Cond

if TYPE_CHECKING:
    from .run import Run

# The exploration's run that goes on; None: rewritten code runs as it was written.
current: Run | None = None


class Op(NamedTuple):
    """An operation that a goroutine is about to do."""

    # What it is called in reports: "send", "lock", "read".
    name: str
    # The locations that it touches; whether it changes them.
    keys: tuple[object, ...]
    writes: bool
    # What it is done on, for reports.
    on: object = None
    # Whether it only reads or writes the program's data.
    data: bool = False


# What may touch anything but data: other functions of gochan, and timers that fire.
ANYTHING: Final = "*"
# What depends on the clock.
CLOCK_KEY: Final = "clock"


def dependent(a: Op | None, b: Op | None) -> bool:
    """Return whether the order of two operations matters; None is the code between operations."""
    if a is None or b is None:
        return False
    if ANYTHING in a.keys or ANYTHING in b.keys:
        return not (a.data or b.data)
    return (a.writes or b.writes) and not set(a.keys).isdisjoint(b.keys)


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
_CHANGES: Final[dict[type, set[str]]] = {
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
_READS: Final[dict[type, set[str]]] = {
    list: {"index", "count", "copy"},
    dict: {"get", "keys", "values", "items", "copy"},
    set: {"copy", "issubset", "issuperset", "union", "difference", "intersection", "isdisjoint"},
    deque: {"index", "count", "copy"},
}  # fmt: skip

# What reads the containers that it is given.
_READERS: Final = frozenset(
    {
        all, any, dict, enumerate, filter, frozenset, iter, list, map, max, min, reversed, set, sorted, sum,
        tuple, zip,
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

_NO_OPERATIONS: Final = ("gochan._engine.panic", "gochan._engine.scope", "gochan.explore")

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


def _explored() -> Run | None:
    """Return the run whose goroutine calls this; None if there is none."""
    run = current
    return run if run is not None and run.controls() else None


def before(f: Any) -> Any:
    """Return f, or what does its operation with a point before it."""
    if current is None:
        return f
    t = type(f)
    if t is BuiltinMethodType or t is MethodType:
        me = f.__self__
        kind = type(me)
        if kind is ModuleType:
            # Built-in functions are methods of their modules.
            return _len if f is len else _reader(f) if f in _READERS else f
        name = f.__name__
        writes = METHODS.get((kind, name))
        if writes is not None:
            if kind is RLocker:
                return _operation(f, current.writer_of(me), _READER[name], True)
            return _operation(f, me, name, writes)
        if kind is RWMutex and name == "rlocker":
            return _rlocker(f, me)
        if kind in _CHANGES:
            if name in _CHANGES[kind]:
                return _method(f, me, name, True)
            return _method(f, me, name, False) if name in _READS[kind] else f
        found = FUNCTIONS.get(f)
        if found is not None:
            return _function(f, found)
        function = getattr(f, "__func__", None)
        if function is not None and _is_library(getattr(function, "__module__", None) or ""):
            # A subtest is code of the program.
            return _library(f) if name != "run" else f
        return f
    if t is type:
        return _reader(f) if f in _READERS else f
    if t is FunctionType:
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
    return f


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


def _operation(f: Any, me: Any, name: str, writes: bool) -> Callable[..., Any]:
    """Return what calls f, a method of me, as an operation."""

    def call(*args: Any, **kwargs: Any) -> Any:
        run = _explored()
        if run is None:
            return f(*args, **kwargs)
        if name == "go":
            args = (before(args[0]), *args[1:]) if args else args
        key = run.key(me)
        run.point(Op(name, (key,), writes, me))
        return run.perform(name, me, f, args, kwargs, key=key)

    return call


def _function(f: Any, name: str) -> Callable[..., Any]:
    """Return what calls a function of gochan as an operation."""

    def call(*args: Any, **kwargs: Any) -> Any:
        run = _explored()
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
        run = _explored()
        if run is None:
            return f(*args, **kwargs)
        me = getattr(f, "__self__", None)
        run.point(Op(f.__name__, (ANYTHING,), True, me))
        if type(me) is Cond and f.__name__ == "wait":
            return run.wait_on(me, f, args)
        return run.perform("library", None, f, args, kwargs)

    return call


def _method(f: Any, me: Any, name: str, writes: bool) -> Callable[..., Any]:
    """Return what calls f, a method of the container me."""
    taker = _reader(f) if name in _TAKERS else f

    def call(*args: Any, **kwargs: Any) -> Any:
        _access(me, "*", name, writes)
        return taker(*args, **kwargs)

    return call


def _reader(f: Any) -> Callable[..., Any]:
    """Return what calls f, which reads the containers among its arguments, and the values that it copies."""

    def call(*args: Any, **kwargs: Any) -> Any:
        run = _explored()
        if run is not None:
            name = getattr(f, "__name__", "call")
            for i, o in enumerate(args):
                if type(o) in _CHANGES:
                    run.access(o, "*", name, False)
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
        return _operation(lambda *args: f(ch, *args), ch, name, True)(*args)

    return call


def _atomic(f: Any) -> Callable[..., Any]:
    """Return what calls f, an atomic operation on the variable that its first argument points to."""

    def call(addr: Any, /, *args: Any) -> Any:
        run = _explored()
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
    return _IN_PLACE[op](a, b)


def iterated(o: Any) -> Any:
    """What a for loop goes over."""
    if current is not None:
        if type(o) is Chan:
            return _receive(o)
        if type(o) in _CHANGES:
            _access(o, "*", "iterate", False)
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
            _operation(lock.__enter__, run.writer_of(lock), "rlock", True)()
        else:
            _operation(lock.__enter__, lock, "lock", True)()
        return lock

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


def _place(o: Any, part: Any) -> tuple[Any, Any]:
    """Return what o's attribute or item really is a part of, and which: a pointer's is its variable."""
    place = getattr(type(o), "__explore_place__", None)
    return (o, part) if place is None else place(o, part)


def _access(o: Any, part: object, name: str, writes: bool) -> None:
    run = _explored()
    if run is not None:
        run.access(o, part, name, writes)


def _len(o: Any, /) -> int:
    """`len(o)`."""
    run = _explored()
    if run is not None:
        if type(o) in _CHANGES:
            run.access(o, "*", "len", False)
        elif type(o) is Chan:
            run.point(Op("len", (run.key(o),), False, o))
    return len(o)


def get(o: Any, name: str, writes: bool) -> Any:
    """The owner of an attribute that is about to be read or assigned."""
    if current is not None and not isinstance(o, ModuleType):
        owner, part = _place(o, name)
        _access(owner, part, f".{part}" if type(part) is str else f"[{part!r}]", writes)
    return o


def _item(o: Any, i: Any, writes: bool) -> None:
    """An item is about to be read or assigned."""
    o, i = _place(o, i)
    if type(o) is list:
        _access(o, i, f"[{i!r}]", writes)
    elif type(o) in _CHANGES:
        _access(o, "*", "[...]", writes)


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
    if current is not None and type(o) in _CHANGES:
        _access(o, "*", "del", True)
    del o[i]


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
        _access(cell, "", cell.name, False)


def stored_cell(cell: Cell, v: Any) -> Any:
    """A captured variable is about to be assigned v."""
    if current is not None:
        _access(cell, "", cell.name, True)
    return v


def read(name: str) -> None:
    """A global is about to be read."""
    run = _explored()
    if run is not None:
        run.access_global(name, False)


def stored(name: str, v: Any) -> Any:
    """A global is about to be assigned v."""
    run = _explored()
    if run is not None:
        run.access_global(name, True)
    return v
