"""Operations: what a goroutine is about to do, and whether the order of two of them matters.

Two operations depend on each other if they touch the same location and one of them changes it; only the order
of those matters.  A location is the name of an object of gochan's, one of the constants here, or, for the
program's data, a pair: the number or the name of what owns the data, and which part of it.

An operation has names and numbers only, no objects of the program.  So after the same decisions the
operations of two runs are equal, and a strategy that stores one keeps no object of the program alive.
"""

from __future__ import annotations

from functools import lru_cache
from typing import Any, Final

from .clocks import WHOLE

# What may touch anything but data: other functions of gochan, and timers that fire.
ANYTHING: Final = "*"
# What a yield touches, data too: whatever another goroutine does next lets the one that has yielded go on.
EVERYTHING: Final = "**"
_WIDE: Final = frozenset({ANYTHING, EVERYTHING})
# The second half of a wait.
WAKE: Final = "wake"
# What depends on the clock.
CLOCK_KEY: Final = "clock"


class Op:
    """An operation that a goroutine is about to do."""

    __slots__ = ("data", "key", "keys", "lock", "name", "on", "writes")

    def __init__(
        self,
        name: str,
        keys: tuple[object, ...],
        writes: bool,
        on: str = "",
        *,
        data: bool = False,
        locks: bool = False,
    ) -> None:
        # What it is called in reports: "send", "lock", "read".
        self.name = name
        # The locations that it touches; whether it changes them.
        self.keys = keys
        self.writes = writes
        # What it is done on, for reports; "": they don't show it.
        self.on = on
        # Whether it only reads or writes the program's data.
        self.data = data
        # The only location, if that is all there is to compare; None: compare as `dependent` does.
        self.key = keys[0] if len(keys) == 1 and not data else None
        # The mutex that it has to wait for while another goroutine holds it.
        self.lock = keys[0] if locks else None


# The runs of a program need the same ones again and again.
@lru_cache(4096)
def op_of(name: str, keys: tuple[object, ...], writes: bool, on: str = "", locks: bool = False) -> Op:
    """Return an Op of these arguments."""
    return Op(name, keys, writes, on, locks=locks)


@lru_cache(4096)
def access_of(name: str, key: object, writes: bool, on: str) -> Op:
    """Return the Op of a read or write of the program's data."""
    return Op(name, (key,), writes, on, data=True)


# The id under which strategies see the clock; goroutines count from 1.
CLOCK: Final = 0
# The clock's operation.
TICK: Final = Op("timers fire", (ANYTHING,), True)


def dependent(a: Op | None, b: Op | None) -> bool:
    """Return whether the order of two operations matters; None is the code between operations."""
    if a is None or b is None:
        return False
    x, y = a.key, b.key
    # Most operations are of this kind.
    if x is not None and y is not None:
        return (a.writes or b.writes) if x == y else x in _WIDE or y in _WIDE
    if EVERYTHING in (x, y):
        return True
    if ANYTHING in a.keys or ANYTHING in b.keys:
        return not (a.data or b.data)
    if a.data and b.data:
        return (a.writes or b.writes) and _overlap(a.keys[0], b.keys[0])
    return (a.writes or b.writes) and not set(a.keys).isdisjoint(b.keys)


def _overlap(a: Any, b: Any) -> bool:
    """Return whether two pieces of data have something in common: an item, and its list as a whole, have."""
    if a[0] != b[0]:
        return False
    return bool(a[1] == b[1] or a[1] == WHOLE or b[1] == WHOLE)
