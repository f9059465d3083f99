"""The `@defers` decorator."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import ParamSpec, TypeVar

from .panic import call_deferring

_P = ParamSpec("_P")
_R = TypeVar("_R")

# CO_GENERATOR, CO_COROUTINE and CO_ASYNC_GENERATOR of the module inspect, whose import takes 7 ms.
_RUNS_LATER = 0x20 | 0x80 | 0x200


def defers(fn: Callable[_P, _R]) -> Callable[_P, _R]:
    """Decorate a function so that it can call `defer` and `recover`.

    A function that `go` or `run` starts needs no decorator.  Deferred calls run when the function returns or
    raises.  If it recovers, it returns None.

    Raises `TypeError` if fn is not callable, or is a coroutine or generator function.

    >>> from gochan import defer, defers
    >>> @defers
    ... def visit(name: str) -> int:
    ...     defer(print, "bye,", name)
    ...     print("hello,", name)
    ...     return len(name)
    >>> visit("gopher")
    hello, gopher
    bye, gopher
    6
    """
    if not callable(fn):
        raise TypeError(f"defers: {fn!r} is not callable; put @defers above a def")
    code = getattr(fn, "__code__", None)
    if code is not None and code.co_flags & _RUNS_LATER:
        raise TypeError(f"defers: {fn.__qualname__} is a coroutine or generator function; use a plain one")

    @wraps(fn)
    def wrapper(*args: _P.args, **kwargs: _P.kwargs) -> _R:
        return call_deferring(fn, args, kwargs)  # type: ignore[no-any-return]

    return wrapper
