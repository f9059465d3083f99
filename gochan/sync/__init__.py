"""Locks, wait groups and other synchronization primitives: Go's package sync.

`gochan.sync.atomic` is Go's sync/atomic.
"""

# These three are the engine's: see gochan/_engine/py.
from .._engine.impl import Mutex, RWMutex, WaitGroup
from . import atomic
from .cond import Cond, new_cond
from .locker import Locker
from .map import Map
from .once import Once
from .oncefunc import once_func, once_value, once_values
from .pool import Pool

__all__ = [
    "Cond",
    "Locker",
    "Map",
    "Mutex",
    "Once",
    "Pool",
    "RWMutex",
    "WaitGroup",
    "atomic",
    "new_cond",
    "once_func",
    "once_value",
    "once_values",
]
