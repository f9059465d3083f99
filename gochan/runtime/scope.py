"""The deferred calls of one function call, and how they run (the defer half of Go's runtime/panic.go).

A goroutine's entry function gets a Scope at its first `defer`, a function under `@defers` at each call;
they are stacked in `G.scope`.

Which function calls `defer` or `recover` is told by the frames: the engine runs a scope's function, and
later each of its deferred calls, straight above the same frame of the user's, `Scope.base`.  So a caller
whose next user frame down is the base is the scope's function, or, once they run, one of its deferred
calls; any other was called by something in between.
"""

from __future__ import annotations

from collections.abc import Callable
from types import FrameType
from typing import Any, final

from greenlet import GreenletExit

from .error import Deadlock, Goexit, Panic, Unwind


@final
class Scope:
    """The deferred calls of one function call, and the panic that runs through them."""

    __slots__ = ("base", "calls", "panicking", "parent", "replaced", "running")

    def __init__(self, parent: Scope | None, base: FrameType | None) -> None:
        self.parent = parent
        self.base = base
        self.calls: list[tuple[Callable[..., object], tuple[Any, ...], dict[str, Any]]] = []
        # What recover() would stop now.
        self.panicking: BaseException | None = None
        # A panic that comes from a scope further in, and the Goexit that it replaced there.
        self.replaced: tuple[BaseException, Goexit] | None = None
        self.running: bool = False

    def run(self, exc: BaseException | None) -> BaseException | None:
        """Run the deferred calls, last in, first out, after exc left the function (None: it returned).

        Returns what is still to be raised: exc, or what a deferred call raised in its stead, or None after
        a recover.  A Goexit is not recovered: a panic on top of it is, here or further out, and then the
        Goexit goes on.
        """
        self.running = True
        goexit = None if exc is None else self._goexit(exc)
        try:
            while self.calls:
                fn, args, kwargs = self.calls.pop()
                self.panicking = exc
                try:
                    fn(*args, **kwargs)
                except (Deadlock, Unwind, GreenletExit):
                    raise
                except BaseException as raised:
                    if exc is not None:
                        _chain(raised, exc)
                    exc = raised
                    goexit = self._goexit(exc) or goexit
                else:
                    if self.panicking is None:
                        exc = goexit
            if goexit is not None and exc is not None and exc is not goexit and self.parent is not None:
                self.parent.replaced = exc, goexit
            return exc
        finally:
            self.panicking = self.replaced = None
            # The traceback of what a deferred call raised holds this frame.
            exc = goexit = None

    def _goexit(self, exc: BaseException) -> Goexit | None:
        """Find the Goexit that exc is, or that it has replaced."""
        if isinstance(exc, Goexit):
            return exc
        replaced = self.replaced
        return None if replaced is None or replaced[0] is not exc else replaced[1]

    def recover(self) -> Any:
        """Stop the panic that the deferred calls run for; return what it was given, None without one."""
        exc = self.panicking
        if not isinstance(exc, Exception) or isinstance(exc, Deadlock):
            return None
        self.panicking = None
        return exc.value if isinstance(exc, Panic) else exc

    def recover_above(self) -> None:
        """Do what `defer(recover)` does: recover as if the scope's function itself called it.

        So there must be no panic of its own, and it must be a deferred call in its turn: of the scope above.
        """
        above = self.parent
        if self.panicking is None and above is not None and above.running and above.base is self.base:
            above.recover()


def _chain(raised: BaseException, earlier: BaseException) -> None:
    """Keep the panic that was replaced, as the context of the one that replaced it."""
    chain = _contexts(raised)
    ids = {id(exc) for exc in chain}
    if id(earlier) in ids:
        return
    # As Python does: the chain of an exception that is raised a second time must not come back to it.
    for exc in _contexts(earlier):
        if id(exc.__context__) in ids:
            exc.__context__ = None
    chain[-1].__context__ = earlier


def _contexts(exc: BaseException) -> list[BaseException]:
    """List exc and those that it came after, each once."""
    chain = [exc]
    ids = {id(exc)}
    context = exc.__context__
    while context is not None and id(context) not in ids:
        chain.append(context)
        ids.add(id(context))
        context = context.__context__
    return chain
