"""asyncio in a program of goroutines, and goroutines in an asyncio program.

In a goroutine, `await_(awaitable)` waits for a coroutine, future or task.  The event loop that runs it is
made on first use and shares the thread: it runs when all goroutines wait, and otherwise when goroutines
switch, at most once per millisecond.

In asyncio, `await run(main)` runs a program of goroutines in the running event loop, and `recv`, `recv_ok`,
`send`, `select` and `each` let tasks use the program's channels.  Tasks and callbacks may also make calls
that don't block: `go`, `close`, a context's cancel function.

While a loop shares the thread, a sleep ends up to a millisecond late, as the loop's own timers do.

If every goroutine waits, gochan raises `Deadlock` only when the loop can't wake one: it has no timers, no
file descriptors, and no tasks except those that wait for a channel.  gochan sees this in asyncio's own loops.
With others, such as uvloop's, the program keeps waiting.

Invariants
- A coroutine that a goroutine awaits is an `Await`, which the loop's greenlet runs without an asyncio task.
  The goroutine puts it into the loop's queue and parks: see _loop.py.
- If a task is canceled after its receive got a value, the value goes back to the channel.
"""

from __future__ import annotations

import asyncio
from asyncio import events
from collections.abc import AsyncIterator, Awaitable, Callable, Coroutine
from contextlib import suppress
from contextvars import copy_context
from functools import partial
from operator import call
from types import CoroutineType
from typing import Any, ParamSpec, TypeVar, overload

from greenlet import GreenletExit, getcurrent, greenlet

from .._engine import impl as _impl
from .._engine import run as _run
from .._engine.ends import RecvChan, SendChan
from .._engine.impl import Await, Case, Chan, G, getg, sched, select_async
from .._engine.keep import keep
from .._engine.program import program
from .._engine.selected import (
    A,
    B,
    C,
    D,
    E,
    F,
    H,
    I,
    Result1,
    Result2,
    Result3,
    Result4,
    Result5,
    Result6,
    Result7,
    Result8,
)
from .._engine.task import Task, new_await
from ..context import Context, check_context
from ._loop import SharedLoop, share, unshare

__all__ = ["await_", "each", "recv", "recv_ok", "run", "select", "send", "set_loop_factory"]

_P = ParamSpec("_P")
_R = TypeVar("_R")
_T = TypeVar("_T")

# Task factories that are not used: the eager one would run the coroutine in the goroutine, not in the loop.
_NO_FACTORY = (None, getattr(asyncio, "eager_task_factory", None))
# How many Awaits are kept for reuse.
_POOL = 1000

_factory: Callable[[], asyncio.AbstractEventLoop] = asyncio.new_event_loop


def set_loop_factory(factory: Callable[[], asyncio.AbstractEventLoop] | None, /) -> None:
    """Set the function that makes the event loop for `await_`, such as uvloop.new_event_loop.

    None stands for asyncio's default.  A loop that exists already is kept.

    Raises `TypeError` if factory is not callable.

    >>> import asyncio
    >>> from gochan import aio
    >>> aio.set_loop_factory(asyncio.new_event_loop)
    >>> aio.set_loop_factory(None)
    """
    global _factory
    if factory is not None and not callable(factory):
        raise TypeError(
            f"aio.set_loop_factory: {factory!r} is not callable; give a function that makes a loop"
        )
    _factory = asyncio.new_event_loop if factory is None else factory


def _shared_loop() -> SharedLoop:
    """Find the program's loop, making it on first use."""
    shared = program.idle
    if isinstance(shared, SharedLoop):
        return shared
    if events._get_running_loop() is not None:
        raise RuntimeError(
            "aio.await_: an event loop runs in this thread already; start the program in it with "
            "`await aio.run(main)`, or in a notebook's cell use `await`"
        )
    shared = SharedLoop(_factory(), None)
    # The order matters if a signal handler raises in between.
    program.at_end.append(_close)
    share(shared)
    return shared


def _close() -> None:
    """Close the loop that await_ made, at the program's end.  May be called again, after an exception."""
    shared = program.idle
    if isinstance(shared, SharedLoop):
        try:
            unshare()
        except BaseException:
            # A signal handler has raised in it.
            unshare()
            raise
        finally:
            shared.close()
    with suppress(ValueError):
        program.at_end.remove(_close)


