"""Other threads: blocking calls out of a goroutine, and calls in from a thread that is not the runtime's.

Out: `call(fn, *args)` runs fn in a thread, or in any concurrent.futures executor, while the goroutine parks
and the others run.  In: `submit(fn, *args)` starts a goroutine from any thread and gives a Future of its
result.  Go has no counterpart: it does both by itself.

A program in which every goroutine waits is a deadlock, even if some thread would have called in later; inside
`with guests():` it waits for the thread instead.
"""

from __future__ import annotations

import contextvars
from collections.abc import Callable, Iterator
from concurrent.futures import Executor, Future, ThreadPoolExecutor
from contextlib import contextmanager
from functools import partial
from typing import Any, ParamSpec, TypeVar

from greenlet import GreenletExit

from .context import Context
from .runtime.chan import Chan
from .runtime.error import Goexit, Unwind
from .runtime.panic import call_deferring
from .runtime.proc import blocker, outside_g, post, start
from .runtime.runtime2 import G, sched
from .runtime.select import recv, select

__all__ = ["call", "guests", "submit"]

_P = ParamSpec("_P")
_R = TypeVar("_R")

# As many blocking calls at a time as this wait in threads of our own; further ones queue up.
_THREADS = 128

_executor: ThreadPoolExecutor | None = None


def _default_executor() -> ThreadPoolExecutor:
    global _executor
    if _executor is None:
        _executor = ThreadPoolExecutor(_THREADS, "gochan-thread-call")
    return _executor


def call(
    fn: Callable[..., _R],
    /,
    *args: Any,
    executor: Executor | None = None,
    ctx: Context | None = None,
    **kwargs: Any,
) -> _R:
    """Call `fn(*args, **kwargs)` in a thread, or in executor, and wait for its result; other goroutines run.

    executor is any concurrent.futures.Executor, one of processes or of a cluster too; without it, a pool of
    128 threads.  In threads fn sees the goroutine's contextvars.  When ctx ends first, the goroutine goes on
    at once: fn is not started if it still waits for a thread, and otherwise its late result is dropped, as
    it is when the program ends.

    Returns what fn returns, and raises what it raises, with its traceback, or ctx.err() if ctx ended first.
    Raises TypeError if fn is not callable, RuntimeError in a thread that is not the runtime's.
    """
    if not callable(fn):
        raise TypeError(f"thread.call: {fn!r} is not callable; give the function and its arguments")
    if executor is not None and not isinstance(executor, Executor):
        raise TypeError(f"thread.call: {executor!r} is no concurrent.futures.Executor")
    blocker()
    done = Chan.unbubbled(1)
    pool = _default_executor() if executor is None else executor
    work: Callable[..., _R] = partial(fn, *args, **kwargs)
    if isinstance(pool, ThreadPoolExecutor):
        work = partial(contextvars.copy_context().run, work)
    sched.wakers += 1
    try:
        future = pool.submit(work)
        future.add_done_callback(lambda _: post(partial(done.offer, None)))
        if ctx is None:
            done.recv()
        else:
            select(recv(done), recv(ctx.done()))
            if not future.done():
                err = ctx.err()
                assert err is not None
                raise err
    except BaseException:
        future.cancel()
        raise
    finally:
        sched.wakers -= 1
    return future.result()


def submit(fn: Callable[..., _R], /, *args: Any, **kwargs: Any) -> Future[_R]:
    """Start a goroutine that calls `fn(*args, **kwargs)`, from any thread; return a Future of its result.

    An exception that leaves fn is the Future's, and doesn't end the program.  When the program ends first,
    the Future is cancelled.  So a callback in a thread of some library sends into a channel by
    `submit(ch.send, v)`, and by `submit(ch.send, v).result()` waits until it is taken.

    Raises TypeError if fn is not callable, RuntimeError while no program runs.
    """
    if not callable(fn):
        raise TypeError(f"thread.submit: {fn!r} is not callable; give the function and its arguments")
    if sched.main is None or sched.ending:
        raise RuntimeError("thread.submit: no program runs; call it between run's start and its end")
    future: Future[_R] = Future()
    gp = outside_g(_serve, (future, fn, args, kwargs))
    if _cancel_pending not in sched.at_end:
        sched.at_end.append(_cancel_pending)
    _pending.add(future)
    future.add_done_callback(_pending.discard)
    post(partial(_start, gp, future))
    return future


# Futures whose goroutines have not ended.
_pending: set[Future[Any]] = set()


def _start(gp: G, future: Future[Any]) -> None:
    if future in _pending:
        start(gp)


def _serve(future: Future[_R], fn: Callable[..., _R], args: tuple[Any, ...], kwargs: dict[str, Any]) -> None:
    if not future.set_running_or_notify_cancel():
        return
    try:
        result = call_deferring(fn, args, kwargs)
    except (Unwind, GreenletExit, Goexit):
        future.set_exception(RuntimeError("thread.submit: the goroutine ended without a result"))
        raise
    except BaseException as raised:
        future.set_exception(raised)
    else:
        future.set_result(result)


def _cancel_pending() -> None:
    """The program has ended: nobody will serve these."""
    for future in list(_pending):
        future.cancel()
    _pending.clear()


@contextmanager
def guests() -> Iterator[None]:
    """Wait for other threads where all goroutines wait, in place of raising Deadlock.

    For as long as the body of the `with` statement runs: some thread is going to `submit`.
    """
    sched.wakers += 1
    try:
        yield
    finally:
        sched.wakers -= 1
