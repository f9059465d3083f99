"""asyncio from goroutines, goroutines and channels from asyncio."""

import ast
import asyncio
import contextvars
import gc
import os
import random
import signal
import sys
import threading
import time
import weakref
from asyncio import events
from collections.abc import AsyncIterator, Awaitable, Callable, Coroutine, Iterator
from pathlib import Path
from time import monotonic, perf_counter
from typing import Any

import pytest

from gochan import (
    Chan,
    Deadlock,
    Panic,
    aio,
    close,
    context,
    default,
    defer,
    defers,
    go,
    panic,
    recover,
    recv,
    run,
    select,
    send,
    thread,
    timeout,
)
from gochan import signal as gosignal
from gochan import sync as gosync
from gochan import time as gotime
from gochan._engine.impl import sched
from gochan._engine.netpoll import IdleSleep
from gochan._engine.program import program as running
from gochan.aio import _loop
from gochan.runtime import goexit, gosched, num_goroutine, stack

try:
    import uvloop
except ImportError:
    uvloop = None  # type: ignore[assignment]

BACKGROUND = context.background()


@pytest.fixture(autouse=True)
def nothing_is_left() -> Iterator[None]:
    """Each program gives back the idle wait that it changed, and all that it waited for."""
    yield
    assert sched.main is None
    assert type(running.idle) is IdleSleep
    assert not sched.shared
    assert running.wakers == 0
    assert events._get_running_loop() is None


@pytest.fixture(autouse=True, scope="module")
def nothing_complains() -> Iterator[None]:
    """Of a loop that was never closed, or a coroutine that was never awaited."""
    yield
    gc.collect()


async def soon(value: Any = None, turns: int = 3) -> Any:
    """Return value after some iterations of the loop."""
    for _ in range(turns):
        await asyncio.sleep(0)
    return value


async def fail(error: BaseException, turns: int = 0) -> None:
    await soon(turns=turns)
    raise error


async def forever(log: list[str] | None = None) -> None:
    """Wait for what never comes; log how it ended."""
    try:
        await asyncio.get_running_loop().create_future()
    except BaseException as e:
        if log is not None:
            log.append(type(e).__name__)
        raise


def let_the_loop_run() -> None:
    """Wait until all goroutines have run, and then a few iterations of the loop."""
    gosched()
    aio.await_(soon())


# --- await_ ------------------------------------------------------------------------------------------------


class Thing:
    """Awaitable, and no coroutine."""

    def __await__(self) -> Any:
        return (yield from soon("thing").__await__())


async def made(make: Callable[[], Any]) -> Any:
    """Call make in the loop, and await what it gives."""
    return await make()


@pytest.mark.parametrize(
    ("make", "result"),
    [
        (lambda: soon(1, 0), 1),
        (lambda: soon(2, 1), 2),
        (lambda: soon(3, 50), 3),
        (lambda: asyncio.sleep(0.002, 4), 4),
        (Thing, "thing"),
        (lambda: made(lambda: asyncio.gather(soon(5), soon(6, 0), asyncio.sleep(0.001, 7))), [5, 6, 7]),
        (lambda: made(lambda: asyncio.wait_for(soon(8), 1)), 8),
        (lambda: made(lambda: asyncio.to_thread(pow, 3, 2)), 9),
    ],
    ids=["ready", "one turn", "many turns", "sleep", "awaitable", "gather", "wait_for", "to_thread"],
)
def test_await(make: Callable[[], Awaitable[Any]], result: Any) -> None:
    def main() -> list[Any]:
        results = [aio.await_(make()), aio.await_(make())]
        ch = Chan[Any]()
        go(lambda: ch.send(aio.await_(make())))
        return [*results, ch.recv()]

    assert run(main) == [result] * 3


def test_await_a_future_and_a_task() -> None:
    def main() -> list[Any]:
        async def both() -> tuple[asyncio.Future[int], asyncio.Task[int]]:
            loop = asyncio.get_running_loop()
            future: asyncio.Future[int] = loop.create_future()
            loop.call_later(0.001, future.set_result, 1)
            return future, asyncio.create_task(soon(2))

        future, task = aio.await_(both())
        got = [aio.await_(task), aio.await_(future)]
        # Both are done now, and can be asked again.
        return [*got, aio.await_(task), aio.await_(future)]

    assert run(main) == [2, 1, 2, 1]


def test_many_goroutines_await_one_task() -> None:
    def main() -> list[int]:
        async def start() -> asyncio.Task[int]:
            return asyncio.create_task(soon(7))

        task = aio.await_(start())
        out = Chan[int](5)
        for _ in range(5):
            go(lambda: out.send(aio.await_(task)))
        return [out.recv() for _ in range(5)]

    assert run(main) == [7] * 5


@pytest.mark.parametrize("turns", [0, 3])
def test_what_it_raises(turns: int) -> None:
    """With the traceback, from the goroutine's line into the coroutine's."""
    error = ZeroDivisionError("here")

    def main() -> None:
        with pytest.raises(ZeroDivisionError, match="here") as e:
            aio.await_(fail(error, turns))
        assert e.value is error
        names = [entry.name for entry in e.traceback]
        assert names[0] == "main"
        assert names[-1] == "fail"
        aio.await_(fail(error, turns))

    with pytest.raises(ZeroDivisionError) as e:
        run(main)
    assert e.value is error


def test_what_leaves_a_goroutine_ends_the_program() -> None:
    def main() -> None:
        go(lambda: aio.await_(fail(KeyError("lost"))))
        aio.await_(forever())

    with pytest.raises(KeyError, match="lost") as e:
        run(main)
    assert e.value.__notes__[0].startswith("in goroutine 2, created by goroutine 1 at")


@pytest.mark.gochan
def test_a_task_that_other_code_cancels() -> None:
    async def start() -> asyncio.Task[None]:
        task = asyncio.create_task(forever())
        asyncio.get_running_loop().call_later(0.001, task.cancel, "enough")
        return task

    task = aio.await_(start())
    with pytest.raises(asyncio.CancelledError, match="enough"):
        aio.await_(task)
    with pytest.raises(asyncio.CancelledError):
        aio.await_(task)


@pytest.mark.gochan
def test_a_context_that_ends() -> None:
    log: list[str] = []
    started: list[bool] = []

    async def start() -> None:
        started.append(True)
        await forever(log)

    limit = 0.005
    while True:
        begin = monotonic()
        with context.with_timeout(BACKGROUND, limit) as ctx, pytest.raises(context.DeadlineExceeded):
            aio.await_(start(), ctx)
        if started:
            break
        # On a busy machine the time was over before the coroutine's first step.
        limit *= 2
    assert monotonic() - begin >= limit
    assert log == []
    let_the_loop_run()
    assert log == ["CancelledError"]
    ctx, cancel = context.with_cancel(BACKGROUND)
    go(lambda: (let_the_loop_run(), cancel()))
    with pytest.raises(context.Canceled):
        aio.await_(forever(log), ctx)
    let_the_loop_run()
    assert log == ["CancelledError"] * 2


@pytest.mark.gochan
def test_a_context_that_has_ended_starts_nothing() -> None:
    log: list[str] = []
    ctx, cancel = context.with_cancel(BACKGROUND)
    cancel()
    with pytest.raises(context.Canceled):
        aio.await_(forever(log), ctx)
    let_the_loop_run()
    assert log == []


def test_a_context_that_lasts() -> None:
    def main() -> list[Any]:
        with context.with_timeout(BACKGROUND, 60) as ctx:
            return [aio.await_(soon(i, i), ctx) for i in range(3)] + [aio.await_(soon(3), BACKGROUND)]

    assert run(main) == [0, 1, 2, 3]


def test_the_end_of_the_program_cancels_its_tasks() -> None:
    """And lets them finish: what they do when cancelled is done when run returns."""
    log: list[str] = []

    async def slow_to_go() -> None:
        try:
            await forever()
        finally:
            await asyncio.sleep(0.002)
            log.append("finished")

    async def in_the_background() -> set[asyncio.Task[None]]:
        return {asyncio.create_task(slow_to_go())}

    def main() -> str:
        go(lambda: aio.await_(slow_to_go()))
        kept.update(aio.await_(in_the_background()))
        let_the_loop_run()
        return f"main {len(kept)}"

    # The loop itself does not keep a task.
    kept: set[asyncio.Task[None]] = set()
    assert run(main) == "main 1"
    assert log == ["finished"] * 2


def test_a_task_that_fails_as_it_is_cancelled_is_reported(caplog: pytest.LogCaptureFixture) -> None:
    async def stubborn() -> None:
        try:
            await forever()
        except asyncio.CancelledError:
            raise OSError("no way") from None

    def main() -> None:
        go(lambda: aio.await_(stubborn()))
        let_the_loop_run()

    run(main)
    assert "a task raised an exception as it was cancelled at the program's end" in caplog.text
    assert "OSError: no way" in caplog.text


def test_a_goroutine_that_is_unwound_cannot_await_again() -> None:
    log: list[str] = []

    def worker() -> None:
        try:
            aio.await_(forever())
        finally:
            try:
                # Not awaited, and no warning says so.
                aio.await_(soon())
            finally:
                log.append("unwound")

    def main() -> None:
        go(worker)
        let_the_loop_run()

    run(main)
    assert log == ["unwound"]


