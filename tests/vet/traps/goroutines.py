"""Traps, and innocents beside them: goroutines.

A line that ends in a code has that finding, and no other line has one.  The file is only parsed.
"""

import asyncio, concurrent.futures, datetime, functools, itertools, os, queue, socket, subprocess, sys, threading, urllib.request
import time as pytime
from collections.abc import Callable, Iterator
from functools import partial
from subprocess import run as shell
from threading import Lock, Event
from time import sleep as nap
from typing import NoReturn, Optional, TYPE_CHECKING
try:
    import httpx as http
except ImportError:
    http = None
import requests as rq
import gochan
from gochan import *
from gochan import aio, context, errgroup, sync, thread, time, net, singleflight, runtime, synctest
from gochan import go as spawn
from gochan.sync import WaitGroup as Group

# --- GOC201 ---
def f(x=1): print(x)
def opt(x) -> Optional[int]: return x
def union(x) -> int | None: return x
def never(x) -> NoReturn: raise ValueError
def maker(x) -> Callable[[], None]: return lambda: None
def maker2(x):
    def inner(): print(x)
    return inner
class Job:
    def __init__(self, n): self.n = n
    def run(self): print(self.n)
    def make(self): return self.run
    def __call__(self): print(self.n)
    @staticmethod
    def s(): print()
    @property
    def prop(self): return self.run
async def coro(): pass
def t201(wg: Group, ch: Chan[int], job: Job, ctx: context.Context, mu: sync.Mutex, eg: errgroup.Group, once: sync.Once, cancel: context.CancelFunc, url):
    spawn(f(1))  # GOC201
    gochan.go(f(1))  # GOC201
    wg.go(job.run())  # GOC201
    eg.go(f(2))  # GOC201
    defer(mu.unlock())  # GOC201
    defer(cancel())  # GOC201
    defer(wg.done())  # GOC201
    go(Job(1).run())  # GOC201
    go(Job.s())  # GOC201
    go(opt(1))  # GOC201
    go(union(1))  # GOC201
    go(never(1))  # GOC201
    go(time.sleep(1))  # GOC201
    go(ch.recv())  # GOC201
    go(ch << 1)  # GOC201
    go(coro())  # GOC201
    go(asyncio.sleep(1))  # GOC201
    go(rq.get(url))  # GOC201
    time.after_func(1, f())  # GOC201
    context.after_func(ctx, f())  # GOC201
    thread.call(f(1))  # GOC201
    thread.submit(f(1))  # GOC201
    once.do(f(1))  # GOC201
    go(f(1), 2)  # GOC201
    go(later := f(1))  # GOC201
    go(f(1) if url else f(2))  # GOC201
    go(maker(1) if url else f(2)); go(later)
    go(lambda: None)
    go(f, 1); go(maker(1)); go(maker2(1)); go(job.make()); go(Job(1)); go(job.prop); go(partial(f, 1))
    go(f, opt(1)); defer(print, union(1)); wg.go(job.run); go(getattr(job, "run")); go(unknown(1)); go(job)
    go(sync.once_func(f)); defer(cancel); go(asyncio.run, coro)  # GOC207
class Service:
    def __init__(self): self.wg = Group()
    def serve(self): self.wg.go(self.handle(1))  # GOC201
    def handle(self, n): print(n)
    def serve2(self): self.wg.go(self.handle, 1)
# --- GOC202 ---
class Fetcher:
    async def fetch(self): pass
    def items(self): yield 1
    def t(self, wg: Group):
        go(self.fetch)  # GOC202
        wg.go(self.items)  # GOC202
        go(lambda: self.fetch())  # GOC202
        go(partial(self.fetch))  # GOC202
        go(list, self.items()); go(lambda: list(self.items())); go(lambda: aio.await_(self.fetch()))
def t202(wg: Group):
    @go  # the finding is on the def
    async def _():  # GOC202
        pass
    @wg.go
    async def worker():  # GOC202
        pass
    @go
    def _():  # GOC202
        yield 1
    defer(coro)  # GOC202
    go(lambda: coro())  # GOC202
    @go
    def _():
        def gen(): yield 1
        for x in gen(): print(x)
    go(aio.await_, coro())
    async def inner(): pass
    go(print, inner)
