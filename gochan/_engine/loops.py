"""asyncio event loops that gochan does not share: blocking calls are refused in their tasks and callbacks.

Outside of `aio.run`, a blocking call in a coroutine would block the whole loop, and a goroutine that is
started there would not run before something blocks.  So no program begins in a coroutine or callback.

Notebooks are the exception: their cells run inside the kernel's loop.  A cell is module-level code, and that
may block, as in any module.  The innermost frame decides that is either module-level code, or a coroutine or
the loop itself.
"""

from __future__ import annotations

import sys
from os.path import dirname, sep
from types import CodeType, FrameType
from typing import Any, Final

from .functions import is_own

# inspect's CO_COROUTINE and CO_ASYNC_GENERATOR; CO_OPTIMIZED and CO_NEWLOCALS.  Importing it takes too long.
_ASYNC: Final = 0x80 | 0x200
_FUNCTION: Final = 0x1 | 0x2
_ENGINE: Final = dirname(__file__) + sep


def blocks_loop(frame: FrameType | None) -> bool:
    """Return whether a wait in frame blocks an event loop of this thread, and is in no notebook's cell."""
    events: Any = sys.modules.get("asyncio.events")
    if events is None or events._get_running_loop() is None:
        return False
    loop = dirname(events.__file__) + sep
    while frame is not None:
        code = frame.f_code
        if _is_module(code):
            return False
        if code.co_flags & _ASYNC or code.co_filename.startswith(loop):
            return True
        frame = frame.f_back
    # A callback of a loop written in C, or a greenlet that one of its tasks has started.
    return True


def _is_module(code: CodeType) -> bool:
    """Return whether code is module-level: a module's, a notebook cell's (also with `await`), or exec's."""
    # A class body has none of a function's flags either, but it sets __qualname__.
    return not code.co_flags & _FUNCTION and "__qualname__" not in code.co_names


def called(frame: FrameType | None) -> str:
    """Return the public function that the user called, as in thread.call; nothing for one of the engine's."""
    name = ""
    while frame is not None and is_own(frame.f_code):
        if not frame.f_code.co_filename.startswith(_ENGINE):
            module = frame.f_globals["__name__"]
            package, function = module.rpartition(".")[0], frame.f_code.co_qualname
            if "." in package and hasattr(sys.modules[package], function.partition(".")[0]):
                # Users know it as net.dial, not net.dialer.dial.
                module = package
            name = f"{module.removeprefix('gochan.')}.{function}"
        frame = frame.f_back
    return name
