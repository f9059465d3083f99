"""Scopes: the deferred calls of one function call, and how they run (half of Go's runtime/panic.go).

A goroutine's first function gets a Scope at its first `defer`; a function under `@defers` gets one at each
call.  `G.scope` is the innermost one.

`defer` and `recover` find out who calls them by the frames.  The engine calls a scope's function, and later
its deferred calls, with the same frame of the user's below: `Scope.base`.  So if the next user frame below
the caller is the base, the caller is the scope's function or, while they run, one of its deferred calls.  Any
other caller is some function that was called by those.
"""

from __future__ import annotations

from collections.abc import Callable
from types import FrameType
from typing import Any, final

from greenlet import GreenletExit

from .error import Deadlock, Goexit, Panic, Unwind, set_context


@final
class Scope:
    """The deferred calls of one function call, and the panic that runs them."""

    __slots__ = ("base", "calls", "panicking", "parent", "replaced", "running")

    def __init__(self, parent: Scope | None, base: FrameType | None) -> None:
        self.parent = parent
        self.base = base
        self.calls: list[tuple[Callable[..., object], tuple[Any, ...], dict[str, Any]]] = []
        # The exception that recover() would stop.
        self.panicking: BaseException | None = None
        # A panic that comes from an inner scope, and the Goexit that it replaced there.
        self.replaced: tuple[BaseException, Goexit] | None = None
        self.running: bool = False

    def run(self, exc: BaseException | None) -> BaseException | None:
        """Run the deferred calls, last in, first out, after the function has raised exc, or returned (None).

        Returns the exception that is still to be raised: exc, or what a deferred call raised after it; None
        after a recover.  A Goexit cannot be recovered.  A panic that replaced a Goexit can, and then the
        Goexit continues.
        """
        self.running = True
        goexit = None if exc is None else self._goexit(exc)
        try:
            while self.calls:
                # The inner loop is in the try, since a signal handler may raise where it jumps back.
                try:
                    while self.calls:
                        # No call in between, after which a handler may raise: this one would be lost.
                        fn, args, kwargs = self.calls[-1]
                        self.panicking = exc
                        del self.calls[-1]
                        fn(*args, **kwargs)
                        if self.panicking is None:
                            exc = goexit
                except (Deadlock, Unwind, GreenletExit):
                    raise
                except BaseException as raised:
                    if exc is not None:
                        _chain(raised, exc)
                    exc = raised
                    goexit = self._goexit(exc) or goexit
            if goexit is not None and exc is not None and exc is not goexit and self.parent is not None:
                self.parent.replaced = exc, goexit
            return exc
        finally:
            self.panicking = self.replaced = None
            # Break reference cycles: the traceback of what a deferred call raised refers to this frame.
            exc = goexit = None

    def _goexit(self, exc: BaseException) -> Goexit | None:
        """Return exc if it is a Goexit, or the Goexit that it has replaced, or None."""
        if isinstance(exc, Goexit):
            return exc
        replaced = self.replaced
        return None if replaced is None or replaced[0] is not exc else replaced[1]

    def recover(self) -> Any:
        """Stop the panic that runs the deferred calls, and return its value; None if there is no panic."""
        exc = self.panicking
        if not isinstance(exc, Exception) or isinstance(exc, Deadlock):
            return None
        self.panicking = None
        return exc.value if isinstance(exc, Panic) else exc

    def recover_above(self) -> None:
        """Run a `recover` that was deferred itself: it does what a call in the scope's function would do.

        That call recovers the panic of the scope above, if this scope's function is a deferred call there.
        """
        above = self.parent
        if self.panicking is None and above is not None and above.running and above.base is self.base:
            above.recover()


def _chain(raised: BaseException, earlier: BaseException) -> None:
    """Make `earlier` the last context of `raised`, which has replaced it."""
    chain = _contexts(raised)
    ids = {id(exc) for exc in chain}
    if id(earlier) in ids:
        return
    # As Python does: a chain of contexts must not contain an exception twice.
    for exc in _contexts(earlier):
        if id(exc.__context__) in ids:
            set_context(exc, None)
    set_context(chain[-1], earlier)


def _contexts(exc: BaseException) -> list[BaseException]:
    """List exc, its context, that one's context, and so on, each once."""
    chain = [exc]
    ids = {id(exc)}
    context = exc.__context__
    while context is not None and id(context) not in ids:
        chain.append(context)
        ids.add(id(context))
        context = context.__context__
    return chain
