"""panic, defer and recover (Go's runtime/panic.go); how deferred calls run is in scope.py."""

from __future__ import annotations

import sys
from collections.abc import Callable
from types import FrameType
from typing import Any, Final, NoReturn, ParamSpec

from greenlet import GreenletExit

from .error import NIL_PANIC, Deadlock, Panic, Unwind
from .impl import G, getg, running, sched, thread_g
from .loops import blocks_loop
from .program import program
from .scope import Scope
from .traceback import caller, user_frame
from .unpatched import get_ident

_P = ParamSpec("_P")

_NO_SCOPE: Final = (
    "defer: {name} is neither started by go or run nor decorated with @defers; put @defers above its def"
)


def panic(v: object) -> NoReturn:
    """Raise `Panic(v)`, or v itself if it is an exception: Go's panic.

    Deferred calls run, and one of them may `recover`.  A panic that is not recovered ends the program: `run`
    raises it.

    >>> panic("no such job")
    Traceback (most recent call last):
        ...
    gochan.Panic: no such job
    """
    if isinstance(v, BaseException):
        raise v
    raise Panic(NIL_PANIC if v is None else v)


def defer(fn: Callable[_P, object], /, *args: _P.args, **kwargs: _P.kwargs) -> Any:
    """Call `fn(*args, **kwargs)` when the calling function ends: Go's defer.

    The arguments are evaluated now.  Deferred calls run in the reverse order, when the function returns or
    raises.  They don't run if the program ends first.  The calling function must be one that `go` or `run`
    started, or be decorated with `@defers`.

    Raises `TypeError` if `fn` is not callable, `RuntimeError` in any other function.

    >>> from gochan import defer, run
    >>> def main() -> None:
    ...     defer(print, "world")
    ...     print("hello")
    >>> run(main)
    hello
    world
    """
    if not callable(fn):
        raise TypeError(f"defer: {fn!r} is not callable; give the function and its arguments: defer(f, x)")
    frame = caller()
    below = user_frame(frame.f_back) if frame is not None else None
    gp = _here()
    scope = gp.scope if gp is not None else None
    if gp is not None and (scope is None or scope.base is not below or scope.running):
        base = entry_base(gp)
        if scope is None and base is below and not gp.thread and (gp is not sched.main or program.explicit):
            gp.scope = scope = Scope(None, below)
        else:
            scope = None
    if scope is None:
        name = "the caller" if frame is None else frame.f_code.co_qualname
        raise RuntimeError(_NO_SCOPE.format(name=name))
    call: Callable[..., object] = fn
    if call is recover and not args and not kwargs:
        call = scope.recover_above
    scope.calls.append((call, args, kwargs))


def _here() -> G | None:
    """Return the caller's goroutine, or its thread's G.

    Functions under @defers also work in other threads and in event loops.
    """
    gp = running()
    if gp is not None:
        return gp
    if sched.main is None:
        elsewhere = blocks_loop(sys._getframe())
    else:
        elsewhere = sched.thread != get_ident() or program.idle.in_loop()
    return thread_g() if elsewhere else None


def entry_base(gp: G) -> FrameType | None:
    """Return the user's frame below gp's first function: the one that called run for main, else None."""
    return program.base if gp is sched.main else None


def recover() -> Any:
    """Stop the panic that is running the deferred calls, and return its value: Go's recover.

    Must be called by a deferred function directly.  The function that panicked then returns None to its
    caller.

    Returns v for a `panic(v)`, the text for an error of the runtime, the exception for any other `raise`.
    Returns None if there is no panic, or if the caller is not a deferred function.  KeyboardInterrupt,
    SystemExit and Deadlock cannot be recovered.

    >>> from gochan import defer, panic, recover, run
    >>> def main() -> None:
    ...     @defer
    ...     def _() -> None:
    ...         print("recovered:", recover())
    ...     panic("no such job")
    >>> run(main)
    recovered: no such job
    """
    gp = _here()
    if gp is None or gp.scope is None:
        return None
    frame = caller()
    if frame is None:
        # Called by C code, with no frame below: go(recover).
        return None
    below = user_frame(frame.f_back)
    scope: Scope | None = gp.scope
    while scope is not None and scope.base is below and not scope.running:
        # The caller is a deferred function that is itself decorated with @defers: skip its own scope.
        scope = scope.parent
    if scope is None or scope.base is not below:
        return None
    return scope.recover()


def call_deferring(fn: Callable[..., Any], args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
    """Call fn with a scope for its deferred calls: what a function under `@defers` does."""
    gp = running() or _here() or getg()
    scope = gp.scope = Scope(gp.scope, caller())
    exc: BaseException | None = None
    result: Any = None
    try:
        try:
            result = fn(*args, **kwargs)
        except (Deadlock, Unwind, GreenletExit):
            # The program is over: Go runs no deferred call after a fatal error.
            raise
        except BaseException as raised:
            exc = raised
        if (scope.calls or scope.replaced is not None) and not sched.ending:
            panicked = exc is not None
            try:
                exc = scope.run(exc)
            except (Deadlock, Unwind, GreenletExit):
                raise
            except BaseException as raised:
                # A signal handler has raised before the first call.
                exc = scope.run(raised)
            if panicked:
                result = None
    finally:
        # Before the call, where a signal handler may raise.
        gp.scope = scope.parent
        # The caller's G is another one than before if the program ended and a new one began.
        here = _here()
        if here is not None and here is not gp:
            here.scope = scope.parent
    if exc is None:
        return result
    try:
        raise exc
    finally:
        # Break the reference cycle between the exception and this frame.
        del exc
