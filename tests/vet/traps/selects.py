"""Traps, and innocents beside them: select.

A line that ends in a code has that finding, and no other line has one.  The file is only parsed.
"""

from __future__ import annotations

import functools
import json
import time as pytime
from dataclasses import dataclass, field
from typing import Annotated, Any, Optional, TypeAlias, TYPE_CHECKING, cast
import gochan as g
import gochan.aio as gaio
from gochan import Chan, Chan as Channel, RecvChan, SendChan, close, default, defer, defers, go, run, select, send, sync
from gochan import recv, recv as receive, timeout as limit, context, time, thread, signal, aio, Panic, errgroup, semaphore
from gochan.time import after

# --- GOC104 / 105 ---
async def t105_async(a: Chan[int], b: Chan[int]):
    i, v = await aio.select(recv(a), recv(b))  # GOC105
    match await aio.select(recv(a), recv(b)):  # GOC104
        case 0, v, _: print(v)
    match await aio.select(recv(a), recv(b)):
        case 0, v, _: print(v)
        case 1, v, _: print(v)
    i, v, ok = await aio.select(recv(a), recv(b))
def t104(a: Chan[int], b: Chan[int], done: Chan[None], x):
    match g.select(g.recv(a), g.recv(b)):  # GOC104
        case [1, v, _]: print(v)
    result = select(recv(a), recv(b))
    match result:  # GOC104
        case (0, v, _): print(v)
    match (r := select(recv(a), recv(b))):  # GOC104
        case (0, v, _): print(v)
    match select(recv(a), recv(b), default):  # GOC104
        case 0, v, _: print(v)
        case 1, v, _: print(v)
    match select(recv(a), recv(b), limit(1)):  # GOC104
        case (0 | 1) as i, v, ok: print(v)
    match select(recv(a), recv(done)):
        case 0, v, _: print(v)
        case -1, _, _: pass  # GOC105
        case _: pass
    match select(recv(a), recv(done)):
        case 0, v, _: print(v)
        case None, _, _: pass  # GOC105
        case _: pass
    match select(recv(a), recv(done)):
        case 0, v, _: print(v)
        case "done", _, _: pass  # GOC105
        case _: pass
    match select(recv(a), recv(done)):
        case 0, v, _: print(v)
        case 1, _: pass  # GOC105
        case _: pass
    match select(recv(a), recv(done)):
        case 0: print()  # GOC105
        case _: pass
    match select(recv(a)):
        case 0, v, ok, _: print(v)  # GOC105
        case _: pass
    v, ok = select(recv(a), recv(b))  # GOC105
    [i, v] = select(recv(a), recv(b))  # GOC105
    # fine
    match select(recv(a), recv(b)):
        case 0, v, _: print(v)
        case 1, v, _: print(v)
    match select(recv(a), recv(b)):
        case (0, v, True) | (1, v, True): print(v)
        case _: pass
    match select(recv(a), recv(b)):
        case i, v, ok: print(v)
    match select(recv(a), send(b, 1)):
        case 0, v, _: print(v)
    match select(recv(a), limit(1)):
        case 0, v, _: return v
        case 1, *_: return None
    match select(*[recv(a)], recv(b)):
        case 0, v, _: print(v)
    match select(recv(a), recv(b)):
        case (i, v, ok) if x: print(v)
        case _: pass
    while x:
        match select(recv(a), recv(b)):
            case 0, v, _: continue
        print("b")
    i, _, _ = select(recv(a), recv(b))
    i, *_ = select(recv(a), recv(b))
    whole = select(recv(a), recv(b))
    match whole:
        case 0, v, _: print(v)
        case _: pass
    return whole
# --- GOC106 ---
async def t106_async(a: Chan[int]):
    while True:
        await aio.select(recv(a), recv(time.after(1)))  # GOC106
def t106(a: Chan[int], xs):
    while True:
        select(recv(a), recv(after(1)))  # GOC106
    while a:
        d: RecvChan[time.Time] = time.after(1)  # GOC106
        select(recv(a), recv(d))
    for x in xs:
        match select(recv(a), receive(g.time.after(0.5))):  # GOC106
            case 0, _, _: pass
            case _: return
    for x in xs:
        if x:
            i, v, ok = select(recv(a), recv(time.after(1)))  # GOC106
    whole = time.after(3)
    for x in xs:
        select(recv(a), recv(whole))
        select(recv(a), limit(1))
        time.after(1).recv()
        select(recv(time.after(1)))
        @go
        def _(x=x):
            select(recv(a), recv(time.after(1)))
    select(recv(a), recv(time.after(1)))
    timer = time.new_timer(1)
    while True:
        select(recv(a), recv(timer.c))
