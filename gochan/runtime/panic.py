"""panic, defer and recover (Go's runtime/panic.go); how deferred calls run is in scope.py."""

from __future__ import annotations

from collections.abc import Callable
from types import FrameType
from typing import Any, Final, NoReturn

from greenlet import GreenletExit

from .error import NIL_PANIC, Deadlock, Panic, Unwind
from .proc import getg
from .runtime2 import sched
from .scope import Scope
from .traceback import caller, user_frame

_MISPLACED: Final = (
    "defer: {name} is neither started by go or run nor decorated with @defers; put @defers above its def"
)


def panic(v: object) -> NoReturn:
    """Stop the goroutine's normal flow: Go's panic.

    v is any value and becomes `Panic(v)`; an exception is raised as it is.  Deferred calls run, and one of
    them may `recover`.  A panic that nobody recovers ends the program: `run` raises it.

    >>> panic("no such job")
    Traceback (most recent call last):
        ...
    gochan.Panic: no such job
    """
    if isinstance(v, BaseException):
        raise v
    raise Panic(NIL_PANIC if v is None else v)


def defer(_fn: Callable[..., object], /, *args: Any, **kwargs: Any) -> None:
    """Call `_fn(*args, **kwargs)` when the calling function ends: Go's defer.

    The arguments are evaluated now.  Deferred calls run last in, first out, on return and on an exception;
    when the program ends first, they don't.  The calling function is one that `go` or `run` started, or has
    `@defers` above it.

    Raises TypeError if _fn is not callable, RuntimeError in any other function.

    >>> from gochan import defer, run
    >>> def main() -> None:
    ...     defer(print, "world")
    ...     print("hello")
    >>> run(main)
    hello
    world
    """
    if not callable(_fn):
        raise TypeError(f"defer: {_fn!r} is not callable; give the function and its arguments: defer(f, x)")
    frame = caller()
    below = user_frame(frame.f_back) if frame is not None else None
    gp = sched.curg
    scope = gp.scope if gp is not None else None
    if gp is not None and (scope is None or scope.base is not below or scope.running):
        base = entry_base(gp)
        if scope is None and base is below and (gp is not sched.main or sched.explicit):
            gp.scope = scope = Scope(None, below)
        else:
            scope = None
    if scope is None:
        name = "the caller" if frame is None else frame.f_code.co_qualname
        raise RuntimeError(_MISPLACED.format(name=name))
    if _fn is recover and not args and not kwargs:
        _fn = scope.recover_above
    scope.calls.append((_fn, args, kwargs))


def entry_base(gp: Any) -> FrameType | None:
    """Find the user's frame below gp's entry function: the one that called run, or none."""
    return sched.base if gp is sched.main else None


def recover() -> Any:
    """Stop the panic that the deferred call is run by, and return what it was given: Go's recover.

    Returns the value of a `panic(v)`, the text of a runtime fault, or the exception of a `raise`; None when
    there is no panic, and in any function but one that `defer` calls directly.  The function that panicked
    then returns None to its caller.  Only an Exception can be recovered; KeyboardInterrupt, SystemExit
    and Deadlock cannot.

    >>> from gochan import defer, panic, recover, run
    >>> def main() -> None:
    ...     @defer
    ...     def _() -> None:
    ...         print("recovered:", recover())
    ...     panic("no such job")
    >>> run(main)
    recovered: no such job
    """
    gp = sched.curg
    if gp is None or gp.scope is None:
        return None
    frame = caller()
    if frame is None:
        # Called from C alone: go(recover).
        return None
    below = user_frame(frame.f_back)
    scope: Scope | None = gp.scope
    while scope is not None and scope.base is below and not scope.running:
        # A deferred call that is itself under @defers: its own scope lies in between.
        scope = scope.parent
    if scope is None or scope.base is not below:
        return None
    return scope.recover()


def call_deferring(fn: Callable[..., Any], args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
    """Call fn with a scope of its own; what `@defers` puts around a function."""
    gp = getg()
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
            exc = scope.run(exc)
            if panicked:
                result = None
    finally:
        gp.scope = scope.parent
    if exc is None:
        return result
    try:
        raise exc
    finally:
        # Its traceback holds this frame, where there is one.
        del exc
