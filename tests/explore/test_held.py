"""What the report of a data race says of the locks that the two goroutines hold."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest

from gochan import explore, runtime, sync

Use = Callable[["Shared"], None]


class Shared:
    """Data, and the locks that should be around it."""

    def __init__(self) -> None:
        self.mu, self.other, self.rw = sync.Mutex(), sync.Mutex(), sync.RWMutex()
        self.cond = sync.Cond(self.mu)
        self.n = 0
        # So that they have these numbers.
        for mu in (self.mu, self.other):
            with mu:
                pass


def bare(s: Shared) -> None:
    s.n += 1


def locked(s: Shared) -> None:
    with s.mu:
        s.n += 1


def locked_by_the_other(s: Shared) -> None:
    with s.other:
        s.n += 1


def locked_before(s: Shared) -> None:
    with s.mu, s.rw.rlocker():
        pass
    s.n += 1


def locked_by_both(s: Shared) -> None:
    with s.mu, s.other:
        s.n += 1


def reading(s: Shared) -> None:
    with s.rw.rlocker():
        with s.rw.rlocker():
            pass
        s.n += 1


def tried(s: Shared) -> None:
    while not s.other.try_lock():
        runtime.gosched()
    s.n += 1
    s.other.unlock()


def tried_in_vain(s: Shared) -> None:
    s.other.lock()
    s.other.try_lock()
    s.other.unlock()
    s.n += 1


@pytest.mark.parametrize(
    ("one", "two", "expected"),
    [
        (bare, bare, {bare: ""}),
        (bare, locked, {bare: ", without a lock", locked: ", holding Mutex 1"}),
        (locked_before, locked, {locked_before: ", without a lock", locked: ", holding Mutex 1"}),
        (
            locked_by_the_other,
            locked,
            {locked_by_the_other: ", holding Mutex 2", locked: ", holding Mutex 1"},
        ),
        (bare, locked_by_both, {bare: ", without a lock", locked_by_both: ", holding Mutex 1 and Mutex 2"}),
        (reading, reading, {reading: ", holding RWMutex 1 for reading"}),
        (locked, tried, {locked: ", holding Mutex 1", tried: ", holding Mutex 2"}),
        (locked, tried_in_vain, {locked: ", holding Mutex 1", tried_in_vain: ", without a lock"}),
    ],
)
def test_the_locks_of_a_race(one: Use, two: Use, expected: dict[Use, str]) -> None:
    def main() -> None:
        shared = Shared()
        wg = sync.WaitGroup()
        wg.go(one, shared)
        wg.go(two, shared)
        wg.wait()

    with pytest.raises(explore.Found) as found:
        explore.check(main)
    said = dict(re.findall(r"(?:reads|writes) it at \S+, in (\w+)(.*)", str(found.value)))
    assert said == {use.__name__: text for use, text in expected.items()}
