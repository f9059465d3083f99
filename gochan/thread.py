"""Other threads: blocking calls out of a goroutine, and calls in from a thread that is not the runtime's.

Out: `call(fn, *args)` runs fn in a thread, or in any concurrent.futures executor, while the goroutine parks
and the others run.  In: `submit(fn, *args)` starts a goroutine from any thread and gives a Future of its
result.  Go has no counterpart: it does both by itself.

A program in which every goroutine waits is a deadlock, even if some thread would have called in later; inside
`with guests():` it waits for the thread instead.

The rule for a foreign thread, one that is not the runtime's: whatever it does to a channel or any other thing
of gochan's, it does by `submit`.  A callback of some library's thread sends with `submit(ch.send, v)`.  Used
there directly, a channel refuses with a RuntimeError what would have to wait.  What needs no waiting, the
interpreted engine refuses as well, since its steps are not atomic.  The compiled one lets it pass: its steps
are, under the GIL, and to look at the thread would double the cost of a buffered send.

A child forked by os.fork or multiprocessing starts with a fresh runtime: it has none of the parent's
goroutines, timers, pending calls and signal registrations, and runs none of their `finally` blocks.
"""

from __future__ import annotations

import contextvars
import os
from collections import deque
from collections.abc import Callable, Iterator
from concurrent.futures import CancelledError, Executor, Future, ThreadPoolExecutor
from contextlib import contextmanager
from functools import partial
from threading import Lock
from typing import Any, ParamSpec, TypeVar

from greenlet import GreenletExit

from .context import Context
from .runtime.chan import Chan
from .runtime.error import Goexit, Unwind
from .runtime.panic import call_deferring
from .runtime.proc import blocker, outside_g, post, start, start_behind
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
    it is when the program ends.  Nothing stops a function that has begun; Python waits for it at its exit.

    Returns what fn returns, and raises what it raises, with its traceback, or ctx.err() if ctx ended first.
    Raises TypeError for what is no function, executor or context, RuntimeError in a thread that is not the
    runtime's.

    >>> from time import sleep
    >>> from gochan import go, run, thread
    >>> def main() -> None:
    ...     go(print, "the others run meanwhile")
    ...     thread.call(sleep, 0.001)
    ...     print(thread.call(pow, 2, 10))
    >>> run(main)
    the others run meanwhile
    1024
    """
    if not callable(fn):
        raise TypeError(f"thread.call: {fn!r} is not callable; give the function and its arguments")
    if executor is not None and not isinstance(executor, Executor):
        raise TypeError(f"thread.call: {executor!r} is no concurrent.futures.Executor")
    if ctx is not None and not isinstance(ctx, Context):
        raise TypeError(f"thread.call: {ctx!r} is no context; give one such as context.with_timeout makes")
    blocker()
    done = Chan._unbubbled(1)
    pool = _default_executor() if executor is None else executor
    work: Callable[..., _R] = partial(fn, *args, **kwargs)
    if isinstance(pool, ThreadPoolExecutor):
        work = partial(contextvars.copy_context().run, work)
    future = pool.submit(work)
    sched.wakers += 1
    try:
        future.add_done_callback(lambda _: post(partial(done._offer, None)))
        if ctx is None:
            done._wait("thread call")
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

    What one thread submits starts in that order.  An exception that leaves fn is the Future's, and only a
    KeyboardInterrupt ends the program, too.  When the program ends first, the Future raises
    concurrent.futures.CancelledError.  So a callback in a thread of some library sends into a channel by
    `submit(ch.send, v)`, and by `submit(ch.send, v).result()` waits until v is taken; never in a goroutine,
    which would wait for itself.

    Raises TypeError if fn is not callable, RuntimeError while no program runs.

    >>> from threading import Thread
    >>> from gochan import Chan, run, thread
    >>> def main() -> None:
    ...     words = Chan[str]()
    ...     other = Thread(target=lambda: thread.submit(words.send, "hello"))
    ...     other.start()
    ...     with thread.guests():
    ...         print(words.recv())
    ...     other.join()
    >>> run(main)
    hello
    """
    if not callable(fn):
        raise TypeError(f"thread.submit: {fn!r} is not callable; give the function and its arguments")
    future: Future[_R] = Future()
    gp = outside_g(_serve, (future, fn, args, kwargs))
    with _lock:
        if sched.main is None or sched.ending:
            raise RuntimeError("thread.submit: no program runs; call it between run's start and its end")
        if not _pending:
            sched.at_end.append(_cancel_pending)
        _pending.add(future)
    post(partial(_line_up, gp, future))
    return future


# Guards what follows: a future is pending, or the program has ended and cancelled it, and never neither.
_lock = Lock()
# Futures whose goroutines have not ended; with the first, the program's end learns of them.
_pending: set[Future[Any]] = set()


# Those that have not begun, as they came.  The first is in the run queue, and starts the next as it begins:
# were they all in there, they might overtake each other.
_line: deque[G] = deque()


def _line_up(gp: G, future: Future[Any]) -> None:
    # Not one that came to a program that has ended.
    if future in _pending:
        _line.append(gp)
        if len(_line) == 1:
            start_behind(gp)


def _serve(future: Future[_R], fn: Callable[..., _R], args: tuple[Any, ...], kwargs: dict[str, Any]) -> None:
    _line.popleft()
    if _line:
        start(_line[0])
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
        _drop(future)


def _drop(future: Future[Any]) -> None:
    with _lock:
        _pending.discard(future)
        if not _pending and _cancel_pending in sched.at_end:
            sched.at_end.remove(_cancel_pending)


def _cancel_pending() -> None:
    """The program has ended: nobody will serve these."""
    with _lock:
        left = list(_pending)
        _pending.clear()
        _line.clear()
        if _cancel_pending in sched.at_end:
            sched.at_end.remove(_cancel_pending)
    for future in left:
        future.cancel()
        future.set_running_or_notify_cancel()


def _forget() -> None:
    """In a forked child, no thread of the parent's is left, and nothing is pending."""
    global _executor, _lock, _pending
    _executor = None
    _lock = Lock()
    _pending = set()
    _line.clear()


if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_forget)


@contextmanager
def guests() -> Iterator[None]:
    """Wait for other threads where all goroutines wait, in place of raising Deadlock.

    For as long as the body of the `with` statement runs: some thread is going to `submit`.

    >>> from threading import Timer
    >>> from gochan import Chan, run, thread
    >>> def main() -> None:
    ...     rings = Chan[str]()
    ...     Timer(0.001, lambda: thread.submit(rings.send, "ring")).start()
    ...     with thread.guests():  # without it, a Deadlock
    ...         print(rings.recv())
    >>> run(main)
    ring
    """
    sched.wakers += 1
    try:
        yield
    finally:
        sched.wakers -= 1
