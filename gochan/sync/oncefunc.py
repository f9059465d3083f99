"""once_func, once_value and once_values (Go's sync/oncefunc.go)."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any, Generic, TypeVar

from greenlet import GreenletExit

from .._engine.error import NIL_PANIC, Goexit, Panic, Unwind
from .._engine.panic import call_deferring
from .once import Once

T = TypeVar("T")
T1 = TypeVar("T1")
T2 = TypeVar("T2")


class _Call(Generic[T]):
    """A call that is made at most once, and its outcome."""

    def __init__(self, call: str, fn: Callable[[], T]) -> None:
        if not callable(fn):
            raise TypeError(f"sync.{call}: {fn!r} is not callable; give a function without arguments")
        self._fn: Callable[[], T] | None = fn
        self._once = Once()
        self._result: Any = None
        # The exception to raise if fn neither returned nor raised; in Go this is also a panic with nil.
        self._raised: BaseException | None = Panic(NIL_PANIC)

    def result(self) -> T:
        self._once.do(self._call)
        exc = self._raised
        if exc is not None:
            # The traceback from fn on, without the lines of earlier calls.
            tb = exc.__traceback__
            while tb is not None and tb.tb_frame.f_code is not _Call._call.__code__:
                tb = tb.tb_next
            raise exc.with_traceback(tb)
        return self._result  # type: ignore[no-any-return]

    def _call(self) -> None:
        fn = self._fn
        assert fn is not None
        # Later calls don't need fn, nor what it refers to.
        self._fn = None
        try:
            self._result = call_deferring(fn, (), {})
            self._raised = None
        except (Unwind, GreenletExit):
            raise
        except Goexit as exc:
            assert self._raised is not None
            raise self._raised from exc
        except BaseException as exc:
            self._raised = exc
            raise


def once_func(fn: Callable[[], object], /) -> Callable[[], None]:
    """Return a function that calls fn when it is first called, and then does nothing: Go's sync.OnceFunc.

    If fn raises, every call raises the same exception.  fn may use `defer`.  Works as a decorator.

    Raises `TypeError` if fn is not callable.

    >>> @once_func
    ... def greet() -> None:
    ...     print("hello")
    >>> greet()
    hello
    >>> greet()
    """
    call = _Call("once_func", fn)

    @wraps(fn)
    def wrapper() -> None:
        call.result()

    return _forget_wrapped(wrapper)


def once_value(fn: Callable[[], T], /) -> Callable[[], T]:
    """Return a function that calls fn when it is first called, and always returns fn's result.

    If fn raises, every call raises the same exception.  fn may use `defer`.  Works as a decorator.  Go's
    sync.OnceValue.

    Raises `TypeError` if fn is not callable.

    >>> numbers = iter(range(10))
    >>> first = once_value(lambda: next(numbers))
    >>> first(), first()
    (0, 0)
    """
    call = _Call("once_value", fn)

    @wraps(fn)
    def wrapper() -> T:
        return call.result()

    return _forget_wrapped(wrapper)


def once_values(fn: Callable[[], tuple[T1, T2]], /) -> Callable[[], tuple[T1, T2]]:
    """Do what `once_value` does for a function that returns a tuple of two values: Go's sync.OnceValues.

    Raises `TypeError` if fn is not callable.

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
    call = _Call("once_values", fn)

    @wraps(fn)
    def wrapper() -> tuple[T1, T2]:
        return call.result()

    return _forget_wrapped(wrapper)


def _forget_wrapped(wrapper: Callable[[], T]) -> Callable[[], T]:
    """Drop the wrapper's reference to the function it wraps."""
    del wrapper.__wrapped__  # type: ignore[attr-defined]
    return wrapper
