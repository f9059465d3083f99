"""Polled: the base of what a goroutine can look at in a loop, as a lock or an atomic value.

In Go such a loop is preempted.  Here nothing interrupts it, so the look itself now and then gives the others
their turn.

Invariant
- `_poll` is called with nothing half done: before a value is read, so that what is returned is still true, or
  after a lock is free again, or was not to be had.
"""

from __future__ import annotations

from .proc import poll_point


class Polled:
    """An object that counts the looks at it, and reaches poll_point with every 64th.

    poll_point costs a call out of compiled code, which is as much as the rest of a look.  The count is each
    object's own since mypyc finds an attribute at once, and a module's variable in a dictionary.
    """

    __slots__ = ("_looks",)

    def __init__(self) -> None:
        self._looks: int = 0

    def _poll(self) -> None:
        self._looks += 1
        if self._looks & 63 == 0:
            self._looks = 0
            poll_point()
