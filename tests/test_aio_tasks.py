"""What asyncio sees as the task of a coroutine that a goroutine awaits, and when that task is used again."""

import asyncio
import contextvars
import gc
import inspect
import sys
import weakref
from collections.abc import Callable, Coroutine, Iterator
from contextlib import suppress
from typing import Any

import pytest

from gochan import Chan, aio, context, go
from gochan import sync as gosync
from gochan._engine.program import program
from gochan.runtime import gosched

try:
    import uvloop
except ImportError:
    uvloop = None

LOOPS = [asyncio.new_event_loop] if uvloop is None else [asyncio.new_event_loop, uvloop.new_event_loop]

pytestmark = pytest.mark.gochan


@pytest.fixture(params=LOOPS, ids=lambda loop: loop.__module__.partition(".")[0], autouse=True)
def loop_factory(request: pytest.FixtureRequest) -> Iterator[None]:
    aio.set_loop_factory(request.param)
    yield
    aio.set_loop_factory(None)


def current() -> asyncio.Task[Any]:
    task = asyncio.current_task()
    assert task is not None
    return task


async def sleeps(turns: int, value: Any = None) -> Any:
    for _ in range(turns):
        await asyncio.sleep(0)
    return value


async def forever() -> None:
    await asyncio.get_running_loop().create_future()


# --- what the coroutine sees -----------------------------------------------------------------------------


def test_the_current_task() -> None:
    """It is one task from the first step to the last, and a real one."""

    async def look() -> list[asyncio.Task[Any]]:
        seen = [current()]
        await asyncio.sleep(0)
        seen.append(current())
        await asyncio.sleep(0.001)
        task = current()
        assert isinstance(task, asyncio.Task)
        assert isinstance(task, asyncio.Future)
        assert task in asyncio.all_tasks()
        assert task.get_loop() is asyncio.get_running_loop()
        coro: Any = task.get_coro()
        assert inspect.getcoroutinestate(coro) == inspect.CORO_RUNNING
        assert not task.done()
        assert not task.cancelled()
        assert task.cancelling() == 0
        assert "look" in repr(task)
        assert "look" in str(task.get_stack())
        if sys.version_info >= (3, 12):
            assert task.get_context() is not None
        return [*seen, task]

    seen = aio.await_(look())
    assert seen[0] is seen[1] is seen[2]
    assert seen[0].done()
    assert seen[0].result() is seen
    assert aio.await_(seen[0]) is seen


def test_names() -> None:
    async def name() -> str:
        current().set_name("mine")
        await asyncio.sleep(0)
        return current().get_name()

    async def own() -> str:
        return current().get_name()

    assert aio.await_(name()) == "mine"
    names = [aio.await_(own()) for _ in range(3)]
    assert len(set(names)) == 3
    assert all(each.startswith("Task-") for each in names)


@pytest.mark.parametrize("turns", [0, 1, 3])
def test_no_task_is_current_between_steps(turns: int) -> None:
    seen: list[Any] = []

    async def main() -> None:
        asyncio.get_running_loop().call_soon(lambda: seen.append(asyncio.current_task()))
        await sleeps(turns)

    aio.await_(main())
    aio.await_(sleeps(2))
    assert seen == [None]


def test_context_variables_from_step_to_step() -> None:
    var = contextvars.ContextVar("var", default=0)

    async def count() -> int:
        for _ in range(3):
            var.set(var.get() + 1)
            await asyncio.sleep(0)
        await asyncio.create_task(sleeps(1))
        return var.get()

    var.set(10)
    assert [aio.await_(count()), aio.await_(count()), var.get()] == [13, 13, 10]


# --- canceling -------------------------------------------------------------------------------------------


async def timeouts() -> str:
    with pytest.raises(TimeoutError):
        async with asyncio.timeout(0.002):
            await forever()
    assert current().cancelling() == 0
    with pytest.raises(TimeoutError):
        async with asyncio.timeout(0):
            await forever()
    with pytest.raises(asyncio.TimeoutError):
        await asyncio.wait_for(forever(), 0.001)
    return "went on"


async def groups() -> str:
    async def fail() -> None:
        await asyncio.sleep(0)
        raise ZeroDivisionError

    with pytest.raises(ExceptionGroup):
        async with asyncio.TaskGroup() as group:
            group.create_task(fail())
            await forever()
    assert current().cancelling() == 0
    return "went on"


