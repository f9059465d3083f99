"""How a run ended, and the failures that it may end with."""

from __future__ import annotations

from typing import Final, NamedTuple

from .. import Deadlock
from .steps import Step


class Livelock(RuntimeError):
    """The run made more than `max_steps` decisions, and its goroutines still run.

    >>> from gochan import explore, runtime
    >>> def main() -> None:
    ...     while True:
    ...         runtime.gosched()
    >>> try:
    ...     explore.check(main, max_steps=100)
    ... except explore.Found as found:
    ...     print(repr(found.__cause__)[:46])
    Livelock('goroutines still run after 100 steps
    """

    def __init__(self, message: str = "") -> None:
        super().__init__(message)


class Leak(RuntimeError):
    """Main has ended, nothing can run any more, and goroutines are still blocked.

    >>> from gochan import Chan, explore, go
    >>> def main() -> None:
    ...     go(Chan[int]().recv)
    >>> try:
    ...     explore.check(main)
    ... except explore.Found as found:
    ...     print(str(found.__cause__).splitlines()[0])
    a goroutine is left blocked forever after main has ended
    """

    def __init__(self, message: str = "") -> None:
        super().__init__(message)


class DataRace(RuntimeError):
    """Two goroutines use the same data, at least one of them writes, and nothing determines their order.

    >>> from gochan import explore, go
    >>> def main() -> None:
    ...     data = [0]
    ...     @go
    ...     def _() -> None:
    ...         data[0] = 1
    ...     assert data[0] in (0, 1)
    >>> try:
    ...     explore.check(main)
    ... except explore.Found as found:
    ...     print(str(found.__cause__).splitlines()[0])
    a race on list[0]: nothing determines which of these two is first
    """

    def __init__(self, message: str = "") -> None:
        super().__init__(message)


def kind_of(exc: BaseException) -> str:
    """Return what a failure is called; an exception that is none of `_KINDS` is a panic."""
    return next((kind for type_, kind in _KINDS if isinstance(exc, type_)), "panic")


# What failures are called.
_KINDS: Final = (
    (Deadlock, "deadlock"),
    (AssertionError, "assertion"),
    (Livelock, "livelock"),
    (Leak, "leak"),
    (DataRace, "race"),
)


class Outcome(NamedTuple):
    """How a run ended."""

    # What main returned, or the SystemExit that it raised.
    result: object
    # The exception that is the failure; None: there is none.
    failure: BaseException | None
    kind: str
    decisions: list[int]
    # Identifies the schedule: what was done in which order.
    schedule: int
    steps: list[Step]
    redundant: bool
    warnings: list[str]
    # How many steps there were.
    length: int
    # Whether it failed because it had made as many decisions as it may.
    endless: bool = False
    # Of a deadlock or leak: what each goroutine waits for, in a line each.
    waits: list[str] = []  # noqa: RUF012 - a NamedTuple's default
