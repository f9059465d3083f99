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
- The loop runs in a greenlet of its own.  When the scheduler would sleep, the hub switches to that greenlet;
  a callback in the loop switches back.
- A coroutine that a goroutine awaits is an `Await`, which the loop's greenlet runs without a task of
  asyncio's.  The goroutine puts it into a queue and parks.  When the hub switches to the loop, the queue
  comes first: if a coroutine ends in its first step, the goroutine runs before the loop's next iteration.
- While a goroutine runs, `asyncio.get_running_loop` finds no loop in the thread.
- If a task is canceled after its receive got a value, the value goes back to the channel.
"""

from __future__ import annotations

import asyncio
import os
import selectors
from asyncio import events
from collections import deque
from collections.abc import AsyncIterator, Awaitable, Callable, Coroutine, Iterator
from contextlib import suppress
from contextvars import copy_context
from functools import partial
from operator import call
from time import monotonic_ns
from traceback import format_exception_only
from types import CoroutineType, FrameType
from typing import Any, ParamSpec, TypeVar, overload

from greenlet import GreenletExit, getcurrent, greenlet

from .._engine import impl as _impl
from .._engine import run as _run
from .._engine.ends import RecvChan, SendChan
from .._engine.functions import is_own
from .._engine.impl import Await, Case, Chan, G, getg, sched, select_async
from .._engine.netpoll import MAX_SLEEP, LoopReaders, Poller, fallback
from .._engine.program import program
from .._engine.run import LOOP_INTERVAL
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
from .._engine.traceback import format_line
from ..context import Context, check_context

__all__ = ["await_", "each", "recv", "recv_ok", "run", "select", "send", "set_loop_factory"]

_P = ParamSpec("_P")
_R = TypeVar("_R")
_T = TypeVar("_T")

# The code of asyncio and selectors, which a Ctrl-C must not interrupt while a loop runs.
_LOOPS_OWN = (os.path.dirname(asyncio.__file__) + os.sep, selectors.__file__)
# Task factories that are not called: the eager one would run the coroutine in the goroutine, not in the loop.
_NO_FACTORY = (None, getattr(asyncio, "eager_task_factory", None))
# The modules of the loops whose create_task makes an asyncio.Task.
_PLAIN = ("asyncio.base_events", "uvloop.loop")
# How many Awaits are kept for later.
_POOL = 1000
# How many iterations a loop runs in its time slice if gochan can't see whether it has anything left to do.
_STEPS = 10


class _LoopPoller:
    """The Poller of a program that shares its thread with an event loop: it sleeps in the loop."""

    def __init__(self, loop: asyncio.AbstractEventLoop, owner: greenlet | None) -> None:
        self.loop = loop
        # The greenlet in which the loop runs: one that `_let_run` makes, or for aio.run its caller's.
        self.owner = owner
        # Whether the program runs in a loop that outlives it, by aio.run.
        self.guest = owner is not None
        self._hub: greenlet | None = None
        # Whether _back is about to be called.
        self._woken = False
        # Whether the loop is in its run_forever.
        self._running = self.guest
        self._interrupted = False
        # How many goroutines are in a call of asyncio that no Ctrl-C may interrupt: see uninterrupted.
        self.uninterruptible = 0
        self._slice_end = self._steps = 0
        self._alarm: asyncio.TimerHandle | None = None
        self._alarm_at = 0.0
        # Fires later than the alarm, in case a signal handler raises in a callback that should call _back.
        self._reserve: asyncio.TimerHandle | None = None
        self._reserve_at = 0.0
        # Tasks that wait for a channel, by the future that they wait with.
        self.parked: dict[asyncio.Future[Any], asyncio.Task[Any] | None] = {}
        # Tasks that a goroutine waits for, each with the channel that wakes it; and how many of them don't
        # wait for a channel themselves.
        self.awaited: dict[asyncio.Future[Any], Chan[Any]] = {}
        self.awaiting = 0
        # Waits for the descriptors that goroutines wait for.
        self._io = LoopReaders(loop, self.yield_to_goroutines)
        # Awaits whose first step the loop is to run.  One leaves when its step has begun.
        self.queue: deque[Await] = deque()
        # Awaits that can be used again.
        self.pool: list[Await] = []
        # The tasks of coroutines that no goroutine waits for any more, until they have ended.
        self.orphans: set[asyncio.Task[Any]] = set()
        # Whether the loop is in _back, and runs the first steps there.
        self._in_back = False
        # Whether the loop's create_task makes an asyncio.Task, if there is no task factory.
        makers = [c for c in type(loop).__mro__ if "create_task" in c.__dict__]
        self.plain = bool(makers) and makers[0].__module__ in _PLAIN

    # The interface of Poller.

    def wait(self, ns: int) -> None:
        # At most MAX_SLEEP, as Poller does: by then the loop may no longer be able to wake a goroutine, and
        # the scheduler has to check for a deadlock.
        now = self.loop.time()
        when = now + (min(ns, MAX_SLEEP) if ns >= 0 else MAX_SLEEP) / 1e9
        # An earlier alarm is kept: if it fires too early, that does no harm, and most waits end before that.
        # One that is overdue may never fire, because an exception that ended the loop may have dropped it.
        if self._alarm is None or when < self._alarm_at or self._alarm_at < now:
            if self._alarm is not None:
                self._alarm.cancel()
                self._alarm = None
            self._alarm_at = when
            self._alarm = self.loop.call_at(when, self._ring, when)
        self._let_run()

    def arm(self, fd: _impl.FD, mode: bool | None) -> None:
        self._io.arm(fd, mode)

    def silence(self) -> None:
        """Cancel the alarms, and stop waiting for descriptors."""
        self._io.close()
        self._start_left()
        for alarm in (self._alarm, self._reserve):
            if alarm is not None:
                alarm.cancel()
        self._alarm = self._reserve = None

    def _ring(self, when: float) -> None:
        # A replaced alarm that fires all the same is not the current one: `pending` must know that.
        if when == self._alarm_at:
            self._alarm = None
        self._end_timer()

    def _ring_late(self, when: float) -> None:
        if when == self._reserve_at:
            self._reserve = None
        self._end_timer()

    def _end_timer(self) -> None:
        """Switch back to the hub, for a timer of the loop."""
        self._wake_awaiting()
        if hasattr(self.loop, "_ready"):
            self._back()
        else:
            # Not from inside a timer: uvloop keeps a list of the due timers on the C stack, which a switch
            # moves away.  If a goroutine then canceled one of them, the loop would never end.
            self.loop.call_soon(self._back)

    def _wake_awaiting(self) -> None:
        """Wake the goroutines whose tasks have ended, in case a signal handler has raised in _deliver."""
        for task, done in self.awaited.items():
            if task.done():
                done._offer(None)

    def yield_to_loop(self) -> None:
        self._slice_end = monotonic_ns() + LOOP_INTERVAL
        self._steps = 0
        self._woken = True
        self.loop.call_soon(self._end_slice)
        self._let_run()

    def wake(self) -> None:
        if not self._woken:
            self._woken = True
            # Threadsafe also because a signal handler may call this while the loop sleeps in its select.
            with suppress(RuntimeError):  # the loop is closed
                self.loop.call_soon_threadsafe(self._back)

    def pending(self) -> bool:
        if self.awaiting > 0 or sched.io_waiters > 0:
            return True
        loop: Any = self.loop
        if len(asyncio.all_tasks(loop)) > len(self.parked) + self.guest:
            return True
        try:
            ours = (id(self._alarm), id(self._reserve))
            handles = [h for h in (*loop._ready, *loop._scheduled) if id(h) not in ours]
            # One descriptor is the loop's own, with which other threads wake it.
            descriptors = len(loop._selector.get_map()) - 1 - len(self._io)
            return descriptors > 0 or bool(loop._signal_handlers) or not all(h.cancelled() for h in handles)
        except AttributeError:
            return True

    def running(self) -> bool:
        """Return whether the caller is a task or callback of the loop."""
        return self._hub is not None and events._get_running_loop() is self.loop

    def interrupt(self, frame: FrameType | None) -> bool:
        """Have the hub raise a Ctrl-C that interrupts the loop's own code; return False in any other code."""
        if not self.running():
            return False
        code = None if frame is None else frame.f_code
        # A loop written in C has no frames; the innermost one is then gochan's.
        if code is not None and not code.co_filename.startswith(_LOOPS_OWN) and not is_own(code):
            return False
        self._interrupted = True
        self.wake()
        return True

    def stacks(self) -> Iterator[str]:
        """Yield the stacks of the tasks that wait for a channel, in the format of goroutines' stacks."""
        for task in filter(None, self.parked.values()):
            lines = []
            coro: Any = task.get_coro()
            while (frame := getattr(coro, "cr_frame", None)) is not None:
                if not is_own(frame.f_code):
                    lines.append(format_line(frame.f_code, frame.f_lineno))
                coro = coro.cr_await
            yield f"asyncio task {task.get_name()} [select]:\n" + "".join(reversed(lines))
        for task in _failed_tasks(self.loop):
            yield _stack_of_failed(task)

    def uninterrupted(self, fn: Callable[..., object], *args: Any) -> None:
        """Call fn, and delay a Ctrl-C until it has returned.

        Goroutines use it for tasks and futures.  If a Ctrl-C interrupted the creation of a task, the task
        would run without a reference to it; if it interrupted `set_result`, the future's task would not wake.
        """
        self.uninterruptible += 1
        try:
            fn(*args)
        finally:
            self.uninterruptible -= 1

    # Switches between the hub and the loop.

    def _let_run(self) -> None:
        """Switch from the hub to the loop; return when a callback calls _back."""
        now = self.loop.time()
        if self._reserve is None or self._reserve_at < now:
            self._reserve = None
            self._reserve_at = when = now + 2 * MAX_SLEEP / 1e9
            self._reserve = self.loop.call_at(when, self._ring_late, when)
        if self._alarm is not None and self._alarm_at < now - MAX_SLEEP / 1e9:
            # It should have fired long ago: see _reserve.
            self._alarm = None
        self._io.watch()
        if self.queue and not self._in_back:
            self.loop.call_soon(self._start_queued)
        hub = self._hub = getcurrent()
        try:
            if self.owner is None or self.owner.dead:
                self.owner = greenlet(self._run_loop)
            elif not self.guest and self.owner.parent is not hub:
                # The hub is a new program's: an exception that leaves the loop goes to its hub.
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
        """Switch from the loop, in a callback, back to the hub."""
        hub = self._hub
        if hub is None:
            return
        self.owner = getcurrent()
        end = monotonic_ns() + LOOP_INTERVAL
        self._in_back = True
        try:
            hub.switch()
            # Here the hub has switched to the loop again, and has set it as the running loop.
            while self.queue and (again := self._hub_after_start(end)) is not None:
                again.switch()
        finally:
            self._in_back = False

    def _hub_after_start(self, end: int) -> greenlet | None:
        """Run the first steps, and return the hub if a goroutine can run and the loop may wait until `end`.

        So a coroutine that need not wait costs no iteration of the loop.
        """
        asleep = sched.hub_asleep
        # No goroutine that becomes ready has to wake the hub.
        sched.hub_asleep = False
        self._start_queued()
        # In this order, since another thread may make one ready.
        sched.hub_asleep = asleep
        if not sched.runnable():
            return None
        sched.hub_asleep = False
        if monotonic_ns() < end:
            return self._hub
        self.kick()
        return None

    def _start_left(self) -> None:
        """Have the loop start what is left in the queue, where a handler raised before it was dropped."""
        if self.queue:
            self.loop.call_soon(self._start_queued)

    def _start_queued(self) -> None:
        """Run the first steps of the coroutines that goroutines have begun to await."""
        queue = self.queue
        while queue:
            # It stays in the queue, in case a signal handler raises before the step has begun.
            queue[0].start()
            queue.popleft()

    def _end_slice(self) -> None:
        """Switch back to the hub, unless other callbacks are ready and the time slice isn't over."""
        self._steps += 1
        more = getattr(self.loop, "_ready", self._steps < _STEPS)
        if more and monotonic_ns() < self._slice_end:
            self.loop.call_soon(self._end_slice)
        else:
            self._back()

    def yield_to_goroutines(self) -> None:
        """Switch back to the hub, now or after the ready callbacks.  Not called in a task."""
        if getattr(self.loop, "_ready", True):
            self.kick()
        else:
            self._back()

    def kick(self) -> None:
        """Have the loop switch back to the hub soon, because a goroutine has become ready."""
        if not self._woken:
            self._woken = True
            self.loop.call_soon(self._back)

    def close(self) -> None:
        """Close a loop that `await_` made, as asyncio.run does: cancel the remaining tasks, and run them."""
        loop = self.loop
        self._io.close()
        self._start_left()
        # Another one, in which the program was begun without `run`, or ends.
        outer = events._get_running_loop()
        events._set_running_loop(None)
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
            events._set_running_loop(outer)


