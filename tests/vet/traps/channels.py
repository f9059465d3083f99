"""Traps, and innocents beside them: channels.

A line that ends in a code has that finding, and no other line has one.  The file is only parsed.
"""

from __future__ import annotations

import functools
import json
from contextlib import closing
import time as pytime
from dataclasses import dataclass, field
from typing import Annotated, Any, Optional, TypeAlias, TYPE_CHECKING, cast
import gochan as g
import gochan.aio as gaio
from gochan import Chan, Chan as Channel, RecvChan, SendChan, close, default, defer, defers, go, run, select, send, sync
from gochan import recv, recv as receive, timeout as limit, context, time, thread, signal, aio, Panic, errgroup, semaphore
from gochan.time import after

# --- GOC101 ---
class Meter:
    total = 0
    def __init__(self, ch: Chan[int]) -> None:
        self.ch = ch
        self.sum = 0
        self.items = []
        self.mu = sync.Mutex()
    def run(self):
        self.sum += self.ch.recv()  # GOC101
    def run2(self):
        self.sum = self.sum + self.ch.recv()  # GOC101
    def run3(self):
        self.items = [*self.items, self.ch.recv()]  # GOC101
    def run4(self):
        Meter.total += self.ch.recv()  # GOC101
    @classmethod
    def run5(cls, ch: Chan[int]):
        cls.total += ch.recv()  # GOC101
    def ok1(self):
        v = self.ch.recv()
        self.sum += v
    def ok2(self):
        with self.mu:
            self.sum += self.ch.recv()
    def ok3(self):
        self.sum = self.ch.recv() + self.sum
    def ok4(self):
        self.sum += len(self.ch)
def t101_start(ch: Chan[int]):
    m = Meter(ch)
    for _ in range(3):
        go(m.run); go(m.run2); go(m.run3); go(m.run4); go(m.run5, ch)
        go(m.ok1); go(m.ok2); go(m.ok3); go(m.ok4)
total = 0
names = []
table = {"a": 1}
pair = [0, 0]
def one(ch: Chan[int]) -> int:
    return two(ch)
def two(ch):
    return next(ch)
def t101_a(ch: Chan[int], ctx: context.Context):
    global total, names
    total += sum(ch)  # GOC101
    total += one(ch)  # GOC101
    total += (v := ch.recv())  # GOC101
    total -= thread.call(int, "1")  # GOC101
    total += sum(c.recv() for c in [ch])  # GOC101
    total = f"{total}{ch.recv()}"  # GOC101
    total += sum(v for v in ch)  # GOC101
    names = names + [v for v in ch]  # GOC101
    names = [v for v in ch] + names
    names = names + [ch.recv()]  # GOC101
    names += [ch.recv() for _ in range(3)]  # GOC101
    table["a"] += ch.recv()  # GOC101
    table["a"] = table["a"] + ch.recv()  # GOC101
    table["b"] = table.get("b", 0) + ch.recv()  # GOC101
    _, total = 1, total + ch.recv()  # GOC101
    total += select(recv(ch), recv(ctx.done()))[1]  # GOC101
    total += select(recv(ch), default)[1] or 0
    total += ch.recv() if ch else 0  # GOC101
    pair[0] += ch.recv()  # GOC101
    pair[0] += one(ch) * 2  # GOC101
    total = ch.recv() + total
    total = v + total
    for v in ch:
        total += v
    got = ch.recv()
    total = total + got
    total += cap(ch)
    here = 0
    here += ch.recv()
    d = {"x": 0}
    d["x"] += ch.recv()
for _ in range(3):
    go(t101_a, Chan[int](), context.background())
def cap(x): return 1
async def t101_async(ch: Chan[int]):
    global total
    total += await aio.recv(ch)  # GOC101
    n = await aio.recv(ch)
    total += n
def t101_nonlocal(ch: Chan[int]):
    count = 0
    once = 0
    for _ in range(4):
        @go
        def _():
            nonlocal count
            count += ch.recv()  # GOC101
    @go
    def _():
        nonlocal once
        once += ch.recv()
    return count, once

# --- GOC102 ---
class Out:
    def __init__(self):
        self.out = Channel[str](1)
        self.outs: list[Chan[str]] = []
    def f(self, a, b, items):
        self.out << a or b  # GOC102
        self.outs[0] << a or b  # GOC102
        self.out << a if a else b  # GOC102
        self.out << a in items  # GOC102
        self.out << a is None  # GOC102
        self.out << a > b  # GOC102
        self.out << a, b  # GOC102
        self.out << a & b  # GOC102
        self.out << a << b  # GOC102
        self.out << (a or b)
        self.out << (a, b)
        self.out << (a if a else b)
        self.out << a + b * 2
        self.out << -a
        self.out << [x for x in items if a or b]
        self.out << f"{a or b}"
        self.out << (lambda: a or b)
        a or self.out << b
        if a: self.out << b
        self.out.send(a or b)
