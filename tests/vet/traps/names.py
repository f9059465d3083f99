"""Traps, and innocents beside them: names by star-imports, from base classes, in conditional imports.

A line that ends in a code has that finding, and no other line has one.  The file is only parsed.
"""

from __future__ import annotations
import copy
from functools import partial
from typing import TYPE_CHECKING, Optional
from time import *
from threading import *
from gochan import *
from gochan import aio, errgroup, thread
from gochan import context as ctxs
from gochan.sync import *
from gochan.context import *
try:
    from gochan import time as gtime
except ImportError:
    gtime = None
if TYPE_CHECKING:
    from gochan import RecvChan as Incoming

class Base:
    mu = Mutex()
    def __init__(self, ctx): self.lock2 = Mutex(); self.ctx = with_timeout(ctx, 3)  # GOC401
    def a(self, x):
        self.mu.lock()  # GOC301
        if x: return
        self.mu.unlock()
    @classmethod
    def b(cls, x):
        cls.mu.lock()  # GOC301
        if x: return
        cls.mu.unlock()
    def clone(self):
        return copy.copy(self)  # GOC304
    def ended(self): return self.ctx.err()
class Derived(Base):
    def c(self, x):
        self.lock2.lock()  # GOC301
        if x: raise ValueError
        self.lock2.unlock()
    def d(self):
        with self.lock2:
            self.e()  # GOC302
    def e(self):
        self.lock2.lock()
        try: pass
        finally: self.lock2.unlock()
    def f(self, x):
        with self.lock2:
            if x: return
        with self.lock2: pass
    async def g(self): await aio.run(self.e)
def worker():
    sleep(1)  # GOC207
    Event().wait()  # GOC207
    gtime.sleep(1)
def t(ch: Chan[int], inbox: "Optional[Incoming[int]]", wg: WaitGroup, parent: Context, x):
    while (v := recv(ch)) is not None: print(v)  # GOC103
    match recv(ch):  # GOC103
        case 1: pass
    inbox.send(1)  # GOC109
    go(partial(recv, ch))  # GOC103
    wg.go(lambda: worker())
    ctx, cancel = with_cancel(parent)  # GOC401
    gtime.sleep(500)  # GOC402
    with_value(parent, "k", 1)  # GOC501 GOC403
    case = recv(ch)
    if case is not None: select(case)
    match ch.recv():
        case 1: pass
    match ch.recv_ok():
        case 1, True: pass
    cond = Cond(Mutex())
    with cond.l:
        if not x.items: cond.wait()  # GOC306
    with cond.l:
        while not x.items: cond.wait()
    locks = [Mutex()] * 4  # GOC305
    timer = gtime.new_timer(1)
    timer.reset(5000)  # GOC402
    for i in range(3):
        with errgroup.Group() as g:
            g.go(lambda: print(i))
    pool = [Mutex() for _ in range(4)]
    pool[0].lock()
    pool[0].unlock()
    return ctx, locks
