"""What reports say of goroutines that are left blocked."""

from __future__ import annotations

import re

import pytest

from gochan import Chan, explore, go, sync


def test_where_a_goroutine_was_started() -> None:
    def main() -> None:
        go(Chan[int]().recv)
        sync.WaitGroup().go(Chan[int]().recv)

    with pytest.raises(explore.Found) as found:
        explore.check(main)
    places = re.findall(
        r'created by goroutine 1 at\n  File ".*test_waits.py", line (\d+), in', str(found.value)
    )
    first = main.__code__.co_firstlineno
    assert sorted(map(int, places)) == [first + 1, first + 2]
