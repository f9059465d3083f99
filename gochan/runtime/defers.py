"""The `@defers` decorator.

It has a file of its own, which is not compiled: what mypyc makes of a nested function cannot carry the
name, the signature and the docstring of the function that it wraps.
"""

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
    """Let a function use `defer` and `recover`: the decorator for one that neither go nor run starts.

    Its deferred calls run when it returns or raises, before its caller goes on.  A function that recovers
    returns None.

    Raises TypeError for what is not a plain function: a coroutine or generator function does not run when
    it is called.

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
