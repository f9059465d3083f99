"""Call everything in the engine's C module with junk: a program for a process of its own, which must live.

    python fuzz.py SEED CALLS PROGRESS [SKIP...]

It calls each function, each type, each method of each type and of many instances, gets, sets and deletes each attribute,
and uses each operator. What is being tried is in the file PROGRESS at any time. What is in SKIP is left out: it has
killed the program before.
"""

from __future__ import annotations

import contextvars
import copy
import faulthandler
import gc
import operator
import os
import pickle
import random
import signal
import sys
import threading
import warnings
import weakref
from collections import Counter
from collections.abc import Callable, Iterator
from functools import partial
from types import ModuleType
from typing import Any

import greenlet

from gochan import (
    Chan,
    Deadlock,
    Panic,
    default,
    go,
    recv,
    run,
    runtime,
    select,
    send,
    sync,
    time,
    timeout,
)


def engine() -> tuple[ModuleType, Any]:
    """Find the C module, and the scheduler."""
    from gochan._engine import _c

    return _c, _c.sched


# What they are for is the end of the process: `forget` tells the engine that this is a forked child.
ENDS = {"Sched.forget", "Sched.forget()"}


class Stop(Exception):
    """Ends a call that waits for too long."""


class Junk:
    """Pretends to be anything, and does not keep what it promises."""

    def __init__(self, log: list[int]) -> None:
        self.log = log

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        return self

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        return self

    def __index__(self) -> int:
        return 3

    def __float__(self) -> float:
        raise ZeroDivisionError

    def __eq__(self, other: object) -> bool:
        raise ZeroDivisionError

    __hash__ = None  # type: ignore[assignment]


class BadInt(int):
    """An int that is none."""


def raising(*args: Any, **kwargs: Any) -> None:
    raise ZeroDivisionError


def waiting(*args: Any, **kwargs: Any) -> None:
    select(recv(Chan()), timeout(1e-6))


