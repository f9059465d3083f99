"""Run a program with its goroutines in many different orders, to find bugs that one order hides.

`check(fn)` runs fn many times.  Before each operation, a strategy decides which goroutine runs next; it also
decides which ready case a select takes, and when timers fire.  It raises `Found` if a run panics, fails an
assert, deadlocks, leaves goroutines blocked, has a data race, or does not end.  The exception contains the
steps that led to the failure, and a token with which `replay` repeats the run.

Time is virtual.  `check` does not see I/O, other threads, the clock of the standard library, and data in
modules that are not part of the program.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from types import ModuleType
from typing import Literal, NamedTuple

from .outcome import DataRace, Leak, Livelock, Outcome
from .program import is_plain, rewritten
from .report import describe
from .rules import DEFAULT, Rules
from .search import repeat, search
from .strategies import STRATEGIES
from .token import decode

__all__ = ["DataRace", "Found", "Leak", "Livelock", "Result", "check", "replay"]

Kind = Literal["assertion", "deadlock", "leak", "livelock", "panic", "race"]
StrategyName = Literal["auto", "exhaustive", "pct", "pos", "random"]


class Found(AssertionError):
    """A run failed.

    `kind` says how: "assertion", "deadlock", "leak", "livelock", "panic" or "race"; `token` repeats the run
    by `replay`; `runs` is how many it took; the cause is the exception of that run.

    >>> from gochan import explore, sync
    >>> def main() -> None:
    ...     mu = sync.Mutex()
    ...     mu.lock()
    ...     mu.lock()
    >>> try:
    ...     explore.check(main)
    ... except explore.Found as found:
    ...     print(found.kind, found.token)
    deadlock g1-0
    """

    kind: Kind
    token: str
    runs: int

    def __init__(self, text: str, kind: str, token: str, runs: int) -> None:
        super().__init__(text)
        self.kind = kind  # type: ignore[assignment]
        self.token = token
        self.runs = runs


class Result(NamedTuple):
    """The result of a `check` that found no failure.

    `runs` is the number of runs, `schedules` the number of different ones, and `exhausted` whether these are
    all.  `warnings` lists locks that goroutines take in opposite orders, although no run has failed.

    >>> from gochan import Chan, explore
    >>> explore.check(Chan[int](1).close, runs=1)
    <Result runs=1 schedules=1 (all)>
    """

    runs: int
    schedules: int
    exhausted: bool
    warnings: list[str]

    def __repr__(self) -> str:
        how = "all" if self.exhausted else "different"
        return f"<Result runs={self.runs} schedules={self.schedules} ({how})>"


def check(
    fn: Callable[[], object],
    /,
    *,
    runs: int = 1000,
    strategy: StrategyName = "auto",
    seed: int = 0,
    max_steps: int = DEFAULT.max_steps,
    leaks: bool = True,
    races: bool = True,
    modules: Sequence[ModuleType] = (),
) -> Result:
    """Run fn as the main goroutine up to `runs` times, each time in a different order.

    fn takes no arguments, and has to create everything that it uses, so that no run depends on an earlier
    one.  While it is explored, its module, the program's modules that this one imports, and those in
    `modules` are rewritten, so that goroutines can be switched between their reads and writes.  strategy is
    "auto", "exhaustive", "random", "pct" or "pos".  seed makes the strategy's random choices repeatable, and
    those of the module random.  A run with more than max_steps decisions is a livelock.  leaks=False allows
    goroutines that are still blocked when fn has returned; races=False allows data races.

    Raises `Found` if a run fails, `TypeError` and `ValueError` for bad arguments, `RuntimeError` inside of
    `run`.

    >>> from gochan import Chan, explore, go
    >>> def main() -> None:
    ...     ch = Chan[str](2)
    ...     go(ch.send, "a")
    ...     go(ch.send, "b")
    ...     assert ch.recv() == "b"
    >>> try:
    ...     explore.check(main, strategy="exhaustive")
    ... except explore.Found as found:
    ...     print(found.kind, found.runs)
    assertion 1
    """
    rules = Rules(seed, max_steps, leaks, races)
    return _check(fn, lambda: fn, rules, runs=runs, strategy=strategy, modules=modules)


def _check(
    fn: Callable[[], object],
    fresh: Callable[[], Callable[[], object]],
    rules: Rules,
    *,
    runs: int = 1000,
    strategy: StrategyName = "auto",
    modules: Sequence[ModuleType] = (),
) -> Result:
    """Do what `check` does; each run is of what fresh then returns, which has the code of fn."""
    _check_arguments(fn, runs, strategy, rules)
    with rewritten(fn, modules):
        found = search(lambda execute: execute(fresh()), STRATEGIES[strategy](rules.seed), runs, rules)
    if found.failure is not None:
        raise _found(found.failure, found.token, found.runs) from found.failure.failure
    return Result(found.runs, found.schedules, found.exhausted, found.warnings)


def replay(
    fn: Callable[[], object],
    token: str,
    /,
    *,
    max_steps: int = DEFAULT.max_steps,
    leaks: bool = True,
    races: bool = True,
    modules: Sequence[ModuleType] = (),
) -> None:
    """Repeat the run of fn that a token names; return None if it does not fail.

    The other arguments are those of `check`.

    Raises `Found` if the run fails again; `ValueError` if token is not a token, or no longer fits fn.

    >>> from gochan import Chan, explore, go
    >>> def main() -> None:
    ...     go(Chan[int]().recv)
    >>> try:
    ...     explore.replay(main, "g1-0")
    ... except explore.Found as found:
    ...     print(found.kind)
    leak
    """
    rules = Rules(0, max_steps, leaks, races)
    _check_arguments(fn, 1, "auto", rules)
    if not isinstance(token, str):
        raise TypeError(f"explore.replay: {token!r} is not a token; give the text from a report")
    seed, decisions = decode(token)
    with rewritten(fn, modules):
        outcome, fits = repeat(lambda execute: execute(fn), decisions, rules._replace(seed=seed))
    if outcome.failure is not None:
        raise _found(outcome, token, 1) from outcome.failure
    if not fits:
        raise ValueError(f"explore.replay: {token!r} does not fit {fn!r}: the program has changed")


def _found(outcome: Outcome, token: str, runs: int) -> Found:
    text = f"{describe(outcome)}\n\nfound in run {runs}; to repeat it: explore.replay(fn, {token!r})"
    return Found(text, outcome.kind, token, runs)


def _check_arguments(fn: object, runs: object, strategy: object, rules: Rules) -> None:
    if not callable(fn):
        raise TypeError(f"explore.check: {fn!r} is not callable; give the function to explore")
    if not is_plain(fn):
        name = getattr(fn, "__name__", fn)
        raise TypeError(f"explore.check: {name} is a coroutine or generator function; give a plain one")
    for name, value, least in (("runs", runs, 1), ("seed", rules.seed, 0), ("max_steps", rules.max_steps, 1)):
        if type(value) is not int:
            raise TypeError(f"explore.check: {name}={value!r} is not an int")
        if value < least:
            raise ValueError(f"explore.check: {name}={value} is less than {least}")
    if strategy not in STRATEGIES:
        raise ValueError(
            f"explore.check: strategy={strategy!r} is not one of {', '.join(map(repr, STRATEGIES))}"
        )
