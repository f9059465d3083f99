"""Locks, and other ways to wait for each other and to share: Go's package sync.

`gochan.sync.atomic` is Go's sync/atomic.
"""

from . import atomic
from .cond import Cond, new_cond
from .locker import Locker
from .map import Map
from .mutex import Mutex
from .once import Once
from .oncefunc import once_func, once_value, once_values
from .pool import Pool
from .rwmutex import RWMutex
from .waitgroup import WaitGroup

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
