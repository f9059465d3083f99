"""asyncio, both ways.

From a goroutine, `await_(awaitable)` parks until a coroutine, future or task is done.  The event loop that
runs it, made on first use, shares the thread: it runs whenever all goroutines wait, and for a turn each
millisecond while they don't.

From asyncio, `await run(main)` runs a program of goroutines inside the loop that is already running, and
`recv`, `recv_ok`, `send`, `select` and `each` let its tasks use the program's channels.  Tasks and callbacks
may also call whatever needs no waiting: `go`, `close`, a context's cancel function.

The loop lives in a greenlet of its own.  Where the scheduler would sleep, the hub hands the thread to that
greenlet; a callback in the loop hands it back.

While a loop shares the thread, a sleep ends up to a millisecond late, as the loop's own timers do.  Where
every goroutine waits for a channel, that is a deadlock as soon as nothing in the loop could change it: it
has no tasks but such as wait for a channel, too, and no timers or file descriptors.  That is seen in
asyncio's own loops; of another's, such as uvloop's, nobody can tell, and the program waits.

Invariants
- While a goroutine runs, no loop counts as running in the thread: a library that looks for one finds none.
- A receive by a task that is cancelled after the value came in gives the value back to its channel.
"""

from __future__ import annotations

import asyncio
import os
import selectors
from asyncio import events
from collections.abc import AsyncIterator, Awaitable, Callable, Coroutine, Iterator
from contextlib import suppress
from contextvars import copy_context
from functools import partial
from time import monotonic_ns
from types import FrameType
from typing import Any, Literal, ParamSpec, TypeVar, overload

from greenlet import GreenletExit, getcurrent, greenlet

from .context import Context
from .runtime import proc
from .runtime import select as _select
from .runtime.chan import Chan
from .runtime.ends import RecvChan, SendChan
from .runtime.error import Panic
from .runtime.netpoll import LOOK, Poller
from .runtime.proc import TURN, blocker
from .runtime.runtime2 import G, sched
from .runtime.select import Case
from .runtime.traceback import is_engine, place

__all__ = ["await_", "each", "recv", "recv_ok", "run", "select", "send", "set_loop_factory"]

_P = ParamSpec("_P")
_R = TypeVar("_R")
_T = TypeVar("_T")
A = TypeVar("A")
B = TypeVar("B")
C = TypeVar("C")
D = TypeVar("D")
E = TypeVar("E")
F = TypeVar("F")
H = TypeVar("H")
I = TypeVar("I")  # noqa: E741

# Where the code lies that must not be broken off while a loop runs.
_LOOPS_OWN = (os.path.dirname(asyncio.__file__) + os.sep, selectors.__file__)
# How many steps a turn of the loop has where nobody can tell whether there is anything left to do.
_STEPS = 10