# --- from a goroutine ------------------------------------------------------------------------------------


def await_(awaitable: Awaitable[_T], /, ctx: Context | None = None) -> _T:
    """Wait for a coroutine, future or task, while other goroutines run; return its result.

    If ctx ends first, the task is canceled and ctx.err() raised.  If the goroutine is unwound, the task is
    canceled, too.  A coroutine runs in a copy of the goroutine's contextvars context.

    Raises what the awaitable raises; `TypeError` if awaitable is not awaitable or ctx is not a context;
    `RuntimeError` in a thread other than the runtime's, and in one whose event loop runs already: see `run`.

    >>> import asyncio
    >>> from gochan import aio, go, run
    >>> def main() -> None:
    ...     go(print, "other goroutines run")
    ...     print(aio.await_(asyncio.sleep(0.001, "slept")))
    >>> run(main)
    other goroutines run
    slept
    """
    native = awaitable.__class__ is CoroutineType
    if not native and not isinstance(awaitable, Awaitable):
        raise TypeError(f"aio.await_: {awaitable!r} is not awaitable; give a coroutine, a future or a task")
    try:
        if ctx is not None:
            check_context("aio.await_", ctx)
        if getg().thread:
            raise RuntimeError(
                "aio.await_: called in a thread that is not the runtime's; from here, "
                "thread.submit(aio.await_, coroutine) calls it in a goroutine"
            )
        shared = program.idle
        if shared.__class__ is not SharedLoop:
            shared = _shared_loop()
    except BaseException:
        # Suppress the warning that the coroutine was never awaited: the error says enough.
        if isinstance(awaitable, Coroutine):
            awaitable.close()
        raise
    if (
        (native or isinstance(awaitable, Coroutine))
        and shared.plain
        and shared.loop.get_task_factory() in _NO_FACTORY
    ):
        coroutine: Any = awaitable
        result: _T = _await_coroutine(shared, coroutine, ctx)
        return result
    return _await_future(shared, awaitable, ctx)


def _await_coroutine(shared: SharedLoop, coroutine: Coroutine[Any, Any, _T], ctx: Context | None) -> _T:
    """Wait for a coroutine without a task that asyncio runs."""
    a: Await | None = None
    shared.awaiting += 1
    try:
        a = shared.pool.pop() if shared.pool else new_await(shared.loop, shared.kick)
        a.begin(coroutine)
        shared.queue.append(a)
        if ctx is None:
            a.wait()
        else:
            _wait_for_either(a, ctx)
        result: _T = a.result()
        return result
    except BaseException:
        if a is None or a.coro is None:
            coroutine.close()
        elif not a.done:
            _leave(shared, a)
        raise
    finally:
        shared.awaiting -= 1
        if a is not None and a.reset() and len(shared.pool) < _POOL:
            shared.pool.append(a)
        # The traceback of the coroutine's exception holds this frame.
        a = None


def _wait_for_either(a: Await, ctx: Context) -> None:
    """Wait until a coroutine has ended; raise ctx.err() if ctx ends first."""
    while not a.done:
        _impl.select(_impl.recv(a.ended), _impl.recv(ctx.done()))
        if not a.done and (err := ctx.err()) is not None:
            raise err


def _leave(shared: SharedLoop, a: Await) -> None:
    """Cancel a coroutine whose goroutine no longer waits for it."""
    a.orphan = True
    if not a.started:
        a.drop()
        return
    # Otherwise only the future that it waits for may refer to it, and the collector would free both.
    shared.orphans.add(a.task)
    a.task.add_done_callback(shared.orphans.discard)
    if shared.guest or not sched.ending:
        shared.uninterrupted(a.task.cancel)
    # Otherwise close cancels it; a second time would interrupt what the task does about the first.