def _failed_tasks(loop: asyncio.AbstractEventLoop) -> list[asyncio.Task[Any]]:
    """Return the tasks of loop whose exception was never retrieved: a goroutine may wait for their values.

    A task without a reference is not among them, because asyncio has logged its exception.
    """
    tasks: Any = asyncio.tasks
    # asyncio's own set, of all loops, as there is no public way to those that are done.
    known: Any = getattr(tasks, "_scheduled_tasks", None) or getattr(tasks, "_all_tasks", ())
    try:
        tasks = [task for task in known if task.get_loop() is loop]
    except RuntimeError:
        # Another thread's loop has changed it meanwhile.
        return []
    failed = [task for task in tasks if getattr(task, "_log_traceback", False)]
    return sorted(failed, key=lambda task: str(task.get_name()))


def _stack_of_failed(task: Any) -> str:
    """Format a task's exception as a stack, without marking it as seen."""
    error: BaseException = task._exception
    lines = []
    tb = error.__traceback__
    while tb is not None:
        if not is_own(tb.tb_frame.f_code):
            lines.append(format_line(tb.tb_frame.f_code, tb.tb_lineno))
        tb = tb.tb_next
    text = format_exception_only(error)[-1].strip()
    return f"asyncio task {task.get_name()} [failed: {text}]:\n" + "".join(reversed(lines))


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


