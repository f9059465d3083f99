"""How Go prints contexts: by their String methods."""

from __future__ import annotations

from typing import Any

from gochan import context as _context

from .._interfaces import unbox
from .._types import type_of


def context_text(ctx: Any) -> str:
    """Return what a context's String method returns in Go.

    >>> from gochan import context
    >>> context_text(context.with_value(context.background(), "k", 1))
    'context.Background.WithValue(k, int)'
    """
    if isinstance(ctx, _context._Empty):
        return "context.TODO" if ctx is _context._TODO else "context.Background"
    if not isinstance(ctx, _context._Derived):
        return _shown(ctx)
    parent = context_text(ctx._parent)
    if isinstance(ctx, _context._WithValue):
        return f"{parent}.WithValue({_shown(ctx._key)}, {_shown(ctx._value)})"
    if isinstance(ctx, _context._WithoutCancel):
        return f"{parent}.WithoutCancel"
    moment, ok = ctx.deadline()
    if isinstance(ctx, _context._Deadline) and ok:
        from .. import time

        at = time.received(moment)
        return f"{parent}.WithDeadline({at.string()} [{time.until(at).string()}])"
    return f"{parent}.WithCancel"


def _shown(x: Any) -> str:
    """Return a key or value as a context shows it: a string, a Stringer's text, or else the type."""
    value = unbox(x)
    if value.__class__ is str:
        return str(value)
    string = getattr(x, "string", None)
    if callable(string):
        return str(string())
    t = type_of(x)
    return t.name if t is not None else "<nil>"
