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
import sys

if os.environ.get("GOCHAN_PURE", "0") not in ("", "0"):
    # Python prefers a compiled module to its source; this finder, for gochan's own, sees sources alone.
    from collections.abc import Iterable
    from importlib.machinery import SOURCE_SUFFIXES, FileFinder, ModuleSpec, PathFinder, SourceFileLoader

    class _SourceFinder:
        @staticmethod
        def find_spec(
            name: str, path: Iterable[str] | None = None, target: object = None
        ) -> ModuleSpec | None:
            if not name.startswith("gochan.") or path is None:
                return None
            finders = (FileFinder(entry, (SourceFileLoader, SOURCE_SUFFIXES)) for entry in path)
            return next(filter(None, (finder.find_spec(name) for finder in finders)), None)

    # Right before the finder whose choice it changes; others, such as pytest's, keep their turn.
    before = sys.meta_path.index(PathFinder) if PathFinder in sys.meta_path else 0
    sys.meta_path.insert(before, _SourceFinder)

from .runtime.chan import Chan, cap, close
from .runtime.defers import defers
from .runtime.ends import RecvChan, SendChan
from .runtime.error import Deadlock, Panic
from .runtime.panic import defer, panic, recover
from .runtime.proc import go, run
from .runtime.select import Case, default, recv, select, send, timeout

if os.environ.get("GOCHAN_WATCHDOG"):
    from .runtime.watchdog import set_from_environment

    set_from_environment(os.environ["GOCHAN_WATCHDOG"])

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
