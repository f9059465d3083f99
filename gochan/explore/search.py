"""Searching: run after run, until one fails; then the same failure with fewer switches."""

from __future__ import annotations

import gc
import random
import time
from collections.abc import Callable, Sequence
from functools import partial
from typing import Final, NamedTuple, TypeAlias

from .._engine.impl import sched
from .outcome import Outcome
from .rules import DEFAULT, Rules
from .run import Run
from .strategies import Replay, Search
from .token import encode

# How many runs, and about how many seconds, the shrinking may take.
SHRINK_RUNS: Final = 400
SHRINK_SECONDS: Final = 20
# Of a run that reached the limit of steps, at most so many first decisions are tried alone.
ENDLESS_DECISIONS: Final = 64
# If it has no more than these, they are few enough.
FEW_DECISIONS: Final = 4
# After how many runs the garbage is collected: in a run the collector is off, since finalizers would not be
# repeated at the same place.
COLLECT_EVERY: Final = 200
COLLECT_ALL_EVERY: Final = 20_000

# What is explored: it calls the function that it gets, once, with its main function, and returns the outcome.
Program: TypeAlias = Callable[[Callable[[Callable[[], object]], Outcome]], Outcome]


class Found(NamedTuple):
    """What a search has found."""

    # How many runs there were, those that were given up as redundant not counted; how many schedules differ.
    runs: int
    schedules: int
    # Whether every schedule has been run.
    exhausted: bool
    # The failing run, shrunk and recorded; None: none failed.
    failure: Outcome | None
    token: str
    # The run that failed first, from 1.
    found_in: int
    warnings: list[str]
    # Whether the same decisions have always led to the same alternatives.
    repeatable: bool


def search(
    program: Program,
    strategy: Search,
    runs: int,
    rules: Rules = DEFAULT,
    *,
    progress: Callable[[int, int], None] | None = None,
) -> Found:
    """Run a program up to `runs` times."""
    counted = 0
    seen: set[int] = set()
    warnings: dict[str, None] = {}
    tries = 0
    collecting = gc.isenabled()
    state = random.getstate()
    try:
        gc.disable()
        # To make the greenlets of a run's goroutines takes as long as many steps.
        sched.keep_workers(True)
        while counted < runs and not strategy.exhausted and tries < 20 * runs:
            tries += 1
            if tries % COLLECT_EVERY == 0:
                # What is older than the last collection is most of the process, and takes long.
                gc.collect(2 if tries % COLLECT_ALL_EVERY == 0 else 1)
            strategy.begin()
            outcome = program(Run(strategy, rules).execute)
            strategy.end(outcome)
            if outcome.redundant:
                continue
            counted += 1
            seen.add(outcome.schedule)
            for warning in outcome.warnings:
                warnings.setdefault(warning)
            if progress is not None:
                progress(counted, len(seen))
            if outcome.failure is not None:
                shrunk = shrink(program, outcome, rules)
                token = encode(rules.seed, shrunk.decisions)
                return Found(
                    counted, len(seen), False, shrunk, token, counted, list(warnings), strategy.repeatable
                )
        exhausted = strategy.exhausted and strategy.complete
        return Found(counted, len(seen), exhausted, None, "", 0, list(warnings), strategy.repeatable)
    finally:
        try:
            sched.keep_workers(False)
            random.setstate(state)
        finally:
            # Also if a signal handler raises in these lines.
            if collecting:
                gc.enable()


def repeat(
    program: Program,
    decisions: Sequence[int],
    rules: Rules = DEFAULT,
    *,
    record: bool = True,
) -> tuple[Outcome, bool]:
    """Run a program with these decisions; return the outcome, and whether they fit the program."""
    strategy = Replay(decisions)
    strategy.begin()
    outcome = program(Run(strategy, rules, record=record).execute)
    return outcome, not strategy.misfit


def shrink(program: Program, outcome: Outcome, rules: Rules) -> Outcome:
    """Return the recorded run of the same failure that remains when as many decisions as possible are 0."""
    if outcome.endless:
        return _shrink_endless(partial(repeat, program, rules=rules, record=False), outcome)
    # Fewer decisions may make another run of it, one that hardly ends.
    most = min(rules.max_steps, 10 * len(outcome.decisions) + 1000)
    run = partial(repeat, program, rules=rules._replace(max_steps=most))
    budget = SHRINK_RUNS
    until = time.monotonic() + SHRINK_SECONDS
    best = _without_zeros(outcome.decisions)

    def fails(decisions: list[int]) -> list[int] | None:
        nonlocal budget
        budget = budget - 1 if time.monotonic() < until else 0
        again, _ = run(decisions, record=False)
        same = again.failure is not None and again.kind == outcome.kind
        return _without_zeros(again.decisions) if same else None

    # Halves first, then smaller parts, then single decisions: as delta debugging does.
    size = max(1, len(best) // 2)
    while size and budget > 0:
        smaller = False
        at = 0
        while at < len(best) and budget > 0:
            if any(best[at : at + size]):
                shorter = fails([*best[:at], *[0] * len(best[at : at + size]), *best[at + size :]])
                if shorter is not None and _cost(shorter) < _cost(best):
                    best = shorter
                    smaller = True
                    continue
            at += size
        if not smaller or size > 1:
            size //= 2
    final, _ = run(best)
    return final if final.failure is not None else outcome


def _shrink_endless(run: Callable[[Sequence[int]], tuple[Outcome, bool]], outcome: Outcome) -> Outcome:
    """Do what `shrink` does for a run that has reached the limit, in few runs, since each takes as long.

    Such a run goes round in a loop, and what has led there are its first decisions, if any: find how many of
    them, within a factor of 2.  It has recorded its last steps, and is not done again if that is not needed.
    """
    best = _without_zeros(outcome.decisions)
    size = len(best)
    if size > FEW_DECISIONS:
        for n in (0, *(2**k for k in range(size.bit_length()))):
            decisions = _without_zeros(best[:n])
            again, _ = run(decisions)
            if again.endless and again.kind == outcome.kind:
                return again._replace(decisions=decisions)
            if 2 * n > ENDLESS_DECISIONS:
                break
    return outcome._replace(decisions=best)


def _cost(decisions: Sequence[int]) -> tuple[int, int]:
    return sum(map(bool, decisions)), len(decisions)


def _without_zeros(decisions: Sequence[int]) -> list[int]:
    """Return decisions without the zeros at the end: after the last one a replay chooses 0 anyway."""
    end = len(decisions)
    while end and not decisions[end - 1]:
        end -= 1
    return list(decisions[:end])
