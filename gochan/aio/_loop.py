"""The event loop that shares the thread with a program's goroutines.

Invariants
- The loop runs in a greenlet of its own.  When the scheduler would sleep, the hub switches to that greenlet;
  a callback in the loop switches back.
- While a goroutine runs, `asyncio.get_running_loop` finds no loop in the thread.
- The first steps of what goroutines await come before the loop's next iteration: if a coroutine ends in its
  first step, its goroutine runs before that.
"""

from __future__ import annotations

import asyncio
import os
import selectors
from asyncio import events
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import suppress
from time import monotonic_ns
from traceback import format_exception_only
from types import FrameType
from typing import Any

from greenlet import GreenletExit, getcurrent, greenlet

from .._engine.functions import is_own
from .._engine.impl import FD, Await, Chan, sched
from .._engine.netpoll import MAX_SLEEP, IdleSleep, LoopReaders, fallback
from .._engine.program import program
from .._engine.run import LOOP_INTERVAL
from .._engine.traceback import format_line

# The code of asyncio and selectors, which a Ctrl-C must not interrupt while a loop runs.
_LOOPS_OWN = (os.path.dirname(asyncio.__file__) + os.sep, selectors.__file__)
# The modules of the loops whose create_task makes an asyncio.Task.
_PLAIN = ("asyncio.base_events", "uvloop.loop")
# How many iterations a loop runs in its time slice if gochan can't see whether it has anything left to do.
_STEPS = 10


class SharedLoop:
    """The idle sleep of a program that shares its thread with an event loop: it sleeps in the loop."""

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
        # The number of goroutines in calls of asyncio that Ctrl-C must not interrupt: see `uninterrupted`.
        self.uninterruptible = 0
        self._slice_end = self._steps = 0
        self._alarm: asyncio.TimerHandle | None = None
        self._alarm_at = 0.0
        # A second alarm that fires later, in case a signal handler raises in a callback that should call
        # _back.
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

    # The interface of IdleSleep.

    def wait(self, ns: int) -> None:
        """Let the loop run for ns nanoseconds, or with -1 until woken, but for MAX_SLEEP at most."""
        # At most MAX_SLEEP, as IdleSleep does: by then the loop may no longer be able to wake a goroutine,
        # and the scheduler has to check for a deadlock.
        now = self.loop.time()
        when = now + (min(ns, MAX_SLEEP) if ns >= 0 else MAX_SLEEP) / 1e9
        # An earlier alarm is kept: it does no harm if it fires too early, and most waits end before.  An
        # overdue alarm is replaced: an exception that ended the loop may have dropped it, and it would never
        # fire.
        if self._alarm is None or when < self._alarm_at or self._alarm_at < now:
            if self._alarm is not None:
                self._alarm.cancel()
                self._alarm = None
            self._alarm_at = when
            self._alarm = self.loop.call_at(when, self._ring, when)
        self._let_run()

    def arm(self, fd: FD, mode: bool | None) -> None:
        """Have the loop wait for one event of fd: the engine's hook."""
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
        # A replaced alarm may still fire; `pending` must not take it for the current one.
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
        """Let the loop run what is ready, for LOOP_INTERVAL at most."""
        self._slice_end = monotonic_ns() + LOOP_INTERVAL
        self._steps = 0
        self._woken = True
        self.loop.call_soon(self._end_slice)
        self._let_run()

    def wake(self) -> None:
        """End the wait that is under way, or the next one."""
        if not self._woken:
            self._woken = True
            # The threadsafe variant, also because a signal handler may call this while the loop sleeps in its
            # select.
            with suppress(RuntimeError):  # the loop is closed
                self.loop.call_soon_threadsafe(self._back)

    def pending(self) -> bool:
        """Return whether something in the loop may still wake a goroutine."""
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

    def end_if_closed(self, main: greenlet) -> bool:
        """End the program if the loop that aio.run was called in is closed, so that it can't go on.

        Returns whether it is.  `main` is the program's main greenlet.
        """
        if not self.guest or not self.loop.is_closed():
            return False
        outer = events._get_running_loop()
        main.parent = getcurrent()
        try:
            # From here on, a goroutine that tries to wait is unwound.
            sched.end()
            # The closed loop raises if the program's end is to be told to its task.
            with suppress(RuntimeError):
                main.throw(GreenletExit)
        finally:
            if program.idle is self:
                unshare()
            events._set_running_loop(outer)
        return True

    def in_loop(self) -> bool:
        """Return whether the caller is a task or callback of the loop."""
        return self._hub is not None and events._get_running_loop() is self.loop

    def interrupt(self, frame: FrameType | None) -> bool:
        """Have the hub raise a Ctrl-C that interrupts the loop's own code; return False in any other code."""
        if not self.in_loop():
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
            # The alarm should have fired long ago: see _reserve.
            self._alarm = None
        self._io.watch()
        if self.queue and not self._in_back:
            self.loop.call_soon(self._start_queued)
        hub = self._hub = getcurrent()
        try:
            if self.owner is None or self.owner.dead:
                self.owner = greenlet(self._run_loop)
            elif not self.guest and self.owner.parent is not hub:
                # A new program has a new hub, which gets an exception that leaves the loop.
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
        # The order matters, because another thread may make a goroutine ready.
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
            # The Await stays in the queue, in case a signal handler raises before the step has begun.
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
        try:
            self._close()
        except BaseException:
            # A signal handler may have raised in it.
            if not self.loop.is_closed():
                self._close()
            raise

    def _close(self) -> None:
        loop = self.loop
        self._io.close()
        self._start_left()
        # Another loop may be running, in which the program was begun without `run`, or ends.
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
            try:
                if not loop.is_running():
                    loop.close()
            finally:
                events._set_running_loop(outer)


def _failed_tasks(loop: asyncio.AbstractEventLoop) -> list[asyncio.Task[Any]]:
    """Return the tasks of loop whose exception was never retrieved: a goroutine may wait for their values.

    A task without a reference is not among them, because asyncio has logged its exception.
    """
    tasks: Any = asyncio.tasks
    # asyncio's private set of the tasks of all loops: there is no public access to finished tasks.
    known: Any = getattr(tasks, "_scheduled_tasks", None) or getattr(tasks, "_all_tasks", ())
    try:
        tasks = [task for task in known if task.get_loop() is loop]
    except RuntimeError:
        # Another thread's loop has changed the set.
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


def share(shared: SharedLoop) -> None:
    """Let the program sleep in a loop from now on."""
    due = sched.now() + LOOP_INTERVAL
    # Without a call in between, so that no signal handler can raise there.
    program.idle = shared
    sched.loop_due = due
    sched.shared = True
    for fd, mode in fallback.take_armed():
        shared.arm(fd, mode)


def unshare() -> None:
    """Let the program sleep without a loop from now on."""
    idle = IdleSleep()
    # As in share.
    program.idle = idle
    sched.shared = False