def _await_future(shared: SharedLoop, awaitable: Awaitable[_T], ctx: Context | None) -> _T:
    """Wait for a future or task, or for an awaitable that asyncio turns into a task."""
    tasks: list[asyncio.Future[_T]] = []
    counted = False
    try:
        done = Chan._unbubbled(1)
        loop: asyncio.AbstractEventLoop = shared.loop
        make: Callable[[Any], asyncio.Future[_T]] = partial(asyncio.ensure_future, loop=loop)
        if isinstance(awaitable, Coroutine):
            make = loop.create_task
        shared.uninterruptible += 1
        try:
            keep(tasks, make, awaitable)
        finally:
            shared.uninterruptible -= 1
        task = tasks[0]
        if task.done():
            return task.result()
        task.add_done_callback(partial(_arrive, shared, done))
        # Sent again, in case a signal handler raises in _arrive.  Only the first value counts.
        task.add_done_callback(done._offer)
        shared.awaiting += 1
        counted = True
        shared.awaited[task] = done
        if ctx is None:
            done._wait("await")
        else:
            _impl.select(_impl.recv(done), _impl.recv(ctx.done()))
            if not task.done():
                err = ctx.err()
                assert err is not None
                raise err
    except BaseException:
        if not tasks and isinstance(awaitable, Coroutine):
            awaitable.close()
        elif tasks and (shared.guest or not sched.ending):
            shared.uninterrupted(tasks[0].cancel)
        # As in _leave.
        raise
    finally:
        if counted:
            shared.awaiting -= 1
            shared.awaited.pop(task, None)
    return task.result()


def _arrive(shared: SharedLoop, done: Chan[Any], task: asyncio.Future[Any]) -> None:
    """Wake the goroutine that awaits: called in the loop."""
    sched.hub_asleep = False
    done._offer(None)
    shared.yield_to_goroutines()


# --- from asyncio ----------------------------------------------------------------------------------------


async def run(fn: Callable[_P, _R], /, *args: _P.args, **kwargs: _P.kwargs) -> _R:
    """Run `fn(*args, **kwargs)` as a program's main goroutine in the running event loop: see `gochan.run`.

    fn starts at once.  Goroutines and the loop share the thread: the loop runs when all goroutines wait, and
    at least once each millisecond if they yield.  Cancelling the task unwinds the program.

    A program that began without `run`, as in a notebook's cell, ends first, and its goroutines are unwound.
    So does one whose loop was closed before the program ended.

    Raises what `gochan.run` raises.

    >>> import asyncio
    >>> from gochan import Chan, aio, go
    >>> def main() -> int:
    ...     numbers = Chan[int]()
    ...     go(lambda: numbers << 7)
    ...     return numbers.recv()
    >>> asyncio.run(aio.run(main))
    7
    """
    if not callable(fn):
        raise TypeError(f"aio.run: {fn!r} is not callable; give the main function: await aio.run(main)")
    if sched.main is not None and not _run.end_implicit() and not _run.end_abandoned():
        raise RuntimeError("aio.run: a program runs already; start a goroutine in it with go(f)")
    loop = asyncio.get_running_loop()
    future: asyncio.Future[_R] = loop.create_future()
    shared = SharedLoop(loop, getcurrent())
    goroutines = greenlet(_run_program)
    goroutines.gr_context = copy_context()
    goroutines.switch(shared, future, fn, args, kwargs)
    try:
        return await asyncio.shield(future)
    except asyncio.CancelledError as cancelled:
        if future.done():
            raise
        _run.cancel(cancelled)
        shared.kick()
        while not future.done():
            # A second cancellation does not leave a program behind.
            with suppress(asyncio.CancelledError):
                await asyncio.wait([future])
        # So that asyncio does not log that the exception was never retrieved.
        future.exception()
        raise


def _run_program(
    shared: SharedLoop,
    future: asyncio.Future[Any],
    fn: Callable[..., object],
    args: tuple[Any, ...],
    kwargs: dict[str, Any],
) -> None:
    """Run a program in this greenlet, and put its result, or what it raises, into future."""
    raised: BaseException | None = None
    result: Any = None
    try:
        try:
            events._set_running_loop(None)
            share(shared)
            result = _run.run(fn, *args, **kwargs)
        except GreenletExit:
            # The greenlet was collected: nothing uses its loop any more.
            raise
        except BaseException as e:
            raised = e
        _end_program(shared, future, result, raised)
    except GreenletExit:
        raise
    except BaseException as e:
        # A signal handler has raised in it.
        _end_program(shared, future, result, e if raised is None else raised)