class Fuzz:
    """The program's state."""

    def __init__(self, seed: int, calls: int, progress: str, skip: set[str]) -> None:
        self.random = random.Random(seed)
        self.calls = calls
        self.fd = os.open(progress, os.O_RDWR | os.O_CREAT)
        self.skip = skip | ENDS
        self.module, self.sched = engine()
        self.tried = 0
        self.waiting = False
        self.ended: Counter[str] = Counter()
        # The scheduler's settings, which outlive a program.
        self.settings: dict[str, Any] = {}
        for name in dir(self.sched):
            try:
                setattr(self.sched, name, getattr(self.sched, name))
                self.settings[name] = getattr(self.sched, name)
            except Exception:
                pass

    def note(self, what: str) -> None:
        """Say what is being tried."""
        os.pwrite(self.fd, what.encode("utf-8", "replace")[:300].ljust(300), 0)

    # --- arguments ---

    def instances(self) -> list[Any]:
        """Make objects of all kinds and states."""
        closed, full, typed, plain = Chan(), Chan(1), Chan[int](2), Chan()
        closed.close()
        full.send(1)
        waits = recv(plain)
        locked, free, rw = sync.Mutex(), sync.Mutex(), sync.RWMutex()
        locked.lock()
        rw.rlock()
        wg = sync.WaitGroup()
        wg.add(1)
        timer, stopped, fired = time.new_timer(3600), time.new_timer(3600), time.new_timer(0)
        stopped.stop()
        caller = time.after_func(3600, int)
        ticker = time.new_ticker(3600)
        cond = sync.Cond(sync.Mutex())
        # Parked goroutines: in a select, a receive, a send, a lock, a group, a condition, a sleep.
        go(select, waits, timeout(3600), send(full, 2))
        go(plain.recv)
        go(full.send, 3)
        go(locked.lock)
        go(rw.lock)
        go(wg.wait)
        go(time.sleep, 3600)
        go(timer.c.recv)
        runtime.gosched()
        found = [
            closed, full, typed, plain, waits, recv(None), send(full, 5), send(None, 5), timeout(1), timeout(3600), default,
            locked, free, rw, rw.rlocker(), wg, cond, timer, stopped, fired, caller, ticker, timer.c,
            sync.atomic.Int32(5), sync.atomic.Int64(5), sync.atomic.Uint32(5), sync.atomic.Uint64(5), sync.atomic.Bool(True),
            sync.atomic.Pointer(5), sync.atomic.Value(),
        ]  # fmt: skip
        go(int, 5)  # not begun
        if self.sched is not None:
            found.append(self.sched)
        types = tuple(self.types())
        # What the collector finds beyond these: goroutines, queues, workers, timers, bubbles.
        seen = {id(o) for o in found}
        todo = list(found)
        while todo and len(found) < 400:
            o = todo.pop()
            more = [*gc.get_referents(o)]
            for name in dir(type(o)):
                if isinstance(o, types) and not name.startswith("__"):
                    try:
                        more.append(getattr(o, name))
                    except Exception:
                        pass
            for each in more:
                if isinstance(each, types) and id(each) not in seen:
                    seen.add(id(each))
                    found.append(each)
                    todo.append(each)
        for name in ("getg", "running", "thread_g"):
            fn = getattr(self.module, name, None)
            if fn is not None:
                try:
                    found.append(fn())
                except Exception:
                    pass
        goroutines = getattr(self.sched, "goroutines", None)
        if callable(goroutines):
            found += goroutines()
        for t in types:
            # An instance that nobody has initialized.
            for make in (object.__new__, t.__new__, copyreg_new):
                try:
                    found.append(make(t))
                except Exception:
                    pass
        return found

    def plain(self) -> list[Any]:
        """Make what has nothing to do with gochan."""
        return [
            None, True, False, 0, 1, -1, 5, 2**31, 2**63, -(2**63), 2**64, 2**70, BadInt(3), 0.0, 1e-9, -1.0, 1e300, float("nan"),
            float("inf"), 1j, "", "x", "gochan" * 9, b"", b"x", (), (1,), (1, 2, 3), [], [1], {}, {"a": 1}, set(), object(), type,
            int, str, Exception, ValueError("x"), KeyboardInterrupt, BaseException(), lambda: None, raising, waiting, print, len,
            iter([]), iter([1]), (i for i in ()), Junk([]), range(3), NotImplemented, ..., threading.Lock(), sys, operator.call,
            contextvars.copy_context(), contextvars.ContextVar("v"), greenlet.getcurrent(), greenlet.greenlet(int), sys._getframe(),
            partial(int), runtime.gosched, Panic("x"), self.module, slice(1), memoryview(b"x"), bytearray(b"x"),
            (default,), (recv(Chan()),), [default], Chan[int], tuple[int], Deadlock("x"),
        ]  # fmt: skip

    def types(self) -> Iterator[type]:
        """List the types of the module, and those that are only seen as the type of something."""
        for value in vars(self.module).values():
            if isinstance(value, type) and self.ours(value):
                yield value

    @staticmethod
    def ours(t: type) -> bool:
        return t.__module__.startswith("gochan")

    # --- what is done to them ---

    def arguments(self, junk: list[Any]) -> tuple[tuple[Any, ...], dict[str, Any]]:
        n = self.random.choice((0, 1, 1, 1, 2, 2, 3, 4))
        args = tuple(self.random.choice(junk) for _ in range(n))
        kwargs = {"x": 1} if self.random.random() < 0.05 else {}
        return args, kwargs

    def attempt(self, what: str, fn: Callable[..., Any], *args: Any, **kwargs: Any) -> Any:
        """Call it, whatever comes of it; in main a wait is ended soon."""
        self.note(what)
        try:
            signal.setitimer(signal.ITIMER_REAL, 0.01, 0.01)
            self.waiting = True
            return self.elsewhere(fn, *args, **kwargs)
        except Stop:
            return None
        finally:
            self.waiting = False
            signal.setitimer(signal.ITIMER_REAL, 0)

    def elsewhere(self, fn: Callable[..., Any], *args: Any, **kwargs: Any) -> Any:
        """Call it, whatever comes of it, in a place where it may wait forever."""
        self.tried += 1
        try:
            return fn(*args, **kwargs)
        except (Exception, KeyboardInterrupt):
            return None

    def forget(self, fn: Callable[..., Any], *args: Any, **kwargs: Any) -> None:
        """Call it in a goroutine, which must not return a generator, say."""
        self.elsewhere(fn, *args, **kwargs)

    def stop(self, signum: int, frame: Any) -> None:
        """End a wait."""
        if self.waiting:
            raise Stop

    def jobs(self, subject: str) -> list[Callable[[], None]]:
        """List what is done to the functions of the module, or to one of its types and its instances."""
        instances = self.instances()
        junk = self.plain() + instances
        if subject == "functions":
            functions = [(name, fn) for name, fn in vars(self.module).items() if callable(fn) and not isinstance(fn, type)]
            return [partial(self.function, f"{name}()", fn, junk) for name, fn in functions]
        t = getattr(self.module, subject, None) or next(type(i) for i in instances if type(i).__name__ == subject)
        found = [partial(self.function, f"{subject}()", t, junk)]
        for each in [i for i in instances if type(i) is t][:12]:
            found += self.instance(subject, each, junk)
        for name, member in list(vars(t).items()):
            found.append(partial(self.member, t, name, member, junk))
        for base in ((t,), (t, int), (Junk, t)):
            found.append(partial(self.subclass, subject, base, junk))
        return found

    def function(self, name: str, fn: Callable[..., Any], junk: list[Any], calls: int = 0) -> None:
        """Call it, in main, in goroutines, and in a thread."""
        if name in self.skip:
            return
        for _ in range(calls or self.calls):
            args, kwargs = self.arguments(junk)
            self.attempt(name, fn, *args, **kwargs)
        for _ in range(3):
            args, kwargs = self.arguments(junk)
            self.note(f"{name} in a goroutine")
            go(self.forget, fn, *args, **kwargs)
            self.attempt(f"{name} in a goroutine", runtime.gosched)
        thread = threading.Thread(target=self.elsewhere, args=(fn, *args), kwargs=kwargs, daemon=True)
        self.note(f"{name} in a thread")
        thread.start()
        thread.join(0.01)
        self.attempt(f"{name} in a thread", runtime.gosched)

    def member(self, t: type, name: str, member: Any, junk: list[Any]) -> None:
        """Use a type's method or attribute with what is none of its instances."""
        what = f"{t.__name__}.{name}"
        if what in self.skip:
            return
        if callable(member):
            self.function(f"{what}()", partial(getattr(t, name)), junk, 10)
        elif hasattr(member, "__get__"):
            for _ in range(4):
                self.attempt(f"{what}.__get__", member.__get__, self.random.choice(junk))
                if hasattr(member, "__set__"):
                    pair = self.random.choice(junk), self.random.choice(junk)
                    self.attempt(f"{what}.__set__", member.__set__, *pair)

    def subclass(self, subject: str, bases: tuple[type, ...], junk: list[Any]) -> None:
        """Derive from a type."""
        sub = self.attempt(f"a subclass of {subject}", type, "Sub", bases, {})
        if sub is not None:
            self.function(f"a subclass of {subject}()", sub, junk, 5)

    def instance(self, type_name: str, o: Any, junk: list[Any]) -> list[Callable[[], None]]:
        """List what is done to an instance."""
        found: list[Callable[[], None]] = []
        for name in dir(o):
            what = f"{type_name}.{name}"
            if name != "__class__" and what not in self.skip and f"{what}()" not in self.skip:
                found.append(partial(self.attribute, what, name, o, junk))
        found.append(partial(self.operators, type_name, o, junk))
        return found

    def attribute(self, what: str, name: str, o: Any, junk: list[Any]) -> None:
        """Get, set and delete an attribute, and call it."""
        value = self.attempt(what, getattr, o, name)
        for _ in range(6):
            self.attempt(f"{what} =", setattr, o, name, self.random.choice(junk))
        self.attempt(f"del {what}", delattr, o, name)
        if callable(value) and not isinstance(value, type):
            self.function(f"{what}()", value, junk, max(4, self.calls // 4))

    def operators(self, type_name: str, o: Any, junk: list[Any]) -> None:
        """Use operators and protocols."""
        for t in (*self.types(), int, Junk):
            self.attempt(f"{type_name}.__class__ =", setattr, o, "__class__", t)
        one = [len, bool, repr, str, hash, iter, next, int, float, operator.index, operator.neg, reversed, copy.copy, copy.deepcopy,
               pickle.dumps, dir, vars, gc.get_referents, sys.getsizeof, format, list, weakref.ref]  # fmt: skip
        for fn in one:
            self.attempt(f"{fn.__name__}({type_name})", fn, o)
        two = [operator.lshift, operator.rshift, operator.eq, operator.lt, operator.add, operator.getitem, operator.contains,
               operator.delitem, operator.ilshift, operator.or_, isinstance, operator.is_]  # fmt: skip
        for fn2 in two:
            for _ in range(3):
                self.attempt(f"{fn2.__name__}({type_name}, ...)", fn2, o, self.random.choice(junk))
                self.attempt(f"{fn2.__name__}(..., {type_name})", fn2, self.random.choice(junk), o)

    def deface(self) -> None:
        """Set and delete the attributes of the types themselves, and use what is left: nothing comes after that."""
        instances = self.instances()
        junk = self.plain() + instances
        for t in self.types():
            for name in [*vars(t), "new", "__init__", "__new__", "__class__", "__doc__", "__name__", "__bases__", "__del__"]:
                self.attempt(f"{t.__name__}.{name} =", setattr, t, name, self.random.choice(junk))
                self.attempt(f"del {t.__name__}.{name}", delattr, t, name)
            for fn in (t, *(partial(getattr, t, name) for name in dir(t))):
                self.attempt(f"{t.__name__}, defaced", fn)
        for name in list(vars(self.module)):
            if not name.startswith("__"):
                self.attempt(f"{name} =", setattr, self.module, name, self.random.choice(junk))
                self.attempt(f"del {name}", delattr, self.module, name)
        ch = Chan()
        go(ch.send, 5)
        assert ch.recv() == 5

    def subjects(self) -> list[str]:
        found: list[str] = []

        def main() -> None:
            found.extend(sorted({t.__name__ for t in self.types()} | {type(i).__name__ for i in self.instances()}))

        self.program(main)
        return ["functions", *found]

    def program(self, main: Callable[[], None]) -> None:
        """Run main; what the fuzz has done to the program may end it in any way but one."""
        for name, value in self.settings.items():
            setattr(self.sched, name, value)
        try:
            run(main)
        except BaseException as e:
            self.ended[type(e).__name__] += 1

    def main(self) -> None:
        signal.signal(signal.SIGALRM, self.stop)
        sys.unraisablehook = lambda args: None
        threading.excepthook = lambda args: None
        warnings.simplefilter("ignore")
        for subject in self.subjects():
            faulthandler.dump_traceback_later(100, exit=True)
            done, left = 0, 1
            while left > 0:
                # What the fuzz starts may end the program: then another goes on.
                def main() -> None:
                    nonlocal done, left
                    jobs = self.jobs(subject)
                    for job in jobs[done:]:
                        done += 1
                        left = len(jobs) - done
                        job()

                before = done
                self.program(main)
                if done == before:
                    break
            self.note(f"{subject}, collected")
            gc.collect()
        self.program(self.deface)
        self.note(f"{self.tried} calls")
        print("alive", self.tried, dict(self.ended))


def copyreg_new(t: type) -> Any:
    """Make an instance as pickle does."""
    import copyreg

    return copyreg.__newobj__(t)  # type: ignore[attr-defined]


if __name__ == "__main__":
    Fuzz(int(sys.argv[1]), int(sys.argv[2]), sys.argv[3], set(sys.argv[4:])).main()
    # What the fuzz has made may keep threads waiting, or be in no state to be freed in order.
    sys.stdout.flush()
    os._exit(0)
