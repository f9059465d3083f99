"""The engine's Python implementation: the one to read first, and the one that runs without a C compiler.

It exports the same names as the C extension; impl.py chooses between the two.
"""

from typing import Final

from .atomic import Bool, Int32, Int64, Pointer, Uint32, Uint64, Value
from .await_ import Await
from .chan import Chan
from .fd import FD
from .hooks import bind
from .integers import to_int8, to_int16, to_int32, to_int64
from .interface import sched, without_frames
from .mutex import Mutex
from .netpoll import netpoll_fileno, netpoll_ready, netpoll_wait, netpoll_wake
from .proc import block, clock, getg, go, gosched, poll_point, running, spawn, spawn_global
from .rwmutex import RLocker, RWMutex
from .select import Case, count_ready, default, recv, select, select_async, send, timeout
from .sema import NotifyList
from .sleep import Ticker, Timer, after, after_func, new_ticker, new_timer, sleep, tick
from .state import G
from .synctest import Bubble
from .thread import thread_g
from .trace import trace_event, trace_number, trace_start, trace_stop, trace_threads
from .waitgroup import WaitGroup

COMPILED: Final = False

# The public modules that they belong to.
for _module, _functions in (
    ("gochan", (go, recv, select, send, timeout)),
    ("gochan.runtime", (gosched,)),
    ("gochan.time", (after, after_func, new_ticker, new_timer, sleep, tick)),
    ("gochan.port.lib", (to_int8, to_int16, to_int32, to_int64)),
):
    for _function in _functions:
        _function.__module__ = _module

__all__ = [
    "COMPILED",
    "FD",
    "Await",
    "Bool",
    "Bubble",
    "Case",
    "Chan",
    "G",
    "Int32",
    "Int64",
    "Mutex",
    "NotifyList",
    "Pointer",
    "RLocker",
    "RWMutex",
    "Ticker",
    "Timer",
    "Uint32",
    "Uint64",
    "Value",
    "WaitGroup",
    "after",
    "after_func",
    "bind",
    "block",
    "clock",
    "count_ready",
    "default",
    "getg",
    "go",
    "gosched",
    "netpoll_fileno",
    "netpoll_ready",
    "netpoll_wait",
    "netpoll_wake",
    "new_ticker",
    "new_timer",
    "poll_point",
    "recv",
    "running",
    "sched",
    "select",
    "select_async",
    "send",
    "sleep",
    "spawn",
    "spawn_global",
    "thread_g",
    "tick",
    "timeout",
    "to_int8",
    "to_int16",
    "to_int32",
    "to_int64",
    "trace_event",
    "trace_number",
    "trace_start",
    "trace_stop",
    "trace_threads",
    "without_frames",
]
