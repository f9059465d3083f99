"""Traps and their mended twins: each check finds what it is for, and nothing else.

A line that ends in `# GOC101` has that finding, and no other line has one.
"""

from __future__ import annotations

import re
import textwrap
from pathlib import Path

import pytest

from gochan.vet import check_source

pytestmark = pytest.mark.once

HEAD = """\
import asyncio, copy, queue, subprocess, sys, threading
import time as python_time
from dataclasses import dataclass, field, replace
import pytest
import requests
import gochan
from gochan import *
from gochan import aio, context, errgroup, rate, runtime, semaphore, signal, sync, thread, time
"""
PLAIN = """\
from dataclasses import dataclass
import gochan
from gochan import *
from gochan import context, runtime, sync, time
"""

CASES = {
    "a lock that a base class locks": """
        class Store:
            rows = sync.Mutex()
            def __init__(self):
                self.mu = sync.Mutex()
                self.__own = sync.Mutex()
            def size(self):
                with self.mu:
                    return 1
            def count(self):
                with self.rows:
                    return 1
            def private(self):
                with self.__own:
                    return 1
        class Middle(Store):
            pass
        class Bounded(Middle):
            def __init__(self):
                super().__init__()
                self.__own = sync.Mutex()
            def add(self, other: Store):
                with self.mu:
                    other.size()
                    self.count()
                    self.size()  # GOC302
                    return super().size()  # GOC302
            def all(self):
                with self.rows:
                    return self.count()  # GOC302
            def mine(self):
                with self.__own:
                    self.private()
        class Free:
            def size(self):
                with self.mu:
                    return super().size()
    """,
    "a lock that gets another name": """
        @dataclass
        class Node:
            mu: sync.Mutex
            next: "Node | None" = None
        def hand_over_hand(nodes: list[sync.Mutex]):
            prev = nodes[0]
            prev.lock()
            for node in nodes[1:]:
                node.lock()
                prev.unlock()
                prev = node
            prev.unlock()
        def insert(head: Node, new: Node):
            prev = head
            prev.mu.lock()
            while (cur := prev.next) is not None:
                cur.mu.lock()
                prev.mu.unlock()
                prev, last = cur, prev
            prev.next = new
            prev.mu.unlock()
            return last
        def pick(shards: list[sync.Mutex], i: int):
            mu = shards[i]
            mu.lock()
            if i:
                return mu
            mu.unlock()
        class Holder:
            def keep(self, mu: sync.Mutex, other: sync.Mutex):
                mu.lock()
                other.lock()  # GOC301
                if not mu.try_lock():
                    other.unlock()
                    mu.unlock()
                self.current = mu
            def chain(self, x):
                self.mu = sync.Mutex()
                self.mu.lock()  # GOC301
                if x:
                    return self
                self.mu.unlock()
    """,
    "closures that a comprehension makes": """
        def listed(xs: list[int]):
            for task in [lambda: print(x) for x in xs]:  # GOC203
                go(task)
        def named(xs: list[int], wg: sync.WaitGroup):
            tasks = {x: lambda: print(x) for x in xs}  # GOC203
            for task in tasks.values():
                wg.go(task)
        def bound(xs: list[int]):
            for task in [lambda x=x: print(x) for x in xs]:
                go(task)
        def lazy(xs: list[int], wg: sync.WaitGroup):
            for task in (lambda: print(x) for x in xs):
                wg.go(task)
                wg.wait()
        def outer(xs: list[int]):
            for task in [lambda: print(xs) for _ in xs]:
                go(task)
    """,
    "a read lock that nothing takes": """
        def size(rw: sync.RWMutex, rows: list[int]):
            rw.rlocker()  # GOC501
            with rw.rlocker():
                return len(rows)
    """,
    "a case that is kept": """
        def main(ch: Chan[int]):
            while (n := recv(ch)) != 0:  # GOC103
                print(n)
            print(recv(ch))  # GOC103
            kept = (case := recv(ch))
            return select(kept, timeout(1)), case
    """,
    "a timer in a variable": """
        def main(ch: Chan[int]):
            while True:
                limit = time.after(1)  # GOC106
                select(recv(ch), recv(limit))
        def round(ch: Chan[int]):
            while True:
                limit = time.after(1)
                while select(recv(ch), recv(limit))[0] == 0:
                    pass
        def pause():
            for _ in range(3):
                limit = time.after(1)
                limit.recv()
    """,
    "a context without annotation": """
        def ask(ctx, question):
            answer = Chan[str]()  # GOC107
            go(lambda: answer.send(question()))
            match select(recv(answer), recv(ctx.done())):
                case 0, text, _:
                    return text
                case _:
                    return ""
    """,
    "polling by the index": """
        def poll(ch: Chan[int]):
            while True:
                i, v, _ = select(recv(ch), default)  # GOC110
                if i == 0:
                    return v
        def poll_and_work(ch: Chan[int], work):
            while True:
                i, v, _ = select(recv(ch), default)
                if i == 0:
                    return v
                work()
        def work_by_default(ch: Chan[int], work):
            while True:
                i, v, _ = select(recv(ch), default)
                if i == 1:
                    work()
    """,
    "a partial": """
        from functools import partial
        def rest(d):
            python_time.sleep(d)  # GOC207
        go(partial(rest, 1))
        def rest_well(d):
            time.sleep(d)
        go(partial(rest_well, 1))
    """,
    "a group in a with statement of the loop": """
        def main(names):
            for name in names:
                with errgroup.Group() as group:
                    group.go(lambda: print(name))
            with errgroup.Group() as group:
                for name in names:
                    group.go(lambda: print(name))  # GOC203
    """,
    "the time that has passed": """
        def main():
            start = time.now()
            defer(print, time.now() - start)  # GOC211
            defer(lambda: print(time.now() - start))
        run(main)
    """,
    "a lock in a coroutine": """
        async def main(mu: sync.Mutex):
            with mu:  # GOC213
                pass
            def locked():
                with mu:
                    pass
            go(locked)
    """,
    "try_lock under not": """
        mu = sync.Mutex()
        def use(x):
            if not mu.try_lock():  # GOC301
                return
            if x:
                return
            mu.unlock()
        def visit(x):
            if not mu.try_lock():
                return
            try:
                if x:
                    return
            finally:
                mu.unlock()
    """,
    "unlocked for a while": """
        def wait(mu: sync.Mutex):
            with mu:
                mu.unlock()
                time.sleep(1)
                mu.lock()
        class Queue:
            def __init__(self):
                self.mu = sync.Mutex()
            def pause(self):
                self.mu.unlock()
                time.sleep(1)
                self.mu.lock()
    """,
    "unlocked inside of with": """
        def main(mu: sync.Mutex):
            with mu:  # GOC303
                mu.unlock()
        def either(mu: sync.Mutex, x):
            with mu:
                if x:
                    mu.unlock()
                    mu.lock()
    """,
    "locked again by a function that is called": """
        class Account:
            def __init__(self):
                self.mu = sync.Mutex()
                self.next = self
            def balance(self):
                with self.mu:
                    return 1
            def add(self):
                with self.mu:
                    return self.balance()  # GOC302
            def remove(self):
                self.mu.lock()
                self.balance()  # GOC302
                self.mu.unlock()
            def move(self):
                with self.mu:
                    self.next.balance()
                    go(self.balance)
                    later = lambda: self.balance()
                return self.balance() + later()
        mu = sync.Mutex()
        def load():
            mu.lock()
            mu.unlock()
        def save():
            with mu:
                load()  # GOC302
        def load_or_save(mu: sync.Mutex):
            with mu:
                load()
        class Node:
            def __init__(self):
                self.mu, self.parent = sync.Mutex(), self
            def bump(self):
                with self.mu:
                    self.parent.bump()
            def again(self):
                with self.mu:
                    self.again()  # GOC302
        def visit(node: Node):
            with node.mu:
                visit(node.parent)
        def count(n):
            with mu:
                return count(n - 1)  # GOC302
    """,
    "one lock in a list": """
        one = [sync.Mutex()] * 1
        two = [sync.Mutex()] * 2  # GOC305
    """,
    "a queue that is passed": """
        def take(cond: sync.Cond, queue, block):
            with cond.l:
                if not queue:
                    cond.wait()  # GOC306
                if block:
                    cond.wait()
                while not queue:
                    cond.wait()
    """,
    "a starred cancel function": """
        def main():
            ctx, *_ = context.with_cancel(context.background())  # GOC401
            return ctx
    """,
    "named durations and keys": """
        PAUSE = 500
        HALF = 500 * time.MILLISECOND
        changed = 500
        USER = "user"
        OWN = object()
        def main(ctx: context.Context):
            global changed
            changed = 3
            time.sleep(PAUSE)  # GOC402
            time.sleep(HALF)
            time.sleep(changed)
            ctx = context.with_value(ctx, USER, 1)  # GOC403
            return context.with_value(ctx, OWN, 1)
    """,
    "global": """
        total = 0
        def add(ch):
            global total
            total += ch.recv()  # GOC101
        for _ in range(3): go(add, Chan[int]())
    """,
    "global, other forms": """
        total = 0
        def add(ch: Chan[int]):
            global total
            total = total + ch.recv()  # GOC101
            total = max(total, ch.recv())  # GOC101
            total = ch.recv() + total
            n = ch.recv()
            total += n
    """,
    "nonlocal": """
        def main(ch: RecvChan[int]):
            total = 0
            def add():
                nonlocal total
                total += next(ch)  # GOC101
            for _ in range(3): go(add)
    """,
    "through a function": """
        total = 0
        def one(ch: Chan[int]):
            return ch.recv()
        def add(ch):
            global total
            total += one(ch)  # GOC101
    """,
    "attribute and item": """
        class Sum:
            def add(self, ch: Chan[int], counts):
                self.n += ch.recv()  # GOC101
                counts["a"] += aio.await_(fetch())  # GOC101
    """,
    "local": """
        def main(ch: Chan[int]):
            total = 0
            counts = {}
            for _ in range(3):
                total += ch.recv()
                counts["a"] += ch.recv()
    """,
    "once": """
        def main(ch: Chan[int]):
            total = 0
            def add():
                nonlocal total
                total += ch.recv()
            go(add)
        run(main, Chan[int]())
    """,
    "locked": """
        mu, total = sync.Mutex(), 0
        def add(ch: Chan[int]):
            global total
            with mu:
                total += ch.recv()
    """,
    "precedence": """
        ch = Chan[int](9)
        ch << a or b  # GOC102
        ch << a and b  # GOC102
        ch << a if c else b  # GOC102
        ch << a == b  # GOC102
        ch << a, b  # GOC102
        ch << a | b  # GOC102
        go(lambda: ch << a or b)  # GOC102
        ch << (a or b)
        ch << a + b
        ch.send(a or b)
        done or ch << a
        1 << 2 | 3
    """,
    "precedence, unknown channel": """
        def f(out):
            out << a or b  # GOC102
            n = out << a or b
    """,
    "cases": """
        def f(ch: Chan[int], wg: sync.WaitGroup):
            recv(ch)  # GOC103
            send(ch, 1)  # GOC103
            timeout(3)  # GOC103
            gochan.recv(ch)  # GOC103
            v, ok = recv(ch)  # GOC103
            n = recv(ch) + 1  # GOC103
            go(send, ch, 1)  # GOC103
            wg.go(recv, ch)  # GOC103
            case = recv(ch)
            select(case, timeout(1))
            select(*map(recv, [ch]))
            ch.recv()
    """,
    "await": """
        async def f(ch):
            aio.recv(ch)  # GOC103
            await aio.recv(ch)
    """,
    "shadowed": """
        def f(recv, ch, send=print):
            recv(ch)
            send(ch, 1)
        def g():
            timeout = print
            timeout(5000)
    """,
    "missing case": """
        def f(a: Chan[int], b: Chan[int]):
            match select(recv(a), recv(b)):  # GOC104
                case 0, v, _: print(v)
            match select(recv(a), default):  # GOC104
                case 0, v, _: print(v)
            match select(recv(a), recv(b)):
                case 0, v, _: print(v)
                case 1, _, _: pass
            match select(recv(a), recv(b), timeout(1)):
                case (0 | 1), v, _: print(v)
                case _: pass
            match select(recv(a), send(b, 1)):
                case 0, v, _: print(v)
            match select(*cases):
                case 0, v, _: print(v)
            match select(recv(a), default):
                case 0, v, _: return v
            raise ValueError
    """,
    "never matches": """
        def f(a: Chan[int]):
            match select(recv(a), timeout(1)):
                case 1, v, _: print(v)
                case 2, _, _: pass  # GOC105
                case _: pass
            match select(recv(a), timeout(1)):
                case 0, v: print(v)  # GOC105
                case _: pass
            i, v = select(recv(a))  # GOC105
            i, v, ok = select(recv(a))
            i, *rest = select(recv(a))
    """,
    "after": """
        def f(a: Chan[int]):
            limit = time.after(1)
            while True:
                match select(recv(a), recv(time.after(1))):  # GOC106
                    case 0, v, _: print(v)
                    case _: return
            for _ in range(3):
                select(recv(a), recv(limit))
                select(recv(a), timeout(1))
            select(recv(a), recv(time.after(1)))
    """,
    "lost receiver": """
        def ask(ctx: context.Context):
            answer = Chan[str]()  # GOC107
            go(lambda: answer << "x")
            match select(recv(answer), recv(ctx.done())):
                case 0, text, _: return text
                case _: return ""
        def work(out): out.send(1)
        def with_a_function():
            ch = Chan[int]()  # GOC107
            go(work, ch)
            return select(recv(ch), timeout(1))
        def buffered():
            ch = Chan[int](1)
            go(work, ch)
            return select(recv(ch), timeout(1))
        def drained():
            ch = Chan[int]()
            go(work, ch)
            select(recv(ch), timeout(1))
            ch.recv()
        def no_way_out(other: Chan[int]):
            ch = Chan[int]()
            go(work, ch)
            select(recv(ch), recv(other))
    """,
    "closed": """
        def f(ch: Chan[int]):
            close(ch)
            ch << 1  # GOC108
            ch.send(1)  # GOC108
            ch.close()  # GOC108
        def g(ch: Chan[int]):
            close(ch)
            ch = Chan[int](1)
            ch << 1
        def h(ch: Chan[int]):
            close(ch)
            with pytest.raises(Panic): ch << 1
            defer(recover)
            ch << 1
        def i(ch: Chan[int]):
            ch.close()
            try:
                ch.send(1)
            except Panic: pass
    """,
    "ends": """
        def f(a: RecvChan[int], b: "SendChan[int] | None"):
            a << 1  # GOC109
            close(a)  # GOC109
            b.recv()  # GOC109
            select(send(a, 1))  # GOC108 GOC109
            for v in b:  # GOC109
                pass
            a.recv()
            b << 1
    """,
    "spin": """
        def f(a: Chan[int]):
            while True:
                match select(recv(a), default):  # GOC110
                    case 0, _, _: return
                    case _: pass
            while True:
                match select(recv(a), default):
                    case 0, _, _: return
                    case _: runtime.gosched()
    """,
    "called": """
        def f(x): print(x)
        def make(x):
            def inner(): pass
            return inner
        class Worker:
            def work(self) -> None: pass
        def main(wg: sync.WaitGroup, ch: Chan[int], w: Worker):
            go(f(1))  # GOC201
            wg.go(f(1))  # GOC201
            defer(close(ch))  # GOC201
            defer(wg.done())  # GOC201
            go(print("x"))  # GOC201
            go(ch.send(1))  # GOC201
            go(w.work())  # GOC201
            time.after_func(1, f(1))  # GOC201
            go(ch << 1)  # GOC201
            go(make(1))
            go(unknown(1))
            go(f, 1)
        def started() -> None: pass
        run(started())  # GOC201
    """,
    "coroutine and generator": """
        async def fetch(): pass
        def count():
            yield 1
        def main():
            go(fetch)  # GOC202
            go(count)  # GOC202
            go(print, fetch)
            aio.await_(fetch())
    """,
    "loop variable": """
        def main(wg: sync.WaitGroup, ch: Chan[int]):
            for i in range(3):
                wg.go(lambda: print(i))  # GOC203
            for i in range(3):
                go(lambda i=i: print(i))
                go(print, i)
            for i in range(3):
                @go
                def _():
                    print(i)  # GOC203
            for i in range(3):
                @wg.go
                def _(i=i): print(i)
            for i in range(3):
                go(lambda: print(i))
                ch.recv()
            for i in range(3):
                go(lambda: print(i))
                break
            [go(lambda: print(j)) for j in range(3)]  # GOC203
            n = 0
            while n < 3:
                n += 1
                go(lambda: print(n))  # GOC203
            for path in []:
                f = open(path)
                defer(lambda: f.close())  # GOC203
                defer(f.close)
    """,
    "add inside": """
        def main():
            wg = sync.WaitGroup()
            @go
            def _():
                wg.add(1)  # GOC204
                defer(wg.done)
            def worker(group):
                group.add(1)  # GOC204
                try: print()
                finally: group.done()
            go(worker, wg)
            def parent():
                defer(wg.done)
                wg.add(1)
                go(child)
            def child(): wg.done()
            wg.add(1)
            go(parent)
            wg.wait()
    """,
    "wait inside": """
        def main():
            wg = sync.WaitGroup()
            @wg.go
            def _():
                wg.wait()  # GOC205
            @go
            def _():
                wg.wait()
            wg.wait()
    """,
    "done inside": """
        def main():
            wg = sync.WaitGroup()
            @wg.go
            def _():
                defer(wg.done)  # GOC206
            wg.wait()
        def other():
            group = sync.WaitGroup()
            group.add(1)
            @go
            def _(): group.done()
            group.wait()
        def another():
            wg = sync.WaitGroup()
            wg.add(1)
            go(wg.done)
            wg.wait()
        def counted():
            wg = sync.WaitGroup()
            wg.add(1)
            @wg.go
            def _():
                wg.done()
            wg.wait()
    """,
    "blocking": """
        lock, q, gate = threading.Lock(), queue.Queue(3), threading.Event()
        def worker():
            python_time.sleep(1)  # GOC207
            requests.get("x")  # GOC207
            subprocess.run(["ls"])  # GOC207
            input()  # GOC207
            q.get()  # GOC207
            q.get(block=False)
            q.get_nowait()
            lock.acquire()  # GOC207
            lock.acquire(blocking=False)
            gate.wait()  # GOC207
            gate.wait(timeout=0)
            with lock:  # GOC207
                pass
            for line in sys.stdin:  # GOC207
                pass
            time.sleep(1)
            thread.call(requests.get, "x")
            helper()
        def helper():
            python_time.sleep(1)  # GOC207
        def elsewhere():
            python_time.sleep(1)
        def main():
            input()
            go(worker)
            thread.call(elsewhere)
            python_time.sleep(1)  # GOC207
        run(main)
    """,
    "defer": """
        def visit():
            defer(print, "bye")  # GOC209
        def started():
            defer(print, "bye")
        def deferred():
            defer(print)  # GOC209
        @defers
        def fine(): defer(print)
        @unknown
        def decorated(): defer(print)
        async def never():
            defer(print)  # GOC209
        class A:
            def method(self):
                @defer  # a decorator's finding is on its def
                def _():  # GOC209
                    pass
            def other(self): self.method()
        def main():
            visit()
            fine()
            decorated()
            go(started)
            defer(deferred)
        run(main)
        defer(print)  # GOC209
    """,
    "defer in a loop": """
        def main(mu: sync.Mutex):
            for _ in range(3):
                mu.lock()
                defer(mu.unlock)  # GOC210
            while True:
                defer(print)  # GOC210
        def fine():
            for i in range(3): defer(print, i)
            while True:
                defer(print)
                if fine: return
    """,
    "defer now": """
        def main(start):
            defer(print, time.since(start))  # GOC211
            defer(lambda: print(time.since(start)))
            defer(print, start)
    """,
    "not waited for": """
        def main():
            wg = sync.WaitGroup()  # GOC212
            wg.go(print)
            group, ctx = errgroup.with_context(context.background())  # GOC212
            group.go(print)
            other = sync.WaitGroup()
            other.go(print)
            return other
    """,
    "coroutine waits": """
        async def main(ch: Chan[int]):
            ch.recv()  # GOC213
            time.sleep(1)  # GOC213
            for v in ch:  # GOC213
                pass
            await aio.recv(ch)
            full = Chan[int](1)
            full.send(1)
            def inner(): ch.recv()
    """,
    "lock paths": """
        def f(mu: sync.Mutex, x):
            mu.lock()  # GOC301
            if x: return
            mu.unlock()
        def raises(mu: sync.Mutex, x):
            mu.lock()  # GOC301
            if x: raise ValueError
            mu.unlock()
        def loop(mu: sync.Mutex, xs):
            for x in xs:
                mu.lock()  # GOC301
                if x: continue
                mu.unlock()
        def reader(rw: sync.RWMutex, x):
            rw.rlock()  # GOC301
            if not x: return 1
            rw.runlock()
        def handled(mu: sync.Mutex):
            try:
                mu.lock()  # GOC301
                print()
                mu.unlock()
            except ValueError: pass
        def tried(mu: sync.Mutex, x):
            if not mu.try_lock(): return
            mu.unlock()
        def final(mu: sync.Mutex, x):
            mu.lock()
            try:
                if x: return 1
            finally: mu.unlock()
        def deferred(mu: sync.Mutex, x):
            mu.lock()
            defer(mu.unlock)
            if x: return 1
        def under_with(mu: sync.Mutex, x):
            with mu:
                if x: return 1
        def both(mu: sync.Mutex, x):
            if x: mu.lock()
            print()
            if x: mu.unlock()
        def panics(mu: sync.Mutex, x):
            mu.lock()
            while True:
                if x: break
            match x:
                case 1: mu.unlock()
                case _: mu.unlock()
        class Guarded:
            def __init__(self): self.mu = sync.Mutex()
            def __enter__(self): self.mu.lock()
            def __exit__(self, *a): self.mu.unlock()
            def lock(self): self.mu.lock()
    """,
    "never unlocked": """
        def f():
            guard = sync.Mutex()
            guard.lock()  # GOC301
    """,
    "locked twice": """
        def f(mu: sync.Mutex):
            mu.lock()
            mu.lock()  # GOC302
            mu.unlock()
        def g(mu: sync.Mutex):
            with mu:
                with mu:  # GOC302
                    pass
        def h(mu: sync.Mutex, x):
            if x: mu.lock()
            else: mu.lock()
            mu.unlock()
            mu.lock()
            mu.unlock()
    """,
    "unlocked twice": """
        def f(mu: sync.Mutex):
            mu.lock()
            mu.unlock()
            mu.unlock()  # GOC303
        def g(rw: sync.RWMutex):
            rw.rlock()
            rw.unlock()  # GOC303
        def h(mu: sync.Mutex):
            mu.lock()
            mu.unlock()
            time.sleep(1)
            mu.unlock()
        def i(rw: sync.RWMutex):
            rw.rlock()
            rw.rlock()
            rw.runlock()
            rw.runlock()
    """,
    "copies": """
        @dataclass
        class Safe:
            n: int
            mu: sync.Mutex = field(default_factory=sync.Mutex)
        class Other:
            def __init__(self): self.wg = sync.WaitGroup()
        @dataclass
        class Plain:
            n: int
        def f(s: Safe, mu: sync.Mutex):
            copy.copy(mu)  # GOC304
            copy.deepcopy(s)  # GOC304
            replace(s, n=1)  # GOC304
            replace(s, mu=sync.Mutex())
            copy.copy(Other())  # GOC304
            copy.copy(Plain(1))
    """,
    "one for all": """
        @dataclass
        class A:
            mu: sync.Mutex = sync.Mutex()  # GOC305
            ok: sync.Mutex = field(default_factory=sync.Mutex)
        a = [sync.Mutex()] * 3  # GOC305
        b = [Chan[int](1)] * 3  # GOC305
        c = dict.fromkeys("abc", sync.WaitGroup())  # GOC305
        d = [sync.Mutex() for _ in range(3)]
        e = [0] * 3
    """,
    "cond": """
        class Q:
            def __init__(self): self.cond = sync.Cond(sync.Mutex()); self.items = []
            def get(self):
                with self.cond.l:
                    if not self.items: self.cond.wait()  # GOC306
                    while not self.items: self.cond.wait()
    """,
    "cancel": """
        def f(parent: context.Context, x):
            ctx, _ = context.with_cancel(parent)  # GOC401
            ctx, cancel = context.with_timeout(parent, 1)  # GOC401
            ctx = context.with_cancel(parent)[0]  # GOC401
            context.with_cancel(parent)  # GOC401
        def g(parent):
            ctx, cancel = context.with_cancel(parent)  # GOC401
            if parent: return 1
            cancel()
        def h(parent):
            ctx, cancel = context.with_cancel(parent)
            defer(cancel)
            if parent: return 1
        def i(parent):
            ctx, cancel = context.with_cancel(parent)
            try: return 1
            finally: cancel()
        def j(parent):
            with context.with_cancel(parent) as ctx: pass
            ctx, cancel = context.with_cancel(parent)
            return ctx, cancel
        def m(parent):
            ctx, cancel = context.with_cancel(parent)
            for end in cancel, print: end(cancel)
        def k(parent):
            ctx = context.with_cancel(parent)  # GOC401
            ctx.done()
        def l(parent):
            ctx, stop = signal.notify_context(parent, signal.SIGTERM)  # GOC401
        def n(parent):
            ctx, cancel = context.with_cancel(parent)
            for bad in [2, 99]:
                if bad == 99: cancel()
        def o(parent):
            ctx, cancel = context.with_cancel(parent)  # GOC401
            for bad in [2, 99]:
                if bad == 98: cancel()
        def p(parent):
            ctx, cancel = context.with_cancel(parent)  # GOC401
            for bad in (2, 99):
                if parent: bad = 3
                if bad == 99: cancel()
        def q(parent):
            ctx, cancel = context.with_cancel(parent)  # GOC401
            for bad in (2, 99):
                if bad == 2 and parent: break
                if bad == 99: cancel()
        def r(parent):
            ctx, cancel = context.with_cancel(parent)
            for name in ("a", "b"):
                if name != "a":
                    cancel()
                    break
            else:
                return 1
    """,
    "milliseconds": """
        def f(ctx: context.Context, timer: time.Timer, n):
            time.sleep(500)  # GOC402
            gochan.time.sleep(2 * 1000)  # GOC402
            select(timeout(1500))  # GOC402
            rate.Limiter(500, 100)
            with context.with_timeout(ctx, 5000): pass  # GOC402
            timer.reset(100)  # GOC402
            time.sleep(99)
            time.sleep(500.0)
            time.sleep(500 * time.MILLISECOND)
            time.sleep(3600)
            time.sleep(n)
            python_time.sleep(500)
    """,
    "keys": """
        KEY = object()
        def f(ctx):
            ctx = context.with_value(ctx, "user", 1)  # GOC403
            ctx = context.with_value(ctx, KEY, 1)
    """,
    "notify": """
        def f():
            signal.notify(Chan[signal.Signal](), signal.SIGTERM)  # GOC404
            signals = Chan[signal.Signal]()
            signal.notify(signals)  # GOC404
            more = Chan[signal.Signal](1)
            signal.notify(more)
    """,
    "results": """
        def f(mu: sync.Mutex, sem: semaphore.Weighted, ctx: context.Context, lim: rate.Limiter):
            mu.try_lock()  # GOC501
            sem.try_acquire(1)  # GOC501
            context.with_value(ctx, f, 1)  # GOC501
            time.after(1)  # GOC501
            lim.allow()  # GOC501
            if lim.allow(): pass
            context.after_func(ctx, print)
    """,
    "not called": """
        def f(ctx: context.Context, wg: sync.WaitGroup, ch: Chan[int], other):
            if ctx.err: pass  # GOC502
            while not ctx.err: pass  # GOC502
            if ctx.err is None: pass  # GOC502
            wg.wait  # GOC502
            select(recv(ctx.done))  # GOC502
            if other.err: pass
            go(wg.wait)
            defer(wg.done)
            def inner(cancel: context.CancelFunc):
                cancel  # GOC502
    """,
}  # fmt: skip
# In a file that imports nothing that could change a variable from outside.
ALONE = {
    "busy": """
        ready = False
        def prepare():
            global ready
            ready = True
        def main(box):
            go(prepare)
            while not ready:  # GOC208
                pass
            while box.empty:  # GOC208
                print("waiting")
            while not ready:
                time.sleep(0.1)
            while not ready and len(box) < 3:
                box.append(1)
            i = 0
            while box[i] < 3:
                i += 1
            while not ready:
                if i: break
            while True:  # GOC208
                if ready:
                    break
                i += 1
            while True:  # GOC208
                if box.over: return
                if ready: break
            while True:
                if ready: break
                time.sleep(0.1)
            while True:
                if ready: break
                if i > 3: break
                i += 1
            while True:
                if ready: break
                box.append(1)
        class P:
            @property
            def full(self): return 1
            def f(self):
                while self.full: pass
    """,
    "preempted": """
        runtime.set_preempt(True)
        ready = False
        def prepare():
            global ready
            ready = True
        while not ready: pass
    """,
    "aliases": """
        import gochan as g
        import gochan.sync as locks
        from gochan import Chan as Channel, go as spawn, recv as receive
        start = spawn
        def f(): pass
        def main():
            start(f())  # GOC201
            g.go(f())  # GOC201
            ch = Channel[int]()
            receive(ch)  # GOC103
            mu = locks.Mutex()
            mu.lock()
            mu.lock()  # GOC302
            mu.unlock()
            chans = [Channel[int](1) for _ in range(3)]
            chans[0] << 1 or 2  # GOC102
            for c in chans: c << 1 or 2  # GOC102
            if (c := chans[1]): c << 1 or 2  # GOC102
    """,
    "own names": """
        from mine import go, Chan, select, recv
        go(print("x"))
        recv(1)
    """,
}  # fmt: skip