def _poller() -> _LoopPoller:
    """Find the program's loop, making it on first use."""
    poller = program.poller
    if isinstance(poller, _LoopPoller):
        return poller
    if events._get_running_loop() is not None:
        raise RuntimeError(
            "aio.await_: an event loop runs in this thread already; start the program in it with "
            "`await aio.run(main)`, or in a notebook's cell use `await`"
        )
    poller = _LoopPoller(_factory(), None)
    # In this order, in case a signal handler raises in between.
    program.at_end.append(_close)
    _share(poller)
    return poller


def _share(poller: _LoopPoller) -> None:
    due = sched.now() + LOOP_INTERVAL
    # Without a call in between, so that no signal handler can raise there.
    program.poller = poller
    sched.loop_due = due
    sched.shared = True
    for fd, mode in fallback.take_armed():
        poller.arm(fd, mode)


def _unshare() -> None:
    program.poller = Poller()
    sched.shared = False


def _close() -> None:
    """Close the loop that await_ made, at the program's end."""
    program.at_end.remove(_close)
    poller = program.poller
    if isinstance(poller, _LoopPoller):
        try:
            _unshare()
        finally:
            poller.close()


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
    ...     go(print, "the others run meanwhile")
    ...     print(aio.await_(asyncio.sleep(0.001, "slept")))
    >>> run(main)
    the others run meanwhile
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
        poller = program.poller
        if poller.__class__ is not _LoopPoller:
            poller = _poller()
    except BaseException:
        # No warning that the coroutine was never awaited: the error says so.
        if isinstance(awaitable, Coroutine):
            awaitable.close()
        raise
    if (
        (native or isinstance(awaitable, Coroutine))
        and poller.plain
        and poller.loop.get_task_factory() in _NO_FACTORY
    ):
        coroutine: Any = awaitable
        result: _T = _await_coroutine(poller, coroutine, ctx)
        return result
    return _await_future(poller, awaitable, ctx)