def _end_program(
    shared: SharedLoop, future: asyncio.Future[Any], result: object, raised: BaseException | None
) -> None:
    """Give up the loop, and pass the result to the task.  May be called again, after an exception."""
    for waiting in shared.parked:
        if not waiting.done():
            waiting.set_exception(RuntimeError("aio: the program has ended"))
    shared.silence()
    unshare()
    events._set_running_loop(shared.loop)
    if future.done():
        return
    if raised is None:
        future.set_result(result)
    elif isinstance(raised, StopIteration):
        # Neither a future nor a coroutine can raise StopIteration.
        error = RuntimeError("aio.run: main raised StopIteration, which a coroutine cannot raise")
        error.__cause__ = raised
        future.set_exception(error)
    else:
        future.set_exception(raised)


async def recv(ch: RecvChan[_T], /) -> _T:
    """Receive from ch in an asyncio task, as `Chan.recv` does; a canceled receive loses no value.

    Raises `TypeError` if ch is not a channel, and as `select` does.

    >>> from gochan import Chan, aio, run
    >>> async def task(ch: Chan[int]) -> object:
    ...     return 2 * await aio.recv(ch)
    >>> def main() -> None:
    ...     ch = Chan[int](1)
    ...     ch << 21
    ...     print(aio.await_(task(ch)))
    >>> run(main)
    42
    """
    v: _T
    _, v, _ = await _select("aio.recv", (_impl.recv(ch),))
    return v


async def recv_ok(ch: RecvChan[_T], /) -> tuple[_T, bool]:
    """Receive from ch in an asyncio task, as `Chan.recv_ok` does; a canceled receive loses no value.

    Raises what `recv` raises.

    >>> from gochan import Chan, aio, run
    >>> async def task(ch: Chan[int]) -> object:
    ...     return await aio.recv_ok(ch)
    >>> def main() -> None:
    ...     ch = Chan[int](1)
    ...     ch << 21
    ...     print(aio.await_(task(ch)))
    >>> run(main)
    (21, True)
    """
    _, v, ok = await _select("aio.recv_ok", (_impl.recv(ch),))
    return v, ok


async def send(ch: SendChan[_T], v: _T, /) -> None:
    """Send v into ch in an asyncio task, as `Chan.send` does.

    If the task is canceled while it waits, v is not sent, unless a receiver has taken it already.

    Raises `TypeError` if ch is not a channel or v is not of its element type, and as `select` does.

    >>> from gochan import Chan, aio, run
    >>> async def task(ch: Chan[str]) -> None:
    ...     await aio.send(ch, "from asyncio")
    >>> def main() -> None:
    ...     ch = Chan[str](1)
    ...     aio.await_(task(ch))
    ...     print(ch.recv())
    >>> run(main)
    from asyncio
    """
    await _select("aio.send", (_impl.send(ch, v),))


async def each(ch: RecvChan[_T], /) -> AsyncIterator[_T]:
    """Iterate over the values received from ch until it is closed: `async for v in each(ch)`.

    Raises what `recv` raises.

    >>> from gochan import Chan, aio, run
    >>> async def total(ch: Chan[int]) -> int:
    ...     return sum([n async for n in aio.each(ch)])
    >>> def main() -> None:
    ...     ch = Chan[int](3)
    ...     ch << 1
    ...     ch << 2
    ...     ch.close()
    ...     print(aio.await_(total(ch)))
    >>> run(main)
    3
    """
    while True:
        v, ok = await recv_ok(ch)
        if not ok:
            return
        yield v


