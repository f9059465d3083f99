"""panic, recover, and Go's run-time errors.

Ported code raises three kinds of exceptions: `GoPanic` by `panic(v)`, `GoError` by the helpers of this
package where Go's runtime panics, and Python's own, such as ZeroDivisionError.  `recover` returns the value
of the first, and makes a `GoError` with Go's words of the others.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from typing import Any, NoReturn, TypeVar

import gochan
from gochan import Deadlock, Panic
from gochan._engine.panic import _here

from ._evaluate import index_of_failure
from ._types import GoType, error, pointer_to

T = TypeVar("T")

_NIL_PANIC = "panic called with nil argument"
NIL_DEREFERENCE = "invalid memory address or nil pointer dereference"


class GoError(Exception):
    """An error of Go's runtime: Go's runtime.Error.

    >>> str(GoError("integer divide by zero"))
    'runtime error: integer divide by zero'
    """

    def __init__(
        self, words: str, kind: str = "runtime.errorString", prefix: str = "runtime error: "
    ) -> None:
        super().__init__(prefix + words)
        self.words = words
        self.kind = kind

    def error(self) -> str:
        """Return the text: Go's Error."""
        return str(self)

    def runtime_error(self) -> None:
        """Mark the type as a run-time error: Go's RuntimeError."""

    def __go_dynamic__(self) -> GoType:
        return _kind(self.kind)

    @classmethod
    def __go_type__(cls, _args: tuple[Any, ...]) -> GoType:
        return _RUNTIME_ERROR


@cache
def _kind(name: str) -> GoType:
    if name.startswith("*"):
        return pointer_to(_kind(name[1:]))
    return GoType("struct", name, cls=GoError, named=True)


_RUNTIME_ERROR = GoType(
    "interface", "runtime.Error", cls=GoError, named=True, methods=("error", "runtime_error")
)


class GoPanic(Exception):
    """What `panic(v)` raises; `value` is v."""

    def __init__(self, value: Any) -> None:
        super().__init__(value)
        self.value = value

    def __str__(self) -> str:
        from ._exit import panic_text

        return panic_text(self.value)


class FatalError(BaseException):
    """An error that ends the program and cannot be recovered, such as a stack overflow."""


def panic(v: object) -> NoReturn:
    """Panic with any value: Go's panic.

    >>> try:
    ...     panic("no such job")
    ... except GoPanic as p:
    ...     print(p.value)
    no such job
    """
    if v is None:
        raise GoPanic(GoError(_NIL_PANIC, "*runtime.PanicNilError"))
    if isinstance(v, GoError) and v.__traceback__ is None:
        raise v
    raise GoPanic(v)


def deferring() -> Callable[..., None]:
    """Return a `defer` of the calling function, for functions that it gives to others.

    The body of a range over a function is one of these: what it defers runs when the function around ends.
    """
    # `defer` finds the function's deferred calls, or makes the list.
    gochan.defer(_here)
    gp = _here()
    assert gp is not None and gp.scope is not None
    scope = gp.scope
    scope.calls.pop()

    def later(fn: Callable[..., object], /, *args: Any) -> None:
        scope.calls.append((scope.recover_above if fn is gochan.recover else fn, args, {}))

    return later


def recover() -> Any:
    """Stop the panic that is running the deferred calls, and return its value: Go's recover.

    Must be called by a deferred function directly.  Returns None if there is no panic.
    """
    exc = gochan.recover()
    if exc is None:
        return None
    return recovered(exc)


def recovered(exc: Any) -> Any:
    """Return the value that Go's recover returns for what gochan's has returned."""
    if isinstance(exc, BaseException):
        if isinstance(exc, RecursionError):
            raise FatalError("stack overflow") from None
        exc.go_recovered = True  # type: ignore[attr-defined]
        return value_of(exc)
    if isinstance(exc, str):
        return _of_runtime(exc)
    return exc


def is_panic(exc: BaseException) -> bool:
    """Return whether an exception stands for a panic of Go's."""
    return isinstance(exc, (GoPanic, Panic)) or go_error(exc) is not None


def value_of(exc: BaseException) -> Any:
    """Return the value of the panic that an exception stands for."""
    if isinstance(exc, GoPanic):
        return exc.value
    if isinstance(exc, Panic):
        return _of_runtime(exc.value) if isinstance(exc.value, str) else exc.value
    return go_error(exc) or exc


def _of_runtime(text: str) -> Any:
    """Return the value of a panic of gochan's own runtime, which has a text only."""
    if "unlock of unlocked" in text.lower():
        raise FatalError(text)
    return text if text.startswith(("sync: ", "sync/atomic: ")) else GoError(text, "runtime.plainError", "")


