"""Goroutines that wait for objects that no running code can reach: the goroutine leak profile of Go 1.26.

A goroutine that waits for a channel or lock can continue only if a goroutine, a thread or a callback that can
still run reaches that object.  Go finds out with its garbage collector.  Python's objects have reference
counts: if an object's count is higher than the number of references from all objects of the collector and all
waiting goroutines, something that runs, or C code, refers to it; the object is a root.  So the kinds of roots
need not be known: threads, running goroutines, the engine's timers, thread-local data, signal handlers and
atexit functions are all found in the same way.

1. Count the references from all objects that the collector knows, and from the frames of the goroutines that
   wait (see slots.py).
2. Mark everything that the roots reach.
3. If an object that a goroutine waits for is marked, the goroutine may continue: mark what its frames reach.
   Repeat until nothing is new.

The remaining goroutines are leaks.  Everything that is uncertain (an instruction whose operands cannot be
read, an object of a C extension that does not show what it refers to) counts as a root.  So a leak may be
missed, but every goroutine that is reported is a leak.
"""

from __future__ import annotations

import ctypes
import gc
import sys
from collections import Counter
from collections.abc import Iterable, Iterator
from itertools import islice
from types import BuiltinMethodType, MethodType
from typing import Any, Final
from weakref import CallableProxyType, ProxyType, ReferenceType

from . import slots
from .frames import current_frames, outward
from .goroutine import Goroutine
from .impl import Case, Chan, G, Mutex, NotifyList, RWMutex, WaitGroup, sched
from .traceback import goroutines, waits_for
from .unpatched import allocate_lock, get_ident

# The reasons to wait that only other goroutines can end.  A sleep is not one: it ends by itself.
_REASONS: Final = frozenset(
    (
        "chan receive",
        "chan send",
        "select",
        "sync.Cond.Wait",
        "sync.Mutex.Lock",
        "sync.RWMutex.Lock",
        "sync.RWMutex.RLock",
        "sync.WaitGroup.Wait",
    )
)
# The waits that nothing can end.
_FOREVER: Final = frozenset(("chan receive (nil chan)", "chan send (nil chan)", "select (no cases)"))
_WAITED_FOR: Final = (Chan, Mutex, NotifyList, RWMutex, WaitGroup)
_WEAK: Final = (ReferenceType, ProxyType, CallableProxyType)
# The flag of types whose objects can be traversed.
_HAVE_GC: Final = 1 << 14
# The bound methods that only C refers to while __enter__ runs.
_HIDDEN: Final = ("__enter__",) if sys.version_info < (3, 12) else ("__enter__", "__exit__")
# The number of objects to traverse at a time.
_CHUNK: Final = 5000
# The seconds for which another thread waits until the goroutines' thread begins the search.
PATIENCE: Final = 10.0


class _Wait:
    """A goroutine that may have leaked.  It refers to the goroutine, and to other objects by address only."""

    def __init__(self, gp: G) -> None:
        self.gp = gp
        # What it waits for; whether nothing can end that.
        self.objects: set[int] = set()
        self.forever = False
        # The objects that its frames refer to, each as often as they refer to it.
        self.owned: list[int] = []
        self.unpacked: list[int] = []
        # The context managers whose __enter__ it is in.
        self.managers: list[int] = []

    def read(self) -> bool:
        """Find what it waits for and what its frames refer to; return False if that is not possible."""
        gp = self.gp
        reason = gp.waiting.removesuffix(" (durable)")
        self.forever = reason in _FOREVER
        if not self.forever and reason not in _REASONS:
            return False
        # First, since this may add a dict of local variables to a frame.
        objects = waits_for(gp)
        stacks: list[slots.Values] = []
        try:
            for frame in outward(gp.frame):
                found = slots.values(frame)
                stacks.append(found)
                self.owned += found.owned
                self.unpacked += found.unpacked
                if found.manager:
                    self.managers.append(found.manager)
        except slots.Unreadable:
            return False
        self.owned += _keywords(gp)
        if self.forever:
            return True
        if not objects and not hasattr(gp, "objects"):
            objects = list(_operands(gp, stacks))
        if any(isinstance(o, Case) or _is_timers(o) for o in objects):
            return False
        self.objects = set(map(id, objects))
        return bool(self.objects)


