"""The asyncio task of a coroutine that a goroutine awaits: what asyncio.current_task returns in it.

An `Await` runs the coroutine's steps.  The task is an asyncio.Task, but only its part as a future is
initialized, and it is completed as a future only if other code may look at it: see `Await`.
"""

from __future__ import annotations

import asyncio
import sys
from asyncio import tasks as _tasks
from collections.abc import Callable
from contextvars import Context
from itertools import count
from typing import Any, Final, final

from .impl import Await

_future: Any = asyncio.Future
_asyncio: Any = _tasks
_numbers: Final = count(1)


@final
class Task(asyncio.Task[Any]):
    """The task of an Await."""

    __slots__ = ("_await", "_name")

    _await: Any
    _name: str | None

    def __init__(self, loop: asyncio.AbstractEventLoop) -> None:
        # Not asyncio.Task's, which would have the loop run a coroutine.
        _future.__init__(self, loop=loop)
        self._await = None
        self._name = None
        # asyncio complains of a pending task that is freed; between two coroutines this one is.
        self._log_destroy_pending = False

    # What asyncio and its users ask a task for.

    @property
    def _coro(self) -> Any:
        return self._await.coro

    @property
    def _fut_waiter(self) -> Any:
        return self._await.waiter

    @property
    def _must_cancel(self) -> bool:
        return bool(self._await.must_cancel)

    def get_coro(self) -> Any:
        return self._await.coro

    def get_context(self) -> Context:
        context: Context = self._await.context
        return context

    def get_name(self) -> str:
        if self._name is None:
            self.set_name(f"Task-await-{next(_numbers)}")
            assert self._name is not None
        return self._name

    def set_name(self, value: object) -> None:
        self._name = str(value)
        self._await.kept = True

    def done(self) -> bool:
        # It is pending as a future if no other code held it when the coroutine ended.
        return self._await.done or super().done()

    def add_done_callback(self, fn: Callable[[Any], object], /, *, context: Context | None = None) -> None:
        if not super().done() and self._await.done:
            # No other code held it before.
            self.finish()
        self._await.kept = True
        super().add_done_callback(fn, context=context)

    def cancel(self, msg: Any = None) -> bool:
        a = self._await
        if a.done:
            return False
        a.kept = True
        # Count it, and keep the message.
        super().cancel(msg)
        if a.waiter is not None and a.waiter.cancel(msg=msg):
            return True
        a.must_cancel = True
        return True

    def uncancel(self) -> int:
        left = super().uncancel()
        if left == 0 and sys.version_info >= (3, 13):
            self._await.must_cancel = False
        return left

    # What the Await calls.

    def cancel_waiter(self) -> bool:
        """Cancel the future that the coroutine has begun to wait for, as the task was canceled before."""
        canceled: bool = self._await.waiter.cancel(msg=self._cancel_message)  # type: ignore[attr-defined]
        return canceled

    def finish(self) -> None:
        """Complete the future: the coroutine has ended, and other code may look at the task."""
        if super().done():
            return
        value, error = self._await.outcome()
        orphan = self._await.orphan
        # Else it and the Await would refer to each other.
        self._await = _Ended(self._await)
        if error is None:
            _future.set_result(self, value)
        elif isinstance(error, asyncio.CancelledError):
            _future.cancel(self, *error.args[:1])
        else:
            _future.set_exception(self, error)
            # The goroutine retrieves it.
            self._log_traceback = orphan
        error = None


@final
class _Ended:
    """What a task that was completed refers to in place of its Await."""

    __slots__ = ("context", "coro", "kept")

    done: Final = True
    waiter: Final = None
    must_cancel: Final = False

    def __init__(self, ended: Await) -> None:
        self.coro = ended.coro
        self.context = ended.context
        self.kept = True


def new_await(loop: asyncio.AbstractEventLoop, kick: Callable[[], object]) -> Await:
    """Make an Await and its task."""
    task = Task(loop)
    task._await = made = Await(task, loop, _asyncio._enter_task, _asyncio._leave_task, kick)
    # Last: asyncio.all_tasks asks it whether it is done.
    _asyncio._register_task(task)
    return made