def _await_coroutine(poller: _LoopPoller, coroutine: Coroutine[Any, Any, _T], ctx: Context | None) -> _T:
    """Wait for a coroutine without a task that asyncio runs."""
    a: Await | None = None
    poller.awaiting += 1
    try:
        a = poller.pool.pop() if poller.pool else new_await(poller.loop, poller.kick)
        a.begin(coroutine)
        poller.queue.append(a)
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
            _leave(poller, a)
        raise
    finally:
        poller.awaiting -= 1
        if a is not None and a.reset() and len(poller.pool) < _POOL:
            poller.pool.append(a)
        # The traceback of the coroutine's exception holds this frame.
        a = None


def _wait_for_either(a: Await, ctx: Context) -> None:
    """Wait until a coroutine has ended; raise ctx.err() if ctx ends first."""
    while not a.done:
        _impl.select(_impl.recv(a.ended), _impl.recv(ctx.done()))
        if not a.done and (err := ctx.err()) is not None:
            raise err


def _leave(poller: _LoopPoller, a: Await) -> None:
    """Cancel a coroutine whose goroutine no longer waits for it."""
    a.orphan = True
    if not a.started:
        a.drop()
        return
    # Else nothing may refer to it but the future that it waits for, and the collector would free both.
    poller.orphans.add(a.task)
    a.task.add_done_callback(poller.orphans.discard)
    if poller.guest or not sched.ending:
        poller.uninterrupted(a.task.cancel)
    # Otherwise close cancels it; a second time would interrupt what the task does about the first.