def t102(p: "SendChan[int] | None", q: Optional[Chan[int]], r: Annotated[Chan[int], "x"], xs, a, b):
    p << a or b  # GOC102
    q << a and b  # GOC102
    r << a == b  # GOC102
    for x in xs:
        match x:
            case int():
                q << x or 0  # GOC102
    with sync.Mutex():
        try:
            q << a or b  # GOC102
        finally:
            q << b or a  # GOC102
    wg = sync.WaitGroup()
    wg.go(lambda: q << a or b)  # GOC102
    wg.wait()
    [q << (a or b) for a in xs]
    mask = 1
    mask = mask << 2 | 1
    n = 1 << 3 or 2
    1 << mask or 2
    shift: int = a
    shift << mask or 2
    flags = mask << a or b
    return n, flags
# --- GOC103 ---
def t103(ch: Chan[int], out: Chan[int], x: bool, sock, wg: sync.WaitGroup):
    receive(ch)  # GOC103
    limit(3)  # GOC103
    g.send(ch, 1)  # GOC103
    if recv(ch): pass  # GOC103
    assert recv(ch)  # GOC103
    assert recv(ch) == 1  # GOC103
    int(recv(ch))  # GOC103
    y = recv(ch) or 7  # GOC103
    z = recv(ch)[0]  # GOC103
    w = list(recv(ch))  # GOC103
    text = "%s" % recv(ch)  # GOC103
    with limit(5):  # GOC103
        pass
    go(lambda: recv(ch))  # GOC103
    wg.go(lambda: send(out, 1))  # GOC103
    defer(send, out, 1)  # GOC103
    thread.call(recv, ch)  # GOC103
    time.after_func(1, lambda: send(out, 2))  # GOC103
    value = recv(ch)  # GOC103
    print(value)
    number = recv(ch)  # GOC103
    number += 1
    for v in recv(ch): pass  # GOC103
    out.send(recv(ch))  # GOC103
    out << recv(ch)  # GOC103
    while recv(ch) > 1: pass  # GOC103
    sock.recv(100)
    case = recv(ch)
    cases = [recv(ch), send(out, 1)]
    cases.append(limit(1))
    table = {"a": recv(ch)}
    select(recv(ch), limit(1) if x else default)
    select(*cases)
    select(case, table["a"])
    select(*(recv(c) for c in [ch]))
    maker = lambda c: recv(c)
    go(lambda: select(recv(ch), send(out, 1)))
    go(lambda: ch.recv())
    return maker, y, z, w, text
def a_case(ch: Chan[int]):
    return recv(ch)
def cases_of(chans: list[Chan[int]]):
    for c in chans:
        yield recv(c)
async def t103_async(ch: Chan[int]):
    v = await recv(ch)  # GOC103
    gaio.recv(ch)  # GOC103
    aio.send(ch, 1)  # GOC103
    await gaio.recv(ch)
    task = aio.recv(ch)
    await aio.select(recv(ch), limit(1))
    async for x in recv(ch): pass  # GOC103
    return v, await task
# --- GOC108 ---
class Hub:
    def __init__(self): self.ch = Chan[int](3); self.chans = [Chan[int](1)]
    def reset(self): self.ch = Chan[int](3)
    def f(self):
        self.ch.close()
        self.ch.send(1)  # GOC108
    def f2(self):
        close(self.ch)
        print()
        close(self.ch)  # GOC108
    def ok(self):
        close(self.ch)
        self.reset()
        self.ch.send(1)
    def ok2(self, i):
        close(self.chans[i])
        i += 1
        self.chans[i].send(1)
    def ok3(self, i):
        close(self.chans[i])
        i = 2
        self.chans[i].send(1)
shared = Chan[int](2)
def renew():
    global shared
    shared = Chan[int](2)
def ok108_global():
    close(shared)
    renew()
    shared.send(1)
def t108(ch: Chan[int], other: Chan[int], wg: sync.WaitGroup, xs, x):
    g.close(ch)
    ch << 1  # GOC108
    close(other)
    wg.go(other.send, 1)  # GOC108
def t108_defer(ch: Chan[int]):
    defer(close, ch)
    ch.send(1)
    close(ch)  # GOC108
def t108_defer_method(ch: Chan[int]):
    defer(ch.close)
    ch.close()  # GOC108
def t108_loop(ch: Chan[int], xs):
    for x in xs:
        ch.send(x)
        close(ch)  # GOC108
