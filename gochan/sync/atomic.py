"""Values with atomic operations, shared by goroutines and threads: Go's package sync/atomic.

Each method is atomic.  Arithmetic wraps around at the type's width, as in Go, and so do arguments: an Int32
stores 2**31 as -2**31.

Not implemented: Go's functions that take a variable's address, such as `atomic.AddInt32(&x, 1)`, and Uintptr,
because Python has no addresses.
"""

from __future__ import annotations

# See gochan/_engine/py/atomic.py.
from .._engine.impl import Bool, Int32, Int64, Pointer, Uint32, Uint64, Value

__all__ = ["Bool", "Int32", "Int64", "Pointer", "Uint32", "Uint64", "Value"]