class _LoopPoller:
    """The idle wait of a program that shares its thread with an event loop: see Poller."""

    def __init__(self, loop: asyncio.AbstractEventLoop, owner: greenlet | None) -> None:
        self.loop = loop
        # The greenlet in which the loop runs: one of our own, made when it first has its turn, or for aio.run
        # the one that called it.
        self.owner = owner
        # Whether the loop was there before the program, and stays after it.
        self.guest = owner is not None
        self._hub: greenlet | None = None
        # Whether _back is about to be called.
        self._woken = False
        # Whether the loop is in the midst of its run_forever.
        self._running = self.guest
        self._interrupted = False
        # Whether a goroutine is making a task: one that is broken off in the midst would be run, and unknown.
        self.busy = False
        self._breath_ends = self._steps = 0
        self._alarm: asyncio.TimerHandle | None = None
        self._alarm_at = 0.0
        # Tasks that wait for a channel: no I/O will wake a goroutine through them.
        self.parked: dict[asyncio.Future[Any], asyncio.Task[Any] | None] = {}
        # Tasks for which a goroutine waits, and how many of those wait for no channel themselves.
        self.awaited: set[asyncio.Future[Any]] = set()
        self.awaiting = 0

    # What the scheduler asks for.

    def wait(self, ns: int) -> None:
        # No longer, as Poller's; and the program may by now wait for a loop that can no more help it.
        when = self.loop.time() + (min(ns, LOOK) if ns >= 0 else LOOK) / 1e9
        # An alarm that rings too early does no harm, and most waits end before any does.
        if self._alarm is None or when < self._alarm_at:
            self.silence()
            self._alarm = self.loop.call_at(when, self._ring)
            self._alarm_at = when
        self._let_run()

    def silence(self) -> None:
        """Cancel the alarm."""
        if self._alarm is not None:
            self._alarm.cancel()
            self._alarm = None

    def _ring(self) -> None:
        self._alarm = None
        self._back()

    def breathe(self) -> None:
        self._breath_ends = monotonic_ns() + TURN
        self._steps = 0
        self._woken = True
        self.loop.call_soon(self._breathed)
        self._let_run()

    def wake(self) -> None:
        if not self._woken:
            self._woken = True
            # Not only from other threads: from a signal's handler, too, while the loop sleeps in its select.
            with suppress(RuntimeError):  # the loop is closed
                self.loop.call_soon_threadsafe(self._back)

    def pending(self) -> bool:
        if self.awaiting > 0:
            return True
        loop: Any = self.loop
        if len(asyncio.all_tasks(loop)) > len(self.parked) + self.guest:
            return True
        try:
            handles = [h for h in (*loop._ready, *loop._scheduled) if h is not self._alarm]
            # One descriptor is the loop's own, by which other threads wake it.
            descriptors = len(loop._selector.get_map()) - 1
            return descriptors > 0 or bool(loop._signal_handlers) or not all(h.cancelled() for h in handles)
        except AttributeError:
            return True

    def running(self) -> bool:
        """Tell whether the caller is a task or callback of the loop."""
        return self._hub is not None and events._get_running_loop() is self.loop

    def interrupt(self, frame: FrameType | None) -> bool:
        """Take a Ctrl-C that meets the loop's own code to the hub; False where it is to be raised at once."""
        if not self.running():
            return False
        code = None if frame is None else frame.f_code
        # A loop written in C has no frames; ours is the one below it.
        if code is not None and not code.co_filename.startswith(_LOOPS_OWN) and not is_engine(code):
            return False
        self._interrupted = True
        self.wake()
        return True

    def stacks(self) -> Iterator[str]:
        """Format the tasks that wait for a channel, as stack_of does goroutines."""
        for task in filter(None, self.parked.values()):
            lines = []
            coro: Any = task.get_coro()
            while (frame := getattr(coro, "cr_frame", None)) is not None:
                if not is_engine(frame.f_code):
                    lines.append(place(frame.f_code, frame.f_lineno))
                coro = coro.cr_await
            yield f"asyncio task {task.get_name()} [select]:\n" + "".join(reversed(lines))

    # Between the hub and the loop.

    def _let_run(self) -> None:
        """Hand the thread to the loop until _back."""
        hub = self._hub = getcurrent()
        try:
            if self.owner is None or self.owner.dead:
                self.owner = greenlet(self._run_loop)
            elif not self.guest and self.owner.parent is not hub:
                # Another hub's, of before the program began anew: what leaves the loop is this one's.
                self.owner.parent = hub
            events._set_running_loop(self.loop if self._running else None)
            self.owner.switch()
        finally:
            self._hub = None
            self._woken = False
            events._set_running_loop(None)
        if self._interrupted:
            self._interrupted = False
            raise KeyboardInterrupt

    def _run_loop(self) -> None:
        self._running = True
        try:
            self.loop.run_forever()
        finally:
            self._running = False

    def _back(self) -> None:
        """Hand the thread back to the hub: called in the loop."""
        hub = self._hub
        if hub is None:
            return
        self.owner = getcurrent()
        hub.switch()
        # The hub has set the running loop for us, and the thread is the loop's again.

    def _breathed(self) -> None:
        """Hand the thread back unless others have their turn, and time is left."""
        self._steps += 1
        more = getattr(self.loop, "_ready", self._steps < _STEPS)
        if more and monotonic_ns() < self._breath_ends:
            self.loop.call_soon(self._breathed)
        else:
            self._back()

    def give_way(self) -> None:
        """Let the goroutines run at once, unless others have their turn: called in no task."""
        if getattr(self.loop, "_ready", True):
            self.kick()
        else:
            self._back()

    def kick(self) -> None:
        """Let the goroutines run soon: something in the loop has made one ready."""
        if not self._woken:
            self._woken = True
            self.loop.call_soon(self._back)

    def close(self) -> None:
        """End a loop of our own as asyncio.run does: cancel what is left, and let it finish."""
        loop = self.loop
        try:
            tasks = asyncio.all_tasks(loop)
            for task in tasks:
                task.cancel()
            if self._running and self.owner is not None and not self.owner.dead:
                loop.stop()
                events._set_running_loop(loop)
                self.owner.parent = getcurrent()
                try:
                    self.owner.switch()
                finally:
                    events._set_running_loop(None)
            if tasks:
                loop.run_until_complete(asyncio.gather(*tasks, return_exceptions=True))
            for task in tasks:
                if not task.cancelled() and task.exception() is not None:
                    loop.call_exception_handler(
                        {
                            "message": "a task raised an exception as it was cancelled at the program's end",
                            "exception": task.exception(),
                            "task": task,
                        }
                    )
            loop.run_until_complete(loop.shutdown_asyncgens())
            loop.run_until_complete(loop.shutdown_default_executor())
        finally:
            loop.close()


