"""A semaphore whose callers take as much of it as they need: Go's golang.org/x/sync/semaphore.

Invariants
- `_held` is what all holders have together; it never exceeds the size.
- Callers wait in the order in which they came.  A large request in front holds up the small ones behind it,
  even where those would fit: else it could starve.
- A caller is out of `_waiting` from the moment at which it is granted what it asked for.
"""

from __future__ import annotations

from collections import OrderedDict
from typing import final

from .context import Context, ended
from .runtime.chan import Chan
from .runtime.error import Panic
from .runtime.proc import blocker, park, poll_point
from .runtime.select import recv, select

__all__ = ["Weighted"]


@final
class _Waiter:
    """A caller of acquire that waits; `ready` is closed when it is granted its n."""

    __slots__ = ("n", "ready")

    def __init__(self, n: int) -> None:
        self.n = n
        self.ready: Chan[None] = Chan()


@final
class Weighted:
    """Limits how much of a resource is in use at a time, size in all: Go's semaphore.Weighted, NewWeighted.

    size is an int of 0 or more: TypeError or ValueError otherwise.

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
        _check_weight("Weighted", size)
        self._size = size
        self._held = 0
        # Ordered by a linked list: taking out the first stays cheap, which with a plain dict it does not.
        self._waiting: OrderedDict[_Waiter, None] = OrderedDict()

    def acquire(self, ctx: Context, n: int, /) -> None:
        """Take n, waiting until that much is free and all who came before are served: Go's Weighted.Acquire.

        Raises `ctx.err()` when ctx has ended, before or meanwhile; nothing is taken then.  For more than the
        size it waits for that alone.  Raises TypeError for what is no context or no int, ValueError for an n
        below 0.
        """
        _check_weight("Weighted.acquire", n)
        # A loop that takes and releases never waits: this lets the others run.
        poll_point()
        err = ended(ctx)
        if err is not None:
            raise err
        if n <= self._size - self._held and not self._waiting:
            self._held += n
            return
        done = ctx.done()
        if n > self._size:
            # It can only fail: it must not hold up the others.
            if done is None:
                park(blocker(), "chan receive (nil chan)")
            else:
                done.recv()
            err = ended(ctx)
            assert err is not None
            raise err
        w = _Waiter(n)
        self._waiting[w] = None
        try:
            index, _, _ = select(recv(done), recv(w.ready))
            err = ended(ctx)
            if err is not None:
                # Also when it was served at the same time: the end of ctx came first.
                raise err
            assert index == 1
        except BaseException:
            self._give_up(w)
            raise

    def try_acquire(self, n: int, /) -> bool:
        """Take n if that much is free and nobody waits; tell whether it did: Go's Weighted.TryAcquire.

        Raises TypeError for what is no int, ValueError for an n below 0.
        """
        _check_weight("Weighted.try_acquire", n)
        # A loop that tries again and again never waits: this lets the others run.
        poll_point()
        if n > self._size - self._held or self._waiting:
            return False
        self._held += n
        return True

    def release(self, n: int, /) -> None:
        """Give n back and serve those who wait, as far as it goes: Go's Weighted.Release.

        Raises Panic for more than is held, TypeError for what is no int, ValueError for an n below 0.
        """
        _check_weight("Weighted.release", n)
        if n > self._held:
            raise Panic("semaphore: released more than held")
        self._held -= n
        self._serve()

    def _serve(self) -> None:
        while self._waiting:
            w = next(iter(self._waiting))
            if w.n > self._size - self._held:
                return
            self._held += w.n
            del self._waiting[w]
            w.ready.close()

    def _give_up(self, w: _Waiter) -> None:
        """Take w out of the queue, or give back what it was granted in the meantime."""
        if w in self._waiting:
            first = w is next(iter(self._waiting))
            del self._waiting[w]
            if not first or self._held == self._size:
                return
        else:
            self._held -= w.n
        self._serve()


def _check_weight(where: str, n: object) -> None:
    if not isinstance(n, int) or isinstance(n, bool):
        raise TypeError(f"{where}: {n!r} is not a weight; give an int")
    if n < 0:
        raise ValueError(f"{where}: the weight {n} is below 0; give 0 or more")