def test_a_task_that_is_cancelled_before_it_begins() -> None:
    """Whoever cancels all tasks of the loop cancels one that await_ has just created, too."""

    def main() -> list[str]:
        log: list[str] = []

        async def cancel_all() -> None:
            for task in asyncio.all_tasks() - {asyncio.current_task()}:
                task.cancel()

        def wait() -> None:
            try:
                # Not awaited, and no warning says so.
                aio.await_(soon())
            except asyncio.CancelledError:
                log.append("cancelled")

        let_the_loop_run()
        # Both tasks are created before the loop runs again.
        wg = gosync.WaitGroup()
        wg.go(lambda: aio.await_(cancel_all()))
        wg.go(wait)
        begin = monotonic()
        wg.wait()
        assert monotonic() - begin < 10
        return log

    assert run(main) == ["cancelled"]


@pytest.mark.parametrize(
    "make", [soon, lambda i: running.idle.loop.create_task(soon(i))], ids=["coroutine", "task"]
)
def test_a_handler_that_raises_where_the_goroutine_is_to_be_woken(
    make: Callable[[int], Awaitable[int]], monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """The goroutine goes on a little later, and the loop reports what was raised."""

    class Handler:
        """Raises once, as a signal handler can anywhere."""

        raised = False

        def __setattr__(self, name: str, value: Any) -> None:
            if name == "hub_asleep" and not Handler.raised:
                Handler.raised = True
                raise OSError("from a handler")
            setattr(sched, name, value)

        def __getattr__(self, name: str) -> Any:
            return getattr(sched, name)

    def main() -> list[int]:
        let_the_loop_run()
        waits = [make(i) for i in range(2)]
        for module in (aio, _loop):
            monkeypatch.setattr(module, "sched", Handler())
        return [aio.await_(each) for each in waits]

    assert run(main) == [0, 1]
    assert Handler.raised
    assert "OSError: from a handler" in caplog.text


@pytest.mark.parametrize("turns", [0, 2])
def test_a_handler_that_raises_where_the_loop_is_to_let_the_goroutine_run(
    turns: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    kick = _loop.SharedLoop.kick
    raised: list[str] = []

    def fail_once(self: Any) -> None:
        if not raised:
            raised.append("once")
            raise OSError("from a handler")
        kick(self)

    def main() -> list[int]:
        monkeypatch.setattr(_loop.SharedLoop, "kick", fail_once)
        return [aio.await_(soon(i, turns)) for i in range(3)]

    assert run(main) == [0, 1, 2]
    assert raised


def test_a_task_factory() -> None:
    """It makes the tasks; asyncio's eager one does not run a coroutine in the goroutine."""
    made: list[str] = []

    def factory(loop: asyncio.AbstractEventLoop, coro: Any, **options: Any) -> asyncio.Task[Any]:
        made.append("task")
        return asyncio.Task(coro, loop=loop, **options)

    async def loop_of_the_caller() -> asyncio.AbstractEventLoop:
        return asyncio.get_running_loop()

    async def main(factory: Any) -> None:
        loop = asyncio.get_running_loop()
        loop.set_task_factory(factory)
        assert await aio.run(lambda: aio.await_(loop_of_the_caller())) is loop

    asyncio.run(main(factory))
    # The rest are those with which asyncio.run closes the loop.
    assert made[:1] == ["task"]
    if hasattr(asyncio, "eager_task_factory"):
        asyncio.run(main(asyncio.eager_task_factory))


@pytest.mark.gochan
def test_contextvars() -> None:
    """A coroutine sees what the goroutine set, and keeps what it sets itself to itself."""
    var = contextvars.ContextVar("var", default="none")

    async def look() -> str:
        seen = var.get()
        var.set("inner")
        await asyncio.sleep(0)
        return seen + var.get()

    out = Chan[str]()
    for name in ("a", "b"):

        @go
        def _(name: str = name) -> None:
            var.set(name)
            gosched()
            out.send(aio.await_(look()) + var.get())

    assert sorted([out.recv(), out.recv()]) == ["ainnera", "binnerb"]
    assert aio.await_(look()) + var.get() == "noneinnernone"


@pytest.mark.gochan
def test_no_loop_counts_as_running_in_a_goroutine() -> None:
    """So that a library which asks runs its own, as asyncio.run does here."""
    let_the_loop_run()
    with pytest.raises(RuntimeError, match="no running event loop"):
        asyncio.get_running_loop()
    assert asyncio.run(soon(1)) == 1
    assert aio.await_(soon(2)) == 2


@pytest.mark.parametrize("what", [None, 3, len, "soon", [soon]])
def test_a_non_awaitable_is_refused(what: Any) -> None:
    with pytest.raises(TypeError, match=r"^aio.await_: .* is not awaitable; give a coroutine, a future or"):
        run(aio.await_, what)


def test_a_non_context_is_refused() -> None:
    with pytest.raises(TypeError, match=r"^aio.await_: 3 is not a context; give context\.background"):
        run(lambda: aio.await_(soon(), 3))  # type: ignore[arg-type]


def test_in_another_thread() -> None:
    errors: list[BaseException] = []

    def use() -> None:
        try:
            aio.await_(soon())
        except RuntimeError as e:
            errors.append(e)

    def main() -> None:
        let_the_loop_run()
        other = threading.Thread(target=use)
        other.start()
        other.join()

    run(main)
    assert "a thread that is not the runtime's" in str(errors[0])


def test_in_a_thread_whose_loop_runs() -> None:
    """A program that runs in the middle of a task has no thread to share."""

    async def task() -> str:
        with pytest.raises(RuntimeError, match=r"start the program in it with `await aio.run\(main\)`"):
            run(aio.await_, soon())
        assert asyncio.get_running_loop().is_running()
        return run(lambda: "works")

    assert asyncio.run(task()) == "works"


@pytest.mark.gochan
def test_a_coroutine_cannot_wait_as_a_goroutine_does() -> None:
    ch = Chan[int]()

    async def wrong() -> list[str]:
        errors = []
        for f in (ch.recv, lambda: ch.send(1), lambda: select(recv(ch)), gosched, lambda: aio.await_(soon())):
            with pytest.raises(RuntimeError) as e:
                f()
            errors.append(str(e.value))
        return errors

    errors = aio.await_(wrong())
    assert set(errors) == {
        "a blocking call in an asyncio task or callback; there it is `await aio.recv(ch)`, aio.send or "
        "aio.select"
    }


def test_without_run() -> None:
    """As in a notebook: the first call that waits makes the calling code the main goroutine."""
    assert aio.await_(soon(1)) == 1
    out = Chan[int]()
    go(lambda: out.send(aio.await_(soon(2))))
    assert out.recv() == 2
    run(lambda: None)


def test_several_programs_each_with_its_loop() -> None:
    async def this() -> asyncio.AbstractEventLoop:
        return asyncio.get_running_loop()

    loops = [run(lambda: aio.await_(this())) for _ in range(3)]
    assert len(set(loops)) == 3
    assert all(loop.is_closed() for loop in loops)
    with pytest.raises(ZeroDivisionError):
        run(lambda: aio.await_(this()) and 1 // 0)
    assert run(lambda: aio.await_(soon(4))) == 4
    assert asyncio.run(soon(5)) == 5


@pytest.mark.gochan
def test_a_program_that_awaits_nothing_makes_no_loop() -> None:
    out = Chan[int]()
    go(out.send, 1)
    out.recv()
    assert type(running.idle) is IdleSleep


@pytest.mark.gochan
def test_nothing_is_kept() -> None:
    """Neither the result nor the coroutine of what was awaited."""

    class Big:
        pass

    async def big() -> Big:
        return Big()

    result = weakref.ref(aio.await_(big()))
    let_the_loop_run()
    gc.collect()
    assert result() is None


def test_ten_thousand_sleeps_at_once() -> None:
    def main() -> float:
        wg = gosync.WaitGroup()
        begin = perf_counter()
        for _ in range(10_000):
            wg.go(lambda: aio.await_(asyncio.sleep(1)))
        wg.wait()
        return perf_counter() - begin

    # 2 s on a machine that has nothing else to do; one after another they would take hours.
    assert 1 <= run(main) < 100


# --- the loop ----------------------------------------------------------------------------------------------


@pytest.fixture
def factory() -> Iterator[Callable[[Any], None]]:
    yield aio.set_loop_factory
    aio.set_loop_factory(None)


def test_a_loop_factory(factory: Callable[[Any], None]) -> None:
    made: list[asyncio.AbstractEventLoop] = []

    class Loop(asyncio.SelectorEventLoop):
        def __init__(self) -> None:
            super().__init__()
            made.append(self)

    factory(Loop)
    assert run(lambda: aio.await_(soon(1))) == 1
    assert len(made) == 1
    assert made[0].is_closed()
    factory(None)
    assert run(lambda: aio.await_(soon(1))) == 1
    assert len(made) == 1


def test_a_non_factory_is_refused() -> None:
    with pytest.raises(TypeError, match=r"^aio.set_loop_factory: 3 is not callable; give a function that"):
        aio.set_loop_factory(3)  # type: ignore[arg-type]


@pytest.mark.skipif(uvloop is None, reason="uvloop is not installed")
def test_uvloop(factory: Callable[[Any], None]) -> None:
    """All of it on a loop that is not asyncio's."""
    factory(uvloop.new_event_loop)

    def main() -> None:
        async def this() -> asyncio.AbstractEventLoop:
            return asyncio.get_running_loop()

        assert isinstance(aio.await_(this()), uvloop.Loop)
        with context.with_timeout(BACKGROUND, 0.005) as ctx, pytest.raises(context.DeadlineExceeded):
            aio.await_(forever(), ctx)
        wg = gosync.WaitGroup()
        for _ in range(100):
            wg.go(lambda: aio.await_(asyncio.sleep(0.002)))
        wg.wait()
        assert aio.await_(echo(b"over a socket")) == b"over a socket"
        assert thread.call(pow, 2, 5) == 32
        gotime.sleep(0.002)
        assert ping_pong_until(sleeps(5)) >= 5
        ch = Chan[int](2)
        go(ch.send, 1)
        assert aio.await_(aio.recv(ch)) == 1
        with pytest.raises(asyncio.TimeoutError):
            aio.await_(asyncio.wait_for(aio.recv(ch), 0.002))

    run(main)
    assert uvloop.new_event_loop is not None

    async def inside() -> int:
        return await aio.run(lambda: aio.await_(soon(3)))

    loop = uvloop.new_event_loop()
    try:
        assert loop.run_until_complete(inside()) == 3
    finally:
        loop.close()


@pytest.mark.skipif(uvloop is None, reason="uvloop is not installed")
@pytest.mark.timeout(30)
def test_both_timers_of_uvloop_are_due_at_once(factory: Callable[[Any], None]) -> None:
    """The goroutine that the first one wakes cancels the second."""
    factory(uvloop.new_event_loop)

    async def block() -> None:
        time.sleep(0.3)

    def main() -> None:
        aio.await_(asyncio.sleep(0.15))
        aio.await_(block())
        aio.await_(asyncio.sleep(0.01))

    run(main)


async def echo(data: bytes) -> bytes:
    """Send data to a server of our own over TCP, and return what it answers."""

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(await reader.readexactly(len(data)))
        writer.close()
        await writer.wait_closed()

    server = await asyncio.start_server(serve, "127.0.0.1", 0)
    async with server:
        reader, writer = await asyncio.open_connection(*server.sockets[0].getsockname())
        writer.write(data)
        answer = await reader.read()
        writer.close()
        await writer.wait_closed()
    return answer


# --- goroutines and the loop -------------------------------------------------------------------------------


async def sleeps(n: int) -> None:
    for _ in range(n):
        await asyncio.sleep(0.001)


def ping_pong_until(coroutine: Coroutine[Any, Any, Any]) -> int:
    """Send a value to and fro without a pause until a goroutine has awaited coroutine; count the rounds."""
    there, back = Chan[int](), Chan[int]()
    done = Chan[None]()
    rounds = 0

    @go
    def _() -> None:
        for v in there:
            back << v

    @go
    def _() -> None:
        aio.await_(coroutine)
        close(done)

    while select(recv(done), default)[0] == 1:
        there << 1
        back.recv()
        rounds += 1
    close(there)
    return rounds


def test_busy_goroutines_do_not_starve_the_loop() -> None:
    def main() -> tuple[int, float]:
        let_the_loop_run()
        begin = perf_counter()
        rounds = ping_pong_until(sleeps(20))
        return rounds, perf_counter() - begin

    rounds, took = run(main)
    assert rounds >= 20
    # 20 sleeps of a millisecond, each up to two late where nothing else uses the machine.
    assert took < 20


def test_busy_goroutines_do_not_starve_a_chain_of_callbacks() -> None:
    """An iteration of the loop is more than one step: hundreds of steps don't take hundreds of iterations."""

    def main() -> float:
        let_the_loop_run()
        begin = perf_counter()
        ping_pong_until(soon(turns=500))
        return perf_counter() - begin

    # 500 iterations of a millisecond each would be half a second, and more, each time.
    assert any(run(main) < 0.25 for _ in range(50))


@pytest.mark.gochan
def test_a_busy_loop_does_not_starve_the_goroutines() -> None:
    """Neither those that run nor those that sleep."""

    async def spin(stop: list[bool]) -> int:
        steps = 0
        while not stop:
            steps += 1
            await asyncio.sleep(0)
        return steps

    stop: list[bool] = []
    steps = Chan[int](1)
    go(lambda: steps.send(aio.await_(spin(stop))))
    begin = perf_counter()
    for _ in range(20):
        gotime.sleep(0.001)
    rounds = ping_pong_until(sleeps(20))
    took = perf_counter() - begin
    stop.append(True)
    assert rounds >= 20
    assert steps.recv() >= 20
    assert took < 20


def test_a_goroutine_that_polls_lets_the_loop_run() -> None:
    """A select with a default is where it gives way."""

    def main() -> int:
        got = Chan[int](1)
        go(lambda: got.send(aio.await_(asyncio.sleep(0.002, 5))))
        while True:
            match select(recv(got), default):
                case 0, v, _:
                    return v
                case _:
                    pass

    assert run(main) == 5


# --- libraries as they are ---------------------------------------------------------------------------------


class Server:
    """An HTTP server in a thread of its own: /slow answers after a while, /fail with 500, /hang never."""

    def __init__(self) -> None:
        self.started = threading.Event()
        self.thread = threading.Thread(target=lambda: asyncio.run(self.main()))
        self.thread.start()
        self.started.wait()

    async def main(self) -> None:
        self.loop = asyncio.get_running_loop()
        self.over = asyncio.Event()
        server = await asyncio.start_server(self.serve, "127.0.0.1", 0)
        self.url = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"
        self.started.set()
        await self.over.wait()
        server.close()

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            while line := await reader.readline():
                path = line.split()[1].decode()
                while (await reader.readline()).strip():
                    pass
                if path == "/hang":
                    await self.over.wait()
                if path == "/slow":
                    await asyncio.sleep(0.02)
                status = "500 Oops" if path == "/fail" else "200 OK"
                body = path.encode()
                writer.write(f"HTTP/1.1 {status}\r\nContent-Length: {len(body)}\r\n\r\n".encode() + body)
                await writer.drain()
        except ConnectionError:
            pass
        finally:
            writer.close()

    def stop(self) -> None:
        self.loop.call_soon_threadsafe(self.over.set)
        self.thread.join()


@pytest.fixture(scope="module")
def server() -> Iterator[Server]:
    s = Server()
    yield s
    s.stop()


def fetch_all(get: Callable[[str, context.Context], tuple[int, str]]) -> None:
    """Get 30 slow pages at once, one that fails, and one that hangs until its time is over."""
    out = Chan[tuple[int, str]](100)
    wg = gosync.WaitGroup()
    begin = perf_counter()
    for _ in range(30):
        wg.go(lambda: out.send(get("/slow", BACKGROUND)))
    wg.go(lambda: out.send(get("/fail", BACKGROUND)))

    @wg.go
    def _() -> None:
        with context.with_timeout(BACKGROUND, 0.02) as ctx:
            try:
                out.send(get("/hang", ctx))
            except context.DeadlineExceeded:
                out.send((0, "late"))

    wg.wait()
    close(out)
    results = sorted(out)
    assert results == [(0, "late"), *[(200, "/slow")] * 30, (500, "/fail")]
    # Together they take little more than one does, where the machine has nothing else to do.
    assert perf_counter() - begin < 20


@pytest.mark.gochan
def test_httpx(server: Server) -> None:
    httpx = pytest.importorskip("httpx")
    client = httpx.AsyncClient(base_url=server.url, timeout=30)

    def get(path: str, ctx: context.Context) -> tuple[int, str]:
        response = aio.await_(client.get(path), ctx)
        return response.status_code, response.text

    try:
        fetch_all(get)
    finally:
        aio.await_(client.aclose())


@pytest.mark.gochan
def test_aiohttp(server: Server) -> None:
    aiohttp = pytest.importorskip("aiohttp")

    async def session() -> Any:
        return aiohttp.ClientSession(server.url)

    client = aio.await_(session())

    def get(path: str, ctx: context.Context) -> tuple[int, str]:
        response = aio.await_(client.get(path), ctx)
        return response.status, aio.await_(response.text(), ctx)

    try:
        fetch_all(get)
    finally:
        aio.await_(client.close())


# --- a program inside a loop -------------------------------------------------------------------------------


def in_loop(main: Callable[..., Any], *args: Any) -> Any:
    return asyncio.run(aio.run(main, *args))


def test_run_in_a_loop() -> None:
    def main(n: int, *, scale: int = 1) -> int:
        ch = Chan[int]()
        go(lambda: ch.send(aio.await_(soon(n))))
        gotime.sleep(0.001)
        return ch.recv() * scale

    async def task() -> None:
        assert await aio.run(main, 2, scale=10) == 20
        assert await aio.run(main, 3) == 3
        assert asyncio.get_running_loop().is_running()
        assert await aio.run(lambda: None) is None
        assert await aio.run(lambda: "at once") == "at once"

    asyncio.run(task())


def test_coroutines_in_a_program_in_a_loop() -> None:
    """The first one begins while the loop is still in the step of the task that called aio.run."""

    def main() -> list[int]:
        return [aio.await_(soon(i, turns)) for i, turns in enumerate((0, 2, 0))]

    assert asyncio.run(aio.run(main)) == [0, 1, 2]


def test_run_beside_other_tasks() -> None:
    async def task() -> list[Any]:
        return await asyncio.gather(
            soon("before"), aio.run(lambda: aio.await_(soon("main", 5))), soon("after", 20)
        )

    assert asyncio.run(task()) == ["before", "main", "after"]


def test_it_begins_at_once() -> None:
    """So that a task which is created after it finds the program."""

    async def task() -> None:
        ch = Chan[int]()
        got, _ = await asyncio.gather(aio.run(ch.recv), aio.send(ch, 5))
        assert got == 5

    asyncio.run(task())


def test_what_leaves_it() -> None:
    error = KeyError("lost")

    def raising() -> None:
        raise error

    def in_a_goroutine() -> None:
        go(raising)
        gotime.sleep(60)

    for main in (raising, in_a_goroutine, lambda: aio.await_(fail(error))):
        with pytest.raises(KeyError) as e:
            in_loop(main)
        assert e.value is error
    with pytest.raises(Panic, match="close of nil channel"):
        in_loop(close, None)
    with pytest.raises(SystemExit):
        in_loop(sys.exit, 3)
    with pytest.raises(RuntimeError, match=r"^aio\.run: main raised StopIteration") as stop:
        in_loop(next, iter(()))
    assert isinstance(stop.value.__cause__, StopIteration)


def test_it_is_one_program_at_a_time() -> None:
    async def task() -> None:
        main = asyncio.create_task(aio.run(gotime.sleep, 60))
        await soon()
        with pytest.raises(RuntimeError, match=r"^aio\.run: a program runs already; start a goroutine in it"):
            await aio.run(lambda: None)
        main.cancel()
        with pytest.raises(asyncio.CancelledError):
            await main
        assert await aio.run(lambda: 1) == 1

    asyncio.run(task())


@pytest.mark.parametrize("what", [None, 3, "main"])
def test_it_needs_a_function(what: Any) -> None:
    with pytest.raises(TypeError, match=r"^aio.run: .* is not callable; give the main function: await aio"):
        in_loop(what)


@pytest.mark.parametrize("wait", ["sleep", "channel", "await", "busy", "at once"])
def test_cancelling_it_unwinds_the_program(wait: str) -> None:
    log: list[str] = []
    waits: dict[str, Callable[[], object]] = {
        "sleep": lambda: gotime.sleep(60),
        "channel": lambda: Chan[int]().recv(),
        "await": lambda: aio.await_(forever(log)),
        "busy": lambda: [gosched() for _ in range(10**9)],
        "at once": lambda: gotime.sleep(60),
    }

    begun: list[bool] = []

    def other() -> None:
        try:
            begun.append(True)
            gotime.sleep(60)
        finally:
            log.append("other")

    def main() -> None:
        try:
            go(other)
            while not begun:
                gosched()
            waits[wait]()
        finally:
            log.append("main")

    async def task() -> None:
        program = asyncio.create_task(aio.run(main))
        if wait != "at once":
            while not begun:
                await asyncio.sleep(0)
            await asyncio.sleep(0.005)
        else:
            await asyncio.sleep(0)
        program.cancel("enough")
        with pytest.raises(asyncio.CancelledError):
            await program
        assert sched.main is None
        assert await aio.run(lambda: 1) == 1
        await soon()

    asyncio.run(task())
    if wait == "at once" and not begun:
        # On a busy machine main's first millisecond was over before the other one ran.
        assert log == ["main"]
    else:
        assert log == (["main", "other", "CancelledError"] if wait == "await" else ["main", "other"])


def test_cancelled_before_it_begins() -> None:
    async def task() -> None:
        program = asyncio.create_task(aio.run(lambda: pytest.fail("it has begun")))
        program.cancel()
        with pytest.raises(asyncio.CancelledError):
            await program

    asyncio.run(task())


def test_cancelled_when_it_has_ended() -> None:
    """In the same iteration of the loop in which main returned."""

    async def task() -> None:
        loop = asyncio.get_running_loop()

        def main() -> int:
            gotime.sleep(0.001)
            loop.call_soon(program.cancel)
            return 1

        program = asyncio.create_task(aio.run(main))
        with pytest.raises(asyncio.CancelledError):
            await program
        assert sched.main is None

    asyncio.run(task())


def test_a_timeout_around_it() -> None:
    async def task() -> None:
        with pytest.raises(asyncio.TimeoutError):
            await asyncio.wait_for(aio.run(gotime.sleep, 60), 0.005)

    asyncio.run(task())


def test_what_it_raises_as_it_is_unwound() -> None:
    """The cancellation is what the task ends with."""

    def main() -> None:
        try:
            gotime.sleep(60)
        finally:
            raise OSError("from finally")

    async def task() -> None:
        program = asyncio.create_task(aio.run(main))
        await soon()
        program.cancel()
        with pytest.raises(asyncio.CancelledError):
            await program

    asyncio.run(task())


def test_a_loop_that_ends_with_its_program() -> None:
    """asyncio.run cancels what its main task leaves behind."""
    log: list[str] = []

    def main() -> None:
        try:
            gotime.sleep(60)
        finally:
            log.append("unwound")

    async def task() -> None:
        log.append(str(asyncio.ensure_future(aio.run(main)).done()))
        await soon()

    asyncio.run(task())
    assert log == ["False", "unwound"]


def test_contextvars_go_along_into_it() -> None:
    var = contextvars.ContextVar("var", default="none")

    def main() -> str:
        out = Chan[str]()
        go(lambda: out.send(var.get()))
        seen = out.recv() + var.get()
        var.set("main's own")
        return seen

    async def task() -> None:
        var.set("task's")
        assert await aio.run(main) == "task'stask's"
        assert var.get() == "task's"

    asyncio.run(task())


def spin(seconds: float) -> None:
    """Hold the thread."""
    end = perf_counter() + seconds
    while perf_counter() < end:
        pass


@pytest.mark.parametrize("hold", [0, 0.0002, 0.002])
def test_the_loop_has_its_turns(hold: float) -> None:
    """While goroutines keep the thread busy, each for less than hold, the loop waits for little more."""
    gaps: list[float] = []

    async def watch(stop: list[bool]) -> None:
        # Of the processor: the clock on the wall goes on while others have it.
        last = time.thread_time()
        while not stop:
            await asyncio.sleep(0)
            now = time.thread_time()
            gaps.append(now - last)
            last = now

    def main() -> None:
        def work(ch: Chan[int], n: int) -> None:
            for _ in range(n):
                ch << 1
                if hold:
                    spin(hold)
            ch.close()

        chans = [Chan[int]() for _ in range(4)]
        for ch in chans:
            go(work, ch, int(0.02 / hold) if hold else 2000)
        for ch in chans:
            for _ in ch:
                pass

    async def task() -> None:
        stop: list[bool] = []
        watching = asyncio.create_task(watch(stop))
        await aio.run(main)
        stop.append(True)
        await watching

    asyncio.run(task())
    assert len(gaps) > 10
    gaps.sort()
    assert gaps[len(gaps) * 9 // 10] < 0.010


def test_a_program_that_has_ended_leaves_no_timer_in_the_loop() -> None:
    async def task() -> None:
        loop: Any = asyncio.get_running_loop()
        await aio.run(lambda: (gotime.after_func(3600, int), aio.await_(asyncio.sleep(0.001))))
        assert all(handle.cancelled() for handle in loop._scheduled)

    asyncio.run(task())


def test_a_sleeping_program_leaves_the_loop_alone() -> None:
    """It wakes it no more often than there is something to do."""
    turns = 0

    class Loop(asyncio.SelectorEventLoop):
        def _run_once(self) -> None:
            nonlocal turns
            turns += 1
            super()._run_once()  # type: ignore[misc]

    loop = Loop()
    try:
        loop.run_until_complete(aio.run(gotime.sleep, 0.05))
    finally:
        loop.close()
    assert turns < 20


# --- an event loop without goroutines ----------------------------------------------------------------------


CALLS: dict[str, Callable[[], object]] = {
    "go": lambda: go(print),
    "time.sleep": lambda: gotime.sleep(60),
    "time.after_func": lambda: gotime.after_func(60, print),
    "recv": lambda: Chan[int]().recv(),
    "send": lambda: Chan[int]().send(1),
    "iteration": lambda: next(Chan[int]()),
    "select": lambda: select(recv(Chan[int]()), timeout(60)),
    "gosched": gosched,
    "WaitGroup.go": lambda: gosync.WaitGroup().go(print),
    "context.with_timeout": lambda: context.with_timeout(BACKGROUND, 60),
    "thread.call": lambda: thread.call(print),
    "aio.await_": lambda: aio.await_(soon()),
}


@pytest.mark.parametrize("what", CALLS)
@pytest.mark.parametrize("place", ["coroutine", "callback", "generator"])
def test_a_loop_without_goroutines_refuses_what_would_block_it(what: str, place: str) -> None:
    """The error says what to do, and no program has begun."""
    errors: list[str] = []

    def call() -> None:
        with pytest.raises(RuntimeError, match=r"in an async function or callback, .*`await aio\.run") as e:
            CALLS[what]()
        errors.append(str(e.value))

    async def generate() -> AsyncIterator[None]:
        call()
        yield

    async def task() -> None:
        if place == "coroutine":
            call()
        elif place == "generator":
            async for _ in generate():
                pass
        else:
            asyncio.get_running_loop().call_soon(call)
            await asyncio.sleep(0)

    asyncio.run(task())
    assert len(errors) == 1
    if "." in what and what not in ("time.sleep", "time.after_func", "WaitGroup.go"):
        assert errors[0].startswith(what)
    assert sched.main is None


def test_what_needs_no_waiting_works_without_goroutines() -> None:
    async def task() -> None:
        ch = Chan[int](1)
        ch.send(1)
        assert select(recv(ch), default) == (0, 1, True)
        ch.close()
        assert ch.recv_ok() == (0, False)
        assert recovers() is None
        assert stack().startswith("thread MainThread [running]:\n")
        assert num_goroutine() == 1
        assert run(lambda: "run") == "run"

    asyncio.run(task())
    assert sched.main is None


@defers
def recovers() -> None:
    """Recover from a panic in a function under @defers."""

    @defer
    def _() -> None:
        assert recover() == "no matter"

    panic("no matter")


def test_functions_under_defers_in_tasks() -> None:
    async def use() -> str:
        recovers()
        return "recovered"

    assert run(lambda: aio.await_(use())) == "recovered"


CELLS = {
    "plain": "go(ch.send, 42); result = ch.recv()",
    "with await": "await soon(); go(ch.send, 42); result = ch.recv()",
    "in a function": "def f():\n    time.sleep(0)\n    go(ch.send, 42)\n    return ch.recv()\nresult = f()",
    "in a class": "class C:\n    go(ch.send, 42)\n    result = ch.recv()\nresult = C.result",
    "with run": "def main():\n    go(ch.send, 42)\n    return ch.recv()\nresult = run(main)",
    "with aio.run": "def main():\n    go(ch.send, 42)\n    return ch.recv()\nresult = await aio.run(main)",
}


@pytest.mark.parametrize("cell", CELLS)
def test_the_cells_of_a_notebook(cell: str) -> None:
    """The kernel runs them inside its loop: module-level code may block, whatever called it."""

    async def kernel() -> None:
        names: dict[str, Any] = {"aio": aio, "ch": Chan[int](), "go": go, "run": run, "soon": soon}
        names |= {"time": gotime, "__name__": "__main__"}
        code = compile(CELLS[cell], "<cell>", "exec", ast.PyCF_ALLOW_TOP_LEVEL_AWAIT)
        coro = eval(code, names)
        if coro is not None:
            await coro
        assert names["result"] == 42

    asyncio.run(kernel())
    run(lambda: None)


def test_a_coroutine_of_a_cell_waits_as_a_coroutine() -> None:
    async def kernel() -> None:
        names: dict[str, Any] = {"ch": Chan[int]()}
        exec("async def f():\n    ch.recv()\ndef g():\n    class C:\n        ch.recv()", names)
        exec("async def h():\n    g()", names)
        for name in "fh":
            with pytest.raises(RuntimeError, match="a blocking call in an async function"):
                await names[name]()

    asyncio.run(kernel())


def test_a_coroutine_of_a_program_that_began_without_run() -> None:
    """A wait that would put the loop to sleep is refused as well."""
    go(print)
    gosched()

    async def task() -> None:
        for call in (Chan[int]().recv, lambda: gotime.sleep(60)):
            with pytest.raises(RuntimeError, match="a blocking call in an async function"):
                call()

    asyncio.run(task())
    gotime.sleep(0.001)
    run(lambda: None)


def test_aio_run_ends_a_program_that_began_without_run() -> None:
    """As in a notebook, where an earlier cell has used a channel; or await_, which has made a loop."""
    log: list[str] = []

    def forever_more() -> None:
        try:
            gotime.sleep(3600)
        finally:
            log.append("unwound")

    for wait in (gosched, let_the_loop_run):
        go(forever_more)
        wait()
        assert in_loop(lambda: aio.await_(soon("again"))) == "again"
    assert log == ["unwound"] * 2


def test_a_loop_in_another_thread() -> None:
    """A wait there would block that loop; what needs none works, and so does to_thread."""

    def main() -> None:
        ch, started = Chan[int](), Chan[str]()

        async def task() -> list[int]:
            go(started.send, "started")
            with pytest.raises(RuntimeError, match=r"blocks its event loop; .*`await asyncio.to_thread"):
                ch.recv()
            return [await asyncio.to_thread(ch.recv)]

        results: list[list[int]] = []
        other = threading.Thread(target=lambda: results.append(asyncio.run(task())))
        other.start()
        assert started.recv() == "started"
        ch << 5
        thread.call(other.join)
        assert results == [[5]]

    run(main)


# --- tasks that fail ---------------------------------------------------------------------------------------


async def failing_producer(ch: Chan[int]) -> None:
    await asyncio.sleep(0.001)
    if len(ch) == 0:
        raise ValueError("no such file")
    await aio.send(ch, 1)


@pytest.mark.parametrize("inside", [False, True], ids=["await_", "aio.run"])
def test_a_goroutine_waits_for_a_task_that_fails(inside: bool) -> None:
    """The exception is the task's, as in asyncio; the deadlock's report shows it."""
    tasks: list[asyncio.Task[None]] = []

    async def start(ch: Chan[int]) -> None:
        tasks.append(asyncio.create_task(failing_producer(ch)))

    def main() -> None:
        ch = Chan[int]()
        aio.await_(start(ch))
        ch.recv()

    with pytest.raises(Deadlock) as e:
        in_loop(main) if inside else run(main)
    text = str(e.value)
    assert "goroutine 1 [chan receive]:" in text
    assert " [failed: ValueError: no such file]:\n" in text
    assert text.rstrip().endswith('in failing_producer\n    raise ValueError("no such file")')
    with pytest.raises(ValueError, match="no such file"):
        tasks.pop().result()


def test_a_failed_task_whose_exception_was_seen_is_not_shown() -> None:
    def main() -> None:
        with pytest.raises(ValueError, match="no such file") as e:
            aio.await_(failing_producer(Chan[int]()))
        text = stack(all=True)
        assert "[failed" not in text
        del e

    run(main)


def test_a_task_that_nobody_keeps_fails(caplog: pytest.LogCaptureFixture) -> None:
    """asyncio logs its exception."""

    async def start(ch: Chan[int]) -> None:
        asyncio.create_task(failing_producer(ch))  # noqa: RUF006

    def main() -> None:
        ch = Chan[int]()
        aio.await_(start(ch))
        ch.recv()

    with pytest.raises(Deadlock):
        run(main)
    gc.collect()
    assert "Task exception was never retrieved" in caplog.text
    assert "no such file" in caplog.text


def test_a_goroutine_for_each_task_ends_the_program_when_one_fails() -> None:
    """The way that the asyncio page recommends."""

    def main() -> None:
        ch = Chan[int]()
        go(aio.await_, failing_producer(ch))
        ch.recv()

    with pytest.raises(ValueError, match="no such file") as e:
        run(main)
    assert "go(aio.await_, failing_producer(ch))" in e.value.__notes__[0]


# --- channels in tasks -------------------------------------------------------------------------------------


@pytest.mark.gochan
def test_tasks_use_channels() -> None:
    async def consumer() -> list[int]:
        return [v async for v in aio.each(numbers)]

    async def producer() -> None:
        for i in range(10):
            await aio.send(numbers, i)
        close(numbers)

    numbers = Chan[int]()
    got = Chan[list[int]]()
    go(lambda: got.send(aio.await_(consumer())))
    aio.await_(producer())
    assert got.recv() == list(range(10))

    buffered = Chan[str](2)

    async def use() -> None:
        await aio.send(buffered, "a")
        await aio.send(buffered, "b")
        assert await aio.recv(buffered) == "a"
        assert await aio.recv_ok(buffered) == ("b", True)
        buffered.close()
        assert await aio.recv_ok(buffered) == ("", False)
        assert await aio.recv(buffered) == ""
        assert [v async for v in aio.each(buffered)] == []
        with pytest.raises(Panic, match="send on closed channel"):
            await aio.send(buffered, "c")
        with pytest.raises(TypeError, match=r"^Chan\[str\]\.send: got .* \(int\), want str$"):
            await aio.send(buffered, 1)  # type: ignore[arg-type]

    aio.await_(use())


def test_tasks_and_goroutines_on_one_channel() -> None:
    """To and fro, unbuffered."""

    def main() -> int:
        there, back = Chan[int](), Chan[int]()

        async def echo() -> int:
            n = 0
            async for v in aio.each(there):
                await aio.send(back, v + 1)
                n += 1
            return n

        count = Chan[int]()
        go(lambda: count.send(aio.await_(echo())))
        for i in range(200):
            there << i
            assert back.recv() == i + 1
        close(there)
        return count.recv()

    assert run(main) == 200


@pytest.mark.gochan
def test_select_in_a_task() -> None:
    a, b = Chan[int](1), Chan[str]()

    async def use() -> list[Any]:
        log: list[Any] = [await aio.select(recv(a), default)]
        a << 1
        log.append(await aio.select(recv(a), recv(None)))
        log.append(await aio.select(recv(a), timeout(0.001)))
        log.append(await aio.select(recv(a), recv(b)))
        log.append(await aio.select(send(b, "out"), recv(a)))
        log.append(await aio.select(recv(None), recv(b)))
        return log

    result = Chan[list[Any]]()
    go(lambda: result.send(aio.await_(use())))
    b << "in"
    assert b.recv() == "out"
    close(b)
    assert result.recv() == [
        (1, None, False),
        (0, 1, True),
        (1, None, True),
        (1, "in", True),
        (0, None, True),
        (1, "", False),
    ]


@pytest.mark.gochan
def test_a_channel_that_is_closed_under_a_send() -> None:
    ch = Chan[int]()
    go(lambda: (let_the_loop_run(), ch.close()))
    with pytest.raises(Panic, match="send on closed channel"):
        aio.await_(aio.send(ch, 1))


@pytest.mark.gochan
def test_a_non_case_or_non_channel_is_refused() -> None:
    with pytest.raises(TypeError, match="select: case 0 is 3; a case is recv"):
        aio.await_(aio.select(3))  # type: ignore[call-overload]
    with pytest.raises(TypeError, match="recv: 3 is not a Chan"):
        aio.await_(aio.recv(3))  # type: ignore[arg-type]


@pytest.mark.gochan
def test_tasks_need_a_program() -> None:
    async def task() -> None:
        with pytest.raises(RuntimeError, match=r"^aio.recv: no goroutines run in this event loop; start"):
            await aio.recv(Chan[int](1))

    asyncio.run(task())
    # One in another loop, which runs in a goroutine.
    let_the_loop_run()
    asyncio.run(task())


def test_a_program_that_ends_under_a_task() -> None:
    async def task() -> None:
        ch = Chan[int]()
        program = asyncio.create_task(aio.run(gotime.sleep, 0.005))
        await soon()
        with pytest.raises(RuntimeError, match="aio: the program has ended"):
            await aio.recv(ch)
        await program

    asyncio.run(task())

    log: list[str] = []

    async def lasting(ch: Chan[int]) -> None:
        try:
            await aio.recv(ch)
        except BaseException as e:
            log.append(type(e).__name__)
            raise

    def main() -> None:
        go(lambda: aio.await_(lasting(Chan[int]())))
        let_the_loop_run()

    run(main)
    assert log == ["CancelledError"]


def test_what_needs_no_waiting_works_in_tasks_and_callbacks() -> None:
    """go, a send with room, close, and timers: the goroutines that wait for them wake up."""

    def main() -> list[Any]:
        got = Chan[Any]()
        buffered, closing = Chan[str](1), Chan[int]()

        async def use() -> None:
            loop = asyncio.get_running_loop()
            loop.call_soon(go, got.send, "from a callback")
            go(lambda: got.send("from a task"))
            # The scheduler sleeps without a limit by now.
            await asyncio.sleep(0.002)
            ctx, cancel = context.with_timeout(BACKGROUND, 0.002)
            go(lambda: (ctx.done().recv(), got.send(str(ctx.err())), cancel()))  # type: ignore[union-attr]
            await asyncio.sleep(0.002)
            gotime.after_func(0.002, lambda: got.send("timer"))
            buffered.send("sent")
            closing.close()
            ctx2, cancel2 = context.with_cancel(BACKGROUND)
            go(lambda: (ctx2.done().recv(), got.send(str(ctx2.err()))))  # type: ignore[union-attr]
            await asyncio.sleep(0.002)
            cancel2()

        go(lambda: got.send(buffered.recv()))
        go(lambda: got.send(closing.recv_ok()))
        go(lambda: aio.await_(use()))
        return [got.recv() for _ in range(7)]

    assert sorted(map(str, run(main))) == sorted(
        [
            "(0, False)",
            "context canceled",
            "context deadline exceeded",
            "from a callback",
            "from a task",
            "sent",
            "timer",
        ]
    )


def test_a_timer_that_a_callback_sets_while_all_is_idle() -> None:
    """The scheduler, which sleeps, learns of it."""

    def main() -> int:
        got = Chan[int]()

        async def later() -> None:
            asyncio.get_running_loop().call_later(0.01, gotime.after_func, 0.002, lambda: got.send(5))

        aio.await_(later())
        return got.recv()

    def took() -> float:
        begin = monotonic()
        assert run(main) == 5
        return monotonic() - begin

    # It polls every tenth of a second in any case.
    assert any(took() < 0.05 for _ in range(100))


def test_sleeps_in_any_order() -> None:
    """The loop's alarm is for the first of them, whenever that was set."""

    def main() -> list[float]:
        let_the_loop_run()
        log: list[float] = []
        wg = gosync.WaitGroup()
        go(gotime.sleep, 3600)
        aio.await_(asyncio.sleep(0.002))
        for seconds in (0.03, 0.01, 0.02):
            gosched()
            wg.go(lambda seconds=seconds: (gotime.sleep(seconds), log.append(seconds)))  # type: ignore[misc]
        begin = monotonic()
        wg.wait()
        assert monotonic() - begin < 10
        return log

    # Where the machine is busy with others, one may begin so late that it ends after a longer one.
    assert any(run(main) == [0.01, 0.02, 0.03] for _ in range(50))


def test_the_place_of_a_go_in_a_task() -> None:
    def failing(text: str, *, end: str) -> None:
        raise KeyError(text + end)

    async def use() -> None:
        go(failing, "lo", end="st")
        await asyncio.sleep(60)

    with pytest.raises(KeyError, match="lost") as e:
        run(lambda: aio.await_(use()))
    assert "use\n    go(failing" in e.value.__notes__[0]


# --- cancellation loses no value ---------------------------------------------------------------------------


@pytest.mark.gochan
@pytest.mark.parametrize("turns", range(8))
@pytest.mark.parametrize("inner", [0, 1])
def test_a_receive_that_is_cancelled_at_any_moment(turns: int, inner: int) -> None:
    """Before it has begun, while it waits, and when its value has come but it has not gone on."""
    ch = Chan[int](inner)

    async def use() -> list[int]:
        task = asyncio.create_task(aio.recv(ch))
        for turn in range(8):
            if turn == turns:
                task.cancel()
            if turn == 3:
                go(ch.send, 5)
            await asyncio.sleep(0)
        got = []
        try:
            got.append(await task)
        except asyncio.CancelledError:
            got.append(await asyncio.wait_for(aio.recv(ch), 10))
        return got

    assert aio.await_(use()) == [5]
    assert select(recv(ch), default)[0] == 1


@pytest.mark.gochan
@pytest.mark.parametrize("turns", range(8))
def test_a_send_that_is_cancelled_at_any_moment(turns: int) -> None:
    """Either its value has come when the cancellation shows, or it never will."""
    ch = Chan[int]()
    came: list[int] = []
    go(lambda: came.append(ch.recv()))

    async def use() -> None:
        task = asyncio.create_task(aio.send(ch, 5))
        for turn in range(8):
            if turn == turns:
                task.cancel()
            await asyncio.sleep(0)
        sent = 1
        try:
            await task
        except asyncio.CancelledError:
            sent = len(came)
        await asyncio.sleep(0.001)
        assert len(came) == sent
        if not came:
            await asyncio.wait_for(aio.send(ch, 6), 10)

    aio.await_(use())
    gosched()
    assert came in ([5], [6])


@pytest.mark.gochan
def test_values_given_back_come_first() -> None:
    """In the order in which they had come, before what is sent later; the buffer never seems overfull."""
    ch = Chan[int](2)

    async def use() -> list[int]:
        tasks = [asyncio.create_task(aio.recv(ch)) for _ in range(2)]
        await asyncio.sleep(0.001)
        # From here to the end of this step the tasks have their values, and have not gone on.
        ch.send(1)
        ch.send(2)
        ch.send(3)
        ch.send(4)
        for task in reversed(tasks):
            task.cancel()
        results = await asyncio.gather(*tasks, return_exceptions=True)
        assert all(isinstance(r, asyncio.CancelledError) for r in results), results
        return [await aio.recv(ch) for _ in range(4)]

    assert sorted(aio.await_(use())) == [1, 2, 3, 4]
    assert len(ch) == 0
    ch.send(5)
    ch.send(6)
    assert select(send(ch, 7), default)[0] == 1
    assert [ch.recv(), ch.recv()] == [5, 6]


@pytest.mark.gochan
def test_a_task_that_is_closed_gives_back_too() -> None:
    """A coroutine that is closed by hand ends by GeneratorExit."""
    ch = Chan[int]()

    async def use() -> None:
        receiving = aio.recv(ch)
        future = receiving.send(None)
        assert asyncio.isfuture(future)
        receiving.close()
        go(ch.send, 5)
        assert await asyncio.wait_for(aio.recv(ch), 10) == 5

    aio.await_(use())


@pytest.mark.parametrize("seed", range(4))
@pytest.mark.parametrize("capacity", [0, 1, 3])
def test_random_cancellations_lose_nothing(seed: int, capacity: int) -> None:
    """Tasks and goroutines send and receive on two channels; tasks are cancelled at random.

    What came out is what went in: each value once.
    """
    chance = random.Random(seed)
    sent: list[int] = []
    got: list[int] = []
    unsure: list[int] = []
    values = iter(range(10**9))

    async def receiver(ch: Chan[int], other: Chan[int]) -> None:
        while True:
            if chance.random() < 0.5:
                v = await aio.recv(ch)
            else:
                _, v, _ = await aio.select(recv(ch), recv(other))
            got.append(v)
            if chance.random() < 0.3:
                await asyncio.sleep(0)

    async def sender(ch: Chan[int], other: Chan[int]) -> None:
        while True:
            v = next(values)
            try:
                if chance.random() < 0.5:
                    await aio.send(ch, v)
                else:
                    await aio.select(send(ch, v), send(other, v))
            except asyncio.CancelledError:
                unsure.append(v)
                raise
            sent.append(v)
            if chance.random() < 0.3:
                await asyncio.sleep(0)

    async def cancelling(a: Chan[int], b: Chan[int]) -> None:
        tasks: list[asyncio.Task[None]] = []
        for _ in range(150):
            while len(tasks) < 8:
                f = chance.choice((sender, receiver))
                tasks.append(asyncio.create_task(f(*chance.sample((a, b), 2))))
            for _ in range(chance.randrange(4)):
                await asyncio.sleep(0)
            task = tasks.pop(chance.randrange(len(tasks)))
            task.cancel()
            if chance.random() < 0.5:
                await asyncio.gather(task, return_exceptions=True)
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    def drain(ch: Chan[int]) -> None:
        while True:
            match select(recv(ch), default):
                case 0, v, _:
                    got.append(v)
                case _:
                    return

    def main() -> None:
        a, b = Chan[int](capacity), Chan[int](capacity)
        quit_ = Chan[None]()

        def produce(ch: Chan[int]) -> None:
            while True:
                v = next(values)
                if select(send(ch, v), recv(quit_))[0] == 1:
                    return
                sent.append(v)
                gosched()

        def consume(ch: Chan[int]) -> None:
            while True:
                match select(recv(ch), recv(quit_)):
                    case 0, v, _:
                        got.append(v)
                    case _:
                        return
                gosched()

        wg = gosync.WaitGroup()
        for ch in (a, b):
            wg.go(lambda ch=ch: produce(ch))  # type: ignore[misc]
            wg.go(lambda ch=ch: consume(ch))  # type: ignore[misc]
        aio.await_(cancelling(a, b))
        close(quit_)
        wg.wait()
        drain(a)
        drain(b)

    run(main)
    assert len(got) == len(set(got))
    assert set(sent) <= set(got)
    assert set(got) <= set(sent) | set(unsure)
    assert len(sent) > 100


def test_a_finalizer_that_waits_while_a_task_is_woken() -> None:
    """The task may be cancelled by the time it ends: no goroutine fails of that."""

    def main() -> list[str]:
        ch, resume = Chan[int](), Chan[None]()
        log: list[str] = []

        async def receive() -> None:
            try:
                await aio.recv(ch)
            except asyncio.CancelledError:
                log.append("cancelled")
                raise

        class Waits(asyncio.Future[None]):
            """Waits as it is woken, as a finalizer that runs there can."""

            def done(self) -> bool:
                done = super().done()
                if not done and not log:
                    log.append("waits")
                    resume.recv()
                return done

        async def use() -> None:
            loop = asyncio.get_running_loop()
            create, loop.create_future = loop.create_future, lambda: Waits(loop=loop)  # type: ignore[method-assign]
            try:
                task = asyncio.create_task(receive())
                await asyncio.sleep(0)
            finally:
                loop.create_future = create  # type: ignore[method-assign]
            ch.send(1)
            while not log:
                await asyncio.sleep(0)
            task.cancel()
            await asyncio.gather(task, return_exceptions=True)
            close(resume)
            await soon()

        aio.await_(use())
        gosched()
        assert select(recv(ch), default)[1] == 1 or len(ch) == 0
        return log

    assert run(main) == ["waits", "cancelled"]


# --- deadlock ----------------------------------------------------------------------------------------------


def test_a_deadlock_when_only_channels_are_left() -> None:
    def main() -> None:
        let_the_loop_run()
        Chan[int]().recv()

    begin = monotonic()
    with pytest.raises(Deadlock, match=r"all goroutines are asleep - deadlock!\n\ngoroutine 1 \[chan rec"):
        run(main)
    assert monotonic() - begin < 10


@pytest.mark.parametrize("won", [False, True], ids=["waiting", "chosen"])
def test_cancelled_tasks_leave_nothing_behind(won: bool) -> None:
    """Neither in the channel nor in memory, also if a value had come in when the task was cancelled."""

    async def cancelled(ch: Chan[int], n: int) -> None:
        for _ in range(n):
            task = asyncio.ensure_future(aio.select(recv(ch), recv(Chan[int]()), timeout(3600)))
            await asyncio.sleep(0)
            if won:
                ch.send(7)
            task.cancel()
            with pytest.raises(asyncio.CancelledError):
                await task
            if won:
                assert await aio.recv_ok(ch) == (7, True)

    def main() -> int:
        ch = Chan[int](1)
        blocks = []
        for _ in range(4):
            aio.await_(cancelled(ch, 500))
            gc.collect()
            blocks.append(sys.getallocatedblocks())
        return blocks[-1] - blocks[-2]

    # One block each would be 500.
    assert run(main) < 200


def test_a_deadlock_after_a_task_was_cancelled() -> None:
    """Its end is still to come when the goroutines fall asleep."""

    def main() -> None:
        ctx, cancel = context.with_cancel(BACKGROUND)
        go(cancel)
        with pytest.raises(context.Canceled):
            aio.await_(forever(), ctx)
        Chan[int]().recv()

    with pytest.raises(Deadlock):
        run(main)


def test_a_deadlock_once_the_last_task_has_ended() -> None:
    """A task without a waiter: its end wakes no goroutine."""

    async def in_the_background() -> asyncio.Task[None]:
        return asyncio.create_task(asyncio.sleep(0.01))

    def main() -> None:
        kept = aio.await_(in_the_background())
        try:
            Chan[int]().recv()
        finally:
            assert kept.done()

    with pytest.raises(Deadlock):
        run(main)


def test_a_deadlock_through_a_task() -> None:
    """A goroutine that waits for a task that waits for a channel waits for a channel."""

    async def waiting(ch: Chan[int]) -> int:
        return await aio.recv(ch)

    def main() -> None:
        go(lambda: aio.await_(waiting(Chan[int]())))
        aio.await_(aio.select(send(Chan[int](), 1), recv(Chan[str]())))

    with pytest.raises(Deadlock) as e:
        run(main)
    assert "goroutine 1 [await]:" in str(e.value)
    assert "goroutine 2 [await]:" in str(e.value)
    assert str(e.value).count("\nasyncio task Task-") == 2
    assert " [select]:\n" in str(e.value)
    assert "<locals>.waiting\n    return await aio.recv(ch)" in str(e.value)


def test_a_deadlock_in_a_loop_that_runs() -> None:
    """The loop has nothing left but the task that waits for the program."""

    with pytest.raises(Deadlock):
        in_loop(Chan[int]().recv)


def test_main_can_catch_a_deadlock_and_go_on() -> None:
    def main() -> int:
        with pytest.raises(Deadlock):
            aio.await_(aio.recv(Chan[int]()))
        return aio.await_(soon(3))  # type: ignore[no-any-return]

    assert run(main) == 3


PENDING: dict[str, Callable[[Chan[int]], Coroutine[Any, Any, Any]]] = {}


def pending(f: Callable[[Chan[int]], Coroutine[Any, Any, Any]]) -> Callable[[Chan[int]], Any]:
    PENDING[f.__name__] = f
    return f


@pending
async def a_timer(ch: Chan[int]) -> None:
    asyncio.get_running_loop().call_later(0.15, go, ch.send, 1)


@pending
async def a_task(ch: Chan[int]) -> Any:
    async def later() -> None:
        await asyncio.sleep(0.15)
        await aio.send(ch, 1)

    return asyncio.create_task(later())


@pending
async def a_thread(ch: Chan[int]) -> Any:
    async def later() -> None:
        await asyncio.to_thread(threading.Event().wait, 0.15)
        await aio.send(ch, 1)

    return asyncio.create_task(later())


@pending
async def a_descriptor(ch: Chan[int]) -> Any:
    """No task and no timer: a callback when a pipe can be read."""
    loop = asyncio.get_running_loop()
    r, w = os.pipe()

    def readable() -> None:
        loop.remove_reader(r)
        os.close(r)
        go(ch.send, len(asyncio.all_tasks(loop)) + 1)

    loop.add_reader(r, readable)
    timer = threading.Timer(0.15, lambda: os.close(w))
    timer.start()
    return timer


@pending
async def a_server(ch: Chan[int]) -> Any:
    """Only the listening socket waits in the loop."""

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.close()
        await aio.send(ch, 1)
        server.close()

    server = await asyncio.start_server(serve, "127.0.0.1", 0)
    import socket

    address = server.sockets[0].getsockname()
    timer = threading.Timer(0.15, lambda: socket.create_connection(address).close())
    timer.start()
    return timer


@pytest.mark.parametrize("what", PENDING)
def test_no_deadlock_while_the_loop_has_something_pending(what: str) -> None:
    def main() -> int:
        ch = Chan[int]()
        kept = aio.await_(PENDING[what](ch))
        got = ch.recv()
        if isinstance(kept, threading.Timer):
            kept.join()
        return got

    assert run(main) == 1


# --- interrupts --------------------------------------------------------------------------------------------

signals = pytest.mark.skipif(sys.platform == "win32", reason="no signals to send")


senders: list[threading.Thread] = []
over = threading.Event()


@pytest.fixture(autouse=True)
def senders_end() -> Iterator[None]:
    over.clear()
    yield
    over.set()
    while senders:
        senders.pop().join()


def main_sleeps() -> bool:
    """Ask the kernel whether the main thread sleeps."""
    stat = Path(f"/proc/self/task/{threading.main_thread().native_id}/stat")
    return not stat.exists() or stat.read_text().rpartition(")")[2].split()[0] == "S"


def interrupt_soon(asleep: bool = False) -> None:
    """Send Ctrl-C in a moment; or when the main thread sleeps, and not just waits for the GIL."""

    def send() -> None:
        looks = 0
        while looks < 5:
            time.sleep(0.002)
            looks = looks + 1 if not asleep or main_sleeps() else 0
        os.kill(os.getpid(), signal.SIGINT)
        # Python 3.11 may forget to call the handler, for a while, when a thread ends that has used greenlets.
        over.wait()

    senders.append(threading.Thread(target=send, daemon=True))
    senders[-1].start()


@signals
@pytest.mark.parametrize("wait", ["sleep", "task", "computing"])
def test_ctrl_c_during_await(wait: str) -> None:
    log: list[str] = []

    async def computing() -> None:
        while True:
            pass

    coroutines: dict[str, Callable[[], Coroutine[Any, Any, Any]]] = {
        "sleep": lambda: asyncio.sleep(60),
        "task": lambda: forever(log),
        "computing": computing,
    }

    def main() -> str:
        try:
            interrupt_soon(asleep=wait != "computing")
            aio.await_(coroutines[wait]())
        except KeyboardInterrupt:
            log.append("caught")
        # The loop goes on.
        return aio.await_(soon("afterwards"))  # type: ignore[no-any-return]

    assert run(main) == "afterwards"
    assert log[0] == "caught"
    assert log[1:] == (["CancelledError"] if wait == "task" else [])


@signals
def test_ctrl_c_after_a_program_without_run_began_again() -> None:
    """The loop is still the same one, and what leaves it comes to the new program."""

    async def computing() -> None:
        while True:
            pass

    assert aio.await_(soon(1)) == 1
    go(lambda: aio.await_(fail(KeyError("lost"))))
    with pytest.raises(KeyError, match="lost"):
        aio.await_(forever())
    assert aio.await_(soon(2)) == 2
    with pytest.raises(KeyboardInterrupt):
        interrupt_soon()
        aio.await_(computing())
    out = Chan[int]()
    go(lambda: out.send(aio.await_(soon(3))))
    assert out.recv() == 3
    run(lambda: None)


@signals
def test_ctrl_c_ends_the_program() -> None:
    log: list[str] = []

    def main() -> None:
        go(lambda: aio.await_(forever(log)))
        try:
            interrupt_soon(asleep=True)
            aio.await_(forever(log))
        finally:
            log.append("main")

    with pytest.raises(KeyboardInterrupt):
        run(main)
    assert log == ["main", "CancelledError", "CancelledError"]
    assert run(lambda: aio.await_(soon(1))) == 1


@signals
def test_ctrl_c_in_a_loop_that_runs() -> None:
    """asyncio.run cancels its main task then, and that unwinds the program."""
    log: list[str] = []

    def main() -> None:
        try:
            interrupt_soon()
            gotime.sleep(60)
        finally:
            log.append("main")

    with pytest.raises(KeyboardInterrupt):
        in_loop(main)
    assert log == ["main"]


@signals
@pytest.mark.skipif(uvloop is None, reason="uvloop is not installed")
def test_ctrl_c_in_uvloop(factory: Callable[[Any], None]) -> None:
    factory(uvloop.new_event_loop)

    def main() -> str:
        with pytest.raises(KeyboardInterrupt):
            # Amid one of its callbacks, uvloop would report it and go on.
            interrupt_soon(asleep=True)
            aio.await_(asyncio.sleep(60))
        return aio.await_(soon("afterwards"))  # type: ignore[no-any-return]

    assert run(main) == "afterwards"


@pytest.mark.gochan
@signals
@pytest.mark.parametrize("loop", [asyncio.new_event_loop, getattr(uvloop, "new_event_loop", None)])
def test_a_signal_that_does_not_interrupt_the_loop(loop: Any, factory: Callable[[Any], None]) -> None:
    """Another thread gets it, and the sleep goes on, as it does after one that comes right before it."""
    if loop is None:
        pytest.skip("uvloop is not installed")
    factory(loop)
    c = Chan[signal.Signals](1)
    gosignal.notify(c, signal.SIGUSR1)
    let_the_loop_run()
    sender = threading.Timer(0.01, lambda: signal.pthread_kill(threading.get_ident(), signal.SIGUSR1))
    begin = monotonic()
    sender.start()
    assert select(recv(c), timeout(20)) == (0, signal.SIGUSR1, True)
    assert monotonic() - begin < 15
    sender.join()


@signals
# Coverage's tracer takes a lock at each call, in Python, and an interrupt there leaves it held for good.
@pytest.mark.skipif(sys.gettrace() is not None, reason="an interrupt may hit the tracer")
# It may come after soon() and before await_ has begun.
@pytest.mark.filterwarnings("ignore:coroutine 'soon' was never awaited:RuntimeWarning")
# Python reports one that arrives in a finalizer as unraisable.
@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
def test_ctrl_c_at_many_moments() -> None:
    """Wherever it meets goroutines and tasks that do nothing but pass values on, the engine stays whole."""

    def main() -> None:
        there, back = Chan[int](), Chan[int]()

        async def echo() -> None:
            async for v in aio.each(there):
                await aio.send(back, v)

        let_the_loop_run()
        begin.set()

        go(lambda: aio.await_(echo()))
        while True:
            there << 1
            back.recv()
            aio.await_(soon())

    def interrupt(after: float) -> None:
        begin.wait()
        time.sleep(after)
        os.kill(os.getpid(), signal.SIGINT)
        # Python itself swallows one that arrives in a finalizer, or in the report of what came out of one.
        while not ended.wait(2):
            os.kill(os.getpid(), signal.SIGINT)

    for i in range(30):
        begin, ended = threading.Event(), threading.Event()
        thread = threading.Thread(target=interrupt, args=(0.002 + i * 37e-6,))
        thread.start()
        try:
            with pytest.raises(KeyboardInterrupt):
                run(main)
        finally:
            ended.set()
            thread.join()
        assert sched.main is None
        assert not sched.runnable()
    assert run(lambda: aio.await_(soon(1))) == 1


def test_asyncio_removes_its_own_handler_of_ctrl_c() -> None:
    """asyncio.run does so only if it finds the handler that it has set, also if a program still runs."""

    async def main() -> None:
        handler = signal.getsignal(signal.SIGINT)
        assert await aio.run(lambda: signal.getsignal(signal.SIGINT)) is handler

    asyncio.run(main())
    assert signal.getsignal(signal.SIGINT) is signal.default_int_handler


# --- what is shown -----------------------------------------------------------------------------------------


@pytest.mark.gochan(leaks=True)
def test_the_stack_of_a_goroutine_that_awaits() -> None:
    go(lambda: aio.await_(forever()))
    let_the_loop_run()
    assert "goroutine 2 [await]:" in stack(all=True)
    before = num_goroutine()
    with pytest.raises(context.Canceled):
        ctx, cancel = context.with_cancel(BACKGROUND)
        go(cancel)
        aio.await_(forever(), ctx)
    assert num_goroutine() == before


def test_goexit_around_an_await() -> None:
    """A goroutine that ends in the middle takes nothing with it."""

    def main() -> int:
        out = Chan[int](1)

        def worker() -> None:
            out.send(aio.await_(soon(1)))
            goexit()

        go(worker)
        return out.recv()

    assert run(main) == 1