# --- GOC107 ---
def worker(out: SendChan[int]) -> None:
    out.send(1)
def worker_or(out: SendChan[int], ctx: context.Context) -> None:
    select(send(out, 1), recv(ctx.done()))
class Svc:
    def work(self, out): out << 1
    def t107_m(self, ctx: context.Context):
        answer = Chan[int]()  # GOC107
        go(self.work, answer)
        i, v, ok = select(recv(answer), recv(ctx.done()))
        return v
    def ok107(self, ctx: context.Context):
        self.answer = Chan[int]()
        go(self.work, self.answer)
        return select(recv(self.answer), recv(ctx.done()))
def t107_annotated():
    answer: Chan[int] = Chan[int]()  # GOC107
    go(worker, answer)
    return select(recv(answer), limit(1))
def t107_after_variable():
    answer = Chan[int](0)  # GOC107
    wg = sync.WaitGroup()
    wg.go(worker, answer)
    go(wg.wait)
    late = time.after(1)
    return select(recv(answer), recv(late))
def t107_done_variable(ctx: context.Context):
    answer = Chan[int]()  # GOC107
    done = ctx.done()
    go(answer.send, 1)
    return select(recv(done), recv(answer))
def t107_timer():
    answer = Chan[int]()  # GOC107
    timer = time.new_timer(1)
    go(worker, answer)
    return select(recv(answer), recv(timer.c))
def t107_partial():
    answer = Chan[int]()  # GOC107
    go(functools.partial(worker, answer))
    return select(recv(answer), default)
def t107_keyword():
    answer = Chan[int]()  # GOC107
    go(worker, out=answer)
    return select(recv(answer), limit(1))
async def t107_async():
    answer = Chan[int]()  # GOC107
    go(worker, answer)
    return await aio.select(recv(answer), limit(1))
def t107_try():
    answer = Chan[int]()  # GOC107
    @go
    def _():
        try:
            answer.send(pytime.monotonic())
        finally:
            close(answer)
    try:
        match select(recv(answer), limit(1)):
            case 0, v, _: return v
            case _: return None
    finally:
        print()
def ok107_buffer():
    answer = Chan[int](1)
    go(worker, answer)
    return select(recv(answer), limit(1))
def ok107_select(ctx: context.Context):
    answer = Chan[int]()
    go(worker_or, answer, ctx)
    return select(recv(answer), recv(ctx.done()))
def ok107_twice():
    answer = Chan[int]()
    go(worker, answer)
    select(recv(answer), limit(1))
    return answer.recv()
def ok107_returned():
    answer = Chan[int]()
    go(worker, answer)
    select(recv(answer), limit(1))
    return answer
def ok107_two(other: Chan[int]):
    answer = Chan[int]()
    go(worker, answer)
    return select(recv(answer), recv(other))
def ok107_drain():
    answer = Chan[int]()
    go(worker, answer)
    match select(recv(answer), limit(1)):
        case 0, v, _: return v
        case _:
            go(answer.recv)
            return None
def ok107_loop():
    answer = Chan[int]()
    go(worker, answer)
    while True:
        match select(recv(answer), limit(1)):
            case 0, v, _: return v
            case _: print("waiting")
# --- GOC110 ---
def t110(a: Chan[int], work):
    while True:
        match select(recv(a), default):  # GOC110
            case 0, v, _: return v
            case _: ...
    while True:
        match select(recv(a), default):  # GOC110
            case 0, v, _: break
            case 1, _, _: continue
    while select(recv(a), default)[0] != 0:  # GOC110
        pass
    while True:
        if select(recv(a), default)[0] == 0:  # GOC110
            break
    while work:
        i, v, ok = select(recv(a), default)  # GOC110
        if i == 0:
            break
    while True:
        match select(recv(a), default):
            case 0, v, _: break
            case _: work()
    while True:
        match select(recv(a), default):
            case 0, v, _: break
            case _: pass
        work()
    while True:
        match select(recv(a), default):
            case 0, v, _: break
            case _: time.sleep(0.1)
    while True:
        match select(recv(a), limit(1)):
            case 0, v, _: break
            case _: pass
    while select(recv(a), default)[0] != 0:
        work()
    for _ in range(3):
        match select(recv(a), default):
            case 0, v, _: break
            case _: pass
