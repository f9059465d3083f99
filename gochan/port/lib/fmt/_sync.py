"""How Go prints structs that hold locks and atomic values: their fields are unexported, but printed."""

from __future__ import annotations

import re
from typing import Any

_MUTEX = "{_:{} mu:{state:0 sema:0}}"
_TEXTS = {
    "Mutex": _MUTEX,
    "RWMutex": f"{{w:{_MUTEX} writerSem:0 readerSem:0 readerCount:{{_:{{}} v:0}} readerWait:{{_:{{}} v:0}}}}",
    "WaitGroup": "{noCopy:{} state:{_:{} _:{} v:0} sema:0}",
    "Once": f"{{_:{{}} done:{{_:{{}} v:0}} m:{_MUTEX}}}",
}
_NAME = re.compile(r"\w+:")


def sync_text(v: Any, names: bool) -> str | None:
    """Return what %v prints of a lock without waiters, or of an atomic value; None if v is neither.

    `names`: with the names of the fields, as %+v prints.
    """
    cls = v.__class__
    if cls.__module__ == "gochan.sync.atomic" and hasattr(v, "load"):
        n = v.load()
        if not isinstance(n, int):
            return None
        # The 64-bit ones have a field for their alignment.
        text = f"{{_:{{}} {'_:{} ' if cls.__name__.endswith('64') else ''}v:{int(n)}}}"
    else:
        text = _TEXTS.get(cls.__name__, "")
    if not text:
        return None
    if cls.__name__ == "Mutex" and " locked" in repr(v):
        text = text.replace("state:0", "state:1")
    elif cls.__name__ == "Once" and getattr(v, "_done", False):
        text = text.replace("v:0", "v:1", 1)
    elif cls.__name__ == "WaitGroup":
        # The counter is in the upper half.
        counter = re.search(r"counter=(\d+)", repr(v))
        text = text.replace("v:0", f"v:{int(counter[1]) << 32}") if counter else text
    return text if names else _NAME.sub("", text)
