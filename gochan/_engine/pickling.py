"""Objects that cannot be pickled: channels, locks and all that goroutines share lives in one process."""

from __future__ import annotations

from typing import NoReturn


def refuse_pickling(self: object) -> NoReturn:
    """Raise `TypeError`: the `__reduce__` of such objects, which copy calls, too."""
    name = type(self).__name__
    raise TypeError(f"{name} cannot be pickled or copied: it lives in one process; share it there")
