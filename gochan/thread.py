"""Blocking calls in threads, and goroutines started from threads.

`call(fn, *args)` runs fn in a thread, or in any concurrent.futures executor, while the goroutine waits and
others run.  `submit(fn, *args)` starts a goroutine from any thread and returns a Future of its result.  Go
has no counterpart, because its runtime moves blocking calls to threads itself.

Channels, `select`, `close`, `go`, locks and WaitGroups work from any thread.  An operation that has to wait
blocks its thread, and the goroutines go on.  It waits in the same first-in, first-out queue as goroutines do.

If all goroutines wait, that is a deadlock, unless a thread that was started after the program began still
runs.  For a thread that was started before, use `with guests():`.

A child forked by os.fork or multiprocessing starts with a fresh runtime: it has none of the parent's
goroutines, timers, pending calls and signal notifications, and runs none of their `finally` blocks.
"""

from __future__ import annotations

import contextvars
import os
from _queue import SimpleQueue  # gevent replaces that of queue
from collections import deque
from collections.abc import Callable, Iterator
from concurrent.futures import CancelledError, Executor, Future, ThreadPoolExecutor
from contextlib import contextmanager, suppress
from functools import partial
from threading import current_thread
from typing import Any, ParamSpec, TypeAlias, TypeVar, final, overload

from greenlet import GreenletExit, getcurrent

from ._engine.depth import check_depth
from ._engine.error import Goexit, Unwind
from ._engine.functions import check_namespace
from ._engine.impl import Chan, getg, recv, sched, select, spawn_global
from ._engine.keep import keep
from ._engine.panic import call_deferring
from ._engine.program import program
from ._engine.unpatched import start_new_thread
from .context import Context, check_context

__all__ = ["call", "guests", "submit"]

_P = ParamSpec("_P")
_R = TypeVar("_R")

# The most threads of the pool; further calls queue up.
_THREADS = 128


# --- call ------------------------------------------------------------------------------------------------


@final
class _Work:
    """A call for a thread of the pool, and its outcome: the part of a Future that `call` needs."""

    __slots__ = ("_ended", "_fn", "_raised", "_result", "_wakeup")

    def __init__(self, fn: Callable[[], Any], wakeup: Chan[Any]) -> None:
        self._fn: Callable[[], Any] | None = fn
        self._wakeup = wakeup
        self._ended = False
        self._result: Any = None
        self._raised: BaseException | None = None

    def perform(self) -> None:
        """Call the function, unless it was canceled."""
        fn, self._fn = self._fn, None
        if fn is not None:
            try:
                self._result = fn()
            except BaseException as exc:
                self._raised = exc

    def end(self) -> None:
        """Wake the caller, from the pool's thread."""
        self._ended = True
        self._wakeup._offer(None)

    def cancel(self) -> None:
        """Prevent the call, if it has not begun."""
        self._fn = None

    def done(self) -> bool:
        return self._ended

    def result(self) -> Any:
        exc, self._raised = self._raised, None
        if exc is None:
            return self._result
        try:
            raise exc
        finally:
            # Its traceback refers to this frame.
            del exc


@final
class _Threads:
    """A pool of at most _THREADS threads, started on demand and reused.

    They are daemon threads: one that is blocked, in an accept for example, does not keep the process alive.
    (At exit Python waits for the threads of a ThreadPoolExecutor.)

    No lock is needed: Python switches threads and runs signal handlers only at the start of a function, after
    a call, and at the backward jump of a loop.  So the counts are changed between calls.
    """

    def __init__(self) -> None:
        self._queue: SimpleQueue[_Work] = SimpleQueue()
        # The numbers of calls that are queued or running, and of threads.
        self._calls = 0
        self._threads = 0

    def submit(self, work: _Work) -> None:
        """Have a thread perform work.

        If a signal handler raises in here, work is canceled, and the counts are right.
        """
        queued: list[None] = []
        self._calls += 1
        try:
            keep(queued, self._queue.put, work)
            if self._calls > self._threads and self._threads < _THREADS:
                self._start()
        except BaseException:
            if queued:
                # A thread takes it out of the queue.
                work.cancel()
            else:
                self._calls -= 1
            raise

    def _start(self) -> None:
        """Start a thread.  If the system allows no more threads, an existing one takes the call."""
        started: list[int] = []
        self._threads += 1
        try:
            # Not with a threading.Thread: its start is Python code, and a signal handler that raised in it
            # could end the thread.
            keep(started, start_new_thread, self._serve, (self._threads,))
        except RuntimeError:
            self._threads -= 1
            if self._threads == 0:
                raise
        except BaseException:
            if not started:
                self._threads -= 1
            raise

    def _serve(self, number: int) -> None:
        current_thread().name = f"gochan-thread-call_{number}"
        while True:
            # Not assigned to a variable, which would keep the last call's result alive.
            self._perform(self._queue.get())

    def _perform(self, work: _Work) -> None:
        try:
            work.perform()
            # Before the caller is woken, so that its next call finds this thread free.
            self._calls -= 1
        finally:
            work.end()


