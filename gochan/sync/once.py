"""Once (Go's sync/once.go)."""

from __future__ import annotations

from collections.abc import Callable
from typing import NoReturn, final

from ..runtime.panic import call_deferring
from ..runtime.proc import refuse_unrun
from .mutex import Mutex


@final
class Once:
    """Does something at most once, whoever asks for it: Go's sync.Once.

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

    def do(self, f: Callable[[], object], /) -> None:
        """Call f if this is the first call of `do`; wait for it if it runs in another goroutine.

        f may use `defer`.  Raises what f raises; later calls return at once all the same, as f has been
        called.  An f that calls `do` waits for itself, for ever.  Raises TypeError, until f has been called,
        for an f that is not callable.  Answers to Go's Once.Do.
        """
        if not self._done:
            self._do(f)

    def __reduce__(self) -> NoReturn:
        raise TypeError("a Once cannot be pickled or copied: share the one that there is")

    def _do(self, f: Callable[[], object]) -> None:
        if not callable(f):
            raise TypeError(f"Once.do: {f!r} is not callable; give the function")
        with self._mutex:
            if self._done:
                return
            try:
                result = call_deferring(f, (), {})
                if result is not None:
                    refuse_unrun(f, result)
            finally:
                self._done = True