def _await_future(poller: _LoopPoller, awaitable: Awaitable[_T], ctx: Context | None) -> _T:
    """Wait for a future, a task, or what becomes one."""
    tasks: list[asyncio.Future[_T]] = []
    counted = False
    try:
        done = Chan._unbubbled(1)
        loop: asyncio.AbstractEventLoop = poller.loop
        make: Callable[[Any], asyncio.Future[_T]] = partial(asyncio.ensure_future, loop=loop)
        if isinstance(awaitable, Coroutine):
            make = loop.create_task
        poller.uninterruptible += 1
        try:
            # By map, so that no signal handler can raise before the new task is in the list.
            tasks.extend(map(make, (awaitable,)))
        finally:
            poller.uninterruptible -= 1
        task = tasks[0]
        if task.done():
            return task.result()
        task.add_done_callback(partial(_arrive, poller, done))
        # Once more, in case a handler raises in _arrive.  Only the first value counts.
        task.add_done_callback(done._offer)
        poller.awaiting += 1
        counted = True
        poller.awaited[task] = done
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
        elif tasks and (poller.guest or not sched.ending):
            poller.uninterrupted(tasks[0].cancel)
        # As in _leave.
        raise
    finally:
        if counted:
            poller.awaiting -= 1
            poller.awaited.pop(task, None)
    return task.result()


def _arrive(poller: _LoopPoller, done: Chan[Any], task: asyncio.Future[Any]) -> None:
    """Wake the goroutine that awaits: called in the loop."""
    sched.hub_asleep = False
    done._offer(None)
    poller.yield_to_goroutines()


# --- from asyncio ----------------------------------------------------------------------------------------


