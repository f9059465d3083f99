"""Deadlines and cancellation: `gochan.context` for programs that use `gochan.port.lib.time`.

`with_timeout` takes a Duration, and `with_deadline` a Time.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol

from gochan import context as _context
from gochan.context import (
    Canceled,
    CancelFunc,
    Context,
    DeadlineExceeded,
    after_func,
    background,
    todo,
    with_cancel,
    with_value,
    without_cancel,
)

from . import time
from ._panics import Thrown
from ._types import error

__all__ = [
    "CancelCauseFunc",
    "CancelFunc",
    "Canceled",
    "Context",
    "DeadlineExceeded",
    "after_func",
    "background",
    "cause",
    "deadline",
    "todo",
    "with_cancel",
    "with_cancel_cause",
    "with_deadline",
    "with_deadline_cause",
    "with_timeout",
    "with_timeout_cause",
    "with_value",
    "without_cancel",
]


class CancelCauseFunc(Protocol):
    """The function that `with_cancel_cause` returns to cancel its context: Go's context.CancelCauseFunc."""

    def __call__(self, cause: error, /) -> None: ...


def with_cancel_cause(parent: Context) -> tuple[Context, CancelCauseFunc]:
    """Return a context, and a function that cancels it with a cause: Go's context.WithCancelCause."""
    ctx, cancel = _context.with_cancel_cause(parent)

    def cancel_for(cause: error, /) -> None:
        cancel(_exception(cause))

    return ctx, cancel_for


def _exception(cause: error | None) -> BaseException | None:
    """Return a cause as gochan takes it: an exception, which an error of the program need not be."""
    return cause if cause is None or isinstance(cause, BaseException) else Thrown(cause)


def cause(ctx: Context) -> error:
    """Return why a context ended: Go's context.Cause."""
    found = _context.cause(ctx)
    # An error that was raised through errgroup, though it is not an exception.
    return found.err if isinstance(found, Thrown) else found


def with_timeout(parent: Context, d: int) -> tuple[Context, Callable[[], None]]:
    """Return a context that ends after d nanoseconds, and its cancel function: Go's context.WithTimeout."""
    return _context.with_timeout(parent, d / 1e9)


def with_timeout_cause(parent: Context, d: int, cause: error) -> tuple[Context, Callable[[], None]]:
    """Return a context that ends after d, with a cause: Go's context.WithTimeoutCause."""
    return _context.with_timeout_cause(parent, d / 1e9, _exception(cause))


def with_deadline(parent: Context, t: time.Time) -> tuple[Context, Callable[[], None]]:
    """Return a context that ends at a time, and its cancel function: Go's context.WithDeadline."""
    return _context.with_timeout(parent, time.until(t) / 1e9)


def with_deadline_cause(parent: Context, t: time.Time, cause: error) -> tuple[Context, Callable[[], None]]:
    """Return a context that ends at a time, with a cause: Go's context.WithDeadlineCause."""
    return _context.with_timeout_cause(parent, time.until(t) / 1e9, _exception(cause))


def deadline(ctx: Context) -> tuple[time.Time, bool]:
    """Return when a context ends, and whether it has a deadline: Go's ctx.Deadline()."""
    moment, ok = ctx.deadline()
    return (time.received(moment), True) if ok else (time.Time(), False)
