"""once_func, once_value and once_values (Go's sync/oncefunc.go).

Not compiled: what mypyc makes of a nested function cannot carry the name and the docstring of the function
that it wraps.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any, Generic, TypeVar

from greenlet import GreenletExit

from ..runtime.error import NIL_PANIC, Goexit, Panic, Unwind
from ..runtime.panic import call_deferring
from .once import Once

T = TypeVar("T")
T1 = TypeVar("T1")
T2 = TypeVar("T2")


class _Call(Generic[T]):
    """A call that is made at most once, and what came of it."""

    def __init__(self, what: str, f: Callable[[], T]) -> None:
        if not callable(f):
            raise TypeError(f"{what}: {f!r} is not callable; give a function without arguments")
        self._f: Callable[[], T] | None = f
        self._once = Once()
        self._result: Any = None
        # What to raise if f neither returned nor raised: in Go, too, that is a panic with nil.
        self._raised: BaseException | None = Panic(NIL_PANIC)

    def result(self) -> T:
        self._once.do(self._call)
        exc = self._raised
        if exc is not None:
            # Its traceback leads to the origin, and does not grow from call to call.
            tb = exc.__traceback__
            while tb is not None and tb.tb_frame.f_code is not _Call._call.__code__:
                tb = tb.tb_next
            raise exc.with_traceback(tb)
        return self._result  # type: ignore[no-any-return]

    def _call(self) -> None:
        f = self._f
        assert f is not None
        # Nothing that f holds is kept for the sake of later calls.
        self._f = None
        try:
            self._result = call_deferring(f, (), {})
            self._raised = None
        except (Unwind, GreenletExit):
            raise
        except Goexit as exc:
            assert self._raised is not None
            raise self._raised from exc
        except BaseException as exc:
            self._raised = exc
            raise


def once_func(f: Callable[[], object], /) -> Callable[[], None]:
    """Make a function that calls f at its first call, and does nothing at later ones: Go's sync.OnceFunc.

    If f raises, every call raises the same exception.  f may use `defer`.  Raises TypeError if f is not
    callable.  Also a decorator.

    >>> @once_func
    ... def greet() -> None:
    ...     print("hello")
    >>> greet()
    hello
    >>> greet()
    """
    call = _Call("once_func", f)

    @wraps(f)
    def wrapper() -> None:
        call.result()

    return _let_go(wrapper)


def once_value(f: Callable[[], T], /) -> Callable[[], T]:
    """Make a function that calls f at its first call, and at each returns what f returned.

    If f raises, every call raises the same exception.  f may use `defer`.  Raises TypeError if f is not
    callable.  Also a decorator.  Answers to Go's sync.OnceValue.

    >>> numbers = iter(range(10))
    >>> first = once_value(lambda: next(numbers))
    >>> first(), first()
    (0, 0)
    """
    call = _Call("once_value", f)

    @wraps(f)
    def wrapper() -> T:
        return call.result()

    return _let_go(wrapper)


def once_values(f: Callable[[], tuple[T1, T2]], /) -> Callable[[], tuple[T1, T2]]:
    """Do what `once_value` does, for an f that returns a tuple of two values: Go's sync.OnceValues.

    >>> from gochan import sync
    >>> def load() -> tuple[str, int]:
    ...     print("loading")
    ...     return "apples", 3
    >>> stock = sync.once_values(load)
    >>> stock()
    loading
    ('apples', 3)
    >>> stock()
    ('apples', 3)
    """
    call = _Call("once_values", f)

    @wraps(f)
    def wrapper() -> tuple[T1, T2]:
        return call.result()

    return _let_go(wrapper)


def _let_go(wrapper: Callable[[], T]) -> Callable[[], T]:
    """Have the wrapper not keep what it wraps."""
    del wrapper.__wrapped__  # type: ignore[attr-defined]
    return wrapper
