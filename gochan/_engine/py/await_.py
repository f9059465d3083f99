"""Await: a coroutine that a goroutine awaits, and the steps that an event loop runs of it.

It does what asyncio.Task does, at a lower price: the first step needs no call_soon, the last one wakes the
goroutine directly, and the Await and its task are used again for the next coroutine unless other code holds
the task.  What asyncio sees as the task is an object of gochan/_engine/task.py.

Invariants
- Steps run in the loop's greenlet alone, in the coroutine's own context.
- `waiter` is the future whose callback runs the next step; a callback of any other future does nothing.
- The coroutine ends once, and `done` is set in the same stretch of code as its outcome.
"""

from __future__ import annotations

from collections.abc import Callable
from contextvars import Context, copy_context
from sys import getrefcount
from typing import Any, final
from weakref import getweakrefcount

from .chan import Chan
from .state import sched


@final
class Await:
    """A coroutine that a goroutine awaits."""

    __slots__ = (
        "__weakref__",
        "_chan",
        "_enter",
        "_error",
        "_kick",
        "_leave",
        "_loop",
        "_references",
        "_soon",
        "_value",
        "context",
        "coro",
        "done",
        "kept",
        "must_cancel",
        "orphan",
        "started",
        "task",
        "waiter",
    )

    def __init__(
        self,
        task: Any,
        loop: Any,
        enter: Callable[[Any, Any], object],
        leave: Callable[[Any, Any], object],
        kick: Callable[[], object],
    ) -> None:
        # What asyncio.current_task returns in the coroutine.
        self.task = task
        self._loop = loop
        # Make the task the loop's current one, and end that.
        self._enter = enter
        self._leave = leave
        # Has the loop let the goroutines run.
        self._kick = kick
        # The weak references to the task that don't count: the one of asyncio.all_tasks.  -1: not known yet.
        self._references = -1
        # The goroutine waits in it.
        self._chan: Chan[Any] = Chan._unbubbled(1)
        self.coro: Any = None
        self.context: Context | None = None
        # Whether the first step has begun.
        self.started = False
        # The future that the coroutine waits for.
        self.waiter: Any = None
        # Whether the next step is in the loop's queue, because the coroutine has yielded None.
        self._soon = False
        # Whether the next step throws a CancelledError.
        self.must_cancel = False
        # Whether other code may look at the task when the coroutine has ended.
        self.kept = False
        # Whether the goroutine no longer waits.
        self.orphan = False
        # Whether the coroutine has ended, or none has begun.
        self.done = True
        self._value: Any = None
        self._error: BaseException | None = None

    def begin(self, coro: Any) -> None:
        """Take a coroutine, whose steps will run in a copy of the caller's context.

        Raises `RuntimeError` while another one runs.
        """
        if not self.done:
            raise RuntimeError("Await.begin: it has another coroutine")
        if self._references < 0:
            self._references = getweakrefcount(self.task)
        self.context = copy_context()
        self.coro = coro
        self.started = self.done = False

    def start(self) -> None:
        """Run the first step, unless that was done."""
        if not (self.done or self.started):
            self.started = self._soon = True
            assert self.context is not None
            self.context.run(self)

    def wait(self) -> None:
        """Wait in the calling goroutine until the coroutine has ended."""
        while not self.done:
            self._chan._wait("await")

    @property
    def ended(self) -> Chan[Any]:
        """The channel from which a value is received when the coroutine has ended."""
        return self._chan

    def result(self) -> Any:
        """Return what the coroutine has returned, or raise what it has raised."""
        if self._error is not None:
            raise self._error
        return self._value

    def outcome(self) -> tuple[Any, BaseException | None]:
        """Return what the coroutine has returned, and what it has raised."""
        return self._value, self._error

    def drop(self) -> None:
        """Forget the coroutine, which has not started."""
        self.done = True
        self.coro.close()

    def reset(self) -> bool:
        """Forget the coroutine, which has ended; return whether another may begin."""
        if not self.done or self.orphan:
            return False
        self._value = self._error = None
        if self._is_kept():
            return False
        self.coro = self.context = None
        return True

    def _is_kept(self) -> bool:
        return self.kept or getrefcount(self.task) > 2 or getweakrefcount(self.task) > self._references

    def __call__(self, future: Any = None) -> None:
        """Run the next step: called by the loop, as the callback of a future."""
        if self.done or future is not self.waiter or (future is None and not self._soon):
            # The callback of an earlier wait.
            return
        self.waiter = None
        self._soon = False
        error: BaseException | None = None
        try:
            if future is not None:
                try:
                    future.result()
                except BaseException as e:
                    error = _without_this_frame(e)
            while True:
                if self.must_cancel:
                    self.must_cancel = False
                    error = self.task._make_cancelled_error()
                try:
                    self._enter(self._loop, self.task)
                    try:
                        waits_for = self.coro.send(None) if error is None else self.coro.throw(error)
                    finally:
                        self._leave(self._loop, self.task)
                except StopIteration as stop:
                    if self.must_cancel:
                        self._end(None, self.task._make_cancelled_error())
                    else:
                        self._end(stop.value, None)
                    return
                except BaseException as e:
                    self._end(None, _without_this_frame(e))
                    if self.orphan and isinstance(e, (KeyboardInterrupt, SystemExit)):
                        raise
                    return
                try:
                    self._wait_for(waits_for)
                    return
                except BaseException as e:
                    error = _without_this_frame(e)
        finally:
            # Its traceback holds this frame.
            error = None

    def _wait_for(self, future: Any) -> None:
        """Have the loop run the next step when a future that the coroutine has yielded is done."""
        if future is None:
            self._soon = True
            self._loop.call_soon(self, context=self.context)
            return
        if getattr(future, "_asyncio_future_blocking", None) is not True:
            raise RuntimeError(f"the coroutine yielded {future!r}, want a future of asyncio's, or None")
        if future is self.task:
            raise RuntimeError(f"task cannot await on itself: {future!r}")
        if future.get_loop() is not self._loop:
            raise RuntimeError(f"the coroutine waits for {future!r}, which is attached to a different loop")
        future._asyncio_future_blocking = False
        self.waiter = future
        future.add_done_callback(self, context=self.context)
        if self.must_cancel and self.task.cancel_waiter():
            self.must_cancel = False

    def _end(self, value: Any, error: BaseException | None) -> None:
        """Record how the coroutine has ended, and wake the goroutine."""
        self._value = value
        self._error = error
        self.done = True
        try:
            if self.orphan or self._is_kept():
                self.kept = True
                self.task.finish()
        finally:
            if not self.orphan:
                asleep = sched.hub_asleep
                # Not by wake, which is for other threads and costs a write to a socket.
                sched.hub_asleep = False
                self._chan._offer(None)
                if asleep:
                    self._kick()


def _without_this_frame(error: BaseException) -> BaseException:
    """Remove the caller's frame, which has caught error, from its traceback: it refers to the Await."""
    traceback = error.__traceback__
    return error.with_traceback(None if traceback is None else traceback.tb_next)
