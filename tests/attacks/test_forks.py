"""A forked child has copies of the parent's objects: what waits in them, and their timers, are the parent's."""

import os

import pytest
from children import python

pytestmark = pytest.mark.skipif(not hasattr(os, "fork"), reason="no fork")

PROGRAM = """
    import os, signal, sys, threading, time as clock, traceback, warnings
    from functools import partial
    from gochan import *
    from gochan import aio, sync, thread, time
    from gochan.runtime import gosched

    # A fork beside another thread.
    warnings.simplefilter("ignore", DeprecationWarning)

    def waits(fn, *args):
        def waiter():
            fn(*args)
            ran.append(fn)
        go(waiter)
        gosched()

    def in_child(name, fn):
        sys.stdout.flush()
        pid = os.fork()
        if pid == 0:
            signal.alarm(20)
            try:
                fn()
                # Whatever was made ready runs.
                time.sleep(1e-3)
                for _ in range(5):
                    gosched()
                assert ran == [], ran
                print(name, flush=True)
            except BaseException:
                traceback.print_exc()
            finally:
                os._exit(0)
        os.waitpid(pid, 0)

    def sees(*cases):
        assert select(*cases, default)[0] == len(cases)

    def woken(wake, wait, *args):
        \"\"\"Of the waiters, a goroutine of the child's is woken.\"\"\"
        go(lambda: [wait(*args), told.send(1)])
        gosched()
        wake()
        gosched()
        assert told.recv() == 1

    def cond_wait():
        with cond.l:
            cond.wait()

    def in_thread(fn, *args):
        threading.Thread(target=fn, args=args, daemon=True).start()
        thread.call(clock.sleep, 0.05)

    def main(name, waits, uses):
        global ran, ch, full, told, mu, rw, wg, cond
        ran, ch, full, told = [], Chan(), Chan(1), Chan(1)
        full.send(0)
        mu, rw, wg, cond = sync.Mutex(), sync.RWMutex(), sync.WaitGroup(), sync.Cond(sync.Mutex())
        exec(waits, globals())
        in_child(name, partial(exec, uses, globals()))

    for name, row in ROWS.items():
        # A task and a thread end with an exception when the program does.
        sys.stderr.flush()
        run(main, name, *row)
"""

