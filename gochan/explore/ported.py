"""What programs that `gochan port` wrote call: their library, gochan.port.lib.

It is data to them, as a list is, except for those of its modules that wait or order, whose calls are
operations, and for its channels that may be nil and its atomic variables.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any, Final

from .._engine.impl import Chan
from . import active, performing, races
from .active import explored
from .calls import library
from .data import place
from .iteration import receive
from .library import length, reader

_PORTED: Final = "gochan.port.lib"
# The modules that wait or order.
_OPERATIONS: Final = frozenset(
    f"{_PORTED}.{name}"
    for name in ("context", "io", "net", "rate", "singleflight", "synctest", "testing", "time")
)
# The methods of channels that functions on channels call.
_CHANNELS: Final = {
    "chan_recv": "recv", "chan_recv_ok": "recv_ok", "chan_send": "send", "recv_zero": "recv_ok",
    "recv_ok_zero": "recv_ok",
}  # fmt: skip


def is_ported(module: str) -> bool:
    """Return whether a module is one of the library of ported programs."""
    return module.startswith(_PORTED)


def ordering(module: str) -> bool:
    """Return whether the functions of a module of that library are operations."""
    return module in _OPERATIONS


def function(f: Any) -> Callable[..., Any]:
    """Return what is called instead of a function of that library."""
    module = f.__module__
    if module in _OPERATIONS:
        return library(f)
    return _MODULES.get(module.removeprefix(f"{_PORTED}."), reader)(f)


def _channel(f: Any) -> Callable[..., Any]:
    """Return what calls f, which does an operation on the channel, or nil, that it is given."""

    def call(ch: Any, /, *args: Any) -> Any:
        if type(ch) is not Chan:
            return f(ch, *args)
        if f.__name__ == "chan_range":
            return receive(ch)
        name = _CHANNELS.get(f.__name__)
        if name is None:
            return length(ch)
        run = active.current
        if run is None:
            return f(ch, *args)
        known = run.operations.get((f, ch))
        made = known or performing.operation(run, partial(f, ch), ch, name, True, known_as=(f, ch))
        return made(*args)

    return call


def _atomic(f: Any) -> Callable[..., Any]:
    """Return what calls f, an atomic operation on the variable that its first argument points to."""

    def call(addr: Any, /, *args: Any) -> Any:
        run = explored()
        if run is None or addr is None:
            return f(addr, *args)
        return races.atomic(run, f.__name__, place(addr, "v"), partial(f, addr, *args))

    return call


# By module, what returns what is called instead of its functions; of any other, they read data.
_MODULES: Final[dict[str, Callable[[Any], Callable[..., Any]]]] = {"_channels": _channel, "atomic": _atomic}
