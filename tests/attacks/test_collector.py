"""The objects that the collector knows while goroutines and threads wait: reading all of them crashes nothing."""

from children import python

PROGRAM = """
    import gc, sys, threading
    from gochan import *
    from gochan import aio, net, sync, synctest, thread, time
    from gochan._engine.impl import sched
    from gochan.runtime import gosched

    def read(o):
        if isinstance(o, (tuple, list)):
            for item in o:
                type(item)
        elif isinstance(o, dict):
            for item in o.items():
                type(item[1])
        elif (type(o).__module__ or "").startswith("gochan") and not isinstance(o, type):
            repr(o)
            for name in dir(type(o)):
                try:
                    getattr(o, name)
                except Exception:
                    pass

    def cond_wait(cond):
        with cond.l:
            cond.wait()

    def main():
        ch, mu, rw, wg, cond = Chan(), sync.Mutex(), sync.RWMutex(), sync.WaitGroup(), sync.Cond(sync.Mutex())
        mu.lock()
        rw.lock()
        wg.add(1)
        waits = [
            (ch.recv,), (ch.recv_ok,), (next, ch), (list, ch), (Chan().send, 1), (Chan().__lshift__, 1),
            (select, recv(ch), recv(ch), timeout(9)), (select, recv(time.after(9))), (select, send(Chan(), 1)),
            (time.sleep, 9), (mu.lock,), (rw.lock,), (rw.rlock,), (wg.wait,), (cond_wait, cond),
            (synctest.test, ch.recv_ok), (select,), (aio.await_, aio.recv(ch)), (aio.await_, aio.recv_ok(ch)),
            (thread.call, ch.recv_ok), (time.new_ticker(9).c.recv_ok,), (net.pipe()[0].read, 1),
        ]
        for fn, *args in waits:
            go(fn, *args)
        threads = [threading.Thread(target=fn, daemon=True) for fn in (ch.recv_ok, Chan().recv_ok, wg.wait)]
        for t in threads:
            t.start()
        while len(sched.threads()) < len(threads) + 1:
            time.sleep(1e-3)
        for o in gc.get_objects():
            read(o)
            for referred in gc.get_referents(o):
                read(referred)
        for o in gc.get_referrers(ch, mu, wg, main):
            read(o)
        for i in range(3):
            ch.send(i)
            gosched()
        print("read")

    run(main)
"""


def test_everything_is_read() -> None:
    python(PROGRAM).check("read\n")