_factory: Callable[[], asyncio.AbstractEventLoop] = asyncio.new_event_loop


def set_loop_factory(factory: Callable[[], asyncio.AbstractEventLoop] | None, /) -> None:
    """Choose what makes the event loop that `await_` uses, uvloop.new_event_loop say; None: asyncio's own.

    Raises TypeError if factory is not callable.  A loop that was made already stays.

    >>> import asyncio
    >>> from gochan import aio
    >>> aio.set_loop_factory(asyncio.new_event_loop)
    >>> aio.set_loop_factory(None)
    """
    global _factory
    if factory is not None and not callable(factory):
        raise TypeError(f"set_loop_factory: {factory!r} is not callable; give a function that makes a loop")
    _factory = asyncio.new_event_loop if factory is None else factory


def _poller() -> _LoopPoller:
    """Find the program's loop, making it on first use."""
    poller = sched.poller
    if isinstance(poller, _LoopPoller):
        return poller
    if events._get_running_loop() is not None:
        raise RuntimeError(
            "await_: the program was started with run(main) in a thread whose event loop runs; start it with "
            "`await aio.run(main)`"
        )
    poller = _LoopPoller(_factory(), None)
    _share(poller)
    sched.at_end.append(_close)
    return poller


def _share(poller: _LoopPoller) -> None:
    sched.poller = poller
    sched.shared = sched.attention = True
    sched.loop_turn = sched.timers.now() + TURN


def _unshare() -> None:
    sched.poller = Poller()
    sched.shared = False


def _close() -> None:
    """The program has ended, and with it the loop that await_ made."""
    sched.at_end.remove(_close)
    poller = sched.poller
    _unshare()
    poller.close()


# --- from a goroutine ------------------------------------------------------------------------------------


def await_(awaitable: Awaitable[_T], /, ctx: Context | None = None) -> _T:
    """Wait for a coroutine, future or task, while other goroutines run; return its result.

    When ctx ends first, the task is cancelled and ctx.err() raised; so is the task when the goroutine is
    unwound.  A coroutine sees the goroutine's contextvars, as they are now.

    Raises what the awaitable raises, TypeError for what is no awaitable or no context, RuntimeError in a
    thread that is not the runtime's, and in one whose event loop runs already: see `run`.

    >>> import asyncio
    >>> from gochan import aio, go, run
    >>> def main() -> None:
    ...     go(print, "the others run meanwhile")
    ...     print(aio.await_(asyncio.sleep(0.001, "slept")))
    >>> run(main)
    the others run meanwhile
    slept
    """
    if not isinstance(awaitable, Awaitable):
        raise TypeError(f"await_: {awaitable!r} is not awaitable; give a coroutine, a future or a task")
    try:
        if ctx is not None and not isinstance(ctx, Context):
            raise TypeError(f"await_: {ctx!r} is no context; give one such as context.with_timeout makes")
        blocker()
        poller = _poller()
    except BaseException:
        # Refused, it is not to be complained of as never awaited, too.
        if isinstance(awaitable, Coroutine):
            awaitable.close()
        raise
    poller.busy = True
    try:
        task: asyncio.Future[_T] = (
            poller.loop.create_task(awaitable)
            if isinstance(awaitable, Coroutine)
            else asyncio.ensure_future(awaitable, loop=poller.loop)
        )
    finally:
        poller.busy = False
    if task.done():
        return task.result()
    done = Chan._unbubbled(1)
    task.add_done_callback(partial(_arrive, poller, done))
    poller.awaited.add(task)
    poller.awaiting += 1
    try:
        if ctx is None:
            done._wait("await")
        else:
            _select.select(_select.recv(done), _select.recv(ctx.done()))
            if not task.done():
                err = ctx.err()
                assert err is not None
                raise err
    except BaseException:
        if poller.guest or not sched.ending:
            task.cancel()
        # Else close does: a second time, it would break off what the task does about the first.
        raise
    finally:
        poller.awaiting -= 1
        poller.awaited.discard(task)
    return task.result()