# --- GOC203 ---
def t203(wg: Group, xs, ch: Chan[int], eg: errgroup.Group, ctx: context.Context):
    for i, x in enumerate(xs):
        spawn(lambda: print(x))  # GOC203
    for k, v in xs.items():
        def work():
            print(v)  # GOC203
        wg.go(work)
    {x: go(lambda: print(x)) for x in xs}  # GOC203
    {go(lambda: print(x)) for x in xs}  # GOC203
    for x in xs:
        if x:
            eg.go(lambda: print(x))  # GOC203
    for x in xs:
        time.after_func(1, lambda: print(x))  # GOC203
    for x in xs:
        context.after_func(ctx, lambda: print(x))  # GOC203
    for x in xs:
        y = x * 2
        wg.go(lambda: print(y))  # GOC203
    for path in xs:
        with open(path) as fh:
            wg.go(lambda: print(fh))  # GOC203
    for x in xs:
        match x:
            case {"a": q}:
                wg.go(lambda: print(q))  # GOC203
    while (n := len(xs)) > 1:
        wg.go(lambda: print(n))  # GOC203
    for x in xs:
        for y2 in x:
            wg.go(lambda: print(x, 1))  # GOC203
    for x in xs:
        @wg.go
        def deep():
            def inner(): print(x)  # GOC203
            inner()
    for x in xs:
        go(sorted, xs, key=lambda e: e + x)  # GOC203
    for x in xs:
        go(partial(lambda: print(x)))  # GOC203
    for x in xs:
        go(map, lambda e: e + x, xs)  # GOC203
    tasks = [lambda: print(z) for z in xs]
    # fine
    for x in xs:
        wg.go(lambda x=x: print(x))
        wg.go(print, x)
        wg.go(partial(print, x))
        wg.go(lambda x: print(x), x)
        wg.go(lambda: [x for x in range(3)])
        go(print, *[x])
    for x in xs:
        @wg.go
        def _(x=x): print(x)
    for x in xs:
        def named(y): print(y)
        wg.go(named, x)
    for x in xs:
        go(lambda: print(x))
        ch.recv()
    for x in xs:
        go(lambda: print(x))
        return
    for x in xs:
        inner = Group()
        inner.go(lambda: print(x))
        inner.wait()
    for x in xs:
        with errgroup.Group() as mine:
            mine.go(lambda: print(x))
    for x in xs:
        @go
        def _(x=x):
            for x in range(3): print(x)
    for x in xs:
        (lambda: print(x))()
    last = None
    go(lambda: print(last))
    for x in xs:
        go(lambda: print(last))
    for _ in xs:
        go(lambda: ch.send(1))
    for x in xs:
        @go
        def _():
            x = 3
            print(x)
# --- GOC204 to GOC206 ---
class Pool:
    def __init__(self): self.wg = Group(); self.eg = errgroup.Group()
    def work(self):
        self.wg.add(1)  # GOC204
        try: print()
        finally: self.wg.done()
    def start(self):
        go(self.work)
        self.wg.wait()
    def close(self):
        self.wg.go(self.wait_all)
    def wait_all(self):
        self.wg.wait()  # GOC205
    def direct(self):
        self.wg.go(self.wg.wait)  # GOC205
    def errs(self):
        @self.eg.go
        def _():
            self.eg.wait()  # GOC205
    def quick(self):
        self.quick_wg = Group()
        self.quick_wg.go(lambda: (print(), self.quick_wg.done()))  # GOC206
    def fine(self):
        go(self.wg.wait)
        go(lambda: self.wg.wait())
    def twice(self):
        self.other = Group()
        self.other.go(self.child)
    def child(self):
        self.other.done()  # GOC206
def finish(group: Group):
    defer(group.done)  # GOC206
    print()
def late(group, x):
    group.add(1)  # GOC204
    try: print(x)
    finally: group.done()
def announced(group, ready, started, x):
    if x: group.add(1); ready.send(None); print(x); group.done()
    elif x is None: group.add(1); close(ready); print(x); group.done()
    else: group.add(1); started.done(); print(x); group.done()
def unannounced(group, results, x):
    group.add(1)  # GOC204
    results.send(x)
    group.done()
def early(group, x):
    try: print(x)
    finally: group.done()
def t204():
    wg = Group()
    go(lambda: (wg.add(1), print(), wg.done()))  # GOC204
    go(late, wg, 1)
    go(announced, wg, Chan(), Group(), 1)
    go(unannounced, wg, Chan(), 1)
    wg.wait()
    other = Group()
    other.go(finish, other)
    other.wait()
    third = Group()
    third.add(1)
    go(early, third, 1)
    third.wait()
    @go
    def _():
        mine = Group()
        mine.add(1)
        go(early, mine, 1)
        mine.wait()
    @go
    def _():
        mine = Group()
        mine.add(1)
        mine.done()
        mine.wait()
