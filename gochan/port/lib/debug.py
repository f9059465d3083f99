"""Go's package runtime/debug, as far as it makes sense in Python."""

from __future__ import annotations

import gc
import traceback

from ._common import Slice, byte_slice, encode
from ._stdio import write_stderr

__all__ = ["free_os_memory", "print_stack", "set_gc_percent", "set_max_stack", "set_memory_limit", "stack"]

_percent = 100
_limit = 0x7FFFFFFFFFFFFFFF
_stack_size = 1_000_000_000


def free_os_memory() -> None:
    gc.collect()


def stack() -> Slice[int]:
    """Return the stack of the calling goroutine, in Python's form."""
    return byte_slice(encode("".join(traceback.format_stack()[:-1])))


def print_stack() -> None:
    write_stderr("".join(traceback.format_stack()[:-1]))


def set_gc_percent(percent: int) -> int:
    """Turn automatic garbage collection off, if percent is negative, or on; return the last percentage."""
    global _percent
    if percent < 0:
        gc.disable()
    else:
        gc.enable()
    last, _percent = _percent, percent
    return last


def set_memory_limit(limit: int) -> int:
    """Remember the limit, which has no effect, if it is not negative; return the last one."""
    global _limit
    last = _limit
    if limit >= 0:
        _limit = limit
    return last


def set_max_stack(bytes: int) -> int:
    """Remember the size, which has no effect; return the last one."""
    global _stack_size
    last, _stack_size = _stack_size, bytes
    return last
