"""Traps, and innocents beside them: locks.

A line that ends in a code has that finding, and no other line has one.  The file is only parsed.
"""

import copy, itertools, os, pickle, sys, signal as pysignal
import dataclasses
from copy import deepcopy
from contextlib import contextmanager, closing, ExitStack
from dataclasses import dataclass, field, asdict, astuple, replace
from enum import Enum
from typing import Any, ClassVar, NamedTuple
import gochan as g
from gochan import Chan, defer, defers, go, recv, send, select, timeout, default, close, run
from gochan import context, errgroup, rate, semaphore, signal, sync, time
from gochan.context import with_cancel, with_timeout as within, background
from gochan.sync import Mutex, RWMutex as RW

# --- GOC301 ---
class Acc:
    shared = Mutex()
    def __init__(self): self.mu = Mutex(); self.rw = RW(); self.n = 0; self.locks = {"a": Mutex()}; self.cond = sync.Cond(Mutex())
    def a(self, x):
        self.mu.lock()  # GOC301
        if x: return
        self.mu.unlock()
    def b(self, x):
        self.mu.lock()  # GOC301
        try:
            self.n += x
        except ValueError:
            return None
        self.mu.unlock()
    def c(self, xs):
        for x in xs:
            self.mu.lock()  # GOC301
            if x: break
            self.mu.unlock()
    def d(self, x):
        self.rw.rlock()  # GOC301
        match x:
            case 1: self.rw.runlock()
            case 2: return
            case _: self.rw.runlock()
    def e(self, x):
        Acc.shared.lock()  # GOC301
        if not x: raise KeyError
        Acc.shared.unlock()
    def f(self, x):
        self.locks["a"].lock()  # GOC301
        if x: return
        self.locks["a"].unlock()
    def g(self, x):
        self.cond.l.lock()  # GOC301
        if x: return
        self.cond.l.unlock()
    def h(self, x):
        m = self.mu
        m.lock()  # GOC301
        if x: return
        m.unlock()
    def i(self, x):
        if self.mu.try_lock():  # GOC301
            if x: return
            self.mu.unlock()
    def j(self, x):
        while True:
            self.mu.lock()  # GOC301
            if x: return
            self.mu.unlock()
    def k(self, x):
        self.mu.lock()  # GOC301
        if x:
            self.mu.unlock()
    def l(self, x):
        self.mu.lock()  # GOC301
        with open(x) as f:
            if f: return f
        self.mu.unlock()
    async def m(self, x):
        self.rw.lock()  # GOC213 GOC301
        if x: return
        self.rw.unlock()
    @property
    def n2(self):
        self.mu.lock()  # GOC301
        if self.n: return 1
        self.mu.unlock()
        return 0
    # fine
    def ok1(self, x):
        self.mu.lock()
        try:
            if x: return
        finally:
            self.mu.unlock()
    def ok2(self, x):
        self.mu.lock()
        if x:
            self.mu.unlock()
            return
        self.mu.unlock()
    def ok3(self, x):
        self.mu.lock()
        defer(lambda: self.mu.unlock())
        if x: return
    def ok4(self, x):
        self.mu.lock()
        self.finish()
    def finish(self): self.mu.unlock()
    def lock_all(self): self.mu.lock()
    def __enter__(self): self.mu.lock()
    def __exit__(self, *e): self.mu.unlock()
    @contextmanager
    def held(self):
        self.mu.lock()
        try: yield
        finally: self.mu.unlock()
    def ok5(self, x):
        if not self.mu.try_lock(): return
        self.mu.unlock()
    def ok6(self, x):
        self.mu.lock()
        if x: sys.exit(1)
        self.mu.unlock()
    def ok7(self, xs):
        self.mu.lock()
        while xs:
            self.mu.unlock()
            xs.pop()
            self.mu.lock()
        self.mu.unlock()
    def ok8(self, x):
        with ExitStack() as stack:
            self.mu.lock()
            stack.callback(self.mu.unlock)
            if x: return
    def ok9(self, x):
        self.mu.lock()
        try:
            y = 1 / x
        except ZeroDivisionError:
            self.mu.unlock()
            return
        else:
            self.mu.unlock()
        return y
    def ok10(self, x):
        with self.mu:
            if x: return
            self.n += 1
    def ok11(self):
        got = self.mu.try_lock()
        if got:
            self.mu.unlock()
    def ok12(self, x):
        self.mu.lock()
        go(self.finish)
