"""Deadlines and cancellation: `gochan.context` for programs that use `gochan.port.lib.time`.

`with_timeout` takes a Duration, and `with_deadline` a Time.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from gochan import context as _context
from gochan.context import (
    CancelCauseFunc,
    Canceled,
    CancelFunc,
    Context,
    DeadlineExceeded,
    after_func,
    background,
    todo,
    with_cancel,
    with_cancel_cause,
    with_value,
    without_cancel,
)

from . import time
from ._panics import Thrown

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


def cause(ctx: Context) -> Any:
    """Return why a context ended: Go's context.Cause."""
    found = _context.cause(ctx)
    # An error that was raised through errgroup, though it is not an exception.
    return found.err if isinstance(found, Thrown) else found


def with_timeout(parent: Context, d: int) -> tuple[Context, Callable[[], None]]:
    """Return a context that ends after d nanoseconds, and its cancel function: Go's context.WithTimeout."""
    return _context.with_timeout(parent, d / 1e9)


def with_timeout_cause(parent: Context, d: int, cause: Any) -> tuple[Context, Callable[[], None]]:
    """Return a context that ends after d, with a cause: Go's context.WithTimeoutCause."""
    return _context.with_timeout_cause(parent, d / 1e9, cause)


def with_deadline(parent: Context, t: time.Time) -> tuple[Context, Callable[[], None]]:
    """Return a context that ends at a time, and its cancel function: Go's context.WithDeadline."""
    return _context.with_timeout(parent, time.until(t) / 1e9)


def with_deadline_cause(parent: Context, t: time.Time, cause: Any) -> tuple[Context, Callable[[], None]]:
    """Return a context that ends at a time, with a cause: Go's context.WithDeadlineCause."""
    return _context.with_timeout_cause(parent, time.until(t) / 1e9, cause)


def deadline(ctx: Context) -> tuple[time.Time, bool]:
    """Return when a context ends, and whether it has a deadline: Go's ctx.Deadline()."""
    moment, ok = ctx.deadline()
    return (time.received(moment), True) if ok else (time.Time(), False)
