"""Traps, and innocents beside them: contexts, time, signals and results.

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

# --- GOC401 ---
class Owner:
    def start(self, p: context.Context):
        self.ctx, _ = with_cancel(p)  # GOC401
    def start2(self, p): self.ctx, self.cancel = with_cancel(p)
    def start3(self, p):
        self.ctx = within(p, 1)[0]  # GOC401
    def start4(self, p):
        self.ctx, cancel = with_cancel(p)  # GOC401
def t401a(p):
    ctx, cancel = within(p, 3)  # GOC401
    go(print, ctx)
def t401b(p, x):
    ctx, cancel = with_cancel(p)  # GOC401
    if x: return ctx
    cancel()
def t401c(p, xs):
    for x in xs:
        ctx, cancel = within(p, 3)  # GOC401
        print(ctx, x)
    cancel()
def t401d(p):
    ctx = within(p, 3)  # GOC401
    select(recv(ctx.done()))
def t401e(p):
    with_cancel(p)  # GOC401
def t401f(p, x):
    ctx, stop = signal.notify_context(p, signal.SIGINT)  # GOC401
    match x:
        case 1: stop()
        case 2: return
def t401g(p):
    ctx, cancel = context.with_cancel_cause(p)  # GOC401
    return ctx
def t401h(p):
    print(with_cancel(p)[0])  # GOC401
def t401i(p, x):
    ctx, cancel = with_cancel(p)  # GOC401
    if x:
        raise ValueError
    return 3
def ok401(p, stack, x):
    ctx, cancel = with_cancel(p)
    defer(cancel)
    with within(p, 1) as c2: print(c2)
    c3, cancel3 = with_cancel(p)
    stack.callback(cancel3)
    c4, cancel4 = with_cancel(p)
    try: print(c4)
    finally: cancel4()
    c5, cancel5 = with_cancel(p)
    def stop(): cancel5()
    return stop
def ok401b(p, xs):
    for x in xs:
        ctx, cancel = within(p, 3)
        try: print(ctx, x)
        finally: cancel()
    return with_cancel(p)
def ok401c(p):
    pair = with_cancel(p)
    ctx, cancel = pair
    cancel()
def ok401d(p, cancels):
    ctx, cancel = with_cancel(p)
    cancels.append(cancel)
    return ctx
def ok401e(p, x):
    ctx, cancel = with_cancel(p)
    if x:
        cancel()
        raise ValueError
    cancel()
def ok401f(p, xs):
    cancels = []
    for x in xs:
        ctx, cancel = with_cancel(p)
        cancels.append(cancel)
    for cancel in cancels: cancel()
# --- GOC402 ---
PAUSE = 250
class Cfg:
    interval = 500
    def f(self): time.sleep(self.interval)  # GOC402
def t402(ctx: context.Context, ch: Chan[int], ticker: time.Ticker, d, conn):
    time.sleep(500)  # GOC402
    g.time.sleep(1_000)  # GOC402
    time.sleep(PAUSE)  # GOC402
    select(recv(ch), timeout(1500))  # GOC402
    within(ctx, 3000)  # GOC401 GOC402
    time.new_ticker(100)  # GOC402
    time.new_timer(2000)  # GOC402
    time.after_func(250, print)  # GOC402
    ticker.reset(500)  # GOC402
    time.tick(1000).recv()  # GOC402
    time.sleep(5 * 100)  # GOC402
    time.sleep(+250)  # GOC402
    ticker.reset(ms := 500)  # GOC402
    rate.every(200).bit_length()  # GOC402
    local = 750
    time.sleep(local)  # GOC402
    time.sleep(500 if d else 100)  # GOC402
    time.sleep(5 * 60)
    time.sleep(60 * 10)
    time.sleep(24 * 60 * 60)
    time.sleep(2 * 3600)
    time.sleep(60); time.sleep(99); time.sleep(120.0); time.sleep(3600); time.sleep(500 * time.MILLISECOND); time.sleep(d * 1000)
    time.sleep(time.SECOND * 300); time.sleep(min(500, d)); timeout_s = 30; time.sleep(timeout_s); time.sleep(500 / 1000)
    select(recv(ch), timeout(120.0))
# --- GOC403 ---
class Key(Enum):
    USER = "user"
class Names:
    USER = "user"
class RequestId: pass
TRACE = object()
REQ = "req"
def t403(ctx, x):
    a = context.with_value(ctx, "user", 1)  # GOC403
    b = context.with_value(ctx, 7, 1)  # GOC403
    c = context.with_value(ctx, REQ, 1)  # GOC403
    d = context.with_value(ctx, Names.USER, 1)  # GOC403
    e = context.with_value(ctx, ("app", "user"), 1)  # GOC403
    f = context.with_value(ctx, f"user-{x}", 1)  # GOC403
    f = context.with_value(ctx, 1.5, 1)  # GOC403
    h = context.with_value(ctx, TRACE, 1)
    i = context.with_value(ctx, Key.USER, 1)
    j = context.with_value(ctx, RequestId, 1)
    k = context.with_value(ctx, x, 1)
    return a, b, c, d, e, f, h, i, j, k
# --- GOC404 ---
class Sig:
    def __init__(self):
        self.ch = Chan[signal.Signal]()
        self.good = Chan[signal.Signal](1)
        signal.notify(self.ch, signal.SIGTERM)  # GOC404
        signal.notify(self.good, signal.SIGTERM)
def t404(given: Chan[signal.Signal]):
    ch: Chan[signal.Signal] = Chan[signal.Signal]()
    signal.notify(ch, signal.SIGINT)  # GOC404
    zero = Chan[signal.Signal](0)
    signal.notify(zero)  # GOC404
    signal.notify((late := Chan[signal.Signal]()), signal.SIGINT)  # GOC404
    full: Chan[signal.Signal] = Chan[signal.Signal](4)
    signal.notify(full); signal.notify(given); signal.notify(Chan[signal.Signal](1))
# --- GOC501 ---
def t501(mu: Mutex, rw: RW, sem: semaphore.Weighted, lim: rate.Limiter, ctx: context.Context, xs):
    mu.try_lock()  # GOC501
    rw.try_rlock()  # GOC501
    sem.try_acquire(2)  # GOC501
    lim.allow()  # GOC501
    context.with_value(ctx, TRACE, 1)  # GOC501
    time.after(1)  # GOC501
    time.since(xs)  # GOC501
    context.without_cancel(ctx)  # GOC501
    for x in xs:
        if x:
            mu.try_lock()  # GOC501
    [mu.try_lock() for _ in xs]
    _ = mu.try_lock()
    ok = lim.allow()
    if mu.try_lock(): mu.unlock()
    mu.try_lock() or print()
    time.after(1).recv()
    assert sem.try_acquire(1)
    return ok
# --- GOC502 ---
class Uses:
    def __init__(self, ctx: context.Context, wg: sync.WaitGroup, mu: Mutex, cancel: context.CancelFunc, group: errgroup.Group, timer: time.Timer, ch: Chan[int]):
        self.ctx = ctx; self.wg = wg; self.mu = mu; self.cancel = cancel; self.group = group; self.timer = timer; self.ch = ch
    def f(self, x, other):
        self.wg.wait  # GOC502
        self.mu.unlock  # GOC502
        self.cancel  # GOC502
        self.group.wait  # GOC502
        self.timer.stop  # GOC502
        self.ch.close  # GOC502
        if self.ctx.err: return  # GOC502
        if self.mu.try_lock: return  # GOC502
        while not self.ctx.err: pass  # GOC502
        assert self.ctx.err is None  # GOC502
        assert self.ctx.err  # GOC502
        y = 1 if self.ctx.err else 2  # GOC502
        if x and self.ctx.err: pass  # GOC502
        z = self.ctx.err or x  # GOC502
        select(recv(self.ctx.done), default)  # GOC502
        if self.ctx.err is context.CANCELED: pass  # GOC502
        for v in self.ch.recv: pass  # GOC502
        match x:
            case 1 if self.ctx.err: pass  # GOC502
        print(f"{self.ctx.err}")  # GOC502
        w = [v for v in x if self.ctx.err]  # GOC502
        go(self.wg.wait); defer(self.mu.unlock); defer(self.cancel); callbacks = [self.wg.done, self.cancel]
        err = self.ctx.err
        if self.ctx.err(): pass
        if other.err: pass
        if self.cancel: self.cancel()
        if self.ctx.err() is context.CANCELED: pass
        return y, z, w, err, callbacks, other.done