def findings(head: str, body: str) -> list[tuple[int, str]]:
    return [(f.line - head.count("\n"), f.code) for f in check_source((head + body).encode())]


def marked(body: str) -> list[tuple[int, str]]:
    return [
        (number, code)
        for number, line in enumerate(body.splitlines(), 1)
        for codes in re.findall(r"  # (GOC\d\d\d(?: GOC\d\d\d)*)$", line)
        for code in codes.split()
    ]


@pytest.mark.parametrize("name", CASES)
def test_case(name: str) -> None:
    body = textwrap.dedent(CASES[name])
    assert findings(HEAD, body) == marked(body)


@pytest.mark.parametrize("name", ALONE)
def test_case_alone(name: str) -> None:
    body = textwrap.dedent(ALONE[name])
    assert findings(PLAIN, body) == marked(body)


@pytest.mark.parametrize(
    "path", sorted((Path(__file__).parent / "traps").glob("*.py")), ids=lambda path: path.stem
)
def test_file_of_traps(path: Path) -> None:
    assert findings("", path.read_text()) == marked(path.read_text())


def test_each_check_has_a_trap() -> None:
    from gochan.vet.table import CHECKS

    found = {code for body in [*CASES.values(), *ALONE.values()] for _, code in marked(body)}
    assert found == set(CHECKS)


def test_the_first_of_many_paths_is_reported() -> None:
    returns = "".join(f"    if x == {i}: return\n" for i in range(30))
    source = f"from gochan import sync\ndef f(mu: sync.Mutex, x):\n    mu.lock()\n{returns}    mu.unlock()\n"
    [finding] = check_source(source.encode())
    assert "by the return on line 4:" in finding.message


def test_a_message_names_the_users_names() -> None:
    source = b"from gochan import go\ndef fetch(url): print(url)\ngo(fetch('x'))\n"
    [finding] = check_source(source)
    assert "fetch('x') is called now" in finding.message
    assert "write go(fetch, 'x')" in finding.message