async def anyios() -> str:
    anyio = pytest.importorskip("anyio")
    with anyio.move_on_after(0.002) as scope:
        await anyio.sleep(60)
    assert scope.cancelled_caught
    with anyio.CancelScope() as scope:
        scope.cancel()
        await anyio.sleep(60)
    assert scope.cancelled_caught
    async with anyio.create_task_group() as group:
        group.start_soon(anyio.sleep, 60)
        await anyio.sleep(0)
        group.cancel_scope.cancel()
    return "went on"


async def itself() -> str:
    current().cancel("by itself")
    assert current().cancelling() == 1
    with pytest.raises(asyncio.CancelledError, match="by itself"):
        await asyncio.sleep(5)
    assert current().uncancel() == 0
    await asyncio.sleep(0)
    return "went on"


@pytest.mark.parametrize("make", [timeouts, groups, anyios, itself])
def test_cancel_scopes(make: Callable[[], Coroutine[Any, Any, str]]) -> None:
    """Twice, and the next coroutine finds nothing of what these did to the task."""

    async def clean() -> int:
        await asyncio.sleep(0)
        return current().cancelling()

    assert [aio.await_(make()), aio.await_(clean()), aio.await_(make())] == ["went on", 0, "went on"]


@pytest.mark.parametrize("turns", [0, 1, 2, 3])
def test_a_cancel_from_outside(turns: int) -> None:
    """In the moment when the coroutine has not started, waits, or has ended."""
    tasks: list[asyncio.Task[Any]] = []
    wg = gosync.WaitGroup()

    async def cancel() -> None:
        await sleeps(turns)
        for task in tasks:
            task.cancel("outside")

    async def wait() -> str:
        tasks.append(current())
        try:
            await sleeps(2)
        except asyncio.CancelledError as e:
            assert e.args == ("outside",)
            raise
        return "ended"

    out: list[str] = []

    @wg.go
    def _() -> None:
        try:
            out.append(aio.await_(wait()))
        except asyncio.CancelledError as e:
            out.append(str(e))

    wg.go(lambda: aio.await_(cancel()))
    wg.wait()
    assert out[0] in ("ended", "outside")
    assert tasks[0].done()
    assert tasks[0].cancelled() == (out == ["outside"])
    assert not tasks[0].cancel()


def test_a_cancel_in_the_last_step() -> None:
    async def last() -> int:
        current().cancel()
        return 1

    with pytest.raises(asyncio.CancelledError):
        aio.await_(last())
    assert aio.await_(sleeps(1, 2)) == 2


def test_a_coroutine_that_ignores_its_cancelation() -> None:
    """It goes on without its goroutine, and nothing frees it before it has ended."""
    log: list[str] = []

    async def stubborn() -> None:
        try:
            await forever()
        except asyncio.CancelledError:
            log.append("canceled")
        # Only the future and the task refer to each other.
        await lonely()
        log.append("ended")

    async def lonely() -> None:
        future = asyncio.get_running_loop().create_future()
        wake.append(weakref.ref(future))
        await future

    wake: list[weakref.ref[asyncio.Future[None]]] = []
    ctx, cancel = context.with_cancel(context.background())
    go(lambda: (aio.await_(sleeps(2)), cancel()))
    with pytest.raises(context.Canceled):
        aio.await_(stubborn(), ctx)
    aio.await_(sleeps(3))
    assert log == ["canceled"]
    assert len(program.idle.orphans) == 1
    gc.collect()
    future = wake[0]()
    assert future is not None
    future.get_loop().call_soon(future.set_result, None)
    aio.await_(sleeps(3))
    assert log == ["canceled", "ended"]
    assert not program.idle.orphans


@pytest.mark.parametrize("exception", [ValueError("mine"), KeyboardInterrupt("mine"), SystemExit("mine")])
def test_exceptions_reach_the_goroutine(exception: BaseException) -> None:
    async def fail(turns: int) -> None:
        await sleeps(turns)
        raise exception

    for turns in (0, 1):
        with pytest.raises(type(exception), match="mine") as e:
            aio.await_(fail(turns))
        assert e.value is exception
    assert aio.await_(sleeps(1, 3)) == 3


# --- what a coroutine may yield --------------------------------------------------------------------------


class Yields:
    """Yields an object, as a future does itself."""

    def __init__(self, what: Any) -> None:
        self.what = what

    def __await__(self) -> Any:
        return (yield self.what)


async def await_current() -> None:
    await current()


async def await_others_future() -> None:
    loop = asyncio.new_event_loop()
    try:
        await loop.create_future()
    finally:
        loop.close()


