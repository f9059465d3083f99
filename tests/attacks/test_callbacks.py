"""Trace and profile functions and the collector's callbacks that use the engine each time they are called."""

import sys

import pytest
from children import python

PROGRAM = """
    import gc, sys
    from datetime import timedelta
    from gochan import *
    from gochan import aio, net, sync, time

    own = Chan(2)
    calls = 0

    def use(*args):
        global calls
        calls += 1
        own.send(calls)
        select(recv(own), default)
        len(own)
        return use

    def begin(phase, info):
        use()

    def lock_twice(mu):
        for _ in range(2):
            mu.lock()
            mu.unlock()

    def operations():
        ch, buffered, done, mu, wg = Chan(), Chan(1), Chan(9), sync.Mutex(), sync.WaitGroup()
        cond = sync.Cond(mu)
        go(lambda: [ch.send(i) for i in range(3)])
        assert [ch.recv() for _ in range(3)] == [0, 1, 2]
        go(lambda: [ch.recv() for _ in range(2)])
        select(send(ch, 1), recv(buffered))
        ch.send(2)
        go(lambda: time.sleep(1e-4) or buffered.send(1))
        assert select(recv(ch), recv(buffered), timeout(9))[0] == 1
        assert select(recv(ch), timeout(1e-4))[0] == 1
        mu.lock()
        wg.go(lock_twice, mu)
        wg.go(lock_twice, mu)
        time.sleep(1e-4)
        mu.unlock()
        wg.wait()
        go(lambda: time.sleep(1e-4) or cond.broadcast())
        with mu:
            cond.wait()
        go(aio.await_, aio.recv(ch))
        time.sleep(1e-4)
        ch.send(1)
        time.after(1e-4).recv()
        listener = net.listen("tcp", "127.0.0.1:0")
        listener.set_deadline(time.now() + timedelta(milliseconds=1))
        try:
            listener.accept()
        except TimeoutError:
            pass
        listener.close()

    def main():
        START
        try:
            operations()
        finally:
            STOP

    run(main)
    print("ended", calls > 10)
"""

STARTS = {
    "trace": ("sys.settrace(use); sys._getframe().f_trace = use", "sys.settrace(None)"),
    "profile": ("sys.setprofile(use)", "sys.setprofile(None)"),
    "collector": ("gc.callbacks.append(begin); gc.set_threshold(1)", "gc.callbacks.remove(begin)"),
    "monitoring": (
        "m = sys.monitoring; m.use_tool_id(3, 'test'); m.register_callback(3, m.events.LINE, use); "
        "m.set_events(3, m.events.LINE)",
        "m.set_events(3, 0); m.free_tool_id(3)",
    ),
}


@pytest.mark.parametrize("kind", STARTS)
def test_the_engine_is_used_in_each_call(kind: str) -> None:
    if kind == "monitoring" and sys.version_info < (3, 12):
        pytest.skip("sys.monitoring came with Python 3.12")
    start, stop = STARTS[kind]
    python(PROGRAM.replace("START", start).replace("STOP", stop), patience=20).check("ended True\n")