# What waits in the parent, and what the child does with it.
WAITERS = {
    "receive": ("waits(ch.recv)", "sees(send(ch, 1)); woken(lambda: ch.send(1), ch.recv)"),
    "send": ("waits(ch.send, 1)", "sees(recv(ch)); woken(ch.recv, ch.send, 2)"),
    "send to a full buffer": ("waits(full.send, 1)", "assert full.recv() == 0; sees(recv(full))"),
    "select": ("waits(select, recv(ch), send(full, 1))", "sees(send(ch, 1)); full.recv(); sees(recv(full))"),
    "close": ("waits(ch.recv)", "ch.close(); assert ch.recv_ok() == (None, False)"),
    "a thread": ("in_thread(ch.recv)", "sees(send(ch, 1)); woken(lambda: ch.send(1), ch.recv)"),
    "a task": (
        "go(aio.await_, aio.recv(ch)); time.sleep(1e-3)",
        "sees(send(ch, 1)); woken(lambda: ch.send(1), ch.recv)",
    ),
    "mutex": ("mu.lock(); waits(mu.lock)", "mu.unlock(); mu.lock(); woken(mu.unlock, mu.lock)"),
    "starved mutex": (
        "mu.lock(); waits(mu.lock); clock.sleep(2e-3); mu.unlock(); mu.lock(); gosched()",
        "mu.unlock(); mu.lock(); woken(mu.unlock, mu.lock)",
    ),
    "read-write mutex, a writer": (
        "rw.rlock(); waits(rw.lock)",
        "assert rw.try_rlock(); rw.runlock(); rw.runlock(); rw.lock(); assert not rw.try_rlock(); "
        "woken(rw.unlock, rw.rlock); woken(rw.runlock, rw.lock)",
    ),
    "read-write mutex, readers": (
        "rw.lock(); waits(rw.rlock); waits(rw.rlock)",
        "assert not rw.try_rlock(); rw.unlock(); rw.lock(); woken(rw.unlock, rw.rlock); woken(rw.runlock, rw.lock)",
    ),
    "read-write mutex, both": (
        "rw.rlock(); waits(rw.lock); waits(rw.rlock); waits(rw.lock)",
        "assert not rw.try_lock(); rw.runlock(); rw.lock(); woken(rw.unlock, rw.lock)",
    ),
    "read-write mutex, a woken writer": (
        "rw.rlock(); waits(rw.lock); rw.runlock()",
        "rw.lock(); woken(rw.unlock, rw.rlock); woken(rw.runlock, rw.lock)",
    ),
    "read-write mutex, woken readers": (
        "rw.lock(); waits(rw.rlock); waits(rw.rlock); rw.unlock()",
        "rw.lock(); woken(rw.unlock, rw.rlock); woken(rw.runlock, rw.lock)",
    ),
    "read-write mutex, held": (
        "rw.lock(); waits(rw.lock)",
        "assert not rw.try_rlock(); assert not rw.try_lock(); rw.unlock(); rw.lock(); woken(rw.unlock, rw.rlock)",
    ),
    "wait group": ("wg.add(1); waits(wg.wait)", "wg.done(); wg.wait()"),
    "wait group, used again": (
        "wg.add(1); waits(wg.wait); waits(wg.wait)",
        "wg.done(); wg.wait(); wg.add(1); woken(wg.done, wg.wait); wg.add(1); woken(wg.done, wg.wait)",
    ),
    "wait group, woken": (
        "wg.add(1); waits(wg.wait); wg.done()",
        "wg.wait(); wg.add(1); woken(wg.done, wg.wait); wg.add(1); woken(wg.done, wg.wait)",
    ),
    "signal": ("waits(cond_wait)", "woken(cond.signal, cond_wait)"),
    "broadcast": ("waits(cond_wait)", "woken(cond.broadcast, cond_wait)"),
    "sleep": ("waits(time.sleep, 0.1)", "time.sleep(0.12)"),
    "timer": ("t = time.new_timer(0.1); waits(t.c.recv)", "t.c.recv(); t.reset(1e-4); t.c.recv(); t.stop()"),
    "stopped ticker": (
        "t = time.new_ticker(9); t.stop(); waits(t.c.recv)",
        "t.reset(1e-4); t.c.recv(); t.c.recv(); t.stop()",
    ),
    "ticker": ("t = time.new_ticker(0.1); waits(t.c.recv)", "t.c.recv(); t.reset(1e-3); t.c.recv()"),
    "timeout": ("waits(select, recv(ch), timeout(0.1))", "time.sleep(0.12); sees(send(ch, 1))"),
    "func": ("t = time.after_func(0.1, lambda: ran.append(1))", "time.sleep(0.12); t.stop()"),
    "func, reset": (
        "t = time.after_func(9, lambda: told.send(1)); more = [time.after_func(9, int) for _ in range(9)]",
        "time.sleep(1e-4); more.clear(); t.reset(1e-4); told.recv()",
    ),
}


# A ticker that no goroutine of the child's waits for hides no deadlock.
for name in "ticker", "stopped ticker":
    WAITERS[f"{name}, deadlock"] = (
        WAITERS[name][0],
        "t.reset(1e-4)\ntry:\n    ch.recv()\nexcept Deadlock:\n    pass",
    )


def test_what_waits_in_the_parent() -> None:
    """It gets nothing in the child, gives nothing, and does not run; the child's own waiters do."""
    child = python(PROGRAM.replace("ROWS", repr(WAITERS)))
    child.check()
    assert child.out.splitlines() == list(WAITERS), str(child)