def t108_select(ch: Chan[int], other: Chan[int]):
    close(ch)
    select(send(ch, 1), default)  # GOC108
    match select(recv(other), send(ch, 2)):  # GOC108
        case 0, v, _: print(v)
    i, v, ok = select(send(other, 1), recv(ch))
    return i, v, ok
def t108_finally(ch: Chan[int], xs):
    try:
        for x in xs: ch.send(x)
        close(ch)
    finally:
        close(ch)  # GOC108
def ok108_finally(ch: Chan[int], other: Chan[int], xs, failed):
    try:
        for x in xs: ch.send(x)
        close(other)
    finally:
        close(ch)
    try:
        ch = Chan[int](1)
        close(ch)
    finally:
        ch = Chan[int](1)
        if failed: close(ch)
def t108_closing(ch: Chan[int]):
    with closing(ch):
        ch.send(1)
    ch.send(2)  # GOC108
def ok108_closing(ch: Chan[int], xs):
    for x in xs:
        with closing(Chan[int](1)) as mine:
            mine.send(x)
    with closing(ch):
        go(ch.send, 1)
    ch = Chan[int](1)
    ch.send(1)
def ok108_annotated(ch: Chan[int]):
    close(ch)
    ch: Chan[int] = Chan[int](1)
    ch.send(1)
def ok108_walrus(ch: Chan[int]):
    close(ch)
    if (ch := Chan[int](1)):
        pass
    ch.send(1)
def ok108_loop(chans: list[Chan[int]], xs, ch: Chan[int]):
    for c in chans:
        c.send(1)
        close(c)
    for x in xs:
        ch.send(x)
        if x:
            close(ch)
            break
    for x in xs:
        mine = Chan[int](1)
        mine.send(x)
        close(mine)
def ok108_while(ch: Chan[int]):
    while True:
        ch.send(1)
        close(ch)
        return
def ok108_finally(ch: Chan[int]):
    try:
        ch.send(1)
    finally:
        close(ch)
def ok108_branch(ch: Chan[int], x):
    if x:
        close(ch)
    else:
        ch.send(1)
def ok108_expected(ch: Chan[int], self):
    close(ch)
    with self.assertRaises(Panic):
        ch.send(1)
def ok108_defer(ch: Chan[int], x):
    defer(close, ch)
    if x: return
    ch.send(1)
def ok108_closure(ch: Chan[int]):
    close(ch)
    return lambda: ch.send(1)
# --- GOC109 ---
Inbox: TypeAlias = RecvChan[int]
Outbox = SendChan[int]
@dataclass
class Ends:
    inbox: RecvChan[int]
    outbox: SendChan[int] = field(default_factory=Chan[int])
    def f(self):
        self.inbox.send(1)  # GOC109
        self.outbox.recv()  # GOC109
        self.inbox.recv()
        self.outbox.send(2)
def produce() -> RecvChan[int]:
    return Chan[int](1)
def t109(a: Inbox, b: Outbox, c: Optional[RecvChan[int]], d: dict[str, SendChan[int]], e: "list[RecvChan[int]]", ctx: context.Context, t: time.Timer, wg: sync.WaitGroup):
    a.send(1)  # GOC109
    b.recv()  # GOC109
    c << 1  # GOC109
    d["x"].recv()  # GOC109
    e[0].close()  # GOC109
    produce().close()  # GOC109
    close(ctx.done())  # GOC109
    t.c.send(1)  # GOC109
    wg.go(c.send, 1)  # GOC109
    defer(close, c)  # GOC109
    defer(c.close)  # GOC109
    for x in d["x"]: pass  # GOC109
    vs = [v for v in d["x"]]  # GOC109
    ws = list(d["x"])  # GOC109
    select(recv(d["x"]), default)  # GOC109
    for ch in e:
        ch.send(1)  # GOC109
    for name, out in d.items():
        out.recv()  # GOC109
    a.recv(); b.send(1); c.recv_ok(); d["x"] << 1
    for v in e[0]: pass
    cast(Chan[int], c).close()
    def inner(c: Chan[int]): c.send(1); c.close()
    return vs, ws, inner
def t109_rest(*ins: RecvChan[int], **outs: SendChan[int]):
    for i in ins:
        i.send(1)  # GOC109
    for name, out in outs.items():
        out.recv()  # GOC109
    ins[0].close()  # GOC109
    ins[1].recv(); outs["x"].send(1)
async def t109_async(c: RecvChan[int], d: SendChan[int]):
    await aio.send(c, 1)  # GOC109
    await aio.recv(d)  # GOC109
    await aio.recv(c)
    async for v in aio.each(d): pass  # GOC109
def ok109(c: RecvChan[int]):
    if isinstance(c, Chan):
        c.close()
