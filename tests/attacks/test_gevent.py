"""gevent in the same process, with the standard library patched before or after gochan is imported."""

from importlib.util import find_spec

import pytest
from children import python

PROGRAM = """
    from gochan import *
    from gochan import net, sync, thread, time
    from gochan.runtime import gosched

    AFTER

    def main():
        ch, done, wg = Chan(), Chan(3), sync.WaitGroup()
        for _ in range(3):
            go(lambda: done.send(sum(ch)))
        for i in range(100):
            ch.send(i)
        ch.close()
        assert sum(done.recv() for _ in range(3)) == 4950
        for _ in range(10):
            wg.go(time.sleep, 1e-3)
        wg.wait()
        assert select(recv(Chan()), timeout(1e-3))[0] == 1
        assert thread.call(lambda: 7) == 7
        listener = net.listen("tcp", "127.0.0.1:0")
        go(lambda: listener.accept().write(b"abc"))
        conn = net.dial("tcp", "127.0.0.1:" + str(listener.addr()).rpartition(":")[2])
        assert conn.read(3) == b"abc"
        conn.close()
        listener.close()
        assert net.lookup_host("localhost")

    def with_greenlets():
        import gevent
        ch = Chan(2)

        def wait():
            gevent.sleep(1e-3)
            ch.send(1)

        go(wait)
        assert ch.recv() == 1
        gevent.spawn(ch.send, 2).join()
        gevent.spawn(go, ch.send, 3).join()
        assert ch.recv() + ch.recv() == 5
        # A greenlet of gevent's cannot wait for goroutines.
        refused = gevent.spawn(Chan().recv)
        refused.join()
        assert "a blocking call in a greenlet that is not a goroutine's" in str(refused.exception)

    run(main)
    main()
    if USES_GEVENT:
        run(with_greenlets)
        with_greenlets()
        gevent.spawn(run, gosched).join()
    run(main)
    print("ok")
"""

# Replaces some of what gevent replaces, by functions that tell greenlets apart, or that fail.
REPLACED = """
import _thread, queue, sys, time, types
from greenlet import getcurrent

originals = {}

def replace(module, name, fn):
    originals[module.__name__, name] = getattr(module, name)
    setattr(module, name, fn)

def fail(*args):
    raise AssertionError(f"called with {args}")

monkey = types.ModuleType("gevent.monkey")
monkey.get_original = lambda module, name: originals.get((module, name)) or getattr(sys.modules[module], name)
sys.modules["gevent.monkey"] = monkey
replace(_thread, "get_ident", lambda: id(getcurrent()))
replace(_thread, "start_new_thread", fail)
replace(time, "sleep", fail)
import threading
"""
PATCHED = "from gevent import monkey; monkey.patch_all(); import gevent"


@pytest.mark.parametrize("order", ["before", "after", "not at all"])
def test_gevent(order: str) -> None:
    if find_spec("gevent") is None:
        pytest.skip("gevent is not installed")
    statement = "import gevent" if order == "not at all" else PATCHED
    program = PROGRAM.replace("USES_GEVENT", "True").replace("AFTER", statement if order != "before" else "")
    child = python(program if order != "before" else f"    {PATCHED}\n{program}")
    child.check("ok\n")


def test_what_gevent_replaces_is_not_used() -> None:
    program = PROGRAM.replace("USES_GEVENT", "False").replace("AFTER", "")
    lines = "\n".join(f"    {line}" for line in REPLACED.splitlines())
    python(lines + program).check("ok\n")