def _operands(gp: G, stacks: list[slots.Values]) -> Iterator[object]:
    """Yield what gp may wait for: at least what it does wait for."""
    if gp.waiting.startswith("select"):
        todo = [o for o in gc.get_referents(gp) if isinstance(o, Case)]
        for case in todo:
            referents = gc.get_referents(case)
            todo += [o for o in referents if isinstance(o, Case)]
            yield from (o for o in referents if isinstance(o, Chan))
            if repr(case).startswith("timeout"):
                yield case
        return
    values = [slots.object_at(a) for a in (stacks[0].stack if stacks else ()) if slots.alive(a)]
    if not stacks and gp.fn is not None:
        values.append(gp.fn)
    for value in values:
        owner = value.__self__ if isinstance(value, (BuiltinMethodType, MethodType)) else value
        if isinstance(owner, _WAITED_FOR):
            yield owner


def _keywords(gp: G) -> list[int]:
    """Return the addresses of gp's arguments if the C engine has called its function with keywords.

    The call has copied them to memory that no object owns.
    """
    referents = gc.get_referents(gp)
    if hasattr(gp, "kwargs") or gp.greenlet is None:
        return []
    for fn, args, kwargs in zip(referents, referents[1:], referents[2:], strict=False):
        if fn is gp.fn and type(args) is tuple and type(kwargs) is dict:
            return [*map(id, args), *map(id, kwargs.values())]
    return []


def _is_timers(o: object) -> bool:
    """Return whether o is the channel of a timer or ticker, which fires by itself."""
    if not isinstance(o, Chan):
        return False
    own: Any = o
    if hasattr(own, "_timer"):
        return own._timer is not None
    # In C, the field before the weak references.
    return bool(ctypes.c_size_t.from_address(id(o) + Chan.__weakrefoffset__ - 8).value)


def _chunks(objects: Iterable[object]) -> Iterator[list[object]]:
    each = iter(objects)
    while chunk := list(islice(each, _CHUNK)):
        yield chunk


def _is_hidden(o: object) -> bool:
    """Return whether o is an object that gc.get_objects leaves out and that matters here."""
    return isinstance(o, _WAITED_FOR) or (type(o).__flags__ & _HAVE_GC != 0 and not gc.is_tracked(o))


