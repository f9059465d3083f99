"""A semaphore of which a caller can acquire several units at once: Go's golang.org/x/sync/semaphore.

Invariants
- `_held` is the sum of what all callers hold; it never exceeds the size.
- Callers wait in first-in, first-out order.  A large request at the front blocks the small ones behind it,
  even if those would fit: otherwise it could starve.
- A caller is removed from `_waiting` when it is granted what it asked for.
- Nothing is called between the changes that belong together, since a signal handler may raise after a call.
"""

from __future__ import annotations

from collections import OrderedDict
from typing import final

from ._engine.arguments import check_int
from ._engine.depth import check_depth
from ._engine.error import Panic
from ._engine.impl import Chan, block, poll_point, recv, select
from ._engine.pickling import refuse_pickling
from .context import Context, ended

__all__ = ["Weighted", "new_weighted"]


@final
class _Waiter:
    """A caller that waits in acquire; `ready` is closed when it is granted n."""

    __slots__ = ("n", "ready")

    def __init__(self, n: int) -> None:
        self.n = n
        self.ready: Chan[None] = Chan()


@final
class Weighted:
    """A semaphore that limits the use of a resource to size in total: Go's semaphore.Weighted.

    Raises `TypeError` if size is not an int, `ValueError` if it is negative.

    >>> from gochan import context, semaphore
    >>> sem = semaphore.Weighted(3)
    >>> sem.acquire(context.background(), 2)
    >>> sem.try_acquire(2)
    False
    >>> sem.release(2)
    >>> sem.try_acquire(2)
    True
    """

    def __init__(self, size: int, /) -> None:
        self._size = check_int("Weighted", "weight", size, 0)
        self._held = 0
        # A plain dict becomes slow when its first item is removed again and again.
        self._waiting: OrderedDict[_Waiter, None] = OrderedDict()

    def acquire(self, ctx: Context, n: int, /) -> None:
        """Acquire n, blocking until n is free and all earlier callers are served: Go's Weighted.Acquire.

        If n exceeds the size, it blocks until ctx ends.

        Raises `ctx.err()` if ctx ends first, or has ended; nothing is acquired then.  Raises `TypeError` if
        ctx is not a context or n is not an int, `ValueError` if n is negative.
        """
        n = check_int("Weighted.acquire", "weight", n, 0)
        # In a loop that acquires and releases without blocking, other goroutines run only here.
        poll_point()
        err = ended("Weighted.acquire", ctx)
        if err is not None:
            raise err
        if n <= self._size - self._held and not self._waiting:
            self._held += n
            return
        done = ctx.done()
        if n > self._size:
            # n can never be granted, so the caller does not wait in the queue, where it would block the
            # others.
            if done is None:
                block("chan receive (nil chan)")
            done.recv()
            err = ended("Weighted.acquire", ctx)
            assert err is not None
            raise err
        w = _Waiter(n)
        self._waiting[w] = None
        try:
            index, _, _ = select(recv(done), recv(w.ready))
            err = ended("Weighted.acquire", ctx)
            if err is not None:
                # Also if n was granted at the same time, as in Go.
                raise err
            assert index == 1
        except BaseException:
            try:
                self._give_up(w)
            except BaseException:
                # A signal handler has raised in it.
                self._give_up(w)
                raise
            raise

    def try_acquire(self, n: int, /) -> bool:
        """Acquire n if n is free and no caller waits; return whether it did: Go's Weighted.TryAcquire.

        Raises `TypeError` if n is not an int, `ValueError` if it is negative.
        """
        n = check_int("Weighted.try_acquire", "weight", n, 0)
        # In a loop that polls try_acquire, other goroutines run only here.
        poll_point()
        if n > self._size - self._held or self._waiting:
            return False
        self._held += n
        return True

    def release(self, n: int, /) -> None:
        """Release n, and wake the first callers whose requests fit now: Go's Weighted.Release.

        Raises `Panic` if n is more than is held, `TypeError` if n is not an int, `ValueError` if it is
        negative.
        """
        n = check_int("Weighted.release", "weight", n, 0)
        check_depth()
        if n > self._held:
            raise Panic("semaphore: released more than held")
        self._held -= n
        try:
            self._serve()
        except BaseException:
            # A signal handler has raised in it.
            self._serve()
            raise

    __reduce__ = refuse_pickling

    def __repr__(self) -> str:
        state = f"size={self._size} held={self._held} waiters={len(self._waiting)}"
        return f"<Weighted {state} at {id(self):#x}>"

    def _serve(self) -> None:
        """Grant what the first waiters asked for, as long as it is free."""
        while self._waiting:
            # The loop calls no function: after a call, a handler or finalizer could run and change the queue.
            for w in self._waiting:  # noqa: B007
                break
            if w.n > self._size - self._held:
                return
            self._held += w.n
            del self._waiting[w]
            w.ready.close()

    def _give_up(self, w: _Waiter) -> None:
        """Remove w from the queue, or release what it was granted in the meantime.  May be called again."""
        n, w.n = w.n, 0
        if w in self._waiting:
            for first in self._waiting:  # noqa: B007
                break
            del self._waiting[w]
            if first is not w or self._held == self._size:
                return
        else:
            self._held -= n
        self._serve()


def new_weighted(size: int, /) -> Weighted:
    """Return `Weighted(size)`: Go's semaphore.NewWeighted.

    Raises what `Weighted` raises.

    >>> from gochan import semaphore
    >>> semaphore.new_weighted(3).try_acquire(4)
    False
    """
    return Weighted(size)
