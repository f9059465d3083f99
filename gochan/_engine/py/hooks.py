"""Hooks: the functions outside of the engine that it calls between steps.  run.py sets them by `bind`."""

from __future__ import annotations

from collections.abc import Callable
from types import FrameType
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from .state import G


class Hooks:
    """The hooks, by name."""

    __slots__ = (
        "arm",
        "caller",
        "check",
        "check_namespace",
        "check_result",
        "check_type",
        "element",
        "enter",
        "goroutine_ended",
        "make_time",
        "name_threads",
        "poll",
        "program_ended",
        "seconds",
        "spawner",
        "trace_value",
        "type_name",
        "wake",
    )

    # Return the caller's goroutine where `running` finds none, or raise.
    enter: Callable[[], G]
    # The same for the caller of `go`; None if that runs outside of all goroutines.
    spawner: Callable[[], G | None]
    # Call what was posted, let the event loop run, or sleep.  Called by the hub.
    poll: Callable[[], None]
    # Run a goroutine's deferred calls; return what is to be thrown into main, if that ends the program.
    goroutine_ended: Callable[[G, BaseException | None], BaseException | None]
    # Begin a new program with main, after the exception that ended the old one was thrown into it.
    program_ended: Callable[[G, BaseException], None]
    # Raise TypeError if a goroutine's function returned a coroutine or a generator.
    check_result: Callable[[Callable[..., object], object, str], None]
    # Raise TypeError if a goroutine's function would work in its caller's namespace.
    check_namespace: Callable[[str, Callable[..., object], tuple[Any, ...], dict[str, Any]], None]
    # Convert a duration that is not a float to seconds.
    seconds: Callable[[str, object], float]
    # Keep the text of a value that is sent or received, while values are recorded; return its number.
    trace_value: Callable[[object], int]
    # Look up the names of threads that were recorded for the first time.
    name_threads: Callable[[], None]
    # Make a Time from a reading of the wall clock and one of the monotonic clock, both in nanoseconds.
    make_time: Callable[[int, int], Any]
    # Element types of channels: check a value, find the class and the zero value, find the name, and check
    # that it is a type.
    check: Callable[[Any, object], None]
    element: Callable[[Any], tuple[Any, Any]]
    type_name: Callable[[Any], str]
    check_type: Callable[[Any], None]
    # Return the frame of the user's code that called the engine.
    caller: Callable[[], FrameType | None]
    # End the hub's sleep.
    wake: Callable[[], None]
    # Ask for one event of a descriptor, to read or (True) to write; None: for none any more.
    arm: Callable[[Any, bool | None], None]


hooks: Final = Hooks()


def bind(**functions: Callable[..., Any]) -> None:
    """Set the engine's hooks.  Raises `RuntimeError` when called again."""
    if hasattr(hooks, "enter"):
        raise RuntimeError("bind: the engine has its hooks already")
    if functions.keys() != set(Hooks.__slots__):
        raise TypeError(f"bind: give {', '.join(Hooks.__slots__)}")
    for name, function in functions.items():
        if not callable(function):
            raise TypeError(f"bind: {name} is {function!r}, which is not callable")
    for name, function in functions.items():
        setattr(hooks, name, function)
