"""Beside an asyncio loop in the same thread."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from servers import echo, every_poller, pair, serve, settle

from gochan import Chan, Deadlock, aio, go, net, run, time

FACTORIES: list[Callable[[], asyncio.AbstractEventLoop]] = [asyncio.new_event_loop]
try:
    import uvloop
except ImportError:
    pass
else:
    FACTORIES.append(uvloop.new_event_loop)

loops = pytest.mark.parametrize("factory", FACTORIES, ids=["asyncio", "uvloop"][: len(FACTORIES)])


def use_both() -> str:
    """Serve in goroutines, and talk to it from goroutines and from tasks."""
    with net.listen("tcp", "127.0.0.1:0") as listener:
        serve(listener, echo)
        address = str(listener.addr())
        host, port = net.split_host_port(address)
        got: list[bytes] = []

        def client() -> None:
            with net.dial("tcp", address) as conn:
                for i in range(20):
                    conn.write(b"%d" % i)
                    got.append(conn.read())

        async def task() -> bytes:
            reader, writer = await asyncio.open_connection(host, int(port))
            data = b""
            for i in range(20):
                writer.write(b"%d" % i)
                data += await reader.read(10)
            writer.close()
            await writer.wait_closed()
            return data

        go(client)
        assert aio.await_(task()) == b"".join(b"%d" % i for i in range(20))
        while len(got) < 20:
            settle()
        with net.dial("tcp", address) as conn:
            conn.set_read_deadline(time.now() + timedelta(seconds=0.005))
            with pytest.raises(TimeoutError):
                conn.read()
        settle()
    return "done"


@loops
@every_poller
def test_await(poller: str, factory: Any) -> None:
    aio.set_loop_factory(factory)
    try:
        assert run(use_both) == "done"
    finally:
        aio.set_loop_factory(None)


@loops
@every_poller
def test_run(poller: str, factory: Any) -> None:
    loop = factory()
    try:
        for _ in range(2):
            assert loop.run_until_complete(aio.run(use_both)) == "done"
        # Nothing of it is left in the loop.
        loop.run_until_complete(asyncio.sleep(0.001))
    finally:
        loop.close()


@every_poller
def test_a_loop_that_comes_while_something_waits(poller: str) -> None:
    def main() -> None:
        a, b = pair()
        with a, b:
            got = Chan[bytes](1)
            go(lambda: got << b.read())
            settle()
            go(lambda: (time.sleep(0.002), a.write(b"x")))
            aio.await_(asyncio.sleep(0.01))
            assert got.recv() == b"x"
            go(lambda: got << b.read())
            settle()
            a.write(b"y")
            assert got.recv() == b"y"

    run(main)
    run(main)


def test_a_deadlock_beside_a_loop() -> None:
    def main() -> None:
        a, b = pair()
        with a, b:
            aio.await_(asyncio.sleep(0.001))
            a.write(b"x")
            assert b.read() == b"x"
            Chan[int]().recv()

    with pytest.raises(Deadlock):
        run(main)
