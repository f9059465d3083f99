"""Functions of Python's that concern threads, also where gevent has replaced them.

After gevent's `monkey.patch_all`, get_ident tells greenlets apart instead of threads, and what blocks a
thread switches to another greenlet.  The engine would take greenlets for threads.
"""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from _thread import allocate_lock, get_ident, start_new_thread
    from time import sleep
else:
    import _thread
    import time

    def _original(module: Any, name: str) -> Any:
        monkey = sys.modules.get("gevent.monkey")
        return getattr(module, name) if monkey is None else monkey.get_original(module.__name__, name)

    allocate_lock = _original(_thread, "allocate_lock")
    get_ident = _original(_thread, "get_ident")
    start_new_thread = _original(_thread, "start_new_thread")
    sleep = _original(time, "sleep")

__all__ = ["allocate_lock", "get_ident", "sleep", "start_new_thread"]