def go_error(exc: BaseException) -> GoError | None:
    """Return the run-time error that Go has for one of Python's exceptions; None if it has none."""
    if isinstance(exc, GoError):
        return exc
    error: GoError | None = getattr(exc, "go_error", None)
    if error is not None:
        return error
    if isinstance(exc, ZeroDivisionError):
        error = GoError("integer divide by zero")
    elif isinstance(exc, (AttributeError, TypeError)) and "'NoneType' object" in str(exc):
        error = GoError(NIL_DEREFERENCE)
    elif isinstance(exc, IndexError):
        error = _index_error(exc)
    elif isinstance(exc, ValueError) and str(exc).startswith("Chan("):
        error = GoError("makechan: size out of range", "runtime.plainError", "")
    if error is not None:
        error.__traceback__ = exc.__traceback__
        exc.go_error = error  # type: ignore[attr-defined]
    return error


def _index_error(exc: IndexError) -> GoError:
    found = index_of_failure(exc)
    if found is None:
        return GoError("index out of range", "runtime.boundsError")
    return bounds_error(*found)


def bounds_error(index: int, length: int) -> GoError:
    """Make the error of an index that is out of range."""
    if index < 0:
        return GoError(f"index out of range [{index}]", "runtime.boundsError")
    return GoError(f"index out of range [{index}] with length {length}", "runtime.boundsError")


def nil_dereference() -> GoError:
    """Make the error of a nil pointer that is used."""
    return GoError(NIL_DEREFERENCE)


def until_false(body: Callable[..., bool], /) -> Callable[..., bool]:
    """Return the body of a loop over an iterator, that panics if it is called after it returned False.

    >>> body = until_false(lambda v: v < 2)
    >>> body(1), body(2)
    (True, False)
    """
    left = False

    def checked(*values: Any) -> bool:
        nonlocal left
        if left:
            raise GoError("range function continued iteration after function for loop body returned false")
        left = not body(*values)
        return not left

    return checked


# --- errors that gochan raises ----------------------------------------------------------------------------


class Thrown(Exception):
    """Carries an error that is not an exception through code that raises errors, such as errgroup."""

    def __init__(self, err: error) -> None:
        super().__init__(err)
        self.err = err

    def __str__(self) -> str:
        return str(self.err)


# What is a panic or a mistake, and never an error that Go would return.
_NOT_ERRORS = (GoPanic, GoError, Panic, Deadlock, ArithmeticError, AttributeError, TypeError, LookupError)


def _is_error(exc: Exception) -> bool:
    return not isinstance(exc, (*_NOT_ERRORS, NameError, RecursionError, AssertionError))


def catch(fn: Callable[..., object], /, *args: Any, **kwargs: Any) -> error:
    """Call fn, and return the error that it raises, or None.

    For a function of gochan's that raises what Go returns as an error.  Panics are not caught.

    >>> from gochan import errgroup, run
    >>> def main() -> None:
    ...     g = errgroup.Group()
    ...     print(catch(g.wait))
    >>> run(main)
    None
    """
    try:
        fn(*args, **kwargs)
    except Thrown as thrown:
        return thrown.err
    except Exception as exc:
        if not _is_error(exc):
            raise
        return exc
    return None


def catch_value(fn: Callable[..., T], /, *args: Any, **kwargs: Any) -> tuple[T, error]:
    """Call fn, and return its result and None, or None and the error that it raises.

    >>> catch_value(int, "12")
    (12, None)
    """
    none: Any = None
    try:
        return fn(*args, **kwargs), None
    except Thrown as thrown:
        return none, thrown.err
    except Exception as exc:
        if not _is_error(exc):
            raise
        return none, exc


def throw(err: Any) -> None:
    """Raise err, if it is not nil; `catch` gives it back."""
    if err is None:
        return
    if isinstance(err, BaseException):
        raise err
    raise Thrown(err)


def raising(fn: Callable[..., Any], /) -> Callable[..., Any]:
    """Make a function that raises the error that fn returns, as gochan's errgroup wants it.

    If fn returns a tuple, the error is its last item, and the function returns the rest.

    >>> from gochan.port.lib import errors
    >>> str(catch(raising(lambda: errors.new("no such page"))))
    'no such page'
    """

    def call(*args: Any, **kwargs: Any) -> Any:
        result = fn(*args, **kwargs)
        if isinstance(result, tuple):
            *values, err = result
            throw(err)
            return values[0] if len(values) == 1 else tuple(values)
        throw(result)
        return None

    return call
