"""Goroutines from the inside: Go's package runtime.

`gosched` lets others run, `goexit` ends the calling goroutine, `num_goroutine` counts them, `stack` shows
where they are, and `set_watchdog` tells which of them holds up the rest.  `COMPILED` tells which engine runs:
the compiled one, or the Python files as they are (no compiler was there when gochan was installed, or
GOCHAN_PURE=1 asks for it).

A forked child starts with a fresh runtime.

The folder is the engine; each file is named after Go's file for the same job.
"""

from .accelerate import COMPILED
from .proc import goexit, gosched, num_goroutine, stack
from .watchdog import set_watchdog

__all__ = ["COMPILED", "goexit", "gosched", "num_goroutine", "set_watchdog", "stack"]
