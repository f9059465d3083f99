"""Traps, and innocents beside them: what blocks.

A line that ends in a code has that finding, and no other line has one.  The file is only parsed.
"""

import asyncio, concurrent.futures, datetime, functools, itertools, multiprocessing, os, queue, selectors, smtplib, socket
import subprocess, sys, threading, urllib.request
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


def f(x=1): print(x)
async def coro(): pass

# --- GOC207 ---
lock, lock2, q, ev = Lock(), threading.RLock(), queue.Queue(2), Event()
pool = concurrent.futures.ThreadPoolExecutor()
class Base:
    def base_work(self): nap(1)  # GOC207
class Poller(Base):
    def __init__(self, sock: socket.socket):
        self.q = queue.SimpleQueue(); self.sock = sock; self.other = sock; self.ready = sock; self.mu = threading.Lock()
        self.session = rq.Session()
    def run(self):
        self.q.get()  # GOC207
        self.sock.recv(10)  # GOC207
        with self.mu:  # GOC207
            pass
        self.session.get("x")  # GOC207
        self.base_work()
        self.helper()
        self.q.get_nowait()
        self.q.get(False)
        self.q.get(timeout=0)
    def helper(self):
        pool.submit(f).result()  # GOC207
    def __call__(self):
        pytime.sleep(3)  # GOC207
    def polite(self):
        net.wait_readable(self.ready)
        return self.ready.recv(10)
    def nonblocking(self):
        self.other.setblocking(False)
        return self.other.recv(10)
def blocker(s: "threading.Lock", pause=pytime.sleep, p=None):
    nap(1)  # GOC207
    pytime.sleep(0.5)  # GOC207
    shell(["ls"])  # GOC207
    os.system("ls")  # GOC207
    os.popen("ls").read()  # GOC207
    smtplib.SMTP("host").sendmail("a", "b", "c")  # GOC207
    with smtplib.SMTP_SSL(host="host") as mail:  # GOC207
        mail.quit()
    smtplib.SMTP().set_debuglevel(1)
    poller = selectors.DefaultSelector()
    poller.select()  # GOC207
    poller.select(3)  # GOC207
    poller.select(0); poller.select(timeout=0); poller.register(3, 1)
    with multiprocessing.Pool(2) as pool:
        pool.map(print, "ab")  # GOC207
        pool.map_async(print, "ab"); pool.close()
    http.get("x")  # GOC207
    urllib.request.urlopen("x")  # GOC207
    s.acquire()  # GOC207
    pause(1)  # GOC207
    lock2.acquire()  # GOC207
    ev.wait(3)  # GOC207
    sys.stdin.readline()  # GOC207
    socket.gethostbyname("x")  # GOC207
    subprocess.Popen(["x"]).wait()  # GOC207
    asyncio.run(coro())  # GOC207
    with lock2:  # GOC207
        pass
    import time as local_time
    local_time.sleep(1)  # GOC207
    nap2 = pytime.sleep
    nap2(1)  # GOC207
    t = threading.Thread(target=f)
    t.join()  # GOC207
    for line in sys.stdin: pass  # GOC207
    with socket.create_connection(("x", 1)) as c:  # GOC207
        c.sendall(b"x")  # GOC207
    with concurrent.futures.ThreadPoolExecutor() as ex:
        ex.submit(f).result()  # GOC207
    time.sleep(1)
    thread.call(nap, 1)
    thread.call(lambda: nap(1))
    lock.acquire(False)
    lock.acquire(blocking=False)
    pytime.sleep(0)
    ev.is_set()
    nap_later = partial(nap, 1)
    threading.Thread(target=lambda: nap(1)).start()
    threading.Thread(target=in_thread).start()
    q.put_nowait(1)
    s.release()
def in_thread():
    nap(1)
def never_started():
    nap(1)
    q.get()
def generator_of_pauses():
    nap(1)  # GOC207
    yield 1
def uses_generator():
    for _ in generator_of_pauses(): pass
def t207(sock: socket.socket, p: Poller):
    nap(1)
    go(blocker, lock)
    go(p.run)
    go(p)
    go(p.polite)
    go(p.nonblocking)
    go(uses_generator)
    go(nap, 1)  # GOC207
    go(lambda: nap(1))  # GOC207
    sync.Once().do(lambda: nap(1))  # GOC207
    go(partial(nap, 1))  # GOC207
    time.after_func(1, partial(pytime.sleep, 1))  # GOC207
    nap(1)  # GOC207
    thread.call(nap, 1)
    thread.call(never_started)
run(t207)
# --- GOC213 ---
class AsyncThing:
    def __init__(self): self.ch = Chan[int](); self.mu = sync.Mutex(); self.full = Chan[int](3)
    async def run(self, wg: Group, rw: sync.RWMutex, eg: errgroup.Group, cond: sync.Cond):
        self.ch.recv()  # GOC213
        self.ch << 1  # GOC213
        self.mu.lock()  # GOC213
        self.mu.unlock()
        wg.wait()  # GOC213
        rw.rlock()  # GOC213
        rw.runlock()
        eg.wait()  # GOC213
        cond.wait()  # GOC213
        time.sleep(1)  # GOC213
        select(recv(self.ch), timeout(1))  # GOC213
        v = [x for x in self.ch]  # GOC213
        w = list(self.ch)  # GOC213
        n = next(self.ch)  # GOC213
        with rw.rlocker():  # GOC213
            pass
        thread.call(f)  # GOC213
        await aio.recv(self.ch)
        await aio.send(self.ch, 1)
        select(recv(self.ch), default)
        self.full.send(1)
        self.full << 1
        await asyncio.to_thread(self.ch.recv)
        wg.add(1); wg.done(); wg.go(f); held = self.mu.try_lock()
        def inner(): self.ch.recv()
        await aio.run(inner)
        await aio.run(lambda: time.sleep(1))
        async for x in aio.each(self.ch): pass
        self.ch.close()
        return v, w, n