def free(mu: sync.Locker, x):
    mu.lock()  # GOC301
    if x: return
    mu.unlock()
@dataclass
class Rec:
    mu: Mutex = field(default_factory=Mutex)
    def f(self, x):
        self.mu.lock()  # GOC301
        assert x
        if x > 3: raise ValueError
        self.mu.unlock()
# --- GOC302, 303 ---
class Twice:
    def __init__(self): self.mu = Mutex(); self.rw = RW(); self._n = 0
    def size(self):
        with self.mu: return self._n
    @property
    def length(self):
        with self.mu: return self._n
    def a(self):
        with self.mu:
            return self.size()  # GOC302
    def b(self):
        with self.mu:
            return self.length  # GOC302
    def c(self):
        self.rw.rlock()
        self.rw.lock()  # GOC302
        self.rw.unlock()
        self.rw.runlock()
    def d(self):
        with self.rw:
            self.rw.rlock()  # GOC302
            self.rw.runlock()
    def e(self, x):
        with self.mu:
            if x:
                with self.mu: pass  # GOC302
    def read_then_write(self):
        with self.rw.rlocker():
            with self.rw: pass  # GOC302
    def write_then_read(self):
        with self.rw:
            with self.rw.rlocker(): pass  # GOC302
    def read_then_lock(self):
        with self.rw.rlocker():
            self.rw.lock()  # GOC302
            self.rw.unlock()
    def one_after_another(self, x):
        for _ in x:
            with self.rw.rlocker():
                if x: continue
            with self.rw: pass
        with self.rw.rlocker(): go(self.write)
    def write(self):
        with self.rw: pass
    @defers
    def held_to_the_end(self):
        self.mu.lock()
        defer(self.mu.unlock)
        self.mu.lock()  # GOC302
    @defers
    def held_by_a_lambda(self):
        self.mu.lock()
        defer(lambda: self.mu.unlock())
        return self.size()  # GOC302
    @defers
    def held_meanwhile(self, x):
        self.mu.lock()
        defer(self.mu.unlock)
        go(self.size)
        self.mu.unlock()
        self.size()
        self.mu.lock()
    def g(self):
        with self.mu, self.mu:  # GOC302
            pass
    def ok(self):
        with self.mu: pass
        return self.size() + self.length
    def ok2(self):
        with self.rw.rlocker(): pass
        with self.rw: pass
    def ok3(self, other: "Twice"):
        with self.mu, other.mu: pass
    def ok4(self):
        with self.mu:
            return lambda: self.size()
    def ok5(self):
        with self.mu:
            go(self.size)
    def ok6(self):
        self.mu.lock(); self.mu.unlock(); self.mu.lock(); self.mu.unlock()
    def u1(self):
        self.mu.lock()
        self.mu.unlock()
        self.mu.unlock()  # GOC303
    def u2(self):
        self.mu.lock()
        defer(self.mu.unlock)  # GOC303
        self._n += 1
        self.mu.unlock()
    def u3(self):
        self.rw.rlock()
        defer(self.rw.unlock)  # GOC303
    def u4(self):
        self.rw.lock()
        self.rw.runlock()  # GOC303
    def u5(self):
        self.mu.lock()
        try:
            self.mu.unlock()
        finally:
            self.mu.unlock()  # GOC303
    def u6(self):
        with self.mu:  # GOC303
            self.mu.unlock()
    def uok(self):
        self.mu.lock()
        defer(self.mu.unlock)
        self.mu.unlock()
        time.sleep(1)
        self.mu.lock()
    def uok2(self, x):
        self.mu.lock()
        if x:
            self.mu.unlock()
        else:
            self.mu.unlock()
    def uok3(self):
        self.rw.rlock(); self.rw.rlock(); self.rw.runlock(); self.rw.runlock()
    def u7(self):
        self.rw.rlock(); self.rw.runlock()
        self.rw.runlock()  # GOC303
    def u8(self):
        with self.rw.rlocker(): pass
        self.rw.rlock()
        try:
            self.n = 1
        finally:
            self.rw.runlock()
        self.rw.runlock()  # GOC303
    def uok6(self, readers):
        for _ in readers: self.rw.rlock()
        for _ in readers: self.rw.runlock()
    def uok4(self):
        self.mu.unlock()
    def uok5(self, x):
        self.mu.lock()
        defer(self.mu.unlock)
        if x:
            self.mu.unlock()
            time.sleep(1)
            self.mu.lock()
            return