def _arrive(poller: _LoopPoller, done: Chan[Any], task: asyncio.Future[Any]) -> None:
    """Wake the goroutine that awaits: called in the loop."""
    # Not by wake, which is for other threads and costs a write to a socket.
    sched.idle = False
    done._offer(None)
    poller.give_way()


# --- from asyncio ----------------------------------------------------------------------------------------


async def run(main: Callable[_P, _R], /, *args: _P.args, **kwargs: _P.kwargs) -> _R:
    """Run `main(*args, **kwargs)` as a program's main goroutine inside the loop that runs; see gochan.run.

    The goroutines have the thread for a millisecond at a time, as long as they give way, and main begins at
    once.  Cancelling the task unwinds the program.  Raises what gochan.run raises.

    >>> import asyncio
    >>> from gochan import Chan, aio, go
    >>> def main() -> int:
    ...     numbers = Chan[int]()
    ...     go(lambda: numbers << 7)
    ...     return numbers.recv()
    >>> asyncio.run(aio.run(main))
    7
    """
    if not callable(main):
        raise TypeError(f"run: {main!r} is not callable; give the main function: await run(main)")
    if sched.main is not None:
        raise RuntimeError("run: a program runs already; start a goroutine in it with go(f)")
    loop = asyncio.get_running_loop()
    future: asyncio.Future[_R] = loop.create_future()
    poller = _LoopPoller(loop, getcurrent())

    def program() -> None:
        events._set_running_loop(None)
        raised: BaseException | None = None
        try:
            result = proc.run(main, *args, **kwargs)
        except GreenletExit:
            # Nobody holds the loop any more.
            raise
        except BaseException as e:
            raised = e
        for waiting in poller.parked:
            if not waiting.done():
                waiting.set_exception(RuntimeError("aio: the program has ended"))
        poller.silence()
        _unshare()
        events._set_running_loop(loop)
        if future.done():
            return
        if raised is None:
            future.set_result(result)
        elif isinstance(raised, StopIteration):
            # No future and no coroutine can raise that.
            error = RuntimeError("run: main raised StopIteration")
            error.__cause__ = raised
            future.set_exception(error)
        else:
            future.set_exception(raised)

    _share(poller)
    goroutines = greenlet(program)
    goroutines.gr_context = copy_context()
    goroutines.switch()
    try:
        return await asyncio.shield(future)
    except asyncio.CancelledError as cancelled:
        if future.done():
            raise
        if sched.fatal is None:
            sched.fatal = cancelled
        poller.kick()
        while not future.done():
            # A second cancellation does not leave a program behind.
            with suppress(asyncio.CancelledError):
                await asyncio.wait([future])
        # Seen here, so that nobody says that it never was.
        future.exception()
        raise


async def recv(ch: RecvChan[_T], /) -> _T:
    """Receive from ch in an asyncio task: see Chan.recv.  A cancelled receive loses no value.

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
    _, v, _ = await select(_select.recv(ch))
    return v


async def recv_ok(ch: RecvChan[_T], /) -> tuple[_T, bool]:
    """Receive from ch in an asyncio task: see Chan.recv_ok.  A cancelled receive loses no value.

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
    _, v, ok = await select(_select.recv(ch))
    return v, ok