class _Heap:
    """All objects, and how often they and the waiting goroutines refer to each."""

    def __init__(self, waits: list[_Wait]) -> None:
        # The dict holds one reference to each object.  No older object may refer to the dict, not even the
        # cell of a variable.
        objects: dict[int, object] = {id(o): o for o in gc.get_objects()}
        objects.pop(id(self), None)
        self.objects = objects
        self.waiting = {id(w.gp) for w in waits}
        self.marked: set[int] = set()
        # CPython before 3.12.6 and 3.13 hands out the freed objects of this module's free list, which breaks
        # the list.  It is never looked into, and counts as a root.
        if "_asyncio" in sys.modules:
            hidden = id(sys.modules["_asyncio"])
            objects.pop(hidden, None)
            self.marked.add(hidden)
        # How often the known objects refer to each object.
        self.known: Counter[int] = Counter()
        for w in waits:
            for address in w.owned:
                if address not in self.objects and slots.alive(address):
                    o = slots.object_at(address)
                    if _is_hidden(o):
                        self.objects[address] = o
            o = None
        self._count(list(self.objects))
        for w in waits:
            self.known.update(w.owned)
            # Freed, and made anew by the call, if it was another kind of sequence or mapping.
            for address in w.unpacked:
                if type(self.objects.get(address)) in (tuple, dict):
                    self.known[address] += 1
        self._count_methods(waits)

    def _count(self, addresses: list[int]) -> None:
        """Count the references from the objects at these addresses, and from those that they lead to."""
        while addresses:
            found: dict[int, object] = {}
            for chunk in _chunks(addresses):
                referents = gc.get_referents(*map(self.objects.__getitem__, chunk))  # type: ignore[arg-type]
                self.known.update(map(id, referents))
                new = dict(zip(map(id, referents), referents, strict=True))
                for address in new.keys() - self.objects.keys():
                    if _is_hidden(new[address]):
                        found[address] = new[address]
            self.objects.update(found)
            addresses = list(found)

    def _count_methods(self, waits: list[_Wait]) -> None:
        """Count the references to bound methods, of `with` statements, that only C has."""
        hidden: Counter[tuple[int, str]] = Counter()
        for w in waits:
            for manager in w.managers:
                hidden.update((manager, name) for name in _HIDDEN)
        if not hidden:
            return
        for address, o in self.objects.items():
            if isinstance(o, (BuiltinMethodType, MethodType)) and o.__name__ in _HIDDEN:
                method = id(o.__self__), o.__name__
                if hidden[method] > 0:
                    hidden[method] -= 1
                    self.known[address] += 1

    def roots(self) -> list[int]:
        """Return the addresses of the objects that something else refers to."""
        probe = {0: object()}
        [own] = map(sys.getrefcount, probe.values())
        counts = list(map(sys.getrefcount, self.objects.values()))
        known = self.known
        return [
            address
            for address, n in zip(self.objects, counts, strict=True)
            if n - own > known.get(address, 0) and address not in self.waiting
        ]

    def mark(self, addresses: Iterable[int]) -> None:
        """Mark the objects at these addresses, and all that they lead to."""
        new = {a: self.objects[a] for a in addresses if a in self.objects and a not in self.marked}
        while new:
            self.marked.update(new)
            found: dict[int, object] = {}
            for chunk in _chunks(new.values()):
                referents = gc.get_referents(*chunk)
                for o in chunk:
                    if isinstance(o, _WEAK):
                        # The object can be got from it, and lives as long as the goroutine.
                        referents.extend(_referent(o))
                found.update(zip(map(id, referents), referents, strict=True))
            new = {a: found[a] for a in found.keys() - self.marked - self.waiting}

    def leaked(self, waits: list[_Wait]) -> set[int]:
        """Return the numbers of the goroutines that nothing can wake."""
        self.mark(self.roots())
        left = waits
        while True:
            live = [w for w in left if not w.forever and not self.marked.isdisjoint(w.objects)]
            if not live:
                return {w.gp.id for w in left}
            left = [w for w in left if w not in live]
            for w in live:
                self.waiting.discard(id(w.gp))
                self.mark([id(w.gp), *w.owned, *w.unpacked])


def _referent(weak: object) -> list[object]:
    if not isinstance(weak, ReferenceType):
        # A proxy does not show its object.
        return []
    o = weak()
    return [] if o is None else [o]


def _find() -> set[int]:
    """Return the numbers of the goroutines that have leaked.  In the goroutines' thread."""
    waits = []
    for gp in sched.goroutines():
        # Ctrl-C reaches main.
        if gp is not sched.main and gp is not sched.curg and gp.waiting:
            wait = _Wait(gp)
            if wait.read():
                waits.append(wait)
    if not waits:
        return set()
    return _Heap(waits).leaked(waits)


def _find_surely() -> set[int]:
    slots.check()
    # Otherwise a goroutine that the finalizer of a garbage object will wake would look like a leak.
    gc.collect()
    found = _find()
    if found and len(current_frames()) > 1:
        # Another thread may have moved a reference from where it was not counted yet to where it was already.
        found &= _find()
    return found


def leaked() -> list[Goroutine]:
    """Return the goroutines that have leaked: see runtime.leaked_goroutines."""
    if sched.thread == get_ident():
        return _leaked()
    if sched.main is None:
        return []
    begun: list[bool] = []
    done: list[Any] = []
    finished = allocate_lock()
    finished.acquire()

    def search() -> None:
        try:
            begun.append(True)
            done.append(_leaked())
        except BaseException as exc:
            done.append(exc)
        finally:
            finished.release()

    sched.post(search)
    # A search that has begun ends some time, so wait for it, however many objects there are.
    if not finished.acquire(timeout=PATIENCE) and not (begun and finished.acquire()):
        raise TimeoutError(
            f"runtime.leaked_goroutines: the goroutines' thread did not start the search within {PATIENCE:g} "
            "s: a goroutine computes, or blocks in a call that is not gochan's; see runtime.set_watchdog"
        )
    [result] = done
    if isinstance(result, BaseException):
        raise result
    found: list[Goroutine] = result
    return found


def _leaked() -> list[Goroutine]:
    found = _find_surely()
    return [g for g in goroutines() if g.thread is None and g.number in found]