@overload
async def select(c0: Case[A], /) -> Result1[A]: ...
@overload
async def select(c0: Case[A], c1: Case[B], /) -> Result2[A, B]: ...
@overload
async def select(c0: Case[A], c1: Case[B], c2: Case[C], /) -> Result3[A, B, C]: ...
@overload
async def select(c0: Case[A], c1: Case[B], c2: Case[C], c3: Case[D], /) -> Result4[A, B, C, D]: ...
@overload
async def select(
    c0: Case[A], c1: Case[B], c2: Case[C], c3: Case[D], c4: Case[E], /
) -> Result5[A, B, C, D, E]: ...
@overload
async def select(
    c0: Case[A], c1: Case[B], c2: Case[C], c3: Case[D], c4: Case[E], c5: Case[F], /
) -> Result6[A, B, C, D, E, F]: ...
@overload
async def select(
    c0: Case[A], c1: Case[B], c2: Case[C], c3: Case[D], c4: Case[E], c5: Case[F], c6: Case[H], /
) -> Result7[A, B, C, D, E, F, H]: ...
@overload
async def select(
    c0: Case[A], c1: Case[B], c2: Case[C], c3: Case[D], c4: Case[E], c5: Case[F], c6: Case[H], c7: Case[I], /
) -> Result8[A, B, C, D, E, F, H, I]: ...
@overload
async def select(*cases: Case[Any]) -> tuple[int, Any, bool]: ...
async def select(*cases: Case[Any]) -> Any:
    """Run one of the cases in an asyncio task, as `gochan.select` does.

    If the task is canceled, no case runs.  If a case has already received a value, the value goes back to its
    channel.

    Raises what `gochan.select` raises, and `RuntimeError` while no program runs in this loop.

    >>> from gochan import Chan, aio, recv, run, timeout
    >>> async def task(ch: Chan[int]) -> str:
    ...     match await aio.select(recv(ch), timeout(0.001)):
    ...         case 0, number, _:
    ...             return f"got {number}"
    ...         case _:
    ...             return "too late"
    >>> def main() -> None:
    ...     print(aio.await_(task(Chan[int]())))
    >>> run(main)
    too late
    """
    return await _select("aio.select", cases)


async def _select(name: str, cases: tuple[Case[Any], ...]) -> Any:
    """Run one of the cases for a task; name is the function that it called."""
    shared = program.idle
    loop = asyncio.get_running_loop()
    if sched.main is None or not isinstance(shared, SharedLoop) or shared.loop is not loop:
        with suppress(TypeError):
            # None makes this select fail.  It marks the cases as given; otherwise they would warn that no
            # select got them.
            select_async((*cases, None), print)  # type: ignore[arg-type]
        raise RuntimeError(
            f"{name}: no goroutines run in this event loop; start them with `await aio.run(main)`, or await "
            "the coroutine in a goroutine: aio.await_(coroutine)"
        )
    future: asyncio.Future[None] = loop.create_future()
    # Goroutines that this wakes run when the loop next runs the hub, so no write to the loop's socket is
    # needed.  The hub then also detects a deadlock.
    sched.hub_asleep = False
    shared.kick()
    task = asyncio.current_task()
    # While this task waits for a channel, no I/O will wake a goroutine that waits for this task.
    awaited = _is_awaited(shared, task)
    # Assigned by map and unpacking, with no call between it and the `try`.  Otherwise a signal handler could
    # raise after a value was received, and the value would be lost.
    (waiting,) = map(select_async, (cases,), (partial(_chosen, shared, future),))
    if waiting.__class__ is not G:
        return waiting
    shared.awaiting -= awaited
    shared.parked[future] = task
    try:
        await future
    except BaseException:
        # Canceled, or the program has ended.  A value that has been received goes back to its channel.
        sched.hub_asleep = False
        waiting.cancel()
        if program.idle is shared:
            shared.kick()
        raise
    finally:
        del shared.parked[future]
        shared.awaiting += awaited
    (outcome,) = map(call, (waiting.result,))
    return outcome


def _is_awaited(shared: SharedLoop, task: asyncio.Task[Any] | None) -> bool:
    """Return whether a goroutine waits for a task."""
    return (isinstance(task, Task) and not task._await.orphan) or task in shared.awaited


def _chosen(shared: SharedLoop, future: asyncio.Future[None], _: G) -> None:
    """Let the task continue: called in the goroutine that was made ready for it."""
    # If a finalizer waits in here, the task runs, and may have canceled the future.
    if not future.done():
        with suppress(asyncio.InvalidStateError):
            shared.uninterrupted(future.set_result, None)