def t205():
    wg = Group()
    wg.add(1)
    @go
    def closer():
        defer(wg.done)
        wg.wait()  # GOC205
    outer, inner = Group(), Group()
    @outer.go
    def _():
        inner.wait()
    outer.wait()
# --- GOC209, 210, 211 ---
@functools.cache
def cached(): defer(print)  # GOC209
def helper(): defer(print, "x")  # GOC209
def in_comprehension(x): defer(print, x)  # GOC209
class Conn:
    def __init__(self): defer(self.close)  # GOC209
    def close(self): pass
    def use(self): defer(self.close)  # GOC209
    def started(self): defer(self.close)
    @defers
    def good(self): defer(self.close)
    @defers
    @functools.cache
    def good2(self): defer(self.close)
    async def bad(self): defer(self.close)  # GOC209
    def __enter__(self): defer(self.close)  # GOC209
    def __exit__(self, *e): defer(self.close)  # GOC209
    @property
    def data(self): defer(self.close)  # GOC209
    @property
    def unread(self): defer(self.close)
def by_once(): defer(print)
def unknown_caller(): defer(print)
def by_errgroup(): defer(print)
def by_timer(): defer(print)
def in_try(): defer(print)
def t209(eg: errgroup.Group, once: sync.Once, wg: Group):
    cached(); helper(); [in_comprehension(x) for x in range(3)]
    c = Conn(); c.use(); c.good(); c.good2(); go(c.started); once.do(by_once); eg.go(by_errgroup); time.after_func(1, by_timer)
    with c: print(c.data)
    try: in_try()
    except RuntimeError: pass
    @defers
    def nested(): defer(print)
    nested()
    def nested2(): defer(print)  # GOC209
    nested2()
    @wg.go
    def _(): defer(print)
class Store:
    def __init__(self): self.mu = sync.Mutex(); self.rw = sync.RWMutex()
    def all(self, xs):
        for x in xs:
            self.mu.lock()
            defer(self.mu.unlock)  # GOC210
    def reads(self, xs):
        while xs:
            self.rw.lock()
            defer(lambda: self.rw.unlock())  # GOC210
    def fine(self, xs):
        self.mu.lock()
        defer(self.mu.unlock)
        for x in xs:
            @go
            def _(x=x):
                self.mu.lock()
                defer(self.mu.unlock)
    def fine2(self, xs):
        for x in xs:
            self.mu.lock()
            defer(self.mu.unlock)
            return x
def t210(ch: Chan[int]):
    while 1:
        defer(print)  # GOC210
        ch.recv()
def t210b(ch: Chan[int]):
    for i in itertools.count():
        defer(print, i)  # GOC210
        ch.recv()
def fine210(ch: Chan[int]):
    while True:
        defer(print)
        if ch.recv(): break
def t211(start, begin, log, hist):
    defer(print, f"took {time.since(start)}")  # GOC211
    defer(log.info, "x", time.now() - start)  # GOC211
    defer(print, pytime.monotonic() - begin)  # GOC211
    defer(hist.observe, value=time.since(start))  # GOC211
    defer(partial(print, time.since(start)))  # GOC211
    defer(print, round(time.since(start), 2))  # GOC211
    defer(lambda: print(time.since(start)))
    defer(print, time.now())
    defer(print, start)
    go(print, time.since(start))
# --- GOC212 ---
def t212(xs):
    wg: Group = Group()  # GOC212
    for x in xs: wg.go(print, x)
def t212b(xs):
    eg = errgroup.Group()  # GOC212
    eg.set_limit(3)
    for x in xs: eg.try_go(print, x)
def t212c(xs):
    wg = Group()  # GOC212
    wg.add(len(xs))
    for x in xs: go(lambda x=x: (print(x), wg.done()))
def ok212(xs):
    wg = Group()
    defer(wg.wait)
    wg.go(print)
    with errgroup.Group() as eg: eg.go(print)
    w2 = Group()
    w2.go(print)
    go(w2.wait)
    w3 = Group()
    w3.go(print)
    xs.append(w3)
    w4 = Group()
    w4.go(print)
    def end(): w4.wait()
    return end