async def await_a_number() -> None:
    await Yields(3)


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (await_current, "cannot await on itself"),
        (await_others_future, "different loop"),
        (await_a_number, "yielded 3"),
    ],
)
def test_what_cannot_be_awaited(make: Callable[[], Coroutine[Any, Any, None]], message: str) -> None:
    with pytest.raises(RuntimeError, match=message):
        aio.await_(make())
    assert aio.await_(sleeps(1, 1)) == 1


@pytest.mark.parametrize("cancel_first", [True, False])
def test_a_cancel_and_a_result_at_the_same_time(cancel_first: bool) -> None:
    """The callback of the wait that the cancel ends resumes the coroutine once, and not in its next wait."""
    log: list[str] = []

    async def main() -> str:
        loop = asyncio.get_running_loop()
        future = loop.create_future()
        task = current()

        def finish() -> None:
            if not future.done():
                future.set_result(None)

        for callback in (task.cancel, finish) if cancel_first else (finish, task.cancel):
            loop.call_soon(callback)
        try:
            await future
        except asyncio.CancelledError:
            log.append("canceled")
        task.uncancel()
        await asyncio.sleep(0.001)
        log.append("slept")
        return "ended"

    assert aio.await_(main()) == "ended"
    assert log == ["canceled", "slept"]


# --- used again ------------------------------------------------------------------------------------------


def test_a_task_that_nobody_holds_is_used_again() -> None:
    ids: set[int] = set()

    async def note() -> None:
        ids.add(id(asyncio.current_task()))
        await asyncio.sleep(0)

    for _ in range(20):
        aio.await_(note())
    assert len(ids) == 1
    assert len(program.idle.pool) == 1


HOLDERS: dict[str, Callable[[asyncio.Task[Any], list[Any]], object]] = {
    "reference": lambda task, held: held.append(task),
    "weak reference": lambda task, held: held.append(weakref.ref(task)),
    "callback": lambda task, held: task.add_done_callback(held.append),
    "name": lambda task, held: task.set_name("mine"),
    "cancel": lambda task, held: (task.cancel(), task.uncancel()),
}


@pytest.mark.parametrize("hold", HOLDERS.values(), ids=HOLDERS)
@pytest.mark.parametrize("turns", [0, 1])
def test_a_task_that_may_be_looked_at_is_not_used_again(
    hold: Callable[[asyncio.Task[Any], list[Any]], object], turns: int
) -> None:
    held: list[Any] = []

    async def main() -> int:
        hold(current(), held)
        try:
            await sleeps(turns)
        except asyncio.CancelledError:
            await sleeps(turns)
        return 7

    with suppress(asyncio.CancelledError):
        assert aio.await_(main()) == 7
    assert not program.idle.pool
    aio.await_(sleeps(1))
    for each in held:
        task = each() if isinstance(each, weakref.ref) else each
        assert task is None or task.result() == 7


def test_a_task_that_waits_in_the_pool_is_done() -> None:
    async def others() -> set[asyncio.Task[Any]]:
        return asyncio.all_tasks() - {current()}

    wg = gosync.WaitGroup()
    for _ in range(5):
        wg.go(lambda: aio.await_(sleeps(1)))
    wg.wait()
    assert len(program.idle.pool) == 5
    assert aio.await_(others()) == set()


def test_nothing_is_kept_of_a_coroutine() -> None:
    class Thing:
        pass

    async def main(thing: Thing, fails: bool) -> Thing:
        await asyncio.sleep(0)
        if fails:
            raise ZeroDivisionError
        return thing

    gc.disable()
    try:
        for fails in (False, True):
            thing = Thing()
            gone = weakref.ref(thing)
            with suppress(ZeroDivisionError):
                aio.await_(main(thing, fails))
            del thing
            assert gone() is None
    finally:
        gc.enable()


# --- order -----------------------------------------------------------------------------------------------


def test_first_steps_begin_in_the_goroutines_order() -> None:
    log: list[int] = []

    async def note(i: int) -> None:
        log.append(i)

    wg = gosync.WaitGroup()
    for i in range(5):
        wg.go(aio.await_, note(i))
    wg.wait()
    # The newest goroutine runs first, as in Go.
    assert log == [4, 0, 1, 2, 3]


def test_the_loop_runs_beside_coroutines_that_need_not_wait() -> None:
    """Goroutines that do nothing else let the loop run every few milliseconds."""
    done = Chan[None](1)
    stop: list[bool] = []

    async def set_timer() -> None:
        asyncio.get_running_loop().call_later(0.005, stop.append, True)

    def spin() -> None:
        while not stop:
            aio.await_(sleeps(0))
        done.send(None)

    aio.await_(set_timer())
    go(spin)
    go(spin)
    done.recv()
    gosched()
    assert stop == [True]
