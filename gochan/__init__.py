"""Go's concurrency for Python: goroutines, channels and select, on greenlets.

What the Go language itself has is here; each of Go's packages is a module: `gochan.sync`,
`gochan.context`, `gochan.time`, `gochan.signal`, `gochan.runtime`.

>>> from gochan import Chan, go, run
>>> def main() -> None:
...     squares = Chan[int]()
...     @go
...     def _() -> None:
...         for i in range(4):
...             squares << i * i
...         squares.close()
...     for square in squares:
...         print(square)
>>> run(main)
0
1
4
9
"""

import os
from types import ModuleType

from ._engine.chan import cap, close
from ._engine.defers import defers
from ._engine.ends import RecvChan, SendChan
from ._engine.error import Deadlock, Panic
from ._engine.impl import Case, Chan, default, go, recv, select, send, timeout
from ._engine.panic import defer, panic, recover
from ._engine.run import run

if os.environ.get("GOCHAN_WATCHDOG"):
    from ._engine.watchdog import set_from_environment

    set_from_environment(os.environ["GOCHAN_WATCHDOG"])
if os.environ.get("GOCHAN_PREEMPT"):
    from ._engine.preempt import set_preempt_from_environment

    set_preempt_from_environment(os.environ["GOCHAN_PREEMPT"])
if os.environ.get("GOCHAN_DEBUG_ADDR"):
    from .debug._env import start_from_environment as _serve_debug_page

    _serve_debug_page(os.environ["GOCHAN_DEBUG_ADDR"])
if os.environ.get("GOCHAN_TRACE"):
    from .trace._env import start_from_environment

    start_from_environment(os.environ["GOCHAN_TRACE"])

__all__ = [
    "Case",
    "Chan",
    "Deadlock",
    "Panic",
    "RecvChan",
    "SendChan",
    "cap",
    "close",
    "default",
    "defer",
    "defers",
    "go",
    "panic",
    "recover",
    "recv",
    "run",
    "select",
    "send",
    "timeout",
]

# Go's packages, and those that Go does not need.
_PACKAGES = {
    "aio",
    "bufio",
    "context",
    "debug",
    "errgroup",
    "io",
    "net",
    "rate",
    "runtime",
    "semaphore",
    "signal",
    "singleflight",
    "sync",
    "synctest",
    "thread",
    "time",
    "tls",
    "trace",
}


def __getattr__(name: str) -> ModuleType:
    """Import a package of gochan's when it is first used, as in `gochan.sync.Mutex()`."""
    # Each import is written out: type checkers know the packages by them, and no string becomes code.
    match name:
        case "aio":
            import gochan.aio
        case "bufio":
            import gochan.bufio
        case "context":
            import gochan.context
        case "debug":
            import gochan.debug
        case "errgroup":
            import gochan.errgroup
        case "io":
            import gochan.io
        case "net":
            import gochan.net
        case "rate":
            import gochan.rate
        case "runtime":
            import gochan.runtime
        case "semaphore":
            import gochan.semaphore
        case "signal":
            import gochan.signal
        case "singleflight":
            import gochan.singleflight
        case "sync":
            import gochan.sync
        case "synctest":
            import gochan.synctest
        case "thread":
            import gochan.thread
        case "time":
            import gochan.time
        case "tls":
            import gochan.tls
        case "trace":
            import gochan.trace
        case _:
            raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    package: ModuleType = getattr(gochan, name)
    return package


def __dir__() -> list[str]:
    return sorted({*globals(), *_PACKAGES})
