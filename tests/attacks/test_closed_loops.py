"""An event loop that is stopped and closed while aio.run's program runs in it: the next program begins all the same."""

import asyncio
from collections.abc import Callable
from contextlib import suppress

import pytest

from gochan import Chan, aio, go, run, time

ended: list[str] = []


def block(blocks: Chan[None]) -> None:
    try:
        blocks.close()
        Chan[int]().recv()
    finally:
        ended.append("goroutine")


def sleep() -> None:
    time.sleep(3600)


def receive() -> None:
    ch = Chan[int]()
    time.after_func(3600, lambda: ch.send(1))
    ch.recv()


def await_() -> None:
    aio.await_(asyncio.sleep(3600))


def raise_at_the_end() -> None:
    try:
        time.sleep(3600)
    finally:
        raise ValueError


def block_at_the_end() -> None:
    try:
        time.sleep(3600)
    finally:
        Chan[int]().recv()


WAITS = (sleep, receive, await_, raise_at_the_end, block_at_the_end)


def program(wait: Callable[[], None], loop: asyncio.AbstractEventLoop) -> None:
    blocks = Chan[None]()
    go(block, blocks)
    blocks.recv()
    loop.call_soon_threadsafe(loop.stop)
    try:
        wait()
    finally:
        ended.append("main")


def exchange() -> int:
    ch = Chan[int]()
    go(ch.send, 1)
    time.sleep(1e-6)
    return ch.recv()


NEXT: dict[str, Callable[[], int]] = {
    "run": lambda: run(exchange),
    "aio.run": lambda: asyncio.run(aio.run(exchange)),
}


@pytest.mark.parametrize("begin", NEXT)
@pytest.mark.parametrize("wait", WAITS, ids=lambda wait: wait.__name__)
@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
def test_a_loop_that_is_closed_too_early(wait: Callable[[], None], begin: str) -> None:
    ended.clear()
    loop = asyncio.new_event_loop()
    with pytest.raises(RuntimeError, match="Event loop stopped before Future completed"):
        loop.run_until_complete(aio.run(program, wait, loop))
    loop.close()
    assert NEXT[begin]() == 1
    assert ended == ["main", "goroutine"]
    with suppress(RuntimeError):
        asyncio.get_running_loop()
        raise AssertionError("a loop is still said to run")
    assert run(exchange) == 1
