"""The event loop's part of the idle wait, where a signal handler raises at a chosen point."""

import asyncio
from collections.abc import Callable
from typing import Any

import pytest

from gochan import Chan, Deadlock, aio, run, time
from gochan._engine.program import program


def fail_after(loop: Any, call: int) -> None:
    """Let a handler raise after the loop's next call_at has made its timer, or after the one after that."""
    real: Callable[..., asyncio.TimerHandle] = loop.call_at
    calls: list[asyncio.TimerHandle] = []

    def call_at(*args: Any, **kwargs: Any) -> asyncio.TimerHandle:
        calls.append(real(*args, **kwargs))
        if len(calls) == call:
            loop.call_at = real
            raise ZeroDivisionError
        return calls[-1]

    loop.call_at = call_at


@pytest.mark.parametrize("call", [1, 2])
def test_a_timer_that_the_idle_wait_does_not_know_hides_no_deadlock(call: int) -> None:
    """When it fires, it is not taken for the current one, which would then count as pending in the loop."""

    def main() -> None:
        aio.await_(asyncio.sleep(0))
        shared = program.idle
        # So that the next wait makes both of its timers.
        shared.silence()
        fail_after(shared.loop, call)
        with pytest.raises(ZeroDivisionError):
            time.sleep(0.01)
        with pytest.raises(Deadlock):
            Chan[int]().recv()

    run(main)


def test_what_is_refused_is_not_awaited() -> None:
    """A coroutine is closed, without a warning that it was never awaited; a future is left alone."""

    def main() -> None:
        coroutine = asyncio.sleep(0)
        with pytest.raises(TypeError):
            aio.await_(coroutine, ctx=5)  # type: ignore[arg-type]
        assert coroutine.cr_frame is None
        aio.await_(asyncio.sleep(0))
        future: asyncio.Future[int] = program.idle.loop.create_future()
        with pytest.raises(TypeError):
            aio.await_(future, ctx=5)  # type: ignore[arg-type]
        assert not future.cancelled()
        future.set_result(7)
        assert aio.await_(future) == 7

    run(main)


def test_a_handler_raises_as_the_task_is_made(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*args: Any) -> None:
        raise ZeroDivisionError

    def main() -> None:
        aio.await_(asyncio.sleep(0))
        coroutine = asyncio.sleep(0)
        with monkeypatch.context() as patch:
            program.idle.pool.clear()
            patch.setattr(aio, "new_await", fail)
            with pytest.raises(ZeroDivisionError):
                aio.await_(coroutine)
        assert coroutine.cr_frame is None
        assert aio.await_(asyncio.sleep(0, 7)) == 7

    run(main)
