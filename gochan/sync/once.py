"""Once (Go's sync/once.go)."""

from __future__ import annotations

from collections.abc import Callable
from typing import final

from .._engine.impl import Mutex
from .._engine.panic import call_deferring
from .._engine.pickling import refuse_pickling
from .._engine.run import check_result


@final
class Once:
    """An object whose `do` calls a function at most once: Go's sync.Once.

    >>> from gochan import run, sync
    >>> def main() -> None:
    ...     once = sync.Once()
    ...     for _ in range(3):
    ...         once.do(lambda: print("only once"))
    >>> run(main)
    only once
    """

    __slots__ = ("_done", "_mutex")

    def __init__(self) -> None:
        self._done: bool = False
        self._mutex: Mutex = Mutex()

    def do(self, fn: Callable[[], object], /) -> None:
        """Call fn if this is the first call of `do`; block while another goroutine's first call runs.

        fn may use `defer`.  If fn calls `do` of the same Once, that call blocks forever.  Go's Once.Do.

        Raises what fn raises; later calls of `do` return without calling a function.  Raises `TypeError` if
        fn is not callable and no function was called before.
        """
        if not self._done:
            self._do(fn)

    def __repr__(self) -> str:
        return f"<Once {'done' if self._done else 'not done'} at {id(self):#x}>"

    __reduce__ = refuse_pickling

    def _do(self, fn: Callable[[], object]) -> None:
        if not callable(fn):
            raise TypeError(f"Once.do: {fn!r} is not callable; give a function without arguments")
        with self._mutex:
            if self._done:
                return
            try:
                result = call_deferring(fn, (), {})
                if result is not None:
                    check_result(fn, result, "Once.do")
            finally:
                self._done = True