_threads = _Threads()


# Type checkers check fn's arguments only without ctx and executor: no ParamSpec can be combined with these.
@overload
def call(
    fn: Callable[..., _R], /, *args: Any, ctx: Context | None, executor: Executor | None = None, **kwargs: Any
) -> _R: ...
@overload
def call(fn: Callable[..., _R], /, *args: Any, executor: Executor | None, **kwargs: Any) -> _R: ...
@overload
def call(fn: Callable[_P, _R], /, *args: _P.args, **kwargs: _P.kwargs) -> _R: ...
def call(  # type: ignore[misc]  # ctx and executor are not in P.kwargs
    fn: Callable[..., _R],
    /,
    *args: Any,
    executor: Executor | None = None,
    ctx: Context | None = None,
    **kwargs: Any,
) -> _R:
    """Call `fn(*args, **kwargs)` in a thread or in executor; return its result.  Other goroutines go on.

    executor is any concurrent.futures.Executor, including pools of processes and clusters; by default, it is
    a pool of at most 128 daemon threads.  In threads fn sees the goroutine's contextvars.  Type checkers
    check fn's arguments only if neither executor nor ctx is given.

    If ctx ends first, `call` raises at once.  If fn is still queued, it is not called; if it runs, it goes
    on, and its result is dropped, as it is when the program ends.  A function that has begun cannot be
    stopped.  In the default pool it ends with the process, and its `finally` blocks don't run; at exit,
    Python waits for the threads of a ThreadPoolExecutor.

    Raises what fn raises, with its traceback; `ctx.err()` if ctx ends first; `TypeError` if fn is not
    callable, executor is not an Executor, or ctx is not a context.

    >>> from time import sleep
    >>> from gochan import go, run, thread
    >>> def main() -> None:
    ...     go(print, "other goroutines run")
    ...     thread.call(sleep, 0.001)
    ...     print(thread.call(pow, 2, 10))
    >>> run(main)
    other goroutines run
    1024
    """
    if not callable(fn):
        raise TypeError(f"thread.call: {fn!r} is not callable; give the function and its arguments")
    check_namespace("thread.call", fn, args, kwargs)
    if executor is not None and not isinstance(executor, Executor):
        raise TypeError(
            f"thread.call: {executor!r} is not a concurrent.futures.Executor; give one such as "
            "ThreadPoolExecutor(4)"
        )
    if ctx is not None:
        check_context("thread.call", ctx)
    # These two raise if the caller cannot wait, before fn is started.
    check_depth()
    getg()
    done = Chan._unbubbled(1)
    work = partial(fn, *args, **kwargs)
    if executor is None or isinstance(executor, ThreadPoolExecutor):
        work = partial(contextvars.copy_context().run, work)
    job: _Work | Future[Any]
    if executor is None:
        job = _Work(work, done)
        _threads.submit(job)
    else:
        job = executor.submit(work)
    program.wakers += 1
    try:
        if isinstance(job, Future):
            job.add_done_callback(lambda _: done._offer(None))
        if ctx is None:
            done._wait("thread call")
        else:
            select(recv(done), recv(ctx.done()))
            if not job.done():
                err = ctx.err()
                assert err is not None
                raise err
    except BaseException:
        job.cancel()
        raise
    finally:
        program.wakers -= 1
    result: _R = job.result()
    return result


# --- submit ----------------------------------------------------------------------------------------------


