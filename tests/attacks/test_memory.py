"""The address space is exhausted: what cannot run is reported, and no goroutine is lost."""

import sys

import pytest
from children import python

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="RLIMIT_AS limits the address space on Linux")

PROGRAM = """
    import resource
    from gochan import *
    from gochan.runtime import gosched

    def limit(more=None):
        size = resource.RLIM_INFINITY
        if more is not None:
            with open("/proc/self/statm") as statm:
                size = int(statm.read().split()[0]) * resource.getpagesize() + more
        resource.setrlimit(resource.RLIMIT_AS, (size, resource.RLIM_INFINITY))

    def main(more):
        gate, done = Chan(), Chan(1_000_000)
        started = 0

        def work(i):
            gate.recv()
            done.send(i)

        for started in range(1, 101):
            go(work, started)
        gosched()
        limit(more)
        try:
            while True:
                go(work, started + 1)
                started += 1
                if started % 100 == 0:
                    gosched()
        except MemoryError:
            pass
        finally:
            limit()
        gate.close()
        assert sorted(done.recv() for _ in range(started)) == list(range(1, started + 1))

    for more in range(2, 8):
        try:
            run(main, more << 20)
        except MemoryError:
            pass
        print("ended", flush=True)
    print(run(lambda: "another program"))
"""


def test_greenlets_cannot_start() -> None:
    """Either `go` or `gosched` raises in main, or the MemoryError of a goroutine ends the program."""
    child = python(PROGRAM)
    if "greenlet: Failed low-level slp_switch" in child.err:
        pytest.skip("greenlet itself has ended the process: it could not copy a stack")
    child.check("ended\n" * 6 + "another program\n")
