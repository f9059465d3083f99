"""Methods of gochan's objects that are more than one operation on the object.

What a method calls may do operations of its own, and the method may go on after them: `range` reads the map
again after each call, and `do` is no longer at its start when it calls its function.  `acquire` may depend on
a context besides.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

from .. import context, singleflight
from ..semaphore import Weighted
from ..sync import Map
from .active import explored
from .before import METHODS, callback
from .calls import library, operation
from .operation import ANYTHING, Op
from .performing import perform

# The contexts that never end.
_ENDLESS: Final = (context.background(), context.todo())


def _acquire(f: Any, me: Any, name: str) -> Callable[..., Any]:
    """Return what calls f, the `acquire` of me: it depends on its context too, if that may end."""

    def call(*args: Any, **kwargs: Any) -> Any:
        endless = args[:1] and any(args[0] is ctx for ctx in _ENDLESS)
        return (operation(f, me, name, True) if endless else library(f))(*args, **kwargs)

    return call


def _range(f: Any, me: Any, name: str) -> Callable[..., Any]:
    """Return what calls f, the `range` of me, with a point before it reads me again."""

    def call(fn: Any, /) -> Any:
        called = callback(fn)

        def each(*args: Any) -> Any:
            more = called(*args)
            run = explored()
            if run is not None:
                run.point(Op(name, (run.names.of(me),), False, run.names.shown(me)))
                perform(run, name, me, _nothing)
            return more

        return operation(f, me, name, False)(each if callable(fn) else fn)

    return call


def _nothing() -> None:
    """Do what is left of an operation after its point."""


def _do(f: Any, me: Any, name: str) -> Callable[..., Any]:
    """Return what calls f, the `do` of a singleflight.Group, with a point before it calls its function."""

    def call(key: Any, fn: Any, /) -> Any:
        called = callback(fn)

        def begin() -> Any:
            run = explored()
            if run is not None:
                run.point(Op("call", (ANYTHING,), True, run.names.shown(me)))
            return called()

        return library(f)(key, begin if callable(fn) else fn)

    return call


METHODS.update({(Map, "range"): _range, (Weighted, "acquire"): _acquire, (singleflight.Group, "do"): _do})