async def send(ch: SendChan[_T], v: _T, /) -> None:
    """Send v into ch in an asyncio task: see Chan.send.  A cancelled send either has sent v or never will.

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
    await select(_select.send(ch, v))


async def each(ch: RecvChan[_T], /) -> AsyncIterator[_T]:
    """Receive from ch until it is closed: `async for v in each(ch)`.

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
async def select(c0: Case[A], /) -> tuple[Literal[0], A, bool]: ...
@overload
async def select(c0: Case[A], c1: Case[B], /) -> tuple[Literal[0], A, bool] | tuple[Literal[1], B, bool]: ...
@overload
async def select(
    c0: Case[A], c1: Case[B], c2: Case[C], /
) -> (
    tuple[Literal[0], A, bool]
    | tuple[Literal[1], B, bool]
    | tuple[Literal[2], C, bool]
): ...
@overload
async def select(
    c0: Case[A], c1: Case[B], c2: Case[C], c3: Case[D], /
) -> (
    tuple[Literal[0], A, bool]
    | tuple[Literal[1], B, bool]
    | tuple[Literal[2], C, bool]
    | tuple[Literal[3], D, bool]
): ...
@overload
async def select(
    c0: Case[A], c1: Case[B], c2: Case[C], c3: Case[D], c4: Case[E], /
) -> (
    tuple[Literal[0], A, bool]
    | tuple[Literal[1], B, bool]
    | tuple[Literal[2], C, bool]
    | tuple[Literal[3], D, bool]
    | tuple[Literal[4], E, bool]
): ...
@overload
async def select(
    c0: Case[A], c1: Case[B], c2: Case[C], c3: Case[D], c4: Case[E], c5: Case[F], /
) -> (
    tuple[Literal[0], A, bool]
    | tuple[Literal[1], B, bool]
    | tuple[Literal[2], C, bool]
    | tuple[Literal[3], D, bool]
    | tuple[Literal[4], E, bool]
    | tuple[Literal[5], F, bool]
): ...
@overload
async def select(
    c0: Case[A], c1: Case[B], c2: Case[C], c3: Case[D], c4: Case[E], c5: Case[F], c6: Case[H], /
) -> (
    tuple[Literal[0], A, bool]
    | tuple[Literal[1], B, bool]
    | tuple[Literal[2], C, bool]
    | tuple[Literal[3], D, bool]
    | tuple[Literal[4], E, bool]
    | tuple[Literal[5], F, bool]
    | tuple[Literal[6], H, bool]
): ...
@overload
async def select(
    c0: Case[A], c1: Case[B], c2: Case[C], c3: Case[D], c4: Case[E], c5: Case[F], c6: Case[H], c7: Case[I], /
) -> (
    tuple[Literal[0], A, bool]
    | tuple[Literal[1], B, bool]
    | tuple[Literal[2], C, bool]
    | tuple[Literal[3], D, bool]
    | tuple[Literal[4], E, bool]
    | tuple[Literal[5], F, bool]
    | tuple[Literal[6], H, bool]
    | tuple[Literal[7], I, bool]
): ...
@overload
async def select(*cases: Case[Any]) -> tuple[int, Any, bool]: ...
async def select(*cases: Case[Any]) -> Any:
    """Run one of the cases in an asyncio task: see gochan.select.

    A task that is cancelled has run no case, or gives back what it received.  Raises RuntimeError while no
    program runs in this loop.

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
    poller = sched.poller
    loop = asyncio.get_running_loop()
    if sched.main is None or not isinstance(poller, _LoopPoller) or poller.loop is not loop:
        raise RuntimeError("aio: no program of goroutines runs in this loop; see aio.run and aio.await_")
    chosen = _select.poll(cases)
    if chosen >= 0:
        sched.idle = False
        result = _select.take(cases[chosen], chosen)
        poller.kick()
        return result
    # A goroutine that waits before it has begun; it begins when one of the cases is chosen.
    gp = G()
    future: asyncio.Future[Any] = loop.create_future()
    last = _select.enqueue(gp, cases)
    gp.fn, gp.args = _finish, (gp, last, future)
    gp.parent = 1
    task = asyncio.current_task()
    # While this waits for a channel, a goroutine that waits for this does no less.
    awaited = task in poller.awaited
    poller.awaiting -= awaited
    poller.parked[future] = task
    if poller.awaiting == 0:
        # That may be a deadlock.
        poller.kick()
    try:
        return await future
    except (asyncio.CancelledError, GeneratorExit):
        sched.idle = False
        if future.cancel() or future.cancelled():
            won = _select.leave(gp, last)
            if won is not None:
                v, won.elem = won.elem, None
                _give_back(cases[won.index], v, won.success)
        elif future.exception() is None:
            index, v, ok = future.result()
            _give_back(cases[index], v, ok)
        if sched.poller is poller:
            poller.kick()
        raise
    finally:
        del poller.parked[future]
        poller.awaiting += awaited


def _finish(gp: G, last: Case[Any] | None, future: asyncio.Future[Any]) -> None:
    """Tell the task what came: in a goroutine, for the engine chose to make one ready."""
    # It counts as one from here to its end.
    sched.live += 1
    if future.done():
        # Cancelled in the meantime.
        return
    try:
        result = _select.outcome(_select.leave(gp, last))
    except Panic as raised:
        future.set_exception(raised)
    else:
        future.set_result(result)


def _give_back(case: Case[Any], v: Any, ok: bool) -> None:
    """Undo a receive."""
    if case.is_recv() and ok and case.chan is not None:
        case.chan._give_back(v)