def submit(fn: Callable[_P, _R], /, *args: _P.args, **kwargs: _P.kwargs) -> Future[_R]:
    """Start a goroutine that calls `fn(*args, **kwargs)`, from any thread; return a Future of its result.

    Goroutines that one thread submits start in the order of the calls, behind all runnable goroutines.  The
    Future raises what leaves fn (a KeyboardInterrupt ends the program, too), and
    concurrent.futures.CancelledError if the program ends first.  Don't call the Future's `result` in a
    goroutine: it blocks the thread that fn needs.

    Without a Future, use `go`.  To send or receive, a thread needs neither.

    Raises `TypeError` if fn is not callable, `RuntimeError` while no program runs.

    >>> from threading import current_thread
    >>> from gochan import go, run, thread, time
    >>> def greet(name: str) -> str:
    ...     time.sleep(0.001)  # parks the goroutine
    ...     return f"hello, {name}"
    >>> def main() -> None:
    ...     thread.call(lambda: print(thread.submit(greet, "thread").result()))
    >>> run(main)
    hello, thread
    """
    if not callable(fn):
        raise TypeError(f"thread.submit: {fn!r} is not callable; give the function and its arguments")
    check_namespace("thread.submit", fn, args, kwargs)
    check_depth()
    future: Future[_R] = Future()
    call = (future, fn, args, kwargs, contextvars.copy_context())
    # The order matters: another thread may end the program at any time, which cancels the pending futures.
    _pending.add(future)
    if sched.main is None or sched.ending:
        _pending.discard(future)
        raise RuntimeError("thread.submit: no program runs; call it between run's start and its end")
    _queue.append(call)
    started: list[None] = []
    try:
        keep(started, spawn_global, _serve)
    except BaseException:
        if not started:
            with suppress(ValueError):
                _queue.remove(call)
            _pending.discard(future)
        raise
    return future


_Submitted: TypeAlias = tuple[
    Future[Any], Callable[..., Any], tuple[Any, ...], dict[str, Any], contextvars.Context
]

# The futures whose goroutines have not ended.
_pending: set[Future[Any]] = set()
# The calls that have not begun.  Each goroutine serves the first one: the scheduler may start the goroutines
# in another order, because every 61st time it takes the head of the global queue.
_queue: deque[_Submitted] = deque()


def _serve() -> None:
    while _queue:
        future, fn, args, kwargs, context = _queue.popleft()
        if future in _pending:
            break
        # It was submitted to a program that was about to end.
    else:
        return
    getcurrent().gr_context = context
    del context
    try:
        if not future.set_running_or_notify_cancel():
            return
        try:
            result = call_deferring(fn, args, kwargs)
        except (Unwind, GreenletExit):
            future.set_exception(CancelledError())
            raise
        except Goexit:
            future.set_exception(RuntimeError("thread.submit: the goroutine ended by goexit, with no result"))
            raise
        except BaseException as raised:
            future.set_exception(raised)
            if isinstance(raised, KeyboardInterrupt):
                raise
        else:
            future.set_result(result)
    finally:
        _pending.discard(future)


def _cancel_pending() -> None:
    """Cancel the pending futures at the end of the program."""
    _queue.clear()
    while _pending:
        with suppress(KeyError):
            future = _pending.pop()
            if future.cancel():
                future.set_running_or_notify_cancel()
            elif future.running():
                # Its goroutine could not be unwound.
                future.set_exception(CancelledError())


program.at_end.append(_cancel_pending)


def _forget() -> None:
    """Start afresh in a forked child, which has none of the parent's threads."""
    global _threads, _pending
    _threads = _Threads()
    _pending = set()
    _queue.clear()
    if _cancel_pending not in program.at_end:
        program.at_end.append(_cancel_pending)


if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_forget)


@contextmanager
def guests() -> Iterator[None]:
    """Return a context manager in which gochan reports no deadlock, because a thread may wake a goroutine.

    It is needed for threads that were started before the program.  While a thread that was started later
    runs, gochan reports no deadlock anyway.

    >>> from threading import Event, Thread
    >>> from gochan import Chan, run, thread
    >>> rings, begun = Chan[str](), Event()
    >>> def bell() -> None:
    ...     begun.wait()
    ...     rings.send("ring")
    >>> def main() -> None:
    ...     begun.set()
    ...     with thread.guests():  # without it, a Deadlock
    ...         print(rings.recv())
    >>> Thread(target=bell).start()
    >>> run(main)
    ring
    """
    program.wakers += 1
    try:
        yield
    finally:
        program.wakers -= 1