async def run(fn: Callable[_P, _R], /, *args: _P.args, **kwargs: _P.kwargs) -> _R:
    """Run `fn(*args, **kwargs)` as a program's main goroutine in the running event loop: see `gochan.run`.

    fn starts at once.  Goroutines and the loop share the thread: the loop runs when all goroutines wait, and
    at least once each millisecond if they yield.  Cancelling the task unwinds the program.

    A program that began without `run`, as in a notebook's cell, ends first, and its goroutines are unwound.

    Raises as `gochan.run` does.

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
    if sched.main is not None and not _run.end_implicit():
        raise RuntimeError("aio.run: a program runs already; start a goroutine in it with go(f)")
    loop = asyncio.get_running_loop()
    future: asyncio.Future[_R] = loop.create_future()
    poller = _LoopPoller(loop, getcurrent())

    def run_program() -> None:
        events._set_running_loop(None)
        raised: BaseException | None = None
        try:
            result = _run.run(fn, *args, **kwargs)
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
            error = RuntimeError("aio.run: main raised StopIteration, which a coroutine cannot raise")
            error.__cause__ = raised
            future.set_exception(error)
        else:
            future.set_exception(raised)

    _share(poller)
    goroutines = greenlet(run_program)
    goroutines.gr_context = copy_context()
    goroutines.switch()
    try:
        return await asyncio.shield(future)
    except asyncio.CancelledError as cancelled:
        if future.done():
            raise
        _run.cancel(cancelled)
        poller.kick()
        while not future.done():
            # A second cancellation does not leave a program behind.
            with suppress(asyncio.CancelledError):
                await asyncio.wait([future])
        # Seen here, so that nobody says that it never was.
        future.exception()
        raise


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

    Raises as `recv` does.

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

    Raises as `recv` does.

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

    If the task is canceled, no case has run, or the value that one received goes back to its channel.

    Raises as `gochan.select` does, and `RuntimeError` while no program runs in this loop.

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
    poller = program.poller
    loop = asyncio.get_running_loop()
    if sched.main is None or not isinstance(poller, _LoopPoller) or poller.loop is not loop:
        with suppress(TypeError):
            # The select that None makes fail: else the cases would warn that no select ever got them.
            select_async((*cases, None), print)  # type: ignore[arg-type]
        raise RuntimeError(
            f"{name}: no goroutines run in this event loop; start them with `await aio.run(main)`, or await "
            "the coroutine in a goroutine: aio.await_(coroutine)"
        )
    future: asyncio.Future[None] = loop.create_future()
    # Goroutines that this wakes run when the loop next lets them, as the hub does if this is a deadlock: no
    # write to the loop's socket is needed.
    sched.hub_asleep = False
    poller.kick()
    task = asyncio.current_task()
    # While this task waits for a channel, no I/O will wake a goroutine that waits for this task.
    awaited = _is_awaited(poller, task)
    # By map and an unpacking, and no call between it and the `try`: else a signal handler could raise when a
    # value was taken.
    (waiting,) = map(select_async, (cases,), (partial(_chosen, poller, future),))
    if waiting.__class__ is not G:
        return waiting
    poller.awaiting -= awaited
    poller.parked[future] = task
    try:
        await future
    except BaseException:
        # Canceled, or the program has ended.  What has been received by now goes back to its channel.
        sched.hub_asleep = False
        waiting.cancel()
        if program.poller is poller:
            poller.kick()
        raise
    finally:
        del poller.parked[future]
        poller.awaiting += awaited
    (outcome,) = map(call, (waiting.result,))
    return outcome


def _is_awaited(poller: _LoopPoller, task: asyncio.Task[Any] | None) -> bool:
    """Return whether a goroutine waits for a task."""
    return (isinstance(task, Task) and not task._await.orphan) or task in poller.awaited


def _chosen(poller: _LoopPoller, future: asyncio.Future[None], _: G) -> None:
    """Let the task go on: called in the goroutine that was made ready for it."""
    # A finalizer that waits in here lets the task run, which may cancel the future by now.
    if not future.done():
        with suppress(asyncio.InvalidStateError):
            poller.uninterrupted(future.set_result, None)