# --- GOC304 ---
@dataclass
class Counter:
    n: int = 0
    mu: Mutex = field(default_factory=Mutex)
class Sub(Counter): pass
class WithChan:
    def __init__(self): self.ch = Chan[int]()
class Nested:
    def __init__(self): self.c = Counter(); self.locks = [Mutex()]
class OwnCopy:
    def __init__(self): self.mu = Mutex()
    def __copy__(self): return OwnCopy()
    def __deepcopy__(self, memo): return OwnCopy()
def t304(c: Counter, s: Sub, w: WithChan, n: Nested, o: OwnCopy, mu: Mutex, wg: sync.WaitGroup, locks: list[Mutex], ch: Chan[int]):
    copy.copy(mu)  # GOC304
    deepcopy(wg)  # GOC304
    copy.copy(c)  # GOC304
    deepcopy(s)  # GOC304
    deepcopy(w)  # GOC304
    deepcopy(n)  # GOC304
    deepcopy(locks)  # GOC304
    copy.copy(ch)  # GOC304
    pickle.dumps(c)  # GOC304
    replace(c, n=2)  # GOC304
    asdict(c)  # GOC304
    astuple(c)  # GOC304
    dataclasses.replace(s, n=2)  # GOC304
    deepcopy([c])  # GOC304
    pickle.dump(c, open("x", "wb"))  # GOC304
    copy.copy(locks); list(locks); locks.copy(); copy.copy(o); deepcopy(o); copy.copy(w); deepcopy([1, 2]); deepcopy(c.n); replace(c, mu=Mutex()); Counter(c.n); ch2 = ch
# --- GOC305 ---
a1 = [Mutex()] * 3  # GOC305
a2 = 3 * [Chan[int](1)]  # GOC305
a3 = (sync.WaitGroup(),) * 2  # GOC305
a4 = dict.fromkeys("abc", Chan[int](1))  # GOC305
a5 = list(itertools.repeat(Mutex(), 3))  # GOC305
n = 4
a6 = [Chan[int]()] * n  # GOC305
@dataclass(slots=True)
class D1:
    mu: Mutex = Mutex()  # GOC305
    b: Chan[int] = field(default=Chan[int](1))  # GOC305
    ok: Mutex = field(default_factory=Mutex)
    ok2: ClassVar[Mutex] = Mutex()
    ok3: Mutex | None = None
class D2(NamedTuple):
    mu: Mutex = Mutex()  # GOC305
b1 = [Mutex() for _ in range(3)]
b2 = [[]] * 3
b3 = {k: Chan[int](1) for k in "abc"}
b4 = [a1[0]] * 2
b5 = [Chan[int](1)] * 1
class D3:
    mu = Mutex()
# --- GOC306 ---
class Q:
    def __init__(self): self.mu = Mutex(); self.cond = sync.new_cond(self.mu); self.items = []; self.closed = False; self.open = False
    def a(self):
        with self.mu:
            if not self.items: self.cond.wait()  # GOC306
            return self.items.pop()
    def b(self):
        while True:
            with self.mu:
                if not self.items:
                    self.cond.wait()  # GOC306
                print(self.items.pop())
    def c(self):
        for _ in range(3):
            self.mu.lock()
            if len(self.items) == 0:
                self.cond.wait()  # GOC306
            self.items.pop()
            self.mu.unlock()
    def d(self):
        with self.mu:
            if not self.items and not self.closed:
                self.cond.wait()  # GOC306
    def e(self):
        with self.cond.l:
            if self.open: return
            else: self.cond.wait()  # GOC306
    def ok1(self):
        with self.mu:
            while not self.items: self.cond.wait()
    def ok2(self):
        with self.mu:
            while True:
                if self.items: break
                self.cond.wait()
    def ok3(self):
        with self.mu:
            while not self.items:
                if self.closed: return
                self.cond.wait()
    def ok4(self):
        with self.mu:
            while True:
                if not self.items:
                    self.cond.wait()
                    continue
                return self.items.pop()
    def ok5(self, block):
        with self.mu:
            while not self.items:
                if block:
                    self.cond.wait()
                else:
                    return None
            return self.items.pop()
    def ok6(self):
        with self.mu:
            while True:
                if self.items: return self.items.pop()
                elif self.closed: return None
                else: self.cond.wait()
    def ok7(self, wait):
        with self.mu:
            if wait:
                while not self.items: self.cond.wait()
